"""Draw pairs of bars, row by row: the treated and the others, always both, on one whole scale."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.web.charts.hits import sentence, stacked
from clinic.web.charts.icons import PEOPLE, people_words
from clinic.web.charts.lettering import wrapped
from clinic.web.charts.markup import Markup, coordinate, element, joined
from clinic.web.charts.pieces import text
from clinic.web.charts.twin import Twin
from clinic.web.charts.words import number

_BAR, _APART, _BETWEEN = 14.0, 4.0, 14.0  # height of a bar, gap in a pair, gap between pairs
_NUMBER = 92.0  # room for the number behind a bar


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """One thing in two groups."""

    name: str
    control: float
    treated: float
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PairedBars:
    """Two numbers for each of some things, on one scale from nothing."""

    title: str
    control: str  # what the groups were given
    treated: str
    highest: float  # where the scale ends
    unit: str  # "of 100 people"
    rows: tuple[Pair, ...]

    def __post_init__(self) -> None:
        """Refuse a bar that leaves its scale, and a drawing without names."""
        values = [value for row in self.rows for value in (row.control, row.treated)]
        if not (self.control and self.treated and self.rows):
            raise ValueError(f"pairs '{self.title}': expected two named groups and a row.")
        if not all(0.0 <= value <= self.highest for value in values):
            raise ValueError(
                f"pairs '{self.title}': expected numbers from 0 to {self.highest:g}, got {values}."
                " Draw each scale by itself."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sheet:
    name: str
    width: float
    size: float
    leading: float
    left: float  # where the bars begin
    is_beside: bool  # whether the names stand beside the bars

    @property
    def full(self) -> float:
        return self.width - self.left - _NUMBER


_WIDE = _Sheet(name="wide", width=860, size=14, leading=19, left=330, is_beside=True)
_NARROW = _Sheet(name="narrow", width=360, size=13, leading=17, left=6, is_beside=False)


def paired_bars(pairs: PairedBars) -> tuple[Markup, Markup]:
    """Return the drawing twice, for a wide and for a narrow sheet."""
    return _drawn(pairs, _WIDE), _drawn(pairs, _NARROW)


def _drawn(pairs: PairedBars, sheet: _Sheet) -> Markup:
    legend, y = _legend(pairs, sheet)
    pieces = [legend]
    for row in pairs.rows:
        piece, y = _row(pairs, row, sheet, y)
        pieces.append(piece)
    return element(
        "svg",
        {
            "class": f"evidence evidence-{sheet.name} pairs",
            "viewBox": f"0 0 {coordinate(sheet.width)} {coordinate(y)}",
            "role": "img",
            "aria-label": spoken(pairs),
        },
        *pieces,
    )


def _legend(pairs: PairedBars, sheet: _Sheet) -> tuple[Markup, float]:
    """Return which bar is whose, and where the rows begin."""
    pieces, y = [], 4.0
    for kind, words in (("control", pairs.control), ("treated", pairs.treated)):
        lines = wrapped(words, sheet.width - 50, sheet.size)
        box = {"class": f"pair-{kind}", "x": 8.0, "y": y + 3, "width": 26.0, "height": _BAR - 2}
        pieces.append(element("rect", box))
        pieces.append(stacked("label", lines, 44, y + sheet.leading - 5, sheet.leading))
        y += sheet.leading * len(lines) + 3
    return joined(*pieces), y + 10


def _row(pairs: PairedBars, row: Pair, sheet: _Sheet, top: float) -> tuple[Markup, float]:
    """Return one pair with its name, and where the next begins."""
    room = sheet.left - 24 if sheet.is_beside else sheet.width - 12
    heads = wrapped(row.name, room / 1.12, sheet.size)
    notes = wrapped(row.note, room, sheet.size) if row.note else ()
    lead = sheet.leading
    words = joined(
        stacked("heading", heads, 6, top + lead - 5, lead),
        stacked("soft", notes, 6, top + lead * (1 + len(heads)) - 5, lead),
    )
    below = top + lead * (len(heads) + len(notes))
    bars = top if sheet.is_beside else below + 3
    ends = (("control", row.control), ("treated", row.treated))
    drawn = joined(
        *(
            _bar(pairs, kind, value, sheet, bars + n * (_BAR + _APART))
            for n, (kind, value) in enumerate(ends)
        )
    )
    return joined(words, drawn), max(below, bars + 2 * _BAR + _APART) + _BETWEEN


def _bar(pairs: PairedBars, kind: str, value: float, sheet: _Sheet, top: float) -> Markup:
    place = {"x": sheet.left, "y": top, "height": _BAR}
    length = sheet.full * value / pairs.highest
    return joined(
        element("rect", {"class": "pair-all", **place, "width": sheet.full}),
        element("rect", {"class": f"pair-{kind}", **place, "width": length}),
        text("value", sheet.left + sheet.full + 6, top + _BAR - 2, shown(pairs, value)),
    )


def shown(pairs: PairedBars, value: float) -> str:
    """Return a number as people read it: whole people, or points."""
    is_part = 0.0 < value < 1.0  # less than one person of a hundred stays what was printed
    return number(value) if is_part or pairs.highest != PEOPLE else people_words(value)


def spoken(pairs: PairedBars) -> str:
    """Return everything the drawing says, for who listens."""
    rows = (
        f"{row.name}: {shown(pairs, row.control)} with {pairs.control}, "
        f"{shown(pairs, row.treated)} with {pairs.treated}" + (f" ({row.note})" * bool(row.note))
        for row in pairs.rows
    )
    return sentence(f"{pairs.title}, {pairs.unit}", *rows)


def pairs_table(pairs: PairedBars) -> Twin:
    """Return the same numbers as a table."""
    return Twin(
        caption=f"{pairs.title}, {pairs.unit}",
        headers=("", f"With {pairs.control}", f"With {pairs.treated}"),
        rows=tuple(
            (
                f"{row.name} ({row.note})" if row.note else row.name,
                number(row.control),
                number(row.treated),
            )
            for row in pairs.rows
        ),
    )
