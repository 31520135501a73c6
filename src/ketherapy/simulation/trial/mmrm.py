"""The mixed model for repeated measures: many trials at once, by restricted maximum likelihood.

Changes at all visits analysed, with arm and baseline apart at each visit and one unstructured
covariance over the visits. Ratings that are missing are left out, not made up. The likelihood is
climbed by scoring with its exact gradient, and by an expectation step wherever scoring would leave
the covariances; degrees of freedom are Satterthwaite's.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from ketherapy.simulation.trial.ancova import Contrast, contrast

_ROUNDS = 200  # of scoring or expectation, at most
_CLOSE = 1e-9  # of the covariance, relative to its diagonal
_FIRST = 3  # rounds of expectation before scoring: far from the answer they are surer
_SCORED = 40  # visits up to which scoring is the shorter way: its cost grows with their sixth power
_IN_CACHE = 2**19  # entries of people's covariances worked on at once

Square = Float[np.ndarray, "replicate visit visit"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fit:
    """The fits of some trials."""

    beta: Float[np.ndarray, "replicate term visit"]  # mean, arms, baseline at each visit [points]
    Sigma: Square  # covariance over the visits [points^2]
    Phi: Float[np.ndarray, "replicate effect effect"]  # of beta, term by term
    has_converged: Bool[np.ndarray, " replicate"]
    contrast: Contrast  # at the visit asked for


@dataclass(frozen=True, kw_only=True, slots=True)
class _Data:
    """Trials side by side."""

    x: Float[np.ndarray, "replicate person term"]
    y: Float[np.ndarray, "replicate person visit"]  # nothing where not rated
    is_rated: Bool[np.ndarray, "replicate person visit"]

    @property
    def free(self) -> Float[np.ndarray, " replicate"]:
        """Return the people left after the means: those never rated say nothing."""
        return self.is_rated.any(axis=2).sum(axis=1) - float(self.x.shape[2])

    def of(self, which: np.ndarray) -> _Data:
        """Return the data of some trials."""
        return _Data(x=self.x[which], y=self.y[which], is_rated=self.is_rated[which])


@dataclass(frozen=True, kw_only=True, slots=True)
class _Step:
    """What the likelihood is made of at one covariance."""

    beta: np.ndarray  # (replicate, term, visit)
    Phi: np.ndarray  # (replicate, term * visit, term * visit)
    W: np.ndarray  # inverse covariance of what was rated, nothing elsewhere
    G: np.ndarray  # twice the gradient


def mmrm(
    change: Float[np.ndarray, "replicate person visit"],
    baseline: Float[np.ndarray, "replicate person"],
    is_rated: Bool[np.ndarray, "replicate person visit"],
    *,
    starts: Int[np.ndarray, " arm"],
    at: int,
    alpha: float,
) -> Fit:
    """Return the fits, and every arm against the first at visit number ``at``.

    Where a trial says too little, or its fit does not converge, the contrast is NaN, and
    ``has_converged`` says so.

    Units   points
    Source  ketherapy
    """
    data = _Data(x=_design(baseline, starts), y=np.where(is_rated, change, 0.0), is_rated=is_rated)
    can = _can_be_fitted(data, starts)
    size = max(1, _IN_CACHE // (data.y.shape[1] * data.y.shape[2] ** 2))
    fitted = np.flatnonzero(can)
    parts = [
        _fit(data.of(fitted[first : first + size]), len(starts), at=at, alpha=alpha)
        for first in range(0, max(len(fitted), 1), size)
    ]
    return _gathered(parts, can)


def _gathered(parts: list[Fit], can: Bool[np.ndarray, " replicate"]) -> Fit:
    """Return the fits of all trials, those that could not be fitted among them."""
    contrasts = [
        _spread([getattr(part.contrast, field.name) for part in parts], can)
        for field in fields(Contrast)
    ]
    return Fit(
        beta=_spread([part.beta for part in parts], can),
        Sigma=_spread([part.Sigma for part in parts], can),
        Phi=_spread([part.Phi for part in parts], can),
        has_converged=_spread([part.has_converged.astype(float) for part in parts], can) == 1.0,
        contrast=Contrast(*contrasts),
    )


def _can_be_fitted(data: _Data, starts: np.ndarray) -> Bool[np.ndarray, " replicate"]:
    """Return where each arm has two people at each visit, and more are left than visits."""
    seen = np.add.reduceat(data.is_rated.astype(int), starts, axis=1)
    return (seen >= 2).all(axis=(1, 2)) & (data.free > data.y.shape[2])


def _spread(parts: list[np.ndarray], can: Bool[np.ndarray, " replicate"]) -> np.ndarray:
    """Return what was found where it could be, NaN elsewhere."""
    every = np.full((len(can), *parts[0].shape[1:]), np.nan)
    every[can] = np.concatenate(parts)
    return every


def _fit(data: _Data, arms: int, *, at: int, alpha: float) -> Fit:
    Sigma, has_converged = _climbed(data)
    last = _step(data, Sigma)
    found = _contrast(data, last, arms, at, alpha, has_converged)
    return Fit(
        beta=last.beta, Sigma=Sigma, Phi=last.Phi, has_converged=has_converged, contrast=found
    )


def _design(baseline: np.ndarray, starts: np.ndarray) -> Float[np.ndarray, "replicate person term"]:
    count, n = baseline.shape
    arm = np.searchsorted(starts, np.arange(n), side="right") - 1
    fixed = [np.ones(n), *((arm == k).astype(float) for k in range(1, len(starts)))]
    centred = baseline - baseline.mean(axis=1, keepdims=True)
    return np.stack([*(np.broadcast_to(v, (count, n)) for v in fixed), centred], axis=2)


def _climbed(data: _Data) -> tuple[Square, Bool[np.ndarray, " replicate"]]:
    """Return the covariance of each trial at the top of its likelihood."""
    Sigma = _first(data)
    is_open = np.ones(len(Sigma), bool)
    for round_ in range(_ROUNDS if len(Sigma) else 0):
        some = data.of(is_open)
        moved = _moved(
            some, Sigma[is_open], is_early=round_ < _FIRST or len(data.y[0, 0]) > _SCORED
        )
        size = np.diagonal(moved, axis1=1, axis2=2).max(axis=1)
        far = np.abs(moved - Sigma[is_open]).max(axis=(1, 2)) / size
        Sigma[is_open] = moved
        is_open[is_open] = ~(far < _CLOSE)
        if not is_open.any():
            break
    return Sigma, ~is_open


def _first(data: _Data) -> Square:
    """Return a start: the variance of what was rated at each visit, no covariance."""
    w = data.is_rated.astype(float)
    n = np.maximum(w.sum(axis=1), 1.0)
    mean = data.y.sum(axis=1) / n
    variance = (w * (data.y - mean[:, None]) ** 2).sum(axis=1) / n
    positive = np.where(variance > 0.0, variance, 1.0)
    return positive[..., None] * np.eye(w.shape[2])


def _moved(data: _Data, Sigma: Square, *, is_early: bool) -> Square:
    """Return a better covariance: by scoring where that stays one, else by expectation."""
    step = _step(data, Sigma)
    expected = _symmetric(Sigma + Sigma @ step.G @ Sigma / data.free[:, None, None])
    if is_early:
        return expected
    scored = _symmetric(Sigma + _direction(data, step))
    least = np.linalg.eigvalsh(scored)[:, 0]
    size = np.diagonal(Sigma, axis1=1, axis2=2).min(axis=1)
    return np.where((least > 1e-4 * size)[:, None, None], scored, expected)


def _step(data: _Data, Sigma: Square) -> _Step:
    W = _inverses(Sigma, data.is_rated)
    R, n, V = data.y.shape
    q = data.x.shape[2]
    flat = W.reshape(R, n, V * V)
    pairs = (data.x[..., :, None] * data.x[..., None, :]).reshape(R, n, q * q)
    information = np.swapaxes(pairs, 1, 2) @ flat  # (R, q q, V V)
    square = information.reshape(R, q, q, V, V).transpose(0, 1, 3, 2, 4).reshape(R, q * V, q * V)
    Phi = np.linalg.inv(square)
    right = np.swapaxes(data.x, 1, 2) @ _applied(W, data.y)  # (R, q, V)
    beta = (Phi @ right.reshape(R, q * V, 1)).reshape(R, q, V)
    e = np.where(data.is_rated, data.y - data.x @ beta, 0.0)
    We = _applied(W, e)
    G = np.swapaxes(We, 1, 2) @ We - W.sum(axis=1) + _fitted(data, W, Phi)
    return _Step(beta=beta, Phi=Phi, W=W, G=G)


def _applied(W: np.ndarray, v: np.ndarray) -> np.ndarray:
    return (W @ v[..., None])[..., 0]


def _inverses(Sigma: Square, is_rated: np.ndarray) -> np.ndarray:
    """Return the inverse of the covariance of what each person was rated at, zeros elsewhere."""
    both = np.logical_and(is_rated[..., :, None], is_rated[..., None, :])
    # what is missing is set apart as a unit block, and taken out again
    padded = np.where(both, Sigma[:, None], np.eye(Sigma.shape[1]))
    return np.where(both, np.linalg.inv(padded), 0.0)


def _fitted(data: _Data, W: np.ndarray, Phi: np.ndarray) -> Square:
    """Return the sum over people of W X Phi X' W: what estimating the means takes away."""
    R, n, V = data.y.shape
    q = data.x.shape[2]
    blocks = Phi.reshape(R, q, V, q, V).transpose(0, 1, 3, 2, 4).reshape(R, q * q, V * V)
    pairs = (data.x[..., :, None] * data.x[..., None, :]).reshape(R, n, q * q)
    spread = (pairs @ blocks).reshape(R, n, V, V)
    return (W @ spread @ W).sum(axis=1)


