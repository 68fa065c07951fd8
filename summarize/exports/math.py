"""TeX -> MathML, which browsers set by themselves: no script, no font, no request. Pure."""

import html
import re

_MATHML = frozenset(
    "math menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts "
    "mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover "
    "none".split()
)


def mathml(tex: str, display: bool) -> str:
    """Return a formula as MathML; its TeX, as code, where it can't be set."""
    from latex2mathml import converter

    try:
        made = converter.convert(tex.strip(), display="block" if display else "inline")
    except Exception:  # noqa: BLE001 - the library raises whatever it trips over
        return source(tex, display)
    # Words of the formula come through as they are: a tag among them is no formula's.
    tags = re.findall(r"</?([A-Za-z][^\s/>]*)", made)
    return made if {*tags} <= _MATHML else source(tex, display)


def source(tex: str, display: bool) -> str:
    """Return a formula's TeX, for who can read no MathML."""
    code = f"<code>{html.escape(' '.join(tex.split()))}</code>"
    return code.replace("<code>", '<code style="display:block">', 1) if display else code
