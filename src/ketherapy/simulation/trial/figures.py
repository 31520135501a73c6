"""Figures of a run: mean courses, differences found, power by size (matplotlib on first use)."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from ketherapy.simulation.trial.sample_size import SampleSize

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

_COLOURS = ("#5a5a5a", "#0b62a8", "#b3440a", "#3c7a2a", "#7a3c78", "#1b1b1b")
_BAND = (0.05, 0.95)
_DAY = 24.0  # [h]


def svg(draw: Callable[[Axes], None], *, title: str) -> str:
    """Return the figure that ``draw`` fills in, as one SVG element."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    into = io.StringIO()
    # letters as paths are the same on every screen; a fixed salt gives the same ids every time
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "ketherapy"}):
        figure = Figure(figsize=(7.2, 3.8), layout="constrained")
        axes = figure.subplots()
        draw(axes)
        axes.set_title(title, loc="left", fontsize=11)
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(alpha=0.25)
        figure.savefig(into, format="svg", metadata={"Date": None})
    text = into.getvalue()
    named = f'<svg role="img" aria-label="{escape(title)}; the table below says the same"'
    return text[text.index("<svg") :].replace("<svg", named, 1)


def courses(axes: Axes, data: xr.Dataset) -> None:
    """Draw the mean change of each arm, and the band that holds 90 % of trials."""
    # a change is nothing at the start: one visit alone would be a dot without its band
    days = np.concatenate([[0.0], data["visit"].values / _DAY])
    for place, arm in enumerate(data["arm"].values):
        rated = data["course"].sel(arm=arm).values
        each = np.concatenate([np.zeros((len(rated), 1)), rated], axis=1)
        low, high = np.nanquantile(each, _BAND, axis=0)
        colour = _COLOURS[place % len(_COLOURS)]
        axes.fill_between(days, low, high, color=colour, alpha=0.15, linewidth=0)
        line = "--" if place == 0 else "-"
        marker = "o" if len(days) < 15 else None
        axes.plot(days, np.nanmean(each, axis=0), line, color=colour, marker=marker, label=str(arm))
    axes.set_xlabel("days since the first dose")
    axes.set_ylabel("mean change [points]")
    axes.legend(frameon=False)


def differences(axes: Axes, data: xr.Dataset) -> None:
    """Draw how often each difference to the control is found, those significant darker."""
    alpha = float(data.attrs["alpha"])
    for place, arm in enumerate(data["comparison"].values):
        own = data.sel(comparison=arm)
        found, p = own["difference"].values, own["p"].values
        edges = np.linspace(np.nanmin(found), np.nanmax(found) + 1e-9, 41)
        colour = _COLOURS[(place + 1) % len(_COLOURS)]
        axes.hist(found, edges, color=colour, alpha=0.25, label=f"{arm}: every trial")
        axes.hist(found[p < alpha], edges, color=colour, alpha=0.7, label=f"{arm}: p < {alpha:g}")
    axes.axvline(0.0, color="#1b1b1b", linewidth=0.8)
    axes.set_xlabel("difference to the control [points]")
    axes.set_ylabel("trials")
    axes.legend(frameon=False)


def _apart(n: list[int]) -> list[bool]:
    """Return which sizes stand far enough from the one labelled before to be labelled too."""
    found, last, least = [], -math.inf, 0.06 * (n[-1] - n[0])
    for size in n:
        found.append(size - last >= least)
        last = size if found[-1] else last
    return found


def power(axes: Axes, found: SampleSize) -> None:
    """Draw power by size, each with its Monte Carlo interval."""
    n = [tried.n for tried in found.tried]
    value = [100.0 * tried.power.value for tried in found.tried]
    ends = [tried.power.interval or (tried.power.value,) * 2 for tried in found.tried]
    low, high = (100.0 * np.array(ends)).T
    error = np.array([np.array(value) - low, high - np.array(value)])
    axes.errorbar(n, value, yerr=np.maximum(error, 0.0), color=_COLOURS[1], marker="o", capsize=3)
    axes.axhline(100.0 * found.wanted, color="#1b1b1b", linewidth=0.8, linestyle="--")
    axes.set_xticks(n, [str(size) if far else "" for size, far in zip(n, _apart(n), strict=True)])
    axes.set_xlabel("people")
    axes.set_ylabel("positive trials [%]")
