"""Subgroups of simulated people: by sex, ancestry, bands of age or of weight.

A person whose covariate is not known belongs to the group "not stated", never to another.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from jaxtyping import Shaped

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.pharmacology.covariates import Person

EVERYONE = "everyone"
_UNKNOWN = "not stated"
_UNITS = {"age": "year", "weight": "kg"}


class By(StrEnum):
    """What people can be told apart by."""

    SEX = "sex"
    ANCESTRY = "ancestry"
    AGE = "age"
    WEIGHT = "weight"


@dataclass(frozen=True, kw_only=True, slots=True)
class Grouping:
    """One way of telling people apart; bands of age or weight need the edges between them."""

    by: By
    edges: tuple[float, ...] = ()  # [year] or [kg], in order; a band holds its lower edge

    def __post_init__(self) -> None:
        is_banded = self.by.value in _UNITS
        in_order = all(low < high for low, high in pairwise(self.edges))
        if is_banded != bool(self.edges) or not in_order:
            raise ContractError(
                f"groups by {self.by.value}",
                expected="edges between bands, in order" if is_banded else "no edges",
                got=self.edges,
                remedy="Write for instance 'age:40,65'." if is_banded else "Leave them out.",
            )


def labels(grouping: Grouping, person: Person, count: int) -> Shaped[np.ndarray, " patient"]:
    """Return the name of the group that each of ``count`` people belongs to.

    Units   weight kg; age year
    Errors  ContractError where the population says nothing at all about it
    """
    values = getattr(person, grouping.by.value, None)
    if values is None:
        raise ContractError(
            f"groups by {grouping.by.value}",
            expected=f"people whose {grouping.by.value} is described", got=None,
            remedy="Choose another population, or leave the grouping out.",
        )  # fmt: skip
    if grouping.edges:
        names = _bands(grouping)
        found = names[np.searchsorted(np.array(grouping.edges), values, side="right")]
    else:
        found = np.array([_name(grouping, value) for value in np.ravel(np.asarray(values))])
    return np.broadcast_to(found, (count,))


def _name(grouping: Grouping, value: object) -> str:
    return f"{grouping.by.value}: {str(value) if value else _UNKNOWN}"


def _bands(grouping: Grouping) -> Shaped[np.ndarray, " band"]:
    unit, shown = _UNITS[grouping.by.value], [units.shown(edge) for edge in grouping.edges]
    middle = [f"{low} to below {high} {unit}" for low, high in pairwise(shown)]
    every = [f"below {shown[0]} {unit}", *middle, f"{shown[-1]} {unit} or more"]
    return np.array([f"{grouping.by.value}: {band}" for band in every])
