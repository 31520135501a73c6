"""The exact propagator for many people at once, in a compiled kernel; see ``kernel/kernel.cpp``.

Same equations and same method as ``exact.py``, which serves where there is no compiler, where
gradients are wanted and on other devices.
"""

from __future__ import annotations

import ctypes
import math
import os

import numpy as np
from jaxtyping import Float

from ketherapy.errors import SolverError
from ketherapy.simulation.solvers.inputs import Driven, Network, Pulses
from ketherapy.simulation.solvers.kernel import abi, build
from ketherapy.simulation.solvers.schedule import Schedule, has_common_starts, is_clear, planned
from ketherapy.simulation.solvers.turnover import SHARE

_NORM = 0.25  # |K| delta of the lowest rung, where the series begins
_TALLEST = 62  # digits of a time
_STEEP = 12  # further halvings for a response that begins steep; computed where they are used
_SHORTEST = 1e-6  # [h] of an input: the time axis is in microseconds
_STREAMED = 1 << 24  # bytes beyond which results bypass the cache
_LINE = 64  # bytes


def refusal(given: Pulses, t: Float[np.ndarray, " time"]) -> str:
    """Return why the kernel cannot take such input at such times, or nothing where it can.

    Units   t h
    """
    if not build.works():
        return "no C++ compiler whose kernels work here"
    if not isinstance(given.start, np.ndarray) or not isinstance(given.over, np.ndarray):
        return "traced doses"
    over = given.over.reshape(-1, len(given.state))
    if not has_common_starts(given):
        return "starts that differ between people"
    if not ((over <= 0.0) == (over[:1] <= 0.0)).all():
        return "a dose that is an instant for some and lasts for others"
    if ((over > 0.0) & (over < _SHORTEST)).any():
        return "an input shorter than a few milliseconds"
    return "" if is_clear(given, t) else "a look just before an instant dose"


def levels(
    network: Network,
    given: Pulses,
    t: Float[np.ndarray, " time"],
    *,
    driven: Driven | None = None,
    rtol: float = 1e-6,
) -> Float[np.ndarray, "output patients time"]:
    """Return each observed level, and last the response where one is driven.

    ``rtol`` is for the response, relative to its baseline: on no step may two rules for it differ
    by more than a quarter of that; levels are exact.

    Units   network as given; t h, distinct and in order; result as the scales make it
    Source  ketherapy
    Errors  SolverError without a compiler, for an impossible horizon or a result not finite
    """
    people = _people(network, given, driven)
    schedule = planned(given, t)
    shape = build.Shape(
        states=network.states,
        flows=network.pattern(),
        seen=network.seen,
        driver=None if driven is None else driven.state,
    )
    kernel = build.library(shape)
    held = abi.Held(people)
    times = len(np.unique(schedule.places))
    out = _room((len(network.seen) + (driven is not None), people, times))
    job = _job(network, given, schedule, held, driven)
    job.people, job.times, job.tolerance = people, times, rtol * SHARE
    job.threads = min(_cores(), -(-people // 64))
    job.is_streamed = int(out.nbytes > _STREAMED and (8 * times) % _LINE == 0)
    job.out = out.ctypes.data
    counts = {name: ctypes.c_int64(0) for name in ("lost", "coarse", "unserved")}
    for name, count in counts.items():
        setattr(job, name, ctypes.pointer(count))
    kernel.solve(ctypes.byref(job))
    _refuse_failures(**{name: count.value for name, count in counts.items()})
    return out if times == len(t) else out[..., schedule.places]


def _refuse_failures(*, lost: int, coarse: int, unserved: int) -> None:
    if unserved:
        raise SolverError("levels: expected memory to compute in, got none. Ask for fewer people.")
    if lost:
        raise SolverError("levels: expected finite numbers, got others. Check the parameters.")
    if coarse:
        raise SolverError(
            "response: expected two rules to agree on the shortest step, got none that did. "
            "Allow a larger error, or check EC50 and gamma."
        )


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _people(network: Network, given: Pulses, driven: Driven | None) -> int:
    sizes = [np.size(x) for x in (*network.rates, *network.scales, *(driven or ()))]
    sizes += [np.size(x) // len(given.state) for x in (given.amount, given.over)]
    return max(sizes)


def _room(shape: tuple[int, ...]) -> np.ndarray:
    """Return fresh memory that begins with a cache line."""
    size = math.prod(shape)
    raw = np.empty(size + _LINE // 8)
    first = -(raw.ctypes.data // 8) % (_LINE // 8)
    return raw[first : first + size].reshape(shape)


def _job(
    network: Network, given: Pulses, schedule: Schedule, held: abi.Held, driven: Driven | None
) -> abi.Job:
    below, series, top, top_input = _heights(network, schedule, driven)
    listed: list[int] = []
    runs = (abi.Run * len(schedule.runs))()
    for place, run in enumerate(schedule.runs):
        on, jump = len(listed), len(listed) + len(run.on)
        listed += [*run.on, *run.jumps]
        runs[place] = abi.Run(
            run.steps, run.units, int(run.is_recorded), run.start, run.length,
            on, len(run.on), jump, len(run.jumps),
        )  # fmt: skip
    pulses = _pulses(given, schedule, held)
    return abi.Job(
        runs=len(runs),
        pulses=len(given.state),
        rungs=below + top,
        below=below,
        series=series,
        top_input=below + top_input,
        unit=schedule.unit,
        rate=held.several(network.rates),
        scale=held.several(network.scales),
        turnover=held.several(() if driven is None else tuple(driven)[1:]),
        run=runs,
        pulse=pulses,
        listed=held.address(np.array([*listed, 0], dtype=np.int64)),
    )


def _pulses(given: Pulses, schedule: Schedule, held: abi.Held) -> ctypes.Array[abi.Pulse]:
    count = len(given.state)
    start = np.asarray(given.start, float).reshape(-1, count)[0]
    amount, over = (np.asarray(x, float).reshape(-1, count).T for x in (given.amount, given.over))
    return (abi.Pulse * count)(
        *(
            abi.Pulse(
                given.state[k], held.given(amount[k]), held.given(over[k]),
                int(schedule.own_end[k]), start[k],
            )
            for k in range(count)
        )
    )  # fmt: skip


def _heights(
    network: Network, schedule: Schedule, driven: Driven | None
) -> tuple[int, int, int, int]:
    """Return the rungs below one unit, the last short one, and those of interval and input."""
    fastest = _fastest(network) + (0.0 if driven is None else float(np.max(driven.kout)))
    norm = math.log2(max(fastest * schedule.unit / _NORM, 2.0**-_TALLEST))
    below, series = max(0, math.ceil(norm)), max(0, math.floor(-norm))
    if driven is not None:
        below, series = below + _STEEP, series + _STEEP
    top = max([run.units.bit_length() for run in schedule.runs] + [1])
    top_input = max([run.units.bit_length() for run in schedule.runs if run.on] + [0])
    if below + top > _TALLEST:
        raise SolverError(
            f"horizon too long beside a rate of {fastest:g} per h: expected at most "
            f"{_TALLEST} binary digits, got {below + top}. Shorten the horizon."
        )
    return below, min(series, below + top - 1), top, top_input


def _fastest(network: Network) -> float:
    """Return a rate that no state is left faster than."""
    leaving: dict[int, float] = {}
    for (start, _, is_tap), rate in zip(network.pattern(), network.rates, strict=True):
        if not is_tap:
            leaving[start] = leaving.get(start, 0.0) + float(np.max(rate))
    return max(leaving.values())
