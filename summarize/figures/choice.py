"""Which figure of a paper tells the most: by what its caption says, its place and its size (pure).

A post's reader wants to see at a glance what a paper does. That is the overview that many papers
draw of their own method, on one of the first pages and as wide as the page, more than the third
plot of an ablation. The weights were set by looking at papers of `corpus/icml2015` and
`corpus/papers` (docs/evaluation.md).
"""

import re
from collections.abc import Iterable

from summarize.figures.captions import Caption

_OVERVIEW = re.compile(
    r"\b(?:overview|architectures?|framework|pipeline|schematic|illustrat\w+|diagram|workflow"
    r"|(?:our|proposed|graphical|network) (?:\w+ )?(?:models?|methods?|approach|system|algorithm)"
    r"|graphical representation|at a glance|main idea|key idea|intuition|depict\w*|structure)\b",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"\b(?:examples?|samples?|generated|visuali[sz]\w+|qualitative|reconstruct\w+|learned)\b",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\b(?:compar\w+|performance|accurac\w+|results?|errors?|speed-?up|outperform\w*|vs\.?|versus"
    r"|effect of|as a function of)\b",
    re.IGNORECASE,
)
_DETAIL = re.compile(
    r"\b(?:ablation|hyper-?parameters?|sensitivity|screenshot|questionnaire|proof|supplement\w*"
    r"|appendix|additional|more (?:results|examples)|prompt|histograms?|distribution of"
    r"|annotation|instructions)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{4,}")
LETTERED = 0.15  # of its ink: with less of it drawn, a figure is a box of text
SMALL, LARGE = 0.03, 0.12  # of a page: a figure's area
LONG = 5.0  # times as wide as high, or as high as wide


def promise(caption: Caption, title: str, pages: int) -> float:
    """Return how much a caption and its place promise; more is better."""
    said, score = caption.text[:300], 0.0
    score += 2.0 * bool(_OVERVIEW.search(said[:160])) + 0.5 * bool(_EXAMPLE.search(said))
    score += 0.5 * bool(_RESULT.search(said)) - 1.5 * bool(_DETAIL.search(said))
    score += {1: 1.6, 2: 0.9, 3: 0.4}.get(caption.order, 0.0)
    score -= 2.0 * (caption.page - 1) / max(pages, 8)
    shared = words(title) & words(said)
    score += min(0.3 * len(shared), 0.9)
    if re.match(r"(?:supp|ext|app)|.*\b[A-Z]\.?\d", caption.label, re.IGNORECASE):
        score -= 2.0
    return score - 0.6 * (len(said) < 12)


def worth(width: float, height: float, drawn: float, *, above: bool) -> float:
    """Return how much a figure's size is worth, in shares of the page, and how it is drawn.

    What stands below its caption may be another figure, whose caption was not told.
    """
    area = width * height
    score = 1.2 * min(max((area - SMALL) / (LARGE - SMALL), -1.0), 1.0)
    score -= 0.8 * (area > 0.6)
    longer = max(width / height, height / width)
    score -= 0.8 * max(0.0, min(longer / LONG, 2.0) - 1.0)
    return score - 1.5 * (drawn < LETTERED) - 1.0 * (not above)


def words(text: str) -> set[str]:
    """Return the longer words of a text, without their endings."""
    return {found[0].casefold()[:6] for found in _WORD.finditer(text)} - _COMMON


def _stems(texts: Iterable[str]) -> set[str]:
    return {text[:6] for text in texts}


_COMMON = _stems("with from using that this their towards toward learning deep data".split())
