"""The fan chart of a population run (matplotlib, on first use)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ketherapy import units
from ketherapy.pharmacology import catalog
from ketherapy.regimen import Regimen
from ketherapy.simulation.figure import drawn, named, refuse_format

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

_SHADES = (0.16, 0.30, 0.42)  # from the outermost pair of quantiles inwards


def draw(data: xr.Dataset, regimen: Regimen, path: Path) -> None:
    """Draw one panel for each analyte, median and shaded quantile pairs, and write it to ``path``.

    Errors  ContractError for a format that is not offered
    """
    refuse_format(path)
    import matplotlib as mpl
    from matplotlib.figure import Figure

    analytes = drawn(data)
    with mpl.rc_context(
        {"svg.fonttype": "none", "svg.hashsalt": "ketherapy", "font.size": 10, "axes.titlesize": 10}
    ):
        figure = Figure(figsize=(max(4.6 * len(analytes), 6.4) + 0.6, 5.2), layout="constrained")
        panels = figure.subplots(1, len(analytes), sharey=True, squeeze=False)[0]
        for axes, analyte in zip(panels, analytes, strict=True):
            _panel(axes, data, analyte, regimen)
        panels[0].set_ylabel("plasma concentration (ng/mL)")
        figure.suptitle(_title(data))
        figure.savefig(path, dpi=160, metadata={"Date": None} if path.suffix == ".svg" else None)


def _title(data: xr.Dataset) -> str:
    model = catalog.published(str(data.attrs["model"]))
    return (
        f"{int(data.attrs['n']):,} simulated people, {data.attrs['regimen']}\n"
        f"{model.name}, {model.site_text}; {data.attrs['people']}\n"
        f"variability: {data.attrs['variability']}\n"
        "PREDICTED, NOT MEASURED: a simulation, not a dose order"
    )


def _panel(axes: Axes, data: xr.Dataset, analyte: str, regimen: Regimen) -> None:
    colour, name = named(analyte)
    minutes = data["time"].values * 60.0
    levels = data[analyte].values * units.factor("mg/L", "ng/mL")
    probabilities = data["probability"].values
    for (low, high), shade in zip(_pairs(len(probabilities)), _SHADES, strict=False):
        label = f"{_percent(probabilities[low])} to {_percent(probabilities[high])} of people"
        axes.fill_between(
            minutes, levels[low], levels[high], color=colour, alpha=shade, lw=0, label=label
        )
    if len(probabilities) % 2:
        middle = len(probabilities) // 2
        is_median = probabilities[middle] == 0.5
        label = "median" if is_median else f"{_percent(probabilities[middle])} quantile"
        axes.plot(minutes, levels[middle], color=colour, lw=1.8, label=label)
    for level in data["level"].values * units.factor("mg/L", "ng/mL"):
        label = f"{units.shown(level)} ng/mL"
        axes.axhline(level, color="#444444", lw=0.9, linestyle=(0, (4, 3)), label=label)
    for dose in regimen.doses:
        axes.axvspan(dose.at * 60.0, dose.ends * 60.0, color="#888888", alpha=0.12, lw=0)
    _furnish(axes, name, minutes)


def _furnish(axes: Axes, name: str, minutes: np.ndarray) -> None:
    axes.set_title(name, loc="left")
    axes.set_xlim(minutes[0], minutes[-1])
    axes.set_ylim(bottom=0.0)
    axes.set_xlabel("time since start (min)")
    axes.grid(visible=True, color="#dddddd", lw=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    step = 60.0 if minutes[-1] <= 600.0 else 10.0 ** np.floor(np.log10(minutes[-1]))
    axes.set_xticks(np.arange(minutes[0], minutes[-1] + 1.0, step))
    axes.legend(frameon=True, facecolor="white", edgecolor="none", framealpha=0.85)


def _pairs(count: int) -> list[tuple[int, int]]:
    return [(place, count - 1 - place) for place in range(count // 2)]


def _percent(probability: float) -> str:
    return f"{units.shown(100.0 * probability)} %"
