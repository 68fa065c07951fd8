"""The pictures beside a post: where they lie, what they are called, and writing them.

A picture that a person put in the place of one of ours is theirs: it is known by its checksum, as
the post's note has that of each file that was written. Nothing is ever deleted here.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from summarize.errors import OutputError
from summarize.files import replace_file
from summarize.records import Event, Figure, Outcome, Skipped, Waiting

_OF_JEKYLL = ("_posts", "_drafts")
_SITE = "_config.yml"
_ASSETS = ("assets/images", "assets/img", "images", "img")  # the first that a site has
_BUNDLES = ("index", "_index")  # Hugo's pages that have a folder of their own
_LONGEST = 80  # characters of a paper's key in a name
_UNSAFE = re.compile(r"[^a-z0-9]+")
TEASER = "teaser.png"


class Hugo(NamedTuple):
    """A site of Hugo's: its folder, and the path at its host that it is served below, if any."""

    root: Path
    below: str = ""


class Place(NamedTuple):
    """A folder of pictures, and its address: from the host's root, or else from the post."""

    folder: Path
    address: str
    in_liquid: bool = False

    def src(self, name: str) -> str:
        """Return what a picture's `src` says. A site's root is for Jekyll to say."""
        path = f"{self.address}/{quote(name)}"
        return f"{{{{ '{path}' | relative_url }}}}" if self.in_liquid else path

    def path(self, name: str) -> str:
        """Return a picture's address for the front matter, in which Jekyll runs nothing."""
        return f"{self.address}/{quote(name)}"


def place(post: Path, hugo: Hugo | None = None) -> Place:
    """Return where a post's pictures go: a site's own folder of them, or one beside the post.

    `hugo` is the site of Hugo's that the post lies in. Quarto and MkDocs find what lies beside.
    """
    folder = post.absolute().parent
    if hugo is not None and post.stem in _BUNDLES:  # what lies beside it is the page's own
        return Place(post.parent / "figures", "figures")
    if hugo is not None:
        address = f"{hugo.below}/images/{quote(post.stem)}"
        return Place(hugo.root / "static" / "images" / post.stem, address)
    within = next((p for p in (folder, *folder.parents) if p.name in _OF_JEKYLL), None)
    if within is None:
        name = f"{post.stem}-figures"
        return Place(post.parent / name, quote(name))
    site = within.parent  # of a category or a collection, the site is above it
    site = next((p for p in (site, *site.parents) if (p / _SITE).is_file()), site)
    assets = next((a for a in _ASSETS if (site / a).is_dir()), _ASSETS[0])
    return Place(site / assets / post.stem, f"/{assets}/{quote(post.stem)}", in_liquid=True)


def name(key: str, figure: Figure) -> str:
    """Return the name of a figure's file: safe on every system, and another for each figure."""
    safe = _UNSAFE.sub("-", key.casefold()).strip("-")[:_LONGEST]
    if safe != key:  # two keys may look alike
        safe += f"-{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}"
    which = _UNSAFE.sub("-", figure.label.casefold()).strip("-")[:_LONGEST] or f"page-{figure.page}"
    return f"{safe}-{which}.webp".lstrip("-")


def located(result: Outcome | Event, where: Place) -> Outcome | Event:
    """Return a result whose figure says where the post finds its picture."""
    if isinstance(result, Event | Skipped | Waiting) or result.figure is None:
        return result
    src = where.src(name(result.paper.key, result.figure))
    return result.model_copy(update={"figure": result.figure.model_copy(update={"src": src})})


def write(
    pictures: Mapping[str, bytes], where: Place, known: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Write pictures by name, each whole or not at all; return what to remember of all of them.

    `known` are the files that were written before, with their checksums. Also returns the names of
    the files that somebody else put there, which stay. Raises `OutputError` where one can't be
    written.
    """
    remembered, theirs = dict(known), list[str]()
    for name, data in pictures.items():
        path, sha256 = where.folder / name, hashlib.sha256(data).hexdigest()
        try:
            there = _sha256(path)
            if there not in {None, sha256, known.get(name)}:
                theirs.append(name)
                continue
            if there != sha256:
                where.folder.mkdir(parents=True, exist_ok=True)
                replace_file(path, data)
        except OSError as error:
            raise OutputError(
                f"{path} can't be written: {error.strerror or error}",
                "free the place, or draft with --no-figures; what is done is kept",
            ) from error
        remembered[name] = sha256
    return remembered, theirs


def _sha256(path: Path) -> str | None:
    """Return the checksum of what is at a path; None where nothing is. A link is somebody's own."""
    if path.is_symlink():
        return "a link"
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None
