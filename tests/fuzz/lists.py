"""Targets: each format of reading lists."""

import json
from functools import partial
from typing import Any

from summarize import tables
from summarize.records import Paper, ReadingList
from summarize.tables import TABLES
from summarize.tables.table import Given
from summarize.tables.writing import as_csv
from tests.conftest import SHARED
from tests.fuzz.target import Target, Way, pieces
from tests.test_lists_fuzz import SOUND

SHEETS = ("spreadsheet",)
JSON = (
    "openreview", "virtual", "daily-papers", "wordpress", "dblp", "semantic-scholar",
    "papercopilot", "csl", "json", "json-lines", "broken-json",
)  # fmt: skip
MARKUP = ("arxiv", "arxiv-listing", "openreview-challenge", "pmlr", "cvf", "webpage")
LINES = ("ris", "zotero", "csv", "bibtex", "pasted", "addresses", "markdown", "ghost")

_APIS = SHARED / "apis"
_REAL = {
    "openreview": ["openreview/v1_forum_accepted_scrubbed.json",
                   "openreview/v2_notes_accepted_scrubbed.json"],
    "openreview-challenge": ["openreview/v2_anonymous_challenge.json"],
    "virtual": ["virtual_conference/neurips2025_orals_posters_subset.json"],
    "webpage": ["virtual_conference/iclr2026_poster_page_fragment.html"],
    "daily-papers": ["huggingface/daily_papers_trimmed.json"],
    "dblp": ["dblp/search_publ_minsky_trimmed.json", "dblp/search_publ_zero_hits.json"],
    "semantic-scholar": ["semanticscholar/Paper_with_tldr_trimmed.json"],
    "arxiv": ["arxiv/atom_search_au_del_maestro.xml"],
    "cvf": ["cvf/cvpr2026_index_fragment.html"],
    "ris": ["bibtex_csl_ris/jabref_RisImporterTest1_torture.ris",
            "bibtex_csl_ris/openreview_and_arxiv.ris"],
    "zotero": ["bibtex_csl_ris/zotero_export_header.csv"],
    "json": ["reference_tldr/iclr2018_accepted_with_author_tldr.json"],
    "csv": ["../data/iclr2024.csv", "../data/iclr2024_with_abstracts.csv",
            "../data/iclr2024_accepted.csv", "../corpus/icml2015/icml2015.csv"],
    "json-lines": ["../corpus/icml2015/gold.jsonl"],
    "markdown": ["../seeds/iclr2024_roundup.md", "../seeds/iclr2024_roundup_as_received.md"],
    "pasted": ["../seeds/hf_papers_similar_1.txt", "../seeds/hf_papers_similar_2.txt"],
    "ghost": ["../seeds/ghost_neurips2025_wednesday.txt"],
    "wordpress": ["../seeds/wordpress_neurips2025_day2.json"],
}  # fmt: skip


def read(name: str, data: bytes) -> None:
    """Read a list as `roundup` does, or by a format that it might be taken for."""
    given = Given(data, "list")
    is_one = data.strip() and TABLES[name].knows(given)
    reading = TABLES[name].read(given) if is_one else tables.parse(data, "list")
    _is_sound(reading)


def _is_sound(reading: ReadingList) -> None:
    keys = [entry.key for entry in reading.entries if isinstance(entry, Paper)]
    assert all(keys), "a paper without a key"
    assert len({*keys}) == len(keys), "two papers of one key"
    reading.model_dump_json().encode()
    if reading.entries:
        as_csv(reading.entries)


def _seeds(names: tuple[str, ...]) -> dict[str, list[bytes]]:
    found = {name: [SOUND[name]] for name in names}
    for name in names:
        for each in _REAL.get(name, ()):
            path = _APIS / each
            found[name] += _shortened(path.read_bytes()) if path.is_file() else []
            found[name] += pieces(path)
    return found


def _shortened(data: bytes) -> list[bytes]:
    """Return JSON with no more than two items in each list, which is still JSON."""
    try:
        whole = json.loads(data)
    except ValueError:
        return []
    return [json.dumps(_two(whole), ensure_ascii=False).encode()[:20_000]]


def _two(value: Any) -> Any:
    if isinstance(value, list):
        return [_two(one) for one in value[:2]]
    if isinstance(value, dict):
        return {name: _two(one) for name, one in value.items()}
    return value[:300] if isinstance(value, str) else value


def _target(names: tuple[str, ...], *tokens: str) -> Target:
    ways: dict[str, Way] = {name: partial(read, name) for name in names}
    return Target(ways, partial(_seeds, names), tokens)


_NAMES = ('"title"', '"url"', '"authors"', '"content"', '"value"', '"id"', '"notes"', "null", "{}")
TARGETS = {
    "lists-sheets": _target(SHEETS, "PK\x03\x04", "<row", "<c r=", "<table:table-row", "</"),
    "lists-json": _target(JSON, *_NAMES, "[", "{", '"', "\\u0000", "\\ud800", "1e999", ","),
    "lists-markup": _target(
        MARKUP, "<dt>", "<dd>", "<a href=", "<title>", "<div class=", "</", "&#x0;", "<!--",
        "<script type=", "]]>", "<entry>", "@I{", "[", "<",
    ),
    "lists-lines": _target(
        LINES, "TY  - ", "ER  - ", "@article{", "title = {", "author = ", " and ", "\\'{e}",
        "title,url",
        '"', ",", "\t", "- [", "](", "1. ", "**", "<!--", "https://", "{", "\\", "$", "\n",
        "\r\n", "# ",
    ),
}  # fmt: skip
assert {*SHEETS, *JSON, *MARKUP, *LINES} == TABLES.keys()
