"""Draw shares that were counted at a few times: marks where somebody counted, steps between.

A step says only that nothing is known until the next count: no line slopes from mark to mark, and
none goes on behind the last one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise

from clinic.web.charts import field as fields
from clinic.web.charts.effect_scale import Scale
from clinic.web.charts.field import Field
from clinic.web.charts.hits import Box, Sheet, hit, sentence
from clinic.web.charts.lettering import bold, wrapped
from clinic.web.charts.markup import Markup, element, joined
from clinic.web.charts.pieces import rule, text
from clinic.web.charts.scene import Axis, Note, Tick
from clinic.web.charts.shapes import GLYPHS, glyph, path
from clinic.web.charts.ticks import level_axis
from clinic.web.charts.twin import Twin
from clinic.web.charts.words import number

MOST_COURSES = len(GLYPHS)
_FULL, _REACH, _SAMPLE = 100.0, 12.0, 34.0
_NUMBERED = 2  # groups whose marks still have room for a number each
_CLEAR, _TALL = 10.0, 0.72  # from a mark to its number; height of a digit in font sizes
_MEANING = (
    "Marks are what was counted. Between them nobody counted: the dotted steps show no course."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """A share that was counted at one time."""

    at: float  # in the unit of the axis
    percent: float
    text: str  # "80 %, 120 of 150 people"
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no time and what is no share."""
        if not (math.isfinite(self.at) and self.at >= 0.0 and 0.0 <= self.percent <= _FULL):
            raise ValueError(
                f"count '{self.text}': expected a time of 0 or later and a share from 0 to 100 %, "
                f"got {self.at!r} and {self.percent!r}. Leave out what was not counted."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """One group over time."""

    name: str
    counts: tuple[Count, ...]

    def __post_init__(self) -> None:
        """Refuse a course without counts, and counts out of order."""
        places = [count.at for count in self.counts]
        if not places or any(later <= before for before, later in pairwise(places)):
            raise ValueError(
                f"course '{self.name}': expected counts at later and later times, got {places!r}. "
                "Sort them, and give each time once."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Steps:
    """Several groups over time, or one and why nothing stands beside it."""

    name: str
    share_label: str  # "still in remission (%)"
    time_label: str  # "since the last infusion"
    unit: str  # "weeks"
    courses: tuple[Course, ...]
    without_control: str = ""  # "No control group: one registry."
    told: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a group alone that does not say why it is alone."""
        if not 1 <= len(self.courses) <= MOST_COURSES:
            raise ValueError(
                f"steps '{self.name}': expected 1 to {MOST_COURSES} groups, got "
                f"{len(self.courses)}. Draw several charts."
            )
        if len(self.courses) == 1 and not self.without_control.strip():
            raise ValueError(
                f"steps '{self.name}': expected a control beside the group, got none. Say on the "
                "chart that there was no control."
            )


def step_charts(plot: Steps) -> tuple[Markup, Markup]:
    """Return the chart twice, for a wide and for a narrow sheet."""
    return drawn(plot, fields.WIDE), drawn(plot, fields.NARROW)


def drawn(plot: Steps, sheet: Sheet) -> Markup:
    """Return the chart on one sheet."""
    along, _ = fields.TICKS[sheet.width]
    latest = max(course.counts[-1].at for course in plot.courses)
    x_scale = Scale(axis=level_axis(1.02 * latest, most=along, label=""), is_log=False)
    area = fields.field(sheet, x_scale, _shares(), y_label=plot.share_label)
    x_label = f"{plot.time_label} ({plot.unit})"
    axes, end = fields.axes(area, sheet, x_label, plot.share_label)
    key, end = _key(plot, sheet, end)
    warned = (plot.without_control,) if plot.without_control else ()
    alone, end = fields.captions(sheet, warned, end, "strong")
    told, end = fields.captions(sheet, (_MEANING, *plot.told), end)
    sheet = replace(sheet, height=end + 10)
    courses = enumerate(plot.courses)
    return fields.chart(
        "steps",
        sheet,
        sentence(plot.name, *warned),
        fields.hidden(
            fields.grid(area),
            axes,
            joined(*(_course(area, course, n) for n, course in courses)),
            _numbers(plot, area, sheet),
            key,
            alone,
            told,
        ),
        *(
            _hit(area, sheet, course, (plot, count))
            for course in plot.courses
            for count in course.counts
        ),
    )


def _shares() -> Scale:
    ticks = tuple(Tick(at=at, text=f"{at:.0f}") for at in (0.0, 25.0, 50.0, 75.0, 100.0))
    return Scale(axis=Axis(label="", low=0.0, high=_FULL, ticks=ticks), is_log=False)


def _course(area: Field, course: Course, n: int) -> Markup:
    """Return the steps of one group and its marks."""
    marks = [glyph(GLYPHS[n], area.x(one.at), area.y(one.percent), 5.0) for one in course.counts]
    way = stair(area, course)
    steps = element("path", {"class": "step", "d": path(way)}) if len(way) > 1 else ""
    return element("g", {"class": f"course hue-{n}"}, steps, *marks)


def stair(area: Field, course: Course) -> tuple[tuple[float, float], ...]:
    """Return the corners of the steps: level from each count until the next, and then at once."""
    corners = [(area.x(course.counts[0].at), area.y(course.counts[0].percent))]
    for count in course.counts[1:]:
        x, y = area.x(count.at), area.y(count.percent)
        corners += [(x, corners[-1][1]), (x, y)]
    return tuple(corners)


def _numbers(plot: Steps, area: Field, sheet: Sheet) -> Markup:
    """Return the share at each mark of one or two groups, above the upper and below the lower."""
    if len(plot.courses) > _NUMBERED:
        return Markup()
    ranked = sorted(plot.courses, key=lambda course: -sum(one.percent for one in course.counts))
    upper, *lower = ranked
    shared = {(one.at, one.percent) for one in upper.counts}
    below = [
        one for course in lower for one in course.counts if (one.at, one.percent) not in shared
    ]
    return joined(
        *(_number(area, sheet, one, -_CLEAR) for one in upper.counts),
        *(_number(area, sheet, one, _CLEAR + _TALL * sheet.size) for one in below),
    )


def _number(area: Field, sheet: Sheet, count: Count, down: float) -> Markup:
    """Return a share above or below its mark; beside it where the axis leaves no room below."""
    words, y = number(count.percent), area.y(count.percent) + down
    if y > area.bottom - 3:
        return text("value", area.x(count.at) + _CLEAR, area.bottom - 5, words)
    half = bold(words, sheet.size) / 2
    return text("value", min(max(area.x(count.at), half), sheet.width - half), y, words, "middle")


def _hit(area: Field, sheet: Sheet, course: Course, what: tuple[Steps, Count]) -> Markup:
    plot, count = what
    x, y = area.x(count.at), area.y(count.percent)
    box = Box(left=x - _REACH, top=y - _REACH, width=2 * _REACH, height=2 * _REACH)
    when = f"{number(count.at)} {plot.unit} {plot.time_label}"
    note = Note(
        heading=course.name,
        lines=(when, count.text, *count.notes),
        spoken=sentence(course.name, when, f"{plot.share_label}: {count.text}", *count.notes),
    )
    return hit(sheet, box, note)


def _key(plot: Steps, sheet: Sheet, y: float) -> tuple[Markup, float]:
    """Return a sample of each group with its name, and where they end."""
    pieces, base = [], y + sheet.leading + 8
    for n, course in enumerate(plot.courses):
        lines = wrapped(course.name, sheet.width - _SAMPLE - 20, sheet.size)
        middle = base - 4.5
        line = rule("step", 6, middle, 6 + _SAMPLE, middle)
        mark = glyph(GLYPHS[n], 6 + _SAMPLE / 2, middle, 5.0)
        pieces.append(element("g", {"class": f"course hue-{n}"}, line, mark))
        words = (
            text("label", 14 + _SAMPLE, base + m * sheet.leading, one)
            for m, one in enumerate(lines)
        )
        pieces += words
        base += sheet.leading * len(lines) + 2
    return joined(*pieces), base - sheet.leading


def steps_table(plot: Steps) -> Twin:
    """Return every count of every group."""
    return Twin(
        caption=sentence(plot.name, plot.without_control, *plot.told),
        headers=("Group", f"{plot.time_label} ({plot.unit})", plot.share_label, "Remarks"),
        rows=tuple(
            (course.name, number(count.at), count.text, sentence(*count.notes))
            for course in plot.courses
            for count in course.counts
        ),
    )
