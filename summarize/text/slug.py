"""Names for files and keys, made of a title."""

import re
import unicodedata

_BEYOND = re.compile(r"[^\x00-\x7f]+")


def _without_marks(text: str) -> str:
    return "".join(c for c in text if not unicodedata.combining(c))


def slug(text: str, limit: int | None = 80) -> str:
    """Return lower-case words joined by hyphens, at most `limit` characters, in any script.

    Without a limit it is made of the whole text.
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    if not plain.isascii():
        plain = _BEYOND.sub(lambda found: _without_marks(found[0]), plain)
    words = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", plain)).strip("-")
    if limit is None or len(words) <= limit:
        return words
    return words[:limit].rsplit("-", 1)[0].strip("-")
