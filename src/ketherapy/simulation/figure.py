"""The figure of a prediction for the command line and the docs (matplotlib, on first use)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.catalog import ConfidenceLevel, PublishedModel
from ketherapy.simulation import domain
from ketherapy.simulation.effects.figure import Panel, draw_panel
from ketherapy.simulation.export import grid
from ketherapy.simulation.request import SimulationRequest
from ketherapy.simulation.solve import simulate

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

FORMATS = ("svg", "png", "pdf")
_COLOURS = {  # told apart by people with any colour vision, and by their dashes without colour
    "ketamine": ("#1b1b1b", "S + R ketamine"),
    "esketamine": ("#0b62a8", "S-ketamine"),
    "arketamine": ("#b3440a", "R-ketamine"),
    "norketamine": ("#3c7a2a", "S + R norketamine"),
    "esnorketamine": ("#3c7a2a", "S-norketamine"),
    "arnorketamine": ("#3c7a2a", "R-norketamine"),
    "hydroxynorketamine": ("#7a3c78", "S + R hydroxynorketamine"),
    "eshydroxynorketamine": ("#7a3c78", "S-hydroxynorketamine"),
    "arhydroxynorketamine": ("#7a3c78", "R-hydroxynorketamine"),
}
_DASHES = {
    "ketamine": "-",
    "esketamine": (0, (6, 2)),
    "arketamine": (0, (2, 2)),
    "norketamine": (0, (7, 2, 1.5, 2)),
    "esnorketamine": (0, (7, 2, 1.5, 2)),
    "arnorketamine": (0, (7, 2, 1.5, 2)),
    "hydroxynorketamine": (0, (4, 1.5, 1, 1.5, 1, 1.5)),
    "eshydroxynorketamine": (0, (4, 1.5, 1, 1.5, 1, 1.5)),
    "arhydroxynorketamine": (0, (4, 1.5, 1, 1.5, 1, 1.5)),
}
_METABOLITES = ("norketamine", "hydroxynorketamine")  # the halves are not drawn beside the whole


def refuse_format(path: Path) -> None:
    """Return where ``path`` can be drawn: a format that is offered, and the library is there.

    Errors  ContractError for any other format, or without matplotlib
    """
    if find_spec("matplotlib") is None:
        raise ContractError(
            "plot", expected="matplotlib, which draws it", got=None,
            remedy="Install it with: pip install 'ketherapy[plot]'.",
        )  # fmt: skip
    if path.suffix.lstrip(".").lower() not in FORMATS:
        raise ContractError(
            "plot", expected=f"a file name ending in {', '.join('.' + f for f in FORMATS)}",
            got=path.name, remedy="Choose one of these formats.",
        )  # fmt: skip


def draw(
    request: SimulationRequest,
    predictions: Mapping[str, xr.Dataset],
    bands: Mapping[str, xr.Dataset],
    path: Path,
    *,
    effects: Sequence[Panel] = (),
) -> None:
    """Draw one panel for each model on a shared axis, effects below, and write it to ``path``.

    Errors  ContractError for a format that is not offered
    """
    refuse_format(path)
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(
        {"svg.fonttype": "none", "svg.hashsalt": "ketherapy", "font.size": 10, "axes.titlesize": 10}
    ):
        rows = [4.9, *[2.6] * len(effects)]
        wide = max(4.6 * len(predictions) + 0.6, 8.0 if effects else 0.0)
        figure = Figure(figsize=(wide, sum(rows)), layout="constrained")
        parts = figure.subfigures(len(rows), 1, squeeze=False, height_ratios=rows)
        upper, *lower = parts[:, 0]
        panels = upper.subplots(1, len(predictions), sharey=True, squeeze=False)[0]
        for axes, (model_id, data) in zip(panels, predictions.items(), strict=True):
            _panel(axes, request, data, bands.get(model_id))
        panels[0].set_ylim(bottom=0.0)
        panels[0].set_ylabel("plasma concentration (ng/mL)")
        for below, panel in zip(lower, effects, strict=True):
            draw_panel(below, panel)
        upper.suptitle(f"{request.text}\nPREDICTED, NOT MEASURED: a simulation, not a dose order")
        figure.savefig(path, dpi=160, metadata={"Date": None} if path.suffix == ".svg" else None)


def overlay(request: SimulationRequest, path: Path) -> None:
    """Draw the models of ``request`` over each other, a panel for each sampling site, to ``path``.

    The drug itself is drawn, typical person; sites stand apart because their levels differ.

    Errors  ContractError for a format that is not offered
    """
    refuse_format(path)
    import matplotlib as mpl
    from matplotlib.figure import Figure

    sites = sorted({model.site_text for model in request.models}, reverse=True)  # venous first
    looks = dict(zip((model.id for model in request.models), _apart(), strict=False))
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "ketherapy", "font.size": 10}):
        figure = Figure(figsize=(4.8 * len(sites) + 0.6, 5.2), layout="constrained")
        panels = figure.subplots(1, len(sites), sharey=True, squeeze=False)[0]
        for axes, site in zip(panels, sites, strict=True):
            for model in (m for m in request.models if m.site_text == site):
                _overlaid(axes, request, model, looks[model.id])
            _furnish(axes, request)
            axes.legend(frameon=False, fontsize=8)
            axes.set_title(site, loc="left")
        panels[0].set_ylim(bottom=0.0)
        panels[0].set_ylabel(f"{request.regimen.drug.value} (ng/mL)")
        figure.suptitle(f"{request.text}\nPREDICTED, NOT MEASURED: a simulation, not a dose order")
        figure.savefig(path, dpi=160, metadata={"Date": None} if path.suffix == ".svg" else None)


def _overlaid(
    axes: Axes, request: SimulationRequest, model: PublishedModel, look: tuple[str, object]
) -> None:
    t, (colour, dash) = grid(request), look
    data = simulate(model, request.regimen, t, person=request.person)
    level = data[request.regimen.drug.value].values * units.factor("mg/L", "ng/mL")
    axes.plot(t * 60.0, level, color=colour, linestyle=dash, label=model.label, lw=1.7)


def _apart() -> Iterator[tuple[str, object]]:
    """Give colours and dashes of which no twenty in a row are alike."""
    colours = ("#1b1b1b", "#0b62a8", "#b3440a", "#3c7a2a", "#7a3c78")
    dashes = ("-", (0, (6, 2)), (0, (2, 2)), (0, (7, 2, 1.5, 2)))
    return zip(cycle(colours), cycle(dashes), strict=False)


def _panel(
    axes: Axes, request: SimulationRequest, data: xr.Dataset, band: xr.Dataset | None
) -> None:
    model = catalog.published(str(data.attrs["model"]))
    minutes, factor = data["time"].values * 60.0, units.factor("mg/L", "ng/mL")
    for analyte in drawn(data):
        colour, name = _COLOURS[analyte]
        level = data[analyte].values * factor
        axes.plot(minutes, level, color=colour, linestyle=_DASHES[analyte], label=name, lw=1.7)
        if band is not None:
            low, high = band[analyte].values * factor
            axes.fill_between(band["time"].values * 60.0, low, high, color=colour, alpha=0.13, lw=0)
    _furnish(axes, request)
    spread = (
        "band: 5th to 95th percentile of simulated people" + _ranges(model)
        if band is not None
        else "no band: variability between people is not known for this model"
    )
    doubt = "\nLOW CONFIDENCE" if model.confidence_level is ConfidenceLevel.LOW else ""
    axes.set_title(f"{model.name}, {model.site_text}{doubt}\n{spread}", loc="left")


def _ranges(model: PublishedModel) -> str:
    found = domain.ranges(model)
    return f"\nand over {found}" if found else ""


def named(analyte: str) -> tuple[str, str]:
    """Return the colour and the name that ``analyte`` is drawn with."""
    return _COLOURS[analyte]


def drawn(data: xr.Dataset) -> list[str]:
    """Return the analytes of ``data`` that are drawn, in order."""
    present = set(map(str, data.data_vars))
    whole = [name for name in _METABOLITES if name in present]
    hidden = {half + name for name in whole for half in ("es", "ar")}
    return [analyte for analyte in _COLOURS if analyte in present - hidden]


def _furnish(axes: Axes, request: SimulationRequest) -> None:
    for dose in request.regimen.doses:
        axes.axvspan(dose.at * 60.0, dose.ends * 60.0, color="#888888", alpha=0.12, lw=0)
    axes.set_xlim(0.0, request.until * 60.0)
    axes.set_xlabel("time since start (min)")
    axes.grid(visible=True, color="#dddddd", lw=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    step = 60.0 if request.until <= 10 else 10.0 ** np.floor(np.log10(request.until * 60.0))
    step = 240.0 if 10 < request.until <= 48 else step
    axes.set_xticks(np.arange(0.0, request.until * 60.0 + 1.0, step))
