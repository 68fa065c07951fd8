"""A line chart as SVG, for light pages and dark: it follows the reader's colour scheme."""

import math
from collections.abc import Mapping, Sequence
from html import escape

Points = Sequence[tuple[float, float]]

WIDTH, HEIGHT = 640, 400
LEFT, TOP, BOTTOM = 70, 44, 56  # around the field
NAMES, NO_NAMES = 140, 30  # at its right
APART = 15  # between two names
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-size: 15px; font-weight: 600 }
.grid { stroke: #8c959f; stroke-opacity: .3 }
.line { fill: none; stroke-width: 2.2 }
.ideal { stroke-dasharray: 5 4; stroke: #6e7781 }
.a { stroke: #0969da } .b { stroke: #bc4c00 } .c { stroke: #1a7f37 } .d { stroke: #8250df }
circle { stroke: none }
circle.a, text.a { fill: #0969da; stroke: none } circle.b, text.b { fill: #bc4c00; stroke: none }
circle.c, text.c { fill: #1a7f37; stroke: none } circle.d, text.d { fill: #8250df; stroke: none }
text.ideal { fill: #57606a; stroke: none }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .ideal { stroke: #9198a1 }
  .a { stroke: #58a6ff } .b { stroke: #f0883e } .c { stroke: #56d364 } .d { stroke: #bc8cff }
  circle.a, text.a { fill: #58a6ff } circle.b, text.b { fill: #f0883e }
  circle.c, text.c { fill: #56d364 } circle.d, text.d { fill: #bc8cff }
  text.ideal { fill: #9198a1 }
}
"""


def chart(title: str, across: str, up: str, lines: Mapping[str, Points], *, ideal: str = "") -> str:
    """Return a chart of lines over logarithmic axes; the line called `ideal` is dashed.

    A line's name stands at its end, in its colour: at the right of the field, or below the last
    point of one that ends within it. A line alone has none, since the title says what it is, but
    the figure of each point.
    """
    xs = [x for points in lines.values() for x, _ in points]
    ys = [y for points in lines.values() for _, y in points]
    right = WIDTH - (NAMES if len(lines) > 1 else NO_NAMES)
    over, along = _Axis(xs, LEFT, right), _Axis(ys, HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title><style>{STYLE}</style>",
        f'<text class="title" x="{LEFT}" y="24">{escape(title)}</text>',
        f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 14}" text-anchor="middle">'
        f"{escape(across)}</text>",
        f'<text transform="translate(16 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" '
        f'text-anchor="middle">{escape(up)}</text>',
    ]
    for value in over.ticks:
        x = over(value)
        parts.append(f'<path class="grid" d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}"/>')
        parts.append(
            f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{value:,g}</text>'
        )
    for value in along.ticks:
        y = along(value)
        parts.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{right}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:,g}</text>')
    edge = max(xs)
    whole = {name: along(line[-1][1]) for name, line in lines.items() if line[-1][0] == edge}
    names = _names(whole)
    shades = iter("abcd")
    for name, points in lines.items():
        shade = "ideal" if name == ideal else next(shades)
        at = [f"{over(x):.1f} {along(y):.1f}" for x, y in points]
        parts.append(f'<path class="line {shade}" d="M{"L".join(at)}"/>')
        dot = '<circle class="{}" cx="{}" cy="{}" r="3.2"/>'
        parts += [dot.format(shade, *each.split()) for each in at if name != ideal]
        if len(lines) == 1:
            parts += [_figure(over(x), along(y), y) for x, y in points]
            continue
        x, y = over(points[-1][0]) + 10, names.get(name, along(points[-1][1]) + 14) + 4
        parts.append(f'<text class="{shade}" x="{x:.1f}" y="{y:.1f}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _figure(x: float, y: float, value: float) -> str:
    """Return what a point says in figures, above it on the left, where a rising line is not."""
    begins = x < LEFT + 1  # at its left are those of the axis
    place = f'x="{x + 4:.1f}" y="{y - 16:.1f}"' if begins else f'x="{x - 6:.1f}" y="{y - 8:.1f}"'
    anchor = "start" if begins else "end"
    return f'<text class="a" {place} text-anchor="{anchor}">{value:,.3g}</text>'


class _Axis:
    """Puts a value at its place, logarithmically; `ticks` are the values that are written."""

    def __init__(self, values: Sequence[float], begin: float, end: float) -> None:
        self.ticks = _ticks(min(values), max(values))
        low, high = min(*values, *self.ticks), max(*values, *self.ticks)
        self._low, self._span = math.log(low), math.log(high / low) or 1.0
        self._begin, self._length = begin, end - begin

    def __call__(self, value: float) -> float:
        return self._begin + (math.log(value) - self._low) / self._span * self._length


def _ticks(low: float, high: float) -> list[float]:
    """Return round values around a range: powers of two where it is small, else of ten."""
    base = 10 if high / low > 300 else 2
    first = math.floor(math.log(low, base) + 1e-9)
    last = max(first + 1, math.ceil(math.log(high, base) - 1e-9))
    return [float(base) ** power for power in range(first, last + 1)]


def _names(heights: Mapping[str, float]) -> dict[str, float]:
    """Return where the names stand: beside the ends of their lines, but not on each other."""
    placed: dict[str, float] = {}
    lowest = -math.inf
    for name, y in sorted(heights.items(), key=lambda each: each[1]):
        placed[name] = lowest = max(y, lowest + APART)
    return placed
