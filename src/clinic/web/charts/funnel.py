"""Draw a funnel plot: effects beside their standard errors, the surest studies on top.

Shades say how far a study lies from no difference (p above 0.05, 0.01 to 0.05, below 0.01); the
dashed lines around the pooled effect hold 95 % of studies if they differed by chance alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import NormalDist

from clinic.web.charts import field as fields
from clinic.web.charts.effect_scale import Scale, linear, logarithmic, with_null
from clinic.web.charts.field import Field
from clinic.web.charts.hits import Box, Sheet, hit, sentence
from clinic.web.charts.lettering import width
from clinic.web.charts.markup import Markup, coordinate, element, joined
from clinic.web.charts.pieces import rule, text
from clinic.web.charts.scene import Note, Points
from clinic.web.charts.ticks import level_axis
from clinic.web.charts.twin import Twin

_DOT, _REACH = 4.6, 12.0
_LIMITS = 0.95  # of studies between the dashed lines
_SHADES = (("shade-1", 0.01), ("shade-2", 0.05))  # the wider cone lies below
_KEY = (
    ("shade-2", "p above 0.05"),
    ("shade-1", "p 0.01 to 0.05"),
    ("shade-0", "p below 0.01"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Study:
    """One study of a funnel."""

    label: str
    estimate: float  # on the printed scale
    se: float  # on the scale of the analysis: of the logarithm where the measure is a ratio
    text: str  # the effect as printed
    notes: tuple[str, ...] = ()
    is_imputed: bool = False  # filled in by trim and fill, and never measured

    def __post_init__(self) -> None:
        """Refuse what has no place on the plot."""
        if not (math.isfinite(self.estimate) and math.isfinite(self.se) and self.se > 0.0):
            raise ValueError(
                f"study '{self.label}': expected a finite effect with a standard error above 0, "
                f"got {self.estimate!r} and {self.se!r}. Leave it out and say so."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Funnel:
    """A whole funnel plot."""

    name: str
    measure: str
    is_log: bool
    null: float
    pooled: float  # on the printed scale
    pooled_text: str  # "pooled 2.05 (1.45 to 2.9)"
    studies: tuple[Study, ...]
    told: tuple[str, ...] = ()  # what to mind: "Fewer than 10 studies: ..."

    def __post_init__(self) -> None:
        """Refuse an empty funnel, and ratios that are none."""
        if not self.studies:
            raise ValueError(f"funnel '{self.name}': expected a study, got none. Draw nothing.")
        lowest = min(self.null, self.pooled, *(study.estimate for study in self.studies))
        if self.is_log and lowest <= 0.0:
            raise ValueError(
                f"funnel '{self.name}': expected ratios above 0, got {lowest!r}. Give effects on "
                "the printed scale, not their logarithms."
            )


def funnels(plot: Funnel) -> tuple[Markup, Markup]:
    """Return the plot twice, for a wide and for a narrow sheet."""
    return drawn(plot, fields.WIDE), drawn(plot, fields.NARROW)


def drawn(plot: Funnel, sheet: Sheet) -> Markup:
    """Return the plot on one sheet."""
    along, up = fields.TICKS[sheet.width]
    highest = max(study.se for study in plot.studies)
    y_scale = Scale(axis=level_axis(1.04 * highest, most=up, label=""), is_log=False)
    y_label = f"standard error{' (of the logarithm)' if plot.is_log else ''}"
    area = fields.field(sheet, _x_scale(plot, along), y_scale, y_label=y_label, is_inverted=True)
    axes, end = fields.axes(area, sheet, plot.measure, y_label)
    key, end = _key(sheet, end)
    told, end = fields.captions(sheet, (_limits_words(plot), *plot.told), end)
    sheet = replace(sheet, height=end + 10)
    marks = joined(*(_dot(area, study) for study in plot.studies))
    behind = (_shades(plot, area), fields.grid(area), _lines(plot, area))
    return fields.chart(
        "funnel",
        sheet,
        plot.name,
        fields.hidden(*behind, axes, marks, key, told),
        *(_hit(area, sheet, plot, study) for study in plot.studies),
    )


def _x_scale(plot: Funnel, most: int) -> Scale:
    held = [plot.pooled, *(study.estimate for study in plot.studies)]
    held = list(with_null(held, plot.null, is_log=plot.is_log))
    widest = max(study.se for study in plot.studies) * _z(_LIMITS)
    shown = _unflat(plot)
    middle = _flat(plot, plot.pooled)
    reaching = [(shown(middle - widest), shown(middle + widest))]
    return (logarithmic if plot.is_log else linear)(held, reaching, most=most)


def _flat(plot: Funnel, value: float) -> float:
    return math.log(value) if plot.is_log else value


def _unflat(plot: Funnel) -> Callable[[float], float]:
    return math.exp if plot.is_log else float


def _z(inside: float) -> float:
    """Return the normal deviate that holds a share of chance between itself and its negative."""
    return NormalDist().inv_cdf((1.0 + inside) / 2.0)


def cone(plot: Funnel, area: Field, centre: float, inside: float) -> Points:
    """Return the places of the cone that holds a share of chance, cut at the edges of the plot."""
    z, bottom = _z(inside), area.y_scale.axis.high
    ends = (area.x_scale.axis.low, area.x_scale.axis.high)
    middle = _flat(plot, centre)
    sides: list[Points] = []
    for end, sign in zip(ends, (-1.0, 1.0), strict=True):
        leaves = abs(_flat(plot, end) - middle) / z  # the standard error at which it leaves
        if leaves >= bottom:
            sides.append(((_unflat(plot)(middle + sign * z * bottom), bottom),))
        else:
            sides.append(((end, leaves), (end, bottom)))
    left, right = sides
    return area.places(((centre, 0.0), *right, *reversed(left)))


def _shades(plot: Funnel, area: Field) -> Markup:
    shapes = ((kind, cone(plot, area, plot.null, 1.0 - p)) for kind, p in _SHADES)
    return joined(*(_polygon(kind, corners) for kind, corners in shapes))


def _polygon(kind: str, corners: Points) -> Markup:
    places = " ".join(f"{coordinate(x)},{coordinate(y)}" for x, y in corners)
    return element("polygon", {"class": kind, "points": places})


def _lines(plot: Funnel, area: Field) -> Markup:
    """Return no difference, the pooled effect, and the limits around it."""
    pooled, null = area.x(plot.pooled), area.x(plot.null)
    apex, *corners = cone(plot, area, plot.pooled, _LIMITS)
    # A side that was cut has a corner at the edge of the plot, which is no part of the limit.
    right, left = corners[0], corners[-1]
    return joined(
        rule("null", null, area.top, null, area.bottom),
        rule("overall", pooled, area.top, pooled, area.bottom),
        rule("limit", *apex, *left),
        rule("limit", *apex, *right),
    )


def _dot(area: Field, study: Study) -> Markup:
    kind = "point point-imputed" if study.is_imputed else "point"
    place = {"cx": area.x(study.estimate), "cy": area.y(study.se), "r": _DOT}
    return element("circle", {"class": kind, **place})


def _hit(area: Field, sheet: Sheet, plot: Funnel, study: Study) -> Markup:
    x, y = area.x(study.estimate), area.y(study.se)
    box = Box(left=x - _REACH, top=y - _REACH, width=2 * _REACH, height=2 * _REACH)
    told = f"{plot.measure} {study.text}"
    where = f"standard error {study.se:.3g}"
    filled = "filled in, not measured" if study.is_imputed else ""
    note = Note(
        heading=study.label,
        lines=tuple(line for line in (told, where, filled, *study.notes) if line),
        spoken=sentence(study.label, told, where, filled, *study.notes),
    )
    return hit(sheet, box, note)


def _limits_words(plot: Funnel) -> str:
    return (
        f"Dashed: {plot.pooled_text}, and where {100 * _LIMITS:.0f} % of studies would lie if they "
        "differed by chance alone. A full line marks no difference."
    )


def _key(sheet: Sheet, y: float) -> tuple[Markup, float]:
    """Return samples of the shades, and where they end."""
    x, base, pieces = 6.0, y + sheet.leading + 8, []
    for kind, words in _KEY:
        if x + 30 + width(words, sheet.size) > sheet.width:
            x, base = 6.0, base + sheet.leading + 2
        sample = {"x": x, "y": base - 11, "width": 18.0, "height": 13.0}
        pieces.append(element("rect", {"class": f"sample {kind}", **sample}))
        pieces.append(text("soft", x + 24, base, words))
        x += 24 + width(words, sheet.size) + 16
    return joined(*pieces), base


def funnel_table(plot: Funnel) -> Twin:
    """Return every study with its effect and its standard error."""
    return Twin(
        caption=sentence(plot.name, plot.pooled_text, *plot.told),
        headers=("Study", plot.measure, "Standard error", "Remarks"),
        rows=tuple(
            (
                study.label,
                study.text,
                f"{study.se:.3g}",
                sentence("filled in, not measured" if study.is_imputed else "", *study.notes),
            )
            for study in plot.studies
        ),
    )
