"""Whether a line stands alone for someone who has read the title and nothing else. Pure."""

import re

from summarize.text.evidence import stem

# What the authors call their own work by: it needs to have been introduced.
_WORK = (
    r"(?:method|approach|model|algorithm|framework|technique|system|scheme|procedure|architecture|"
    r"network|formulation|strategy|mechanism|solution|modification|representation|"
    r"loss|objective|metric|estimator|agent|construction|design|implementation|bound|"
    r"proof|policy|tool|proposal|idea|measure|attack|defen[cs]e|data ?set|benchmark|code|"
    r"evaluation|simulation|pipeline|module|layer|regulari[sz]er|"
    r"prior|sampler|generator|encoder|decoder|classifier|learner|kernel|embedding|insight|"
    r"observation|assumption|hypothesis|setting|problem|task|best|final|full|"
    r"proposed|new|novel|own|learned|trained|resulting|extensive|first|second|previous|"
    r"earlier)(?:e?s)?"
)
_OUR = re.compile(
    rf"\b(?:our|the proposed|the introduced|the suggested)\s(?:\w+ ){{0,2}}?{_WORK}\b|\bthe "
    rf"(?:proposed|latter|former|above|aforementioned|suggested|same (?:idea|method|approach))\b|"
    rf"\bours\b",
    re.I,
)
_INTRODUCED = re.compile(
    r"\b(?:propose|present|introduce|develop|design|describe|devise|formulate|derive|build|"
    r"construct|create|establish|train|extend|suggest|offer|provide|employ|use|combine|define|"
    r"release|collect|implement)(?:s|d|ed)?\b",
    re.I,
)
_BEGINS = re.compile(
    r"^(?:this(?!\s+(?:research |short |technical |position |review |survey )?(?:paper|research|"
    r"work|article|study|note|letter|report|survey|thesis|tutorial|manuscript|monograph|essay|"
    r"review)\b)|these|those|"
    r"they|them|their|its|such|he|she|here|both(?! [\w-]+ and )|another|others?|similarly|"
    r"the (?:latter|former|above|following|resulting|second|third|same|aforementioned|two|three|"
    r"proposed|other|goal|aim|idea|key|main|reason|algorithm|method|approach|model|framework|"
    r"network|system|technique|architecture|problem|results?|experiments?|code|agent|analysis|"
    r"procedure|scheme|"
    r"task|learned|obtained|present)\b(?! (?:of|for|that) )|one (?:such|of (?:these|the))|each of|"
    r"all of (?:these|the)|some of|neither|then|also|as such|doing so|which|where|whereas|who|"
    r"because|and|but|or|so|yet|second|third|first|finally|for (?:this|example|instance)|"
    r"in (?:this|these|such|both|each|all)|at the same time|with (?:this|these|such|it)|by (?:this|"
    r"these|doing so|"
    r"that)|from (?:this|these)|on (?:this|these|both|all)|under (?:this|these|such)|to (?:do|this|"
    r"these)|using (?:this|"
    r"these|it|them)|based on (?:this|these|it)|unlike (?:these|this|those)|"
    r"(?:extensive |our |empirical |numerical |experimental |the |preliminary |theoretical |"
    r"qualitative |quantitative |comprehensive |thorough |simulation |initial )*(?:experiments?|"
    r"evaluations?|results?|simulations?|analys[ei]s|findings?|code|studies|ablations?|"
    r"improvements?|applications?)\b)",
    re.I,
)
_IT = re.compile(r"^(?:it|its|itself)\b", re.I)
_EXPLETIVE = re.compile(
    r"^it (?:is|has been|was|remains|turns out|seems|appears|can be|may be) (?:\w+ly |also |often |"
    r"well |still |thus |then )*(?:[\w-]+) "
    r"?(?:that|to|how|whether|for|why|if)\b",
    re.I,
)
_POINTS = re.compile(
    r"\b(?:this|these|those|such(?! (?:as|that)\b)|they|them|their|its|it|the (?:latter|former|"
    r"above|aforementioned|"
    r"said|same|two|corresponding|respective))\b",
    re.I,
)
_THIS_PAPER = re.compile(
    r"\b(?:this|the (?:present|current)) (?:research |short |technical |position |review "
    r")?(?:paper|research|work|article|study|note|letter|report|survey)\b",
    re.I,
)
_IT_THAT = re.compile(
    r"\bit (?:is|was|has been|remains|can be|becomes|might be|may be) (?:\w+ly |also |often |thus |"
    r"not )*[\w-]+ (?:that|to|how|whether|for|why|if)\b"
    r"|\bmak\w+ it \w+|\brender\w* it|\b(?:those|that) (?:of|that|who|which|from|in|with|obtained|"
    r"trained|used|produced|found|by)\b",
    re.I,
)
_PLACE = re.compile(
    r"\b(?:figures?|fig\.|tables?|tab\.|sections?|sec\.|eqs?\.|equations?|appendix|chapter|theorem|"
    r"lemma) ?\(?\d"
    r"|\b(?:in the (?:next|following|previous) (?:section|subsection)|see below|as follows|"
    r"the following|described above|mentioned above|as above|discussed above|below|et al|"
    r"supplement\w*|"
    r"the rest of (?:the|this) paper)\b|https?:|www\.|\[\d|\(\d{1,2}\)|"
    r"\bgithub\b|\bthe code\b|\bour code\b",
    re.I,
)


_SYMBOLS = re.compile(r"[α-ωΑ-Ω∈∉∀∃∑∏≤≥⊂⊆×∞√]|(?<![\w-])[b-hj-zB-HJ-Z](?![\w-]|’s)\s[=<>]")


def places(text: str) -> bool:
    """Tell whether a line names a place elsewhere: a figure, a section, an address, a reference."""
    return _PLACE.search(text) is not None


def leans(text: str) -> bool:
    """Tell whether a line points at something that was said before it, or elsewhere."""
    if places(text) or _SYMBOLS.search(text):
        return True
    if _BEGINS.match(text) or (_IT.match(text) and not _EXPLETIVE.match(text)):
        return True
    bare = _IT_THAT.sub("", _THIS_PAPER.sub("", text))
    for found in _POINTS.finditer(bare):
        before = bare[: found.start()].split()
        plural = found[0].lower() in {"these", "those", "such"}
        if len(before) < (9 if plural else 6):
            return True
        named = {stem(word) for word in before}
        what = [stem(word) for word in bare[found.end() :].split()[:2]]
        if plural and not named & set(what) and not _INTRODUCED.search(bare[: found.start()]):
            return True
        # "We propose X and show that it ...": something must have been named before.
        if (
            before[0].lower() == "we"
            and not _INTRODUCED.search(bare[: found.start()])
            and len(before) < 8
        ):
            return True
    for found in _OUR.finditer(text):
        introduced = _INTRODUCED.search(text[: found.start()])
        if not introduced or len(text[introduced.end() : found.start()].split()) < 3:
            return True
    return False
