"""From a person to individual parameters: weight, age, sex, ancestry, kidney, liver.

A published model names the covariates it retained; nothing else is applied. What a model needs
and is not given is an error, never a typical value in disguise.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
from pydantic.dataclasses import dataclass as record

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.pharmacology import portable
from ketherapy.pharmacology.compartments import Param
from ketherapy.records import RECORD
from ketherapy.sources import Cited


class Sex(StrEnum):
    """Sex as recorded."""

    FEMALE = "female"
    MALE = "male"


class Ancestry(StrEnum):
    """Ancestry as the sources of the models recorded it."""

    ASIAN = "asian"  # not Japanese
    JAPANESE = "japanese"
    OTHER = "other"  # stated, and neither of these


class Function(StrEnum):
    """How well an organ works, in the words of labels."""

    NORMAL = "normal"
    MILD = "mild"  # mildly impaired
    MODERATE = "moderate"
    SEVERE = "severe"


Label = StrEnum | str | np.ndarray | None  # a value of one of these, or an array of them

_MEASURED = {"weight": "kg", "age": "year"}  # canonical units of what is measured on a person
LABELLED: dict[str, type[StrEnum]] = {  # what is recorded of a person in words
    "sex": Sex,
    "ancestry": Ancestry,
    "kidney": Function,
    "liver": Function,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """What a model may ask about the person, or about many; None is not known.

    One person or a thousand: each field is one value or an array over patients. In an array of
    labels, None or an empty text is not known. ``drugs`` are other drugs taken, by everyone.
    """

    weight: Param | None = None  # [kg]
    age: Param | None = None  # [year]
    sex: Label = None
    ancestry: Label = None
    kidney: Label = None
    liver: Label = None
    drugs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, unit in _MEASURED.items():
            _check_measured(f"{name} [{unit}]", getattr(self, name))
        for name, kind in LABELLED.items():
            object.__setattr__(self, name, _labels(name, kind, getattr(self, name)))
        self.shape  # noqa: B018  # refuses fields of different numbers of people

    @property
    def shape(self) -> tuple[int, ...]:
        """Return the axes of the people: none for one, one axis for many."""
        given = [getattr(self, name) for name in (*_MEASURED, *LABELLED)]
        try:
            return np.broadcast_shapes(*(np.shape(value) for value in given if value is not None))
        except ValueError as error:
            raise ContractError(
                "person", expected="one value for each of the same people",
                got=[np.shape(value) for value in given if value is not None],
                remedy="Give arrays of one length.",
            ) from error  # fmt: skip


def _check_measured(what: str, value: Param | None) -> None:
    if value is None:
        return
    numbers = np.ravel(np.asarray(value, float))
    wrong = numbers[~(np.isfinite(numbers) & (numbers > 0))]
    if wrong.size:
        raise ContractError(
            what, expected="more than zero", got=float(wrong[0]), remedy="Correct it."
        )


def _labels(what: str, kind: type[StrEnum], value: Label) -> Label:
    """Return one label as a member, many as an array of texts in which empty is not known."""
    if value is None or (isinstance(value, str) and not value):
        return None
    allowed = [member.value for member in kind]
    many = np.array([str(one or "") for one in np.ravel(np.asarray(value, object))], dtype=str)
    for one in many:
        if one and one not in allowed:
            raise ContractError(
                what, expected=f"one of {', '.join(allowed)}, or nothing", got=str(one),
                remedy="Choose one.",
            )  # fmt: skip
    return kind(value) if isinstance(value, str) else many.reshape(np.shape(value))


def has(label: Label, kinds: Collection[str]) -> bool | np.ndarray:
    """Return whether a person's label is among ``kinds``; for an array, one answer for each.

    Units   1
    """
    if label is None:
        return False
    names = [str(kind) for kind in kinds]
    return str(label) in names if isinstance(label, str) else np.isin(label, names)


def is_known(value: Param | Label) -> bool:
    """Return whether a covariate is known for every person."""
    if value is None:
        return False
    labels = isinstance(value, np.ndarray) and value.dtype.kind == "U"
    return not (labels and np.any(value == ""))


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
        ratio = measured / _reference(self.reference, self.of)
        return value * portable.power(ratio, self.exponent.meant)


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
        per = f"/{_MEASURED[self.of]}"
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
        member = has(person.ancestry, self.in_)
        if isinstance(member, bool):
            return value * self.factor.meant if member else value
        return np.where(member, value * self.factor.meant, value)


Covariate = Power | LinearAbove | Factor


def _reference(number: Cited, of: str) -> float:
    return units.convert(number.meant, number.unit, to=_MEASURED[of])


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
