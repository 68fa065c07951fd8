"""A sentence of a paper, less what only its place in the paper explains. Pure.

Nothing is reworded but a verb: "We address this by developing ..." becomes "We develop ...".
"""

import re

_DONE = frozenset(
    "propose introduce present develop design devise study investigate analyze analyse explore "
    "examine formulate derive describe provide show prove demonstrate extend build construct "
    "create learn train use employ leverage apply combine augment define establish consider "
    "compare evaluate characterize characterise identify generalize generalise adopt adapt "
    "incorporate integrate exploit replace model estimate optimize optimise reformulate "
    "decompose modify measure minimize maximize offer suggest give equip focus address "
    "tackle".split()
)
_GERUNDS = {verb.removesuffix("e") + "ing": verb for verb in _DONE} | {"equipping": "equip"}
_SUBJECT = (
    r"(?:we|this (?:paper|work|article|study|note|letter|report)|"
    r"the (?:present )?(?:paper|authors?|work|article|study))"
)
_UNSAID = (
    r"\b(?:this|these|such|those|that (?=gap|issue|problem|need|challenge|question)|so|above|"
    r"the (?:above|problem|issue|challenge|gap)"
)

# --- inside ---------------------------------------------------------------------------------------

_CITATION = re.compile(
    r"\s*\((?:(?:e\.g\.,?|see|cf\.|i\.e\.,?)\s)?[A-Z][^()]{0,120}?\b(?:19|"
    r"20)\d\d[a-z]?[^()]{0,120}\)"
    r"|\s*\[\d{1,3}(?:\s*[,–-]\s*\d{1,3})*\]"
    r"|(?<=et al)\.\s*\(?(?:19|20)\d\d[a-z]?\)?"
)
_LONG_CITED = re.compile(r"\s*\((?=[^()]*\bet al\b)[^()]*\)")
_ACRONYM = re.compile(r"\s\(([A-Z][\w-]{0,12}s?|[a-z]?[A-Z]{2,}\w*(?:[-/ ][A-Z]\w*)?)\)")
_ASIDE = re.compile(r"\s\((?:e\.g\.|i\.e\.|for example|such as|see |cf\.|or |also )[^()]*\)")
_LONG_ASIDE = re.compile(r"\s\((?=[^()]*\s[^()]*\s)[^()]*\)")
# "... a model that addresses these challenges, ...": which ones was said before.
_REMEDY = re.compile(
    r",?\s(?:that|which|to|in order to)\s(?:\w+ly\s)?(?:address|resolve|tackle|solve|overcome|"
    r"mitigate|alleviate|remedy|handle|fill|bridge|close|meet|achieve|do|counter)(?:e?s)?\s"
    r"(?:this|these|that|those|such|the above|so)(?:\s[\w-]+)?"
    r"(?=[,.]|\s(?:in|by|using|with|of|through|via)\b)"
)
_FOOTNOTE = re.compile(r"(?<=[A-Za-z]),\d{1,2}(?=\s[a-z])|(?<=[a-z]{4})\d(?=,\s(?:an?|the)\s)")
_ENUMERATED = re.compile(r"^\(?\d[.)]\s+|,?\s\(?\d\)?(?=\.?$)")
_SPACED = re.compile(r"\s+([,.;:?!])")
_MIDDLE = re.compile(
    r",?\s(?:however|therefore|moreover|furthermore|thus|hence|consequently|in this "
    r"(?:paper|work)|to this end|as a result|instead|here|also),\s"
)
_HERE = re.compile(r"(?<=[, ])in this (?:paper|work|article|study|note|letter),?\s(?=we\s)")

# --- glued ----------------------------------------------------------------------------------------

# Words of a title, then a word with a capital that only the beginning of a sentence gives it.
_HEADING = re.compile(
    r"^(?:\d+(?:\.\d+)*\.?\s)?[A-Z][\w’'-]*:?\s"
    r"(?:(?:[A-Z][\w’'-]*:?|and|of|for|the|in|on|with|to|via|from|by|&|vs\.?)\s){0,8}?"
    r"(?=(?:We|Our|This|These|The|In|To|Here|There|It|Given|For|Suppose|Recall|Consider)\s[a-z])"
)

# --- in front -------------------------------------------------------------------------------------

