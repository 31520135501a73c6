"""Mood in a kind of trial: its placebo part, how people differ, and what counts as better."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from jaxtyping import Float

from ketherapy.pharmacology.compartments import Array, Param
from ketherapy.pharmacology.effects.catalog import Setting
from ketherapy.pharmacology.effects.structures import Mood
from ketherapy.units import convert

_ROUNDING = 1e-15
_POINTS = 60  # of Gauss-Hermite quadrature over people
_GRID = np.linspace(-30.0, 30.0, 2401)  # log odds of the median person

Shares = float | Float[np.ndarray, "..."]


def placebo(
    t: Float[np.ndarray, " time"],
    *,
    setting: Setting,
    mood: Mood,
    p1: Param | None = None,
    p2: Param | None = None,
    overshoot: Param | None = None,
) -> Array:
    """Return the mean share of the baseline that improves without the drug, at ``t``.

    ``p1``, ``p2`` and ``overshoot`` stand in place of the setting's, one for each trial. The
    passing improvement of the first hours is added where the setting has one.

    Shapes  (*trials, time)
    Units   t h; result 1
    Source  ketherapy
    """
    quick = _over(setting.p1.meant if p1 is None else p1)
    slow = _over(setting.p2.meant if p2 is None else p2)
    risen = 1.0 - np.exp(-t / _over(mood.tau_p1))
    p = quick * risen + slow * (1.0 - np.exp(-t / _over(mood.tau_p2)))
    if setting.overshoot is None or setting.overshoot_tau is None:
        return p
    tau = convert(setting.overshoot_tau.meant, setting.overshoot_tau.unit, to="h")
    passing = _over(setting.overshoot.meant if overshoot is None else overshoot)
    return p + passing * risen * np.exp(-t / tau)


def _over(value: Param) -> Param:
    """Return a number of each trial with room for time behind it."""
    return np.asarray(value)[..., None] if np.ndim(value) else value


def between_trials(mean: Param, *, tau: Param, u: Shares) -> Shares:
    """Return the share, Dmax or p1, of trials whose standard normal deviation is ``u``.

    Units   1
    Source  ketherapy
    """
    odds = mean / (1.0 - mean) * np.exp(tau * u)  # pyright: ignore[reportOperatorIssue]
    return odds / (1.0 + odds)


def scores(baseline: Shares, placebo_share: Shares, drug_share: Shares) -> Shares:
    """Return the depression score that is left.

    Units   points; shares 1
    Source  ketherapy
    """
    return baseline * (1.0 - placebo_share) * (1.0 - drug_share)


def shares(mean: Shares, omega: float, z: Shares) -> Shares:
    """Return the share of each person whose standard normal deviation is ``z``.

    Logit-normal around a median chosen so that the mean over people is ``mean``.

    Shapes  mean and z broadcast
    Units   1
    Source  ketherapy
    """
    if omega == 0.0:
        return np.broadcast_to(mean, np.broadcast_shapes(np.shape(mean), np.shape(z)))
    return _expit(median_logit(mean, omega) + omega * z)


def median_logit(mean: Shares, omega: float) -> Shares:
    """Return the log odds of the median person where people have ``mean`` on average.

    Units   1
    Source  ketherapy
    """
    grid, means = _table(float(omega))
    # weeks after the last dose a share of nothing may come out a rounding below it
    mean = np.where(np.abs(mean) < _ROUNDING, 0.0, mean)
    with np.errstate(divide="ignore"):
        wanted = np.log(mean) - np.log1p(-np.asarray(mean))
    return np.interp(wanted, means, grid, left=-np.inf, right=np.inf)


@lru_cache(maxsize=1024)  # joint draws of the estimates have an omega each
def _table(omega: float) -> tuple[np.ndarray, np.ndarray]:
    """Return medians and the log odds of the mean that belongs to each, on the logit."""
    z, w = np.polynomial.hermite_e.hermegauss(_POINTS)
    x = _GRID[:, None] + omega * z
    # the mean and one minus it, each without cancellation
    above, below = ((_expit(s * x) @ w) / math.sqrt(2.0 * math.pi) for s in (1.0, -1.0))
    return _GRID, np.log(above) - np.log(below)


def _expit(x: Shares) -> Shares:
    return 0.5 * (1.0 + np.tanh(0.5 * x))
