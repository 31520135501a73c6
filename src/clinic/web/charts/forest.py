"""Draw a forest plot: studies, their weights, and what they come to.

A cumulative or a leave-one-out analysis is the same plot with ``is_pooled`` rows ("+ Murrough
2013"). Two drawings are returned, for a desk and for a telephone; a stylesheet shows one of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from clinic.web.charts import forest_marks, forest_narrow, forest_wide
from clinic.web.charts.forest_marks import Placed, Side, Track
from clinic.web.charts.forest_rows import Forest, Row
from clinic.web.charts.forest_words import notes
from clinic.web.charts.hits import Sheet, hit
from clinic.web.charts.markup import Markup, coordinate, element, joined

_OVER_AXIS = 4.0  # from the last line to the axis
_UNDER_AXIS = 40.0  # from the axis down to the words for the two sides

Stretches = tuple[tuple[float, float], ...]  # tops and bottoms


@dataclass(frozen=True, kw_only=True, slots=True)
class _Parts:
    """What differs between the two sheets."""

    sheet: Sheet
    placed: tuple[Placed, ...]
    track: Track
    told: Markup
    stretches: Stretches  # where the lines that marks are read against may run
    sides: tuple[Side, ...]


def forests(plot: Forest) -> tuple[Markup, Markup]:
    """Return the plot twice, for a wide and for a narrow sheet."""
    return wide(plot), narrow(plot)


def wide(plot: Forest) -> Markup:
    """Return the plot in columns."""
    at = forest_wide.columns(plot)
    placed = forest_wide.place(plot, at)
    left, right = at.plot
    track = Track(scale=forest_marks.scaled(plot, forest_wide.TICKS), left=left, right=right)
    parts = _Parts(
        sheet=forest_wide.SHEET,
        placed=placed,
        track=track,
        told=joined(forest_wide.head(plot, at), *(forest_wide.words(one, at) for one in placed)),
        stretches=_between_words(placed),
        sides=forest_marks.beside_null(plot, track, forest_wide.WIDTH),
    )
    return _assembled(plot, "wide", parts)


def narrow(plot: Forest) -> Markup:
    """Return the plot with the words of each study above its bar."""
    placed = forest_narrow.place(plot)
    left, right = forest_narrow.PLOT
    track = Track(scale=forest_marks.scaled(plot, forest_narrow.TICKS), left=left, right=right)
    words = (forest_narrow.words(plot, one) for one in placed)
    parts = _Parts(
        sheet=forest_narrow.SHEET,
        placed=placed,
        track=track,
        told=joined(forest_narrow.head(plot), forest_narrow.between(placed), *words),
        stretches=_bars(placed),
        sides=forest_marks.at_ends(plot, track),
    )
    return _assembled(plot, "narrow", parts)


def _bottom(placed: tuple[Placed, ...]) -> float:
    return placed[-1].top + placed[-1].height + _OVER_AXIS


def _between_words(placed: tuple[Placed, ...]) -> Stretches:
    """Return everything but the rows that say in words why they have no effect."""
    found, top = [], placed[0].top
    for one in placed:
        if isinstance(one.line, Row) and one.line.effect is None:
            found.append((top, one.top))
            top = one.top + one.height
    return (*found, (top, _bottom(placed)))


def _bars(placed: tuple[Placed, ...]) -> Stretches:
    """Return where bars are, and no words that a line would strike through."""
    ends = [(one.mark_y - 12, one.mark_y + 12) for one in placed if _has_mark(one)]
    ends += [(one.prediction_y - 8, one.prediction_y + 8) for one in placed if one.prediction_y]
    return (*ends, (_bottom(placed) - 6, _bottom(placed)))


def _has_mark(placed: Placed) -> bool:
    return not isinstance(placed.line, str) and placed.line.effect is not None


def _assembled(plot: Forest, name: str, parts: _Parts) -> Markup:
    """Return everything on one sheet: what is drawn, then what takes the focus."""
    bottom = _bottom(parts.placed)
    sides, last = forest_marks.sides_drawn(parts.sides, parts.sheet, bottom + _UNDER_AXIS)
    sheet = replace(parts.sheet, height=last + 8)
    return element(
        "svg",
        {
            "class": f"evidence evidence-{name} forest",
            "viewBox": f"0 0 {coordinate(sheet.width)} {coordinate(sheet.height)}",
            "role": "group",
            "aria-label": plot.name,
        },
        element(
            "g",
            {"aria-hidden": "true"},
            *(forest_marks.backdrop(plot, parts.track, *ends) for ends in parts.stretches),
            parts.told,
            forest_marks.marks(parts.track, parts.placed, forest_marks.heaviest(plot)),
            forest_marks.axis(parts.track, bottom, parts.sheet),
            sides,
        ),
        _hits(plot, sheet, parts.placed),
    )


def _hits(plot: Forest, sheet: Sheet, placed: tuple[Placed, ...]) -> Markup:
    """Return what takes the focus: every line but the headings."""
    boxes = [one.box(sheet.width) for one in placed if not isinstance(one.line, str)]
    return joined(*(hit(sheet, box, note) for box, note in zip(boxes, notes(plot), strict=True)))
