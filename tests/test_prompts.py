"""Prompts: files of data, found by name, checked, and rendered into requests."""

import re
from pathlib import Path
from typing import Any

import pytest

from summarize import prompts
from summarize.errors import InputError
from summarize.prompts import MAX_PROMPT, SHIPPED, VARIABLES
from summarize.records import (
    Document,
    Example,
    Message,
    Note,
    Paper,
    Passage,
    Prompt,
    Summary,
)
from summarize.text.abstract import from_abstract
from summarize.text.lines import Page
from summarize.text.sections import document

SEE = "see prompts/default.toml, or `roundup prompts show default`"
KNOWN = "there are: $title, $authors, $venue, $basis, $text, $language, $length, $notes, $kinds"
MINIMAL = 'version = "1"\nsystem = "Be brief."\nuser = "$title: $text"\n'
PAGES = ["A Title\nAbstract\nWe find it.", "1 Introduction\nIt costs $5, {x} and $text."]
LONG = [Page.of(PAGES[0]), Page.of("1 Introduction\n" + "word " * 3000)]
PAPER = document([Page.of(text) for text in PAGES], engine="e", sha256="")


def write(folder: Path, text: str, name: str = "mine") -> Path:
    """Write a prompt file."""
    path = folder / f"{name}.toml"
    path.write_text(text, "utf-8")
    return path


def user(prompt: Prompt, paper: Paper, text: Document = PAPER, tokens: int = 1000) -> str:
    """Render a prompt and return what the user's message says."""
    request, _ = prompts.for_model(prompt, paper, text, tokens=tokens, model="m", endpoint="e")
    return request.messages[-1].content


@pytest.mark.parametrize("name", sorted(path.stem for path in SHIPPED.glob("*.toml")))
def test_contract(name: str) -> None:
    """Every shipped prompt loads by name, says what it is for, and renders all it is given."""
    prompt = prompts.load(name)
    assert (prompt.name, bool(prompt.version), bool(prompt.description)) == (name, True, True)
    paper = Paper(key="k", title="The Title", authors=("Ada L", "Alan T"), venue="ICML 1936")
    request, share = prompts.for_model(prompt, paper, PAPER, tokens=1000, model="m", endpoint="e")
    assert [message.role for message in request.messages] == ["system", "user"]
    everything = " ".join(message.content for message in request.messages)
    for part in ("The Title", "[p. 2]", "It costs $5, {x} and $text.", "the whole paper"):
        assert part in everything
    assert share == 1.0


def test_default_asks_for_the_schema() -> None:
    """The default prompt names every field and kind of the schema, and sends the paper's names."""
    prompt = prompts.load("default")
    asked, _ = prompts.for_model(
        prompt, Paper(key="k"), PAPER, tokens=1000, model="m", endpoint="e"
    )
    for word in ("tldr", "notes", "kind", "text", "quote", "page", "limitation", "question"):
        assert word in asked.messages[0].content
    paper = Paper(key="k", title="The Title", authors=("Ada L", "Alan T"), venue="ICML 1936")
    said = user(prompt, paper)
    assert "Authors: Ada L, Alan T\nVenue: ICML 1936\n" in said
    assert "not given" not in said
    assert user(prompt, Paper(key="k")).count("(not given)") == 2


@pytest.mark.parametrize("variable", VARIABLES)
def test_each_variable_is_used(variable: str) -> None:
    """The default prompt uses every variable that there is."""
    assert f"${variable}" in prompts.load("default").user


def test_workspace_prompts_come_first(tmp_path: Path) -> None:
    """A workspace's own prompt wins over a shipped one of its name, and folders go in order."""
    first, second = tmp_path / "1", tmp_path / "2"
    first.mkdir()
    second.mkdir()
    write(second, MINIMAL.replace('"1"', '"second"'), "default")
    assert prompts.load("default", [first, second]).version == "second"
    write(first, MINIMAL.replace('"1"', '"first"'), "default")
    assert prompts.load("default", [first, second]).version == "first"
    assert prompts.load("default").version not in {"first", "second"}


def test_prompts_by_path(tmp_path: Path) -> None:
    """A prompt is found by its path, is called as its file, and may name itself otherwise."""
    path = write(
        tmp_path, MINIMAL + "[params]\ntemperature = 0.5\nstop = 'x'\nseed = 1\nb = true\n"
    )
    prompt = prompts.load(str(path))
    assert prompt == Prompt(
        name="mine",
        version="1",
        system="Be brief.",
        user="$title: $text",
        params={"temperature": 0.5, "stop": "x", "seed": 1, "b": True},
    )
    assert prompts.load(str(write(tmp_path, 'name = "other"\n' + MINIMAL))).name == "other"


