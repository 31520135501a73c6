"""Who is simulated: sources of people, numbered from zero."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import final

from ketherapy.pharmacology.covariates import Person


class AbstractPeople(abc.ABC):
    """A source of people, in an order that never changes."""

    @property
    @abc.abstractmethod
    def size(self) -> int | None:
        """Return how many there are; None is as many as asked for."""

    @property
    @abc.abstractmethod
    def text(self) -> str:
        """Return who they are, in words."""

    @abc.abstractmethod
    def take(self, first: int, count: int, *, seed: int) -> Person:
        """Return ``count`` people from number ``first`` on, as arrays."""


@final
@dataclass(frozen=True, kw_only=True, slots=True)
class Alike(AbstractPeople):
    """Everyone has the same covariates."""

    person: Person

    @property
    def size(self) -> int | None:
        """Return None: there are as many as asked for."""
        return None

    @property
    def text(self) -> str:
        """Return what they share, in words."""
        return "people who share the same covariates"

    def take(self, first: int, count: int, *, seed: int) -> Person:
        """Return the person they all are."""
        return self.person
