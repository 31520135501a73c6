"""What trials found, as a page may say it: control and treated together, how sure, from where.

A finding is computed from the trials when it is asked for. There is none of one group alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from clinic.explore.origins import Reference, reference
from ketherapy.errors import ContractError
from ketherapy.evidence.analysis import Analysis, answer, reproduce
from ketherapy.evidence.effects import Measure
from ketherapy.evidence.guards import Verdict
from ketherapy.evidence.questions import SHARES, Question, Words, question
from ketherapy.evidence.reviews import review
from ketherapy.evidence.selection import Study
from ketherapy.sources import Status


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
class Ratio:
    """How many times as many with the drug as without it; for counts that give no one share."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """The people of one trial with the event, of all, treated and control."""

    trial: str
    treated: tuple[int, int]
    control: tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """A published synthesis that belongs beside a finding, in one line."""

    words: str
    source: Reference


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One answer of the trials with all that belongs to it."""

    id: str  # of the standing question: the evidence pages show its whole analysis
    title: str
    plain: str
    words: Words
    is_good: bool  # whether more of what was counted or measured is what one hopes for
    shares: Shares | None  # where people were counted
    gap: Gap | None  # where points were measured
    ratio: Ratio | None  # where people were counted, and no one share stands for all groups
    counted: tuple[Counted, ...]
    trials: tuple[str, ...]
    people: int | None  # different people; None where a document does not say
    shows_a_difference: bool  # no interval of it, relative or absolute, holds that there is none
    status: str  # how well the worst known of its numbers is known
    certainty: str
    certainty_by: str
    reasons: tuple[str, ...]  # why it is not more certain
    warnings: tuple[str, ...]
    refusals: tuple[str, ...]  # why nothing is shown, where nothing is
    sources: tuple[Reference, ...]
    note: str
    beside: tuple[Beside, ...]

    @property
    def has_result(self) -> bool:
        """Return whether the trials gave a number, and its guards let it through."""
        return not (self.shares is None and self.gap is None and self.ratio is None)

    @property
    def uncertainty(self) -> str:
        """Return the interval of the difference in words, as a hundred people show it."""
        if self.shares is None:
            return ""
        low, high = self.shares.low, self.shares.high
        if low <= 0.0 <= high:
            return f"anything from {round(-low)} fewer to {round(high)} more"
        ends = sorted((round(abs(low)), round(abs(high))))
        return f"between {ends[0]} and {ends[1]} {'more' if high > 0.0 else 'fewer'}"

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
        raise ContractError(
            f"question {question_id}", expected="words for a lay reader", got=None,
            remedy="Add them to its entry, or show its whole analysis.",
        )  # fmt: skip
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
        beside=tuple(_beside(one) for one in asked.beside),
    )


_PLAIN = {  # what a guard warns of, for somebody who pools nothing
    "mixed_controls": "The dummies were not all alike: this puts different comparisons together.",
    "mixed_drugs": "Some people were given ketamine, and some its S-form (esketamine).",
    "paired": "The same people got both, one after the other; they are counted as two groups.",
    "adjusted": "The differences are as printed: each trial had worked them out by its own model.",
    "single": "One trial: how trials differ is not known.",
}


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
        ratio=_ratio(found),
        counted=_counted(found),
        trials=tuple(study.label for study in found.studies),
        people=found.persons,
        shows_a_difference=_shows_a_difference(found),
        status=_worst(found),
        certainty=found.certainty.level if found.certainty else "",
        certainty_by=found.certainty.by if found.certainty else "",
        reasons=found.certainty.reasons if found.certainty else (),
        warnings=tuple(
            _PLAIN.get(one.rule, one.sentence) for one in found.flags if one.verdict is Verdict.WARN
        ),
        refusals=found.refusals,
        sources=_sources(found),
        note="",
        beside=(),
    )


def _shows_a_difference(found: Analysis) -> bool:
    """Return whether every interval leaves out no effect; of few people they may not agree."""
    ends = [(found.pooled.low, found.pooled.high)] if found.pooled is not None else []
    if found.absolute is not None:
        ends.append((np.asarray(found.absolute.low), np.asarray(found.absolute.high)))
    return bool(ends) and not any(np.any((low <= 0.0) & (high >= 0.0)) for low, high in ends)


def _worst(found: Analysis) -> str:
    order = list(Status)
    return max((study.status for study in found.studies), key=order.index, default="").strip()


def _ratio(found: Analysis) -> Ratio | None:
    if found.pooled is None or found.absolute is not None or found.measure not in SHARES:
        return None
    shown = found.pooled.printed
    estimate, low, high = (float(np.asarray(x)) for x in (shown.estimate, shown.low, shown.high))
    return Ratio(estimate=estimate, low=low, high=high)


def _counted(found: Analysis) -> tuple[Counted, ...]:
    if found.measure not in SHARES:
        return ()
    groups = [study for study in found.studies if study.contrast is None]
    return tuple(_of(study) for study in groups)


def _of(study: Study) -> Counted:
    sides = [tuple(int(x.item()) for x in side.read()) for side in study.counts()]
    (a, n1), (c, n2) = sides
    return Counted(trial=study.label, treated=(a, n1), control=(c, n2))


_MEASURES = {
    "SMD": "standardised difference", "OR": "odds ratio", "RR": "risk ratio", "MD": "difference",
}  # fmt: skip


def _beside(named: str) -> Beside:
    """Return a published pool in one line: what was compared, how many trials, the result."""
    of = review(named.partition("/")[0])
    pool = of.pool(named.partition("/")[2])
    trials = f", {pool.own_k} trials" if pool.own_k else ""
    result = f"{_MEASURES.get(pool.measure, pool.measure)} {_signed(pool.estimate)}"
    ends = "" if pool.low is None else f" ({_signed(pool.low)} to {_signed(pool.high)})"
    words = f"{pool.comparison}, {pool.outcome}, {pool.timepoint}{trials}: {result}{ends}"
    return Beside(words=words, source=reference(pool.source or of.source))


def _signed(value: float | None) -> str:
    return "" if value is None else f"{value:g}".replace("-", "\u2212")


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
