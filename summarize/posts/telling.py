"""Which format a file is of, where its name or its front matter makes that plain. Pure."""

import re

_FENCE = re.compile(r"---\s*\n(?P<yaml>.*?)^(?:---|\.\.\.)\s*$", re.DOTALL | re.MULTILINE)
_BLOCK = re.compile(r"^<!-- wp:[a-z]", re.MULTILINE)
# Fields that only one of them has. Those that roundup writes are the last of each.
_SIGNS = {
    "quarto": {"format", "execute", "bibliography", "editor", "jupyter", "engine"},
    "hugo": {"draft", "lastmod", "publishDate", "expiryDate", "weight", "slug", "linkTitle",
             "summary"},
    "jekyll": {"layout", "permalink", "header", "toc_sticky", "excerpt_separator", "excerpt"},
    "mkdocs": {"hide", "template", "icon", "nav_title"},
}  # fmt: skip


def told(name: str, text: str) -> str:
    """Return the name of the format that a file is plainly of; empty where it might be several."""
    if name.lower().endswith(".qmd"):
        return "quarto"
    if text.startswith("+++\n"):
        return "hugo"  # TOML between plus signs is Hugo's alone
    if _BLOCK.search(text):
        return "wordpress"
    front = _FENCE.match(text)
    if not front:
        return ""
    fields = {*re.findall(r"^([A-Za-z_-]+)[ \t]*:", front["yaml"], re.MULTILINE)}
    named = [form for form, signs in _SIGNS.items() if fields & signs]
    return named[0] if len(named) == 1 else ""
