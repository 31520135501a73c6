"""How much the true effects of studies vary: nine estimators of the variance between them.

A negative estimate is 0, whatever a library leaves of it. The roots and maxima are found for all
syntheses at once; the likelihoods are looked at over their whole range first, because they may
have more than one maximum.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import numpy as np

from ketherapy.errors import SolverError
from ketherapy.evidence.synthesis.maximum import highest, reach
from ketherapy.evidence.synthesis.studies import Each, Moments, Studies

_ROUNDS = 200  # more than any root has needed
_CLOSE = 1e-14  # of tau2 and the variances together, where a step counts as none


class Tau2(StrEnum):
    """An estimator of the variance between studies."""

    COMMON = "common effect"  # none: one true effect
    DL = "DerSimonian-Laird"
    PM = "Paule-Mandel"
    REML = "restricted maximum likelihood"
    ML = "maximum likelihood"
    SJ = "Sidik-Jonkman"
    HE = "Hedges"
    HS = "Hunter-Schmidt"
    EB = "empirical Bayes"


def estimate(studies: Studies, method: Tau2) -> Each:
    """Return tau2 of each synthesis, NaN where a single study tells nothing of it.

    Units   those of the effects, squared
    Source  viechtbauer2005, veroniki2016
    """
    if method is Tau2.COMMON:
        return np.zeros(studies.k.shape)
    with np.errstate(divide="ignore", invalid="ignore"):  # a single study: NaN below
        found = _ESTIMATORS[method](studies)
    return np.where(studies.k > 1.0, np.maximum(found, 0.0), np.nan)


def dersimonian_laird(studies: Studies) -> Each:
    """Return the estimator of moments from Q with the weights of a common effect.

    Units   those of the effects, squared
    Source  dersimonian1986
    """
    at = _at_none(studies)
    return (at.Q - (studies.k - 1.0)) / (at.W - at.W2 / at.W)


def hunter_schmidt(studies: Studies) -> Each:
    """Return the estimator that takes the sampling variance off the weighted one.

    Units   those of the effects, squared
    Source  viechtbauer2005
    """
    at = _at_none(studies)
    return (at.Q - studies.k) / at.W


def hedges(studies: Studies) -> Each:
    """Return the unweighted variance of the effects less their mean sampling variance.

    Units   those of the effects, squared
    Source  viechtbauer2005
    """
    v = np.where(studies.is_in, studies.v, 0.0).sum(axis=-1) / studies.k
    return _squares(studies) / (studies.k - 1.0) - v


def sidik_jonkman(studies: Studies) -> Each:
    """Return the estimator that weights by the ratio to a first, crude variance.

    It is above 0 wherever two effects differ.

    Units   those of the effects, squared
    Source  sidik2005
    """
    crude = _squares(studies) / studies.k
    return crude * studies.moments(crude).Q / (studies.k - 1.0)


def paule_mandel(studies: Studies) -> Each:
    """Return the tau2 at which Q is what it should be on average, k - 1.

    The empirical Bayes estimator solves the same equation.

    Units   those of the effects, squared
    Source  paule1982, dersimonian2007
    """
    return where_Q_is(studies, studies.k - 1.0)


def where_Q_is(studies: Studies, target: Each) -> Each:
    """Return the tau2 at which Q comes down to ``target``, 0 where it never was above it.

    ``1 / Q`` rises along a concave curve, so steps of Newton from 0 stay below the root and rise
    to it.

    Units   target 1
    Source  derived: the derivative of Q is minus the sum of (w r) squared
    Errors  SolverError where the steps do not come to rest
    """
    tau2 = np.zeros(studies.k.shape)
    scale = np.where(studies.is_in, studies.v, np.inf).min(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):  # no target: a single study
        for _ in range(_ROUNDS):
            at = studies.moments(tau2)
            step = np.where(target < at.Q, at.Q * (at.Q / target - 1.0) / at.Q2, 0.0)
            tau2 = tau2 + step
            if np.all(step <= _CLOSE * (tau2 + scale)):
                return tau2
    raise SolverError(f"tau2 from Q: expected rest after {_ROUNDS} steps, got none. Report it.")


def maximum_likelihood(studies: Studies) -> Each:
    """Return the tau2 of the highest likelihood.

    Units   those of the effects, squared
    Source  viechtbauer2005
    """
    return _maximum(studies, lambda at: np.zeros_like(at.W), lambda at: at.W)


def restricted_maximum_likelihood(studies: Studies) -> Each:
    """Return the tau2 of the highest likelihood that leaves the mean out.

    Units   those of the effects, squared
    Source  viechtbauer2005
    """
    return _maximum(studies, lambda at: -np.log(at.W), lambda at: at.W - at.W2 / at.W)


Part = Callable[[Moments], Each]


def _maximum(studies: Studies, penalty: Part, trace: Part) -> Each:
    """Return where ``log weights + penalty - Q`` is highest; its slope is ``Q2 - trace``."""

    def height(tau2: Each) -> Each:
        at = studies.moments(tau2)
        return studies.log_weight(tau2) + penalty(at) - at.Q

    def slope(tau2: Each) -> Each:
        at = studies.moments(tau2)
        return at.Q2 - trace(at)

    high = np.where(studies.is_in, studies.y, -np.inf).max(axis=-1)
    low = np.where(studies.is_in, studies.y, np.inf).min(axis=-1)
    v = np.where(studies.is_in, studies.v, 0.0).max(axis=-1)
    smallest = np.where(studies.is_in, studies.v, np.inf).min(axis=-1)
    return highest(reach(high - low, v, per=2.0), smallest, height=height, slope=slope)


def _squares(studies: Studies) -> Each:
    mean = np.where(studies.is_in, studies.y, 0.0).sum(axis=-1) / studies.k
    away = np.where(studies.is_in, studies.y - mean[..., None], 0.0)
    return np.asarray((away * away).sum(axis=-1))


def _at_none(studies: Studies) -> Moments:
    return studies.moments(np.zeros(studies.k.shape))


_ESTIMATORS: dict[Tau2, Callable[[Studies], Each]] = {
    Tau2.DL: dersimonian_laird,
    Tau2.PM: paule_mandel,
    Tau2.REML: restricted_maximum_likelihood,
    Tau2.ML: maximum_likelihood,
    Tau2.SJ: sidik_jonkman,
    Tau2.HE: hedges,
    Tau2.HS: hunter_schmidt,
    Tau2.EB: paule_mandel,
}
