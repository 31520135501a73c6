"""A forest plot for paper and slides (matplotlib, on first use)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np

from ketherapy.evidence.analysis import Analysis
from ketherapy.evidence.shown import Shown, Side, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INK, _QUIET, _POOLED = "#1b1b1b", "#6b6b6b", "#0b62a8"
_ROW = 0.32  # [inch] of height for each line
_LEFT = 0.012  # of the width, where words begin
_LETTERS = 170  # of a line under the plot


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the plot, on the scale that is drawn."""

    low: float
    estimate: float
    high: float
    weight: float = 0.0


def draw(analysis: Analysis, path: Path) -> None:
    """Draw studies, pooled effect and prediction interval, and write them to ``path``.

    Nothing is drawn of an analysis that is refused: its caller says why.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    rows = [one for one in shown(analysis) if one.estimate is not None]
    below = _said(analysis)
    under = 0.75 + 0.15 * len(below)  # [inch]
    height = _ROW * (len(rows) + 3) + under + 0.75
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "ketherapy", "font.size": 9.5}):
        figure = Figure(figsize=(11.5, height))
        bottom = under / height
        axes = figure.add_axes((0.45, bottom, 0.30, 1.0 - bottom - 0.72 / height))
        _furnish(axes, analysis, rows)
        _studies(axes, analysis, rows)
        _together(axes, analysis, len(rows))
        figure.text(_LEFT, 1.0 - 0.3 / height, analysis.title, weight="bold", size=11, va="center")
        said = "\n".join(below)
        figure.text(_LEFT, 0.12 / height, said, color=_QUIET, size=8, va="bottom")
        figure.savefig(path, dpi=200, metadata={"Date": None} if path.suffix == ".svg" else None)


def _studies(axes: Axes, analysis: Analysis, rows: Sequence[Shown]) -> None:
    heads = ("trial", _head(rows), "control", analysis.measure.value, "weight")
    _words(axes, -1.0, heads, _QUIET)
    for place, one in enumerate(rows):
        line = _line(one.low, one.estimate, one.high, one.weight)
        axes.plot([line.low, line.high], [place, place], color=_INK, lw=1.2, solid_capstyle="butt")
        size = 14.0 + 2.2 * line.weight
        axes.scatter([line.estimate], [place], marker="s", s=size, color=_INK, zorder=3)
        said = (one.study.label, _side(one.treated), _side(one.control), _effect(line),
                f"{line.weight:.1f} %")  # fmt: skip
        _words(axes, float(place), said, _INK)


def _together(axes: Axes, analysis: Analysis, k: int) -> None:
    pooled = analysis.pooled
    if pooled is None or k < 2:
        return
    found = pooled.printed
    mean = _line(found.low, found.estimate, found.high, 100.0)
    y = k + 0.4
    axes.fill([mean.low, mean.estimate, mean.high, mean.estimate], [y, y - 0.3, y, y + 0.3],
              color=_POOLED, zorder=3)  # fmt: skip
    axes.axvline(mean.estimate, color=_POOLED, lw=0.8, ls=(0, (2, 2)), zorder=0)
    _words(axes, y, ("pooled", "", "", _effect(mean), "100 %"), _POOLED)
    ahead = _line(found.prediction_low, found.estimate, found.prediction_high, 0.0)
    if math.isfinite(ahead.low):
        _ahead(axes, ahead, y + 1.0)
        said = f"{_number(ahead.low)} to {_number(ahead.high)}"
        _words(axes, y + 1.0, ("a further trial (prediction)", "", "", said, ""), _POOLED)


def _ahead(axes: Axes, line: _Line, y: float) -> None:
    """Draw the prediction interval; an arrow stands where it goes on beyond the plot."""
    low, high = axes.get_xlim()
    ends = [max(line.low, low), min(line.high, high)]
    axes.plot(ends, [y, y], color=_POOLED, lw=2.0, ls=(0, (3, 1.5)))
    for end, beyond, mark in ((low, line.low < low, "<"), (high, line.high > high, ">")):
        if beyond:
            axes.plot([end], [y], marker=mark, color=_POOLED, clip_on=False, ms=7)


def _line(*ends: object) -> _Line:
    return _Line(*(float(np.asarray(end)) for end in ends))


def _words(axes: Axes, y: float, said: tuple[str, ...], colour: str) -> None:
    """Write the columns beside the plot."""
    across = axes.get_yaxis_transform()  # x in axes, y in rows
    columns = ((-1.46, "left"), (-0.50, "right"), (-0.04, "right"), (1.62, "right"),
               (1.81, "right"))  # fmt: skip
    for (x, side), words in zip(columns, said, strict=True):
        axes.text(x, y, words, transform=across, ha=side, va="center", color=colour)


def _furnish(axes: Axes, analysis: Analysis, rows: Sequence[Shown]) -> None:
    null = analysis.measure.null
    if analysis.measure.is_ratio:
        _logarithmic(axes)
    low, high = _span(analysis, rows)
    axes.set_xlim(low, high)
    if null is not None:
        axes.axvline(null, color=_QUIET, lw=0.9, zorder=0)
    axes.set_ylim(len(rows) + 2.0, -1.6)
    axes.set_yticks([])
    for name in ("left", "right", "top"):
        axes.spines[name].set_visible(False)
    axes.set_xlabel(_axis(analysis))


def _span(analysis: Analysis, rows: Sequence[Shown]) -> tuple[float, float]:
    """Return the ends of the axis: all trials, the pooled effect and no effect, and some room."""
    measure, ends = analysis.measure, [end for one in rows for end in (one.low, one.high)]
    if analysis.pooled is not None:
        ends += [float(np.asarray(x)) for x in (analysis.pooled.printed.low,
                                                analysis.pooled.printed.high)]  # fmt: skip
    ends += [measure.null]
    places = [float(np.asarray(measure.analysed(end))) for end in ends if end is not None]
    room = 0.25 * (max(places) - min(places) or 1.0)
    low, high = (measure.shown(end) for end in (min(places) - room, max(places) + room))
    return float(np.asarray(low)), float(np.asarray(high))


def _logarithmic(axes: Axes) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0), numticks=9))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    axes.xaxis.set_minor_locator(NullLocator())


def _axis(analysis: Analysis) -> str:
    null = analysis.measure.null
    if not analysis.favourable or null is None:
        return analysis.measure.value
    arrow = "→" if analysis.favourable == "above" else "←"
    return f"{analysis.measure.value}; {arrow} speaks for the treatment"


def _head(rows: Sequence[Shown]) -> str:
    sides = [one.treated for one in rows if one.treated is not None]
    if not sides:
        return "treated"
    return "treated: mean (SD), n" if sides[0].events is None else "treated: events/n"


def _side(one: Side | None) -> str:
    if one is None:
        return "not printed"
    if one.events is not None:
        return f"{one.events}/{one.n}"
    return f"{one.mean:.1f} ({one.sd:.1f}), {one.n}"


def _effect(line: _Line) -> str:
    return f"{_number(line.estimate)} ({_number(line.low)} to {_number(line.high)})"


def _number(x: float) -> str:
    if x and abs(x) < 0.1:
        return f"{x:.2g}"
    return f"{x:,.0f}" if abs(x) >= 1000.0 else f"{x:.2f}"


def _said(analysis: Analysis) -> list[str]:
    """Return the lines under the plot: how it was computed, how sure it is, what to mind."""
    pooled, graded = analysis.pooled, analysis.certainty
    lines = []
    if pooled is not None and int(pooled.k) > 1:
        lines.append(f"{pooled.method.value}; {pooled.interval.value} interval;"
                     f" tau2 {_number(float(np.asarray(pooled.tau2)))},"
                     f" I2 {float(np.asarray(pooled.I2)):.0f} %.")  # fmt: skip
    if graded is not None:
        lines.append(f"Certainty: {graded.level} ({graded.by}).")
    lines += [f"Mind: {line}" for line in analysis.warnings]
    lines += [f"Source: {line}" for line in analysis.sources]
    lines.append("Averages of the people who took part in trials: no prediction for a person.")
    return [part for line in lines for part in wrap(line, _LETTERS)]