def test_unknown_name(tmp_path: Path) -> None:
    """An unknown name raises an error that lists the known ones, the workspace's among them."""
    write(tmp_path, MINIMAL)
    with pytest.raises(InputError) as caught:
        prompts.load("nope", [tmp_path, tmp_path / "absent"])
    assert caught.value.message == "there is no prompt named nope"
    assert (
        caught.value.hint == "there are: default, eli5, mine, neuro-ml, reviewer-questions, skeptic"
    )


@pytest.mark.parametrize("name", ["no/such", "nope.toml", "..\\nope"])
def test_unknown_path(name: str) -> None:
    """A path at which there is no prompt raises an error that names it."""
    with pytest.raises(InputError) as caught:
        prompts.load(name)
    assert caught.value.message == f"there is no prompt file {name}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MINIMAL.replace("$title", "$titel"), ":3: there is no variable $titel"),
        (MINIMAL.replace("Be brief.", "Be ${brief}."), ":2: there is no variable $brief"),
        (MINIMAL.replace("$title", "5 $"), ":3: a $ that begins no variable"),
        (MINIMAL.replace("$title", "$5"), ":3: a $ that begins no variable"),
        (MINIMAL.replace("$title", "${title"), ":3: a $ that begins no variable"),
        ("system = ", ":1: not valid TOML: Invalid value (at end of document)"),
        (MINIMAL + 'version = "2"', ":4: not valid TOML: Cannot overwrite a value"),
        (MINIMAL.replace('"1"', "1"), ":1: version: Input should be a valid string"),
        (MINIMAL.replace('user = "$title: $text"', ""), ":1: user: Field required"),
        (MINIMAL + 'model = "x"', ":4: model: Extra inputs are not permitted"),
        (MINIMAL + "params = {stream = true}", ":4: params: stream is not a prompt's to set"),
        (MINIMAL + "params = 3", ":4: params: Input should be a valid dictionary"),
        (MINIMAL + "params = {stop = []}", ":4: params.stop.float: Input should be a valid number"),
        (MINIMAL.replace("$text", ""), ":3: user: the paper's $text is nowhere in it"),
        (MINIMAL.replace("$text", "$text " * 3), ":3: $text stands there 3 times"),
        (MINIMAL.replace("$title", "$title " * 10_000), ":3: $title stands there 10000 times"),
        (MINIMAL + "kinds = ['joke']", ":4: kinds.0: Input should be 'problem', 'idea'"),
        (MINIMAL + "length = 900", ":4: length: Input should be less than or equal to 60"),
        ("x = " + "[" * 50_000, ":1: not valid TOML"),
        ("#" * (MAX_PROMPT + 1), ":1: is larger than 100 kB: not a prompt"),
    ],
)
def test_mistakes(text: str, said: str, tmp_path: Path) -> None:
    """A mistake in a prompt file raises an error that names the file and the mistake."""
    path = write(tmp_path, text)
    with pytest.raises(InputError) as caught:
        prompts.load("mine", [tmp_path])
    assert caught.value.message.startswith(f"{path}{said}")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("x = ", SEE),
        ("x = 1", SEE),
        (MINIMAL.replace("$title", "$"), "write $$ for a dollar sign"),
        (MINIMAL.replace("$title", "$x"), KNOWN),
    ],
)
def test_hints(text: str, hint: str, tmp_path: Path) -> None:
    """The error of a prompt file says what to do about it."""
    write(tmp_path, text)
    with pytest.raises(InputError) as caught:
        prompts.load("mine", [tmp_path])
    assert caught.value.hint == hint


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    """A prompt file that is not UTF-8 raises an error that names it."""
    path = tmp_path / "mine.toml"
    path.write_bytes(MINIMAL.encode() + b"# \xff\n")
    with pytest.raises(InputError, match=r"mine\.toml can't be read: 'utf-8' codec"):
        prompts.load(str(path))


@pytest.mark.parametrize(
    ("text", "tokens", "basis"),
    [
        (PAPER, 1000, "the whole paper"),
        (document(LONG, engine="e", sha256=""), 1000,
         "the main parts of the paper"),
        (from_abstract("We find it."), 1000, "its abstract alone, without pages"),
        (from_abstract("We find it. " * 900), 1000, "its abstract alone, without pages"),
    ],
)  # fmt: skip
def test_basis(text: Document, tokens: int, basis: str) -> None:
    """A model is told whether it reads the whole paper, its main parts, or the abstract alone."""
    prompt = Prompt(name="p", version="1", system="s", user="$basis")
    assert user(prompt, Paper(key="k"), text, tokens) == basis


