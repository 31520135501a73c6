"""The pictures of the manual, the same from one run to the next."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ketherapy.cli import main
from ketherapy.simulation.validation import Group, groups
from reference_pages.validation import levels

INFUSION = ("simulate", "--drug", "ketamine", "--route", "iv", "--dose", "0.5 mg/kg", "--over",
            "40 min", "--weight", "71 kg")  # fmt: skip
_SITES = ("venous", "arterial")
_COLOURS = {
    "clements1981": "#6b3fa0",
    "otto2021_iv": "#0b62a8",
    "perezruixo2021": "#3c7a2a",
    "simons2022": "#b3440a",
}
_OTHER = "#555555"  # a model without a colour of its own; the legend names it
_MARKS = {
    "ketamine": "D",
    "esketamine": "o",
    "arketamine": "v",
    "esnorketamine": "s",
    "eshydroxynorketamine": "^",
}


@contextlib.contextmanager
def _steady() -> Iterator[None]:
    """Draw with ids that depend on the drawing alone."""
    with mpl.rc_context({"svg.hashsalt": "ketherapy", "svg.fonttype": "none", "font.size": 9}):
        yield


def infusion(path: Path) -> None:
    """Draw the README's infusion by the command line itself."""
    with _steady(), contextlib.redirect_stdout(io.StringIO()):
        main.main([*INFUSION, "--plot", str(path)], standalone_mode=False)


def validation(path: Path) -> None:
    """Draw predicted against observed concentrations, one panel for each sampling site."""
    with _steady():
        figure = Figure(figsize=(10, 5.4), layout="constrained")
        panels = figure.subplots(1, len(_SITES), squeeze=False)[0]
        for axes, site in zip(panels, _SITES, strict=True):
            _panel(axes, site)
        figure.suptitle(
            "Predicted against observed concentrations (published means and medians).\n"
            "Filled: data the model was not fitted to. Open: in-sample."
        )
        figure.savefig(path, metadata={"Date": None})


def _panel(axes: Axes, site: str) -> None:
    found = [g for g in groups(levels()) if g.site == site]
    for group in found:
        _points(axes, group)
    edges = (1.0, 1000.0)
    axes.plot(edges, edges, color="#1b1b1b", lw=1, label="predicted = observed")
    for fold, label in ((2.0, "twice and half"), (0.5, None)):
        axes.plot(edges, [e * fold for e in edges], color="#888888", lw=1, ls="--", label=label)
    axes.set(xscale="log", yscale="log", xlim=edges, ylim=edges, aspect="equal")
    axes.set(xlabel="observed (ng/mL)", ylabel="predicted (ng/mL)", title=f"{site} plasma")
    axes.grid(visible=True, color="#dddddd", lw=0.6)
    axes.set_axisbelow(True)
    axes.legend(frameon=False, fontsize=7.5, loc="upper left")


def _points(axes: Axes, group: Group) -> None:
    from ketherapy.pharmacology.observations import ng_per_ml

    pairs = [
        [ng_per_ml(value, c.row.unit, c.row.analyte) for value in (c.observed, c.predicted)]
        for c in group.members
    ]
    observed, predicted = zip(*pairs, strict=True)
    colour = _COLOURS.get(group.model.id, _OTHER)
    axes.plot(
        observed,
        predicted,
        linestyle="none",
        marker=_MARKS[group.analyte],
        markersize=5.5,
        markeredgecolor=colour,
        markerfacecolor="none" if group.is_in_sample else colour,
        alpha=0.85,
        label=f"{group.model.id}, {group.analyte}{', in-sample' if group.is_in_sample else ''}",
    )
