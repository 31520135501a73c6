"""The fan chart of a population run (matplotlib, on first use)."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ketherapy import units
from ketherapy.pharmacology import catalog
from ketherapy.regimen import Regimen
from ketherapy.simulation.clock import Clock, clock
from ketherapy.simulation.figure import drawn, named, refuse_format

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_IN_A_ROW = 3  # panels
_PANEL = (4.6, 3.7)  # [inch]
_LETTERS = 9.0  # of the title, in an inch
_LINE = 0.22  # [inch] of the title
_SHADES = (0.16, 0.30, 0.42)  # from the outermost pair of quantiles inwards


def draw(
    data: xr.Dataset, regimen: Regimen, path: Path, *, uncertain: xr.Dataset | None = None
) -> None:
    """Draw one panel for each analyte, median and shaded quantile pairs, and write it to ``path``.

    Where ``uncertain`` is given, dashes around the median show how well it is known.

    Errors  ContractError for a format that is not offered
    """
    refuse_format(path)
    import matplotlib as mpl

    with mpl.rc_context(
        {"svg.fonttype": "none", "svg.hashsalt": "ketherapy", "font.size": 10, "axes.titlesize": 10}
    ):
        metadata = {"Date": None} if path.suffix == ".svg" else None
        picture(data, regimen, uncertain=uncertain).savefig(path, dpi=160, metadata=metadata)


def picture(data: xr.Dataset, regimen: Regimen, *, uncertain: xr.Dataset | None = None) -> Figure:
    """Return the figure that ``draw`` writes, in the caller's matplotlib settings.

    Source  ketherapy
    """
    from matplotlib.figure import Figure

    analytes = drawn(data)
    rows = -(-len(analytes) // _IN_A_ROW)
    columns = -(-len(analytes) // rows)
    width = max(_PANEL[0] * columns, 6.4) + 0.6
    title = _title(data, int(width * _LETTERS))
    height = _PANEL[1] * rows + _LINE * (title.count("\n") + 1) + 0.6
    figure = Figure(figsize=(width, height), layout="constrained")
    panels = figure.subplots(rows, columns, sharey=True, squeeze=False)
    for axes, analyte in zip(panels.flat, analytes, strict=False):
        _panel(axes, data, analyte, regimen)
        if uncertain is not None:
            _outline(axes, uncertain, analyte)
        axes.legend(frameon=True, facecolor="white", edgecolor="none", framealpha=0.85)
    for axes in panels.flat[len(analytes) :]:
        axes.remove()
    for axes in panels[:, 0]:
        axes.set_ylabel("plasma concentration (ng/mL)")
    panels.flat[0].set_ylim(bottom=_bottom(data, analytes))
    figure.suptitle(title)
    return figure


def _title(data: xr.Dataset, letters: int) -> str:
    """Return the title in lines of so many letters: none of it may run off the picture."""
    model = catalog.published(str(data.attrs["model"]))
    given, levels = data.attrs["regimen"], data.attrs["levels"]
    lines = (
        f"{int(data.attrs['n']):,} simulated people, {given}; levels {levels}",
        f"{model.label}, {model.site_text}; {data.attrs['people']}",
        f"variability: {data.attrs['variability']}",
        "PREDICTED, NOT MEASURED: a simulation, not a dose order",
    )
    return "\n".join(textwrap.fill(line, letters) for line in lines)


def _panel(axes: Axes, data: xr.Dataset, analyte: str, regimen: Regimen) -> None:
    colour, name = named(analyte)
    hours = data["time"].values
    scale = clock(float(hours[0]), float(hours[-1]))
    t = hours * scale.per_hour
    levels = data[analyte].values * units.factor("mg/L", "ng/mL")
    probabilities = data["probability"].values
    for (low, high), shade in zip(_pairs(len(probabilities)), _SHADES, strict=False):
        label = f"{_percent(probabilities[low])} to {_percent(probabilities[high])} of people"
        axes.fill_between(
            t, levels[low], levels[high], color=colour, alpha=shade, lw=0, label=label
        )
    if len(probabilities) % 2:
        middle = len(probabilities) // 2
        is_median = probabilities[middle] == 0.5
        label = "median" if is_median else f"{_percent(probabilities[middle])} quantile"
        axes.plot(t, levels[middle], color=colour, lw=1.8, label=label)
    for level in data["level"].values * units.factor("mg/L", "ng/mL"):
        label = f"{units.shown(level)} ng/mL"
        axes.axhline(level, color="#444444", lw=0.9, linestyle=(0, (4, 3)), label=label)
    for dose in regimen.doses:
        ends = (dose.at * scale.per_hour, dose.ends * scale.per_hour)
        axes.axvspan(*ends, color="#888888", alpha=0.12, lw=0)
    _furnish(axes, name, t, scale)


def _furnish(axes: Axes, name: str, t: np.ndarray, scale: Clock) -> None:
    axes.set_title(name, loc="left")
    axes.set_xlim(t[0], t[-1])
    axes.set_xlabel(f"time since start ({scale.unit})")
    axes.grid(visible=True, color="#dddddd", lw=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xticks(scale.ticks)


def _outline(axes: Axes, uncertain: xr.Dataset, analyte: str) -> None:
    """Draw dashes around the median: between them it lies in nine tenths of the draws."""
    if 0.5 not in uncertain["probability"].values:
        return
    if analyte in uncertain.attrs["unmoved"].split(", "):  # no width would look like certainty
        axes.plot([], [], " ", label="how well this is known: not known")
        return
    hours = uncertain["time"].values
    t = hours * clock(float(hours[0]), float(hours[-1])).per_hour
    low, high = uncertain[analyte].sel(probability=0.5).values * units.factor("mg/L", "ng/mL")
    label = f"the median, over {uncertain.attrs['draws']} draws of the estimates"
    look = {"color": named(analyte)[0], "lw": 1.0, "linestyle": (0, (3, 2))}
    axes.plot(t, low, label=label, **look)
    axes.plot(t, high, **look)


def _bottom(data: xr.Dataset, analytes: list[str]) -> float:
    """Return zero, or the lowest reading below it [ng/mL]."""
    lowest = min(float(data[analyte].values.min()) for analyte in analytes)
    return min(0.0, lowest * units.factor("mg/L", "ng/mL"))


def _pairs(count: int) -> list[tuple[int, int]]:
    return [(place, count - 1 - place) for place in range(count // 2)]


def _percent(probability: float) -> str:
    return f"{units.shown(100.0 * probability)} %"
