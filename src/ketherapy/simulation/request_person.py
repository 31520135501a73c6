"""From what was typed of a person to a ``Person``, or every reason why not.

All of it may be left out: what is not given is not known, and never taken to be normal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.pharmacology.covariates import LABELLED, Person
from ketherapy.pharmacology.interactions import interacting_drugs
from ketherapy.simulation.accepted import accepted, read_within

LONGEST = 40  # characters of a choice that can be one of ours
PERSON_FIELDS = ("weight", "age", *LABELLED, "drugs")
_MEASURED = {"weight": ("kg", "71 kg"), "age": ("year", "45 years")}

Choice = TypeVar("Choice", bound=StrEnum)
Read = float | StrEnum | tuple[str, ...]


def read_person(entries: Mapping[str, str]) -> tuple[Person, dict[str, str]]:
    """Return the person in ``entries`` without what is refused, and each refusal by its field.

    ``entries`` may hold weight, age, sex, ancestry, kidney, liver and drugs, each as typed.

    Units   weight kg; age year
    """
    found: dict[str, Read] = {}
    problems: dict[str, str] = {}
    for field in PERSON_FIELDS:
        typed = entries.get(field, "").strip(" ")
        if not typed:
            continue
        try:
            found[field] = _read(field, typed)
        except ContractError as error:
            problems[field] = str(error)
    return replace(Person(), **found), problems


def _read(field: str, typed: str) -> Read:
    if field in _MEASURED:
        unit, example = _MEASURED[field]
        return read_within(typed, field, unit, getattr(accepted(), field), example=example)
    if field in LABELLED:
        return chosen(field, LABELLED[field], typed)
    return _drugs(typed)


def chosen(field: str, kind: type[Choice], typed: str) -> Choice:
    """Return the member of ``kind`` that was typed.

    Errors  ContractError naming what is offered
    """
    for member in kind:
        if member.value == typed:
            return member
    offered = ", ".join(member.value for member in kind)
    raise ContractError(
        field, expected=f"one of {offered}", got=typed[:LONGEST], remedy="Choose one."
    )


def _drugs(typed: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip(" ") for name in typed.split(",")))
    unknown = [name for name in names if name not in interacting_drugs()]
    if unknown:
        raise ContractError(
            "drugs", expected=f"among {', '.join(interacting_drugs())}",
            got=", ".join(unknown)[:LONGEST],
            remedy="For others no change of levels is known: leave them out, knowing that.",
        )  # fmt: skip
    return names


def described(person: Person) -> str:
    """Return what is known of one person, in words; nothing where nothing is."""
    return ", ".join(_described(person))


def _described(person: Person) -> Iterator[str]:
    for field, (unit, _) in _MEASURED.items():
        if (value := getattr(person, field)) is not None:
            yield f"{field} {units.shown(value, digits=4)} {unit}"
    for field in LABELLED:
        if (label := getattr(person, field)) is not None:
            yield f"{field} {label}"
    if person.drugs:
        yield f"taking {' and '.join(person.drugs)}"
