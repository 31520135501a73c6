"""Who is simulated: sources of people, numbered from zero."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import final

import numpy as np

from ketherapy.errors import ContractError
from ketherapy.pharmacology.covariates import Person
from ketherapy.sources import Status


class AbstractPeople(abc.ABC):
    """A source of people, in an order that never changes."""

    text: str  # who they are
    source: str
    status: Status

    @property
    @abc.abstractmethod
    def size(self) -> int | None:
        """Return how many there are; None is as many as asked for."""

    @abc.abstractmethod
    def take(self, first: int, count: int, *, seed: int) -> Person:
        """Return ``count`` people from number ``first`` on, as arrays."""


@final
@dataclass(frozen=True, kw_only=True)
class Alike(AbstractPeople):
    """Everyone has the same covariates."""

    person: Person
    text: str = "people who share their covariates"
    source: str = "ketherapy"
    status: Status = Status.CONVENTION

    @property
    def size(self) -> int | None:
        """Return None: there are as many as asked for."""
        return None

    def take(self, first: int, count: int, *, seed: int) -> Person:
        """Return the person they all are, ``count`` times."""
        weight, age = self.person.weight, self.person.age
        return Person(
            weight=None if weight is None else np.full(count, weight),
            age=None if age is None else np.full(count, age),
            ancestry=self.person.ancestry,
        )


def population(population_id: str) -> AbstractPeople:
    """Return the described population with this id.

    Errors  ContractError: none is described yet
    """
    raise ContractError(
        "population", expected="one that is described", got=population_id,
        remedy="Give a table of people instead.",
    )  # fmt: skip
