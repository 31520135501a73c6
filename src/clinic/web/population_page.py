"""The picture of a finished population: its fan, its histograms, their tables."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinic.explore import population_results as results
from clinic.explore.population_jobs import Run
from clinic.explore.population_results import Exposure, Fan, PopulationResult
from clinic.web.charts import bars, fans
from clinic.web.charts.bars import BinRow
from clinic.web.charts.cautions import CautionGroup, of_one_model
from clinic.web.charts.drawing import draw
from clinic.web.charts.frame import NARROW, WIDE
from clinic.web.charts.levels import caveat_words
from clinic.web.charts.markup import Markup
from clinic.web.charts.words import duration, level, number

if TYPE_CHECKING:
    import xarray as xr

_WORDS = {
    "Cmax": ("Highest level (Cmax)", "the highest of the times simulated"),
    "AUC": ("Area under the level (AUC)", "over the time shown"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """One exposure: its histogram, its quantiles and its table."""

    id: str
    name: str
    remark: str
    unit: str
    chart: Markup | None  # None where a logarithmic axis can show no bar
    quantiles: tuple[str, ...]
    mean: str
    rows: tuple[BinRow, ...]


def picture(run: Run, data: xr.Dataset, asked: str) -> dict[str, object]:
    """Return what the page of a finished run shows, for the analyte asked for or the first."""
    told = results.told(run, data)
    names = [name for name, _ in told.analytes]
    fan = results.fan(data, asked if asked in names else names[0])
    scene = fans.fan_scene(told, fan)
    return {
        "told": told,
        "fan": fan,
        "cautions": _cautions(told),
        "caveat": caveat_words(told.origin.confidence_level),
        "charts": [draw(scene, WIDE), draw(scene, NARROW)],
        "series": json.dumps(fans.fan_series(fan), ensure_ascii=False),
        "heads": fans.heads(fan),
        "rows": fans.fan_rows(fan, told.dosing),
        "spreads": [_spread(one) for one in fan.exposures],
        "above": _above(fan),
        "origins": [("", told.origin)],
    }


def _cautions(told: PopulationResult) -> tuple[CautionGroup, ...]:
    return of_one_model(told.cautions, told.origin.name)


def _spread(one: Exposure) -> Spread:
    name, remark = _WORDS[one.name]
    return Spread(
        id=one.name.lower(),
        name=name,
        remark=remark,
        unit=one.unit,
        chart=bars.histogram(one, name) if bars.drawable(one) else None,
        quantiles=tuple(number(value) for value in one.quantiles),
        mean=number(one.mean),
        rows=bars.bin_rows(one),
    )


def _above(fan: Fan) -> str:
    """Return what can be said of the level that was asked about; nothing where none was."""
    if fan.level is None or fan.ever_above is None:
        return ""
    low, middle, high = (fan.above_minutes[n] for n in (0, len(fan.above_minutes) // 2, -1))
    return (
        f"{fans.percent(fan.ever_above)} of these simulated people are above {level(fan.level)} "
        f"at some time; above it for {duration(round(middle))} in the median person "
        f"(5th to 95th percentile: {duration(round(low))} to {duration(round(high))})."
    )
