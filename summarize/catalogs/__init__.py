"""Sites that know papers: what they are asked, and what their answers say (pure).

To add a catalog: one file with a `CATALOG`, and one line in `CATALOGS`.
"""

from summarize.catalogs import arxiv, crossref, huggingface, openreview, semanticscholar
from summarize.catalogs.catalog import IDENTIFIERS, Catalog, Found, Identifier, Query

# In the order in which they are asked: what one says (an arXiv id) helps to ask the next.
CATALOGS: tuple[Catalog, ...] = (
    openreview.CATALOG,
    openreview.BEFORE,
    semanticscholar.CATALOG,
    arxiv.CATALOG,
    huggingface.CATALOG,
    crossref.CATALOG,
)
ARXIV = arxiv.CATALOG

__all__ = ["ARXIV", "CATALOGS", "IDENTIFIERS", "Catalog", "Found", "Identifier", "Query"]
