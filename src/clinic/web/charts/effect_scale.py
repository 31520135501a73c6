"""The axis of an effect: plain or logarithmic, with room for what must be seen on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from statistics import median

from clinic.web.charts.scene import Axis, Tick
from clinic.web.charts.ticks import level_axis
from clinic.web.charts.words import number

Interval = tuple[float, float]

# What the ticks of a ratio may begin with, the densest first.
_MANTISSAS = (
    (1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0),
    (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0),
    (1.0, 1.5, 2.0, 3.0, 5.0, 7.0),
    (1.0, 2.0, 5.0),
    (1.0, 3.0),
)
_BESIDE = 0.1  # of the axis that is seen on either side of "no difference"
_DECADE = math.log(10.0)
_FURTHEST = 50.0  # beyond it, about 1e21 times, an axis of ratios has no more numbers
_ALONE = math.log(2.0)  # half the axis where nothing has any width: a factor of two


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """Where an effect lies between the two ends of its axis."""

    axis: Axis
    is_log: bool

    def share(self, value: float) -> float:
        """Return how far along the axis a value lies: 0 at its low end, 1 at its high end."""
        low, high = _flat(self.axis.low, self.is_log), _flat(self.axis.high, self.is_log)
        return (_flat(value, self.is_log) - low) / (high - low)


def _flat(value: float, is_log: bool) -> float:
    """Return a value as the axis measures it: a ratio by its logarithm."""
    if not is_log:
        return value
    return math.log(value) if value > 0.0 else -math.inf


def _within(at: float) -> float:
    """Return an end of an interval, no further than any axis can mark."""
    return min(max(at, -_FURTHEST), _FURTHEST)


def linear(held: Sequence[float], reaching: Sequence[Interval], *, most: int) -> Scale:
    """Return a plain axis that holds some values, and intervals as far as they are not absurd."""
    low, high = _ends(held, reaching, alone=max(map(abs, held)) or 1.0)
    return Scale(axis=level_axis(high, lowest=low, most=most, label=""), is_log=False)


def logarithmic(held: Sequence[float], reaching: Sequence[Interval], *, most: int) -> Scale:
    """Return an axis of ratios that holds some values, and intervals that are not absurd."""
    flat = [(_within(_flat(low, True)), _within(_flat(high, True))) for low, high in reaching]
    low, high = _ends([_flat(value, True) for value in held], flat, alone=_ALONE)
    places = _log_places(low, high, most)
    ticks = tuple(Tick(at=at, text=number(at)) for at in places)
    return Scale(axis=Axis(label="", low=places[0], high=places[-1], ticks=ticks), is_log=True)


def with_null(scale_ends: Sequence[float], null: float, *, is_log: bool) -> tuple[float, ...]:
    """Return values with "no difference" and a little beyond it on either side."""
    flat = [_flat(value, is_log) for value in scale_ends]
    middle = _flat(null, is_log)
    room = _BESIDE * (max(*flat, middle) - min(*flat, middle))
    beside = (middle - room, middle + room)
    return (*scale_ends, null, *(math.exp(at) if is_log else at for at in beside))


def _ends(held: Sequence[float], reaching: Sequence[Interval], *, alone: float) -> Interval:
    """Return the ends of an axis: an interval much wider than all others runs off it."""
    low, high = min(held), max(held)
    widths = [b - a for a, b in reaching if math.isfinite(b - a)]
    beyond = max((high - low) / 2, median(widths) if widths else 0.0)
    low_end = max(min([low, *(a for a, _ in reaching)]), low - beyond)
    high_end = min(max([high, *(b for _, b in reaching)]), high + beyond)
    if high_end > low_end:
        return low_end, high_end
    return low - alone, high + alone


def _log_places(low: float, high: float, most: int) -> tuple[float, ...]:
    """Return round ratios, the first at or below ``low`` and the last at or above ``high``."""
    decades = range(math.floor(low / _DECADE) - 1, math.ceil(high / _DECADE) + 2)
    for mantissas in _MANTISSAS:
        found = _enclosing([m * 10.0**d for d in decades for m in mantissas], low, high)
        if len(found) <= most + 1:
            return found
    for step in count(1):
        first, last = math.floor(low / _DECADE / step), math.ceil(high / _DECADE / step)
        if last - first <= most:
            return tuple(10.0 ** (n * step) for n in range(first, max(last, first + 1) + 1))
    raise AssertionError("unreachable: the steps grow without end")


def _enclosing(places: list[float], low: float, high: float) -> tuple[float, ...]:
    first = max(n for n, at in enumerate(places) if math.log(at) <= low + 1e-9)
    last = min(n for n, at in enumerate(places) if math.log(at) >= high - 1e-9)
    return tuple(places[first : max(last, first + 1) + 1])
