"""What a population run is: the request, and its plan of blocks and tasks.

People are numbered from zero. A block is BLOCK people with consecutive numbers, a task some
blocks; both are cut by number alone, so that they are the same on every machine.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from jaxtyping import Float

from ketherapy.errors import ContractError
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.regimen import Regimen
from ketherapy.simulation.engine import AUTOMATIC, Engine
from ketherapy.simulation.groups import Grouping
from ketherapy.simulation.individuals import estimates
from ketherapy.simulation.people import AbstractPeople

MEMORY = 2.0  # [GiB] a run may need, unless the caller allows more
BLOCK = 2048  # people simulated at once
_BLOCKS = 4  # in a task
_LARGEST = 1_000_000_000  # people of one run: the rank error is kept up to here


@dataclass(frozen=True, kw_only=True, slots=True)
class PopulationRequest:
    """Who is given what under which model, and what is wanted of it."""

    model: PublishedModel
    regimen: Regimen  # amounts in mg, or in mg per kg of each person's weight
    people: AbstractPeople
    n: int
    seed: int
    times: tuple[float, ...]  # [h], in order, from zero or later
    is_per_kg: bool = False
    analytes: tuple[str, ...] = ()  # none named: all that the model describes
    levels: tuple[float, ...] = ()  # [mg/L] thresholds, of each analyte
    probabilities: tuple[float, ...] = (0.05, 0.25, 0.5, 0.75, 0.95)
    groupings: tuple[Grouping, ...] = ()
    occasion: int = 1
    with_residual: bool = False  # curves as an assay would read them; exposures stay true
    estimate_draw: int | None = None  # a draw of the typical values, which stand there otherwise
    engine: Engine = AUTOMATIC
    # of one process; it changes no digit, and so does not tell runs apart
    memory: float = field(default=MEMORY, repr=False)  # [GiB]

    def __post_init__(self) -> None:
        _refuse_people(self.n, self.people.size)
        _refuse_times(self.times)
        _refuse_levels(self.levels)
        if not self.memory > 0.0:
            raise ContractError(
                "memory [GiB]", expected="more than zero", got=self.memory, remedy="Correct it."
            )
        inside = (0.0, *self.probabilities, 1.0)
        if not self.probabilities or not all(low < high for low, high in pairwise(inside)):
            raise ContractError(
                "probabilities", expected="one or more between 0 and 1, in order",
                got=self.probabilities, remedy="Correct them.",
            )  # fmt: skip
        draw = self.estimate_draw or 0
        counted = (("seed", self.seed, 0), ("occasion", self.occasion, 1), ("draw", draw, 0))
        for what, value, least in counted:
            if not least <= value < 2**63:
                raise ContractError(
                    what, expected=f"a whole number from {least}", got=value, remedy="Correct it."
                )


def _refuse_people(n: int, size: int | None) -> None:
    if not 1 <= n <= _LARGEST:
        raise ContractError(
            "people", expected=f"1 to {_LARGEST:,}", got=n, remedy="Correct the number."
        )
    if size is not None and n > size:
        raise ContractError(
            "people", expected=f"at most {size}: there are no more in this population",
            got=n, remedy="Ask for fewer; nobody is simulated twice.",
        )  # fmt: skip


def _refuse_times(times: tuple[float, ...]) -> None:
    t = np.array(times)
    if t.size < 2 or not np.all(np.isfinite(t)) or t[0] < 0.0 or not np.all(np.diff(t) > 0.0):
        raise ContractError(
            "times [h]", expected="two or more, from zero on, each later than the one before",
            got=f"{t.size} times", remedy="Correct them.",
        )  # fmt: skip


def _refuse_levels(levels: tuple[float, ...]) -> None:
    if not all(np.isfinite(level) and level > 0.0 for level in levels):
        raise ContractError(
            "levels [mg/L]", expected="each more than zero", got=levels, remedy="Correct them."
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """People that are simulated and reduced together, by the number of the first."""

    number: int
    first: int
    count: int
    block: int  # people simulated at once

    def blocks(self) -> tuple[tuple[int, int], ...]:
        """Return (first, count) of each block."""
        end, size = self.first + self.count, self.block
        return tuple((first, min(size, end - first)) for first in range(self.first, end, size))


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """A request that has been checked against its model, cut into tasks."""

    request: PopulationRequest
    analytes: tuple[str, ...]
    k: int  # values in a buffer of the quantile sketch
    attrs: dict[str, str] = field(repr=False)  # provenance
    tasks: tuple[Task, ...] = field(repr=False)

    @property
    def values(self) -> dict[str, float] | None:
        """Return the drawn typical values, or None where those of the model stand.

        Units   L, L/h, 1/h, h, 1 or L/kg
        Source  the model's file
        """
        asked = self.request
        if asked.estimate_draw is None:
            return None
        return estimates(asked.model, draw=asked.estimate_draw, seed=asked.seed).values

    @property
    def times(self) -> Float[np.ndarray, " time"]:
        """Return the grid [h]."""
        return np.array(self.request.times)

    @property
    def fingerprint(self) -> str:
        """Return a hash of all that decides the result, so that parts of two runs never mix."""
        with np.printoptions(threshold=sys.maxsize, floatmode="unique"):  # no row left out
            said = repr((self.request, self.analytes, self.k, self.attrs, self.tasks[0]))
        return hashlib.sha256(said.encode()).hexdigest()


def tasks(n: int) -> tuple[Task, ...]:
    """Return the tasks of a run of ``n`` people."""
    size = BLOCK * _BLOCKS
    return tuple(
        Task(number=place, first=first, count=min(size, n - first), block=BLOCK)
        for place, first in enumerate(range(0, n, size))
    )
