"""Shares that differ between people on the logit, so that their mean is the share wanted.

A person's share is expit(loc + omega z) with z standard normal, kept through time. Its mean is
below or above expit(loc); ``loc`` is chosen so that the mean is what the model predicts. That is
one function of the mean for each omega, kept as a table and read with a cubic.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

_EDGE = 16.0  # logit of the largest mean that is told apart from one: 1.1e-7 away
_STEPS = 1024  # of a table, between one edge and the other
_Z = np.linspace(-9.0, 9.0, 181)  # the trapezoid rule is exact to rounding on a normal weight
_WEIGHT = np.exp(-0.5 * _Z**2) * (_Z[1] - _Z[0]) / np.sqrt(2.0 * np.pi)
_ROUNDS = 60  # of Newton's method, at most
_CLOSE = 1e-12  # of a location
_STEP = 2.0 * _EDGE / _STEPS


def expit(x: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Return the share whose logit is ``x``.

    Units   1
    Source  ketherapy
    """
    return 1.0 / (1.0 + np.exp(-x))


@dataclass(frozen=True, slots=True)
class Locations:
    """The location for each mean, of each omega: values and slopes at even logits of the mean."""

    values: Float[np.ndarray, " place"]  # omegas one after another
    slopes: Float[np.ndarray, " place"]  # times the step

    @classmethod
    def of(cls, omega: Float[np.ndarray, " omega"]) -> Locations:
        """Return the table for these omegas.

        Units   1
        """
        found = [_table(value) for value in omega]
        return cls(
            np.concatenate([values for values, _ in found]),
            np.concatenate([slopes for _, slopes in found]),
        )

    def at(
        self, mean: Float[np.ndarray, "*#shape"], which: Int[np.ndarray, "*#shape"]
    ) -> Float[np.ndarray, "*shape"]:
        """Return the location for each mean, of the omega with this number.

        A mean within a ten-millionth of zero or one is taken as that far from it.

        Units   1
        """
        inside = np.clip(mean, _LEAST, 1.0 - _LEAST)
        x = (np.log(inside / (1.0 - inside)) + _EDGE) * (1.0 / _STEP)
        place = np.minimum(x.astype(np.int64), _STEPS - 1)
        s = x - place
        left = place + which * (_STEPS + 1)
        v0, v1 = self.values[left], self.values[left + 1]
        d0, d1 = self.slopes[left], self.slopes[left + 1]
        rise = v1 - v0
        return v0 + s * (d0 + s * ((3.0 * rise - 2.0 * d0 - d1) + s * (d0 + d1 - 2.0 * rise)))


_LEAST = 1.0 / (1.0 + np.exp(_EDGE))


def _table(omega: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the location and its slope at each logit of the mean, by guarded Newton steps."""
    logit = np.linspace(-_EDGE, _EDGE, _STEPS + 1)
    wanted, reach = expit(logit), 1.0 + omega**2
    low, high = np.minimum(logit, 0.0) * reach - 1.0, np.maximum(logit, 0.0) * reach + 1.0
    loc = logit
    for _ in range(_ROUNDS):
        mean, slope = _mean(loc, omega)
        low, high = np.where(mean < wanted, loc, low), np.where(mean < wanted, high, loc)
        step = loc - (mean - wanted) / slope
        better = np.where((step > low) & (step < high), step, 0.5 * (low + high))
        is_still = np.max(np.abs(better - loc)) < _CLOSE
        loc = better
        if is_still:
            break
    _, slope = _mean(loc, omega)
    return loc, wanted * (1.0 - wanted) / slope * _STEP


def _mean(loc: np.ndarray, omega: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean share at each location, and its slope."""
    share = expit(loc[:, None] + omega * _Z)
    return share @ _WEIGHT, (share * (1.0 - share)) @ _WEIGHT
