"""Output: posts are written whole, and never over what a person wrote."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from summarize import notes, output
from summarize.errors import InputError, OutputError
from summarize.output import Prior
from summarize.records import Paper
from summarize.state import Known, State

DAY = "2024-05-07"


@pytest.fixture
def post(tmp_path: Path) -> Path:
    """Return where a post goes."""
    return tmp_path / "posts" / "post.md"


def draft(
    path: Path, text: str, *, force: bool = False, date: str = DAY, of: str = ""
) -> Path | None:
    """Check and write a post, as `draft` does; return the backup's path."""
    prior = output.check(path, force=force)
    keep = force and prior.text != prior.state.text
    return output.write(path, text, prior, date, state(text), (of,) if of else (), keep=keep)


def state(text: str) -> State:
    """Return what is remembered of a post that was generated as it is."""
    return State(base=tuple(text.split("\n")))


def known(text: str, **fields: Any) -> Prior:
    """Return what is found of a post that is as it was generated."""
    was = State(sha256=sha256(text), base=tuple(text.split("\n")))
    return Prior(sha256=sha256(text), text=text, state=was, **fields)


def names(folder: Path) -> list[str]:
    """Return what lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def sha256(text: str) -> str:
    """Return a text's checksum."""
    return hashlib.sha256(text.encode()).hexdigest()


def test_first_post(post: Path) -> None:
    """A first post makes its folder, and a note beside it knows its checksum and its date."""
    assert draft(post, "one ⭐️\n") is None
    assert post.read_bytes() == "one ⭐️\n".encode()
    assert names(post.parent) == [".post.md.roundup.json", "post.md"]
    note = json.loads((post.parent / ".post.md.roundup.json").read_text())
    made = {"sha256": sha256("one ⭐️\n"), "base": ["one ⭐️", ""]}
    assert note == {"post": "post.md", "date": DAY, "of": "", "states": [made]}


def test_unedited_post_is_replaced(post: Path) -> None:
    """A post that is as it was left is replaced without a backup, and its first date is told."""
    draft(post, "one")
    assert output.check(post) == known("one", date=DAY)
    assert draft(post, "two", date=output.check(post).date) is None
    assert draft(post, "three", date=output.check(post).date) is None
    assert post.read_text() == "three"
    assert output.check(post).date == DAY
    assert len(names(post.parent)) == 2


def test_a_note_stays_as_it_is_where_nothing_has_changed(post: Path) -> None:
    """Byte for byte, after as many drafts as there are; a paper that changed changes it."""
    note = post.parent / ".post.md.roundup.json"

    def written(title: str) -> bytes:
        papers = {"a": Known(paper=Paper(key="a", title=title))}
        made = state("one ⭐️\n").model_copy(update={"papers": papers, "model": "m"})
        output.write(post, "one ⭐️\n", output.check(post), DAY, made)
        return note.read_bytes()

    first = written("A title")
    assert written("A title") == written("A title") == first
    assert list(json.loads(first)["states"][0]) == ["sha256", "base", "papers", "model"]
    assert output.check(post).state.papers["a"].paper.title == "A title"
    assert written("Another") == first.replace(b"A title", b"Another")


def test_edited_post_is_told(post: Path) -> None:
    """A post that was edited is known as such, with what was generated for it before."""
    draft(post, "one")
    post.write_text("mine")
    prior = output.check(post)
    assert (prior.ours, prior.text, prior.state.text) == (False, "mine", "one")


def test_a_post_of_somebody_elses(post: Path) -> None:
    """Of a post without a note nothing is known but what it says."""
    post.parent.mkdir()
    post.write_text("mine")
    assert output.check(post) == Prior(sha256=sha256("mine"), ours=False, text="mine")


