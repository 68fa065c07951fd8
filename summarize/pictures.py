"""The images that a post shows from files beside it: found and checked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from summarize.errors import InputError

# By their first bytes: what a browser shows in <img>. A name's ending proves nothing.
_KINDS = (
    ("image/png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("image/jpeg", re.compile(rb"\xff\xd8\xff")),
    ("image/gif", re.compile(rb"GIF8[79]a")),
    ("image/webp", re.compile(rb"RIFF....WEBP", re.DOTALL)),
    ("image/avif", re.compile(rb"....ftypavi[fs]", re.DOTALL)),
    (
        "image/svg+xml",
        re.compile(rb"\s*(?:<\?xml[^>]*>\s*|<!--[^>]*-->\s*|<!DOCTYPE[^>]*>\s*)*<svg\b"),
    ),
)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


@dataclass(frozen=True)
class Picture:
    """A file of the person's that a post shows, as the post names it."""

    source: str
    path: Path
    type: str
    data: bytes = field(repr=False)
    alt: str


def found(images: Iterable[tuple[str, str]], post: Path) -> list[Picture]:
    """Read the images that a post shows from files. Those on the web stay where they are.

    A path with a slash before it is looked for in the folders above the post, as a blog's own
    builder has it. Raises `InputError` that names what is missing, or is no image.
    """
    pictures: list[Picture] = []
    for source, alt in images:
        if _ELSEWHERE.match(source):
            continue
        path = _path(source, post)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise InputError(
                f"{post} shows {source}, and there is no such file",
                "put it there, or take the image out of the post",
            ) from error
        kind = next((name for name, begins in _KINDS if begins.match(data)), "")
        if not kind:
            raise InputError(f"{post} shows {source}, which is no image", "see what it is")
        pictures.append(Picture(source, path, kind, data, alt))
    return pictures


def _path(source: str, post: Path) -> Path:
    """Return the file that an address within a blog means: the nearest one there is."""
    bare = unquote(source.partition("?")[0].partition("#")[0])
    folder = post.resolve().parent
    if not bare.startswith("/"):
        return folder / bare
    inside = bare.lstrip("/")
    # `static` is where Hugo keeps what is served from the top.
    # A site below a path of its host has that before its own addresses.
    places = (
        above / sub / name
        for name in (inside, inside.partition("/")[2])
        if name
        for above in (folder, *folder.parents)
        for sub in ("", "static")
    )
    return next((place for place in places if place.is_file()), folder / inside)
