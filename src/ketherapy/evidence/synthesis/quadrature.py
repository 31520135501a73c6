"""The posterior of tau on nodes, for many syntheses at once, and mixtures of normals over them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy import special

from ketherapy.evidence.synthesis.studies import Each

_COARSE = np.concatenate([[0.0], np.geomspace(1e-8, 1.0, 240)])  # of the largest tau
_DEEP = 45.0  # below the highest log density, where nothing is left to integrate
_PANELS, _POINTS = 32, 20
_HALVINGS = 80
Nodes = Float[np.ndarray, "run node"]
Curve = Callable[[Each], Each]


def nodes(log_density: Curve, *, bound: Each, near: Each) -> tuple[Nodes, Nodes]:
    """Return places between 0 and ``bound`` and their shares of the density, which sum to 1.

    They lie evenly in ``asinh(tau / near)``: close together near 0, far apart far out, and nowhere
    beyond what there is.

    Units   tau, bound and near alike
    Source  derived: Gauss-Legendre quadrature in panels
    """
    low, high = _where(log_density, bound)
    start, end = np.arcsinh(low / near), np.arcsinh(high / near)
    x, w = _panels()
    u = start[:, None] + (end - start)[:, None] * x
    tau = near[:, None] * np.sinh(u)
    logs = np.stack([log_density(one) for one in tau.T], axis=1)
    weights = np.exp(logs - logs.max(axis=1, keepdims=True)) * np.cosh(u) * w
    return tau, weights / weights.sum(axis=1, keepdims=True)


def _where(log_density: Curve, bound: Each) -> tuple[Each, Each]:
    logs = np.stack([log_density(bound * ratio) for ratio in _COARSE], axis=1)
    matters = logs > logs.max(axis=1, keepdims=True) - _DEEP
    first = np.maximum(matters.argmax(axis=1) - 1, 0)
    last = np.minimum(len(_COARSE) - matters[:, ::-1].argmax(axis=1), len(_COARSE) - 1)
    return bound * _COARSE[first], bound * _COARSE[last]


def _panels() -> tuple[Float[np.ndarray, " node"], Float[np.ndarray, " node"]]:
    x, w = np.polynomial.legendre.leggauss(_POINTS)
    places = (np.arange(_PANELS)[:, None] + 0.5 * (x + 1.0)) / _PANELS
    return places.ravel(), np.tile(w, _PANELS)


@dataclass(frozen=True, slots=True)
class Mixture:
    """Normals with these shares."""

    share: Nodes
    mean: Nodes
    sd: Nodes

    def below(self, x: Each) -> Each:
        """Return the probability of less than ``x``."""
        z = (x[:, None] - self.mean) / self.sd
        return (self.share * special.ndtr(z)).sum(axis=1)

    def density(self, x: Each) -> Each:
        """Return the density at ``x``."""
        z = (x[:, None] - self.mean) / self.sd
        shape = np.exp(-0.5 * z * z) / (self.sd * np.sqrt(2.0 * np.pi))
        return (self.share * shape).sum(axis=1)

    @property
    def centre(self) -> Each:
        """Return the mean."""
        return (self.share * self.mean).sum(axis=1)

    @property
    def spread(self) -> Each:
        """Return the standard deviation."""
        away = self.mean - self.centre[:, None]
        return np.sqrt((self.share * (self.sd**2 + away**2)).sum(axis=1))

    def quantile(self, p: float) -> Each:
        """Return what a fraction ``p`` is below."""
        z = special.ndtri(p)
        ends = self.mean + z * self.sd
        held = self.share > 0.0
        low = np.where(held, ends, np.inf).min(axis=1)
        high = np.where(held, ends, -np.inf).max(axis=1)
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            under = self.below(middle) < p
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        return 0.5 * (low + high)


def node_quantile(places: Nodes, share: Nodes, p: float) -> Each:
    """Return the place that a fraction ``p`` lies below, between the two nodes around it.

    Units   those of the places
    Source  derived: each node stands for half its share on either side
    """
    below = np.cumsum(share, axis=1) - 0.5 * share
    after = np.clip((below < p).sum(axis=1), 1, places.shape[1] - 1)[:, None]
    ends = [
        np.take_along_axis(a, after - shift, axis=1)[:, 0]
        for a in (below, places)
        for shift in (1, 0)
    ]
    before, behind, low, high = ends
    part = np.clip((p - before) / np.maximum(behind - before, np.finfo(float).tiny), 0.0, 1.0)
    return low + part * (high - low)
