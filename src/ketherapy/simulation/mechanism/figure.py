"""The figure of the comparison for the command line (matplotlib, on first use)."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ketherapy import units
from ketherapy.instruments.instrument import instrument
from ketherapy.simulation.figure import refuse_format
from ketherapy.simulation.mechanism.comparison import Comparison
from ketherapy.simulation.mechanism.course import Course, Kind, Lane
from ketherapy.simulation.mechanism.offered import offered
from ketherapy.simulation.mechanism.report import NOT_A_PERSON, NOT_ONE_SCALE, short_scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = {Lane.KETAMINE: "#0b62a8", Lane.REUPTAKE: "#b3440a"}
_WITHOUT = ("#333333", (0, (5, 2)))  # colour and dash of those without the drug
_WIDTHS = (1.0, 1.0, 1.4)  # of the stretches of the time axis
_ALPHAS = (0.32, 0.14)  # of the inner and the outer band
_UNITS = ("h", "day", "week")  # in which each stretch is marked


def draw(found: Comparison, path: Path) -> None:
    """Draw a row for each thing of each lane over one broken time axis, and write it to ``path``.

    Errors  ContractError for a format that is not offered
    """
    refuse_format(path)
    import matplotlib as mpl
    from matplotlib.figure import Figure

    rows = [(lane, kind) for lane in Lane for kind in Kind if _courses(found, lane, kind)]
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "ketherapy", "font.size": 9}):
        figure = Figure(figsize=(13.5, 2.3 * len(rows) + 1.2), layout="constrained")
        panels = figure.subplots(
            len(rows), len(_WIDTHS), sharey="row", squeeze=False, width_ratios=_WIDTHS
        )
        for axes, (lane, kind) in zip(panels, rows, strict=True):
            _row(list(axes), found, lane, kind)
        _head(figure, found)
        figure.savefig(path, dpi=160, metadata={"Date": None} if path.suffix == ".svg" else None)


def _head(figure: Figure, found: Comparison) -> None:
    figure.suptitle(
        f"{found.question.text}; beside it: {found.comparator.name}\n"
        f"PREDICTED, NOT MEASURED. {NOT_A_PERSON}\n{NOT_ONE_SCALE}",
        fontsize=9,
    )


def _courses(found: Comparison, lane: Lane, kind: Kind) -> list[Course]:
    return [course for course in found.lane(lane) if course.kind is kind]


def _row(panels: list[Axes], found: Comparison, lane: Lane, kind: Kind) -> None:
    courses = _courses(found, lane, kind)
    starts = (0.0, *offered().ends[:-1])
    for axes, start, end, unit in zip(panels, starts, offered().ends, _UNITS, strict=True):
        factor = units.factor("h", unit)
        for course in courses:
            _line(axes, course, found.t * factor)
        axes.set_xlim(start * factor, end * factor)
        axes.set_xlabel(f"time ({unit})")
        axes.grid(visible=True, color="#dddddd", lw=0.6)
        axes.spines[["top", "right"]].set_visible(False)
    scale = f"{short_scale(courses[0])} points better" if kind is Kind.MOOD else courses[0].unit
    panels[0].set_ylabel(scale)
    panels[0].set_ylim(0.0, _top(courses[0]))
    panels[0].set_title(f"{lane.value}: {_title(courses[0])}", loc="left", fontweight="bold")
    panels[-1].legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1.01, 1.0))


def _title(first: Course) -> str:
    name = first.name if first.kind is Kind.TARGET else first.kind.value
    return f"{name}, {first.caveat.upper()}" if first.caveat else name


def _top(course: Course) -> float | None:
    """Return where the axis ends: both scores at half of their scale, neither stretched."""
    if course.kind is Kind.MOOD:
        return 0.5 * instrument(course.key).score_range[1]
    return 100.0 if course.unit == "%" else None


def _line(axes: Axes, course: Course, t: np.ndarray) -> None:
    colour, dash = _WITHOUT if course.is_without_drug else (_COLOURS[course.lane], "-")
    if course.is_without_drug and course.widest is not None:
        for edge in (course.widest[1].low, course.widest[1].high):
            axes.plot(t, edge, color=colour, linestyle=":", lw=0.9)
    elif course.widest is not None:
        alphas = _ALPHAS[-len(course.edges) :]
        for alpha, (extent, edges) in zip(alphas, course.edges.items(), strict=True):
            name = textwrap.fill(extent.value, 36)
            axes.fill_between(t, edges.low, edges.high, color=colour, alpha=alpha, lw=0, label=name)
    axes.plot(t, course.values, color=colour, linestyle=dash, lw=1.8, label=course.name)
