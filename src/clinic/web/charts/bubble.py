"""Draw effects beside doses: a circle for each study, its area the weight, and a fitted line."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from clinic.web.charts import field as fields
from clinic.web.charts.effect_scale import Scale, linear, logarithmic, with_null
from clinic.web.charts.field import Field
from clinic.web.charts.forest_rows import Effect
from clinic.web.charts.hits import Box, Sheet, hit, sentence
from clinic.web.charts.markup import Markup, element, joined
from clinic.web.charts.pieces import rule
from clinic.web.charts.scene import Note
from clinic.web.charts.shapes import outline, path
from clinic.web.charts.ticks import level_axis
from clinic.web.charts.twin import Twin
from clinic.web.charts.words import number

RADIUS = 17.0  # of the heaviest study
_LEAST_REACH = 12.0
_TABLED = 6  # places of the fitted line in the table
_AREA = "The area of a circle is its weight."


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One study, or one arm of it, at its dose."""

    label: str
    sublabel: str
    dose: float
    effect: Effect
    weight: float  # share of the whole weight, 0 to 1
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a dose or a weight that is none."""
        if not (math.isfinite(self.dose) and self.dose >= 0.0 and 0.0 <= self.weight <= 1.0):
            raise ValueError(
                f"point '{self.label}': expected a dose of 0 or more and a weight from 0 to 1, got "
                f"{self.dose!r} and {self.weight!r}. Leave out what is not known and say so."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Fitted:
    """The fitted line at one dose, with its interval."""

    dose: float
    estimate: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Bubble:
    """A whole plot of effects beside doses."""

    name: str
    dose_label: str  # "dose"
    unit: str  # "mg/kg"
    measure: str
    is_log: bool  # whether the measure is a ratio
    null: float
    points: tuple[Point, ...]
    fit: tuple[Fitted, ...] = ()
    told: tuple[str, ...] = ()  # how the line was fitted, and what to mind

    def __post_init__(self) -> None:
        """Refuse an empty plot, ratios that are none, and a line beyond the studied doses."""
        if not self.points:
            raise ValueError(f"bubbles '{self.name}': expected a study, got none. Draw nothing.")
        lowest = min(self.null, *(point.effect.estimate for point in self.points))
        if self.is_log and min(lowest, *(one.low for one in self.fit), lowest) <= 0.0:
            raise ValueError(
                f"bubbles '{self.name}': expected ratios above 0, got {lowest!r} or a band below. "
                "Give effects on the printed scale, not their logarithms."
            )
        doses = [point.dose for point in self.points]
        beyond = [one.dose for one in self.fit if not min(doses) <= one.dose <= max(doses)]
        if beyond:
            raise ValueError(
                f"bubbles '{self.name}': expected a line between {min(doses):g} and {max(doses):g} "
                f"{self.unit}, got one at {beyond[0]:g}. Draw no line where nothing was studied."
            )


def bubbles(plot: Bubble) -> tuple[Markup, Markup]:
    """Return the plot twice, for a wide and for a narrow sheet."""
    return drawn(plot, fields.WIDE), drawn(plot, fields.NARROW)


def drawn(plot: Bubble, sheet: Sheet) -> Markup:
    """Return the plot on one sheet."""
    along, up = fields.TICKS[sheet.width]
    highest = max(point.dose for point in plot.points)
    # A circle at the last dose must not be cut by the edge of the plot.
    x_scale = Scale(axis=level_axis(1.06 * highest, most=along, label=""), is_log=False)
    area = fields.field(sheet, x_scale, _y_scale(plot, up), y_label=plot.measure)
    axes, end = fields.axes(area, sheet, f"{plot.dose_label} ({plot.unit})", plot.measure)
    told, end = fields.captions(sheet, (_AREA, *plot.told), end)
    sheet = replace(sheet, height=end + 10)
    heaviest = max(point.weight for point in plot.points) or 1.0
    largest_first = sorted(plot.points, key=lambda point: -point.weight)
    null = area.y(plot.null)
    return fields.chart(
        "bubble",
        sheet,
        plot.name,
        fields.hidden(
            fields.grid(area),
            rule("null", area.left, null, area.right, null),
            _fit(area, plot.fit),
            axes,
            joined(*(_circle(area, point, heaviest) for point in largest_first)),
            told,
        ),
        # The largest lie lowest here too, so that the pointer reaches a small one.
        *(_hit(area, sheet, (plot, point), heaviest) for point in largest_first),
    )


def _y_scale(plot: Bubble, most: int) -> Scale:
    held = [point.effect.estimate for point in plot.points] + [one.estimate for one in plot.fit]
    held = list(with_null(held, plot.null, is_log=plot.is_log))
    reaching = [(one.low, one.high) for one in plot.fit]
    return (logarithmic if plot.is_log else linear)(held, reaching, most=most)


def _fit(area: Field, fit: tuple[Fitted, ...]) -> Markup:
    if not fit:
        return Markup()
    lower = area.places(tuple((one.dose, one.low) for one in fit))
    upper = area.places(tuple((one.dose, one.high) for one in fit))
    middle = area.places(tuple((one.dose, one.estimate) for one in fit))
    return joined(
        element("path", {"class": "fit-band", "d": outline(lower, upper)}),
        element("path", {"class": "fit-line", "d": path(middle)}),
    )


def _radius(point: Point, heaviest: float) -> float:
    return RADIUS * math.sqrt(point.weight / heaviest)


def _circle(area: Field, point: Point, heaviest: float) -> Markup:
    x, y = area.x(point.dose), area.y(point.effect.estimate)
    # Written to a thousandth, so that the areas of small circles are their weights.
    place = {"cx": x, "cy": y, "r": f"{_radius(point, heaviest):.3f}"}
    centre = element("circle", {"class": "bubble-centre", "cx": x, "cy": y, "r": 1.5})
    return joined(element("circle", {"class": "bubble", **place}), centre)


def _hit(area: Field, sheet: Sheet, what: tuple[Bubble, Point], heaviest: float) -> Markup:
    plot, point = what
    x, y = area.x(point.dose), area.y(point.effect.estimate)
    reach = max(_radius(point, heaviest), _LEAST_REACH)
    box = Box(left=x - reach, top=y - reach, width=2 * reach, height=2 * reach)
    told = (
        f"{plot.dose_label} {number(point.dose)} {plot.unit}",
        f"{plot.measure} {point.effect.text}",
        f"weight {100 * point.weight:.1f} %",
    )
    note = Note(
        heading=point.label,
        lines=tuple(line for line in (point.sublabel, *told, *point.notes) if line),
        spoken=sentence(point.label, point.sublabel, *told, *point.notes),
    )
    return hit(sheet, box, note)


def _few(fit: tuple[Fitted, ...]) -> tuple[Fitted, ...]:
    """Return a few places of the line, both ends among them."""
    steps = min(len(fit), _TABLED) - 1
    return (
        tuple(fit[round(n * (len(fit) - 1) / steps)] for n in range(steps + 1))
        if steps > 0
        else fit
    )


def bubble_table(plot: Bubble) -> Twin:
    """Return every study with its dose and its effect, then the fitted line where there is one."""
    studies = tuple(
        (
            point.label,
            point.sublabel,
            number(point.dose),
            point.effect.text,
            f"{100 * point.weight:.1f} %",
            sentence(*point.notes),
        )
        for point in plot.points
    )
    fitted = tuple(
        (
            "fitted line",
            "",
            number(one.dose),
            f"{number(one.estimate)} ({number(one.low)} to {number(one.high)})",
            "",
            "",
        )
        for one in _few(plot.fit)
    )
    return Twin(
        caption=sentence(plot.name, *plot.told),
        headers=(
            "Study",
            "People",
            f"{plot.dose_label} ({plot.unit})",
            plot.measure,
            "Weight",
            "Remarks",
        ),
        rows=(*studies, *fitted),
    )
