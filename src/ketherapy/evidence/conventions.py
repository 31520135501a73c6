"""Where the synthesis doubts, flags or refuses: our conventions, from ``data/conventions.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

_CONVENTIONS = Path(__file__).parent / "data" / "conventions.toml"


@record(frozen=True, kw_only=True, config=RECORD)
class Conventions:
    """The numbers that no source decides."""

    source: str
    status: Status
    interval_asymmetry: Cited  # of a printed interval
    peto_ratio: Cited
    peto_risk: Cited
    peto_effect: Cited
    tau_scale: Cited  # of the half-normal prior
    small_study_least: Cited  # studies
    mu_ratio: Cited  # of the vague prior of the mean to it
    time_ratio: Cited  # of the latest to the earliest time of one synthesis
    small_deviation: Cited  # of a printed deviation to the usual one of its scale
    error_fit: Cited  # factor within which it then looks like a standard error
    deviations: Cited  # printed ones that make a usual one
    information: Cited  # people
    very_few: Cited  # people
    inconsistency: Cited  # I2 [%]
    most_people: Cited  # of one group
    base_ratio: Cited  # of the highest control share to the lowest


@lru_cache(maxsize=1)
def conventions() -> Conventions:
    """Return the conventions of the synthesis."""
    return records.load(Conventions, _CONVENTIONS)


def asymmetry() -> float:
    """Return by how much of its length the sides of a printed interval may differ."""
    return conventions().interval_asymmetry.value


@dataclass(frozen=True, slots=True)
class PetoLimits:
    """Beyond what Peto's odds ratio is flagged."""

    ratio: float  # of the larger to the smaller arm
    risk: float  # share of people with the event
    effect: float  # odds ratio, or one over it


def peto() -> PetoLimits:
    """Return beyond what Peto's odds ratio is flagged."""
    found = conventions()
    return PetoLimits(found.peto_ratio.value, found.peto_risk.value, found.peto_effect.value)
