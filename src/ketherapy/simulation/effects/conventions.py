"""How far a visit is looked at and when it is read: our conventions, from ``data/visit.toml``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from jaxtyping import Float
from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.pharmacology import observations
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

_VISIT = Path(__file__).parent.parent / "data" / "visit.toml"


@record(frozen=True, kw_only=True, config=RECORD)
class Visit:
    """When pressure is taken to be read, and how long levels are followed."""

    source: str
    status: Status
    horizon: Cited  # behind the last change of an input
    reference_tail: Cited  # from the start of the reference session
    readings: tuple[Cited, ...]


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


def _hours(found: Cited) -> float:
    return units.convert(found.value, found.unit, to="h")
