"""Whether what a list gives as an abstract is one."""

import re

from summarize.text.tidy import one_line

MIN_ABSTRACT = 60  # characters: two short sentences
_NONE = re.compile(
    r"\b(?:not (?:yet )?available|no abstract|unavailable|to be (?:announced|added)|coming soon|"
    r"n/?a|tbd|tba|none|withheld|see (?:the )?(?:paper|pdf))\b",
    re.IGNORECASE,
)


def is_abstract(text: str) -> bool:
    """Tell an abstract from a placeholder ("N/A", "not available at this time") or a stray word."""
    text = one_line(text)
    if len(text) < MIN_ABSTRACT:
        return False
    return len(text) > 3 * MIN_ABSTRACT or not _NONE.search(text)
