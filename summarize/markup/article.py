"""A post's file, in any format -> what a site is told of it."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

from summarize.errors import InputError
from summarize.markup.html import images

_BLOCKS = "<!-- wp:"
_FENCED = re.compile(
    r"(?ms)^[ \t]*(?P<fence>`{3,}|~{3,}).*?^[ \t]*(?P=fence)[`~]*[ \t]*$|`[^`\n]+`"
)
_RAW = re.compile(r"\{%-?\s*(?:end)?raw\s*-?%\}")
_BASE = re.compile(r"\{\{\s*site\.(?:baseurl|url)\s*\}\}")
_RELATIVE = re.compile(
    r"\{\{\s*['\"](?P<path>[^'\"]*)['\"]\s*\|\s*(?:relative|absolute)_url\s*\}\}"
)
_LEFT = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_FORMULA = re.compile(r"\\\(.+?\\\)|<p>\$\$.+?\$\$</p>", re.DOTALL)
# Of a block they stand on a line of their own, of words right behind them.
_ATTRIBUTES = re.compile(r"(?m)^[ \t]*\{:[^\n}]*\}[ \t]*$\n?|(?:(?<=[)\]*_>])|\A)\{:[^\n}]*\}")
_TEX = re.compile(r"[\\_^{}]")
_WORD = re.compile(r"[A-Za-z]{3}")  # where there is no TeX, dollars are dollars
_WORDS = re.compile(r"\\text|\\[a-z]*box")  # hold a minus that is a dash


@dataclass(frozen=True)
class Article:
    """A post as a site is told of it.

    `html` is all that it says; `markup` is the same as block markup where the post is kept so.
    `notices` are for the person: what the site will not understand.
    """

    title: str
    html: str
    markup: str = ""
    excerpt: str = ""
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    teaser: str = ""
    notices: tuple[str, ...] = ()

    @property
    def images(self) -> list[tuple[str, str]]:
        """The address and the alternative text of each image, the teaser's first."""
        found = dict(images(self.html))
        teaser = {self.teaser: self.title} if self.teaser and self.teaser not in found else {}
        return [*teaser.items(), *found.items()]


def read(text: str, where: str) -> Article:
    """Read a post. Raises `InputError`, with its line, for what is none.

    Markdown (of Jekyll, Hugo, ...) and block markup are told by what is in them.
    """
    facts, body, line = _front(text, where)
    if re.match(r"\s*(?:<!doctype|<html)\b", body, re.IGNORECASE):
        raise InputError(
            f"{where} is a whole web page, not a post",
            "publish the post that it was made of",
        )
    notices: list[str] = []
    markup = body if _BLOCKS in body else ""
    if markup:
        html = re.sub(r"<!-- /?wp:.*?-->", "", body, flags=re.DOTALL)
    else:
        html = html_of(without_liquid(body, where, line, notices))
        if _FORMULA.search(html):
            notices.append(f"{where}: formulas go out as TeX: the site sets them if it has MathJax "
                           "or KaTeX")  # fmt: skip
    title = _text(facts, "title")
    if not title:
        title, html = _titled(html, where, is_markup=bool(markup))
    return Article(
        title=title,
        html=html,
        markup=markup,
        excerpt=_text(facts, "excerpt") or _text(facts, "description") or _text(facts, "summary"),
        categories=_texts(facts, "categories"),
        tags=_texts(facts, "tags"),
        teaser=_teaser(facts),
        notices=tuple(notices),
    )


def _front(text: str, where: str) -> tuple[Mapping[str, Any], str, int]:
    """Return the fields of the front matter, the body, and the line that it begins on."""
    lines = text.split("\n")
    fence = lines[0].rstrip()
    if fence not in {"---", "+++"}:
        return {}, text, 1
    ends = {"---", "..."} if fence == "---" else {"+++"}
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() in ends), 0)
    if not end:
        return {}, text, 1
    inside = "\n".join(lines[1:end])
    try:
        found = _yaml(inside) if fence == "---" else tomllib.loads(inside)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{where}:{getattr(error, 'line', 1)}: the front matter can't be read: {error}",
            "put values that hold a colon into quotes",
        ) from error
    return (found if isinstance(found, dict) else {}), "\n".join(lines[end + 1 :]), end + 2


