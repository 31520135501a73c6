"""Effects of studies pooled by the inverse of their variances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from ketherapy.errors import ContractError
from ketherapy.evidence.effects.measures import Effects, Measure
from ketherapy.evidence.effects.printed import check_level
from ketherapy.evidence.synthesis.pooled import Choices, Interval, Pooled, Prediction
from ketherapy.evidence.synthesis.studies import Each, Studies
from ketherapy.evidence.synthesis.tau2 import Tau2, estimate, where_Q_is

_LEAST = 3  # studies of a prediction interval (Higgins and others, 2009)
_NO_SPREAD = "No prediction interval: a common effect knows no spread between studies."
_TOO_FEW = "No prediction interval: it needs at least {least} studies, there are {k}."
_SINGLE = "A single study stands for itself: no tau2, and the Wald interval of its own variance."
_NARROW = "The HKSJ interval is narrower than Wald's here; the modified one is not."


def pool(
    effects: Effects,
    *,
    tau2: Tau2 = Tau2.REML,
    interval: Interval = Interval.HKSJ_MODIFIED,
    prediction: Prediction = Prediction.K_MINUS_2,
    level: float = 0.95,
) -> Pooled:
    """Return the pooled effect, its intervals and the heterogeneity.

    Source  viechtbauer2007, hartung2001, sidik2002, roever2015, higgins2009
    Errors  ContractError for a random-effects or HKSJ synthesis of a single study
    """
    choices = Choices(tau2=tau2, interval=interval, prediction=prediction, level=level)
    if effects.k < 2 and (tau2 is not Tau2.COMMON or interval is not Interval.WALD):
        raise ContractError(
            f"studies ({effects.labels[0]} alone)",
            expected=f"at least 2 for {tau2} with the interval of {interval}", got=1,
            remedy="One study cannot tell how studies vary: use Tau2.COMMON with Interval.WALD.",
        )  # fmt: skip
    return pooled(effects, Studies.of(effects), choices)


def pooled(effects: Effects, studies: Studies, choices: Choices) -> Pooled:
    """Return the pooled effect of some of the studies in each synthesis.

    A synthesis of a single study is that study, with a note.
    """
    check_level(choices.level)
    k = studies.k
    tau2 = estimate(studies, choices.tau2)
    around = np.where(k > 1.0, tau2, 0.0)
    mean, wald, q = _mean(studies, around)
    se, quantile, p = _test(mean, wald, q, k, choices)
    prediction_low, prediction_high = _prediction(mean, wald, se, tau2, k, choices)
    tau2_low, tau2_high = _profile(studies, choices)
    w = studies.weights(around)
    spread = heterogeneity(studies.moments(np.zeros(k.shape)).Q, k)
    p = np.full(p.shape, np.nan) if effects.measure.is_proportion else p
    out = studies.figure
    return Pooled(
        measure=effects.measure, labels=effects.labels, k=studies.count,
        estimate=out(mean), se=out(se), low=out(mean - quantile * se),
        high=out(mean + quantile * se), p=out(p),
        tau2=out(tau2), tau2_low=out(tau2_low), tau2_high=out(tau2_high),
        Q=out(spread.Q), p_Q=out(spread.p), I2=out(spread.I2), H2=out(spread.H2),
        prediction_low=out(prediction_low), prediction_high=out(prediction_high),
        weights=studies.table(w / w.sum(axis=-1, keepdims=True)),
        method=choices.tau2, interval=choices.interval, prediction=choices.prediction,
        level=choices.level, notes=_notes(effects, k, q, choices),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """Whether the studies differ by more than chance, with the weights of a common effect."""

    Q: Each
    p: Each
    I2: Each  # [%]
    H2: Each


def heterogeneity(Q: Each, k: Each) -> Heterogeneity:
    """Return the p value, I2 and H2 of Q; NaN for a single study.

    Units   I2 %; the others 1
    Source  cochran1954, higgins2002
    """
    df = k - 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        H2 = np.where(df > 0.0, np.maximum(Q / df, 1.0), np.nan)
        p = np.where(df > 0.0, special.chdtrc(df, Q), np.nan)
    return Heterogeneity(Q=Q, p=p, I2=100.0 * (1.0 - 1.0 / H2), H2=H2)


def _mean(studies: Studies, tau2: Each) -> tuple[Each, Each, Each]:
    """Return the weighted mean, its standard error, and the scale that Hartung and Knapp see."""
    at = studies.moments(tau2)
    with np.errstate(divide="ignore", invalid="ignore"):
        q = np.where(studies.k > 1.0, at.Q / (studies.k - 1.0), np.nan)
    return at.mean, 1.0 / np.sqrt(at.W), q


def _test(mean: Each, wald: Each, q: Each, k: Each, choices: Choices) -> tuple[Each, Each, Each]:
    """Return standard error, quantile and p value of the chosen interval."""
    tail = 0.5 + 0.5 * choices.level
    z = np.full(mean.shape, special.ndtri(tail))
    with np.errstate(divide="ignore", invalid="ignore"):
        p_z = 2.0 * special.ndtr(-np.abs(mean / wald))
        match choices.interval:
            case Interval.WALD:
                return wald, z, p_z
            case Interval.HKSJ:
                se = wald * np.sqrt(q)
            case Interval.HKSJ_MODIFIED:
                se = wald * np.sqrt(np.maximum(q, 1.0))
        p_t = 2.0 * special.stdtr(k - 1.0, -np.abs(mean / se))
        several = k > 1.0
        t = special.stdtrit(k - 1.0, tail)
    return np.where(several, se, wald), np.where(several, t, z), np.where(several, p_t, p_z)


def _prediction(
    mean: Each, wald: Each, se: Each, tau2: Each, k: Each, choices: Choices
) -> tuple[Each, Each]:
    if choices.tau2 is Tau2.COMMON or choices.prediction is Prediction.NONE:
        none = np.full(mean.shape, np.nan)
        return none, none
    df, error = (k - 2.0, wald) if choices.prediction is Prediction.K_MINUS_2 else (k - 1.0, se)
    with np.errstate(invalid="ignore"):
        t = np.where(k >= _LEAST, special.stdtrit(df, 0.5 + 0.5 * choices.level), np.nan)
        wide = t * np.sqrt(tau2 + error**2)
    return mean - wide, mean + wide


def _profile(studies: Studies, choices: Choices) -> tuple[Each, Each]:
    """Return the tau2 that Q does not contradict; both ends are 0 where Q is small for any."""
    none = np.full(studies.k.shape, np.nan)
    if choices.tau2 is Tau2.COMMON:
        return none, none
    df, beyond = studies.k - 1.0, 0.5 * (1.0 - choices.level)
    ends = []
    for tail in (beyond, 1.0 - beyond):  # chdtri wants the upper tail
        with np.errstate(invalid="ignore"):
            target = np.where(df > 0.0, special.chdtri(np.maximum(df, 1.0), tail), np.inf)
        ends.append(np.where(df > 0.0, where_Q_is(studies, target), np.nan))
    return ends[0], ends[1]


def _notes(effects: Effects, k: Each, q: Each, choices: Choices) -> tuple[str, ...]:
    found = [f"{study.label} is left out: {study.why}." for study in effects.dropped]
    if np.any(k < 2.0):
        found.append(_SINGLE)
    if choices.prediction is not Prediction.NONE:
        if choices.tau2 is Tau2.COMMON:
            found.append(_NO_SPREAD)
        elif np.any(k < _LEAST):
            found.append(_TOO_FEW.format(least=_LEAST, k=f"{np.min(k):g}"))
    if choices.interval is Interval.HKSJ and np.any(q < 1.0):
        found.append(_NARROW)
    if effects.measure is Measure.PFT:
        found.append("The double arcsine is undone as for large groups.")
    return tuple(found)
