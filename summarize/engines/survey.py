"""A walk over a page: where its text lies, and which of it a reader may be unable to see."""

import ctypes
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count, pairwise
from typing import Any

from summarize.engines.calls import (
    Box,
    Handle,
    call,
    char_boxes,
    characters,
    colours,
    each,
    edges,
    handle,
    loose_boxes,
    numbers,
    words_of,
)
from summarize.engines.covers import WHITE, Ground, grounds, overlaid, share
from summarize.engines.marks import layered, marks, replaced
from summarize.engines.suspects import (
    PAPER,
    TINY,
    TOO_SMALL,
    Reasons,
    Texts,
    beyond,
    crowded,
    fontless,
    inkless,
    odd,
    unreadable,
)

OBJECTS = 20_000  # of a page at most; more are not looked at
WORDS = 4  # different ones that can't be seen on a page: fewer say nothing
FEW = 12  # suspect texts are asked what they say before they are looked at
STEP = 24  # characters: every so many of a page is asked to which text it belongs

# Words of a sentence, on one line or over several; the labels of a figure are neither. In some
# scripts each sign counts, since they put no blanks between words.
_SIGN = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_PROSE = re.compile(
    r"(?<![^\W\d_])(?:(?:[^\W\d_]++[,;:.]? ){6}|(?:[^\W\d_]++[,;:.]?\s+){12})"
    rf"|(?:[{_SIGN}][、。，！]?\s?){{14}}"
)
_WORD = re.compile(rf"[{_SIGN}]|[^\W\d_{_SIGN}]{{2,}}")


class Characters:
    """The characters of a page: what each says, where it stands and which text it belongs to."""

    def __init__(self, textpage: Any) -> None:
        self.textpage = handle(textpage)
        self.count: int = textpage.count_chars()

    @cached_property
    def owners(self) -> list[Handle]:
        """Return the text object of each character; none for one that pdfium made up."""
        return self.owners_at(range(self.count))

    def owners_at(self, places: Iterable[int]) -> list[Handle]:
        """Return the text objects of the characters in some places."""
        return each("FPDFText_GetTextObject", self.textpage, places)

    def text_at(self, places: Iterable[int]) -> str:
        """Return the characters in some places."""
        return characters(self.textpage, places)

    @cached_property
    def text(self) -> str:
        """Return the characters, each in its place."""
        return self.text_at(range(self.count))

    def of(self, texts: Iterable[Handle]) -> dict[Handle, list[int]]:
        """Return the places of the characters of each of some texts, blanks aside."""
        found: dict[Handle, list[int]] = {text: [] for text in texts}
        for place, (owner, char) in enumerate(zip(self.owners, self.text, strict=True)):
            if owner in found and not char.isspace():
                found[owner].append(place)
        return found

    def boxes(self, places: list[int]) -> list[Box]:
        """Return where characters stand."""
        return char_boxes(self.textpage, places)


@dataclass
class Survey:
    """What a walk over a page finds.

    `suspects` are texts with what may hide them, to be looked at; nobody reads the `unread` ones,
    whatever they look like. `texts` are those of the page itself, `inner` says where the suspect
    ones in forms lie, and `picture` which share of the page its largest image covers.
    """

    texts: list[Handle]
    picture: float
    suspects: Reasons = field(default_factory=dict)
    unread: Reasons = field(default_factory=dict)
    inner: dict[Handle, Box] = field(default_factory=dict)


@dataclass(frozen=True)
class Walk:
    """The objects of a page in the order in which they are drawn, each with how it is drawn."""

    page: Any
    modes: dict[Handle, int]  # how a text is drawn; less than 0 for what is no text
    textpage: Handle
    sample: list[Handle]  # the texts to which every so many of the page's characters belong

    @cached_property
    def turns(self) -> dict[Handle, int]:
        """Return in which turn each object is drawn."""
        return dict(zip(self.modes, count()))

    @cached_property
    def over(self) -> list[Ground]:
        """Return what covers part of the page."""
        others = [thing for thing, mode in self.modes.items() if mode < 0]
        turns = map(self.turns.__getitem__, others)
        boxes = zip(*edges(others), strict=True)
        return grounds(self.page, list(zip(others, turns, boxes, strict=True)))


def survey(page: Any, chars: Characters) -> Survey:
    """Walk over a page's objects and suspect the text that is drawn in an odd way.

    The texts to which every so many characters belong are asked first, and only where one of them
    is odd all others: what is hidden in some number is among them.
    """
    owner = handle(page)
    number = call("FPDFPage_CountObjects", ctypes.c_int, ctypes.c_void_p)(owner)
    objects = each("FPDFPage_GetObject", owner, range(min(number, OBJECTS)))
    modes = numbers("FPDFTextObj_GetTextRenderMode", objects)
    sample = chars.owners_at(range(0, chars.count, STEP))
    walk = Walk(page, dict(zip(objects, modes, strict=True)), chars.textpage, sample)
    found = Survey(
        texts=[thing for thing, mode in walk.modes.items() if mode >= 0],
        picture=max((share(g.box, page.get_bbox()) for g in walk.over if g.image), default=0.0),
    )
    asked = [text for text in dict.fromkeys(sample) if walk.modes.get(text, -1) >= 0]
    found.suspects, found.unread = _judged(walk, asked)
    if found.suspects or found.unread or max(modes, default=0) > 0:
        found.suspects, found.unread = _judged(walk, found.texts)
    inner = _inner(walk, chars, sample)
    if inner:
        _survey_forms(found, chars, inner, sample)
    if found.suspects and not found.unread and not _sayable(found, chars, inner):
        found.suspects.clear()
    return found


