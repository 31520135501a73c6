"""Draw when the checks of a visit are due: a mark for each look, a bar for a watch."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.web.charts.hits import sentence, stacked
from clinic.web.charts.lettering import wrapped
from clinic.web.charts.markup import Markup, coordinate, element, joined
from clinic.web.charts.pieces import rule, text
from clinic.web.charts.twin import Twin
from clinic.web.charts.words import duration

_ROW = 30.0
_BEFORE = 44.0  # drawing units in front of the start, for what is looked at before
_TICKS = 5
_MOST_MARKS = 60  # in one row: a stay of days is a bar


@dataclass(frozen=True, kw_only=True, slots=True)
class DueAt:
    """One check: before, at a time, every so often, throughout, or before leaving."""

    name: str
    when: str
    words: str
    begins: float  # [min] from the start
    minutes: float  # [min] after which, or every which
    ends: float | None  # [min] where it is not to the end


@dataclass(frozen=True, kw_only=True, slots=True)
class DueLine:
    """The checks of one visit, under one another."""

    title: str
    over: float  # [min] in which the dose is given
    until: float  # [min] at which the least stay ends
    rows: tuple[DueAt, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sheet:
    name: str
    width: float
    size: float
    left: float


_WIDE = _Sheet(name="wide", width=860, size=14, left=300)
_NARROW = _Sheet(name="narrow", width=360, size=13, left=14)


def due_drawings(line: DueLine) -> tuple[Markup, Markup]:
    """Return the drawing twice, for a wide and for a narrow sheet."""
    return _drawn(line, _WIDE), _drawn(line, _NARROW)


def _drawn(line: DueLine, sheet: _Sheet) -> Markup:
    pieces, y = [], 30.0
    top = y
    for row in line.rows:
        piece, y = _row(line, row, sheet, y)
        pieces.append(piece)
    return element(
        "svg",
        {
            "class": f"evidence evidence-{sheet.name} timeline",
            "viewBox": f"0 0 {coordinate(sheet.width)} {coordinate(y + 30)}",
            "role": "img",
            "aria-label": spoken(line),
        },
        _axis(line, sheet, top, y),
        *pieces,
    )


def _x(line: DueLine, sheet: _Sheet, minutes: float) -> float:
    start = sheet.left + _BEFORE
    return start + (sheet.width - 20 - start) * minutes / max(line.until, 1.0)


def _axis(line: DueLine, sheet: _Sheet, top: float, bottom: float) -> Markup:
    start, end = _x(line, sheet, 0.0), _x(line, sheet, line.over)
    pieces = [text("tick", start, 18, "start", "middle")]
    if line.over > 0.0:
        place = {"x": start, "y": top - 6, "width": end - start, "height": bottom - top + 6}
        pieces.append(element("rect", {"class": "shade-1", **place}))
    for n in range(_TICKS):
        at = line.until * n / (_TICKS - 1)
        x = _x(line, sheet, at)
        anchor = "end" if n == _TICKS - 1 else "middle"
        pieces.append(rule("grid" if n else "axis", x, top - 6, x, bottom))
        pieces.append(text("tick", x, bottom + 18, duration(round(at)) if n else "0", anchor))
    return joined(*pieces)


def _row(line: DueLine, row: DueAt, sheet: _Sheet, top: float) -> tuple[Markup, float]:
    beside = sheet is _WIDE
    room = sheet.left - 16 if beside else sheet.width - 12
    lines = wrapped(f"{row.name}: {row.words}", room, sheet.size)
    words = stacked("label", lines, 6, top + 14, 17)
    y = top + 9 if beside else top + 17 * len(lines) + 9
    end = max(top + 17 * len(lines), y + 9) + 8
    return joined(words, _marks(line, row, sheet, y)), max(end, top + _ROW)


def _marks(line: DueLine, row: DueAt, sheet: _Sheet, y: float) -> Markup:
    if row.when == "throughout":
        x = _x(line, sheet, 0.0)
        place = {"x": x, "y": y - 4, "width": _x(line, sheet, line.until) - x, "height": 8}
        return element("rect", {"class": "due", **place})
    return joined(
        *(
            element("circle", {"class": "due", "cx": x, "cy": y, "r": 4.5})
            for x in _places(line, row, sheet)
        )
    )


def _places(line: DueLine, row: DueAt, sheet: _Sheet) -> list[float]:
    match row.when:
        case "before":
            return [sheet.left + _BEFORE / 2]
        case "leaving":
            return [_x(line, sheet, line.until)]
        case "at":
            return [_x(line, sheet, min(row.begins + row.minutes, line.until))]
        case _:
            last = line.until if row.ends is None else row.ends
            count = int((last - row.begins) / row.minutes + 1e-9)
            step = max(1, -(-count // _MOST_MARKS))
            looks = range(step, count + 1, step)
            return [_x(line, sheet, row.begins + n * row.minutes) for n in looks]


def spoken(line: DueLine) -> str:
    """Return everything the drawing says, for who listens."""
    given = f"The dose is given over {duration(line.over)}" if line.over else "Given at once"
    least = f"The least stay is {duration(line.until)}"
    return sentence(line.title, given, least, *(f"{row.name}: {row.words}" for row in line.rows))


def due_table(line: DueLine) -> Twin:
    """Return the same as a table."""
    return Twin(
        caption=f"{line.title}, in a stay of {duration(line.until)} at the least",
        headers=("Check", "Due"),
        rows=tuple((row.name, row.words) for row in line.rows),
    )
