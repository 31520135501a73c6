"""Describe a population as a fan: the quantiles between people against time, with its table."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from clinic.explore.population_results import Fan, PopulationResult
from clinic.web.charts.levels import STAMP, STRAY, caveat_words, dash, span_of
from clinic.web.charts.scene import Edges, Line, Note, Points, Rule, Scene, Style
from clinic.web.charts.shapes import thinned
from clinic.web.charts.words import duration, level, number, ward_times, whole

MIDDLE = 0.5  # the probability whose curve is the line


@dataclass(frozen=True, kw_only=True, slots=True)
class FanRow:
    """Every quantile at one time."""

    time: str
    cells: tuple[str, ...]


def fan_scene(result: PopulationResult, fan: Fan) -> Scene:
    """Return the scene of a fan: the widest band outside, the median as the line."""
    return Scene(
        name=f"Predicted {fan.analyte_name} in {result.n} simulated people, {result.regimen}. "
        "The same values are in the table.",
        stamp=(STAMP, f"{whole(result.n)} simulated people"),
        x_label="time since the start",
        y_label="plasma level (ng/mL)",
        x_high=fan.minutes[-1],
        y_high=max(max(fan.quantiles[-1]), fan.level or 0.0),
        span=span_of(result.dosing),
        lines=(_line(result, fan),),
        rules=_rules(fan),
    )


def _line(result: PopulationResult, fan: Fan) -> Line:
    median = fan.quantiles[fan.probabilities.index(MIDDLE)]
    top = median.index(max(median))
    note = (
        f"Median: {level(median[top])} at {duration(fan.minutes[top])}, at its highest",
        f"Model: {result.origin.name}",
        f"People: {result.people}",
    )
    heading = f"{fan.analyte_name}, {result.origin.site}"
    return Line(
        key=f"median-{fan.analyte}",
        tag="median",
        caveat=caveat_words(result.origin.confidence_level),
        style=Style(hue=0, dash=dash(fan.analyte)[0], glyph="circle"),
        points=_points(fan, median),
        bands=_bands(fan),
        note=Note(heading=heading, lines=note, spoken=" ".join(f"{w}." for w in (heading, *note))),
    )


def _bands(fan: Fan) -> tuple[Edges, ...]:
    """Return the lowest with the highest quantile, and so on inwards."""
    pairs = len(fan.quantiles) // 2
    return tuple(
        (_points(fan, fan.quantiles[n]), _points(fan, fan.quantiles[-1 - n])) for n in range(pairs)
    )


def _points(fan: Fan, values: tuple[float, ...]) -> Points:
    every = tuple(zip(fan.minutes, values, strict=True))
    return thinned(every, tolerance=STRAY * max(values))


def _rules(fan: Fan) -> tuple[Rule, ...]:
    return () if fan.level is None else (Rule(at=fan.level, label=f"asked: {level(fan.level)}"),)


def percent(share: float) -> str:
    """Return a share as a percentage: "5 %"."""
    return f"{number(100.0 * share)} %"


def heads(fan: Fan) -> tuple[str, ...]:
    """Return the names of the quantiles, as a table's columns say them."""
    return tuple("median" if p == MIDDLE else f"{number(100.0 * p)}th" for p in fan.probabilities)


def fan_rows(fan: Fan, dosing: tuple[float, float]) -> tuple[FanRow, ...]:
    """Return the quantiles at the computed times nearest to those a ward would look at."""
    found: dict[int, FanRow] = {}
    for at in ward_times(fan.minutes[-1], dosing[1]):
        place = _nearest(fan.minutes, at)
        cells = (level(row[place]).removesuffix(" ng/mL") for row in fan.quantiles)
        found[place] = FanRow(time=duration(round(fan.minutes[place], 1)), cells=tuple(cells))
    return tuple(found.values())


def _nearest(minutes: tuple[float, ...], at: float) -> int:
    after = min(max(bisect_left(minutes, at), 1), len(minutes) - 1)
    return min((after - 1, after), key=lambda place: abs(minutes[place] - at))


def fan_series(fan: Fan) -> dict[str, object]:
    """Return the numbers behind the read-out under the pointer, to three significant figures."""
    return {
        "times": [duration(round(at, 1)) for at in fan.minutes],
        "minutes": [round(at, 3) for at in fan.minutes],
        "curves": [
            {
                "key": f"median-{fan.analyte}",
                "name": name,
                "levels": [level(value).removesuffix(" ng/mL") for value in values],
                "spans": [],
            }
            for name, values in zip(heads(fan), fan.quantiles, strict=True)
        ],
    }
