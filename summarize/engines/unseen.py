"""Text of a page that a reader can't see: instructions to a model may be hidden in a paper.

What is drawn in an odd way is suspect; what is suspect is looked at, by drawing the page with and
without it; of what can't be seen, words in some number count.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from summarize.engines.calls import Box, Handle, edges, words_of
from summarize.engines.characters import Characters, prose, words
from summarize.engines.pictured import pictured
from summarize.engines.seen import looks
from summarize.engines.survey import WORDS, Survey, survey
from summarize.engines.suspects import CLEAR, PAPER

COARSE, FINE = 1.0, 2.0  # pixels a point: what is seen at a glance, and what at a closer look
LARGE = 20.0  # points: the height of the letters of a watermark
MOST = 0.7  # of the letters of a text: as good as all
EVEN = frozenset({PAPER, CLEAR})  # what hides a text in this way hides the whole of it
SCAN = 0.8  # of a page's letters, at least, say what its picture shows where it is a scan


@dataclass(frozen=True)
class Unseen:
    """Characters of a page that a reader can't see: where they stand, what they say, and how.

    `chars` are places in the textpage's list of characters, blanks between hidden words among
    them; `text` is what they say, on one line; `how` completes "text is hidden: ...".
    """

    chars: frozenset[int]
    text: str
    how: str


@dataclass(frozen=True)
class View:
    """What of a page's text can't be seen, and what its pictures show.

    `picture` is the share of the page that its largest image covers. `scan` is true where nearly
    all of the page's text can't be seen but says what a picture shows.
    """

    hidden: tuple[Unseen, ...] = ()
    picture: float = 0.0
    scan: bool = False


def unseen(page: Any, chars: Characters) -> View:
    """Look for text that a reader of a page can't see."""
    found = survey(page, chars)
    if not (found.suspects or found.unread):  # nearly every page
        return View(picture=found.picture)
    lost = _lost(page, chars, found)
    said = pictured(page, chars, [place for places in lost.values() for place in places])
    seen = sum(len(lost.pop(text)) for text in said)
    letters = sum(map(str.isalnum, chars.text)) if seen else 0
    lost |= chars.of(found.unread) if found.unread else {}
    scan = seen > SCAN * letters
    return View(
        hidden=_words(chars, found, lost, scan=scan) if lost else (),
        picture=found.picture,
        scan=scan,
    )


def _lost(page: Any, chars: Characters, found: Survey) -> dict[Handle, list[int]]:
    """Return the places of those characters of suspect texts that can't be seen."""
    asked = [text for text in found.suspects if text not in found.unread]
    outer = [text for text in asked if text not in found.inner]
    texts = dict(zip(outer, zip(*edges(outer), strict=True), strict=True))
    texts |= {text: found.inner[text] for text in asked if text in found.inner}
    aside = [text for text in found.texts if text not in texts]
    dim = dict(texts)
    for sight, some in looks(page, texts, aside, scale=COARSE, grey=True):
        for text in some:
            if sight.legible(text):
                del dim[text]
    if not found.unread and not _lettered(chars, dim):
        return {}
    lost: dict[Handle, list[int]] = {}
    for sight, some in looks(page, dim, aside, scale=FINE, grey=False):
        doubtful = [text for text in some if not sight.legible(text)]
        for text, places in chars.of(doubtful).items() if doubtful else ():
            lost[text] = places
            if sight.shows(text, some[text]):
                boxes = zip(places, chars.boxes(places), strict=True)
                dark = [place for place, box in boxes if not sight.shows(text, box)]
                if found.suspects[text] not in EVEN or len(dark) < MOST * len(places):
                    lost[text] = dark
    return _without_watermarks(chars, texts, lost)


def _lettered(chars: Characters, texts: Iterable[Handle]) -> bool:
    """Tell whether texts have letters enough for words: stops and dots are hard to see anywhere."""
    letters = (sum(map(str.isalnum, words_of(chars.textpage, text))) for text in texts)
    return sum(letters) >= WORDS


def _without_watermarks(
    chars: Characters, texts: Mapping[Handle, Box], lost: dict[Handle, list[int]]
) -> dict[Handle, list[int]]:
    """Leave out large letters if some of them are seen: a figure may lie on a watermark."""
    wide = {text for text, box in texts.items() if min(box[2] - box[0], box[3] - box[1]) > LARGE}
    if not wide & lost.keys():
        return lost
    large = {
        text: places
        for text, places in chars.of(wide).items()
        if any(top - bottom > LARGE for _, bottom, _, top in chars.boxes(places))
    }
    dark = sum(len(lost.get(text, ())) for text in large)
    if dark > MOST * sum(map(len, large.values())):
        return lost
    return {text: lost[text] for text in lost.keys() - large.keys()}


def _words(
    chars: Characters, found: Survey, lost: Mapping[Handle, Sequence[int]], *, scan: bool
) -> tuple[Unseen, ...]:
    """Return the hidden characters with the blanks between them, if they make words enough."""
    hows = found.suspects | found.unread
    held: dict[str, list[range]] = {}
    for inner in (False, True):
        places = {
            place: hows[text]
            for text, members in lost.items()
            if (text in found.inner) == inner
            for place in members
        }
        runs = [*_runs(chars, places)]
        # A figure that is cropped has labels beyond its edges, and words of a scan may be put
        # where there is no ink; but neither are sentences.
        sentences = [(how, run) for how, run in runs if prose(chars.text[run.start : run.stop])]
        if scan or (inner and not sentences):
            runs = sentences
        for how, run in runs:
            held.setdefault(how, []).append(run)
    hidden = tuple(
        Unseen(
            chars=frozenset(place for run in runs for place in run),
            text=" ".join(" ".join(chars.text[r.start : r.stop] for r in runs).split()),
            how=how,
        )
        for how, runs in held.items()
    )
    return hidden if len(words(" ".join(each.text for each in hidden))) >= WORDS else ()


def _runs(chars: Characters, hows: Mapping[int, str]) -> Iterator[tuple[str, range]]:
    """Yield the runs of characters that are hidden in one way, with the blanks in them.

    Those that hold no letter are left out.
    """
    start = end = 0
    for place in [*sorted(hows), chars.count + 1]:
        if hows.get(place) == hows.get(start) and not chars.text[end:place].strip():
            end = place + 1
            continue
        if any(map(str.isalpha, chars.text[start:end])):
            yield hows[start], range(start, end)
        start, end = place, place + 1
