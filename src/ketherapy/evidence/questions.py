"""Questions that trials can answer: for whom, what against what, which outcome, when.

A standing question is one entry of ``questions.toml``; a page or the command line may ask another.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.errors import ContractError
from ketherapy.evidence.effects import Measure
from ketherapy.evidence.trials import About, Control, Given, Kind, better_side
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

_FILE = Path(__file__).parent / "data" / "questions.toml"

COUNTED = frozenset(
    {Kind.RESPONSE, Kind.ANY_TIME, Kind.REMISSION, Kind.RELAPSE, Kind.WORSENING, Kind.EVENT,
     Kind.TOLERABILITY}
)  # fmt: skip
SHARES = frozenset({Measure.RR, Measure.OR, Measure.RD})
POINTS = frozenset({Measure.MD, Measure.SMD, Measure.ROM})


@record(frozen=True, kw_only=True, config=RECORD)
class Words:
    """How a lay reader is told of one question: who got what, what happened, when."""

    treated: str  # "the nasal spray and a new antidepressant"
    control: str
    happened: str  # of people: "got at least half better"
    not_happened: str
    outcome: str  # what was judged, and on which scale
    time: str


@record(frozen=True, kw_only=True, config=RECORD)
class Question:
    """What is asked of the trials; an empty filter lets everything through."""

    id: str
    title: str
    plain: str = ""  # the same for a lay reader
    conditions: tuple[str, ...] = ()
    given: tuple[Given, ...] = ()
    routes: tuple[str, ...] = ()  # as printed
    controls: tuple[Control, ...] = ()
    kind: Kind
    about: About
    scales: tuple[str, ...] = ()  # as printed
    windows: tuple[str, ...] = ()
    timepoints: tuple[str, ...] = ()  # as printed, where a window holds several
    trials: tuple[str, ...] = ()  # only these
    part: str = ""  # of the people; empty: everybody who was randomised
    # The groups as printed, or the differences that documents print without their groups: those
    # are adjusted, and never pooled together with the raw ones.
    printed: Literal["groups", "contrasts"] = "groups"
    contrasts: tuple[str, ...] = ()  # only these, where a trial prints several
    measure: Measure
    favourable: Literal["above", "below"]  # side of no effect that speaks for treatment
    mcid: Cited | None = None  # smallest difference that matters, on the printed scale
    indirect: str = ""  # why its people or drugs are not those of the reader
    beside: tuple[str, ...] = ()  # published pools a reader must see with it, as review/pool
    note: str = ""
    words: Words | None = None

    def __post_init__(self) -> None:
        if self.printed == "groups" and (self.kind in COUNTED) != (self.measure in SHARES):
            raise ValueError(f"{self.measure.name} is no measure of {self.kind}: RR, OR or RD of"
                             " people counted, MD, SMD or ROM of what was measured")  # fmt: skip
        if self.printed == "groups" and self.measure not in SHARES | POINTS:
            raise ValueError(f"{self.measure.name} is no measure of two groups as printed")
        good = better_side(self.kind, self.about) if self.kind in COUNTED else None
        if good is not None and self.favourable != good:
            raise ValueError(f"of {self.kind} the favourable side is {good}")


@record(frozen=True, kw_only=True, config=RECORD)
class _Questions:
    """The file of standing questions."""

    source: str
    status: Status
    questions: tuple[Question, ...]


@lru_cache(maxsize=1)
def questions() -> tuple[Question, ...]:
    """Return every standing question, in the order of the file."""
    return records.load(_Questions, _FILE).questions


def question(question_id: str) -> Question:
    """Return the standing question with this id.

    Errors  ContractError where none has it
    """
    for found in questions():
        if found.id == question_id:
            return found
    raise ContractError(
        "question", expected=f"one of {', '.join(one.id for one in questions())}",
        got=question_id, remedy="Choose one of these, or add it to questions.toml.",
    )  # fmt: skip
