"""What is remembered of a post's copies at sites: in a file of its own beside the post.

`.NAME.published.json` holds numbers, addresses and checksums, and nothing that signs in. It goes
with the post: without it, the next run would make a second draft.
"""

import hashlib
import json
from pathlib import Path

from pydantic import Field, ValidationError

from summarize import files
from summarize.errors import OutputError
from summarize.records import Record


class Uploaded(Record):
    """An image that lies at a site."""

    url: str
    id: int | None = None


class Copy(Record):
    """A post at one site. `sent` and `said` are checksums: of what was sent, of what it became.

    `pending` is that of a draft on its way, of which it is not known whether it has arrived.
    Images go by the checksums of their files.
    """

    kind: str
    id: str = ""
    link: str = ""
    sent: str = ""
    said: str = ""
    terms: str = ""
    pending: str = ""
    media: dict[str, Uploaded] = Field(default_factory=dict)


class Copies(Record):
    """The copies of a post, by the addresses of the sites; `last` is the one written last."""

    last: str = ""
    at: dict[str, Copy] = Field(default_factory=dict)


def checksum(text: str | bytes) -> str:
    """Return the sha256 of a text or of a file."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return hashlib.sha256(data).hexdigest()


def load(post: Path) -> Copies:
    """Return what is remembered of a post. Raises `OutputError` where it can't be read.

    To go on without it would make a second draft of a post that is there.
    """
    path = _beside(post)
    try:
        return Copies.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Copies()
    except (OSError, ValidationError) as error:
        raise OutputError(
            f"{path} can't be read, which says where the post is published",
            "put it back as it was; without it, the next run makes a new draft",
        ) from error


def save(post: Path, copies: Copies) -> None:
    """Write down what is to be remembered of a post. Raises `OutputError` when it can't be."""
    text = json.dumps(copies.model_dump(exclude_defaults=True), indent=1, ensure_ascii=False)
    files.save(_beside(post), text + "\n")


def keep_site_version(post: Path, said: str) -> Path:
    """Put what a site held aside before it is overwritten; return where it is."""
    path = post.with_name(f".{post.name}.{checksum(said)[:8]}.site.backup")
    files.save(path, said + "\n")
    return path


def _beside(post: Path) -> Path:
    return post.with_name(f".{post.name}.published.json")
