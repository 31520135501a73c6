"""How far a visit is looked at and when it is read: our conventions, from ``data/visit.toml``."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

import numpy as np
from jaxtyping import Float
from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.pharmacology import observations
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

_ROUNDING = 1e-9  # of an end that falls on a reading
_VISIT = Path(__file__).parent.parent / "data" / "visit.toml"


@record(frozen=True, kw_only=True, config=RECORD)
class Visit:
    """When pressure is taken to be read, and how long levels are followed."""

    source: str
    status: Status
    horizon: Cited  # behind the last change of an input
    reference_tail: Cited  # from the start of the reference session
    readings: tuple[Cited, ...]
    later_every: Cited  # behind the last of these


@lru_cache(maxsize=1)
def visit() -> Visit:
    """Return the conventions of ``data/visit.toml``."""
    return records.load(Visit, _VISIT)


def horizon() -> float:
    """Return how long levels are followed behind the last change of an input.

    Units   h
    Source  ketherapy
    """
    return _hours(visit().horizon)


def horizon_end(edges: Float[np.ndarray, " edge"]) -> float:
    """Return until when levels are followed, whose inputs change at ``edges``.

    Units   h
    Source  ketherapy
    """
    return float(edges[-1]) + horizon()


def reference_tail() -> float:
    """Return over how long the block of the reference session is counted.

    Units   h
    Source  ketherapy
    """
    return _hours(visit().reference_tail)


def typical_weight() -> float:
    """Return the weight that stands where none is given.

    Units   kg
    Source  ketherapy
    """
    found = observations.conventions().typical_weight
    return units.convert(found.value, found.unit, to="kg")


def readings(end: float) -> tuple[float, ...]:
    """Return when pressure is taken to be read, where the input of a session ends at ``end``.

    Both from the start of the session; the first reading is before the dose.

    Units   h
    Source  ketherapy
    """
    found = [_hours(one) for one in visit().readings]
    every, last = _hours(visit().later_every), found[-1]
    later = math.floor(end / every + _ROUNDING)
    return (*found, *(last + every * (k + 1) for k in range(later)))


def _hours(found: Cited) -> float:
    return units.convert(found.value, found.unit, to="h")
