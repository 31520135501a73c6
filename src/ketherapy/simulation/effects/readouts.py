"""What a reader wants to know of a visit: peaks, chances of crossing a limit, times of leaving."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
from jaxtyping import Float
from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.catalog import Level
from ketherapy.pharmacology.effects.structures import Pressure
from ketherapy.records import RECORD
from ketherapy.regimen import Regimen
from ketherapy.simulation.effects import numbers, visit
from ketherapy.simulation.effects.entries import EffectsRequest
from ketherapy.simulation.effects.predict import effects
from ketherapy.simulation.effects.scope import Asked
from ketherapy.simulation.effects.visit import Chance
from ketherapy.simulation.request import SimulationRequest
from ketherapy.simulation.solve import simulate
from ketherapy.sources import Cited, Status

_VISIT = Path(__file__).parent.parent / "data" / "visit.toml"
_CLOSE = 33  # points of each closer look
_LOOKS = 2  # each closer than the one before by as much

Times = Float[np.ndarray, " time"]
Course = Callable[[Times], Float[np.ndarray, " time"]]


@record(frozen=True, kw_only=True, config=RECORD)
class Visit:
    """When pressure is taken to be read."""

    source: str
    status: Status
    readings: tuple[Cited, ...]


@lru_cache(maxsize=1)
def readings() -> tuple[float, ...]:
    """Return when pressure is taken to be read after the first dose begins.

    Units   h
    Source  ketherapy
    """
    found = records.load(Visit, _VISIT).readings
    return tuple(units.convert(one.value, one.unit, to="h") for one in found)


def sbp_chance(
    model: PublishedModel,
    regimen: Regimen,
    *,
    asked: EffectsRequest,
    seed: int,
    person: Person | None = None,
    count: int = 256,
) -> Chance | None:
    """Return how likely a systolic reading of the visit is at or above the limit asked about.

    None where no limit or no resting pressure was given.

    Units   1
    Source  doherty2020
    Errors  ContractError where the effect cannot be predicted here, with the reason
    """
    if asked.sbp_limit is None or "sbp" not in asked.baseline:
        return None
    pressure = catalog.effect("pressure")
    drawn = numbers.drawn(pressure, count=count, seed=seed, levels=(Level.ESTIMATE,))
    first = min(dose.at for dose in regimen.doses)
    rise = effects(
        model, regimen, first + np.array(readings()), asked=asked.asked(pressure),
        person=person, numbers={pressure.id: drawn},
    )["sbp_change"].values  # fmt: skip
    structure = catalog.structure(pressure, catalog.typical(pressure))
    assert isinstance(structure, Pressure)
    noise, max_sd, placebo_max_sd = visit.pressures(structure, "sbp")
    return visit.crossing(
        np.atleast_2d(rise), baseline=asked.baseline["sbp"], limit=asked.sbp_limit,
        noise=noise, max_sd=max_sd, placebo_max_sd=placebo_max_sd,
    )  # fmt: skip


def settled(course: Course, t: Times, *, limit: float) -> float | None:
    """Return from when on ``course`` stays at or below ``limit``, looked for between ``t``.

    None where it does not within ``t``; zero where it never was above.

    Units   h; limit that of the course
    Source  ketherapy
    """
    found = visit.falls_below(t, course(t), limit)
    for _ in range(_LOOKS):
        if found is None or found == 0.0:
            return found
        after = int(np.clip(np.searchsorted(t, found), 1, len(t) - 1))
        t = np.linspace(t[after - 1], t[after], _CLOSE)
        closer = visit.falls_below(t, course(t), limit)
        found = found if closer is None or closer == 0.0 else closer
    return found


def highest(course: Course, t: Times, values: Times) -> tuple[float, float]:
    """Return the highest value of ``course`` and when, looked for closely around ``values``' own.

    ``values`` is the course at ``t``.

    Units   that of the course; h
    Source  ketherapy
    """
    top = int(np.argmax(values))
    around = [np.linspace(t[a], t[b], _CLOSE) for a, b in _beside(top, len(t))]
    close = np.concatenate([[t[top]], *around])
    found = course(close)
    best = int(np.argmax(found))
    return float(found[best]), float(close[best])


def _beside(top: int, count: int) -> list[tuple[int, int]]:
    """Return the gaps on either side of a place."""
    return [(a, a + 1) for a in (top - 1, top) if 0 <= a < count - 1]


def level_course(request: SimulationRequest, model: PublishedModel) -> Course:
    """Return the level of the drug that is given, S and R together, as a function of time [h].

    Units   mg/L
    """

    def course(t: Times) -> Float[np.ndarray, " time"]:
        found = simulate(model, request.regimen, t, person=request.person)
        return found[request.regimen.drug.value].values

    return course


def effect_course(
    request: SimulationRequest, model: PublishedModel, asked: Asked, *, output: str
) -> Course:
    """Return one output of an effect as a function of time [h].

    Units   as the output says
    """

    def course(t: Times) -> Float[np.ndarray, " time"]:
        found = effects(model, request.regimen, t, asked=asked, person=request.person)
        return found[output].values

    return course
