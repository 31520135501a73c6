"""The studies of many syntheses at once, weighted by the inverse of their variances.

Here one axis holds all syntheses, however many axes they came in and go out with. Each synthesis
may use some of the studies only, so that leaving one out needs no other arrays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from ketherapy.evidence.effects.measures import Effects

Values = Float[np.ndarray, "run study"]
Each = Float[np.ndarray, " run"]
Figure = float | Float[np.ndarray, "*runs"]  # of one synthesis, or of each of many
Included = Bool[np.ndarray, "*runs study"]


def in_axes(x: Each, runs: tuple[int, ...]) -> Figure:
    """Return ``x`` in these axes, or as a number where there is none."""
    return x.reshape(runs) if runs else float(x[0])


@dataclass(frozen=True, slots=True)
class Moments:
    """The weighted mean at one tau2 and the squares around it, with ``w = 1 / (v + tau2)``."""

    mean: Each
    W: Each  # sum of w
    W2: Each  # sum of w squared
    Q: Each  # sum of w r squared, r the distance from the mean
    Q2: Each  # sum of w squared r squared


@dataclass(frozen=True, slots=True)
class Studies:
    """Effects, variances, and which of them each synthesis uses."""

    y: Values
    v: Values
    is_in: Bool[np.ndarray, "run study"]
    runs: tuple[int, ...]  # the axes of syntheses

    @classmethod
    def of(cls, effects: Effects, is_in: Included | None = None) -> Studies:
        """Return the studies of these effects, or those of them that are ``is_in``."""
        every = np.ones(effects.y.shape, bool) if is_in is None else is_in
        y, v, every = np.broadcast_arrays(effects.y, effects.v, every)
        flat = (-1, y.shape[-1])
        return cls(y.reshape(flat), v.reshape(flat), every.reshape(flat), y.shape[:-1])

    def figure(self, x: Each) -> Figure:
        """Return ``x`` in the axes that the syntheses came in, or as a number of one."""
        return in_axes(x, self.runs)

    @property
    def count(self) -> int | Int[np.ndarray, "*runs"]:
        """Return the number of studies in the axes that the syntheses came in."""
        k = self.is_in.sum(axis=-1)
        return k.reshape(self.runs) if self.runs else int(k[0])

    def table(self, x: Values) -> Float[np.ndarray, "*runs study"]:
        """Return ``x`` of each study in the axes that the syntheses came in."""
        return x.reshape(*self.runs, x.shape[-1])

    @property
    def k(self) -> Each:
        """Return the number of studies of each synthesis."""
        return np.asarray(self.is_in.sum(axis=-1), float)

    def weights(self, tau2: Each) -> Values:
        """Return one over the variance of each effect around the common mean.

        Units   tau2 as the variances
        """
        return self.is_in / (self.v + tau2[..., None])

    def moments(self, tau2: Each) -> Moments:
        """Return the weighted mean and the squares around it.

        Units   tau2 as the variances
        """
        w = self.weights(tau2)
        W = np.asarray(w.sum(axis=-1))
        mean = np.asarray((w * self.y).sum(axis=-1) / W)
        w_r = w * (self.y - mean[..., None])
        return Moments(
            mean=mean,
            W=W,
            W2=np.asarray((w * w).sum(axis=-1)),
            Q=np.asarray((w_r * (self.y - mean[..., None])).sum(axis=-1)),
            Q2=np.asarray((w_r * w_r).sum(axis=-1)),
        )

    def log_weight(self, tau2: Each) -> Each:
        """Return the sum of the logarithms of the weights.

        Units   tau2 as the variances
        """
        logs = np.log(self.v + tau2[..., None])
        return np.asarray(-np.where(self.is_in, logs, 0.0).sum(axis=-1))
