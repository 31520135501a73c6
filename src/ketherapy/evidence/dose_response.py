"""Dose and effect across trials: a slope for each trial, and what the slopes have in common.

Arms of one trial share its reference arm, so their contrasts go together; the covariance says by
how much. Slopes may differ between trials.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from jaxtyping import Float
from scipy import special

from ketherapy.errors import ContractError
from ketherapy.evidence.effects.arms import Counts, Figures, Means
from ketherapy.evidence.effects.measures import Effects, Measure, refuse
from ketherapy.evidence.effects.printed import generic
from ketherapy.evidence.synthesis.pool import pool
from ketherapy.evidence.synthesis.pooled import Interval, Pooled
from ketherapy.evidence.synthesis.tau2 import Tau2

_HALVINGS = 200
Arms = Float[np.ndarray, " arm"]
Every = Float[np.ndarray, " every"]  # with the reference first
Doses = float | Float[np.ndarray, "..."]


class Curve(StrEnum):
    """On what the effect is a line."""

    LINEAR = "dose"
    LOG = "log(1 + dose / scale)"


@dataclass(frozen=True, kw_only=True, slots=True)
class DoseTrial:
    """The arms of one trial against its reference, on the analysis scale."""

    label: str
    measure: Measure
    reference: float  # dose of the reference arm
    doses: Arms  # of the others, in one unit for all trials
    y: Arms
    covariance: Float[np.ndarray, "arm arm"]

    def __post_init__(self) -> None:
        doses = np.append(self.doses, self.reference)
        wrong = ~(np.isfinite(doses) & (doses >= 0.0))
        refuse(wrong, doses, f"dose in {self.label}, arm", "a finite dose of at least 0")
        same = self.doses == self.reference
        refuse(same, self.doses, f"dose in {self.label}, arm", "another dose than the reference")
        refuse(~np.isfinite(self.y), self.y, f"y in {self.label}, arm", "a finite effect")
        if not np.all(np.linalg.eigvalsh(self.covariance) > 0.0):
            raise ContractError(
                f"covariance of {self.label}", expected="a positive definite one", got="another",
                remedy="Compare variances and the shared arm with the report.",
            )  # fmt: skip


def dose_means(label: str, arms: Means, doses: Sequence[float], *, reference: int = 0) -> DoseTrial:
    """Return mean differences from the arm at place ``reference``, with their covariance.

    Source  derived: the variance of the reference mean is in each difference
    """
    n, mean, sd = arms.read()
    return _against(label, Measure.MD, mean, sd**2 / n, doses, reference)


def dose_counts(
    label: str, measure: Measure, arms: Counts, doses: Sequence[float], *, reference: int = 0
) -> DoseTrial:
    """Return log risk or odds ratios to the arm at place ``reference``, with their covariance.

    Source  greenland1992: unadjusted counts
    Errors  ContractError for another measure, or an arm in which nobody or everybody had the event
    """
    events, n = arms.read()
    empty = (events == 0.0) | (events == n)
    refuse(empty, events, f"events in {label}, arm", "some people with and some without the event")
    if measure is Measure.RR:
        return _against(
            label, measure, np.log(events / n), 1.0 / events - 1.0 / n, doses, reference
        )
    if measure is Measure.OR:
        y, v = np.log(events / (n - events)), 1.0 / events + 1.0 / (n - events)
        return _against(label, measure, y, v, doses, reference)
    raise _other_measure(measure)


def _against(
    label: str, measure: Measure, y: Arms, v: Arms, doses: Sequence[float], reference: int
) -> DoseTrial:
    if len(doses) != len(y) or len(y) < 2 or not 0 <= reference < len(y):
        raise ContractError(
            f"arms of {label}", expected=f"a dose for each of at least 2 arms, got {len(y)} arms",
            got=list(doses), remedy="Give the dose of the reference arm too.",
        )  # fmt: skip
    given = np.asarray(doses, float)
    others = np.arange(len(y)) != reference
    return DoseTrial(
        label=label, measure=measure, reference=float(given[reference]), doses=given[others],
        y=y[others] - y[reference], covariance=np.diag(v[others]) + v[reference],
    )  # fmt: skip


def adjusted_ratios(
    label: str,
    measure: Measure,
    doses: Sequence[float],
    *,
    estimate: Figures,
    low: Figures,
    high: Figures,
    arms: Counts,
    level: float = 0.95,
) -> DoseTrial:
    """Return adjusted risk or odds ratios as printed, with the covariance of the counts they fit.

    ``doses`` and ``arms`` begin with the reference. The counts that the ratios would have come from
    give the correlations; the printed intervals give the variances.

    Source  greenland1992
    Errors  ContractError for another measure, or an interval that cannot be right
    """
    printed = generic(measure, estimate, low=low, high=high, level=level)
    if measure not in (Measure.RR, Measure.OR):
        raise _other_measure(measure)
    events, n = arms.read()
    if not len(doses) == len(events) == printed.k + 1:
        raise ContractError(
            f"arms of {label}", expected=f"doses and counts of {printed.k + 1} arms",
            got=f"{len(doses)} doses and {len(events)} arms",
            remedy="Begin both with the reference arm.",
        )  # fmt: skip
    fitted = _pseudo_counts(measure, printed.y, float(events.sum()), n)
    wrong = (fitted <= 0.0) | (fitted >= n)
    refuse(wrong, fitted, f"events in {label}, arm", "counts that can fit")
    return DoseTrial(
        label=label, measure=measure, reference=float(doses[0]),
        doses=np.asarray(doses[1:], float), y=printed.y,
        covariance=_correlation(measure, fitted, n) * np.outer(printed.se, printed.se),
    )  # fmt: skip


def _correlation(measure: Measure, fitted: Every, n: Every) -> Float[np.ndarray, "arm arm"]:
    """Return how ratios to one reference go together that come from these counts."""
    v = 1.0 / fitted - 1.0 / n if measure is Measure.RR else 1.0 / fitted + 1.0 / (n - fitted)
    spread = np.sqrt(v[1:] + v[0])
    found = v[0] / np.outer(spread, spread)
    np.fill_diagonal(found, 1.0)
    return found


def _pseudo_counts(measure: Measure, y: Arms, total: float, n: Every) -> Every:
    """Return counts with these ratios to the first arm, and with the printed total."""
    ratio = np.append(1.0, np.exp(y))
    low, high = 0.0, 1.0  # risk of the reference arm
    for _ in range(_HALVINGS):
        risk = 0.5 * (low + high)
        low, high = (risk, high) if _events(measure, risk, ratio, n).sum() < total else (low, risk)
    return _events(measure, 0.5 * (low + high), ratio, n)


def _events(measure: Measure, risk: float, ratio: Every, n: Every) -> Every:
    if measure is Measure.RR:
        return n * risk * ratio
    odds = risk / (1.0 - risk) * ratio
    return n * odds / (1.0 + odds)


def _other_measure(measure: Measure) -> ContractError:
    return ContractError(
        "measure", expected="RR or OR", got=measure.value,
        remedy="Means have dose_means; other effects need their covariance as printed.",
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class DoseResponse:
    """The slope over dose, and how well a line holds within the trials."""

    curve: Curve
    scale: float | None
    slopes: Effects  # of each trial, for a step of 1 on the axis of the curve
    pooled: Pooled
    Q_curve: float  # distance of arms from the line of their own trial
    df_curve: int
    p_curve: float  # NaN where each trial has one dose beside its reference
    lowest: float  # doses that were studied
    highest: float
    notes: tuple[str, ...]

    def effect(self, dose: float, *, reference: float = 0.0) -> tuple[float, float, float]:
        """Return the effect of ``dose`` against ``reference`` and its interval, as printed.

        Units   dose as in the trials
        Errors  ContractError outside the doses that were studied
        """
        for value in (dose, reference):
            if not self.lowest <= value <= self.highest:
                raise ContractError(
                    "dose", expected=f"one between {self.lowest:g} and {self.highest:g}",
                    got=value, remedy="No trial studied it; a line is not drawn further.",
                )  # fmt: skip
        step = float(_axis(self.curve, dose, self.scale) - _axis(self.curve, reference, self.scale))
        ends = sorted((step * float(self.pooled.low), step * float(self.pooled.high)))
        shown = (float(self.pooled.measure.shown(x)) for x in ends)
        low, high = shown
        return float(self.pooled.measure.shown(step * float(self.pooled.estimate))), low, high


def dose_response(
    trials: Sequence[DoseTrial],
    *,
    curve: Curve = Curve.LINEAR,
    scale: float | None = None,
    tau2: Tau2 = Tau2.REML,
    interval: Interval = Interval.HKSJ_MODIFIED,
    level: float = 0.95,
) -> DoseResponse:
    """Return the slope of each trial by generalised least squares, and their random-effects mean.

    Source  greenland1992, cochrane_handbook: the former for the slopes
    Errors  ContractError for fewer than two trials, mixed measures, or a logarithm without scale
    """
    _can_be_pooled(trials)
    slopes, Q = _slopes(trials, curve, scale)
    pooled = pool(slopes, tau2=tau2, interval=interval, level=level)
    df = sum(len(trial.y) - 1 for trial in trials)
    doses = np.concatenate([np.append(trial.doses, trial.reference) for trial in trials])
    return DoseResponse(
        curve=curve, scale=scale, slopes=slopes, pooled=pooled, Q_curve=Q, df_curve=df,
        p_curve=float(special.chdtrc(df, Q)) if df else np.nan,
        lowest=float(doses.min()), highest=float(doses.max()), notes=pooled.notes,
    )  # fmt: skip


def own_slopes(
    trials: Sequence[DoseTrial], *, curve: Curve = Curve.LINEAR, scale: float | None = None
) -> Effects:
    """Return the slope of each trial by generalised least squares, for a step of 1 on the axis.

    Source  greenland1992
    Errors  ContractError for no trial, mixed measures, or a logarithm without scale
    """
    return _slopes(trials, curve, scale)[0]


def _slopes(
    trials: Sequence[DoseTrial], curve: Curve, scale: float | None
) -> tuple[Effects, float]:
    """Return the slope of each trial, and the squares around all their lines."""
    _can_be_drawn(trials, curve, scale)
    fits = [_slope(trial, curve, scale) for trial in trials]
    slopes = Effects(
        measure=trials[0].measure, labels=tuple(trial.label for trial in trials),
        y=np.array([fit[0] for fit in fits]), v=np.array([fit[1] for fit in fits]),
    )  # fmt: skip
    return slopes, sum(fit[2] for fit in fits)


def _can_be_pooled(trials: Sequence[DoseTrial]) -> None:
    if len(trials) < 2:
        raise ContractError(
            "trials", expected="at least 2, all of one measure",
            got=[trial.measure.value for trial in trials],
            remedy="One trial has its own slope (own_slopes).",
        )  # fmt: skip


def _can_be_drawn(trials: Sequence[DoseTrial], curve: Curve, scale: float | None) -> None:
    if len({trial.measure for trial in trials}) != 1:
        raise ContractError(
            "trials", expected="at least 1, all of one measure",
            got=[trial.measure.value for trial in trials], remedy="Measures are not mixed.",
        )  # fmt: skip
    if (scale is None) is (curve is Curve.LOG) or not (scale is None or 0.0 < scale < np.inf):
        raise ContractError(
            "scale", expected="a dose above 0 for the logarithm, none for the line", got=scale,
            remedy="Give the dose at which the logarithm begins to bend.",
        )  # fmt: skip


def _slope(trial: DoseTrial, curve: Curve, scale: float | None) -> tuple[float, float, float]:
    """Return the slope of one trial, its variance, and the squares around its line."""
    x = _axis(curve, trial.doses, scale) - _axis(curve, trial.reference, scale)
    weighed = np.linalg.solve(trial.covariance, np.stack([x, trial.y], axis=1))
    v = 1.0 / float(x @ weighed[:, 0])
    slope = v * float(x @ weighed[:, 1])
    away = trial.y - slope * x
    return slope, v, float(away @ np.linalg.solve(trial.covariance, away))


def _axis(curve: Curve, dose: Doses, scale: float | None) -> Float[np.ndarray, ...]:
    read = np.asarray(dose, float)
    return np.log1p(read / scale) if curve is Curve.LOG and scale is not None else read
