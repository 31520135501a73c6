"""Panels of effects for the figure of a prediction (matplotlib, on first use)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ketherapy.pharmacology.catalog import ConfidenceLevel
from ketherapy.pharmacology.effects import catalog

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import SubFigure

_COLOURS = ("#0b62a8", "#b3440a", "#3c7a2a", "#7a3c78")
_DASHES = ("-", (0, (6, 2)), (0, (2, 2)), (0, (7, 2, 1.5, 2)))
_LONG = 72.0  # [h] from which days are drawn
_HOUR = 6.0  # [h] from which hours are drawn


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """One effect: its typical course, and its bands."""

    data: xr.Dataset
    band: xr.Dataset


def draw_panel(figure: SubFigure, panel: Panel) -> None:
    """Draw every output of one effect with its bands, a small axis for each unit."""
    by_unit: dict[str, list[str]] = {}
    for name, values in panel.data.items():
        if str(name).removesuffix("_change") in set(panel.data) - {name}:
            continue  # the pressure itself is drawn, and tells the rise
        by_unit.setdefault(str(values.attrs["units"]), []).append(str(name))
    places = figure.subplots(1, len(by_unit), squeeze=False)[0]
    for axes, (unit, names) in zip(places, by_unit.items(), strict=True):
        for number, name in enumerate(names):
            _draw(axes, panel, name, number)
        _furnish(axes, panel, unit)
    places[0].set_title(_title(panel.data), loc="left", fontsize=9)


def _draw(axes: Axes, panel: Panel, name: str, number: int) -> None:
    values, factor = panel.data[name], _time(panel.data)[0]
    scale = 100.0 if values.attrs["units"] == "1" else 1.0
    colour, dash = _COLOURS[number % len(_COLOURS)], _DASHES[number % len(_DASHES)]
    label = str(values.attrs["long_name"])
    t = panel.data["time"].values * factor
    axes.plot(t, values.values * scale, color=colour, linestyle=dash, label=label, lw=1.6)
    for doubt, alpha in (("people", 0.12), ("estimates", 0.2)):
        low, high = panel.band[name].sel(doubt=doubt).values * scale
        around = panel.band["time"].values * factor
        axes.fill_between(around, low, high, color=colour, alpha=alpha, lw=0)


def _time(data: xr.Dataset) -> tuple[float, str]:
    last = float(data["time"].values[-1])
    if last > _LONG:
        return 1.0 / 24.0, "days"
    return (1.0, "h") if last > _HOUR else (60.0, "min")


def _furnish(axes: Axes, panel: Panel, unit: str) -> None:
    axes.set_xlabel(f"time since start ({_time(panel.data)[1]})")
    axes.set_ylabel("%" if unit == "1" else unit)
    axes.set_xlim(left=0.0)
    axes.margins(x=0.0)
    axes.grid(visible=True, color="#dddddd", lw=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=7)


def _title(data: xr.Dataset) -> str:
    found = catalog.effect(str(data.attrs["effects"]))
    doubt = ", LOW CONFIDENCE" if found.confidence_level is ConfidenceLevel.LOW else ""
    beyond = ", EXTRAPOLATED" if "extrapolated" in str(data.attrs["cautions"]) else ""
    natures = {str(v.attrs["nature"]) for v in data.values() if "nature" in v.attrs}
    lines = [f"{found.name}, driven by {data.attrs['model']}{doubt}{beyond}", *sorted(natures)]
    return "\n".join([*lines, "bands: estimates inside, people outside (5th to 95th percentile)"])
