"""What trials found, as a page may say it: control and treated together, how sure, from where.

A finding is computed from the trials when it is asked for. There is none of one group alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from clinic.explore.origins import Reference, reference
from ketherapy.errors import ContractError
from ketherapy.evidence.analysis import Analysis, answer
from ketherapy.evidence.effects import Measure
from ketherapy.evidence.guards import Verdict
from ketherapy.evidence.questions import Question, Words, question


@dataclass(frozen=True, kw_only=True, slots=True)
class Shares:
    """Of a hundred people: to how many it happened without and with the drug."""

    control: float  # [%]
    treated: float
    low: float  # of the difference [percentage points]
    high: float

    @property
    def difference(self) -> float:
        """Return how many more of a hundred; fewer where negative."""
        return self.treated - self.control


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """A difference in points between treated and control."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One answer of the trials with all that belongs to it."""

    id: str  # of the standing question: the evidence pages show its whole analysis
    title: str
    plain: str
    words: Words
    is_good: bool  # whether what happened is what one hopes for
    shares: Shares | None  # where people were counted
    gap: Gap | None  # where points were measured
    trials: tuple[str, ...]
    people: int
    certainty: str
    certainty_by: str
    reasons: tuple[str, ...]  # why it is not more certain
    warnings: tuple[str, ...]
    refusals: tuple[str, ...]  # why nothing is shown, where nothing is
    sources: tuple[Reference, ...]
    note: str

    @property
    def uncertainty(self) -> str:
        """Return the interval of the difference in words, as a hundred people show it."""
        if self.shares is None:
            return ""
        low, high = round(self.shares.low), round(self.shares.high)
        if low < 0 < high:
            return f"anything from {-low} fewer to {high} more"
        ends = sorted((abs(low), abs(high)))
        return f"between {ends[0]} and {ends[1]} {'more' if high > 0 else 'fewer'}"

    @property
    def people_of_100(self) -> tuple[int, int]:
        """Return whole people of a hundred, control and treated, as a drawing of them has it.

        Errors  ContractError where no people were counted
        """
        if self.shares is None:
            raise ContractError(
                f"finding {self.id}", expected="shares of people", got="points",
                remedy="Tell its points.",
            )  # fmt: skip
        control, treated = (math.floor(x + 0.5) for x in (self.shares.control, self.shares.treated))
        return control, treated

    @property
    def difference(self) -> str:
        """Return how many more or fewer people of a hundred: "14 more of 100".

        Errors  ContractError where no people were counted
        """
        control, treated = self.people_of_100
        return f"{abs(treated - control)} {'more' if treated >= control else 'fewer'} of 100"

    @property
    def sentence(self) -> str:
        """Return both groups, the difference and how sure it is, as a reader reads them.

        Errors  ContractError where no people were counted
        """
        (control, treated), words = self.people_of_100, self.words
        return (
            f"With {words.control}, {control} of 100 {words.happened}; with {words.treated}, "
            f"{treated} of 100. That is {self.difference} ({self.uncertainty}). "
            f"How sure is this? {self.certainty.capitalize()}."
        )


@lru_cache(maxsize=64)
def finding(question_id: str) -> Finding:
    """Return what trials found of one standing question.

    Errors  ContractError where there is no such question, or it has no words for a lay reader
    """
    asked = question(question_id)
    if asked.words is None:
        raise LookupError(f"{question_id} has no words for a lay reader: add them to its entry.")
    return _finding(asked, asked.words, answer(asked))


def _finding(asked: Question, words: Words, found: Analysis) -> Finding:
    of = found.absolute
    return Finding(
        id=asked.id,
        title=asked.title,
        plain=asked.plain,
        words=words,
        is_good=asked.favourable == "above",
        shares=of and Shares(control=of.control, treated=of.treated, low=of.low, high=of.high),
        gap=_gap(found),
        trials=tuple(study.label for study in found.studies),
        people=sum(found.people),
        certainty=found.certainty.level if found.certainty else "",
        certainty_by=found.certainty.by if found.certainty else "",
        reasons=found.certainty.reasons if found.certainty else (),
        warnings=tuple(one.sentence for one in found.flags if one.verdict is Verdict.WARN),
        refusals=found.refusals,
        sources=_sources(found),
        note=asked.note,
    )


def _gap(found: Analysis) -> Gap | None:
    if found.pooled is None or found.measure is not Measure.MD:
        return None
    shown = found.pooled.printed
    estimate, low, high = (float(np.asarray(x)) for x in (shown.estimate, shown.low, shown.high))
    return Gap(estimate=estimate, low=low, high=high)


def _sources(found: Analysis) -> tuple[Reference, ...]:
    read = [study.outcome.source for study in found.studies]
    trials = [study.trial.source for study in found.studies]
    return tuple(reference(key) for key in dict.fromkeys((*read, *trials)))
