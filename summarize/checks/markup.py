"""Markup that the post's target would misread: tags, templates, math, tables, HTML."""

import re
from collections.abc import Iterator

from summarize.checks.finding import Finding, Sheet
from summarize.posts.written import Item

_TAG = re.compile(r"<(?P<end>/?)(?P<name>details|summary)\b[^>]*>", re.IGNORECASE)
_LIQUID = re.compile(r"\{%-?\s*(?P<name>\w+)?(?P<rest>.*?)(?P<end>%\}|\Z)", re.DOTALL)
_OUTPUT = re.compile(r"\{\{(?![<%])(?P<rest>.*?)(?P<end>\}\}|\Z)", re.DOTALL)
_SHORTCODE = re.compile(r"\{\{(?P<kind>[<%])(?P<rest>.*?)(?P<end>[>%]\}\}|\Z)", re.DOTALL)
_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}.*?(?:\{%-?\s*endraw\s*-?%\}|\Z)", re.DOTALL)
_PAIRED = frozenset("raw if unless for case capture comment highlight tablerow".split())
_SINGLE = frozenset(
    "assign include include_relative link post_url increment decrement break continue cycle else "
    "elsif when echo render gist seo feed_meta layout liquid".split()
)
_DOLLARS = re.compile(r"(?<![\\$])\$(?![\s$])(?P<tex>[^$\n]*?[^\s$\\])\$(?![\d$])")
_TEX = re.compile(r"\\[A-Za-z]+|[_^{}]")
_EATEN = re.compile(r"\\[!-/:-@\[-`{-~]")  # what a backslash escapes in Markdown, not in TeX
_MARKDOWN = frozenset({"hugo", "mkdocs", "markdown"})
_DISPLAY = re.compile(r"\$\$.*?\$\$", re.DOTALL)


def front_matter(sheet: Sheet) -> Iterator[Finding]:
    """Find front matter that is neither YAML nor TOML: the site would stop there."""
    import tomllib

    import yaml

    text = "".join(part.text for part in sheet.written.front)
    body = "\n".join(text.rstrip().split("\n")[1:-1])
    if not text:
        return
    try:
        found = tomllib.loads(body) if text.startswith("+++") else yaml.safe_load(body)
    except tomllib.TOMLDecodeError as error:
        told = re.search(r"line (\d+)", str(error))
        line = int(told[1]) + 1 if told else 1
        why = re.sub(r" \(at .*", "", str(error)).lower()
        yield Finding(line, "front-matter", f"no TOML: {why}", 'quote the value: title = "..."')
        return
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        why = getattr(error, "problem", None) or "it can't be read"
        yield Finding(line, "front-matter", f"no YAML: {why}", 'quote the value: title: "..."')
        return
    if not isinstance(found, dict):
        yield Finding(1, "front-matter", "no fields in it", "write a field a line: title: ...")


def details(sheet: Sheet) -> Iterator[Finding]:
    """Find folds that are opened and never closed, which swallow the rest of the page."""
    opened: list[tuple[str, int]] = []
    for found in _TAG.finditer(sheet.shown):
        name, line = found["name"].lower(), sheet.line(found.start())
        if not found["end"]:
            opened.append((name, line))
        elif opened and opened[-1][0] == name:
            opened.pop()
        elif any(other == name for other, _ in opened):
            while opened[-1][0] != name:
                yield _unclosed(*opened.pop())
            opened.pop()
        else:
            says = f"</{name}> closes nothing"
            yield Finding(line, "details", says, f"open it with <{name}>, or take it out")
    for name, line in opened:
        yield _unclosed(name, line)


def _unclosed(name: str, line: int) -> Finding:
    says = f"<{name}> is never closed"
    return Finding(line, "details", says, f"put </{name}> where it ends")


def template(sheet: Sheet) -> Iterator[Finding]:
    """Find tags of a template that the site can't run, or that it takes for its own.

    They are looked for in comments and code too: sites run them before they read Markdown.
    """
    if sheet.name == "jekyll":
        yield from _liquid(sheet)
        return
    for found in _LIQUID.finditer(sheet.text):
        says = f"Liquid, which {sheet.name} shows as text: {_short(found[0])}"
        yield Finding(sheet.line(found.start()), "template", says, "take it out")
    for found in _SHORTCODE.finditer(sheet.text):
        line = sheet.line(found.start())
        if sheet.name not in {"hugo", "quarto"}:
            says = f"a shortcode, which {sheet.name} shows as text: {_short(found[0])}"
            yield Finding(line, "template", says, "take it out")
        elif not found["end"] or "\n\n" in found["rest"]:
            says = f"a shortcode that is never closed: {_short(found[0])}"
            yield Finding(line, "template", says, f"close it with {'>%'[found['kind'] == '%']}}}}}")


