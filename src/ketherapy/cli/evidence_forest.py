"""A forest plot in the terminal: one line a trial, on the scale it is pooled on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ketherapy.cli.evidence_tables import figure, interval

if TYPE_CHECKING:
    from ketherapy.evidence.analysis import Analysis
    from ketherapy.evidence.effects import Measure

_WIDE = 46  # characters of the scale
_NAME = 30  # of a trial
Ends = tuple[float, float, float]  # low, estimate and high, printed scale


def forest(analysis: Analysis) -> str:
    """Return the forest plot of an analysis as lines of text."""
    from ketherapy.evidence.shown import shown

    pooled = analysis.pooled
    if pooled is None:
        return "\n".join(["Nothing is pooled, so nothing is drawn:", *analysis.refusals])
    drawn = [
        (one.study.label, (one.low, one.estimate, one.high), one.weight)
        for one in shown(analysis)
        if one.low is not None and one.estimate is not None and one.high is not None
    ]
    found = pooled.printed
    mean = _ends(found.low, found.estimate, found.high)
    ahead = _ends(found.prediction_low, found.estimate, found.prediction_high)
    scale = _Scale(analysis.measure, [ends for _, ends, _ in drawn] + [mean])
    lines = [f"{analysis.id}: {analysis.title}", ""]
    lines += [
        _line(label, scale.drawn(ends, "─", "■"), ends, f"{weight:.1f} %" if weight else "")
        for label, ends, weight in drawn
    ]
    if len(drawn) > 1:
        lines.append(_line("pooled", scale.drawn(mean, "═", "◆"), mean, "100 %"))
    if math.isfinite(ahead[0]):
        lines.append(_line("a further trial", scale.drawn(ahead, "╌", "╌"), ahead, ""))
    return "\n".join([*lines, *scale.axis(), *_sides(analysis)])


def _ends(*ends: object) -> Ends:
    low, estimate, high = (float(np.asarray(end)) for end in ends)
    return low, estimate, high


def _line(name: str, drawn: str, ends: Ends, weight: str) -> str:
    cut = name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
    said = f"{figure(ends[1])} ({interval(ends[0], ends[2])})"
    return f"{cut:<{_NAME}} {drawn} {said:<26} {weight}".rstrip()


class _Scale:
    """Where on the line a number stands."""

    def __init__(self, measure: Measure, every: Sequence[Ends]) -> None:
        null = measure.null
        ends = [end for one in every for end in one if math.isfinite(end)]
        ends += [] if null is None else [null]
        on_scale = [float(np.asarray(measure.analysed(end))) for end in ends]
        self._measure = measure
        self._low, self._high = min(on_scale), max(on_scale)
        self._null = None if null is None else self._place(null)
        self._printed = (min(ends), max(ends))

    def _place(self, x: float) -> int:
        on_scale = float(np.asarray(self._measure.analysed(x)))
        span = (self._high - self._low) or 1.0
        place = (_WIDE - 1) * (on_scale - self._low) / span
        return round(min(max(place, -1.0), float(_WIDE)))  # one beyond either end: cut off there

    def drawn(self, ends: Ends, line: str, mark: str) -> str:
        """Return the line of one interval, with the line of no effect behind it."""
        places = [self._place(end) for end in ends]
        low, at, high = (min(max(place, 0), _WIDE - 1) for place in places)
        cells = [" "] * _WIDE
        if self._null is not None:
            cells[self._null] = "│"
        cells[low : high + 1] = [line] * (high + 1 - low)
        cells[at] = mark
        if places[0] < 0:
            cells[0] = "◄"
        if places[2] >= _WIDE:
            cells[-1] = "►"
        return "".join(cells)

    def axis(self) -> list[str]:
        """Return the axis and its numbers."""
        low, high = (figure(end) for end in self._printed)
        cells = ["─"] * _WIDE
        under = f"{low}{high:>{max(_WIDE - len(low), len(high) + 1)}}"
        null = self._measure.null
        if self._null is not None and null is not None:
            cells[self._null] = "┴"
            named = f"{null:g}"
            start = self._null - len(named) // 2
            if len(low) < start and start + len(named) < _WIDE - len(high):
                under = under[:start] + named + under[start + len(named) :]
        pad = " " * (_NAME + 1)
        return [f"{pad}{''.join(cells)}", f"{pad}{under}  {self._measure.value}"]


def _sides(analysis: Analysis) -> list[str]:
    null = analysis.measure.null
    if not analysis.favourable or null is None:
        return []
    return ["", f"{analysis.favourable.capitalize()} {null:g} speaks for the treatment."]
