"""Sentences that speak to a language model or an automatic reviewer rather than to a reader.

They are told by what is said and not by how it is set: the words are sought with everything but
their letters taken out, so that neither spaces nor line breaks nor capitals hide them.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import compress
from operator import itemgetter

BEFORE, AFTER = 240, 400  # characters to which a sentence reaches from what is found in it, at most

_FILL = (
    r"(?:all|any|every|the|of|your|my|our|its|these|those|this|other|please|a|an|only|very){0,5}"
)
_ORDERS = r"(?:instructions?|prompts?|directions|directives|commands|guidelines|rules)"
_MODEL = (
    r"(?:ai|llms?|gpt|chatgpt|claude|gemini|chatbots?|bots?|(?:ai|largelanguage|language"
    r"|generative|automat(?:ed|ic)|llm)(?:models?|assistants?|reviewers?|agents?|systems?|tools?))"
)
_GOOD = r"(?:positive|favou?rable|glowing|good|great|high|top|strong|perfect|excellent)"
_VERDICT = r"(?:reviews?|scores?|ratings?|evaluations?|assessments?|recommendations?|feedback)"
_WORK = r"(?:paper|work|submission|manuscript|article|document|study)"
_FAULTS = r"(?:negatives|weaknesses|flaws|shortcomings|drawbacks|faults)"

# The words with which each begins, what may follow them, and the signs of which one must come next
# in the text, if any: they tell an order from a report. What may be skipped is bounded, so that the
# time grows with the text and no faster.
_SAID = tuple(
    (tuple(words.split()), re.compile(rest), "".join(signs))
    for words, rest, *signs in (
        (
            "ignore disregard forget override bypass",
            rf"{_FILL}(?:previous|prior|preceding|earlier|above|foregoing|existing|system)"
            rf"{_FILL}{_ORDERS}"
            rf"|(?:all|any|your|all(?:of)?your){_ORDERS}"
            rf"|(?:all|any|the|your){_ORDERS}(?:above|before)",
        ),
        ("positive favorable favourable glowing good excellent", rf"{_VERDICT}only"),
        (
            "give grant assign award write",
            rf"(?:this|the|our|my){_WORK}(?:an?)?(?:very|highly)?{_GOOD}{_VERDICT}"
            rf"|(?:only)?an?(?:very|highly)?{_GOOD}{_VERDICT}(?:of|for|to)(?:this|our|my){_WORK}",
        ),
        (
            "donot dont",
            r"(?<!wedonot)(?<!theydonot)(?<!authorsdonot)(?<!wedont)"
            r"(?:highlight|emphasi[sz]e|mention|pointout|list|raise)"
            rf"(?:any|its|the)(?:of(?:the|its))?{_FAULTS}",
        ),
        (
            "recommend suggest",
            rf"(?:strongly)?(?:accepting|(?:the)?acceptanceof)(?:this|the|our){_WORK}",
        ),
        (
            "asa asan youarea youarean",
            rf"{_MODEL}(?:you|andyou|whoyou)(?:should|must|are|will|have|needto|shall)",
        ),
        ("ifyouare", rf"(?:an?|the|being)?(?:[a-z]{{0,12}})?{_MODEL}"),
        (
            "attention noteto messageto messagefor instructionsfor dear hello hey",
            rf"(?:all|any|the)?{_MODEL}(?:reading|reviewing|summari[sz]ing|that|who|please|you|ignore"
            r"|do|must|should)",
        ),
        (
            "youarenow",
            rf"(?:an?|in|no|dan){_FILL}(?:{_MODEL}|longer|developer|unrestricted|jailbroken|mode)",
        ),
        ("output respond reply answer", r"(?:with)?only", ':“"'),
        ("respond reply answer", r"(?:onlywith|withonlythe|onlythis)"),
        (
            "for to attention",
            r"(?:all)?(?:llm|ai|chatgpt|gpt|automated)(?:reviewers?|models?|assistants?|readers?)",
            ":",
        ),
        ("attention noteto messageto instructionsfor", rf"(?:all|any|the)?{_MODEL}", ":"),
        ("ai llm languagemodel", r"(?:assistants?|models?|readers?|reviewers?)?readingthis"),
        ("llmreader llmreviewer aireader aireviewer", r"s?", ":"),
        ("revealyour printyour repeatyour showyour", rf"(?:system)?{_ORDERS}"),
        ("忽略", r".{0,8}(?:指令|指示|提示|说明|要求)"),
        ("给出 只给 请给", r".{0,6}(?:正面|积极|好评).{0,4}(?:评价|评审|评论)"),
        ("指示 命令 指令 プロンプト", r"(?:を|は)?(?:すべて|全て)?(?:無視|忘れ)"),
        ("肯定的な", r"(?:評価|レビュー)のみ"),
        ("지시 명령 지침 프롬프트", r".{0,6}(?:무시|잊)"),
        (
            "ignorier vergiss vergessen missachte",
            r"(?:en|e)?(?:sie)?(?:alle|die|samtliche|deine|ihre){0,2}"
            r"(?:vorherigen|bisherigen|vorigen|fruheren|obigen)(?:anweisungen|instruktionen|befehle)",
        ),
        (
            "ignore oublie",
            r"[rz]?(?:toutes|les|vos|tes|ces){0,2}(?:instructions|consignes)"
            r"(?:precedentes|anterieures|cidessus)",
        ),
        (
            "ignor olvid esquec dimentic",
            r"(?:a|e|ar|hi|ate)?(?:todas|tutte|las|le|as|tus|sus|suas){0,2}"
            r"(?:instrucciones|indicaciones|instrucoes|istruzioni)"
            r"(?:anteriores|previas|precedenti)",
        ),
        (
            "игнорируй забудь",
            r"(?:те)?(?:все|всё)?(?:предыдущие|прежние)(?:инструкции|указания|команды)",
        ),
    )
)
_Rules = dict[str, list[tuple[str, re.Pattern[str], str]]]


def _rules() -> _Rules:
    """Return under each word what may follow it and words that begin with it, each with the word.

    A paper is searched once for each of them, however many rules begin with it.
    """
    said = [(word, rest, signs) for words, rest, signs in _SAID for word in words]
    found: _Rules = {}
    for word, rest, signs in sorted(said, key=itemgetter(0)):  # the shorter first
        root = next((known for known in found if word.startswith(known)), word)
        found.setdefault(root, []).append((word, rest, signs))
    return found


_RULES = _rules()
_LATIN = {root: rules for root, rules in _RULES.items() if root.isascii()}
_TOKENS = re.compile(r"<\|(?:im_start|system|user|assistant)\|>|\[INST\]|<<SYS>>")
_BEGINS = ("<|", "[I", "<<")  # looked for first: nearly no paper has them
_END = re.compile(r"[.!?](?=\s)|[。！？]|\n\s*\n")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
CYRILLIC = "\u0400"  # where it begins: of the scripts before it, words are sought in Latin alone
_SMALL = bytes(range(0x100)).lower()
_NO_LETTERS = bytes(code for code in range(0x80) if not chr(code).isalpha())


def addressed(text: str) -> list[tuple[int, int]]:
    """Return the `[start, end)` of each sentence that speaks to a model, in order."""
    tokens = _TOKENS.finditer(text) if any(begin in text for begin in _BEGINS) else ()
    found = [token.span() for token in tokens]
    said = list(_said(_letters(text)))
    if said:
        places = list(compress(range(len(text)), map(str.isalpha, text)))
        found += [
            (places[start], places[end - 1] + 1)
            for start, end, signs in said
            if not signs or _next(text, places[end - 1] + 1) in signs
        ]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(_sentence(text, *span) for span in found):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _said(letters: str) -> Iterator[tuple[int, int, str]]:
    for root, rules in (_LATIN if letters.isascii() else _RULES).items():
        start = letters.find(root)
        while start >= 0:
            for word, rest, signs in rules:
                if letters.startswith(word, start):
                    match = rest.match(letters, start + len(word))
                    if match:
                        yield start, match.end(), signs
            start = letters.find(root, start + 1)


def _next(text: str, place: int) -> str:
    """Return the first sign after a place that is no blank; a line's end where there is none."""
    return text[place : place + 9].lstrip()[:1] or "\n"


