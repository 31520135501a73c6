"""What a reader wants to know of a visit: peaks, chances of crossing a limit, times of leaving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from ketherapy.errors import ContractError
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.catalog import Level
from ketherapy.pharmacology.effects.structures import Pressure
from ketherapy.regimen import Regimen
from ketherapy.simulation.cumulative import sessions
from ketherapy.simulation.effects import conventions, numbers, visit
from ketherapy.simulation.effects.entries import EffectsRequest
from ketherapy.simulation.effects.predict import effects
from ketherapy.simulation.effects.scope import Asked
from ketherapy.simulation.effects.visit import Chance
from ketherapy.simulation.moments import behind, distinct, input_edges
from ketherapy.simulation.request import SimulationRequest
from ketherapy.simulation.solve import simulate

_CLOSE = 33  # points of each closer look
_LEAST = 256  # gaps that a first look has
_STEP = 1.1  # by which looks behind an input grow apart
_LOOKS = 2  # each closer than the one before by as much

Times = Float[np.ndarray, " time"]
Course = Callable[[Times], Float[np.ndarray, " time"]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Crossing:
    """The chance of crossing a limit of systolic pressure in one session, and its readings."""

    chance: Chance
    session: int  # counted from 1
    sessions: int  # of the regimen
    readings: tuple[float, ...]  # [h] from the start of the session


def sbp_chance(
    model: PublishedModel,
    regimen: Regimen,
    *,
    asked: EffectsRequest,
    seed: int,
    person: Person | None = None,
    session: int = 1,
    count: int = 256,
) -> Crossing | None:
    """Return how likely a systolic reading of a session is at or above the limit asked about.

    None where no limit or no resting pressure was given.

    Units   1
    Source  doherty2020
    Errors  ContractError for a session that there is not, and where the effect cannot be
            predicted here, with the reason
    """
    if asked.sbp_limit is None or "sbp" not in asked.baseline:
        return None
    start, end, among = _session(model, regimen, person or Person(), session)
    pressure = catalog.effect("pressure")
    drawn = numbers.drawn(pressure, count=count, seed=seed, levels=(Level.ESTIMATE,))
    readings = conventions.readings(end - start)
    rise = effects(
        model, regimen, start + np.array(readings), asked=asked.asked(pressure),
        person=person, numbers={pressure.id: drawn},
    )["sbp_change"].values  # fmt: skip
    structure = catalog.structure(pressure, catalog.typical(pressure))
    assert isinstance(structure, Pressure)
    noise, max_sd, placebo_max_sd = visit.pressures(structure, "sbp")
    chance = visit.crossing(
        np.atleast_2d(rise), baseline=asked.baseline["sbp"], limit=asked.sbp_limit,
        noise=noise, max_sd=max_sd, placebo_max_sd=placebo_max_sd, before=readings.count(0.0),
    )  # fmt: skip
    return Crossing(chance=chance, session=session, sessions=among, readings=readings)


def _session(
    model: PublishedModel, regimen: Regimen, person: Person, number: int
) -> tuple[float, float, int]:
    """Return the start of a session, the end of its input, and how many sessions there are."""
    found = sessions(regimen, at=regimen.edges[-1])
    if not 1 <= number <= len(found):
        raise ContractError(
            "session", expected=f"1 to {len(found)}", got=number, remedy="Name one of them."
        )
    one, following = found[number - 1], found[number:]
    before = following[0].start if following else np.inf
    edges = input_edges(model, regimen, person)
    own = edges[(edges >= one.start) & (edges < before)]
    return one.start, float(own.max(initial=one.end)), len(found)


def horizon_times(model: PublishedModel, regimen: Regimen, person: Person | None = None) -> Times:
    """Return when to look for leaving: close behind each input, until the regimen's own end.

    Units   h
    Source  ketherapy
    """
    edges = distinct(np.append(input_edges(model, regimen, person or Person()), 0.0))
    end = conventions.horizon_end(edges)
    return distinct(np.append(behind(edges, end, growth=_STEP), end))


def settled(course: Course, t: Times, *, limit: float) -> float | None:
    """Return from when on ``course`` stays at or below ``limit``, looked for between ``t``.

    ``t`` must reach as far as the course can rise, as ``horizon_times`` do. None where it has not
    settled at their end; zero where it never was above.

    Units   h; limit that of the course
    Source  ketherapy
    Errors  ContractError for times or values that are none, are not in order or are not finite
    """
    visit.falls_below(t, np.zeros(len(t)), limit)  # refuses times before anything is computed
    t = _dense(t)
    found = visit.falls_below(t, course(t), limit)
    for _ in range(_LOOKS):
        if found is None or found == 0.0:
            return found
        after = int(np.clip(np.searchsorted(t, found), 1, len(t) - 1))
        t = np.linspace(t[after - 1], t[after], _CLOSE)
        closer = visit.falls_below(t, course(t), limit)
        found = found if closer is None or closer == 0.0 else closer
    return found


def _dense(t: Times) -> Float[np.ndarray, " moment"]:
    """Return the times with the gaps between them filled where they are few."""
    parts = -(-_LEAST // max(len(t) - 1, 1))
    return np.interp(np.arange(parts * (len(t) - 1) + 1) / parts, np.arange(len(t)), t)


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