def _liquid(sheet: Sheet) -> Iterator[Finding]:
    opened: list[tuple[str, int]] = []
    for found in _LIQUID.finditer(sheet.text):
        line, name = sheet.line(found.start()), found["name"] or ""
        if opened and opened[-1][0] == "raw" and name != "endraw":
            continue
        if not found["end"]:
            yield Finding(
                line, "template", f"{{% is never closed: {_short(found[0])}",
                "close it with %}, or write the brace as &#123;",
            )  # fmt: skip
        elif name in _PAIRED:
            opened.append((name, line))
        elif name.startswith("end"):
            if opened and opened[-1][0] == name[3:]:
                opened.pop()
            else:
                says = f"{{% {name} %}} closes nothing"
                yield Finding(line, "template", says, "take it out: Jekyll stops there")
        elif name not in _SINGLE:
            yield Finding(
                line, "template", f"no tag of Jekyll's: {_short(found[0])}",
                "unless a plugin knows it, Jekyll stops there: write the brace as &#123;",
            )  # fmt: skip
    for name, line in opened:
        says = f"{{% {name} %}} is never closed"
        yield Finding(line, "template", says, f"put {{% end{name} %}} where it ends")
    yield from _outputs(sheet)


def _outputs(sheet: Sheet) -> Iterator[Finding]:
    text = _RAW.sub(_blank, sheet.text)
    for found in [*_OUTPUT.finditer(text), *_SHORTCODE.finditer(text)]:
        braces, line = _short(found[0]), sheet.line(found.start())
        if not found["end"]:
            says = f"{{{{ is never closed: {braces}"
            yield Finding(line, "template", says, "write the braces as &#123;")
        elif found[0].startswith(("{{<", "{{%")):
            says = f"a shortcode, which Jekyll can't run: {braces}"
            yield Finding(line, "template", says, "take it out")
        elif sheet.code.startswith("{{", found.start()):
            says = f"Jekyll runs this in code, too: {braces}"
            yield Finding(line, "template", says, "put {% raw %} before it and {% endraw %} behind")


def _blank(found: re.Match[str]) -> str:
    """Return spaces in a stretch's place."""
    return re.sub(r"[^\n]", " ", found[0])


def _short(text: str) -> str:
    return " ".join(text.split())[:40]


def math(sheet: Sheet) -> Iterator[Finding]:
    """Find formulas that the target takes for text, and text that it takes for a formula."""
    if sheet.sets_math:
        return
    for found in _DISPLAY.finditer(sheet.shown) if sheet.name in _MARKDOWN else ():
        if eaten := _EATEN.search(found[0]):
            yield _eaten(sheet.line(found.start() + eaten.start()), eaten[0], _short(found[0]))
    shown = _DISPLAY.sub(_blank, sheet.shown)
    for found in _DOLLARS.finditer(shown):
        is_tex = _TEX.search(found["tex"]) is not None
        line, what = sheet.line(found.start()), _short(found[0])
        if sheet.name == "quarto" and not is_tex and " " in found["tex"]:
            yield Finding(
                line, "math", f"Quarto takes this for a formula: {what}",
                "write the dollars as \\$",
            )  # fmt: skip
        elif sheet.name == "jekyll" and is_tex:
            yield Finding(
                line, "math", f"kramdown knows no formula between single dollars: {what}",
                "write $$...$$, which is inline within a line",
            )  # fmt: skip
        elif sheet.name == "wordpress" and is_tex:
            yield Finding(
                line, "math", f"no script looks for a formula between single dollars: {what}",
                r"write \(...\), which MathJax and KaTeX look for",
            )  # fmt: skip
        elif sheet.name in _MARKDOWN and (eaten := _EATEN.search(found["tex"])):
            yield _eaten(line, eaten[0], what)
        elif sheet.name in _MARKDOWN - {"markdown"} and is_tex:
            yield Finding(
                line, "math", f"read as text before any script sets it: {what}",
                "turn math on in the site (Hugo: passthrough; MkDocs: arithmatex), or write code",
            )  # fmt: skip


def _eaten(line: int, sign: str, what: str) -> Finding:
    return Finding(
        line, "math", f"Markdown takes the backslash of {sign} for its own: {what}",
        "write a word for the sign (\\Vert, \\lbrace, ...), or double the backslash",
    )  # fmt: skip


def table(sheet: Sheet) -> Iterator[Finding]:
    """Find lines of which kramdown makes a table, as it does of any line with a bar in it."""
    if sheet.name != "jekyll":
        return
    for at, block in sheet.blocks():
        shown = _OUTPUT.sub(_blank, sheet.shown[at : at + len(block.text)])  # run before kramdown
        if re.search(r"^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(\||$)", shown, re.MULTILINE):
            continue  # meant as one
        head = shown.split("\n\n")[0] if isinstance(block, Item) else shown
        for found in re.finditer(r"(?<![\\|])\|(?!\|)", head):
            if not re.match(r"[ \t]*\|", head[head.rfind("\n", 0, found.start()) + 1 :]):
                line = sheet.line(at + found.start())
                says = "kramdown makes a table of a line with a bar"
                yield Finding(line, "table", says, "write the bar as &#124;, or in math as \\vert")
                break


def html_left_out(sheet: Sheet) -> Iterator[Finding]:
    """Find HTML in a post of a site whose renderer leaves HTML out."""
    found = re.search(r"<(?:details|figure|img|div|span|sup|sub|br|a)\b", sheet.shown)
    if sheet.keeps_html or found is None:
        return
    yield Finding(
        sheet.line(found.start()), "html", "the site's Hugo leaves HTML out: notes are not folded",
        "in its configuration: [markup.goldmark.renderer] unsafe = true",
    )  # fmt: skip
