"""TeX -> MathML, which browsers set by themselves: no script, no font, no request. Pure."""

import html
import re

_MATHML = frozenset(
    "math menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts "
    "mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover "
    "none".split()
)

# What the library does not know, in words that it does.
_KNOWN = (
    (re.compile(r"\\arg(?![A-Za-z])"), r"\\operatorname{arg}"),
    (re.compile(r"\\operatorname\*(?!\{[A-Za-z]+\})"), r"\\operatorname"),
    (re.compile(r"\\(begin|end)\{aligned\}"), r"\\\1{split}"),
    (re.compile(r"\\(?:label\{[^{}]*\}|nonumber(?![A-Za-z]))"), ""),
)
# A command that it did not know either, or a sign of alignment that stands as a letter.
_UNSET = re.compile(r"<m[io]>(?:\\[A-Za-z]|&(?:amp;)?<)|<mtext>[^<]*\\[A-Za-z]")


def mathml(tex: str, display: bool) -> str:
    """Return a formula as MathML; its TeX, as code, where it can't be set."""
    from latex2mathml import converter

    known = tex.strip()
    for unknown, same in _KNOWN:
        known = unknown.sub(same, known)
    try:
        made = converter.convert(known, display="block" if display else "inline")
    except Exception:  # noqa: BLE001 - the library raises whatever it trips over
        return source(tex, display)
    # Words of the formula come through as they are: a tag among them is no formula's.
    tags = re.findall(r"</?([A-Za-z][^\s/>]*)", made)
    is_set = {*tags} <= _MATHML and not _UNSET.search(made)
    return made if is_set else source(tex, display)


def source(tex: str, display: bool) -> str:
    """Return a formula's TeX, for who can read no MathML."""
    code = f"<code>{html.escape(' '.join(tex.split()))}</code>"
    style = "display:block;margin:0 0 1em"
    return code.replace("<code>", f'<code style="{style}">', 1) if display else code
