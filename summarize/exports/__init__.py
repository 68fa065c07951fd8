"""What only goes out, and nothing reads back. Pure.

To add an export: one file with an `EXPORT`, and one line in `EXPORTS`.
"""

from summarize.exports import bibtex, csl, newsletter, page
from summarize.exports.export import Export, Sheet

EXPORTS: dict[str, Export] = {
    "html": page.EXPORT,
    "newsletter": newsletter.EXPORT,
    "bibtex": bibtex.EXPORT,
    "csl-json": csl.EXPORT,
}

__all__ = ["EXPORTS", "Export", "Sheet"]
