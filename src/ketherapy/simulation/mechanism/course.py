"""One line of the comparison: what is predicted at each time, and how far it may be off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from jaxtyping import Float

from ketherapy.pharmacology.catalog import ConfidenceLevel
from ketherapy.sources import Cited, Status

Times = Float[np.ndarray, " time"]
_FROM_STRONGEST = tuple(Status)


def weakest(of: Status, *numbers: Cited) -> str:
    """Return the status of what rests on all of ``numbers``: that of the least known.

    ``of`` is that of their file, which a number without one of its own has.

    Source  ketherapy
    """
    found = [of, *(number.status or of for number in numbers)]
    return max(found, key=_FROM_STRONGEST.index).value


class Lane(StrEnum):
    """Which drug a course belongs to."""

    KETAMINE = "ketamine"
    REUPTAKE = "reuptake inhibitor"


class Kind(StrEnum):
    """What a course is a course of."""

    LEVEL = "level"
    TARGET = "target"  # receptors blocked, transporters occupied
    MOOD = "mood"


class Extent(StrEnum):
    """What the distance between two edges of a course stands for."""

    ESTIMATES = "5th to 95th percentile, since the numbers are not known better"
    TRIALS = "5th to 95th percentile of trials, which differ, with numbers not known better"
    PEOPLE = "5th to 95th percentile of people"
    DRUGS = "lowest to highest of the drugs that were measured"
    INTERVAL = "95 % interval of the difference between drug and placebo"


@dataclass(frozen=True, kw_only=True, slots=True)
class Edges:
    """The lower and the upper edge of what a course may be, in its own unit."""

    low: Times
    high: Times


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """One line: what is predicted at each time, and how far it may be off."""

    key: str  # "level", "nmda_block", "madrs", "madrs_control" ...
    lane: Lane
    kind: Kind
    name: str
    unit: str  # as it is shown: ng/mL, %, points
    scale: str  # the instrument whose points these are; empty where none
    values: Times
    status: str  # the weakest of the numbers behind it
    edges: Mapping[Extent, Edges] = field(default_factory=dict)  # the widest last
    is_without_drug: bool = False
    confidence: str = ""  # how far its model is trusted: good, moderate, low; empty: not said
    sources: tuple[str, ...] = ()  # ids of the bibliography

    @property
    def caveat(self) -> str:
        """Return what must stand wherever the course is named; empty where nothing must."""
        return "low confidence" if self.confidence == ConfidenceLevel.LOW.value else ""

    @property
    def widest(self) -> tuple[Extent, Edges] | None:
        """Return the edges farthest apart and what they stand for, where there are any."""
        return tuple(self.edges.items())[-1] if self.edges else None
