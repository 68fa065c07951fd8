"""A post as one HTML page: nothing beside it is needed, and nothing is asked for."""

import base64
import html
import string

from summarize.exports.content import content
from summarize.exports.export import Export, Sheet

VARIABLES = ("title", "date", "excerpt", "style", "body")
_STYLE = """
:root { color-scheme: light dark; --text: #1f2328; --soft: #59636e; --edge: #d1d9e0;
  --link: #0550ae; --page: #fff; --fold: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #9198a1; --edge: #3d444d;
  --link: #79b8ff; --page: #0d1117; --fold: #151b23; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 46rem; padding: 2rem 1.25rem 4rem; background: var(--page);
  color: var(--text); font: 17px/1.6 Charter, "Bitstream Charter", Cambria, Georgia, serif;
  overflow-wrap: break-word; }
h1, h2, h3, h4, time, summary, footer { font-family: system-ui, sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .25rem; text-wrap: balance; }
main h1, h2 { font-size: 1.3rem; line-height: 1.3; margin: 2.5rem 0 1rem; padding-top: 1rem;
  border-top: 1px solid var(--edge); }
time, footer { color: var(--soft); font-size: .85rem; }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: .15em; }
ol, ul { padding-left: 1.6rem; }
main > ol > li { margin: 0 0 1.1rem; }
main > ol > li > p { margin: 0 0 .35rem; }
details { background: var(--fold); border-radius: .4rem; font-size: .92rem; margin: .35rem 0;
  padding: .35rem .75rem; }
summary { color: var(--soft); cursor: pointer; font-size: .85rem; }
details ul { margin: .5rem 0; padding-left: 1.1rem; }
img { height: auto; max-width: 100%; }
figure { margin: 1.5rem auto; max-width: 100%; }
pre, table, math[display=block] { display: block; max-width: 100%; overflow-x: auto; }
math[display=block] { display: block math; padding: .25rem 0; }
pre, code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .85em; }
th, td { border: 1px solid var(--edge); padding: .3rem .6rem; text-align: left; }
table { border-collapse: collapse; }
blockquote { border-left: 3px solid var(--edge); color: var(--soft); margin: 1rem 0;
  padding-left: 1rem; }
hr { border: 0; border-top: 1px solid var(--edge); margin: 2.5rem 0 1rem; }
.footnotes { font-size: .88rem; }
@media (max-width: 30rem) { body { padding: 1.25rem 1rem 3rem; font-size: 16px; }
  h1 { font-size: 1.5rem; } ol { padding-left: 1.3rem; } }
@media print { details:not([open]) > * { display: block; } body { max-width: none; } }
"""
_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="$excerpt">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
style-src 'unsafe-inline'">
<title>$title</title>
<style>$style</style>
</head>
<body>
<header>
<h1>$title</h1>
<time datetime="$date">$date</time>
</header>
<main>
$body
</main>
</body>
</html>
"""


def render(sheet: Sheet) -> bytes:
    """Return the page, in UTF-8. Local images are in it; others are named and linked to."""
    assert sheet.form is not None

    def source(address: str) -> str:
        image = sheet.image(address)
        return f"data:{image.mime};base64,{base64.b64encode(image.data).decode()}" if image else ""

    found = content(sheet.written, sheet.form, source)
    said = {name: html.escape(getattr(found, name)) for name in ("title", "date", "excerpt")}
    page = string.Template(sheet.template or _PAGE).substitute(
        **said, style=_STYLE, body=found.body.strip()
    )
    return page.encode("utf-8", "replace")


EXPORT = Export(render, ".html", VARIABLES)