def test_share() -> None:
    """The share that is sent of a paper that does not fit is told with the request."""
    long = from_abstract("word " * 2000)
    prompt = Prompt(name="p", version="1", system="s", user="$text")
    request, share = prompts.for_model(
        prompt, Paper(key="k"), long, tokens=1000, model="m", endpoint="e"
    )
    assert share == pytest.approx(3600 / len(long.text), abs=0.001)
    assert len(request.messages[-1].content) <= 3600 + len("## Abstract\n")


def test_rendering_is_not_repeated() -> None:
    """A $ in the paper or its title is sent as it stands, and $$ in the prompt as one."""
    prompt = Prompt(name="p", version="1", system="$$1", user="$title|$text|${basis}")
    request, _ = prompts.for_model(
        prompt, Paper(key="k", title="The $text of $x"), from_abstract("$title {y}"),
        tokens=100, model="m", endpoint="e",
    )  # fmt: skip
    assert request.messages == (
        Message(role="system", content="$1"),
        Message(
            role="user",
            content="The $text of $x|## Abstract\n$title {y}|its abstract alone, without pages",
        ),
    )


def test_the_lists_title_comes_first() -> None:
    """A model is given the list's title, else the paper's own, else told that there is none."""
    prompt = Prompt(name="p", version="1", system="s", user="$title")
    assert user(prompt, Paper(key="k", title="Listed")) == "Listed"
    assert user(prompt, Paper(key="k")) == "A Title"
    assert user(prompt, Paper(key="k"), from_abstract("x")) == "(not given)"


CHANGES: list[dict[str, Any]] = [
    {"system": "Be long."},
    {"user": "$text"},
    {"params": {"temperature": 1}},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_what_changes_the_key(change: dict[str, Any]) -> None:
    """What a prompt sends is in its request's key, and what it is called is not."""
    prompt = Prompt(name="p", version="1", system="Be brief.", user="$title: $text")

    def key(prompt: Prompt) -> str:
        request, _ = prompts.for_model(
            prompt, Paper(key="k"), PAPER, tokens=9, model="m", endpoint="e"
        )
        return request.key

    assert key(prompt) != key(prompt.model_copy(update=change))
    assert key(prompt) == key(prompt.model_copy(update={"name": "q", "version": "2"}))


def test_for_passages() -> None:
    """A summarizer that picks sentences is sent the title and the passages, and no prompt."""
    passages = [Passage(text="We find it.", page=1, kind="abstract")]
    request = prompts.for_passages(passages, "T", model="m", endpoint="e")
    assert request.passages == (Passage(text="T", kind="front"), *passages)
    assert (request.messages, request.params) == ((), {})


@pytest.mark.parametrize("name", sorted(path.stem for path in SHIPPED.glob("*.toml")))
def test_shipped_prompts_are_short_and_name_the_schema(name: str) -> None:
    """Every shipped prompt asks for each field of the schema by its name, in 2,500 characters."""
    request, _ = prompts.for_model(
        prompts.load(name), Paper(key="k"), PAPER, tokens=1000, model="m", endpoint="e"
    )
    system = request.messages[0].content
    for field in (*Summary.model_fields, *Note.model_fields):
        assert re.search(rf'"{field}"', system), field
        assert re.search(rf"(?m)^ *{field}: ", system), field
    assert len(system) < 2500


def test_another_language() -> None:
    """With a language a prompt asks for it, and for quotes as they stand; English is not said."""
    prompt = prompts.load("default")
    german = prompts.adapted(prompt, language="German").system
    assert german.startswith(prompt.system.rstrip())
    assert "Write tldr and every text in German. Copy each quote as it stands" in german
    assert "English" not in prompts.adapted(prompt).system


def test_a_prompt_that_says_its_language_itself() -> None:
    """Where a prompt has a place for the language, nothing is added to it."""
    prompt = Prompt(name="p", version="1", system="In $language.", user="$text")
    adapted = prompts.adapted(prompt, language="German")
    request, _ = prompts.for_model(
        adapted, Paper(key="k"), PAPER, tokens=9, model="m", endpoint="e"
    )
    assert request.messages[0].content == "In German."


def test_a_voice() -> None:
    """Examples of a person's writing are sent as examples, with every $ as it stands."""
    prompt = prompts.load("default")
    spoken = prompts.adapted(prompt, voice=[Example(title="T", text="I paid $5 for $text.")])
    request, _ = prompts.for_model(spoken, Paper(key="k"), PAPER, tokens=9, model="m", endpoint="e")
    assert "- (T) I paid $5 for $text.\n</examples>" in request.messages[0].content
    assert "say nothing that they say" in request.messages[0].content
