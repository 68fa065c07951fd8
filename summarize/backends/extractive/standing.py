"""Whether a line stands alone for someone who has read the title and nothing else. Pure.

All that is looked for is looked for in a line as `cues.spaced` gives it.
"""

import re
from functools import lru_cache

from summarize.backends.extractive.cues import spaced
from summarize.text.stems import stem

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
    rf" (?:(?:our|the proposed|the introduced|the suggested)\s(?:\w+ ){{0,2}}?{_WORK}\b|the "
    rf"(?:proposed|latter|former|above|aforementioned|suggested|same (?:idea|method|approach))\b|"
    rf"ours\b)"
)
# "The model learns ...", where no model was named yet; but not "the model of ...".
_THE = re.compile(
    r" the (?:model|method|approach|algorithm|framework|theory|theorem|system|technique|procedure|"
    r"scheme|idea|architecture|proposal)s?\b"
    r"(?! (?:of|for|that|which|in|by|with|between|behind)\b)"
)
_EARLY = 8  # words
_INTRODUCED = re.compile(
    r" (?:propose|present|introduce|develop|design|describe|devise|formulate|derive|build|"
    r"construct|create|establish|train|extend|suggest|offer|provide|employ|use|combine|define|"
    r"release|collect|implement)(?:s|d|ed)?\b"
)
_PAPER = (
    r"(?:research |short |technical |position |review |survey )?(?:paper|research|work|article|"
    r"study|note|letter|report|survey|thesis|tutorial|manuscript|monograph|essay|review)\b"
)
_BEGINS = re.compile(
    rf"^ (?:this(?! {_PAPER})|these|those|"
    r"they|them|their|its|such|he|she|here|both(?! [\w-]+ and )|another|others?|similarly|"
    r"the (?:latter|former|above|following|resulting|second|third|same|aforementioned|two|three|"
    r"proposed|other|goal|aim|idea|key|main|reason|algorithm|method|approach|model|framework|"
    r"network|system|technique|architecture|problem|results?|experiments?|code|agent|analysis|"
    r"procedure|scheme|task|learned|obtained|present)\b(?! (?:of|for|that) )|"
    r"one (?:such|of (?:these|the))|each of|all of (?:these|the)|some of|neither|then|also|as such|"
    r"doing so|which|where|whereas|who|because|and|but|or|so|yet|second|third|first|finally|"
    r"for (?:this|example|instance)|in (?:this|these|such|both|each|all)|at the same time|"
    r"with (?:this|these|such|it)|by (?:this|these|doing so|that)|from (?:this|these)|"
    r"on (?:this|these|both|all)|under (?:this|these|such)|to (?:do|this|these)|"
    r"using (?:this|these|it|them)|based on (?:this|these|it)|unlike (?:these|this|those)|"
    r"(?:extensive |our |empirical |numerical |experimental |the |preliminary |theoretical |"
    r"qualitative |quantitative |comprehensive |thorough |simulation |initial )*(?:experiments?|"
    r"evaluations?|results?|simulations?|analys[ei]s|findings?|code|studies|ablations?|"
    r"improvements?|applications?)\b)"
)
_IT = re.compile(r"^ (?:it|its|itself)\b")
_EXPLETIVE = re.compile(
    r"^ it (?:is|has been|was|remains|turns out|seems|appears|can be|may be) (?:\w+ly |also |"
    r"often |well |still |thus |then )*(?:\w+- ?)*\w+ (?:that|to|how|whether|for|why|if)\b"
)
_POINTS = re.compile(
    r" (?:this|these|those|such(?! (?:as|that)\b)|they|them|their|its|it|the (?:latter|former|"
    r"above|aforementioned|said|same|two|corresponding|respective))\b"
)
# What only the sentence before explains, even below a TLDR that names the authors' work.
_BACK = re.compile(
    rf"^ (?:(?:even though|even if|however|moreover|furthermore|and|but|so|yet|thus|hence|then|"
    rf"also|while|although|"
    rf"since|because|when|if|given|despite|approaching|using|unlike|under|with|by|from|on|in|to|for|"
    rf"of|at|all|both|each|some|one|most|many|as|after|before),? (?:of |to |\w+ing )?)?"
    rf"(?:this(?! {_PAPER})|these|those|they|them|their|its|such|he|she|another|others|"
    rf"the (?:latter|former|above|following|resulting|second|third|same|aforementioned|other|"
    rf"corresponding|respective))\b"
    r"|^ (?:one such|neither|which|where|who|simply put|put differently|the (?:first|last) \w+ is|"
    r"(?:for|of|to|do|from|with|by) that,|both (?![\w-]+ and )|each )"
    r"|(?: (?:for|of|to|by|with|from|do|does|did|about|after|before|without) that"
    r"| (?:this|those))(?=[,.;:?!]| and\b)"
    r"| (?:propose|leave|consider|regard|take|see) (?:that|this|these|it) (?:as|for|to)\b"
    r"| (?:this|these|such) (?:[\w-]+ )?(?:bottleneck|issue|problem|challenge|gap|limitation|"
    r"difficulty|setting|direction|context|scenario|goal|end|case|algorithm|method|approach|model|result|property|"
    r"stud(?:y|ie)|work(?=s)|finding|condition)(?:e?s)?\b| they \w+\.$"
    r"|^ our (?:second|third|next|last|other)\b"
    r"|^ we \w+ (?:that |how )?(?:it|its|they|their|them|these|those|such)\b"
    r"| both (?:issues|problems|of|cases)\b|(?<!^) the above\b"
    r"| as (?:above|below|before|previously)\b"
    r"| (?:said|mentioned|described|discussed) (?:above|before)"
)
_THIS_PAPER = re.compile(rf" (?:this|the (?:present|current)) {_PAPER}")
_IT_THAT = re.compile(
    r" (?:it (?:is|was|has been|remains|can be|becomes|might be|may be) (?:\w+ly |also |often "
    r"|thus |not )*(?:\w+- ?)*\w+ (?:that|to|how|whether|for|why|if)\b"
    r"|mak\w+ it \w+|render\w* it|(?:those|that) (?:of|that|who|which|from|in|with|obtained|"
    r"trained|used|produced|found|by)\b)"
)
_PLACE = re.compile(
    r" (?:(?:figures?|fig\.|tables?|tab\.|sections?|sec\.|eqs?\.|equations?|appendix|chapter|"
    r"theorem|lemma) ?\(?\d"
    r"|(?:in the (?:next|following|previous) (?:section|subsection)|see below|as follows|"
    r"the following|described above|mentioned above|as above|discussed above|below|et al|"
    r"supplement\w*|the rest of (?:the|this) paper|github|the code|our code)\b|https?:|www\.)"
    r"|\[\d|\(\d{1,2}\)"
)
_SYMBOLS = re.compile(
    r"[α-ωΑ-Ω∈∉∀∃∑∏≤≥⊂⊆×∞√\\]|(?<![\w-])[b-hj-zB-HJ-Z](?![\w-]|’s)\s[=<>]|\$[^$]*\$[^$]+\$[^$]*\$"
)


