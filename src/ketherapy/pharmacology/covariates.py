"""From a person to individual parameters: weight, age, ancestry.

A published model names the covariates it retained; nothing else is applied. What a model needs
and is not given is an error, never a typical value in disguise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
from pydantic.dataclasses import dataclass as record

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.pharmacology.compartments import Param
from ketherapy.records import RECORD
from ketherapy.sources import Cited


class Ancestry(StrEnum):
    """Ancestry as the sources of the models recorded it."""

    ASIAN = "asian"  # not Japanese
    JAPANESE = "japanese"


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """What a model may ask about the person; None is not known."""

    weight: Param | None = None  # [kg]
    age: Param | None = None  # [year]
    ancestry: Ancestry | None = None

    def __post_init__(self) -> None:
        for what, value in (("weight [kg]", self.weight), ("age [year]", self.age)):
            if value is not None and not np.all(np.isfinite(value) & (np.asarray(value) > 0)):
                raise ContractError(
                    what, expected="more than zero", got=value, remedy="Correct it."
                )


@record(frozen=True, kw_only=True, config=RECORD)
class Power:
    """Parameter times (covariate / reference) to an exponent."""

    form: Literal["power"]
    parameters: tuple[str, ...]
    of: Literal["weight", "age"]
    reference: Cited
    exponent: Cited

    def apply(self, value: Param, person: Person) -> Param:
        """Return the parameter of this person.

        Units   those of the parameter
        Source  the model's file
        """
        measured = needed(getattr(person, self.of), self.of)
        return value * (measured / _reference(self.reference, self.of)) ** self.exponent.meant


@record(frozen=True, kw_only=True, config=RECORD)
class LinearAbove:
    """Parameter plus a slope for each unit of the covariate above a reference."""

    form: Literal["linear_above"]
    parameters: tuple[str, ...]
    of: Literal["weight", "age"]
    reference: Cited
    slope: Cited

    def apply(self, value: Param, person: Person) -> Param:
        """Return the parameter of this person; unchanged where the covariate is not known.

        ``simulation.domain.cautions`` states that: the reference population lies below the knee.

        Units   those of the parameter
        Source  the model's file
        """
        measured = getattr(person, self.of)
        if measured is None:
            return value
        above = np.maximum(0.0, measured - _reference(self.reference, self.of))
        per = f"/{_UNIT_OF[self.of]}"
        slope = units.convert(
            self.slope.meant, self.slope.unit, to=units.canonical(self.slope.unit, per=per)
        )
        return value + slope * above


@record(frozen=True, kw_only=True, config=RECORD)
class Factor:
    """Parameter times a factor for people of stated ancestry."""

    form: Literal["factor"]
    parameters: tuple[str, ...]
    of: Literal["ancestry"]
    in_: tuple[Ancestry, ...]
    factor: Cited

    def apply(self, value: Param, person: Person) -> Param:
        """Return the parameter of this person; the factor applies to the named groups only.

        Units   those of the parameter
        Source  the model's file
        """
        return value * self.factor.meant if person.ancestry in self.in_ else value


Covariate = Power | LinearAbove | Factor


_UNIT_OF = {"weight": "kg", "age": "year"}  # canonical units of what is measured on a person


def _reference(number: Cited, of: str) -> float:
    return units.convert(number.meant, number.unit, to=_UNIT_OF[of])


def needed(value: Param | None, what: str) -> Param:
    """Return ``value``, which the model needs.

    Errors  ContractError where it is not known
    """
    if value is None:
        raise ContractError(
            what,
            expected=f"a {what}, which this model needs",
            got=None,
            remedy=f"Give the {what}, or choose a model that does not use it.",
        )
    return value


def individual(
    typical: Mapping[str, Param], covariates: tuple[Covariate, ...], person: Person
) -> dict[str, Param]:
    """Return the typical parameters of people like ``person``.

    Units   those of the parameters
    Source  the model's file
    """
    values = dict(typical)
    for covariate in covariates:
        for name in covariate.parameters:
            values[name] = covariate.apply(values[name], person)
    return values
