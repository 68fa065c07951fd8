"""Topics -> discs on a map, none on another, each filled with its papers' dots (pure)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

GOLDEN = math.pi * (3 - math.sqrt(5))  # the angle by which seeds follow each other (Vogel, 1979)
ROUNDS = 400
APART = 1.12  # of the sum of two radii: how near two discs may come


@dataclass(frozen=True)
class Disc:
    """A topic's place on the map, in pixels, with the places of its papers' dots."""

    x: float
    y: float
    radius: float
    dots: tuple[tuple[float, float], ...]


def discs(sizes: Sequence[int], box: tuple[float, float, float, float]) -> list[Disc]:
    """Place a disc for each topic in a box (left, top, right, bottom), largest in the middle."""
    if not sizes:
        return []
    left, top, right, bottom = box
    unit = _unit(sizes, right - left, bottom - top)
    radii = [unit * math.sqrt(size + 1.2) for size in sizes]
    while True:
        places = _apart(radii, box)
        if _fits(places, radii) or unit < 1:
            break
        radii = [0.94 * radius for radius in radii]
        unit *= 0.94
    return [
        Disc(x, y, radius, tuple(_seeds(x, y, radius, size)))
        for (x, y), radius, size in zip(places, radii, sizes, strict=True)
    ]


def _unit(sizes: Sequence[int], wide: float, high: float) -> float:
    """Return the radius of a disc of one paper, by the room that there is."""
    return min(math.sqrt(0.6 * wide * high / (math.pi * (sum(sizes) + 1.2 * len(sizes)))), 46.0)


def _apart(
    radii: Sequence[float], box: tuple[float, float, float, float]
) -> list[tuple[float, float]]:
    """Push discs apart that begin on a spiral, and keep them in the box."""
    left, top, right, bottom = box
    middle = ((left + right) / 2, (top + bottom) / 2)
    places = [
        [
            middle[0] + 0.42 * (right - left) * math.sqrt(i / len(radii)) * math.cos(i * GOLDEN),
            middle[1] + 0.42 * (bottom - top) * math.sqrt(i / len(radii)) * math.sin(i * GOLDEN),
        ]
        for i in range(len(radii))
    ]
    for _ in range(ROUNDS):
        for i, one in enumerate(places):
            for j in range(i):
                other = places[j]
                dx, dy = one[0] - other[0], one[1] - other[1]
                distance = math.hypot(dx, dy) or 1.0
                overlap = APART * (radii[i] + radii[j]) - distance
                if overlap > 0:
                    push = 0.5 * overlap / distance
                    one[0], one[1] = one[0] + push * dx, one[1] + push * dy
                    other[0], other[1] = other[0] - push * dx, other[1] - push * dy
        for place, radius in zip(places, radii, strict=True):
            place[0] = min(max(place[0], left + radius), right - radius)
            place[1] = min(max(place[1], top + radius), bottom - radius)
    return [(x, y) for x, y in places]


def _fits(places: Sequence[tuple[float, float]], radii: Sequence[float]) -> bool:
    return all(
        math.dist(places[i], places[j]) >= 1.02 * (radii[i] + radii[j])
        for i in range(len(radii))
        for j in range(i)
    )


def _seeds(x: float, y: float, radius: float, count: int) -> list[tuple[float, float]]:
    """Return places spread over a disc as the seeds of a sunflower are."""
    inner = 0.80 * radius
    return [
        (
            x + inner * math.sqrt((i + 0.5) / count) * math.cos(i * GOLDEN),
            y + inner * math.sqrt((i + 0.5) / count) * math.sin(i * GOLDEN),
        )
        for i in range(count)
    ]
