"""Whether a text layer reads as language at all (pure).

A PDF may draw letters well and say nonsense of which ones they are: fonts without a table of
characters, tables made wrong on purpose, a bad reading of handwriting. What a person sees is then
another text than what can be copied, and no summary of the latter says anything.

The figures in the comments were measured on the texts of 108 papers that read well, on samples of
twenty languages, and on files whose text layers are known to be nonsense.
"""

import math
import re
import unicodedata
from collections import Counter
from functools import cache

_TELLING = 250  # visible characters: of less nothing can be said

# Control characters, private ones and those that Unicode does not know, as a share of what is
# visible. Papers that read well have up to 1.0 % of them (large brackets are often private), single
# pages 4 %, half a page of nothing but matrices 8 %; a font without a table of characters 26 %.
_UNREADABLE = 0.12
_UNKNOWN = frozenset({"Cc", "Cn", "Co", "Cs"})
_MEANT = frozenset("\ufffe\u00ad")  # a line's end within a word, a soft hyphen

# The commonest words of a language that stand between all others. Of their words papers have at
# least 17 % among them, samples of these languages 13 to 41 %, samples of others 5 %, shifted
# letters 3 %, a bad reading of handwriting 7 %. Only words of two letters and more are counted,
# since single letters are what nonsense and formulas are full of.
_SMALL_WORDS = 0.10
_LANGUAGES = tuple(
    frozenset(words.split())
    for words in (
        "the of and to in is that for we with as are on by this be an from which or it can not",
        "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es",
        "de la le et les des en un du une que est pour qui dans par plus pas au sur ne se ce il",
        "de la que el en los del se las por un para con no una su al es lo como más pero sus le",
        "di il la che in per un del le si una con non della da sono al dei nel come alla più gli",
        "de que do da em um para com não uma os no se na por mais as dos como mas ao das foi",
        "de het een van en in is dat op te zijn voor met die niet aan er om ook als bij door",
        "och att en som det är av för på med den till har de inte om ett men var vi kan från",
        "og det at en er på som de til for den af av med ikke har et om var kan vi der fra",
        "na do się nie że jest to od za po przez dla są oraz co ale jak tym który tego być jako",
        "se na je že do jako pro by jsou ale při nebo také které od ze za po to jeho která který",
        "ve bir bu da de için ile olarak çok daha olan gibi kadar ne en ise veya her göre sonra",
        "ja on ei se että oli ovat kun mutta tai myös joka hän ole kuin sen niin ne voi sekä",
        "az és hogy nem is egy ez de van volt csak meg mint ki el vagy ha már lehet azt",
        "yang dan di dengan untuk dari ini pada dalam itu adalah tidak ke oleh atau akan juga",
        "de și în la cu pe nu care se un este pentru mai că sau din ca sunt fi ale prin",
        "và của là có trong được các cho một với không những này đã người để khi từ như",
        "na ya wa kwa ni za la katika cha kuwa hii hiyo au kama pia yake hizi ili",
    )
)

# How often each letter is written, in per cent, over the languages of Latin script taken together;
# and how near a text must come to it, as the cosine of the angle between the two. Papers reach 0.95
# and more, samples of languages 0.77 (Swahili) to 0.95, texts whose letters stand for other letters
# 0.59 and 0.67, and 96 of 100 alphabets shuffled at random less than this. It speaks for languages
# that are not listed above.
_LETTERS = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        (9, 1.5, 3.3, 4, 12, 1.5, 1.9, 3, 8, 0.6, 1.5, 4.5, 3, 7, 6.5, 2.4, 0.3, 6.5, 6.5, 7,
         3.5, 1.5, 1, 0.25, 1.2, 0.8),
        strict=True,
    )
)  # fmt: skip
_ALIKE = 0.72
_ACCENTED = 0.5  # of the letters: 28 % in Vietnamese; Cyrillic taken for Latin has nearly all

# Scraps: runs of letters too short for words, and words that signs and figures break or stick to.
# Papers have words of 3.6 letters on average and more, and 91 of 100 of their words stand whole; a
# bad reading of handwriting 2.6 letters, and 63 of 100. Formulas and code have the one or the
# other, and of what might be words of three letters formulas have few.
_SHORT = 3.2
_WHOLE = 0.72
_FEW = 30
_LIKE_WORD = re.compile(r"\S*?[^\W\d_]{3}\S*")
_WHOLE_WORD = re.compile(r"[^\w\s]{0,2}(?:[^\W\d_]+[-'’./])*[^\W\d_]+[^\w\s]{0,3}")
_WORD = re.compile(r"[^\W\d_]+")


def gibberish(text: str) -> bool:
    """Tell whether a text is no language. Too little of it to tell is taken for language."""
    found, kinds = Counter(text), Counter[str]()
    for char in [char for char in found if char.isspace() or char in _MEANT]:
        del found[char]
    for char, count in found.items():
        kinds["\ufffd" if char == "\ufffd" else unicodedata.category(char)] += count
    visible = found.total()
    if visible < _TELLING:
        return False
    unreadable = kinds["\ufffd"] + sum(kinds[kind] for kind in _UNKNOWN)
    if unreadable > _UNREADABLE * visible:
        return True
    words = _WORD.findall(text.lower())
    if _has_small_words(words):  # nearly every paper
        return False
    letters = sum(count for kind, count in kinds.items() if kind[0] == "L")
    latin = _latin(words)
    if latin.total() < max(_TELLING / 3, letters / 3):
        return False  # another script, or formulas and figures: nothing here speaks of these
    return _scraps(text, words) or not _like_language(latin)


def _scraps(text: str, words: list[str]) -> bool:
    """Tell whether words are mostly pieces of words."""
    if sum(map(len, words)) >= _SHORT * len(words):
        return False
    tokens = [token for token in text.split() if _LIKE_WORD.fullmatch(token)]
    whole = sum(1 for token in tokens if _WHOLE_WORD.fullmatch(token))
    return len(tokens) >= _FEW and whole < _WHOLE * len(tokens)


def _latin(words: list[str]) -> Counter[str]:
    """Return the Latin letters of words, leaving out what may be the letters of formulas."""
    found = Counter("".join(word for word in words if len(word) > 2))
    return Counter({char: found[char] for char in found if _is_latin(char)})


@cache
def _is_latin(char: str) -> bool:
    return unicodedata.name(char, "").startswith("LATIN")


def _has_small_words(words: list[str]) -> bool:
    """Tell whether enough of the words are the small words of one language."""
    found = Counter(words)
    longer = sum(count for word, count in found.items() if len(word) > 1)
    return any(
        sum(found[word] for word in small) >= _SMALL_WORDS * (longer or 1) for small in _LANGUAGES
    )


def _like_language(latin: Counter[str]) -> bool:
    """Tell whether letters are used about as often as languages use them."""
    plain = Counter[str]()
    for char, count in latin.items():
        plain[unicodedata.normalize("NFD", char)[0]] += count
    accented = sum(count for char, count in latin.items() if not char.isascii())
    if accented > _ACCENTED * plain.total():
        return False
    product = sum(plain[letter] * often for letter, often in _LETTERS.items())
    return product > _ALIKE * math.hypot(*plain.values()) * math.hypot(*_LETTERS.values())
