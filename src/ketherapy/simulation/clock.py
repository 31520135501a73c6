"""The time axis of a picture: minutes for a visit, hours for a day or more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

_LONG = 6.0  # [h] beyond this an axis is in hours
_MOST = 8  # steps between the ticks of an axis
_STEPS = {  # between ticks, as clocks and calendars divide time
    "min": (1.0, 5.0, 10.0, 15.0, 30.0, 60.0),
    "h": (1.0, 2.0, 3.0, 4.0, 6.0, 12.0, 24.0, 48.0, 72.0, 168.0),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """The unit of a time axis, how many of it are in an hour, and where its ticks are."""

    unit: str
    per_hour: float
    ticks: Float[np.ndarray, " tick"]  # in that unit


def clock(first: float, last: float) -> Clock:
    """Return the time axis of a picture from ``first`` to ``last``.

    Units   h
    """
    unit, per_hour = ("h", 1.0) if last > _LONG else ("min", 60.0)
    low, high = first * per_hour, last * per_hour
    whole = np.ceil((high - low) / (_MOST * _STEPS[unit][-1])) * _STEPS[unit][-1]
    step = next((s for s in _STEPS[unit] if high - low <= _MOST * s), whole)
    start = np.ceil(low / step - 1e-9) * step
    return Clock(unit=unit, per_hour=per_hour, ticks=np.arange(start, high + 1e-9 * step, step))