def _judged(walk: Walk, handles: list[Handle]) -> tuple[Reasons, Reasons]:
    """Return which of some texts of a page are suspect, and which nobody reads."""
    texts, inks, marked = Texts(handles, *edges(handles)), colours(handles), marks(handles)
    strange = odd(handles, [walk.modes[text] for text in handles], inks)
    # Signs in the colour of paper may cover what is drawn before them.
    signs = [
        Ground(walk.turns[text], texts.boxes[text], WHITE)
        for text, how in strange.items()
        if how == PAPER
    ]
    suspects = (
        overlaid(texts, inks, walk.turns, [*walk.over, *signs])
        | strange
        | layered(marked)
        | inkless(walk.page, texts)
        | beyond(texts, walk.page.get_bbox())
    )
    unread = unreadable(texts) | replaced(marked)
    unread |= crowded(walk.textpage, texts, walk.sample, STEP)
    for text in fontless(texts):
        suspects.pop(text, None)
        unread.pop(text, None)
    return suspects, unread


def _sayable(found: Survey, chars: Characters, inner: dict[int, Handle]) -> bool:
    """Tell whether what is suspect may say anything: a few labels and rules do not."""
    outer = [text for text in found.suspects if text not in found.inner]
    if len(outer) > FEW:
        return True
    said = [words_of(chars.textpage, text) for text in outer]
    places = [place for place, owner in inner.items() if owner in found.inner]
    owned = zip(places, chars.text_at(places), strict=True)
    gaps = {after for before, after in pairwise(places) if after != before + 1}
    said.append("".join(f" {char}" if place in gaps else char for place, char in owned))
    return len(words(" ".join(said))) >= WORDS


def prose(text: str) -> bool:
    """Tell whether a text reads like sentences."""
    return bool(_PROSE.search(f"{text} "))


def words(text: str) -> set[str]:
    """Return the different words of a text."""
    return {word.casefold() for word in _WORD.findall(text)}


def _survey_forms(
    found: Survey, chars: Characters, inner: dict[int, Handle], sample: Sequence[Handle]
) -> None:
    """Suspect the text in forms that is drawn in an odd way, and all that reads like sentences.

    A form may belong to a hidden layer, which pdfium does not tell.
    """
    members: dict[Handle, list[int]] = {}
    for place, owner in inner.items():
        members.setdefault(owner, []).append(place)
    texts = list(members)
    marked = marks(texts)
    modes = numbers("FPDFTextObj_GetTextRenderMode", texts)
    suspects = _prose(inner, chars) | odd(texts, modes, colours(texts)) | layered(marked)
    found.unread |= (
        _tiny(members, chars)
        | replaced(marked)
        | crowded(chars.textpage, Texts(texts, *edges(texts)), sample, STEP)
    )
    if not _PROSE.search(_said(inner, chars, suspects)):
        suspects = {}  # of what lies in forms, only what reads like sentences counts
    found.suspects |= suspects
    for text in suspects:
        left, bottom, right, top = zip(*chars.boxes(members[text]), strict=True)
        found.inner[text] = min(left), min(bottom), max(right), max(top)


def _inner(walk: Walk, chars: Characters, sample: Sequence[Handle]) -> dict[int, Handle]:
    """Return the texts in forms to which characters belong, by the places of these."""
    near = [
        place
        for step, owner in enumerate(sample)
        if owner and owner not in walk.modes
        for place in range(max(0, (step - 1) * STEP + 1), min(chars.count, (step + 1) * STEP))
    ]
    places = list(dict.fromkeys(near))
    owners = chars.owners_at(places)
    return {
        place: owner
        for place, owner in zip(places, owners, strict=True)
        if owner and owner not in walk.modes
    }


def _prose(inner: dict[int, Handle], chars: Characters) -> Reasons:
    """Return the texts in forms that read like sentences."""
    first = min(inner)
    return {
        inner[at]: "in a part of the page that is not shown"
        for found in _PROSE.finditer(_said(inner, chars, inner.values()))
        for at in range(first + found.start(), first + found.end())
        if at in inner
    }


def _said(inner: dict[int, Handle], chars: Characters, texts: Iterable[Handle]) -> str:
    """Return what some texts in forms say, from the first character in a form on.

    What others say is left out, but for its blanks.
    """
    places, wanted = range(min(inner), max(inner) + 1), set(texts)
    return "".join(
        char if inner.get(place) in wanted or char.isspace() else "\0"
        for place, char in zip(places, chars.text_at(places), strict=True)
    )


def _tiny(members: dict[Handle, list[int]], chars: Characters) -> Reasons:
    """Return the texts in forms whose letters are too small to be read, told by their first."""
    boxes = loose_boxes(chars.textpage, [places[0] for places in members.values()])
    return {
        text: TOO_SMALL
        for text, (left, bottom, right, top) in zip(members, boxes, strict=True)
        if max(right - left, top - bottom) < TINY
    }
