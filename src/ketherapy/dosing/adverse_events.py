"""Adverse events: how they are recorded, how grave they are, whether they are serious, how often.

The words of whoever saw it are always kept. A grade says how strong something was, seriousness what
came of it; what is not known of either is not taken for the milder.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.dosing.custody_events import AbstractEvent
from ketherapy.errors import ContractError
from ketherapy.pharmacology.effects.frequencies import Frequency, frequency
from ketherapy.records import RECORD
from ketherapy.regimen import Drug, Route
from ketherapy.sources import Cited, Status

_DATA = Path(__file__).parent / "data" / "adverse_events"


class Setting(StrEnum):
    """Where somebody was treated."""

    OUTPATIENT = "outpatient"
    INPATIENT = "inpatient"  # an emergency department as well


@record(frozen=True, kw_only=True, config=RECORD)
class Term:
    """One word of our short list, and where its frequencies stand."""

    name: str
    counted: dict[str, Route | Literal[""]]  # frequency id: its route, empty where not said


@record(frozen=True, kw_only=True, config=RECORD)
class Terms:
    """Our short list; it is a choice of ours."""

    source: str
    status: Status
    terms: dict[str, Term]


@record(frozen=True, kw_only=True, config=RECORD)
class Edge:
    """From which value on a grade holds."""

    grade: int
    fact: str
    comparator: Literal[">", ">="]
    limit: Cited

    def is_passed(self, value: float) -> bool:
        """Return whether a value, in the unit of the limit, lies in this grade or above."""
        limit = self.limit.value
        return value > limit if self.comparator == ">" else value >= limit


@record(frozen=True, kw_only=True, config=RECORD)
class Scale:
    """One way to grade, as its source has it."""

    rule: str
    title: str
    source: str
    status: Status
    locator: str
    words: tuple[str, ...]  # of grade 1 and up
    note: str
    edges: tuple[Edge, ...] = ()


@record(frozen=True, kw_only=True, config=RECORD)
class Serious:
    """What makes an adverse event a serious one."""

    rule: str
    source: str
    status: Status
    locator: str
    note: str
    outcomes: dict[str, str]


@record(frozen=True, kw_only=True, config=RECORD)
class Grades:
    """Everything that says how grave an adverse event is."""

    scales: dict[str, Scale]
    serious: Serious


@dataclass(frozen=True, kw_only=True, slots=True)
class Graded:
    """A grade by numbers alone; zero is below every grade."""

    at_least: int
    missing: tuple[str, ...]  # facts that could still raise it

    @property
    def grade(self) -> int | None:
        """Return the grade, or None while something that could raise it is not known."""
        return None if self.missing else self.at_least


@dataclass(frozen=True, kw_only=True, slots=True)
class AdverseEvent(AbstractEvent):
    """What happened to a person, in the words of whoever saw it."""

    patient: str
    verbatim: str
    drug: Drug
    route: Route
    term: str | None = None  # of our short list, where one fits
    setting: Setting | None = None
    grade: int | None = None
    outcomes: Mapping[str, bool] = field(default_factory=dict)  # what is not here is not known

    def __post_init__(self) -> None:
        AbstractEvent.__post_init__(self)
        if self.term is not None:
            term(self.term)
        most = len(grades().scales["general"].words)
        if self.grade is not None and not 1 <= self.grade <= most:
            raise ContractError(
                "grade", expected=f"1 to {most}, or none", got=self.grade,
                remedy="Leave it out where nobody has graded.",
            )  # fmt: skip
        is_serious(self.outcomes)

    @property
    def is_serious(self) -> bool | None:
        """Return whether it is serious, or None while that is not known."""
        return is_serious(self.outcomes)


@lru_cache(maxsize=1)
def terms() -> Mapping[str, Term]:
    """Return our short list of terms by id."""
    return records.load(Terms, _DATA / "terms.toml").terms


@lru_cache(maxsize=1)
def grades() -> Grades:
    """Return how adverse events are graded, and what makes one serious."""
    return records.load(Grades, _DATA / "grades.toml")


def term(term_id: str) -> Term:
    """Return the term with this id.

    Errors  ContractError where none has it
    """
    if term_id not in terms():
        raise ContractError(
            "term", expected=f"one of {', '.join(terms())}", got=term_id,
            remedy="Leave the term out where none fits; the words of the record are kept.",
        )  # fmt: skip
    return terms()[term_id]


def is_serious(outcomes: Mapping[str, bool]) -> bool | None:
    """Return whether any outcome makes it serious, or None while one of them is not known.

    Errors  ContractError for an outcome that is not on the list
    """
    known = grades().serious.outcomes
    if strange := sorted(outcomes.keys() - known.keys()):
        raise ContractError(
            "outcome", expected=f"of {', '.join(known)}", got=", ".join(strange),
            remedy="Write in the words of the record what else came of it.",
        )  # fmt: skip
    if any(outcomes.values()):
        return True
    return False if outcomes.keys() == known.keys() else None


def graded(scale_id: str, values: Mapping[str, float | None]) -> Graded:
    """Return the grade that the numbers alone give, and what could still raise it.

    Units   each value in the unit of its limits
    Errors  ContractError for a scale without numbers, a strange fact or a value that is no number
    """
    scale = grades().scales.get(scale_id)
    if scale is None or not scale.edges:
        graded_by = [key for key, one in grades().scales.items() if one.edges]
        raise ContractError(
            "scale", expected=f"one with numbers: {', '.join(graded_by)}", got=scale_id,
            remedy="Where no number is named a clinician grades.",
        )  # fmt: skip
    _refuse_strange(values, scale)
    reached = [
        edge.grade for edge in scale.edges
        if (value := values.get(edge.fact)) is not None and edge.is_passed(value)
    ]  # fmt: skip
    at_least = max(reached, default=0)
    missing = sorted({
        edge.fact for edge in scale.edges
        if values.get(edge.fact) is None and edge.grade > at_least
    })  # fmt: skip
    return Graded(at_least=at_least, missing=tuple(missing))


def _refuse_strange(values: Mapping[str, float | None], scale: Scale) -> None:
    facts = {edge.fact for edge in scale.edges}
    for key, value in values.items():
        if key not in facts or (value is not None and not (math.isfinite(value) and value >= 0)):
            raise ContractError(
                f"{scale.rule}, {key}", expected=f"a number for {' or '.join(sorted(facts))}",
                got=value, remedy="Leave out what was not measured.",
            )  # fmt: skip


def expected_frequencies(
    term_id: str,
    *,
    drug: Drug | None = None,
    route: Route | None = None,
    population: str | None = None,
) -> tuple[Frequency, ...]:
    """Return how often an event was counted in trials, of this drug, route and population alone.

    None is a probability for a person, and an empty answer means that none was read here.

    Errors  ContractError where no term has this id
    """
    rows = ((frequency(key), where) for key, where in term(term_id).counted.items())
    return tuple(
        row for row, where in rows
        if drug in (None, row.drug)
        and route in (None, where)
        and population in (None, row.population)
    )  # fmt: skip
