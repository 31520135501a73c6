"""Meta-regression: effects of studies against what the studies differ in.

Between studies only: an association across trials need not hold between the people of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy import special

from ketherapy.errors import ContractError
from ketherapy.evidence.effects.measures import Effects
from ketherapy.evidence.effects.printed import check_level
from ketherapy.evidence.synthesis.maximum import highest, reach
from ketherapy.evidence.synthesis.pooled import Interval
from ketherapy.evidence.synthesis.studies import Each, Figure, Values, in_axes

_BETWEEN = "Between studies: what holds across trials need not hold between people."
Terms = Float[np.ndarray, "run term"]
Design = Float[np.ndarray, "study term"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Regression:
    """The fitted line, on the analysis scale; terms are the last axis."""

    terms: tuple[str, ...]
    estimate: Float[np.ndarray, "*runs term"]
    se: Float[np.ndarray, "*runs term"]
    low: Float[np.ndarray, "*runs term"]
    high: Float[np.ndarray, "*runs term"]
    p: Float[np.ndarray, "*runs term"]
    covariance: Float[np.ndarray, "*runs term term"]
    tau2: Figure  # that the terms leave
    Q_residual: Figure
    p_residual: Figure
    k: int
    interval: Interval
    level: float
    notes: tuple[str, ...] = ()


def meta_regression(
    effects: Effects,
    covariates: dict[str, Sequence[float] | Float[np.ndarray, " study"]],
    *,
    interval: Interval = Interval.HKSJ_MODIFIED,
    level: float = 0.95,
) -> Regression:
    """Return the line of the effects over the covariates, with REML and an intercept.

    Intervals are t with as many degrees of freedom as studies are left over, scaled after Knapp and
    Hartung, or Wald's.

    Source  knapp2003, viechtbauer2005
    Errors  ContractError for too few studies, or covariates that cannot be told apart
    """
    check_level(level)
    X, terms = _design(effects, covariates)
    flat = effects.y.reshape(-1, effects.k), effects.v.reshape(-1, effects.k)
    tau2 = _restricted(*flat, X)
    fit = _fit(*flat, X, tau2)
    df = effects.k - X.shape[1]
    scale = _scale(fit.Q / df, interval)
    covariance = fit.covariance * scale[:, None, None]
    se = np.sqrt(np.einsum("rtt->rt", covariance))
    wide, p = _tested(fit.estimate, se, df, interval, level)
    Q = _fit(*flat, X, np.zeros_like(tau2)).Q
    runs = effects.y.shape[:-1]
    whole = (*runs, len(terms))
    return Regression(
        terms=terms, estimate=fit.estimate.reshape(whole), se=se.reshape(whole),
        low=(fit.estimate - wide).reshape(whole), high=(fit.estimate + wide).reshape(whole),
        p=p.reshape(whole),
        covariance=covariance.reshape(*whole, len(terms)), tau2=in_axes(tau2, runs),
        Q_residual=in_axes(Q, runs), p_residual=in_axes(special.chdtrc(df, Q), runs),
        k=effects.k, interval=interval, level=level,
        notes=(_BETWEEN,),
    )  # fmt: skip


def _design(
    effects: Effects, covariates: dict[str, Sequence[float] | Float[np.ndarray, " study"]]
) -> tuple[Design, tuple[str, ...]]:
    columns = [np.ones(effects.k)]
    for name, values in covariates.items():
        column = np.asarray(values, float)
        if column.shape != (effects.k,) or not np.isfinite(column).all():
            raise ContractError(
                f"covariate {name}", expected=f"a finite number for each of {effects.k} studies",
                got=values, remedy="Leave out the studies of which it is not known.",
            )  # fmt: skip
        columns.append(column)
    X = np.stack(columns, axis=1)
    if not covariates or effects.k < X.shape[1] + 2:
        raise ContractError(
            "studies", expected=f"at least {X.shape[1] + 2} for {len(covariates)} covariates",
            got=effects.k, remedy="Take fewer covariates, or pool without any.",
        )  # fmt: skip
    scaled = X / np.maximum(np.abs(X).max(axis=0), np.finfo(float).tiny)
    if np.linalg.matrix_rank(scaled) < X.shape[1]:
        raise ContractError(
            "covariates", expected="ones that differ between studies and from each other",
            got=", ".join(covariates), remedy="Leave out a covariate that others already tell.",
        )  # fmt: skip
    return X, ("intercept", *covariates)


@dataclass(frozen=True, slots=True)
class _Fit:
    estimate: Float[np.ndarray, "run term"]
    covariance: Float[np.ndarray, "run term term"]
    Q: Each  # sum of w r squared
    Q2: Each  # sum of w squared r squared
    trace: Each  # of the projection
    height: Each  # twice the restricted log likelihood


def _fit(y: Values, v: Values, X: Design, tau2: Each) -> _Fit:
    w = 1.0 / (v + tau2[:, None])
    information = np.einsum("rs,st,su->rtu", w, X, X)
    covariance = np.linalg.inv(information)
    estimate = np.einsum("rtu,rs,su,rs->rt", covariance, w, X, y, optimize=True)
    r = y - estimate @ X.T
    leverage = np.einsum("st,rtu,su->rs", X, covariance, X, optimize=True)
    Q = (w * r * r).sum(axis=1)
    height = np.log(w).sum(axis=1) - np.linalg.slogdet(information)[1] - Q
    trace = (w - w * w * leverage).sum(axis=1)
    return _Fit(estimate, covariance, Q, (w * w * r * r).sum(axis=1), trace, height)


def _restricted(y: Values, v: Values, X: Design) -> Each:
    k, terms = X.shape
    bound = reach(y.max(axis=1) - y.min(axis=1), v.max(axis=1), per=k / (k - terms))

    def slope(tau2: Each) -> Each:
        at = _fit(y, v, X, tau2)
        return at.Q2 - at.trace

    return highest(
        bound, v.min(axis=1), height=lambda tau2: _fit(y, v, X, tau2).height, slope=slope
    )


def _tested(
    estimate: Terms, se: Terms, df: int, interval: Interval, level: float
) -> tuple[Terms, Terms]:
    """Return half the length of the interval, and the p value."""
    tail, t = 0.5 + 0.5 * level, -np.abs(estimate / se)
    if interval is Interval.WALD:
        return special.ndtri(tail) * se, 2.0 * special.ndtr(t)
    return special.stdtrit(df, tail) * se, 2.0 * special.stdtr(df, t)


def _scale(q: Each, interval: Interval) -> Each:
    match interval:
        case Interval.WALD:
            return np.ones_like(q)
        case Interval.HKSJ:
            return q
        case Interval.HKSJ_MODIFIED:
            return np.maximum(q, 1.0)