class _BadYaml(ValueError):
    """YAML that is none; `line` is counted in the file."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def _yaml(text: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise _BadYaml(error.problem or "it is no YAML", line) from error
    except yaml.YAMLError as error:
        raise _BadYaml("it is no YAML", 1) from error


def without_liquid(body: str, where: str, line: int, notices: list[str]) -> str:
    """Return a post's text without what Jekyll alone runs.

    What would stand there as text is added to `notices`; `line` is that of the text's first.
    """
    pieces: list[str] = []
    at = 0
    for code in [*_FENCED.finditer(body), None]:
        end = code.start() if code else len(body)
        piece = _RAW.sub("", addressed(body[at:end]))
        for found in _LEFT.finditer(piece):
            number = line + body.count("\n", 0, at) + piece.count("\n", 0, found.start())
            what = " ".join(found[0].split())[:60]
            notices.append(f"{where}:{number}: {what} means nothing to the site: it stands as text")
        pieces.append(_ATTRIBUTES.sub("", piece))
        if code:
            pieces.append(_RAW.sub("", code[0]))
            at = code.end()
    return "".join(pieces)


def addressed(text: str) -> str:
    """Return a text with the addresses that Jekyll would write, from the site's own root."""
    return _BASE.sub("", _RELATIVE.sub(r"\g<path>", text))


def html_of(body: str) -> str:
    """Render Markdown; formulas stay TeX, between what MathJax and KaTeX look for unless told."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    markdown.use(footnote_plugin)
    markdown.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    renderer: Any = markdown.renderer
    rules = renderer.rules
    # Neither looks for single dollars, and double ones, which kramdown has within a line, too, are
    # a formula on a line of its own to both.
    rules["math_inline"] = lambda tokens, at, *_: _single(tokens, at)
    rules["math_inline_double"] = lambda tokens, at, *_: rf"\({_tex(tokens[at].content)}\)"
    rules["math_block"] = lambda tokens, at, *_: f"<p>$${_tex(tokens[at].content)}$$</p>\n"
    return str(markdown.render(body))


def _single(tokens: Sequence[Any], at: int) -> str:
    """Return what stands between single dollars: a formula, or words that hold dollars."""
    said = tokens[at].content
    behind = tokens[at + 1].content[:1] if at + 1 < len(tokens) else ""
    if behind.isalnum() or (_WORD.search(said) and not _TEX.search(said)):
        return f"${escape(said, quote=False)}$"
    return rf"\({_tex(said)}\)"


def _tex(formula: str) -> str:
    """Return a formula as HTML holds it. WordPress makes a dash of a minus between spaces."""
    if not _WORDS.search(formula):
        formula = re.sub(r"(?<=[^\s\\]) +- +(?=\S)", "-", formula)
    return escape(formula, quote=False)


def _titled(html: str, where: str, *, is_markup: bool) -> tuple[str, str]:
    """Return the title that a post without front matter has, its first heading, and the rest."""
    found = re.match(r"\s*<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    if not found or is_markup:
        raise InputError(
            f"{where}:1: the post has no title", "give it front matter with a line `title: ...`"
        )
    title = unescape(re.sub(r"<[^>]+>", "", found[1])).strip()
    return title, html[found.end() :]


def _teaser(facts: Mapping[str, Any]) -> str:
    """Return the image that stands for the post, wherever this kind of blog says it."""
    header = facts.get("header")
    inside = header if isinstance(header, dict) else {}
    image, images = facts.get("image"), facts.get("images")
    found = [
        inside.get("teaser"),
        inside.get("image"),
        image.get("path") if isinstance(image, dict) else image,
        images[0] if isinstance(images, list) and images else images,  # as Hugo has it
        facts.get("thumbnail"),
    ]
    return next((value for value in found if isinstance(value, str) and value), "")


def _text(facts: Mapping[str, Any], name: str) -> str:
    value = facts.get(name)
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""


def _texts(facts: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = facts.get(name)
    values: Sequence[Any] = value if isinstance(value, list) else [value] if value else []
    return tuple(dict.fromkeys(" ".join(str(one).split()) for one in values if str(one).strip()))
