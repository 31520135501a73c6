"""Draw how often one goes: a dot for each visit, week by week."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.web.charts.hits import sentence, stacked
from clinic.web.charts.lettering import wrapped
from clinic.web.charts.markup import Markup, coordinate, element, joined
from clinic.web.charts.pieces import rule, text
from clinic.web.charts.twin import Twin
from clinic.web.charts.words import listed

_DOTS = 4  # beside each other in one week


@dataclass(frozen=True, kw_only=True, slots=True)
class Going:
    """How often one goes for one treatment."""

    name: str
    weeks: tuple[int, ...]  # visits in each week from the first
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """The weeks of several treatments under one another."""

    title: str
    rows: tuple[Going, ...]

    @property
    def weeks(self) -> int:
        """Return how many weeks are drawn."""
        return max(len(row.weeks) for row in self.rows)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sheet:
    name: str
    width: float
    size: float
    leading: float
    left: float


_WIDE = _Sheet(name="wide", width=860, size=14, leading=19, left=290)
_NARROW = _Sheet(name="narrow", width=360, size=13, leading=17, left=6)


def calendars(calendar: Calendar) -> tuple[Markup, Markup]:
    """Return the drawing twice, for a wide and for a narrow sheet."""
    return _drawn(calendar, _WIDE), _drawn(calendar, _NARROW)


def _drawn(calendar: Calendar, sheet: _Sheet) -> Markup:
    week = min((sheet.width - sheet.left - 8) / calendar.weeks, 76.0)
    pieces, y = [], 8.0
    for row in calendar.rows:
        piece, y = _row(row, sheet, week, y)
        pieces.append(piece)
    return element(
        "svg",
        {
            "class": f"evidence evidence-{sheet.name} visits",
            "viewBox": f"0 0 {coordinate(sheet.width)} {coordinate(y)}",
            "role": "img",
            "aria-label": spoken(calendar),
        },
        *pieces,
    )


def _row(row: Going, sheet: _Sheet, week: float, top: float) -> tuple[Markup, float]:
    """Return one treatment with its weeks, and where the next begins."""
    beside = sheet is _WIDE
    room = sheet.left - 24 if beside else sheet.width - 12
    heads = wrapped(f"{row.name}: {sum(row.weeks)} visits", room / 1.12, sheet.size)
    notes = wrapped(row.note, room, sheet.size) if row.note else ()
    lead = sheet.leading
    words = joined(
        stacked("heading", heads, 6, top + lead - 4, lead),
        stacked("soft", notes, 6, top + lead * (1 + len(heads)) - 4, lead),
    )
    below = top + lead * (len(heads) + len(notes))
    start = top if beside else below + 4
    return joined(words, _weeks(row, sheet, week, start)), max(below, start + 50.0) + 16


def _weeks(row: Going, sheet: _Sheet, week: float, top: float) -> Markup:
    pieces = []
    dot = min(week / (_DOTS + 1), 12.0)
    for n, visits in enumerate(row.weeks):
        left = sheet.left + n * week
        pieces.append(rule("notch", left, top + 2, left, top + 44))
        pieces.append(
            text("tick", left + 5, top + 44, f"week {n + 1}" if week > 60 else f"{n + 1}")
        )
        for k in range(visits):
            place = {
                "cx": left + 4 + dot * (k % _DOTS + 0.5),
                "cy": top + 8 + dot * (k // _DOTS),
                "r": 0.42 * dot,
            }
            pieces.append(element("circle", {"class": "visit", **place}))
    return joined(*pieces)


def spoken(calendar: Calendar) -> str:
    """Return everything the drawing says, for who listens."""
    rows = (
        f"{row.name}: {listed([str(n) for n in row.weeks])} visits in the weeks from the first; "
        f"{row.note}"
        for row in calendar.rows
    )
    return sentence(calendar.title, *rows)


def visits_table(calendar: Calendar) -> Twin:
    """Return the same numbers as a table."""
    heads = tuple(f"Week {n + 1}" for n in range(calendar.weeks))
    return Twin(
        caption=calendar.title,
        headers=("", *heads, "Together"),
        rows=tuple(
            (
                f"{row.name} ({row.note})" if row.note else row.name,
                *(str(n) for n in row.weeks),
                *("" for _ in range(calendar.weeks - len(row.weeks))),
                str(sum(row.weeks)),
            )
            for row in calendar.rows
        ),
    )
