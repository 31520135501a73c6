"""Screeners: questions of yes and no whose highest answer gives a level, and no score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.errors import ContractError
from ketherapy.instruments.rules import Licence, Weight
from ketherapy.records import RECORD
from ketherapy.sources import Status

Reply = bool | int | None  # only yes and no are taken; None: not answered
_DATA = Path(__file__).parent / "data" / "screeners"


@record(frozen=True, kw_only=True, config=RECORD)
class Skip:
    """A question after whose no others are not asked."""

    after_no: str
    not_asked: tuple[str, ...]


@record(frozen=True, kw_only=True, config=RECORD)
class Level:
    """What a yes to any of some questions means."""

    name: str
    any_of: tuple[str, ...]
    weight: Weight
    act: str  # what must happen, as a sentence
    locator: str


@record(frozen=True, kw_only=True, config=RECORD)
class Screener:
    """One screener; its levels from the highest."""

    id: str
    name: str
    source: str
    status: Status
    rater: Literal["clinician", "self"]
    recall: str
    items: tuple[str, ...]
    skips: tuple[Skip, ...]
    levels: tuple[Level, ...]
    licence: Licence
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Screened:
    """The level reached for certain, and what is still to be asked because it could raise it."""

    level: Level | None  # None: no yes so far
    to_ask: tuple[str, ...]  # empty: the level is final


@lru_cache(maxsize=1)
def screeners() -> tuple[Screener, ...]:
    """Return every screener, in the order of their ids."""
    return tuple(records.load(Screener, path) for path in sorted(_DATA.glob("*.toml")))


def screener(screener_id: str) -> Screener:
    """Return the screener with this id.

    Errors  ContractError where none has it
    """
    for found in screeners():
        if found.id == screener_id:
            return found
    raise ContractError(
        "screener", expected=f"one of {', '.join(s.id for s in screeners())}", got=screener_id,
        remedy="Choose one of these, or add its file.",
    )  # fmt: skip


def screen(asked: Screener, answers: Mapping[str, Reply]) -> Screened:
    """Return the level of these answers and what must still be asked.

    A yes counts wherever it stands, also behind a question that would have skipped it; an
    unanswered question is never a no.

    Source  ketherapy
    Errors  ContractError naming every answer that is no yes or no, or no question of this screener
    """
    _refuse(asked, answers)
    skipped = {
        item for skip in asked.skips if answers.get(skip.after_no) is False
        for item in skip.not_asked
    }  # fmt: skip
    unsure: set[str] = set()
    for level in asked.levels:
        if any(answers.get(item) for item in level.any_of):
            return Screened(level=level, to_ask=_in_order(asked, unsure))
        unsure |= {i for i in level.any_of if answers.get(i) is None and i not in skipped}
    return Screened(level=None, to_ask=_in_order(asked, unsure))


def _in_order(asked: Screener, items: set[str]) -> tuple[str, ...]:
    return tuple(item for item in asked.items if item in items)


def _refuse(asked: Screener, answers: Mapping[str, Reply]) -> None:
    amiss = [
        f"{item} = {answer}" for item, answer in answers.items()
        if item not in asked.items or not (answer is None or type(answer) is bool)
    ]  # fmt: skip
    if amiss:
        raise ContractError(
            f"{asked.id} answers", expected="yes or no to its own questions", got=len(amiss),
            remedy=f"Amiss: {'; '.join(amiss)}. Correct these.",
        )  # fmt: skip
