"""The people of an icon array: each kind has a shape of its own, so that hue is never alone."""

from __future__ import annotations

from clinic.web.charts.markup import Markup, element, joined

ROW = 10  # people in a row, and rows of people
Kinds = tuple[tuple[str, int], ...]  # kind of people, and how many


def square(kinds: Kinds, left: float, top: float, cell: float) -> Markup:
    """Return a hundred people in rows, one kind behind the other."""
    pieces, first = [], 0
    for kind, count in kinds:
        places = [divmod(n, ROW) for n in range(first, first + count)]
        pieces.append(people(kind, [(left + x * cell, top + y * cell) for y, x in places], cell))
        first += count
    return joined(*pieces)


def people(kind: str, places: list[tuple[float, float]], cell: float) -> Markup:
    """Return people of one kind as one path: each person is one "M" of it."""
    if not places:
        return Markup()
    person = {"anyway": _figure, "extra": _tile, "fewer": _struck, "neither": _figure}[kind]
    way = "".join(person(x, y, cell) for x, y in places)
    return element("path", {"class": f"people people-{kind}", "d": way, "fill-rule": "evenodd"})


def _figure(x: float, y: float, cell: float) -> str:
    """Return head and body, starting from one "M"; what follows is relative to it."""
    return f"M{x + cell / 2:.1f} {y + 0.09 * cell:.1f}{_body(cell)}"


def _body(cell: float) -> str:
    """Return a round head and a body with round shoulders, from the top of the head."""
    head, wide, tall = 0.15 * cell, 0.26 * cell, 0.42 * cell
    turn = f"a{head:.2f} {head:.2f} 0 1 1"
    circle = f"{turn} 0 {2 * head:.2f}{turn} 0 {-2 * head:.2f}z"
    shoulder = 0.16 * cell
    return (
        f"{circle}m{-wide + shoulder:.2f} {2 * head + 0.07 * cell:.2f}"
        f"h{2 * (wide - shoulder):.2f}q{shoulder:.2f} 0 {shoulder:.2f} {shoulder:.2f}"
        f"v{tall - shoulder:.2f}h{-2 * wide:.2f}v{-(tall - shoulder):.2f}"
        f"q0 {-shoulder:.2f} {shoulder:.2f} {-shoulder:.2f}z"
    )


def _tile(x: float, y: float, cell: float) -> str:
    """Return a figure cut out of a tile."""
    gap = 0.03 * cell
    side = cell - 2 * gap
    down = 0.09 * cell - gap
    return (
        f"M{x + gap:.1f} {y + gap:.1f}h{side:.2f}v{side:.2f}h{-side:.2f}z"
        f"m{side / 2:.2f} {down:.2f}{_body(cell)}"
    )


def _struck(x: float, y: float, cell: float) -> str:
    """Return a figure that is struck through."""
    reach = 0.8 * cell
    return (
        f"M{x + 0.1 * cell:.1f} {y + 0.9 * cell:.1f}l{reach:.2f} {-reach:.2f}"
        f"m{-0.4 * cell:.2f} {-0.01 * cell:.2f}{_body(cell)}"
    )


def legend_swatch(kind: str) -> Markup:
    """Return a sample of one kind of people, as a legend outside the drawing shows it."""
    return element(
        "svg",
        {"class": "evidence icons swatch-person", "viewBox": "0 0 20 20", "aria-hidden": "true"},
        people(kind, [(0.0, 0.0)], 20.0),
    )
