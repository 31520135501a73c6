"""What trials found, as a page may say it: control and treated together, how sure, from where.

A finding is computed from the trials when it is asked for. There is none of one group alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from clinic.explore.origins import Reference, reference
from ketherapy.evidence.analysis import Analysis, answer, reproduce
from ketherapy.evidence.effects import Measure
from ketherapy.evidence.questions import Question, Words, question
from ketherapy.evidence.reviews import review


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
    shows_a_difference: bool  # no interval of it, relative or absolute, holds that there is none
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


@lru_cache(maxsize=64)
def finding(question_id: str) -> Finding:
    """Return what trials found of one standing question.

    Errors  ContractError where there is no such question, or it has no words for a lay reader
    """
    asked = question(question_id)
    if asked.words is None:
        raise LookupError(f"{question_id} has no words for a lay reader: add them to its entry.")
    return _finding(asked, asked.words, answer(asked))


@lru_cache(maxsize=64)
def published_finding(review_id: str, pool_id: str, plain: str, words: Words) -> Finding:
    """Return what a published pool found, computed again from the trials it was made of.

    Errors  ContractError where there is no such pool, or its inputs are not in the data set
    """
    from_review = review(review_id)
    pool = from_review.pool(pool_id)
    told = replace(
        _told(words, reproduce(from_review, pool)),
        plain=plain,
        is_good=pool.favourable == "above",
    )
    sources = (reference(pool.source or from_review.source), *told.sources)
    return replace(told, sources=tuple(dict.fromkeys(sources)))


def _finding(asked: Question, words: Words, found: Analysis) -> Finding:
    return replace(
        _told(words, found),
        plain=asked.plain,
        is_good=asked.favourable == "above",
        note=asked.note,
    )


def _told(words: Words, found: Analysis) -> Finding:
    """Return what an analysis says by itself."""
    of = found.absolute
    return Finding(
        id=found.id,
        title=found.title,
        plain="",
        words=words,
        is_good=True,
        shares=of and Shares(control=of.control, treated=of.treated, low=of.low, high=of.high),
        gap=_gap(found),
        trials=tuple(study.label for study in found.studies),
        people=sum(found.people),
        shows_a_difference=_shows_a_difference(found),
        certainty=found.certainty.level if found.certainty else "",
        certainty_by=found.certainty.by if found.certainty else "",
        reasons=found.certainty.reasons if found.certainty else (),
        warnings=found.warnings,
        refusals=found.refusals,
        sources=_sources(found),
        note="",
    )


def _shows_a_difference(found: Analysis) -> bool:
    """Return whether every interval leaves out no effect; of few people they may not agree."""
    ends = [(found.pooled.low, found.pooled.high)] if found.pooled is not None else []
    if found.absolute is not None:
        ends.append((np.asarray(found.absolute.low), np.asarray(found.absolute.high)))
    return bool(ends) and not any(np.any((low <= 0.0) & (high >= 0.0)) for low, high in ends)


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
