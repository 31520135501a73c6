"""What a rule may look at: the facts about a person and a visit, each asked for by name.

A fact that is not here is not known: nothing stands in for it. ``data/facts.toml`` is the
vocabulary; a form, a file and a rule use the same ids.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NoReturn

from pydantic import Field
from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.errors import ContractError
from ketherapy.records import RECORD

_FACTS = Path(__file__).parent / "data" / "facts.toml"
NEVER = "never"
_HUGE = 10**15
NONE = "none"
YES_NO: Mapping[str, bool] = MappingProxyType({"yes": True, "no": False})

Value = bool | float | str | datetime | tuple[str, ...]


class FactKind(StrEnum):
    """What a fact is made of."""

    NUMBER = "number"  # with a unit
    FLAG = "flag"  # yes or no
    CHOICE = "choice"  # one of a few words
    INSTANT = "instant"  # when something last was, or never
    LIST = "list"  # words; an empty list says that there is none


@record(frozen=True, kw_only=True, config=RECORD)
class Group:
    """The heading under which facts are asked for."""

    id: str
    title: str
    why: str


@record(frozen=True, kw_only=True, config=RECORD)
class Fact:
    """One thing that may be known of a person or a visit."""

    id: str
    label: str  # in a sentence: "resting systolic pressure"
    asks: str  # the question put to whoever fills in the form
    kind: FactKind
    group: str
    unit: str = ""  # of a number; canonical
    units: tuple[str, ...] = ()  # those offered, where there is more than the canonical one
    low: float | None = None  # numbers beyond are refused as slips, not judged as illness
    high: float | None = None
    choices: dict[str, str] = Field(default_factory=dict)  # word: what a reader sees
    worse: Literal["higher", "lower", "yes", "no", ""] = ""  # the direction of more danger
    has_been: bool = False  # of an instant: it has been, so that "never" is no answer
    may_be_none: bool = False  # of a number: there may be none, which is said by the word none
    note: str = ""

    def __post_init__(self) -> None:
        if self.has_been and self.kind is not FactKind.INSTANT:
            raise ValueError("only an instant has been")
        if self.may_be_none and self.kind is not FactKind.NUMBER:
            raise ValueError("only a number may be none")
        ranged = None not in (self.low, self.high)
        if (self.kind is FactKind.NUMBER) != (ranged and self.unit != ""):
            raise ValueError("a number, and nothing else, has a unit, a lowest and a highest value")
        if (self.kind is FactKind.CHOICE) != bool(self.choices):
            raise ValueError("a choice, and nothing else, has choices")


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """What is known of one fact: its value, and when and by whom it was found."""

    value: Value  # canonical; an instant that never was is "never"
    at: datetime | None = None
    by: str = ""


Facts = Mapping[str, Observation]


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    """Every fact by its id, and the headings in the order of a form."""

    facts: Mapping[str, Fact]
    groups: tuple[Group, ...]


@record(frozen=True, kw_only=True, config=RECORD)
class _File:
    source: str
    status: str
    note: str = ""
    group: tuple[Group, ...]
    fact: tuple[Fact, ...]

    def __post_init__(self) -> None:
        ids = [fact.id for fact in self.fact]
        if len(set(ids)) != len(ids):
            raise ValueError("each fact has an id of its own")
        if not {fact.group for fact in self.fact} <= {group.id for group in self.group}:
            raise ValueError("each fact stands under a heading of this file")


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Return every fact that a rule may look at."""
    read = records.load(_File, _FACTS)
    return Vocabulary(
        facts=MappingProxyType({fact.id: fact for fact in read.fact}), groups=read.group
    )


def fact(fact_id: str) -> Fact:
    """Return the fact with this id.

    Errors  ContractError where none has it
    """
    found = vocabulary().facts.get(fact_id)
    if found is None:
        raise ContractError(
            "fact", expected="one of those that a rule may look at", got=fact_id,
            remedy="`ketherapy screen --facts` lists them.",
        )  # fmt: skip
    return found


def read_facts(entries: Mapping[str, object]) -> Facts:
    """Return the facts in ``entries``, as a file or a wire carries them.

    A number is a table with value and unit; ``at`` and ``by`` may stand beside any value.

    Errors  ContractError naming every entry that cannot be read, and why
    """
    found: dict[str, Observation] = {}
    refused: list[ContractError] = []
    for fact_id, entry in entries.items():
        try:
            found[fact_id] = read_fact(fact(fact_id), entry)
        except ContractError as error:
            refused.append(error)
    if refused:
        raise ContractError(
            "facts", expected="facts that can all be read", got=f"{len(refused)} that cannot",
            remedy=" ".join(str(error) for error in refused),
        )  # fmt: skip
    return MappingProxyType(found)


