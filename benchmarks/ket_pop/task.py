"""The task every engine solves: its numbers, its equations in rates, its times, its subjects."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from ketherapy.units import convert

PARAMETERS = ("CL", "V1", "Q2", "V2", "Q3", "V3")
STATES = ("C", "C2", "C3", "Cm", "Cm2", "Ce", "R")  # concentrations, so that all are of one size
OUTPUTS = (0, 3, 5, 6)  # C, Cm, Ce, R among the states
CANONICAL = {"L/h": "L/h", "L": "L", "1": "1", "1/min": "1/h", "min": "h", "h": "h", "kg": "kg",
             "ng/mL": "mg/L", "mg/kg": "mg/kg"}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """A stretch with one constant input; ``times`` [h] are measured from its start."""

    start: float  # [h]
    length: float  # [h]
    infused: float  # [mg/h]
    times: np.ndarray


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """The numbers of ``task.toml`` in canonical units: mg, L, h, mg/L."""

    typical: dict[str, float]  # CL, V1, Q2, V2, Q3, V3
    omega: float
    fixed: dict[str, float]  # norketamine and response
    dose: float  # [mg]
    over: float  # [h]
    starts: tuple[float, ...]  # [h]
    window: np.ndarray  # times after a start [h]
    relative: float
    floor: float
    reference: float
    limit_s: float
    sizes: tuple[int, ...]
    seed: int

    @property
    def times(self) -> int:
        """Return how many times are asked for in the whole course."""
        return len(self.starts) * len(self.window)

    def initial(self) -> np.ndarray:
        """Return the states before the first dose: no drug, the response at its baseline."""
        return np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0])


def _value(entry: dict[str, str | float]) -> float:
    unit = str(entry["unit"])
    return convert(float(entry["value"]), unit, to=CANONICAL[unit])


@lru_cache(maxsize=1)
def load() -> Task:
    """Return the task that ``task.toml`` describes."""
    read = tomllib.loads(Path(__file__).with_name("task.toml").read_text(encoding="utf-8"))
    course, promise = read["course"], read["promise"]
    parent = {name: _value(entry) for name, entry in read["parent"].items()}
    fixed = read["norketamine"] | read["response"]
    every, watched = _value(course["every"]), _value(course["watched"])
    return Task(
        typical={name: parent[name] for name in PARAMETERS},
        omega=parent["omega"],
        fixed={name: _value(entry) for name, entry in fixed.items()},
        dose=_value(course["dose"]) * _value(course["weight"]),
        over=_value(course["over"]),
        starts=tuple(24.0 * day for day in course["days"]),
        window=every * np.arange(1, round(watched / every) + 1),
        relative=promise["relative"],
        floor=promise["floor"],
        reference=promise["reference"],
        limit_s=promise["limit_s"],
        sizes=tuple(promise["sizes"]),
        seed=promise["seed"],
    )


def subjects(task: Task, count: int) -> np.ndarray:
    """Return the parent's parameters of ``count`` subjects; a smaller draw begins a larger one.

    Shapes  subject parameter, in the order of PARAMETERS
    Units   L/h, L
    """
    eta = np.random.default_rng(task.seed).standard_normal((count, len(PARAMETERS)))
    typical = np.array([task.typical[name] for name in PARAMETERS])
    return typical * np.exp(task.omega * eta)


def rates(task: Task, params: np.ndarray) -> np.ndarray:
    """Return what the equations need of each subject, so that no engine divides by a volume.

    Shapes  subject rate: k1 (all that leaves the centre), k12, k13, k21, k31, km, 1/V1
    Units   1/h; km is formation of norketamine, in concentrations; 1/L
    """
    CL, V1, Q2, V2, Q3, V3 = params.T
    km = task.fixed["fm"] * CL / task.fixed["V1_nk"]
    columns = [(CL + Q2 + Q3) / V1, Q2 / V1, Q3 / V1, Q2 / V2, Q3 / V3, km, 1.0 / V1]
    return np.ascontiguousarray(np.stack(columns, axis=-1))


def constants(task: Task) -> dict[str, float]:
    """Return the rates that all subjects share.

    Units  1/h; EC50 mg/L; Emax, gamma 1
    """
    nk = task.fixed
    return {
        "kn": (nk["CL_nk"] + nk["Q_nk"]) / nk["V1_nk"],
        "kn12": nk["Q_nk"] / nk["V1_nk"],
        "kn21": nk["Q_nk"] / nk["V2_nk"],
    } | {name: nk[name] for name in ("ke0", "kout", "Emax", "EC50", "gamma")}


def segments(task: Task) -> list[Segment]:
    """Return the course as infusion, watching and waiting, up to the last time asked for."""
    found, during = [], task.window <= task.over * (1 + 1e-12)
    until = task.window[-1]
    for place, start in enumerate(task.starts):
        after = task.window[~during] - task.over
        infusion = {"length": task.over, "infused": task.dose / task.over}
        found.append(Segment(start=start, times=task.window[during], **infusion))
        watching = {"length": until - task.over, "infused": 0.0}
        found.append(Segment(start=start + task.over, times=after, **watching))
        if place + 1 < len(task.starts):
            gap = task.starts[place + 1] - start - until
            found.append(Segment(start=start + until, length=gap, infused=0.0, times=np.array([])))
    return found


def largest_error(task: Task, found: np.ndarray, true: np.ndarray) -> float:
    """Return the largest error of any output, relative as the promise measures it.

    Shapes  output subject time, both
    """
    peak = np.abs(true).max(axis=-1, keepdims=True)
    error = np.abs(found - true) / np.maximum(np.abs(true), task.floor * peak)
    return float(error.max()) if np.isfinite(error).all() else float("inf")
