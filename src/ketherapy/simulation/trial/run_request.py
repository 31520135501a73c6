"""What a run of a virtual trial is: the design, how much chance is in it, and its tasks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ketherapy.errors import ContractError
from ketherapy.simulation.trial.design import TrialDesign

_TASK = 200  # replicates: enough that starting one costs nothing, few enough to show progress
POOL = 64  # virtual people for whom levels are simulated, in each arm
DRAWS = 256  # of the estimates, at most; replicates take them in turn


class Chance(StrEnum):
    """What differs between the replicates of a run."""

    SAMPLING = "sampling"  # people and ratings alone; the typical numbers are taken as true
    ALL = "all"  # and trials, and the numbers within what is known of them


@dataclass(frozen=True, kw_only=True, slots=True)
class RunRequest:
    """A design to be simulated ``replicates`` times."""

    design: TrialDesign
    replicates: int
    chance: Chance = Chance.ALL
    pool: int = POOL
    draws: int = DRAWS
    with_mmrm: bool = False  # the repeated-measures model beside the covariance analysis

    def __post_init__(self) -> None:
        for what in ("replicates", "pool", "draws"):
            if getattr(self, what) < 1:
                raise ContractError(
                    what, expected="1 or more", got=getattr(self, what), remedy="Correct it."
                )


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """Replicates that are simulated together, by the number of the first."""

    number: int
    first: int
    count: int


def tasks(request: RunRequest, *, size: int = _TASK) -> tuple[Task, ...]:
    """Return the tasks of a run, cut by number alone."""
    n = request.replicates
    return tuple(
        Task(number=place, first=first, count=min(size, n - first))
        for place, first in enumerate(range(0, n, size))
    )