def places(text: str) -> bool:
    """Tell whether a line names a place elsewhere: a figure, a section, an address, a reference."""
    return _PLACE.search(spaced(text)) is not None


@lru_cache(maxsize=4096)
def leans(text: str) -> bool:
    """Tell whether a line points at something that was said before it, or elsewhere."""
    line = spaced(text)
    if _BEGINS.match(line) or (_IT.match(line) and not _EXPLETIVE.match(line)):
        return True
    if _PLACE.search(line) or _SYMBOLS.search(text):
        return True
    return _points(_IT_THAT.sub("", _THIS_PAPER.sub("", line))) or _is_unintroduced(line)


def points_back(text: str) -> bool:
    """Tell whether a line begins or ends its clause with what points at a line before it.

    It is asked of what stands below a TLDR, where "our method" is known: less than `leans` asks.
    """
    line = spaced(text)
    return _BACK.search(line) is not None or (
        _IT.match(line) is not None and _EXPLETIVE.match(line) is None
    )


def _points(line: str) -> bool:
    """Tell whether a pronoun comes before what it may stand for."""
    for found in _POINTS.finditer(line):
        before = line[: found.start()].split()
        plural = found[0] in {" these", " those", " such"}
        if len(before) < (9 if plural else 6):
            return True
        introduced = _INTRODUCED.search(line[: found.start()]) is not None
        if plural and not introduced:
            named = {stem(word) for word in before}
            if not named & {stem(word) for word in line[found.end() :].split()[:2]}:
                return True
        # "We propose X and show that it ...": something must have been named before.
        if before[0] == "we" and not introduced and len(before) < 8:
            return True
    return False


def _is_unintroduced(line: str) -> bool:
    """Tell whether a line speaks of the authors' own work before it says what that is."""
    for found in _OUR.finditer(line):
        introduced = _INTRODUCED.search(line[: found.start()])
        if not introduced or len(line[introduced.end() : found.start()].split()) < 3:
            return True
    the = _THE.search(line)
    return the is not None and len(line[: the.start()].split()) < _EARLY