def _direction(data: _Data, step: _Step) -> Square:
    """Return the scoring step: the gradient over the information of the covariance."""
    pairs = _pairs(step.G.shape[1])
    moved = np.linalg.solve(_information(data, step.W), pairs.folded(step.G)[..., None])
    return moved[..., 0][:, pairs.place]


def _information(data: _Data, W: np.ndarray) -> np.ndarray:
    """Return twice the information of the distinct covariances (lower triangle).

    It is that of people whose means are known, cut down to the people left after the means:
    exact where nothing is missing.
    """
    pairs = _pairs(W.shape[2])
    lower = W[..., pairs.row, pairs.column]
    both = np.swapaxes(lower, 1, 2) @ lower  # sums over people of products of two entries of W
    (a, b), (c, d) = ((axis[:, None], axis) for axis in (pairs.row, pairs.column))
    found = both[:, pairs.place[a, b], pairs.place[c, d]]
    found += both[:, pairs.place[a, d], pairs.place[c, b]]
    left = data.free / (data.free + data.x.shape[2])
    return 2.0 * left[:, None, None] * pairs.weight[:, None] * pairs.weight * found


class _Pairs(NamedTuple):
    """The distinct entries of a symmetric matrix."""

    row: np.ndarray
    column: np.ndarray
    place: np.ndarray  # of each entry of the matrix among them
    weight: np.ndarray  # a half on the diagonal, which is there once, one elsewhere

    def folded(self, square: np.ndarray) -> np.ndarray:
        """Return the sum of the entries that are one and the same."""
        return 2.0 * self.weight * square[:, self.row, self.column]