_MARKERS = frozenset(
    "specifically|in particular|more specifically|more precisely|more concretely|concretely|"
    "however|moreover|furthermore|in addition|additionally|finally|lastly|first|firstly|second|"
    "secondly|third|thirdly|then|next|here|now|today|therefore|thus|hence|consequently|"
    "accordingly|as such|as a result|as a consequence|in short|in summary|to summarize|"
    "to summarise|overall|"
    "to conclude|in conclusion|to this end|to that end|to this aim|toward this end|"
    "towards this end|to do so|to do this|to address this|in light of this|in response|"
    "in contrast|by contrast|on the other hand|on the one hand|instead|rather|unfortunately|"
    "fortunately|surprisingly|interestingly|remarkably|notably|importantly|crucially|indeed|"
    "in fact|for example|for instance|also|besides|meanwhile|again|similarly|likewise|"
    "nevertheless|nonetheless|still|yet|in other words|that is|in essence|essentially|"
    "in general|generally|conversely|alternatively|ultimately|significantly|subsequently|"
    "intuitively|technically|empirically|experimentally|theoretically|inspired by this|"
    "motivated by this|based on this|in doing so|along the way|to our knowledge|"
    "to the best of our knowledge|as far as we know|in practice|our main contribution is that|"
    "for this purpose|more importantly|more generally|in total|to begin with".split("|")
)
_MOST_MARKED = 40  # characters of a marker
_OPENING = re.compile(
    r"^(?:in|with|through|by|throughout)\s+(?:this|the (?:present|current))\s+"
    r"(?:short |position |research |technical )?"
    r"(?:paper|work|article|study|note|letter|report|manuscript|contribution|survey)\s*,?\s*"
    r"|^(?:to do so|to do this|to this end|to that end|for this purpose|to address this|"
    r"as a result|in doing so|thus|hence|therefore|here|specifically|then|so|finally|also|now|"
    r"in addition|moreover|furthermore|additionally|in particular|accordingly|instead|and|but|"
    r"yet)\s+(?=we\s)",
    re.IGNORECASE,
)
# The same without its comma; but not "However large they are, ...".
_CONTRAST = re.compile(
    r"^(?:Further,|Moreover|Furthermore|Nevertheless|Nonetheless|Therefore|Consequently|Hence|Thus"
    r"|However(?=\s(?:[A-Z]|(?:the|in|an?|it|most|existing|current)\s)))\s+"
)
_AND = re.compile(r"^(?:and|but|so|or)\s+", re.IGNORECASE)
_WE_ALSO = re.compile(
    r"^(we|this (?:paper|work|article|study)) "
    r"(?:also|further|additionally|then|first|finally|next|therefore|thus|hence|here|instead|"
    r"consequently|furthermore|moreover|secondly|second|lastly|now|hereby|subsequently)\s",
    re.IGNORECASE,
)
# "To overcome these challenges, we ...", "We take a new view, where we ...": what matters follows.
_LEAD_IN = re.compile(
    rf"^[^.;:]{{3,160}}?,\s+(?:and\s+|where\s+|in which\s+|so\s+)?(?:then\s+|here\s+)?"
    rf"(?={_SUBJECT}\s)",
    re.IGNORECASE,
)
# Without its condition a statement says more than it did.
_CONDITION = re.compile(
    r"^(?:if|when|once|under|assuming|unless|until|only|provided|suppose|after|before|without)\b|"
    r"\b(?:case|setting|regime|assumption|condition)s?\b",
    re.IGNORECASE,
)
# "To mitigate these challenges we propose ...": the same without its comma.
_LEAD_BARE = re.compile(
    r"^(?:to|as|with|in|for|by|given|based on|motivated by|inspired by|towards?|building on|"
    r"following|under|from|below|above)\b[^,.;:]{0,90}?\b(?:this|these|that|those|such|it|them|"
    r"above|mind|so|below|problems?|issues?|challenges?|limitations?|gap|end|goal)\b"
    r"[^,.;:]{0,50}?\s?(?=we\s(?:\w+ly\s)?(?P<verb>\w+)\b)"
    r"|^(?:below|above) (?=we )",
    re.IGNORECASE,
)
# What is shown is said without who shows it; what is only believed or argued is not.
_THAT = re.compile(
    r"^(?:we|our (?:\w+ )?(?:results?|experiments?|findings?|analysis|evaluations?|study)|"
    r"this (?:paper|work|article|study)|(?:the |these )?(?:empirical |experimental |extensive |"
    r"numerical |theoretical )*(?:results?|experiments?|evaluations?))\s(?:\w+ly\s|also\s|then\s|"
    r"further\s|first\s|can\s|will\s|on [^,]{3,60}\s)*"
    r"(?:show|demonstrate|find|prove|observe|reveal|establish|discover|verify|confirm|found|showed|"
    r"demonstrated)s?(?:\s(?:empirically|theoretically|experimentally|both|here|in [^,]{3,40},))*"
    r"\sthat\s",
    re.IGNORECASE,
)
# "We address these challenges by developing ...": what is done is in the second half.
_TO_WHAT = re.compile(
    rf"^({_SUBJECT}) [^.;:]{{0,40}}?{_UNSAID}\w*|step|beyond)\b"
    rf"[^.;:]{{0,70}}?(?:,? by (?:first |instead |\w+ly )?|, )(?P<gerund>\w+ing)\b",
    re.IGNORECASE,
)
_AND_WHAT = re.compile(
    rf"^(we) [^.;:,]{{0,40}}?{_UNSAID}\w*|step|beyond)\b"
    rf"[^.;:,]{{0,60}}?,? and (?:we )?(?:then |thus |instead |therefore |further |also "
    rf")?(?=(?P<verb>\w+)\b)",
    re.IGNORECASE,
)


