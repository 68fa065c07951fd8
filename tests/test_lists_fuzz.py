"""Whatever the bytes, a list comes of them or one error, in every format."""

import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summarize import tables
from summarize.errors import InputError
from summarize.records import Entry, Paper, ReadingList
from summarize.tables import TABLES
from summarize.tables.table import Given
from summarize.tables.writing import as_csv
from tests.test_lists import BIBTEX, PMLR, opendocument

CHALLENGE = "openreview-challenge"
_PAPER = {"title": "A Title", "authors": ["A B", "C"], "url": "https://a.org/b", "abstract": "W."}
_WORDPRESS = (
    '<h2>Posters</h2><h3><a href="https://a.org/b">A <b>b</b></a></h3><ul><li>x<ol><li>y</li></ol>'
    '</li></ul><p><a href="c">d</a>**</p><figure><img src="e" alt="f"></figure><h3>G</h3><p>h</p>'
)
_ATOM = (
    '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/'
    "1201.4869v1</id><title>A</title><summary>B &amp; c</summary><author><name>D</name></author>"
    '<link href="x"/></entry></feed>'
)
_LISTING = (
    '<html><title>arXiv</title><dl><dt><a href ="/abs/2310.13018">x</a></dt><dd><div class="list-'
    'title mathjax"><span class="descriptor">Title:</span> A</div><div class="list-authors"><a '
    'href="b">C</a></div><p class="mathjax">D</p></dd></dl>'
)
SOUND: dict[str, bytes] = {
    "spreadsheet": opendocument([["title", "url"], ["A", "https://a.org/b"]]),
    "openreview": json.dumps(
        {"notes": [{"id": "x", "forum": "x", "content": {"title": {"value": "A"}}}]}
    ).encode(),
    "virtual": json.dumps(
        [
            {
                "name": "A",
                "virtualsite_url": "/x",
                "starttime": "2025-12-05T16:30:00-08:00",
                "authors": [{"fullname": "B"}],
                "sourceurl": "id=ICLR.cc/2025",
            }
        ]
    ).encode(),
    "daily-papers": json.dumps([{"paper": {"id": "2310.13018", "title": "A"}}]).encode(),
    "wordpress": json.dumps({"content": {"rendered": _WORDPRESS}}).encode(),
    "dblp": json.dumps({"result": {"hits": {"hit": [{"info": {"title": "A."}}]}}}).encode(),
    "semantic-scholar": json.dumps({"data": [{"paperId": "a", "title": "A"}, None]}).encode(),
    "papercopilot": json.dumps(
        [{"id": "abcdefghiJ", "title": "A", "status": "Oral", "author": "B;C"}]
    ).encode(),
    "csl": json.dumps(
        [{"type": "book", "title": "A", "author": [{"family": "B"}], "DOI": "10.1038/x"}]
    ).encode(),
    "json": json.dumps({"papers": [_PAPER, "https://a.org/b"]}).encode(),
    "json-lines": b"\n".join([json.dumps(_PAPER).encode()] * 2),
    "broken-json": b'[{"title": "A"},',
    "arxiv": _ATOM.encode(),
    "arxiv-listing": _LISTING.encode(),
    "openreview-challenge": b"<!DOCTYPE html><title>Verifying your browser | OpenReview</title>",
    "pmlr": PMLR.encode(),
    "cvf": b'<dl><dt class="ptitle"><a href="/content/X/html/A_paper.html">A</a></dt><dd>[<a '
    b'href="/b.pdf">pdf</a>]@I{a,\n author = {B, C and D},\n}</dd></dl>',
    "webpage": b'<html><script type="application/ld+json">{"@type": "ScholarlyArticle", "name": '
    b'"A", "author": [{"name": "B"}]}</script></html>',
    "ris": b"TY  - JOUR\nTI  - A\nAU  - B, C\nUR  - https://a.org\nN1  - d\nER  - \n",
    "zotero": b'Key,Item Type,Author,Title,Url,Abstract Note\nX,book,"B, C",A,https://a.org,D\n',
    "csv": "title,url,take\nGrüße,https://a.org/b,C\n".encode(),
    "bibtex": BIBTEX.encode(),
    "pasted": b"\n".join([b"A title of a paper", b"An abstract. " * 30] * 3),
    "addresses": b"# A\nhttps://a.org/b Title\n2310.13018\n",
    "markdown": "# D\n1. ⭐️ [**A**](https://a.org/b) - c <!-- **TODO:** d -->\n    <details>\n"
    "    - e<br>\n    </details>\n\n- [F](https://a.org/g)\n".encode(),
    "ghost": b"Intro words.\nInvited talk: A by B\nSome words. [1]\n- x\nA note \xe2\x86\xa9\xef"
    b"\xb8\x8e\n",
}


