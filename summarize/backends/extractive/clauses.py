"""A sentence of a paper -> the shorter sentences that can be cut out of it. Pure.

Nothing is put together or reworded: every clause is what its sentence says, less its opening, its
citations (both in `trimming`), or what hangs on its end.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from summarize.backends.extractive.trimming import beginnings, capital, shown

MIN_WORDS, MAX_WORDS = 8, 40
MAX_CHARACTERS = 300
MOST = 24  # clauses of one sentence


class Clause(NamedTuple):
    """A part of a sentence that can stand for itself, and how it was cut.

    `front` tells what was taken from its beginning, `back` at which word its end was cut.
    """

    text: str
    front: str = ""
    back: str = ""


# --- where a clause may end -----------------------------------------------------------------------

_VERBS = (
    "show|demonstrate|prove|provide|achieve|find|present|introduce|propose|evaluate|apply|use|"
    "develop|derive|obtain|discuss|argue|illustrate|validate|verify|analy[sz]e|investigate|study|"
    "establish|compare|describe|give|explore|examine|improve|outperform|enable|allow|test|design|"
    "report|observe|conduct|perform|offer|suggest|extend|train|learn|reduce|produce|yield|can|is|"
    "are|has|have|was|were|does|do|will|may|thus|then|therefore|hence|also|further|thereby|we|it|"
    "they|this|that|our|its|not|even|in particular|so|finally|empirically|experimentally|"
    "significantly|consistently|subsequently|consequently"
)
_CUTS = re.compile(
    r"(?P<stop>;\s|:\s|\s[-–—]{1,3}\s|—)"
    rf"|(?P<and>,\s(?:and|or)\s(?=(?:{_VERBS})(?:s|es)?\b)|,\s(?:but|yet|so|nor)\s)"
    rf"|(?P<also>\sand\s(?:(?:then|also|further|thus|empirically|theoretically|experimentally)\s)?"
    r"(?=(?:show|demonstrate|prove|evaluate|apply|validate|verify|illustrate|discuss|provide|find|"
    r"derive|analy[sz]e|compare|test|report|argue|use|study|investigate|establish|conduct|"
    r"introduce|present|propose|develop|describe|give|obtain|achieve|improve|outperform)"
    r"(?:s|es)?\b))"
    r"|(?P<which>,\s(?:which|where|whose|who|while|whereas|although|though|when|if|because|since|"
    r"as|unless|until|after|before|once|wherein|whereby|in which|for which|of which|each of which|"
    r"with which|on which)\b)"
    r"|(?P<ing>,\s(?:thus\s|thereby\s|hence\s|often\s|even\s|while\s|without\s|by\s|"
    r"\w{2,14}ly\s){0,2}\w{3,14}ing\b)"
    r"|(?P<such>,\s(?:e\.g\.|i\.e\.|such as|including|for example|for instance|especially|"
    r"particularly|in particular|namely|rather than|instead of|as well as|in addition to|"
    r"in contrast|unlike|compared|based|even|both|not|without|with|within|by|via|through|from|for|"
    r"on|in|to|at|under|over|across|among|despite|due|given|inspired|motivated|called|named|"
    r"dubbed|termed|followed|thus|thereby|hence|so that|up to|one of|a|an|the)\b)"
    r"|(?P<bare>\s(?:while|whereas|because|so that|such that|in order to|by (?=\w+ing\b)|"
    r"using|without (?=\w+ing\b)|compared (?:to|with)|rather than|as well as|thereby|thus|via|when|"
    r"where|which|even when|even if|despite|instead of|through|based on|in terms of|"
    r"as opposed to|, respectively)\b)",
)

# --- where it may not -----------------------------------------------------------------------------

# A line that ends with one of these goes on.
_DANGLING = frozenset(
    "a an the of to in on for with by from as at is are was were be been and or but that than both "
    "either neither which who whose this these its their our can could may might will would not no "
    "also only such more less most very between into via if when while where whether how what "
    "because so e.g i.e has have had does do did we even each every any show prove propose "
    "introduce present demonstrate find new novel other under over through about well i.e. e.g. "
    "allow allows enable enables require requires make makes especially particularly often namely "
    "one two three according due based respect terms order studied called proposed cases reveal "
    "including whereby toward towards using i.e without within across among per versus vs they it "
    "similar different several many some all".split()
)
_LAST = re.compile(r"[\w.]+$")
_STOPS = re.compile(r"(?:\bwe \w+|\band [^\s\w]?\d\S*|[,;:(\[–—-])$", re.IGNORECASE)
# The first half of a pair of which the second is cut off.
_HALF = re.compile(
    r"\b(?:not (?:only|just|merely)\b(?!.*\bbut\b)|(?:either|whether)\b(?!.*\bor\b)|"
    r"(?:both|between)\b(?!.*\band\b)|"
    r"that (?:if|when|while|since|although|whenever|once|as)\b[^,]*$)"
)
_ADVERBIAL = frozenset(
    "although though while whereas when whenever as if since because given with in on at for from "
    "under over by to unlike despite through via using based inspired motivated after before once "
    "whether rather instead compared due building leveraging without beyond during among across "
    "throughout following drawing even only not where until unless besides according contrary "
    "thanks central key core crucial".split()
)
_PASSIVE_BEFORE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\s(?:\w+ly\s)?(?:\w+(?:ed|en|wn|ne|lt|nt|de|ht)|done|"
    r"made)$"
)
_FINITE = frozenset(
    [
        *"we is are was were can could may might will would has have had".split(),
        *"does do did study rely addresses studies relies".split(),
        *(
            verb + ending
            for verb in (
                "show allow enable provide require achieve improve outperform remain become make "
                "lead use give propose present introduce describe investigate develop demonstrate "
                "explore address consider examine learn suffer depend offer yield produce generate "
                "capture reduce increase contain consist extend aim seek tend fail perform exhibit "
                "reveal suggest indicate find prove argue result work exist arise play pose need "
                "hold help take combine connect"
            ).split()
            for ending in ("", "s")
        ),
    ]
)
_BEFORE_NO_VERB = frozenset({"that", "which", "who", "to"})
_WORD = re.compile(r"\w+")
# Two sentences that were not told apart.
_RUN_ON = re.compile(
    r"\.\s(?<!e\.g\.\s)(?<!i\.e\.\s)(?<!\bal\.\s)(?<!\bvs\.\s)(?<!\bcf\.\s)(?<!etc\.\s)[a-z]"
    r"|\.(?<=[a-z]\.)[A-Z][a-z]+[\s,]"
)
# What a citation has left behind: "the formulation of, which ...".
_TORN = re.compile(
    r"\b(?:of|in|by|from|with|to|the|an?|see|on|for|at)[,.;:]\s|\bof (?:to|is|are|be|by)\b"
)
_NOUN = re.compile(r"(?:An?|The) ")  # what begins so and has no verb is an item of a list
# A clause within a clause, which needs a verb of its own.
_INNER = re.compile(r".*(?:[:;]|\b(?:where|which|that|when|while|whereas|because|if)\b)", re.DOTALL)


def clauses(sentence: str) -> list[Clause]:
    """Return what can be cut out of a sentence, the least cut first, each at most once."""
    found: dict[str, Clause] = {}
    for front, text in beginnings(sentence):
        for clause in _cut(text, front):
            found.setdefault(clause.text, clause)
    return list(found.values())[:MOST]


def _cut(text: str, front: str) -> Iterator[Clause]:
    """Yield a text whole, and cut at each place where a clause may end."""
    end = text[-1:] if text[-1:] in ".?!" else "."
    whole = text.rstrip(" .,;:")
    if fits(text) and not dangles(whole) and (finite(whole) or not _NOUN.match(whole)):
        yield Clause(capital(whole + end), front)
    least = 0
    if _begins_aside(text):
        comma = text.find(", ")
        least = comma + 12 if comma > 0 else len(text)
    for cut in _CUTS.finditer(text):
        kind = cut.lastgroup or ""
        piece = text[: cut.start()].rstrip(" ,;:–—-")
        if cut.start() < least or not fits(piece) or dangles(piece) or _HALF.search(piece):
            continue
        if kind == "bare" and (piece.endswith(("ing", "ed")) or _PASSIVE_BEFORE.search(piece)):
            continue
        if finite(piece[least and least - 10 :]) and _ends_whole(piece):
            yield Clause(piece + ".", front, kind)


def _begins_aside(text: str) -> bool:
    """Tell whether a text begins with what is said beside its main clause."""
    first = text.split(maxsplit=1)[0].lower().rstrip(",") if text else ""
    return first in _ADVERBIAL or (len(first) > 3 and first.endswith(("ing", "ed", "ly")))


def finite(text: str) -> bool:
    """Tell whether a text seems to have a verb that makes it a sentence.

    A verb after "that", "which" or "to" makes none: "An invariant that makes queries faster".
    """
    before = ""
    for word in _WORD.findall(text.lower()):
        if before not in _BEFORE_NO_VERB and (
            word in _FINITE or (len(word) > 4 and word.endswith(("ed", "izes", "ises")))
        ):
            return True
        before = word
    return False


def _ends_whole(text: str) -> bool:
    """Tell whether the last clause within a text has its verb: not "..., where the methods"."""
    inner = _INNER.match(text)
    if inner is None:
        return True
    rest = text[inner.end() :]
    if not text[: inner.end()].endswith(("which", "that")):
        return finite(rest)
    return any(word in _FINITE or word.endswith(("ed", "s")) for word in _WORD.findall(rest))


def dangles(text: str) -> bool:
    """Tell whether a text ends with a word after which more must come."""
    end = text[-24:]
    last = _LAST.search(end)
    return (last is not None and last[0].lower() in _DANGLING) or bool(_STOPS.search(end))


def fits(text: str) -> bool:
    """Tell whether a text has a TLDR's length, and closes the brackets and quotes that it opens."""
    return (
        len(text) < MAX_CHARACTERS
        and MIN_WORDS <= len(text.split()) <= MAX_WORDS
        and text.count("(") == text.count(")")
        and text.count("[") == text.count("]")
        and text.count("“") == text.count("”")
        and text.count('"') % 2 == 0
        and text.count("$") % 2 == 0
        and not _RUN_ON.search(text)
        and not _TORN.search(text)
    )


def shortest(sentence: str) -> str:
    """Return a sentence of which no clause fits, cut where its words end; the cut shows."""
    text = shown(sentence)
    cut = " ".join(text.split()[:MAX_WORDS])[: MAX_CHARACTERS - 2]
    if cut == text:
        return text
    return cut[: cut.rfind(" ")].rstrip(" ,;:–—-") + " …" if " " in cut else cut