def read_fact(asked: Fact, entry: object) -> Observation:
    """Return what ``entry`` says of the fact that was asked for.

    Errors  ContractError for what is not an answer to it
    """
    table = entry if isinstance(entry, Mapping) else {"value": entry}
    if unknown := sorted(set(table) - {"value", "unit", "at", "by"}):
        raise ContractError(
            asked.id, expected="value, unit, at and by", got=", ".join(map(str, unknown)),
            remedy="Take the other keys away.",
        )  # fmt: skip
    at, by = table.get("at"), table.get("by", "")
    return Observation(
        value=_value(asked, table.get("value"), table.get("unit")),
        at=None if at is None else _instant(f"{asked.id}, at", at),
        by=by if isinstance(by, str) else _refuse(f"{asked.id}, by", "a name or a role", by),
    )


def _value(asked: Fact, value: object, unit: object) -> Value:
    if asked.may_be_none and (value, unit) == (NONE, None):
        return NONE
    if asked.kind is FactKind.NUMBER:
        return _number(asked, value, unit)
    if unit is not None:
        return _refuse(asked.id, "an answer without a unit", unit)
    return _READ[asked.kind](asked, value)


def _number(asked: Fact, value: object, unit: object) -> float:
    example = f"{{ value = {units.shown(asked.low or 0.0)}, unit = '{asked.unit}' }}"
    # an integer too long for a float is no measurement, and isfinite would stumble over it
    if isinstance(value, bool) or not isinstance(value, int | float) or not -_HUGE < value < _HUGE:
        return _refuse(asked.id, f"a number with its unit, such as {example}", value)
    if not isinstance(unit, str) or not units.same_kind(unit, asked.unit):
        return _refuse(f"{asked.id}, unit", f"{asked.unit} or what converts to it", unit)
    number = units.convert(float(value), unit, to=asked.unit)
    if not (asked.low or 0.0) <= number <= (asked.high or 0.0):
        ends = f"{asked.low:g} to {asked.high:g} {asked.unit}"
        return _refuse(asked.id, f"{ends}: beyond that it is taken for a slip", f"{value} {unit}")
    return number


def _flag(asked: Fact, value: object) -> bool:
    if isinstance(value, str) and value in YES_NO:
        return YES_NO[value]
    return _refuse(asked.id, "yes or no, and nothing where it is not known", value)


def _choice(asked: Fact, value: object) -> str:
    if isinstance(value, str) and value in asked.choices:
        return value
    return _refuse(asked.id, f"one of {', '.join(asked.choices)}", value)


def _moment(asked: Fact, value: object) -> datetime | str:
    if value == NEVER and asked.has_been:
        return _refuse(asked.id, "the time at which it was", value)
    return NEVER if value == NEVER else _instant(asked.id, value)


def _instant(what: str, value: object) -> datetime:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return _refuse(what, "a time such as 2026-01-31T09:05:00Z, or never", value)
    if not isinstance(value, datetime) or value.utcoffset() is None:
        return _refuse(what, "a time with its zone, such as 2026-01-31T09:05:00Z", value)
    return value


def _words(asked: Fact, value: object) -> tuple[str, ...]:
    if value == NONE:
        return ()
    words = list(value) if isinstance(value, list | tuple) else []
    if not words or not all(isinstance(word, str) and word.strip() for word in words):
        return _refuse(asked.id, "a list of names, or the word none", value)
    return tuple(str(word).strip() for word in words)


_READ: Mapping[FactKind, Callable[[Fact, object], Value]] = {
    FactKind.FLAG: _flag, FactKind.CHOICE: _choice,
    FactKind.INSTANT: _moment, FactKind.LIST: _words,
}  # fmt: skip


def _refuse(what: str, expected: str, got: object) -> NoReturn:
    raise ContractError(
        what,
        expected=expected,
        got=got,
        remedy="Correct it, or leave it out: then it is asked for.",
    )


def said(asked: Fact, observed: Observation) -> str:
    """Return an observation in a clinician's words."""
    match observed.value:
        case bool(yes):
            return f"{asked.label}: {'yes' if yes else 'no'}"
        case tuple(words):
            return f"{asked.label}: {', '.join(words) or NONE}"
        case datetime() as when:
            return f"{asked.label}: {when:%Y-%m-%d %H:%M %Z}"
        case str(word):
            return f"{asked.label}: {asked.choices.get(word, word)}"
        case number:
            return f"{asked.label} {units.shown(number, digits=4)} {asked.unit}"


def wire(asked: Fact, observed: Observation) -> dict[str, object]:
    """Return an observation as ``read_fact`` reads it, for a file or a wire."""
    match observed.value:
        case bool(yes):
            value: object = "yes" if yes else "no"
        case tuple(words):
            value = list(words) or NONE
        case datetime() as when:
            value = when.isoformat()
        case other:
            value = other
    is_number = asked.kind is FactKind.NUMBER and value != NONE
    unit = {"unit": asked.unit} if is_number else {}
    at = {} if observed.at is None else {"at": observed.at.isoformat()}
    return {"value": value, **unit, **at, **({"by": observed.by} if observed.by else {})}
