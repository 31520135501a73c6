"""A question or a published pool, computed: studies, effects, the pooled result, its certainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ketherapy.errors import ContractError
from ketherapy.evidence import certainty
from ketherapy.evidence.certainty import Rating, Seen
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
from ketherapy.evidence.scales import scales
from ketherapy.evidence.selection import (
    PART,
    Excluded,
    Study,
    of_inputs,
    persons,
    selected,
    together,
)
from ketherapy.evidence.shares import Absolute, absolute
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
SIMPLE = replace(DEFAULT, interval=Interval.WALD)


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
    other: Pooled | None  # by the other usual interval, where several studies are pooled
    absolute: Absolute | None
    certainty: Rating | None
    people: tuple[int, int]  # on either side; in a crossover the same people are on both
    persons: int | None  # different people; None where a document does not say
    note: str = ""  # what must be said with it
    beside: tuple[str, ...] = ()  # published pools that belong beside it, as review/pool

    @property
    def refusals(self) -> tuple[str, ...]:
        """Return why nothing is pooled, and nothing where something is."""
        found = tuple(one.sentence for one in self.flags if one.verdict is Verdict.REFUSE)
        if not self.studies and not found:
            return (_NO_TRIAL if not _by_parts(self.excluded) else _BY_PARTS,)
        return found

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what a reader must know beside the result."""
        said = [one.sentence for one in self.flags if one.verdict is Verdict.WARN]
        if self.pooled is not None:
            said += [*self.pooled.notes, *_disputed(self), *_too_wide(self)]
        return tuple(said)

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the documents the numbers were read in, cited, each once."""
        ids = [one.outcome.source for one in self.studies]
        return tuple(cite(one) for one in dict.fromkeys(ids))


_NO_TRIAL = "No trial in the data set answers this."
_BY_PARTS = "The trials that answer this count parts of their people: ask for one part."


def _by_parts(excluded: Sequence[Excluded]) -> bool:
    return any(one.why.startswith(PART) for one in excluded)


def _disputed(found: Analysis) -> list[str]:
    """Return what to say where one usual interval includes no difference and the other does not."""
    if found.pooled is None or found.other is None:
        return []
    if includes_none(found.pooled) == includes_none(found.other):
        return []
    shown = found.other.printed
    low, high = float(np.asarray(shown.low)), float(np.asarray(shown.high))
    return [
        f"The interval by {found.other.interval}, also in use, is {low:.3g} to {high:.3g}: with so"
        " few trials it depends on the method whether no difference is in it."
    ]


def _too_wide(found: Analysis) -> list[str]:
    """Return what to say of an interval that is wider than the scale it is on."""
    scale = scales().get(found.studies[0].outcome.scale) if found.studies else None
    if scale is None or found.pooled is None or found.measure is not Measure.MD:
        return []
    width = float(np.asarray(found.pooled.high - found.pooled.low))
    if width < scale[1] - scale[0]:
        return []
    return ["The interval is wider than the whole scale: so few trials say next to nothing."]


def includes_none(pooled: Pooled) -> bool:
    """Return whether an interval includes no difference.

    Source  ketherapy
    """
    return bool(np.all(pooled.low <= 0.0)) and bool(np.all(pooled.high >= 0.0))


def usual(effects: Effects) -> Choices:
    """Return how studies are pooled where nobody asks for more.

    REML, and the modified Hartung-Knapp interval where three or more studies are seen to differ.
    Two studies, or studies between which no spread is seen, have the Wald interval: with one or two
    degrees of freedom the other says how few they are, and no more.

    Source  ketherapy
    """
    spread = pool(effects, tau2=DEFAULT.tau2, interval=Interval.WALD).tau2 if effects.k > 1 else 0.0
    return DEFAULT if effects.k > 2 and float(np.asarray(spread)) > 0.0 else SIMPLE


def answer(asked: Question, choices: Choices | None = None) -> Analysis:
    """Return the analysis of a question, refused or flagged as its guards say.

    Source  ketherapy
    """
    found = selected(asked)
    seen = flags(found.studies, asked.measure)
    return _analysis(asked, found.studies, found.excluded, seen, choices, graded=None)


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
    is_theirs = choices is None or choices == as_published(published)
    graded = certainty.printed(published) if is_theirs and published.certainty else None
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
    indirect: str = ""
    note: str = ""
    beside: tuple[str, ...] = ()


def _analysis(
    asked: Question | _Asked,
    studies: tuple[Study, ...],
    excluded: tuple[Excluded, ...],
    seen: tuple[Flag, ...],
    choices: Choices | None,
    *,
    graded: Rating | None,
) -> Analysis:
    is_refused = any(flag.verdict is Verdict.REFUSE for flag in seen) or not studies
    effects = None if is_refused else effects_of(studies, asked.measure)
    used = choices or (DEFAULT if effects is None else usual(effects))
    pooled = None if effects is None else pooled_of(effects, used)
    other = None if effects is None or effects.k < 2 else pooled_of(effects, _other(used))
    shares = None if pooled is None else absolute(studies, pooled)
    if pooled is not None and graded is None:
        graded = certainty.by_rule(studies, _seen(asked, pooled, other, shares))
    return Analysis(
        id=asked.id, title=asked.title, measure=asked.measure, favourable=asked.favourable,
        studies=studies, excluded=excluded, flags=seen, choices=used, effects=effects,
        pooled=pooled, other=other, absolute=shares, certainty=graded, people=together(studies),
        persons=persons(studies), note=asked.note, beside=asked.beside,
    )  # fmt: skip


def _other(used: Choices) -> Choices:
    is_wald = used.interval is Interval.WALD
    return replace(used, interval=Interval.HKSJ_MODIFIED if is_wald else Interval.WALD)


def _seen(
    asked: Question | _Asked, pooled: Pooled, other: Pooled | None, shares: Absolute | None
) -> Seen:
    """Return what the rules of certainty look at; of one trial the interval that is shown."""
    each = [includes_none(one) for one in (pooled, other) if one is not None]
    if other is None and shares is not None:
        each = [shares.low <= 0.0 <= shares.high]
    return Seen(
        pooled=pooled, holds_none=all(each), disputed=any(each) and not all(each),
        indirect=asked.indirect,
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
