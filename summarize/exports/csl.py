"""The papers of a post or a list in CSL-JSON, which Zotero, Pandoc and Quarto read.

Source: https://github.com/citation-style-language/schema (csl-data.json).
"""

import json
from typing import Any

from summarize.exports.cited import Cited, cited
from summarize.exports.export import Export, Sheet


def render(sheet: Sheet) -> bytes:
    """Return a list of items, one for each paper."""
    items = [_item(paper) for paper in cited(sheet.papers)]
    return (json.dumps(items, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def _item(paper: Cited) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": paper.key,
        "type": "paper-conference" if paper.venue and not paper.arxiv else "article",
        "title": paper.title,
        "author": [
            {"family": family, "given": given} if given else {"literal": family}
            for given, family in paper.authors
        ],
        "container-title": paper.venue,
        "issued": {"date-parts": [[int(paper.year)]]} if paper.year else None,
        "DOI": paper.doi,
        "number": f"arXiv:{paper.arxiv}" if paper.arxiv else "",
        "URL": paper.url,
        "abstract": paper.abstract,
    }
    return {name: value for name, value in item.items() if value}


EXPORT = Export(render, ".json", of_list=True)