@lru_cache(maxsize=16)
def _pairs(V: int) -> _Pairs:
    row, column = np.tril_indices(V)
    place = np.empty((V, V), int)
    place[row, column] = place[column, row] = np.arange(len(row))
    return _Pairs(row, column, place, np.where(row == column, 0.5, 1.0))


def _symmetric(square: Square) -> Square:
    return 0.5 * (square + np.swapaxes(square, 1, 2))


def _contrast(
    data: _Data, step: _Step, arms: int, at: int, alpha: float, has_converged: np.ndarray
) -> Contrast:
    V = data.y.shape[2]
    places = [arm * V + at for arm in range(1, arms)]
    difference = step.beta[:, 1:arms, at]
    variance = np.stack([step.Phi[:, place, place] for place in places], axis=1)
    df = np.stack([_satterthwaite(data, step, place) for place in places], axis=1)
    lost = np.where(has_converged, 0.0, np.nan)[:, None]
    return contrast(difference + lost, np.sqrt(variance), df, alpha=alpha)


def _satterthwaite(data: _Data, step: _Step, place: int) -> Float[np.ndarray, " replicate"]:
    """Return the degrees of freedom of one effect: twice its variance squared over that of it.

    Where nothing is missing they are those of the covariance analysis.
    """
    R, _, V = data.y.shape
    own = step.Phi[:, place].reshape(R, data.x.shape[2], V)  # Phi c, also of no trial at all
    pulled = _applied(step.W, data.x @ own)  # W X Phi c of each person
    gradient = np.swapaxes(pulled, 1, 2) @ pulled  # of the variance, by each covariance
    g = _pairs(V).folded(gradient)[..., None]
    inverse = np.linalg.solve(_information(data, step.W), g)
    spread = 2.0 * (np.swapaxes(g, 1, 2) @ inverse)[:, 0, 0]
    return 2.0 * step.Phi[:, place, place] ** 2 / spread
