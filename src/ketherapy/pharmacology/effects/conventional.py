"""Antidepressants that act on reuptake: transporters within hours, mood over weeks.

Two curves that do not follow from one another: how much of a transporter is occupied, and how much
better a trial's people are on average, with the drug and on placebo.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Float
from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.errors import ContractError
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

_DATA = Path(__file__).parent.parent / "data"

Times = Float[np.ndarray, " time"]


@record(frozen=True, kw_only=True, config=RECORD)
class Fact:
    """One number with the words it needs to be understood."""

    text: str
    number: Cited


@record(frozen=True, kw_only=True, config=RECORD)
class Comparator:
    """One class of antidepressants."""

    id: str
    name: str
    title: str
    source: str
    status: Status
    transporter: Literal["serotonin", "not known here"]
    not_known: str  # said wherever the class is shown
    facts: tuple[Fact, ...]


@record(frozen=True, kw_only=True, config=RECORD)
class Score:
    """How a trial's people improve over weeks, on the instrument of the group."""

    at: Cited  # by when improvement is counted
    placebo: Cited  # improvement by then
    difference: Cited  # of improvement, drug less placebo
    tau_placebo: Cited
    tau_difference: Cited


@record(frozen=True, kw_only=True, config=RECORD)
class ResponseClass:
    """One class of a mixture of people by how much they improve."""

    name: str
    mean: Cited
    drug: Cited | None = None  # share of people on a drug; None: not read
    placebo: Cited | None = None


@record(frozen=True, kw_only=True, config=RECORD)
class Steps:
    """Remission at each of the drugs tried one after another."""

    source: str
    status: Status
    text: str
    remission: tuple[Cited, ...]
    cumulative: Cited


@record(frozen=True, kw_only=True, config=RECORD)
class Occupancy:
    """How much of a transporter is occupied, by dose and by time."""

    maximum: Cited
    at_minimum_dose: Cited
    t_half_rise: Cited


@record(frozen=True, kw_only=True, config=RECORD)
class Conventional:
    """What is known of these drugs as a group."""

    source: str
    status: Status
    instrument: str
    limits: tuple[str, ...]  # shown wherever the curves are
    score: Score
    classes: tuple[ResponseClass, ...]
    onset: dict[str, Cited]
    steps: Steps
    occupancy: Occupancy


@dataclass(frozen=True, kw_only=True, slots=True)
class Improvement:
    """Mean improvement over time [points], and the drug's between the ends of its interval."""

    placebo: Times
    drug: Times
    drug_low: Times
    drug_high: Times


@dataclass(frozen=True, kw_only=True, slots=True)
class Occupied:
    """Fraction of transporters occupied over time [1], and between the drugs that were measured."""

    typical: Times
    low: Times
    high: Times


@lru_cache(maxsize=1)
def conventional() -> Conventional:
    """Return what is known of antidepressants that act on reuptake."""
    return records.load(Conventional, _DATA / "conventional.toml")


@lru_cache(maxsize=1)
def comparators() -> tuple[Comparator, ...]:
    """Return every class of them, in the order of their ids."""
    paths = sorted((_DATA / "comparators").glob("*.toml"))
    return tuple(records.load(Comparator, path) for path in paths)


def comparator(comparator_id: str) -> Comparator:
    """Return the class with this id.

    Errors  ContractError where none has it
    """
    for found in comparators():
        if found.id == comparator_id:
            return found
    raise ContractError(
        "comparator", expected=f"one of {', '.join(c.id for c in comparators())}",
        got=comparator_id, remedy="Choose one of these.",
    )  # fmt: skip


def improvement(t: Times) -> Improvement:
    """Return the mean improvement on placebo and on a drug at ``t`` after the first dose.

    Units   t h; result points of the instrument
    Source  stone2022, posternak2005, taylor2006; the shape is derived from their numbers
    Errors  ContractError before the first dose or beyond the time improvement is counted by
    """
    score = conventional().score
    _within(t, _hours(score.at))
    placebo = score.placebo.value * _approach(t, score.tau_placebo)
    shape = _approach(t, score.tau_difference)
    low, high = _ends(score.difference)
    return Improvement(
        placebo=placebo,
        drug=placebo + score.difference.value * shape,
        drug_low=placebo + low * shape,
        drug_high=placebo + high * shape,
    )


def occupancy(drug: Comparator, dose: float) -> tuple[float, float, float]:
    """Return the fraction of transporters occupied in steady treatment: typical, low, high.

    Units   dose in multiples of the smallest therapeutic dose; results 1
    Source  meyer2004; derived: hyperbolic in the dose, through the value at the smallest
    Errors  ContractError where the occupancy of the class is not known, or for no dose
    """
    if drug.transporter != "serotonin":
        raise ContractError(
            f"transporter occupancy of {drug.id}", expected="a class for which it was measured",
            got=drug.transporter, remedy="It is not known here: show none.",
        )  # fmt: skip
    if not (math.isfinite(dose) and dose > 0.0):
        raise ContractError(
            "dose", expected="more than zero, in multiples of the smallest", got=dose,
            remedy="Correct it.",
        )  # fmt: skip
    numbers = conventional().occupancy
    most = numbers.maximum.value
    at_one = (numbers.at_minimum_dose.value, *_ends(numbers.at_minimum_dose))
    typical, low, high = (most * dose / (most / one - 1.0 + dose) for one in at_one)
    return typical, low, high


def occupied(drug: Comparator, dose: float, t: Times) -> Occupied:
    """Return the fraction of transporters occupied at ``t`` after the first dose.

    Units   t h; dose in multiples of the smallest therapeutic dose; results 1
    Source  meyer2004; convention: the rise within hours is drawn, no time course was read
    Errors  ContractError as ``occupancy`` and ``improvement`` raise it
    """
    _within(t, _hours(conventional().score.at))
    rise = -np.expm1(-math.log(2.0) * t / _hours(conventional().occupancy.t_half_rise))
    typical, low, high = occupancy(drug, dose)
    return Occupied(typical=typical * rise, low=low * rise, high=high * rise)


def _within(t: Times, until: float) -> None:
    outside = t[~(np.isfinite(t) & (t >= 0.0) & (t <= until))]
    if outside.size:
        raise ContractError(
            "time", expected=f"0 to {until:g} h after the first dose", got=float(outside[0]),
            remedy="Nothing is known beyond what the trials lasted.",
        )  # fmt: skip


def _approach(t: Times, tau: Cited) -> Times:
    """Return the share of what is reached by the end that is there at ``t``."""
    rate, end = 1.0 / _hours(tau), _hours(conventional().score.at)
    return np.expm1(-rate * t) / math.expm1(-rate * end)


def _hours(number: Cited) -> float:
    return units.convert(number.meant, number.unit, to="h")


def _ends(number: Cited) -> tuple[float, float]:
    if number.low is None or number.high is None:
        raise ContractError(
            f"interval of {number.locator}", expected="low and high", got=None,
            remedy="Write both in the file.",
        )  # fmt: skip
    return number.low, number.high
