"""Whether small studies found other effects than large ones, as they do where some are unpublished.

None of this shows why. Below ten studies these checks see next to nothing, and are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from jaxtyping import Float
from scipy import special

from ketherapy.errors import ContractError
from ketherapy.evidence import conventions
from ketherapy.evidence.effects.arms import Counts
from ketherapy.evidence.effects.binary import odds_ratio
from ketherapy.evidence.effects.measures import Effects, Measure
from ketherapy.evidence.synthesis.pool import pool
from ketherapy.evidence.synthesis.pooled import Interval, Pooled, Prediction
from ketherapy.evidence.synthesis.studies import Figure
from ketherapy.evidence.synthesis.tau2 import Tau2

_NOT_WHY = "It does not show why: heterogeneity, chance and poor methods look the same."
_ROUNDS = 50
_TIED = 1e-9  # of the largest distance: below it two are as far
Cells = Float[np.ndarray, " study"]
Flat = Float[np.ndarray, "run study"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SmallStudyTest:
    """How far effects go with precision."""

    name: str
    statistic: Figure  # what is 0 where they do not
    se: Figure
    p: Figure
    k: int
    notes: tuple[str, ...] = (_NOT_WHY,)


def egger(effects: Effects) -> SmallStudyTest:
    """Return the intercept of the standardised effects over their precision.

    Not for odds ratios and standardised differences of small trials, whose errors go with their
    effects; ``peters`` takes counts.

    Source  egger1997, sterne2011
    Errors  ContractError for fewer than ten studies, or studies all of one size
    """
    _enough(effects)
    y, v = _flat(effects)
    precision = 1.0 / np.sqrt(v)
    return _line("Egger", y * precision, precision, np.ones_like(y), effects, term=0)


def peters(treated: Counts, control: Counts) -> SmallStudyTest:
    """Return the slope of log odds ratios over one over the people of a study.

    Source  peters2006
    Errors  ContractError for fewer than ten studies, or studies all of one size
    """
    effects = odds_ratio(treated, control)
    _enough(effects)
    if effects.dropped:
        raise ContractError(
            f"events of {effects.dropped[0].label}", expected="a study that says something",
            got=effects.dropped[0].why, remedy="Leave it out of the check.",
        )  # fmt: skip
    (a, n1), (c, n2) = treated.read(), control.read()
    events = np.broadcast_to(a + c, effects.y.shape).reshape(-1, effects.k)
    n = np.broadcast_to(n1 + n2, effects.y.shape).reshape(-1, effects.k)
    weight = 1.0 / (1.0 / events + 1.0 / np.maximum(n - events, 1.0))
    return _line("Peters", _flat(effects)[0], 1.0 / n, weight, effects, term=1)


def begg(effects: Effects) -> SmallStudyTest:
    """Return Kendall's rank correlation of effects, taken around the common one, with variances.

    Source  begg1994
    Errors  ContractError for fewer than ten studies
    """
    _enough(effects)
    y, v = _flat(effects)
    w = 1.0 / v
    common = (w * y).sum(axis=1, keepdims=True) / w.sum(axis=1, keepdims=True)
    z = (y - common) / np.sqrt(v - 1.0 / w.sum(axis=1, keepdims=True))
    score = (_pairs(z) * _pairs(v)).sum(axis=(1, 2)) / 2.0
    k = effects.k
    spread = np.sqrt(k * (k - 1.0) * (2.0 * k + 5.0) / 18.0)
    pairs = k * (k - 1.0) / 2.0
    notes = (_NOT_WHY,)
    if (_pairs(v) == 0.0).sum() > v.size:  # each study is tied with itself
        notes = ("Equal variances are counted as neither: p is too large.", *notes)
    return SmallStudyTest(
        name="Begg", statistic=_out(score / pairs, effects), k=k, notes=notes,
        se=_out(np.full(score.shape, spread / pairs), effects),
        p=_out(2.0 * special.ndtr(-np.abs(score) / spread), effects),
    )  # fmt: skip


class Side(StrEnum):
    """On which side of the pooled effect studies may be missing."""

    BELOW = "below"
    ABOVE = "above"


@dataclass(frozen=True, kw_only=True, slots=True)
class Filled:
    """The synthesis with mirror images of the studies that have no counterpart."""

    missing: int
    side: Side
    effects: Effects  # with the images last
    pooled: Pooled
    notes: tuple[str, ...]


def trim_and_fill(effects: Effects, *, side: Side, tau2: Tau2 = Tau2.REML) -> Filled:
    """Return how many studies a funnel lacks on ``side``, and the synthesis with their images.

    A sensitivity analysis and no correction: it supposes that the funnel would be even, which
    heterogeneity alone can prevent.

    Source  duval2000
    Errors  ContractError for fewer than ten studies, or more than one synthesis
    """
    _enough(effects)
    if effects.y.ndim > 1:
        raise ContractError(
            "effects", expected="one synthesis", got=effects.y.shape, remedy="Fill one at a time."
        )
    sign = 1.0 if side is Side.BELOW else -1.0
    y, v = sign * effects.y, effects.v
    order = np.argsort(y, kind="stable")
    y, v, k = y[order], v[order], effects.k
    missing, centre = _trimmed(y, v, effects.measure, tau2)
    images = 2.0 * centre - y[k - missing :]
    names = tuple(f"image of {effects.labels[place]}" for place in order[k - missing :])
    whole = Effects(
        measure=effects.measure, y=np.concatenate([effects.y, sign * images]),
        v=np.concatenate([effects.v, v[k - missing :]]), labels=(*effects.labels, *names),
    )  # fmt: skip
    return Filled(
        missing=missing, side=side, effects=whole, pooled=_pool(whole, tau2),
        notes=("Images are no studies: this is a sensitivity analysis and no correction.",),
    )  # fmt: skip


def _trimmed(y: Cells, v: Cells, measure: Measure, tau2: Tau2) -> tuple[int, float]:
    """Return how many effects have no counterpart below, and the centre without as many above."""
    missing, centre, k = 0, 0.0, len(y)
    for _ in range(_ROUNDS):
        rest = k - missing
        names = tuple(str(place) for place in range(rest))
        kept = Effects(measure=measure, y=y[:rest], v=v[:rest], labels=names)
        centre = float(np.asarray(_pool(kept, tau2).estimate))
        found = min(_L0(y - centre), k - 2)
        if found == missing:
            break
        missing = found
    return missing, centre


def _L0(away: Cells) -> int:
    """Return the estimator L0 of the studies missing below."""
    k = len(away)
    apart = np.abs(away)[:, None] - np.abs(away)
    apart[np.abs(apart) < _TIED * np.abs(away).max()] = 0.0  # ties share their ranks
    ranks = 0.5 * (np.sign(apart).sum(axis=1) + k + 1.0)
    above = ranks[away > 0.0].sum()
    return max(0, round((4.0 * above - k * (k + 1.0)) / (2.0 * k - 1.0)))


def _pool(effects: Effects, tau2: Tau2) -> Pooled:
    return pool(effects, tau2=tau2, interval=Interval.WALD, prediction=Prediction.NONE)


def _pairs(x: Flat) -> Float[np.ndarray, "run study study"]:
    return np.sign(x[:, :, None] - x[:, None, :])


def _flat(effects: Effects) -> tuple[Flat, Flat]:
    shape = (-1, effects.k)
    return effects.y.reshape(shape), effects.v.reshape(shape)


def _out(x: Float[np.ndarray, " run"], effects: Effects) -> Figure:
    runs = effects.y.shape[:-1]
    return x.reshape(runs) if runs else float(x[0])


def _line(name: str, y: Flat, x: Flat, w: Flat, effects: Effects, *, term: int) -> SmallStudyTest:
    """Return the intercept (0) or the slope (1) of weighted least squares."""
    W = w.sum(axis=1, keepdims=True)
    x_mean, y_mean = (w * x).sum(axis=1, keepdims=True) / W, (w * y).sum(axis=1, keepdims=True) / W
    xx = (w * (x - x_mean) ** 2).sum(axis=1, keepdims=True)
    if np.any(xx <= 1e-12 * (w * x**2).sum(axis=1, keepdims=True)):
        raise ContractError(
            "studies", expected="studies of more than one size", got="one size",
            remedy="Equal studies have no small ones among them.",
        )  # fmt: skip
    slope = (w * (x - x_mean) * (y - y_mean)).sum(axis=1, keepdims=True) / xx
    intercept = y_mean - slope * x_mean
    residual = (w * (y - intercept - slope * x) ** 2).sum(axis=1, keepdims=True) / (effects.k - 2.0)
    found, error = (
        (intercept, np.sqrt(residual * (1.0 / W + x_mean**2 / xx)))
        if term == 0
        else (slope, np.sqrt(residual / xx))
    )
    p = 2.0 * special.stdtr(effects.k - 2.0, -np.abs(found / error))
    parts = (_out(part[:, 0], effects) for part in (found, error, p))
    statistic, se, p_value = parts
    return SmallStudyTest(name=name, statistic=statistic, se=se, p=p_value, k=effects.k)


def _enough(effects: Effects) -> None:
    least = int(conventions.conventions().small_study_least.value)
    if effects.k < least:
        raise ContractError(
            "studies", expected=f"at least {least} for a small-study check", got=effects.k,
            remedy="Draw the funnel if need be; no test can see anything in so few.",
        )  # fmt: skip
