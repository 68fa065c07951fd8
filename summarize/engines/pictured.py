"""Whether text that can't be seen says what a picture shows, as that of a scanned page does.

Figures whose letters are drawn as shapes may have such text too. Its letters lie on ink, and the
blanks between its words do not; a sentence laid over a photograph lies on ink throughout.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from summarize.engines.calls import Box, Handle
from summarize.engines.characters import Characters
from summarize.engines.drawing import draw, window

SCALES = (4.0, 2.0, 1.0, 0.5)  # pixels a point: as many as make no too large a picture
LETTERS = 0.7  # of a text's letters lie on ink
BLANKS = 0.5  # of the blanks between words lie on none


def pictured(page: Any, chars: Characters, places: Sequence[int]) -> set[Handle]:
    """Return those of the texts to which these characters belong that say what is drawn there."""
    letters = sorted(place for place in places if chars.text[place].isalnum())
    boxes = dict(zip(letters, chars.boxes(letters), strict=True))
    parts = (window(page, boxes.values(), scale) for scale in SCALES) if letters else ()
    part = next(filter(None, parts), None)
    if not part:
        return set()
    bare = draw(part, without={owner for owner in chars.owners if owner})
    if bare.blank():
        return set()
    lying: dict[Handle, list[bool]] = {}
    for place, box in boxes.items():
        lying.setdefault(chars.owners[place], []).append(bare.ink(box))
    held = {text for text, inked in lying.items() if sum(inked) >= LETTERS * len(inked)}
    blanks = _blanks(chars, {place: box for place, box in boxes.items() if _in(chars, place, held)})
    inked = sum(map(bare.ink, blanks))
    return held if len(blanks) - inked >= BLANKS * len(blanks) else set()


def _in(chars: Characters, place: int, texts: set[Handle]) -> bool:
    return chars.owners[place] in texts


def _blanks(chars: Characters, boxes: dict[int, Box]) -> list[Box]:
    """Return the middles of the blanks between words that stand on one line."""
    found = []
    for (one, before), (other, after) in pairwise(boxes.items()):
        left, right = min(before[2], after[2]), max(before[0], after[0])
        bottom, top = max(before[1], after[1]), min(before[3], after[3])
        parted = other > one + 1 and chars.text[one + 1 : other].isspace()
        if parted and left < right and bottom < top and right - left < top - bottom:
            third = (right - left) / 3
            found.append((left + third, bottom, right - third, top))
    return found
