"""Where an axis is marked: round steps that a reader can add up in the head."""

from __future__ import annotations

import math
from itertools import count, takewhile

from clinic.web.charts.scene import Axis, Tick
from clinic.web.charts.words import HOUR, number

# Steps of a clock [min]; a day and its multiples follow when these are too fine.
_CLOCK = (1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0, 120.0, 180.0, 240.0, 360.0, 720.0, 1440.0)
_LONGEST_IN_MINUTES = 3 * HOUR


def round_step(span: float, most: int) -> float:
    """Return the smallest of 1, 2, 5 times ten to a power that cuts ``span`` into ``most``."""
    power = 10.0 ** math.floor(math.log10(span / most))
    return next(m * power for m in (1, 2, 5, 10) if m * power * most >= span * (1 - 1e-9))


def level_axis(highest: float, *, most: int, label: str, lowest: float = 0.0) -> Axis:
    """Return an axis from a round value at or below ``lowest`` to one at or above ``highest``."""
    top = highest if highest > lowest else lowest + 1.0
    step = round_step(top - lowest, most)
    first, last = math.floor(lowest / step + 1e-9), math.ceil(top / step - 1e-9)
    marks = tuple(Tick(at=n * step, text=number(n * step)) for n in range(first, last + 1))
    return Axis(label=label, low=first * step, high=last * step, ticks=marks)


def time_axis(last: float, *, most: int, label: str) -> Axis:
    """Return an axis from zero to ``last`` [min], marked in minutes or, when long, in hours."""
    step = _clock_step(last, most)
    unit, scale = ("min", 1.0) if last <= _LONGEST_IN_MINUTES else ("h", HOUR)
    places = takewhile(lambda at: at <= last * (1 + 1e-9), (n * step for n in count()))
    marks = tuple(Tick(at=at, text=number(at / scale)) for at in places)
    return Axis(label=f"{label} ({unit})", low=0.0, high=last, ticks=marks)


def _clock_step(last: float, most: int) -> float:
    for step in _CLOCK:
        if step * most >= last * (1 - 1e-9):
            return step
    return _CLOCK[-1] * round_step(last / _CLOCK[-1], most)


def calendar_axis(last: float, *, most: int, label: str) -> Axis:
    """Return an axis from zero to ``last`` [min], marked in days or, when long, in weeks."""
    unit, scale = ("days", _DAY) if last <= _LONGEST_IN_DAYS else ("weeks", _WEEK)
    step = scale * math.ceil(last / scale / most)
    places = takewhile(lambda at: at <= last * (1 + 1e-9), (n * step for n in count()))
    marks = tuple(Tick(at=at, text=number(at / scale)) for at in places)
    return Axis(label=f"{label} ({unit})", low=0.0, high=last, ticks=marks)


_DAY, _WEEK = 24 * HOUR, 168 * HOUR
_LONGEST_IN_DAYS = 4 * _WEEK
