"""Draw how an exposure is spread between people: a histogram with logarithmic bins."""

from __future__ import annotations

import math
from dataclasses import dataclass

from clinic.explore.population_results import Bin, Exposure
from clinic.web.charts.levels import STAMP
from clinic.web.charts.markup import Markup, coordinate, element, joined
from clinic.web.charts.pieces import rule, text
from clinic.web.charts.ticks import level_axis, round_step
from clinic.web.charts.words import number

WIDTH, HEIGHT = 360.0, 272.0  # the sheet, in drawing units
LEFT, RIGHT, TOP, BOTTOM = 46.0, 16.0, 64.0, 48.0
TICKS = 5
_DECADE = 10.0
_ROUND = (1.0, 2.0, 5.0)  # what a tick of a logarithmic axis may begin with


@dataclass(frozen=True, kw_only=True, slots=True)
class BinRow:
    """One bar as the table holds it."""

    span: str
    people: str
    share: str


@dataclass(frozen=True, slots=True)
class _Plane:
    """Where a value and a share land on the sheet."""

    low: float
    high: float
    top: float

    def x(self, value: float) -> float:
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, share: float) -> float:
        return HEIGHT - BOTTOM - share / self.top * (HEIGHT - BOTTOM - TOP)


def histogram(exposure: Exposure, name: str) -> Markup:
    """Return the histogram of an exposure as one SVG element; its table holds the same."""
    bars = drawable(exposure)
    people = sum(bar.people for bar in exposure.bins)
    axis = level_axis(
        max(100.0 * bar.people / people for bar in bars), most=TICKS, label="people (%)"
    )
    plane = _Plane(bars[0].low, bars[-1].high, axis.high)
    return element(
        "svg",
        {
            "class": "chart chart-bars",
            "viewBox": f"0 0 {coordinate(WIDTH)} {coordinate(HEIGHT)}",
            "role": "img",
            "aria-label": f"{name}: how it is spread between simulated people. {_told(exposure)}. "
            "The same values are in the table.",
        },
        text("title", 2, 14, axis.label),
        text("stamp", WIDTH - RIGHT, 14, STAMP, "end"),
        joined(
            *(
                joined(
                    rule("grid", LEFT, plane.y(tick.at), WIDTH - RIGHT, plane.y(tick.at)),
                    text("tick", LEFT - 7, plane.y(tick.at) + 4, tick.text, "end"),
                )
                for tick in axis.ticks
            )
        ),
        joined(*(_bar(plane, bar, 100.0 * bar.people / people) for bar in bars)),
        _quantiles(plane, exposure),
        _axis(plane, exposure, name),
    )


def drawable(exposure: Exposure) -> tuple[Bin, ...]:
    """Return the bins with two ends, which a logarithmic axis can show."""
    return tuple(bar for bar in exposure.bins if bar.low > 0.0 and math.isfinite(bar.high))


def _told(exposure: Exposure) -> str:
    low, middle, high = (exposure.quantiles[n] for n in (0, len(exposure.quantiles) // 2, -1))
    return (
        f"Median {number(middle)} {exposure.unit}, 5th to 95th percentile "
        f"{number(low)} to {number(high)} {exposure.unit}"
    )


def _bar(plane: _Plane, bar: Bin, share: float) -> Markup:
    left, right, top = plane.x(bar.low), plane.x(bar.high), plane.y(share)
    shape = {"x": left + 0.5, "y": top, "width": right - left - 1, "height": plane.y(0.0) - top}
    return element("rect", {"class": "bar"} | shape)


def _quantiles(plane: _Plane, exposure: Exposure) -> Markup:
    """Return a line at the lowest, the middle and the highest quantile."""
    places = (exposure.quantiles[n] for n in (0, len(exposure.quantiles) // 2, -1))
    names = ("5th", "median", "95th")
    inside = [
        (plane.x(value), name)
        for value, name in zip(places, names, strict=True)
        if plane.low <= value <= plane.high
    ]
    return joined(
        *(
            joined(
                rule("asked", x, TOP - 6, x, plane.y(0.0)),
                text("tick", x, TOP - 11 - 13 * (name == "median"), name, "middle"),
            )
            for x, name in inside
        )
    )


def _axis(plane: _Plane, exposure: Exposure, name: str) -> Markup:
    bottom = plane.y(0.0)
    pieces = [rule("axis", LEFT, bottom, WIDTH - RIGHT, bottom)]
    for value in log_ticks(plane.low, plane.high):
        x = plane.x(value)
        pieces += [
            rule("notch", x, bottom, x, bottom + 5),
            text("tick", x, bottom + 19, number(value), "middle"),
        ]
    middle = (LEFT + WIDTH - RIGHT) / 2
    pieces.append(text("title", middle, HEIGHT - 6, f"{name} ({exposure.unit})", "middle"))
    return joined(*pieces)


def log_ticks(low: float, high: float) -> tuple[float, ...]:
    """Return round values from ``low`` to ``high``: even steps, or 1, 2 and 5 over decades."""
    if high < _DECADE * low:
        step = round_step(high - low, TICKS)
        every = [n * step for n in range(math.ceil(low / step), math.floor(high / step) + 1)]
        return tuple(value for value in every if value > 0.0)
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    firsts = _ROUND if high < _DECADE**2 * low else _ROUND[:1]
    every = [first * 10.0**decade for decade in decades for first in firsts]
    return tuple(value for value in every if low <= value <= high)


def bin_rows(exposure: Exposure) -> tuple[BinRow, ...]:
    """Return every bin with its people and their share."""
    people = sum(bar.people for bar in exposure.bins)
    return tuple(
        BinRow(
            span=_span(bar),
            people=f"{bar.people}",
            share=f"{number(100.0 * bar.people / people)} %",
        )
        for bar in exposure.bins
    )


def _span(bar: Bin) -> str:
    if bar.low == 0.0:
        return f"below {number(bar.high)}"
    if not math.isfinite(bar.high):
        return f"{number(bar.low)} or more"
    return f"{number(bar.low)} to {number(bar.high)}"
