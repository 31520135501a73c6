"""A time axis in stretches, each on a scale of its own: hours, days, weeks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, takewhile

from clinic.web.charts.frame import Frame
from clinic.web.charts.scene import Axis, Points, Tick
from clinic.web.charts.words import HOUR, number

UNITS = (("hours", HOUR), ("days", 24 * HOUR), ("weeks", 168 * HOUR))  # of the stretches, in order
SHARES = (0.34, 0.28, 0.38)  # of the width, in the same order
_STEPS = (1, 2, 4, 8)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """One stretch of the axis and where it is drawn."""

    name: str
    start: float  # [min]
    end: float  # [min]
    left: float
    right: float
    ticks: tuple[Tick, ...]

    def x(self, minutes: float) -> float:
        """Return the horizontal place of a time."""
        share = (minutes - self.start) / (self.end - self.start)
        return self.left + share * (self.right - self.left)

    def holds(self, minutes: float) -> bool:
        """Return whether a time is drawn here; each join belongs to the stretch before it."""
        return self.start < minutes <= self.end or minutes == self.start == 0.0


def stretches(frame: Frame, ends: Sequence[float], *, gap: float) -> tuple[Stretch, ...]:
    """Return the stretches that end at ``ends`` [min], side by side with a gap between them."""
    room = frame.plot_right - frame.left - gap * (len(ends) - 1)
    found, left, start = [], frame.left, 0.0
    for (name, unit), share, end in zip(UNITS, SHARES, ends, strict=True):
        right = left + room * share
        most = max(int((right - left) / (1.1 * frame.leading)), 1)
        ticks = _ticks(start, end, unit=unit, most=most)
        found.append(Stretch(name=name, start=start, end=end, left=left, right=right, ticks=ticks))
        left, start = right + gap, end
    return tuple(found)


def _ticks(start: float, end: float, *, unit: float, most: int) -> tuple[Tick, ...]:
    """Return marks at whole units, at most ``most`` of them beside the first."""
    step = next(step for step in _STEPS if (end - start) / unit / step <= most + 0.5)
    every = takewhile(lambda at: at <= end * (1 + 1e-9), (n * step * unit for n in count()))
    return tuple(
        Tick(at=at, text=number(at / unit))
        for at in every
        if at >= start and (at > start or at == 0.0)
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokenPlane:
    """A frame with an axis in stretches and one of values: turns values into places."""

    frame: Frame
    stretches: tuple[Stretch, ...]
    y_axis: Axis

    def y(self, value: float) -> float:
        """Return the vertical place of a value."""
        frame, axis = self.frame, self.y_axis
        share = (value - axis.low) / (axis.high - axis.low)
        return frame.plot_bottom - share * (frame.plot_bottom - frame.top)

    def within(self, points: Points, stretch: Stretch) -> Points:
        """Return the points of one stretch, both ends of it among them."""
        first = bisect_left(points, stretch.start - 1e-6, key=lambda point: point[0])
        last = bisect_right(points, stretch.end + 1e-6, key=lambda point: point[0])
        return points[first:last]

    def places(self, points: Points, stretch: Stretch) -> Points:
        """Return the places of points in one stretch."""
        return tuple((stretch.x(minutes), self.y(value)) for minutes, value in points)
