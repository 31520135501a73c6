"""Whether a condition holds: yes, no, or not known, by Kleene's logic.

Taking a fact away never turns an answer into its opposite: it can only make it unknown.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from pydantic import Field
from pydantic.dataclasses import dataclass as record

from ketherapy import units
from ketherapy.dosing.facts import NEVER, Fact, FactKind, Facts, Observation, Value, fact
from ketherapy.records import RECORD

Truth = bool | None  # None: not known


class Of(StrEnum):
    """What of a fact is compared."""

    VALUE = "value"
    AGO = "ago"  # the time since the instant that the fact names
    AGE = "age"  # the time since it was measured


class Is(StrEnum):
    """A comparator, exactly as the source writes it."""

    GT = ">"
    GE = ">="
    LT = "<"
    LE = "<="
    YES = "yes"
    NO = "no"
    ONE_OF = "one of"


_COMPARED: Mapping[Is, Callable[[float, float], bool]] = MappingProxyType(
    {Is.GT: operator.gt, Is.GE: operator.ge, Is.LT: operator.lt, Is.LE: operator.le}
)
_KINDS = {  # what each comparator can be asked of
    **dict.fromkeys(_COMPARED, FactKind.NUMBER),
    Is.YES: FactKind.FLAG,
    Is.NO: FactKind.FLAG,
    Is.ONE_OF: FactKind.CHOICE,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """Whether a condition holds, on which facts that rests, and which are missing."""

    truth: Truth
    seen: tuple[str, ...] = ()  # ids of the facts that decided it
    missing: tuple[str, ...] = ()  # ids of the facts that are not known, and count


@record(frozen=True, kw_only=True, config=RECORD)
class Condition:
    """One fact against one limit, or several conditions together."""

    fact: str = ""
    of: Of = Of.VALUE
    is_: Is | None = Field(default=None, alias="is")
    limit: float | None = None
    unit: str = ""
    words: tuple[str, ...] = ()
    any: tuple[Condition, ...] = ()
    all: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        if [self.fact != "", bool(self.any), bool(self.all)].count(True) != 1:
            raise ValueError("a condition is one fact, or any of several, or all of several")
        if (self.fact != "") != (self.is_ is not None):
            raise ValueError("a fact is compared, and nothing else: say how")
        if self.is_ is not None:
            self._check(fact(self.fact), self.is_)
        elif self.limit is not None or self.unit or self.words or self.of is not Of.VALUE:
            raise ValueError("limits and words belong to the facts inside")

    def _check(self, asked: Fact, is_: Is) -> None:
        is_compared = is_ in _COMPARED
        if asked.may_be_none:
            raise ValueError(f"{asked.id} may be none: it is held against nothing here")
        if (self.limit is not None, self.unit != "") != (is_compared, is_compared):
            raise ValueError("a limit with its unit is for >, >=, < and <=, and they need both")
        if not set(self.words) <= set(asked.choices) or (is_ is Is.ONE_OF) != bool(self.words):
            raise ValueError(f"words are for 'one of'; {asked.id} knows {list(asked.choices)}")
        if self.of is Of.VALUE and _KINDS[is_] is not asked.kind:
            raise ValueError(f"{asked.id}, of the kind {asked.kind}, is not compared by {is_}")
        if self.of is Of.AGO and asked.kind is not FactKind.INSTANT:
            raise ValueError(f"{asked.id}, of the kind {asked.kind}, is no time ago")
        if self.of is not Of.VALUE and not is_compared:
            raise ValueError("a time is compared by >, >=, < or <=")
        if is_compared:
            units.factor(self.unit, self._canonical)  # an unreadable unit is refused with the file

    @property
    def _canonical(self) -> str:
        return fact(self.fact).unit if self.of is Of.VALUE else "h"

    @cached_property
    def threshold(self) -> float:
        """Return the limit in the canonical unit."""
        return units.convert(self.limit or 0.0, self.unit, to=self._canonical)

    def facts(self) -> tuple[str, ...]:
        """Return the ids of every fact that it looks at, each once."""
        inner = (name for part in (*self.any, *self.all) for name in part.facts())
        return tuple(dict.fromkeys([*([self.fact] if self.fact else []), *inner]))

    def answer(self, facts: Facts, now: datetime) -> Answer:
        """Return whether it holds of ``facts`` at ``now``."""
        if self.any:
            return _any(part.answer(facts, now) for part in self.any)
        if self.all:
            return _all(part.answer(facts, now) for part in self.all)
        observed = facts.get(self.fact)
        truth = None if observed is None else self._holds(observed, now)
        if truth is None:
            return Answer(truth=None, missing=(self.fact,))
        return Answer(truth=truth, seen=(self.fact,))

    def _holds(self, observed: Observation, now: datetime) -> Truth:
        if self.of is Of.VALUE:
            return self._compares(observed.value)
        since = observed.value if self.of is Of.AGO else observed.at
        return None if since is None else self._elapsed(since, now)

    def _elapsed(self, since: Value, now: datetime) -> Truth:
        """Return whether the time since then compares; what never was is longer ago than any."""
        if since == NEVER:
            return self.is_ in (Is.GT, Is.GE)
        if not isinstance(since, datetime) or since > now:
            return None  # what is still to come has not been
        return self._number((now - since) / timedelta(hours=1))

    def _compares(self, value: Value) -> Truth:
        """Return whether the value compares; a value of another kind says nothing."""
        match self.is_:
            case Is.YES | Is.NO:
                return value is (self.is_ is Is.YES) if isinstance(value, bool) else None
            case Is.ONE_OF:
                return value in self.words if value in fact(self.fact).choices else None
            case _:
                return self._number(value)

    def _number(self, value: Value) -> Truth:
        if not isinstance(value, float) or math.isnan(value):
            return None
        return _COMPARED[Is(self.is_)](value, self.threshold)


def _any(answers: Iterable[Answer]) -> Answer:
    """Return true where one is true, else not known where one is not known.

    What is not known counts even where another is true: to pass that one is not to know this one.
    """
    given = tuple(one for one in answers if one.truth is not False)
    if not given:
        return Answer(truth=False)
    truth = True if any(one.truth for one in given) else None
    return _together(truth, given)


def _all(answers: Iterable[Answer]) -> Answer:
    """Return false where one is false, else not known where one is not known."""
    given = tuple(answers)
    if any(one.truth is False for one in given):
        return Answer(truth=False)
    truth = None if any(one.truth is None for one in given) else True
    return _together(truth, given)


def _together(truth: Truth, given: tuple[Answer, ...]) -> Answer:
    return Answer(
        truth=truth,
        seen=_ids(one.seen for one in given),
        missing=_ids(one.missing for one in given),
    )


def _ids(many: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for some in many for one in some))
