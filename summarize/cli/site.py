"""Which kind of site a folder is, and where that keeps its posts and its files."""

import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

_HUGO = ("hugo.toml", "hugo.yaml", "hugo.json", "config.toml", "config.yaml", "config.json")
# Of the extension's settings the first that says whether it is on.
_PASSED = re.compile(r"passthrough(?:(?!\benable\b).)*enable['\"]?\s*[:=]\s*true", re.DOTALL)
_BASE_URL = re.compile(
    r"^[ \t{,]*[\"']?baseurl[\"']?[ \t]*[:=][ \t]*[\"']?(?P<url>[^\"'#\s]*)",
    re.IGNORECASE | re.MULTILINE,
)


class Site(NamedTuple):
    """A site: the format of its posts, the file that says so, and its folder of posts."""

    format: str
    config: Path
    folder: str

    @property
    def root(self) -> Path:
        """The site's folder."""
        return self.config.parent


def at(folder: Path) -> Site | None:
    """Return the site whose root a folder is, if it is one."""
    if (config := folder / "_config.yml").is_file():
        return Site("jekyll", config, "_posts")
    if (config := folder / "_quarto.yml").is_file():
        return Site("quarto", config, "posts")
    if (config := folder / "mkdocs.yml").is_file():
        docs = re.search(r"^docs_dir:[ \t]*['\"]?([^'\"#\n]+)", _text(config), re.MULTILINE)
        base = docs[1].strip() if docs else "docs"
        return Site("mkdocs", config, _first(folder, f"{base}/blog/posts", f"{base}/posts") or base)
    found = next((folder / name for name in _HUGO if (folder / name).is_file()), None)
    named = found is not None and found.name.startswith("hugo.")
    if found and (named or (folder / "content").is_dir() or (folder / "themes").is_dir()):
        here = _first(folder, "content/posts", "content/post", "content/blog")
        return Site("hugo", found, here or "content/posts")
    return None


def above(path: Path) -> Site | None:
    """Return the site that a file lies in, if it lies in one."""
    return next((found for folder in path.resolve().parents if (found := at(folder))), None)


def file(address: str, post: Path) -> Path | None:
    """Return the file that an address in a post leads to: beside it, or from the site's root."""
    found = above(post)
    bases = [post.parent]
    if address.startswith("/"):
        roots = [found.root, found.root / "static", found.root / "docs"] if found else []
        bases = roots or [post.parent]
    elif found and found.format == "hugo":
        bases.append(post.with_suffix(""))  # a page's own folder of files
    inside = address.lstrip("/")
    # A site below a path of its host has that before its own.
    names = [inside, inside.partition("/")[2]] if address.startswith("/") else [inside]
    paths = (base / name for name in names if name for base in bases)
    return next((path for path in paths if path.is_file()), None)


def below(found: Site) -> str:
    """Return the path that a Hugo site is served below, as its `baseURL` says: `/blog`, or none."""
    named = _BASE_URL.search(_text(found.config))
    return quote(unquote(urlsplit(named["url"]).path).rstrip("/")) if named else ""


def keeps_html(found: Site) -> bool:
    """Tell whether a Hugo site's renderer is told to keep HTML; others keep it unless told."""
    if found.format != "hugo":
        return True
    told = re.compile(r"\bunsafe['\"]?\s*[:=]\s*true\b")
    return any(told.search(_text(config)) for config in _configs(found))


def sets_math(found: Site) -> bool:
    """Tell whether a site is told to leave formulas to what sets them; else Markdown reads them."""
    if found.format == "mkdocs":
        return re.search(r"arithmatex|mdx_math|markdown[-_]katex", _said(found.config)) is not None
    return found.format == "hugo" and any(_PASSED.search(_said(one)) for one in _configs(found))


def knows_footnotes(found: Site) -> bool:
    """Tell whether a site reads footnotes; MkDocs does where its extension is on."""
    return found.format != "mkdocs" or "footnotes" in _said(found.config)


def layout(found: Site) -> str:
    """Return the layout that a Jekyll site's posts need and its configuration does not give them.

    It is the one that they name themselves; without one, a post would be no page.
    """
    named = re.compile(r"(?:^|\{)[ \t]*layout:[ \t]*[\"']?([\w-]+)", re.MULTILINE)
    if named.search(_text(found.config)):
        return ""
    posts = sorted((found.root / found.folder).glob("*.md"), reverse=True)
    return next((layout[1] for post in posts if (layout := named.search(_text(post)))), "post")


def _configs(found: Site) -> list[Path]:
    """Return the files that a Hugo site's configuration may lie in."""
    return [found.config, *(found.root / "config").glob("**/*.*")]


def _said(path: Path) -> str:
    """Return a configuration without its lines of comments."""
    return re.sub(r"(?m)^[ \t]*#.*$", "", _text(path))


def _first(folder: Path, *names: str) -> str:
    return next((name for name in names if (folder / name).is_dir()), "")


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
