"""Answers about one person that cannot both be so: which is right is asked, never guessed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.dosing.conditions import Condition
from ketherapy.dosing.facts import fact, said
from ketherapy.dosing.findings import Finding, Severity
from ketherapy.dosing.question import Checked, Question
from ketherapy.dosing.version import Jurisdiction
from ketherapy.records import RECORD
from ketherapy.sources import Status

_PAIRS = Path(__file__).parent / "data" / "contradictions.toml"


@record(frozen=True, kw_only=True, config=RECORD)
class Pair:
    """Two answers that cannot both be so."""

    id: str
    says: str
    one: Condition
    other: Condition

    def __post_init__(self) -> None:
        if not (self.one.fact and self.other.fact) or self.one.fact == self.other.fact:
            raise ValueError("a pair is one fact against another")


@record(frozen=True, kw_only=True, config=RECORD)
class _File:
    source: str
    status: Status
    pair: tuple[Pair, ...]


@lru_cache(maxsize=1)
def _file() -> _File:
    return records.load(_File, _PAIRS)


def pairs() -> tuple[Pair, ...]:
    """Return every pair of answers that cannot both be so."""
    return _file().pair


def contradictions_checked(question: Question) -> Checked:
    """Return a hold for each pair of answers that contradict each other, asking which is right."""
    return Checked(
        findings=tuple(_finding(pair, question) for pair in pairs() if _holds(pair, question))
    )


def _holds(pair: Pair, question: Question) -> bool:
    answers = (part.answer(question.facts, question.now) for part in (pair.one, pair.other))
    return all(answer.truth is True for answer in answers)


def _finding(pair: Pair, question: Question) -> Finding:
    names, whole = (pair.one.fact, pair.other.fact), _file()
    return Finding(
        rule=pair.id, severity=Severity.HOLD, says=pair.says,
        observed="; ".join(said(fact(name), question.facts[name]) for name in names),
        limit="one of the two cannot be so", resolves="Ask again, and correct the one that is not.",
        source=whole.source, locator="what the words mean", status=whole.status,
        jurisdiction=Jurisdiction.CLINIC, asks=names,
    )  # fmt: skip