def _letters(text: str) -> str:
    """Return the text's letters, plain and small, one for each."""
    kept = text.encode("utf-8", "surrogatepass").translate(_SMALL, _NO_LETTERS)
    return _FOREIGN.sub(lambda found: _plain(found[0]), kept.decode("utf-8", "surrogatepass"))


@lru_cache(maxsize=1024)
def _plain(char: str) -> str:
    """Return a letter, small, without its accent and in its usual shape if it is a Latin one.

    Of Greek, which formulas have and in which nothing is sought, only its place is kept: what is
    left of nearly every paper is ASCII then, and looked through sooner.
    """
    if not char.isalpha():
        return ""
    small = char.lower()[0]  # a few letters of some languages become two
    base = unicodedata.normalize("NFKD", small).lower()[:1]
    if base >= CYRILLIC:
        return small
    return base if base.isascii() and base.isalpha() else "*"


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the sentence in which something stands."""
    first = max(0, start - BEFORE)
    ends = [match.end() for match in _END.finditer(text, first, start)]
    begin = ends[-1] if ends else first
    last = min(len(text), end + AFTER)
    stop = _END.search(text, end - 1, last)
    stretch = text[begin : stop.end() if stop else last]
    begin += len(stretch) - len(stretch.lstrip())
    return begin, begin + len(stretch.strip())