def _is_sound(reading: ReadingList) -> None:
    """See that a list can be used: it holds something, under keys of its own, in whole letters."""
    assert reading.entries or reading.rejected
    keys = [entry.key for entry in reading.entries if isinstance(entry, Paper)]
    assert all(keys)
    assert len(set(keys)) == len(keys)
    reading.model_dump_json().encode()


def _see(data: bytes) -> None:
    """See that a list comes of bytes that can be used, or one error that says what to do."""
    error: InputError | None = None
    try:
        reading = tables.parse(data, "list")
    except InputError as caught:
        error = caught
    else:
        _is_sound(reading)
    assert error is None or (error.message.startswith("list") and error.hint)


def _nameless(reading: ReadingList) -> list[Entry]:
    return [entry.model_copy(update={"where": ""}) for entry in reading.entries]


def test_every_format_has_a_sound_list() -> None:
    """There is a list to damage for each format, and it is told for what it is."""
    assert SOUND.keys() == TABLES.keys()
    for name, data in SOUND.items():
        list_ = Given(data, "list")
        assert next(n for n, table in TABLES.items() if table.knows(list_)) == name


@pytest.mark.parametrize("name", SOUND)
def test_damaged_lists(name: str) -> None:
    """A list with bytes changed, cut out or doubled is read, or is one error."""
    chance = random.Random(name)
    for _ in range(150):
        data = bytearray(SOUND[name])
        for _ in range(chance.choice([1, 3, 20])):
            at = chance.randrange(len(data) or 1)
            change = chance.randrange(4)
            if change == 0:
                data[at : at + 1] = bytes([chance.randrange(256)])
            elif change == 1:
                del data[at : at + chance.randrange(30)]
            elif change == 2:
                data[at:at] = data[at : at + chance.randrange(60)]
            else:
                data[at:at] = chance.choice([b"\0", b"\xff", b"{", b'"', b"[", b"\\", b"\n", b"<"])
        _see(bytes(data))


_ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                "title url authors author name content forum id notes paper results data papers "
                "value rendered result hits hit info paperId type DOI issued virtualsite_url "
                "starttime status track message items family @graph star take".split()
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_ANY_JSON)
def test_any_json(value: object) -> None:
    """JSON of any shape, under the very names that formats look for, is a list or one error."""
    _see(json.dumps(value).encode())


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([b"", *(data[:60] for data in SOUND.values())]), st.binary(max_size=200))
def test_any_bytes(head: bytes, body: bytes) -> None:
    """Any bytes, behind the beginning of any format, are a list or one error."""
    _see(head + body)


_TEXT = st.text(alphabet=st.sampled_from("ab C,;:\"'\n|-=+@#*[]()<>&{}\\$%1.é中⭐"), max_size=30)
_LISTS = st.lists(
    st.fixed_dictionaries(
        {"title": _TEXT, "take": _TEXT, "abstract": _TEXT, "venue": _TEXT, "todo": _TEXT},
        optional={
            "url": st.sampled_from(
                ["https://a.org/b", "2310.13018", "x.pdf", "b.org/c", "10.1038/X"]
            ),
            "pdf": st.sampled_from(["a b.pdf", "https://a.org/b.pdf", "~/x.pdf"]),
            "arxiv": st.sampled_from(["2310.13019", "hep-th/9901001"]),
            "openreview": st.sampled_from(["aBc_d", "https://openreview.net/forum?id=x"]),
            "doi": st.just("10.1038/Y"),
            "authors": st.lists(_TEXT, max_size=3),
            "section": _TEXT,
            "star": st.booleans(),
            "kind": st.sampled_from(["", "talk", "poster"]),
        },
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=300, deadline=None)
@given(_LISTS)
def test_what_is_written_reads_back(rows: list[dict[str, object]]) -> None:
    """The CSV of any list reads back to the same entries, and is written the same again."""
    try:
        reading = tables.parse(json.dumps(rows).encode(), "list.json")
    except InputError:
        return
    if not reading.entries:
        return
    text = as_csv(reading.entries)
    again = tables.parse(text, "list.csv")
    assert _nameless(again) == _nameless(reading)
    assert as_csv(again.entries) == text


@pytest.mark.parametrize("name", [n for n in SOUND if n not in {"broken-json", CHALLENGE}])
def test_every_format_reads_back(name: str) -> None:
    """What any format gives is the same when it comes back from the CSV that it is written to."""
    reading = tables.parse(SOUND[name], "list")
    again = tables.parse(as_csv(reading.entries), "list")
    assert _nameless(again) == _nameless(reading)
    assert again.rejected == ()
