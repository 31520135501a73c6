"""What the evidence set gives a finding of either infusion: numbers, source, doubts and warnings.

Nothing here is typed: groups come from a trial, a difference from its document, a pool from its
review, each with the source, locator and status that it has there.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ketherapy.errors import ContractError
from ketherapy.evidence.analysis import Analysis, effects_of, pooled_of, reproduce
from ketherapy.evidence.effects import Measure
from ketherapy.evidence.guards import flags
from ketherapy.evidence.reviews import Input, PublishedPool, Review, review
from ketherapy.evidence.selection import Study, of_inputs
from ketherapy.evidence.shares import of_one
from ketherapy.evidence.synthesis.pooled import Choices
from ketherapy.evidence.trials import trial
from ketherapy.sources import Status

UNREAD = "not recorded here"  # of a certainty that nobody printed and nothing can be computed for


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """A difference or ratio with its interval, on the scale it is shown on."""

    difference: float | None
    low: float | None
    high: float | None


NONE_PRINTED = Comparison(difference=None, low=None, high=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Groups:
    """Both groups of a study, in the unit they are shown in."""

    treated: float | None
    control: float | None
    treated_n: int
    control_n: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbers:
    """What stands in the evidence set of one finding."""

    source: str
    locator: str
    status: Status
    groups: Groups | None = None
    comparison: Comparison = field(default=NONE_PRINTED)
    trials: int | None = None
    people: int | None = None
    certainty: str = ""
    warnings: tuple[str, ...] = ()


def of_groups(named: str, unit: str | None, compared: str) -> Numbers:
    """Return two groups named 'trial/outcome/treated/control', and their difference if asked for.

    Units   the unit asked for: "%" of the people, "points" as measured, "counted"
    Errors  ContractError where the trial, outcome or group is not in the evidence set
    """
    study = _study(named)
    seen = flags((study,), Measure.MD if unit == "points" else Measure.RD)
    return Numbers(
        source=study.outcome.source,
        locator=study.outcome.locator,
        status=study.status,
        groups=_groups(study, unit),
        comparison=_compared(study, compared),
        trials=1,
        people=study.persons,
        # That one trial is no pool is said in the certainty of the row.
        warnings=tuple(flag.sentence for flag in seen if flag.rule != "single"),
    )


def of_contrast(named: str) -> Numbers:
    """Return the printed difference named 'trial/contrast'.

    Errors  ContractError where it is not in the evidence set
    """
    trial_id, _, contrast_id = named.partition("/")
    one = trial(trial_id).contrast(contrast_id)
    return Numbers(
        source=one.source, locator=one.locator, status=one.status, trials=1,
        people=one.people,
        comparison=Comparison(difference=one.estimate, low=one.low, high=one.high),
    )  # fmt: skip


def of_pool(named: str) -> Numbers:
    """Return the pool named 'review/pool' as printed, with the warnings its inputs give.

    Errors  ContractError where it is not in the evidence set, or compares nothing
    """
    of, pool = _pool(named)
    if pool.estimate is None or not pool.has_interval:
        raise _unfit(named, "a printed estimate with its interval")
    found = Comparison(
        difference=round(pool.estimate, 2),
        low=pool.low and round(pool.low, 2),
        high=pool.high and round(pool.high, 2),
    )
    analysis = reproduce(of, pool) if pool.method is not None else None
    return _of_pool(of, pool, found, analysis)


def of_inputs_of(named: str) -> Numbers:
    """Return the pool named 'review/pool' computed from its inputs, where none is printed.

    Errors  ContractError where its inputs are not in the evidence set
    """
    of, pool = _pool(named)
    analysis = reproduce(of, pool)
    if analysis.pooled is None:
        raise _unfit(named, "a pool that can be computed")
    shown = analysis.pooled.printed
    return _of_pool(of, pool, _rounded(shown.estimate, shown.low, shown.high), analysis)


def _of_pool(
    of: Review, pool: PublishedPool, found: Comparison, analysis: Analysis | None
) -> Numbers:
    return Numbers(
        source=pool.source or of.source,
        locator=pool.locator,
        status=pool.status,
        comparison=found,
        trials=pool.own_k,
        people=pool.own_people,
        certainty=_certainty(pool, analysis),
        warnings=analysis.warnings if analysis is not None else (),
    )


def _pool(named: str) -> tuple[Review, PublishedPool]:
    review_id, _, pool_id = named.partition("/")
    of = review(review_id)
    pool = of.pool(pool_id)
    if pool.is_uncontrolled:
        raise _unfit(named, "a pool that compares groups")
    return of, pool


def _certainty(pool: PublishedPool, analysis: Analysis | None) -> str:
    """Return how sure one can be and who says so: the authors, our rules, or nobody."""
    if pool.certainty and pool.certainty_read is not None:
        return f"{pool.certainty} (GRADE, as a summary of the review gives it)"
    if pool.certainty:
        return f"{pool.certainty} (GRADE)"
    if analysis is not None and analysis.certainty is not None:
        return f"{analysis.certainty.level}, {analysis.certainty.by}"
    return UNREAD


def _study(named: str) -> Study:
    trial_id, outcome, treated, control = named.split("/")
    one = Input(trial=trial_id, outcome=outcome, treated=(treated,), control=(control,))
    return of_inputs((one,))[0]


def _groups(study: Study, unit: str | None) -> Groups:
    """Return both groups in the unit asked for: shares, counts or means."""
    treated_n, control_n = study.people
    if unit == "points":
        sides = [study.outcome.results[arm] for arm in (*study.treated, *study.control)]
        shown = [side.mean for side in sides]
    elif unit == "%":
        shown = [round(100.0 * events / n, 1) for events, n in _counts(study)]
    else:
        shown = [float(events) for events, _ in _counts(study)]
    treated, control = shown
    return Groups(treated=treated, control=control, treated_n=treated_n, control_n=control_n)


def _counts(study: Study) -> list[tuple[int, int]]:
    """Return the people with the event and all people, treated and control."""
    return [(int(e.item()), int(n.item())) for e, n in (one.read() for one in study.counts())]


def _compared(study: Study, compared: str) -> Comparison:
    match compared:
        case "":
            return NONE_PRINTED
        case "MD":
            found = pooled_of(effects_of((study,), Measure.MD), Choices())
            return _rounded(found.estimate, found.low, found.high)
        case "RD":
            return _of_shares(study)
    raise _unfit(compared, "MD of what was measured, or RD of people counted")


def _of_shares(study: Study) -> Comparison:
    """Return the difference of both shares [percentage points] with Newcombe's interval."""
    found = of_one(*study.counts())
    return _rounded(found.difference, found.low, found.high)


def _rounded(estimate: object, low: object, high: object) -> Comparison:
    ends = (round(float(np.asarray(x)), 1) for x in (estimate, low, high))
    difference, lower, upper = ends
    return Comparison(difference=difference, low=lower, high=upper)


def _unfit(named: str, expected: str) -> ContractError:
    return ContractError(
        "infusion_evidence.csv", expected=expected, got=named, remedy="Name another, or none."
    )
