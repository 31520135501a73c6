"""The time axis as the compiled kernel wants it: runs of equal intervals in whole units.

Every instant becomes a whole number of microseconds (nanoseconds where that is not exact), the unit
is their greatest common divisor, and intervals of one length and one input are joined.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from ketherapy.simulation.solvers.inputs import Pulses

_MICROSECOND = 3.6e9  # in an hour
_NANOSECOND = 3.6e12
_TICKS = 2.0  # ticks within which two instants may come to be one
_EXACT = 1e-3  # of a tick: further off, a coarser tick would move the instant


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """Equal intervals with one constant input."""

    steps: int
    units: int
    is_recorded: bool  # whether each interval's start is asked for
    start: float  # [h]
    length: float  # [h] of one interval
    on: tuple[int, ...]  # pulses that flow
    jumps: tuple[int, ...]  # pulses given all at once at the start of the run


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """What happens when."""

    unit: float  # [h]
    runs: tuple[Run, ...]
    own_end: tuple[bool, ...]  # of each pulse: whether its end differs between people
    places: tuple[int, ...]  # of each time among those recorded: two within a tick are one


def has_common_starts(given: Pulses) -> bool:
    """Return whether every pulse starts at one instant for everyone, as the kernel needs."""
    return np.ndim(given.start) <= 1 or bool(_is_shared(np.asarray(given.start)).all())


def is_clear(given: Pulses, t: Float[np.ndarray, " time"]) -> bool:
    """Return whether no time lies within a tick before an instant dose, where it would see it.

    Units   t h
    """
    start = np.asarray(given.start, float).reshape(-1, len(given.state))[0]
    over = np.asarray(given.over, float).reshape(-1, len(given.state))
    instants = start[(over <= 0.0).any(axis=0)]
    gap = instants[:, None] - t
    return not bool(((gap > 0.0) & (gap < _TICKS / _NANOSECOND)).any())


def _is_shared(values: np.ndarray) -> np.ndarray:
    flat = values.reshape(-1, values.shape[-1])
    return (flat == flat[:1]).all(axis=0)


def planned(given: Pulses, t: Float[np.ndarray, " time"]) -> Schedule:
    """Return the schedule for the distinct, ordered times ``t``.

    Units   t h
    Source  ketherapy
    """
    start = np.asarray(given.start, float).reshape(-1, len(given.state))[0]
    over = np.asarray(given.over, float).reshape(-1, len(given.state))
    own_end = ~_is_shared(over)
    last = start + over.max(axis=0)
    shared = (start + over[0])[~own_end]
    per_hour = _per_hour(np.concatenate([start, shared, t]))
    starts, ends, looks = (np.rint(x * per_hour).astype(np.int64) for x in (start, last, t))
    minute = round(per_hour / 60.0)
    # where ends are people's own, all have ended at the next whole minute: from there on nothing
    # is taken back, so that a late, small amount is not a difference of large ones
    stops = np.where(own_end, -(-ends // minute) * minute, ends)
    ticks = np.unique(np.concatenate([starts, stops, looks]))
    places = np.searchsorted(np.unique(looks), looks)
    unit = math.gcd(*np.diff(ticks).tolist()) or 1
    runs = _runs(ticks, starts, ends, looks, np.asarray((over <= 0.0).all(axis=0)))
    return Schedule(
        unit=unit / per_hour,
        runs=tuple(
            Run(
                steps=count,
                units=length // unit,
                is_recorded=is_recorded,
                start=float(ticks[first]) / per_hour,
                length=length / per_hour,
                on=tuple(on.tolist()),
                jumps=tuple(jumps.tolist()),
            )
            for (length, is_recorded, on, jumps), first, count in runs
        ),
        own_end=tuple(own_end.tolist()),
        places=tuple(places.tolist()),
    )


def _per_hour(instants: np.ndarray) -> float:
    ticks = instants * _MICROSECOND
    return _MICROSECOND if np.all(np.abs(ticks - np.rint(ticks)) < _EXACT) else _NANOSECOND


_Kind = tuple[int, bool, np.ndarray, np.ndarray]


def _runs(
    ticks: np.ndarray,
    starts: np.ndarray,
    ends: np.ndarray,
    looks: np.ndarray,
    is_instant: np.ndarray,
) -> Iterator[tuple[_Kind, int, int]]:
    """Give (length, is recorded, on, jumps) of each run, its first interval and how many it has."""
    lengths = np.diff(ticks, append=ticks[-1])
    is_look, is_jump = np.isin(ticks, looks), np.isin(ticks, starts[is_instant])
    flows = np.flatnonzero(~is_instant)
    on = (starts[flows] <= ticks[:, None]) & (ticks[:, None] < ends[flows])
    is_like = (lengths[1:] == lengths[:-1]) & (is_look[1:] == is_look[:-1])
    is_like &= (on[1:] == on[:-1]).all(axis=1) & ~is_jump[1:] & ~is_jump[:-1]
    begins = np.flatnonzero(np.concatenate([[True], ~is_like]))
    for first, count in zip(begins, np.diff(begins, append=len(ticks)), strict=True):
        jumps = np.flatnonzero(is_instant & (starts == ticks[first]))
        kind = (int(lengths[first]), bool(is_look[first]), flows[on[first]], jumps)
        yield kind, int(first), int(count)
