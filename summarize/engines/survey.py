"""A walk over a page: where its text lies, and which of it a reader may be unable to see."""

import ctypes
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any

from summarize.engines.calls import (
    Box,
    Handle,
    call,
    colours,
    each,
    edges,
    handle,
    numbers,
    words_of,
)
from summarize.engines.characters import Characters, words
from summarize.engines.covers import WHITE, Ground, grounds, overlaid, share
from summarize.engines.forms import Forms, forms, survey_forms
from summarize.engines.marks import layered, marks, replaced
from summarize.engines.suspects import (
    PAPER,
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


@dataclass
class Survey:
    """What a walk over a page finds.

    `suspects` are texts with what may hide them, to be looked at; nobody reads the `unread` ones,
    whatever they look like. Where there are any, `texts` are those of the page itself. `inner` says
    where the suspect ones in forms lie, and `picture` which share of the page its largest image
    covers.
    """

    picture: float
    texts: list[Handle] = field(default_factory=list)
    suspects: Reasons = field(default_factory=dict)
    unread: Reasons = field(default_factory=dict)
    inner: dict[Handle, Box] = field(default_factory=dict)


@dataclass(frozen=True)
class Walk:
    """The objects of a page in the order in which they are drawn, and how each is drawn.

    Of what most pages are not asked nothing is made: a page has hundreds of objects.
    """

    page: Any
    objects: list[Handle]
    modes: list[int]  # how a text is drawn; less than 0 for what is no text
    textpage: Handle
    sample: list[Handle]  # the texts to which every so many of the page's characters belong

    @cached_property
    def own(self) -> set[Handle]:
        """Return the objects of the page itself: no others are drawn by a form."""
        return set(self.objects)

    @cached_property
    def odd(self) -> bool:
        """Tell whether any text is drawn in another way than most: stroked, or not at all."""
        return max(self.modes, default=0) > 0

    @cached_property
    def texts(self) -> list[Handle]:
        """Return the texts."""
        return [thing for thing, mode in zip(self.objects, self.modes, strict=True) if mode >= 0]

    @cached_property
    def turns(self) -> dict[Handle, int]:
        """Return in which turn each object is drawn."""
        return dict(zip(self.objects, count()))

    @cached_property
    def over(self) -> list[Ground]:
        """Return what covers part of the page."""
        turns = [turn for turn, mode in enumerate(self.modes) if mode < 0]
        others = [self.objects[turn] for turn in turns]
        return grounds(self.page, zip(others, turns, zip(*edges(others), strict=True), strict=True))

    def modes_of(self, texts: list[Handle]) -> list[int]:
        """Return how texts are drawn."""
        return [self.modes[self.turns[text]] for text in texts] if self.odd else [0] * len(texts)


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
    walk = Walk(page, objects, modes, chars.textpage, sample)
    found = Survey(
        picture=max((share(g.box, page.get_bbox()) for g in walk.over if g.image), default=0.0),
    )
    asked = [text for text in dict.fromkeys(sample) if text in walk.own]
    found.suspects, found.unread = _judged(walk, asked)
    if found.suspects or found.unread or walk.odd:
        found.suspects, found.unread = _judged(walk, walk.texts)
    held = forms(chars, walk.own, sample, STEP)
    if held:
        suspects, unread = survey_forms(held, sample, STEP)
        found.suspects |= suspects
        found.unread |= unread
        found.inner = held.boxes(list(suspects))
    if found.suspects and not found.unread and not _sayable(found, chars, held):
        found.suspects.clear()
    if found.suspects or found.unread:
        found.texts = walk.texts
    return found


def _judged(walk: Walk, handles: list[Handle]) -> tuple[Reasons, Reasons]:
    """Return which of some texts of a page are suspect, and which nobody reads."""
    texts, inks, marked = Texts(handles, *edges(handles)), colours(handles), marks(handles)
    strange = odd(handles, walk.modes_of(handles), inks)
    # Signs in the colour of paper may cover what is drawn before them.
    signs = [
        Ground(walk.turns[text], texts.boxes[text], WHITE)
        for text, how in strange.items()
        if how == PAPER
    ]
    covers = [*walk.over, *signs]
    suspects = (
        (overlaid(texts, inks, walk.turns, covers) if covers else {})
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


def _sayable(found: Survey, chars: Characters, held: Forms | None) -> bool:
    """Tell whether what is suspect may say anything: a few labels and rules do not."""
    outer = [text for text in found.suspects if text not in found.inner]
    if len(outer) > FEW:
        return True
    said = [words_of(chars.textpage, text) for text in outer]
    if held:
        said.append(held.said(found.inner))
    return len(words(" ".join(said))) >= WORDS