def shown(sentence: str) -> str:
    """Return a sentence without its opening, its citations and its asides."""
    text = _LONG_CITED.sub("", _CITATION.sub("", sentence))
    text = _ENUMERATED.sub("", _FOOTNOTE.sub(_comma, _ASIDE.sub("", text)))
    text = _without_opening(_without_acronyms(text))
    text = _REMEDY.sub("", _HERE.sub("", _MIDDLE.sub(" ", text)))
    text = _WE_ALSO.sub(r"\1 ", text)
    return capital(_SPACED.sub(r"\1", text).strip(" ,;:"))


def opened(sentence: str) -> str:
    """Return a sentence without its opening ("However, ", "In this paper, "), else as it stands."""
    return capital(_CONTRAST.sub("", _without_opening(sentence)))


def unglued(sentence: str) -> str:
    """Return a sentence without a heading that was read as a part of it: "Overview We ..."."""
    return sentence[heading.end() :] if (heading := _HEADING.match(sentence)) else sentence


def _without_opening(text: str) -> str:
    for _ in range(3):
        stripped = _OPENING.sub("", _unmarked(text))
        if stripped == text:
            break
        text = stripped
    return text


def beginnings(sentence: str) -> list[tuple[str, str]]:
    """Return what a sentence says from each place where it may begin, and what that leaves out.

    The whole of it ("") comes first, then without what it leads in with ("lead"), what is done to
    an end that is not said ("what"), what is shown ("that"), and each without its longer asides.
    """
    whole = shown(sentence)
    found = [("", whole)]
    lead = _LEAD_IN.match(whole)
    if lead and not _CONDITION.search(lead[0]):
        found.append(("lead", capital(_WE_ALSO.sub(r"\1 ", whole[lead.end() :]))))
    elif (lead := _LEAD_BARE.match(whole)) and (lead["verb"] or "use") in _DONE:
        found.append(("lead", capital(whole[lead.end() :])))
    for _, text in list(found):
        if what := _what(text):
            found.append(("what", capital(what)))
    for _, text in list(found):
        if that := _THAT.match(text):
            found.append(("that", capital(text[that.end() :])))
    for front, text in list(found):
        if (bare := _LONG_ASIDE.sub("", text)) != text:
            found.append((front + "aside", bare))
    return found


def _unmarked(text: str) -> str:
    """Take away "However, ", "And in particular, "."""
    bare = _AND.sub("", text[: _MOST_MARKED + 4]).partition(",")[0]
    if bare.strip().lower() in _MARKERS and "," in text:
        return text[text.index(",") + 1 :].lstrip()
    return text


def _comma(found: re.Match[str]) -> str:
    return "," if found[0].startswith(",") else ""


def _without_acronyms(text: str) -> str:
    """Take away "(MPT)" where the letters do not come again."""

    def seen(found: re.Match[str]) -> str:
        rest = text[: found.start()] + text[found.end() :]
        return found[0] if found[1].rstrip("s") in rest else ""

    return _ACRONYM.sub(seen, text)


def _what(text: str) -> str:
    """Return "We develop ..." of "We address these challenges by developing ..."; else nothing."""
    found = _TO_WHAT.match(text)
    if found and found["gerund"].lower() in _GERUNDS:
        verb = _GERUNDS[found["gerund"].lower()]
        if found[1].lower() != "we":
            verb = _third(verb)
        return f"{found[1]} {verb}{text[found.end() :]}"
    found = _AND_WHAT.match(text)
    if found and found["verb"].lower() in _DONE:
        return f"{found[1]} {text[found.end() :]}"
    return ""


def _third(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in "aeou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "x", "sh", "ch")) else "s")


def capital(text: str) -> str:
    """Begin with a capital, but for a word that has one elsewhere ("iPhone")."""
    word = text.split(" ", 1)[0]
    if text[:1].islower() and not any(c.isupper() for c in word):
        return text[:1].upper() + text[1:]
    return text
