"""Read a table of people."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import final

import numpy as np

from ketherapy.pharmacology.covariates import Person
from ketherapy.simulation.people import AbstractPeople
from ketherapy.sources import Status


@final
@dataclass(frozen=True, kw_only=True)
class PeopleTable(AbstractPeople):
    """The people of a table, in its order."""

    person: Person
    text: str
    source: str
    status: Status

    @property
    def size(self) -> int | None:
        """Return the number of rows."""
        return np.asarray(self.person.weight).size

    def take(self, first: int, count: int, *, seed: int) -> Person:
        """Return the people of ``count`` rows from row ``first``."""
        some = slice(first, first + count)
        weight, age = np.asarray(self.person.weight), np.asarray(self.person.age)
        return Person(weight=weight[some], age=age[some])


def read_people(path: Path) -> PeopleTable:
    """Return the people in the CSV file at ``path``: weight_kg and age_year."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    person = Person(
        weight=np.array([float(row["weight_kg"]) for row in rows]),
        age=np.array([float(row["age_year"]) for row in rows]),
    )
    text = f"the {len(rows)} people of {path.name}"
    return PeopleTable(person=person, text=text, source="a table", status=Status.CONVENTION)
