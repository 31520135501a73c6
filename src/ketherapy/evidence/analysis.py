"""A question or a published pool, computed: studies, effects, the pooled result, its certainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ketherapy.errors import ContractError
from ketherapy.evidence import certainty
from ketherapy.evidence.certainty import Rating
from ketherapy.evidence.effects import (
    Counts,
    Effects,
    Means,
    Measure,
    generic,
    mean_difference,
    odds_ratio,
    ratio_of_means,
    risk_difference,
    risk_ratio,
    standardised_mean_difference,
)
from ketherapy.evidence.guards import Flag, Verdict, flags
from ketherapy.evidence.questions import Question
from ketherapy.evidence.reviews import PublishedPool, Review
from ketherapy.evidence.selection import Excluded, Study, of_inputs, selected, together
from ketherapy.evidence.synthesis import Interval, Pooled, Prediction, Tau2, pool
from ketherapy.evidence.synthesis.pooled import Choices
from ketherapy.evidence.trials import Contrast
from ketherapy.sources import cite

COUNTS = {Measure.RR: risk_ratio, Measure.OR: odds_ratio, Measure.RD: risk_difference}
MEANS = {
    Measure.MD: mean_difference, Measure.SMD: standardised_mean_difference,
    Measure.ROM: ratio_of_means,
}  # fmt: skip
ALONE = Choices(tau2=Tau2.COMMON, interval=Interval.WALD, prediction=Prediction.NONE)
DEFAULT = Choices()


@dataclass(frozen=True, kw_only=True, slots=True)
class Absolute:
    """Of a hundred people: how many without the drug, how many with it, and how sure that is.

    Of one trial these are its own shares and the interval of their difference. Of several, the
    control share is that of all control people together, and the treated share and the interval
    follow from it and the pooled effect.
    """

    control: float  # [%]
    treated: float
    low: float  # of the difference [percentage points]
    high: float

    @property
    def difference(self) -> float:
        """Return how many more of a hundred, fewer where negative."""
        return self.treated - self.control


@dataclass(frozen=True, kw_only=True, slots=True)
class Analysis:
    """Everything a reader is shown of one question."""

    id: str
    title: str
    measure: Measure
    favourable: Literal["above", "below", ""]
    studies: tuple[Study, ...]
    excluded: tuple[Excluded, ...]
    flags: tuple[Flag, ...]
    choices: Choices
    effects: Effects | None  # None where it is refused, or nothing was found
    pooled: Pooled | None
    absolute: Absolute | None
    certainty: Rating | None
    people: tuple[int, int]  # treated and control

    @property
    def refusals(self) -> tuple[str, ...]:
        """Return why nothing is pooled, and nothing where something is."""
        found = tuple(one.sentence for one in self.flags if one.verdict is Verdict.REFUSE)
        if not self.studies and not found:
            return ("No trial in the data set answers this.",)
        return found

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what a reader must know beside the result."""
        said = tuple(one.sentence for one in self.flags if one.verdict is Verdict.WARN)
        return said + (self.pooled.notes if self.pooled is not None else ())

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the documents the numbers were read in, cited, each once."""
        ids = [one.outcome.source for one in self.studies]
        return tuple(cite(one) for one in dict.fromkeys(ids))


def answer(asked: Question, choices: Choices = DEFAULT) -> Analysis:
    """Return the analysis of a question, refused or flagged as its guards say.

    Source  ketherapy
    """
    found = selected(asked)
    seen = flags(found.studies, asked.measure)
    return _analysis(
        asked, found.studies, found.excluded, seen, choices, graded=None, indirect=asked.indirect
    )


def reproduce(review: Review, published: PublishedPool, choices: Choices | None = None) -> Analysis:
    """Return a published pool computed again from the trials it was made of.

    Source  ketherapy
    Errors  ContractError where its inputs are not in the data set
    """
    if published.method is None:
        raise ContractError(
            f"{review.id} {published.id}", expected="a pool whose inputs were read", got="none",
            remedy="It can be shown as printed, not computed.",
        )  # fmt: skip
    studies = of_inputs(published.inputs)
    measure = Measure[published.measure]
    seen = flags(studies, measure, is_published=True)
    graded = certainty.printed(published.certainty, review.id) if published.certainty else None
    shown = _Asked(
        id=f"{review.id}/{published.id}", title=f"{published.comparison}: {published.outcome}",
        measure=measure, favourable=published.favourable,
    )  # fmt: skip
    return _analysis(shown, studies, (), seen, choices or as_published(published), graded=graded)


def as_published(published: PublishedPool) -> Choices:
    """Return the estimator and the interval a published pool was made with."""
    method = published.method
    if method is None:
        return DEFAULT
    return Choices(tau2=Tau2[method.tau2], interval=Interval[method.interval])


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """What an analysis takes from a question."""

    id: str
    title: str
    measure: Measure
    favourable: Literal["above", "below", ""]


def _analysis(
    asked: Question | _Asked,
    studies: tuple[Study, ...],
    excluded: tuple[Excluded, ...],
    seen: tuple[Flag, ...],
    choices: Choices,
    *,
    graded: Rating | None,
    indirect: str = "",
) -> Analysis:
    is_refused = any(flag.verdict is Verdict.REFUSE for flag in seen) or not studies
    effects = None if is_refused else effects_of(studies, asked.measure)
    pooled = None if effects is None else pooled_of(effects, choices)
    absolute = None if pooled is None else _absolute(studies, pooled)
    if pooled is not None and graded is None:
        graded = certainty.by_rule(studies, pooled, indirect=indirect)
    return Analysis(
        id=asked.id, title=asked.title, measure=asked.measure, favourable=asked.favourable,
        studies=studies, excluded=excluded, flags=seen, choices=choices, effects=effects,
        pooled=pooled, absolute=absolute, certainty=graded, people=together(studies),
    )  # fmt: skip


def effects_of(studies: Sequence[Study], measure: Measure) -> Effects:
    """Return the effect of each study on one measure.

    Source  ketherapy
    Errors  ContractError for a measure that these outcomes do not have, or a number not printed
    """
    labels = [study.label for study in studies]
    printed = [study.contrast for study in studies if study.contrast is not None]
    if printed:
        return _printed(printed, measure, labels)
    if measure in COUNTS:
        treated, control = zip(*(study.counts() for study in studies), strict=True)
        return COUNTS[measure](_counts(treated), _counts(control), labels=labels)
    if measure in MEANS:
        one, other = zip(*(study.means() for study in studies), strict=True)
        return MEANS[measure](_means(one), _means(other), labels)
    raise ContractError(
        "measure", expected=f"one of {', '.join([*COUNTS, *MEANS])}", got=measure,
        remedy="Choose one that two groups have.",
    )  # fmt: skip


def _printed(contrasts: Sequence[Contrast], measure: Measure, labels: Sequence[str]) -> Effects:
    """Return printed differences: by their standard error where there is one, else by interval.

    A printed difference of shares is of a hundred people, and is pooled as a share.
    """
    unit = 0.01 if measure is Measure.RD else 1.0
    each = [
        generic(
            measure, unit * one.estimate,
            **({"se": unit * one.se} if one.se is not None else _ends(one, unit)), labels=[label],
        )
        for one, label in zip(contrasts, labels, strict=True)
    ]  # fmt: skip
    y, v = (np.concatenate(side) for side in zip(*((one.y, one.v) for one in each), strict=True))
    return Effects(measure=measure, y=y, v=v, labels=tuple(labels))


def _ends(one: Contrast, unit: float) -> dict[str, float]:
    if one.low is None or one.high is None:
        return {}
    return {"low": unit * one.low, "high": unit * one.high}


def _counts(sides: Sequence[Counts]) -> Counts:
    events, n = zip(*(side.read() for side in sides), strict=True)
    return Counts(np.concatenate(events), np.concatenate(n))


def _means(sides: Sequence[Means]) -> Means:
    n, mean, sd = zip(*(side.read() for side in sides), strict=True)
    return Means(np.concatenate(n), np.concatenate(mean), np.concatenate(sd))


def pooled_of(effects: Effects, choices: Choices) -> Pooled:
    """Return the pooled effect; one study stands for itself."""
    used = choices if effects.k > 1 else ALONE
    return pool(
        effects, tau2=used.tau2, interval=used.interval, prediction=used.prediction,
        level=choices.level,
    )  # fmt: skip


def _absolute(studies: Sequence[Study], pooled: Pooled) -> Absolute | None:
    """Return the shares of a hundred, where people were counted."""
    if pooled.measure not in COUNTS or any(study.contrast is not None for study in studies):
        return None
    if len(studies) == 1:
        return _of_one(studies[0], pooled.level)
    counted = [study.counts()[1].read() for study in studies]
    events, people = (float(sum(one.sum() for one in side)) for side in zip(*counted, strict=True))
    base = events / people
    if base == 0.0:  # a ratio to nothing stays nothing, whatever the drug does
        return None
    ends = (float(x) for x in (pooled.estimate, pooled.low, pooled.high))
    treated, low, high = (100.0 * _applied(base, end, pooled.measure) for end in ends)
    control = 100.0 * base
    return Absolute(control=control, treated=treated, low=low - control, high=high - control)


def _of_one(study: Study, level: float) -> Absolute:
    """Return the shares of one trial and the interval of their difference."""
    treated, control = study.counts()
    shares = [float((events / n).item()) for events, n in (treated.read(), control.read())]
    difference = pooled_of(risk_difference(treated, control), replace(ALONE, level=level))
    return Absolute(
        control=100.0 * shares[1], treated=100.0 * shares[0],
        low=100.0 * max(float(difference.low), -1.0), high=100.0 * min(float(difference.high), 1.0),
    )  # fmt: skip


def _applied(base: float, effect: float, measure: Measure) -> float:
    """Return the share that follows from a control share and an effect on the analysis scale."""
    match measure:
        case Measure.RR:
            found = base * np.exp(effect)
        case Measure.OR:
            odds = np.exp(effect) * base / (1.0 - base) if base < 1.0 else np.inf
            found = odds / (1.0 + odds) if np.isfinite(odds) else 1.0
        case _:
            found = base + effect
    return float(min(max(found, 0.0), 1.0))