def test_after_a_crash_the_note_knows_both(post: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A post that was edited after a crash is compared with the version that it is nearest to."""
    draft(post, "a\nb\nc")
    monkeypatch.setattr(output, "_note", _only_first(output._note))
    draft(post, "x\ny\nz")
    for text, nearest in (("a\nb\nmine", "a\nb\nc"), ("x\nmine\nz", "x\ny\nz")):
        post.write_text(text)
        assert output.check(post).state.text == nearest


def _only_first(function: Any) -> Any:
    """Return a function that does what it should the first time, and then nothing."""
    calls: list[int] = []

    def once(*arguments: Any) -> None:
        calls.append(1)
        if len(calls) == 1:
            function(*arguments)

    return once


@pytest.mark.parametrize("data", [b"one\r\ntwo\r\n", b"\xef\xbb\xbfone\ntwo\n", b"one\r\ntwo\n"])
def test_line_ends_stay(post: Path, data: bytes) -> None:
    """A post of Windows' line ends, or with a mark of its byte order, keeps them."""
    post.parent.mkdir()
    post.write_bytes(data)
    prior = output.check(post)
    assert prior.text is not None
    output.write(post, prior.text, prior, DAY, State())
    assert post.read_bytes() == data


def test_no_text_is_refused(post: Path) -> None:
    """A file that is no UTF-8 is refused, before anything is done."""
    post.parent.mkdir()
    post.write_bytes(b"mine \xff")
    with pytest.raises(OutputError, match="is not UTF-8"):
        output.check(post)


def test_force_keeps_a_backup(post: Path) -> None:
    """A post that is replaced by force is kept beside it, byte for byte, version by version."""
    draft(post, "one")
    edits = [b"mine \xff\r\n", b"mine again"]
    for edit in edits:
        post.write_bytes(edit)
        backup = draft(post, "new", force=True)
        assert backup is not None
        assert backup.parent == post.parent
        assert backup.read_bytes() == edit
        assert post.read_text() == "new"
    backups = [name for name in names(post.parent) if name.endswith(".backup")]
    assert len(backups) == 2
    assert output.check(post).ours


def test_force_without_need(post: Path) -> None:
    """Force makes no backup of a post that nobody edited, or that is not there."""
    assert draft(post, "one", force=True) is None
    assert draft(post, "two", force=True) is None
    assert names(post.parent) == [".post.md.roundup.json", "post.md"]


def test_post_of_another_list_is_kept(post: Path) -> None:
    """An unedited post that was drafted from another list is kept beside the one that replaces it.

    Neither its own list, nor one that is not known, makes a backup.
    """
    assert draft(post, "one", of="/a.csv") is None
    assert output.check(post) == known("one", date=DAY, of=sha256("/a.csv"))
    assert draft(post, "two", of="/a.csv") is None
    backup = draft(post, "three", of="/b.csv")
    assert backup is not None
    assert (backup.read_text(), post.read_text()) == ("two", "three")
    assert "/b.csv" not in (post.parent / ".post.md.roundup.json").read_text()
    assert draft(post, "four", of="/b.csv") is None
    assert draft(post, "five") is None
    assert draft(post, "six", of="/b.csv") is None
    post.unlink()
    assert draft(post, "seven", of="/d.csv") is None


@pytest.mark.parametrize("force", [True, False])
@pytest.mark.parametrize("before", ["one", None])
def test_changed_in_between(post: Path, before: str | None, force: bool) -> None:
    """A post that was changed, or made, after it was checked is left as it is."""
    if before:
        draft(post, before)
    prior = output.check(post, force=force)
    post.parent.mkdir(exist_ok=True)
    post.write_text("mine, just now")
    with pytest.raises(OutputError, match="was changed while its new version was made"):
        output.write(post, "new", prior, DAY, State())
    assert post.read_text() == "mine, just now"
    assert not [name for name in names(post.parent) if name.endswith((".tmp", ".backup"))]
    assert not output.check(post).ours


def test_removed_in_between(post: Path) -> None:
    """A post that was removed after it was checked is not put back."""
    draft(post, "one")
    prior = output.check(post)
    post.unlink()
    with pytest.raises(OutputError, match="was changed"):
        output.write(post, "new", prior, DAY, State())
    assert not post.exists()


@pytest.mark.parametrize(
    "note",
    ["", "{", "[]", "null", "3", '{"states": null}', '{"states": 3}', '{"states": [3]}', "\0"],
)
def test_damaged_notes(post: Path, note: str) -> None:
    """A note that can't be read is as none: the post may hold somebody's words."""
    draft(post, "one")
    (post.parent / ".post.md.roundup.json").write_text(note)
    assert output.check(post).state == State()
    assert not output.check(post).ours


def test_a_damaged_note_is_set_aside(post: Path) -> None:
    """A note that can't be read is said to be damaged; writing keeps it, and the post's backup."""
    draft(post, "one")
    assert output.check(post).damaged == ""
    note = post.parent / ".post.md.roundup.json"
    half = note.read_bytes()[:40]
    note.write_bytes(half)
    assert output.check(post).damaged == "it is not JSON, or cut short"
    backup = draft(post, "two")
    assert backup is not None
    assert (backup.read_text(), post.read_text()) == ("one", "two")
    (aside,) = post.parent.glob(".post.md.roundup.json.*.damaged")
    assert aside.read_bytes() == half
    assert output.check(post) == known("two", date=DAY)


def test_a_note_that_cannot_be_looked_into(post: Path) -> None:
    """A note that is there and can't be read may be whole: without --force nothing goes on."""
    draft(post, "one")
    note = post.parent / ".post.md.roundup.json"
    note.unlink()
    note.mkdir()
    with pytest.raises(
        OutputError, match=r"\.post\.md\.roundup\.json can't be read: Is a directory"
    ):
        output.check(post)
    assert output.check(post, force=True).damaged == "Is a directory"
    draft(post, "two", force=True)
    assert output.check(post).state.text == "two"
    assert next(post.parent.glob(".post.md.roundup.json.*.damaged")).is_dir()


@pytest.mark.parametrize(("text", "is_blank"), [("", 1), (" \n\r\n\t", 1), ("\0\0\n", 1), (".", 0)])
def test_an_empty_file_is_no_post(post: Path, text: str, is_blank: int) -> None:
    """A file with nothing in it is told from a post, and is not worth a backup."""
    draft(post, "one")
    assert not output.check(post).is_blank
    post.write_text(text)
    assert output.check(post).is_blank == bool(is_blank)
    assert (draft(post, "two", force=True) is None) == bool(is_blank)


def test_a_read_only_post(post: Path) -> None:
    """A post that nobody is to write to is told by its mode; what replaces it keeps a backup."""
    draft(post, "one")
    post.chmod(0o444)
    prior = output.check(post)
    with pytest.raises(OutputError, match=r"post\.md is read-only"):
        output.see_that_it_may_change(post, prior)
    backup = output.write(post, "two", prior, DAY, state("two"))
    assert backup is not None
    assert (backup.read_text(), post.stat().st_mode & 0o777) == ("one", 0o444)


def test_removed_post_keeps_its_date(post: Path) -> None:
    """A post that its owner removed is drafted anew, with the date of its first draft."""
    draft(post, "one")
    post.unlink()
    assert output.check(post) == Prior(date=DAY)
    draft(post, "two")
    assert post.read_text() == "two"


# --- paths that can't be --------------------------------------------------------------------------


def test_folder_as_post(tmp_path: Path) -> None:
    """A folder in the post's place is refused."""
    with pytest.raises(InputError, match="is a folder, not a post"):
        output.check(tmp_path)


def test_file_as_folder(tmp_path: Path) -> None:
    """A file where the post's folder would be is refused."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="file is not a folder"):
        output.check(tmp_path / "file" / "deeper" / "post.md")


def test_unwritable_folder(post: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that can't be written to, even one further up, is refused before a run."""
    asked: list[tuple[object, int]] = []

    def denied(path: object, mode: int) -> bool:
        asked.append((path, mode))
        return False

    monkeypatch.setattr(os, "access", denied)
    with pytest.raises(InputError, match="can't be written to"):
        output.check(post)
    assert asked == [(post.parent.parent, os.W_OK | os.X_OK)]


def test_name_too_long(tmp_path: Path) -> None:
    """A name that no file can have is refused before a run."""
    with pytest.raises(InputError, match="can't be written"):
        output.check(tmp_path / ("x" * 300 + ".md"))


@pytest.mark.parametrize("letter", ["x", "é"])
def test_longest_name(post: Path, letter: str) -> None:
    """The longest name that is taken leaves room for its note and its backup; a longer is not."""
    size = output.LONGEST_NAME
    name = (letter * size).encode()[: size - 4].decode(errors="ignore")
    longest = post.with_name(f"{name}{'-' * (size - 3 - len(name.encode()))}.md")
    assert len(os.fsencode(longest.name)) == size
    draft(longest, "one")
    longest.write_text("mine")
    assert draft(longest, "two", force=True) is not None
    with pytest.raises(InputError, match="its name is too long") as caught:
        output.check(longest.with_name("x" + longest.name))
    assert str(size) in caught.value.hint


def test_link_to_a_new_post(post: Path) -> None:
    """A link to a post that is not there yet is written where it leads."""
    link = post.parent.parent / "link.md"
    link.symlink_to(post)
    post.parent.mkdir()
    draft(link, "one")
    assert link.is_symlink()
    assert post.read_text() == "one"


def test_link_into_a_missing_folder(post: Path) -> None:
    """A link, or a link to a folder, that leads to nothing is refused before a run."""
    link, folder = post.parent.parent / "link.md", post.parent.parent / "folder"
    link.symlink_to(post)
    folder.symlink_to(post.parent, target_is_directory=True)
    for path, named in ((link, "link.md"), (folder / "post.md", "folder")):
        with pytest.raises(InputError, match=f"{named} is a link to where nothing is") as caught:
            output.check(path)
        assert "-o" in caught.value.hint


def test_link_into_an_unwritable_folder(post: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link is refused when the folder it leads to can't be written to."""
    post.parent.mkdir()
    link = post.parent.parent / "link.md"
    link.symlink_to(post)
    monkeypatch.setattr(os, "access", lambda path, _: path != post.parent)
    with pytest.raises(InputError, match="posts can't be written to"):
        output.check(link)


@pytest.mark.parametrize("inside", ["", "post.md"])
def test_links_in_a_circle(tmp_path: Path, inside: str) -> None:
    """Links that lead round in a circle are refused before a run."""
    one, two = tmp_path / "one", tmp_path / "two"
    one.symlink_to(two)
    two.symlink_to(one)
    with pytest.raises(InputError, match="Too many levels of symbolic links"):
        output.check(one / inside)


def test_unreadable_post(post: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A post that can't be read is refused, since what it holds can't be known."""
    draft(post, "one")

    def denied(_: Path) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    with pytest.raises(OutputError, match="can't be read: Permission denied"):
        output.check(post)


# --- whole or not at all --------------------------------------------------------------------------


def _full(*_: object, **__: object) -> NoReturn:
    raise OSError(28, "No space left on device")


def test_a_note_that_finds_no_room_is_not_damaged(
    post: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where what a note says can't be laid out, the note is told from a damaged one, and stays."""
    known = Known(paper=Paper(key="a", title="A"))
    prior = output.check(post)
    output.write(post, "one", prior, DAY, state("one").model_copy(update={"papers": {"a": known}}))
    before = notes.beside(post).read_bytes()
    monkeypatch.setattr("summarize.spool.Spool.append", _full)
    with pytest.raises(OutputError, match=r"can't be laid into .*: No space left on device"):
        output.check(post)
    assert notes.beside(post).read_bytes() == before


@pytest.mark.parametrize("step", ["replace", "fsync", "fdopen"])
@pytest.mark.parametrize("edited", [True, False])
def test_failures_leave_the_old_post(
    post: Path, monkeypatch: pytest.MonkeyPatch, step: str, edited: bool
) -> None:
    """When writing fails at any step, the old post is whole and nothing is left lying about."""
    draft(post, "one")
    if edited:
        post.write_text("mine")
    before, old = names(post.parent), post.read_text()
    prior = output.check(post, force=True)
    with monkeypatch.context() as patched:
        patched.setattr(os, step, _full)
        with pytest.raises(
            OutputError, match="can't be written: No space left on device"
        ) as caught:
            output.write(post, "two", prior, DAY, State())
    assert "what is done is kept" in caught.value.hint
    assert post.read_text() == old
    assert names(post.parent) == before
    assert output.check(post, force=True) == prior


def test_failure_between_note_and_post(post: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash after the note and before the post leaves an old post that is still known."""
    draft(post, "one")
    prior, replace = output.check(post), os.replace

    def second(source: str, target: str) -> None:
        if Path(target).name == "post.md":
            _full()
        replace(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", second)
        with pytest.raises(OutputError, match="No space left"):
            output.write(post, "two", prior, DAY, State())
    assert post.read_text() == "one"
    assert output.check(post).ours
    draft(post, "two")
    assert post.read_text() == "two"


def test_interrupts_leave_nothing(post: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the midst of writing leaves the old post and no temporary file."""
    draft(post, "one")
    prior = output.check(post)

    def interrupt(_: int) -> NoReturn:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            output.write(post, "two", prior, DAY, State())
    assert post.read_text() == "one"
    assert names(post.parent) == [".post.md.roundup.json", "post.md"]


def test_links_are_followed(post: Path) -> None:
    """A post that is a link is written where it leads, and stays a link."""
    draft(post, "one")
    link = post.parent.parent / "link.md"
    link.symlink_to(post)
    draft(link, "two")
    assert link.is_symlink()
    assert post.read_text() == "two"
    assert output.check(post).ours


@pytest.fixture
def umask() -> Iterator[int]:
    """Set a umask for a test."""
    before = os.umask(0o027)
    yield 0o027
    os.umask(before)


def test_permissions(post: Path, umask: int) -> None:
    """A new post has the permissions that the umask leaves, and a replaced one keeps its own."""
    draft(post, "one")
    assert post.stat().st_mode & 0o777 == 0o666 & ~umask
    post.chmod(0o604)
    draft(post, "two")
    assert post.stat().st_mode & 0o777 == 0o604


def test_text_that_is_no_unicode(post: Path) -> None:
    """A lone surrogate in a post is written as a question mark rather than not at all."""
    draft(post, "a\ud800b")
    assert post.read_text() == "a?b"
