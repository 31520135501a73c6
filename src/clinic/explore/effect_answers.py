"""What somebody wants to know of a visit: peaks, chances, and when a person may be ready to leave.

Numbers only, in minutes and in the units a screen shows; a page finds the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.catalog import Effect, Level
from ketherapy.simulation.band import band
from ketherapy.simulation.effects import conventions, readouts, visit
from ketherapy.simulation.effects.bands import bands
from ketherapy.simulation.effects.entries import EffectsRequest
from ketherapy.simulation.effects.together import Together
from ketherapy.simulation.request import SimulationRequest

if TYPE_CHECKING:
    import xarray as xr

Predicted = tuple[Together, Mapping[str, "xr.Dataset"]]  # effects, and their bands

_MIN = 60.0  # minutes in an hour
_NG = 1000.0  # ng/mL in a mg/L
_FALLING = ("madrs", "nrs_acute", "nrs_chronic")  # what gets better by getting less
# What is read off each effect, and what stands in its place where no baseline was given.
_PEAKS = (
    ("sbp", "sbp_change"), ("dbp", "dbp_change"), ("cadss",), ("nrs_acute", "acute_relief"),
    ("madrs",), ("nrs_chronic", "chronic_relief"),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Peak:
    """The highest value of an effect, or the lowest where less is better, in a typical person."""

    effect: str
    output: str
    unit: str
    value: float
    minutes: float
    low: float  # 5th percentile of what is known to differ, at that time
    high: float  # and the 95th
    is_people_known: bool  # how people differ at one level is among it
    is_lowest: bool
    is_at_end: bool  # it is still going that way at the end of the time looked at


@dataclass(frozen=True, kw_only=True, slots=True)
class Crossing:
    """How likely one of the readings of a session is at or above a limit of systolic pressure."""

    limit: float  # [mmHg]
    least: float
    most: float
    without: float
    readings: tuple[float, ...]  # [min] from the start of the session
    session: int  # counted from 1
    sessions: int  # of the regimen


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaving:
    """From when on something stays at or below a limit; None where not by then."""

    what: str  # level or dissociation
    limit: float
    unit: str
    driver: str  # the model behind it
    typical: float | None  # [min]
    people: float | None  # [min] by then in 95 of 100; None likewise
    is_people_known: bool
    horizon: float  # [min] behind the last input it was looked for


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """A chance of something in the session, with the bounds between people."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """Everything that was asked and can be answered."""

    peaks: tuple[Peak, ...]
    crossing: Crossing | None
    leaving: tuple[Leaving, ...]
    sedation: Share | None
    responders: tuple[float, float] | None  # share that responds to the drug, and to placebo


def answers(
    request: SimulationRequest,
    wanted: EffectsRequest,
    predicted: Sequence[Predicted],
    *,
    seed: int,
) -> Answers:
    """Return what was asked about the effects that are predicted."""
    drivers = {name: model for found, _ in predicted for name, model in found.drivers.items()}
    found = {name: data for one, _ in predicted for name, data in one.found.items()}
    spread = {name: data for _, around in predicted for name, data in around.items()}
    return Answers(
        peaks=tuple(_peaks(request, wanted, found, spread, drivers)),
        crossing=_crossing(request, wanted, drivers, seed=seed) if "pressure" in found else None,
        leaving=(
            *_levels(request, wanted, seed=seed),
            *_dissociation(request, wanted, found, drivers, seed=seed),
        ),
        sedation=_sedation(found, spread),
        responders=_responders() if "chronic_pain" in found else None,
    )


def _peaks(
    request: SimulationRequest,
    wanted: EffectsRequest,
    found: Mapping[str, xr.Dataset],
    spread: Mapping[str, xr.Dataset],
    drivers: Mapping[str, PublishedModel],
) -> Iterator[Peak]:
    for effect in wanted.effects:
        data = found.get(effect.id, ())
        present = [[name for name in names if name in data] for names in _PEAKS]
        for output in (names[0] for names in present if names):
            asked = wanted.asked(effect)
            course = readouts.effect_course(request, drivers[effect.id], asked, output=output)
            yield _peak(effect.id, output, course, found[effect.id], spread[effect.id])


def _peak(
    effect: str, output: str, course: readouts.Course, data: xr.Dataset, around: xr.Dataset
) -> Peak:
    sign = -1.0 if output in _FALLING else 1.0
    t = data["time"].values
    value, at = readouts.highest(lambda times: sign * course(times), t, sign * data[output].values)
    unit = str(data[output].attrs["units"])
    scale = 100.0 if unit == "1" else 1.0
    people = around[output].sel(doubt="people")
    low, high = (float(np.interp(at, around["time"].values, edge)) for edge in people.values)
    return Peak(
        effect=effect,
        output=output,
        unit="%" if unit == "1" else unit,
        value=sign * value * scale,
        minutes=at * _MIN,
        low=low * scale,
        high=high * scale,
        is_people_known=has_people(catalog.effect(effect)),
        is_lowest=sign < 0.0,
        is_at_end=bool(at >= t[-1]),
    )


def has_people(effect: Effect) -> bool:
    """Return whether it is known how people differ in an effect at one level."""
    return bool(effect.settings) or any(one.level is Level.PERSON for one in effect.spread)


def _crossing(
    request: SimulationRequest,
    wanted: EffectsRequest,
    drivers: Mapping[str, PublishedModel],
    *,
    seed: int,
) -> Crossing | None:
    found = readouts.sbp_chance(
        drivers["pressure"], request.regimen, asked=wanted, seed=seed, person=request.person
    )
    if found is None or wanted.sbp_limit is None:
        return None
    return Crossing(
        limit=wanted.sbp_limit,
        least=found.chance.least,
        most=found.chance.most,
        without=found.chance.without,
        readings=tuple(hours * _MIN for hours in found.readings),
        session=found.session,
        sessions=found.sessions,
    )


def _levels(request: SimulationRequest, wanted: EffectsRequest, *, seed: int) -> Iterator[Leaving]:
    """Give, for every drawn model, when its level of the drug has fallen for good."""
    if wanted.leaving_level is None:
        return
    for model in request.models:
        t = readouts.horizon_times(model, request.regimen, request.person)
        typical = readouts.settled(
            readouts.level_course(request, model), t, limit=wanted.leaving_level
        )
        people = band(model, request.regimen, t, person=request.person, seed=seed)
        high = None if people is None else people[request.regimen.drug.value].values[1]
        yield Leaving(
            what="level",
            limit=wanted.leaving_level * _NG,
            unit="ng/mL",
            driver=f"{model.name}, {model.site_text}",
            typical=_minutes(typical),
            people=None if high is None else _minutes(_after(t, high, wanted.leaving_level)),
            is_people_known=high is not None,
            horizon=conventions.horizon() * _MIN,
        )


def _dissociation(
    request: SimulationRequest,
    wanted: EffectsRequest,
    found: Mapping[str, xr.Dataset],
    drivers: Mapping[str, PublishedModel],
    *,
    seed: int,
) -> Iterator[Leaving]:
    if wanted.leaving_cadss is None or "dissociation" not in found:
        return
    model, limit = drivers["dissociation"], wanted.leaving_cadss
    asked = wanted.asked(catalog.effect("dissociation"))
    course = readouts.effect_course(request, model, asked, output="cadss")
    t = readouts.horizon_times(model, request.regimen, request.person)
    around = bands(model, request.regimen, t, asked=asked, seed=seed, person=request.person)
    high = around["cadss"].sel(doubt="people").values[1]
    yield Leaving(
        what="dissociation",
        limit=limit,
        unit="points",
        driver=f"{model.name}, {model.site_text}",
        typical=_minutes(readouts.settled(course, t, limit=limit)),
        people=_minutes(_after(t, high, limit)),
        is_people_known=True,
        horizon=conventions.horizon() * _MIN,
    )


def _after(t: np.ndarray, high: np.ndarray, limit: float) -> float | None:
    return visit.falls_below(t, high, limit)


def _minutes(hours: float | None) -> float | None:
    return None if hours is None else hours * _MIN


def _sedation(found: Mapping[str, xr.Dataset], spread: Mapping[str, xr.Dataset]) -> Share | None:
    if "sedation" not in found:
        return None
    chance = found["sedation"]["sedation_chance"].values
    people = spread["sedation"]["sedation_chance"].sel(doubt="people").values
    top = int(np.argmax(chance))
    return Share(value=float(chance[top]), low=float(people[0].max()), high=float(people[1].max()))


def _responders() -> tuple[float, float]:
    numbers = catalog.typical(catalog.effect("chronic_pain"))
    return numbers["p_drug"], numbers["p_placebo"]
