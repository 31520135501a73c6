"""Paths and small signs: geometry only."""

from __future__ import annotations

from itertools import pairwise

from clinic.web.charts.markup import Markup, coordinate, element
from clinic.web.charts.scene import Points


def thinned(points: Points, *, tolerance: float) -> Points:
    """Return the few of these points whose path strays vertically by ``tolerance`` at most."""
    kept, open_ends = {0, len(points) - 1}, [(0, len(points) - 1)]
    while open_ends:
        first, last = open_ends.pop()
        far, strays = _farthest(points, first, last)
        if strays > tolerance:
            kept.add(far)
            open_ends += [(first, far), (far, last)]
    return tuple(points[n] for n in sorted(kept))


def _farthest(points: Points, first: int, last: int) -> tuple[int, float]:
    """Return which point strays most, vertically, from the chord, and how far."""
    (x0, y0), (x1, y1) = points[first], points[last]
    slope = (y1 - y0) / (x1 - x0) if x1 > x0 else 0.0
    strays = [abs(y - y0 - slope * (x - x0)) for x, y in points[first + 1 : last]]
    strayed = max(strays, default=0.0)
    return (first + 1 + strays.index(strayed) if strays else first), strayed


def path(points: Points) -> str:
    """Return the path through these places."""
    return "M" + "L".join(f"{coordinate(x)} {coordinate(y)}" for x, y in points)


def outline(lower: Points, upper: Points) -> str:
    """Return the closed path around the area between two edges."""
    return path((*lower, *reversed(upper))) + "Z"


def riding(points: Points, *, every: float, start: float) -> Points:
    """Return places on the path at even horizontal distances, the first one at ``start``."""
    found, wanted = [], start
    for (x0, y0), (x1, y1) in pairwise(points):
        while x0 <= wanted <= x1 and x1 > x0:
            found.append((wanted, y0 + (y1 - y0) * (wanted - x0) / (x1 - x0)))
            wanted += every
    return tuple(found)


def glyph(name: str, x: float, y: float, size: float = 4.2) -> Markup:
    """Return a small sign: circle, square, triangle, diamond or wedge."""
    if name == "circle":
        return element("circle", {"class": "glyph", "cx": x, "cy": y, "r": size})
    corners = _CORNERS[name]
    places = " ".join(f"{coordinate(x + size * a)},{coordinate(y + size * b)}" for a, b in corners)
    return element("polygon", {"class": "glyph", "points": places})


_CORNERS = {
    "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "triangle": ((0, -1.2), (1.1, 0.8), (-1.1, 0.8)),
    "diamond": ((0, -1.3), (1.1, 0), (0, 1.3), (-1.1, 0)),
    "wedge": ((0, 1.2), (1.1, -0.8), (-1.1, -0.8)),
}
GLYPHS = ("circle", *_CORNERS)

# The strokes of each sign of a measurement: from where to where, seen from its middle.
STROKES = {
    "cross": (((-5.5, -5.5), (5.5, 5.5)), ((-5.5, 5.5), (5.5, -5.5))),
    "plus": (((-7, 0), (7, 0)), ((0, -7), (0, 7))),
    "bar": (((-4, -7), (4, -7)), ((0, -7), (0, 7)), ((-4, 7), (4, 7))),
}


def apart(wanted: list[float], *, heights: list[float], low: float, high: float) -> list[float]:
    """Return places near those wanted, in the same order, that leave each its height.

    The first begins at ``low`` or below, the last ends at ``high`` or above while there is room.
    """
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    placed = list(wanted)
    floor = low
    for n in order:
        placed[n] = max(wanted[n], floor)
        floor = placed[n] + heights[n]
    ceiling = high
    for n in reversed(order):
        placed[n] = ceiling = min(placed[n], ceiling - heights[n])
    return placed
