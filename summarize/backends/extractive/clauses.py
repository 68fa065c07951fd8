"""A sentence of a paper -> the shorter sentences that can be cut out of it. Pure.

Nothing is put together or reworded: every clause is what its sentence says, less its opening, its
citations, or what hangs on its end.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

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


_CITATION = re.compile(
    r"\s*\((?:(?:e\.g\.,?|see|cf\.|i\.e\.,?)\s)?[A-Z][^()]{0,120}?\b(?:19|"
    r"20)\d\d[a-z]?[^()]{0,120}\)"
    r"|\s*\[\d{1,3}(?:\s*[,–-]\s*\d{1,3})*\]"
    r"|(?<=et al)\.\s*\(?(?:19|20)\d\d[a-z]?\)?"
)
_ACRONYM = re.compile(r"\s\(([A-Z][\w-]{0,12}s?|[a-z]?[A-Z]{2,}\w*(?:[-/ ][A-Z]\w*)?)\)")
_ASIDE = re.compile(r"\s\((?:e\.g\.|i\.e\.|for example|such as|see |cf\.|or |also )[^()]*\)")
_LONG_ASIDE = re.compile(r"\s\((?=[^()]*\s[^()]*\s)[^()]*\)")
# "... a model that addresses these challenges, ...": which ones was said before.
_REMEDY = re.compile(
    r",?\s(?:that|which|to|in order to)\s(?:\w+ly\s)?(?:address|resolve|tackle|solve|overcome|"
    r"mitigate|alleviate|remedy|handle|fill)(?:e?s)?\s(?:this|these|that|those|such|the above)\s"
    r"[\w-]+(?=[,.]|\s(?:in|by|using|with|of)\b)",
    re.IGNORECASE,
)
# Two sentences that were not told apart.
_RUN_ON = re.compile(
    r"(?<!e\.g)(?<!i\.e)(?<!\bal)(?<!\bvs)(?<!\bcf)(?<!etc)\.\s[a-z]|[a-z]\.[A-Z][a-z]+[\s,]"
)
_FOOTNOTE = re.compile(r"(?<=[A-Za-z]),\d{1,2}(?=\s[a-z])")
_ENUMERATED = re.compile(r"^\(?\d[.)]\s+|,?\s\(?\d\)?(?=\.?$)")
_SPACED = re.compile(r"\s+([,.;:?!])")

_MARKERS = (
    "specifically|in particular|more specifically|more precisely|more concretely|concretely|"
    "however|moreover|furthermore|in addition|additionally|finally|lastly|first|firstly|second|"
    "secondly|third|thirdly|then|next|here|now|today|therefore|thus|hence|consequently|"
    "accordingly|as such|as a result|as a consequence|in short|in summary|to summari[sz]e|overall|"
    "to conclude|in conclusion|to this end|to that end|to this aim|toward this end|"
    "towards this end|to do so|to do this|to address this|in light of this|in response|"
    "in contrast|by contrast|on the other hand|on the one hand|instead|rather|unfortunately|"
    "fortunately|surprisingly|interestingly|remarkably|notably|importantly|crucially|indeed|"
    "in fact|for example|for instance|also|besides|meanwhile|again|similarly|likewise|"
    "nevertheless|nonetheless|still|yet|in other words|that is|in essence|essentially|"
    "in general|generally|conversely|alternatively|ultimately|significantly|subsequently|"
    "intuitively|technically|empirically|experimentally|theoretically|inspired by this|"
    "motivated by this|based on this|in doing so|along the way|to our knowledge|"
    "to the best of our knowledge|as far as we know|in practice|our main contribution is that"
)
_OPENING = re.compile(
    rf"^(?:(?:and|but|so|or)\s+)?(?:(?:{_MARKERS})\s*,\s*"
    r"|(?:in|with|through|by|throughout)\s+(?:this|the (?:present|current))\s+"
    r"(?:short |position |research |technical )?"
    r"(?:paper|work|article|study|note|letter|report|manuscript|contribution|survey)\s*,?\s*"
    r"|(?:to do so|to do this|to this end|to that end|for this purpose|to address this|as a result|"
    r"in doing so|"
    r"thus|hence|therefore|here|specifically|then|so|finally|also|now|in addition|moreover|"
    r"furthermore|additionally|to this end|in particular|accordingly|instead)\s+(?=we\s)"
    r"|(?:and|but|so|yet)\s+(?=we\s))",
    re.IGNORECASE,
)
_MIDDLE = re.compile(
    r",?\s(?:however|therefore|moreover|furthermore|thus|hence|consequently|in this "
    r"(?:paper|work)|to this end|as a result|instead|here|also),\s",
    re.IGNORECASE,
)
_HERE = re.compile(r"(?<=[, ])in this (?:paper|work|article|study|note|letter),?\s(?=we\s)", re.I)
_WE_ALSO = re.compile(
    r"^(we|this (?:paper|work|article|study)) "
    r"(?:also|further|additionally|then|first|finally|next|therefore|thus|hence|here|instead|"
    r"consequently|furthermore|moreover|secondly|second|lastly|now|hereby|subsequently)\s",
    re.IGNORECASE,
)
# "To overcome these challenges, we ...": it leans on what came before.
_SUBJECT = (
    r"(?:we|this (?:paper|work|article|study|note|letter|report)|"
    r"the (?:present )?(?:paper|authors?|work|article|study))"
)
_LEAD_IN = re.compile(
    rf"^[^.;:]{{3,160}}?,\s+(?:and\s+)?(?:then\s+|here\s+)?(?={_SUBJECT}\s)", re.I
)
_THAT = re.compile(
    r"^(?:we|our (?:\w+ )?(?:results?|experiments?|findings?|analysis|evaluations?|study)|"
    r"this (?:paper|work|article|study)|(?:the |these )?(?:empirical |experimental |extensive |"
    r"numerical |theoretical )*(?:results?|experiments?|evaluations?))\s(?:\w+ly\s|also\s|then\s|"
    r"further\s|first\s|can\s|will\s|on [^,]{3,60}\s)*"
    r"(?:show|demonstrate|find|prove|argue|observe|reveal|suggest|indicate|hypothesi[sz]e|believe|"
    r"establish|discover|conclude|verify|illustrate|claim|confirm|posit|note|see|found|showed|"
    r"demonstrated)s?(?:\s(?:empirically|theoretically|experimentally|both|here|in [^,]{3,40},))*"
    r"\sthat\s",
    re.IGNORECASE,
)

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
    re.IGNORECASE,
)
_KIND_WEIGHT = ("stop", "and", "also", "which", "ing", "such", "bare")

_DANGLING = re.compile(
    r"(?:\b(?:a|an|the|of|to|in|on|for|with|by|from|as|at|is|are|was|were|be|been|and|or|but|that|"
    r"than|both|either|neither|which|who|whose|this|these|its|their|our|can|could|may|might|will|"
    r"would|not|no|also|only|such|more|less|most|very|between|into|via|if|when|while|where|whether|"
    r"how|what|because|so|e\.g|i\.e|has|have|had|does|do|did|we|even|each|every|any|"
    r"show|prove|propose|introduce|present|demonstrate|find|new|novel|other|under|over|through|"
    r"about|well|i\.e\.|e\.g\.|allows?|enables?|requires?|makes?|especially|particularly|often|"
    r"namely|one|two|three|according|due|based|respect|terms|order|studied|called|proposed|cases|reveal)"
    r"|\bwe \w+|\band [^\s\w]?\d\S*|[,;:(\[–—-])$",
    re.IGNORECASE,
)
# The first half of a pair of which the second is cut off.
_HALF = re.compile(
    r"\bnot (?:only|just|merely)\b(?!.*\bbut\b)|\b(?:either|whether)\b(?!.*\bor\b)|"
    r"\bboth\b(?!.*\band\b)"
    r"|\bbetween\b(?!.*\band\b)",
    re.I,
)
_FIRST_ADVERBIAL = re.compile(
    r"^(?:although|though|while|whereas|when|whenever|as|if|since|because|given|with|in|on|at|for|"
    r"from|under|over|by|to|unlike|despite|through|via|using|based|inspired|motivated|after|before|"
    r"once|whether|rather|instead|compared|due|building|leveraging|without|beyond|during|among|"
    r"across|throughout|following|drawing|given|even|only|not|where|until|unless|besides|"
    r"in order|according|contrary|thanks|\w+ing|\w+ed|\w+ly|central|key|core|crucial)\b",
    re.IGNORECASE,
)
_PASSIVE_BEFORE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\s(?:\w+ly\s)?(?:\w+(?:ed|en|wn|ne|lt|nt|de|ht)|done|"
    r"made)$",
    re.I,
)
FINITE = re.compile(
    r"\b(?:we|is|are|was|were|can|could|may|might|will|would|has|have|had|does|do|did|shows?|"
    r"allows?|enables?|provides?|requires?|achieves?|improves?|outperforms?|remains?|becomes?|"
    r"makes?|leads?|uses?|gives?|proposes?|presents?|introduces?|describes?|studies|study|"
    r"investigates?|develops?|demonstrates?|explores?|addresse?s?|considers?|examines?|provides?|"
    r"learns?|suffers?|relies|rely|depends?|offers?|yields?|produces?|generates?|captures?|"
    r"reduces?|increases?|contains?|consists?|extends?|aims?|seeks?|tends?|fails?|performs?|"
    r"exhibits?|reveals?|suggests?|indicates?|finds?|proves?|argues?|results?|works?|exists?|"
    r"arises?|plays?|poses?|needs?|holds?|helps?|takes?|combines?|connects?|\w{3,}(?:ed|izes|"
    r"ises))\b",
    re.IGNORECASE,
)


_DONE = (
    "propose|introduce|present|develop|design|devise|study|investigate|analyze|analyse|explore|"
    "examine|formulate|derive|describe|provide|show|prove|demonstrate|extend|build|construct|"
    "create|learn|train|use|employ|leverage|apply|combine|augment|define|establish|consider|"
    "compare|evaluate|characterize|characterise|identify|generalize|generalise|adopt|adapt|"
    "incorporate|integrate|exploit|replace|model|estimate|optimize|optimise|reformulate|"
    "decompose|modify|measure|minimize|maximize|offer|suggest|give|equip|focus|address|tackle"
)
_GERUNDS = {
    **{w.removesuffix("e") + "ing": w for w in _DONE.split("|")},
    **{w + w[-1] + "ing": w for w in ("equip",)},
}
# "To mitigate these challenges we propose ...": the same without its comma.
_LEAD_BARE = re.compile(
    r"^(?:to|as|with|in|for|by|given|based on|motivated by|inspired by|towards?|building on|"
    r"following|under|from|below|above)\b[^,.;:]{0,90}?\b(?:this|these|that|those|such|it|them|"
    r"above|mind|so|below|"
    rf"problems?|issues?|challenges?|limitations?|gap|end|"
    rf"goal)\b[^,.;:]{{0,50}}?\s?(?=we\s(?:\w+ly\s)?(?:{_DONE})\b)"
    r"|^(?:below|above) (?=we )",
    re.IGNORECASE,
)
# "We address these challenges by developing ...": what is done is in the second half.
_TO_WHAT = re.compile(
    rf"^({_SUBJECT}) [^.;:]{{0,40}}?\b(?:this|these|such|those|that|it|so|above|the (?:above|"
    rf"problem|issue|challenge|gap)\w*|step|beyond)\b"
    rf"[^.;:]{{0,70}}?(?:,? by (?:first |instead |\w+ly )?|, )(?P<gerund>{'|'.join(_GERUNDS)})\b",
    re.IGNORECASE,
)
_AND_WHAT = re.compile(
    rf"^(we) [^.;:,]{{0,40}}?\b(?:this|these|such|those|that|it|so|above|the (?:above|problem|"
    rf"issue|challenge|gap)\w*|step|beyond)\b"
    rf"[^.;:,]{{0,60}}?,? and (?:we )?(?:then |thus |instead |therefore |further |also "
    rf")?(?=(?:{_DONE})\b)",
    re.IGNORECASE,
)


def _what(text: str) -> str:
    """Return "We develop ..." of "We address these challenges by developing ..."; else nothing."""
    if found := _TO_WHAT.match(text):
        verb = _GERUNDS[found["gerund"].lower()]
        if found[1].lower() != "we":
            verb = _third(verb)
        return f"{found[1]} {verb}{text[found.end() :]}"
    if found := _AND_WHAT.match(text):
        return f"{found[1]} {text[found.end() :]}"
    return ""


def _third(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in "aeou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "x", "sh", "ch")) else "s")


def shown(sentence: str) -> str:
    """Return a sentence without its opening, its citations and its asides."""
    text = _LONG_CITED.sub("", _CITATION.sub("", sentence))
    text = _ENUMERATED.sub("", _FOOTNOTE.sub(",", _ASIDE.sub("", text)))
    text = _drop_acronyms(text)
    for _ in range(3):
        stripped = _OPENING.sub("", text)
        if stripped == text:
            break
        text = stripped
    text = _REMEDY.sub("", _HERE.sub("", _MIDDLE.sub(" ", text)))
    text = _WE_ALSO.sub(r"\1 ", text)
    return _capital(_SPACED.sub(r"\1", text).strip(" ,;:"))


_LONG_CITED = re.compile(r"\s*\((?=[^()]*\bet al\b)[^()]*\)")


def _drop_acronyms(text: str) -> str:
    """Take away "(MPT)" where the letters do not come again."""

    def seen(found: re.Match[str]) -> str:
        rest = text[: found.start()] + text[found.end() :]
        return found[0] if found[1].rstrip("s") in rest else ""

    return _ACRONYM.sub(seen, text)


def clauses(sentence: str) -> list[Clause]:
    """Return what can be cut out of a sentence, the least cut first, each at most once."""
    whole = shown(sentence)
    fronts = [("", whole)]
    if lead := _LEAD_IN.match(whole):
        fronts.append(("lead", _capital(_WE_ALSO.sub(r"\1 ", whole[lead.end() :]))))
    elif lead := _LEAD_BARE.match(whole):
        fronts.append(("lead", _capital(whole[lead.end() :])))
    for _, text in list(fronts):
        if what := _what(text):
            fronts.append(("what", _capital(what)))
    for _, text in list(fronts):
        if that := _THAT.match(text):
            fronts.append(("that", _capital(text[that.end() :])))
    for front, text in list(fronts):
        if (bare := _LONG_ASIDE.sub("", text)) != text:
            fronts.append((front + "aside", bare))
    found: dict[str, Clause] = {}
    for front, text in fronts:
        for clause in _cut(text, front):
            found.setdefault(clause.text, clause)
    return list(found.values())[:MOST]


def _cut(text: str, front: str) -> Iterator[Clause]:
    """Yield a text whole, and cut at each place where a clause may end."""
    end = text[-1:] if text[-1:] in ".?!" else "."
    if fits(text) and not _DANGLING.search(text.rstrip(" .,;:")):
        yield Clause(_capital(text.rstrip(" .,;:") + end), front)
    least = 0
    if _FIRST_ADVERBIAL.match(text):
        comma = text.find(", ")
        least = comma + 12 if comma > 0 else len(text)
    for cut in _CUTS.finditer(text):
        kind = cut.lastgroup or ""
        piece = text[: cut.start()].rstrip(" ,;:–—-")
        if cut.start() < least or not fits(piece) or _DANGLING.search(piece):
            continue
        if kind == "bare" and (_PASSIVE_BEFORE.search(piece) or piece.endswith(("ing", "ed"))):
            continue
        if not FINITE.search(piece[least and least - 10 :]):
            continue
        if _HALF.search(piece):
            continue
        yield Clause(piece + ".", front, kind)


def fits(text: str) -> bool:
    """Tell whether a text has a TLDR's length, and closes the brackets and quotes that it opens."""
    return (
        MIN_WORDS <= len(text.split()) <= MAX_WORDS
        and len(text) < MAX_CHARACTERS
        and text.count("(") == text.count(")")
        and text.count("[") == text.count("]")
        and text.count("“") == text.count("”")
        and text.count('"') % 2 == 0
        and text.count("$") % 2 == 0
        and not _RUN_ON.search(text)
    )


def _capital(text: str) -> str:
    """Begin with a capital, but for a word that has one elsewhere ("iPhone")."""
    word = text.split(" ", 1)[0]
    if text[:1].islower() and not any(c.isupper() for c in word):
        return text[:1].upper() + text[1:]
    return text


def shortest(sentence: str) -> str:
    """Return a sentence of which no clause fits, cut where its words end; the cut shows."""
    text = shown(sentence)
    cut = " ".join(text.split()[:MAX_WORDS])[: MAX_CHARACTERS - 2]
    if cut == text:
        return text
    return cut[: cut.rfind(" ")].rstrip(" ,;:–—-") + " …" if " " in cut else cut
