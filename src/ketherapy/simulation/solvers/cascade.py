"""What follows from levels: linear blocks behind non-linear links, one after another.

A link is sampled at eight Gauss points on each of a few panels and is, between them, the
polynomial through its samples. The linear block that it drives is then propagated exactly: its
exponential is integrated against that polynomial in closed form, however fast or slow the block
is. Panels follow the doses and double in width behind each, so that a year after the last dose
costs no more than a week; where the polynomial does not resolve a link, its panel is halved.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy.polynomial import legendre

from ketherapy.errors import SolverError
from ketherapy.pharmacology.compartments import Array, Param

POINTS = 8  # Gauss points on a panel
_FIRST = 10.0 / 60.0  # [h] width of the first panel behind an edge; each next one is twice as wide
_ROUNDS = 30  # halvings of one panel
_MOST = 500  # times as many panels as at first: a link that needs more is no smooth one
_TERMS = 14  # of the series of a moment, for a panel shorter than the block's own time
_HIGHEST = 2  # Legendre coefficients that must have died away

_NODES, _GAUSS = legendre.leggauss(POINTS)
_NODES, _GAUSS = 0.5 * (_NODES + 1.0), 0.5 * _GAUSS


def _to_powers() -> np.ndarray:
    """Return what turns samples at the Gauss points into coefficients of the powers of s."""
    return np.linalg.inv(np.vander(_NODES, POINTS, increasing=True))


def _to_legendre() -> np.ndarray:
    """Return what turns samples into Legendre coefficients, by Gauss quadrature."""
    values = legendre.legvander(2.0 * _NODES - 1.0, POINTS - 1)
    return (values * _GAUSS[:, None]).T * (2.0 * np.arange(POINTS)[:, None] + 1.0)


_POWERS, _LEGENDRE = _to_powers(), _to_legendre()


def namespace(*values: object) -> ModuleType:
    """Return numpy where every value is its own or plain, else jax.numpy, loaded then."""
    if all(isinstance(value, np.ndarray | np.generic | float | int) for value in values):
        return np
    import jax.numpy as jnp

    return jnp


Sample = Callable[[Float[np.ndarray, " moment"]], Array]


class Panels(NamedTuple):
    """Stretches of time, end to end."""

    start: np.ndarray  # [h]
    width: np.ndarray  # [h]

    @property
    def nodes(self) -> np.ndarray:
        """Return the Gauss points of each panel [h]; shape (panel, point)."""
        return self.start[:, None] + self.width[:, None] * _NODES

    @property
    def end(self) -> float:
        """Return where the last one ends [h]."""
        return float(self.start[-1] + self.width[-1])

    def holding(self, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the panel that holds each time, and how far into it that is, from 0 to 1."""
        place = np.clip(np.searchsorted(self.start, t, side="right") - 1, 0, len(self.start) - 1)
        return place, (t - self.start[place]) / self.width[place]


Then = Callable[[Panels, Array], Sequence[Array]]


class Filtered(NamedTuple):
    """The course of a linear block y' = f - rate y, from nothing at the start."""

    panels: Panels
    driver: Array  # f at the nodes; (*patients, panel, point)
    rate: Param  # [1/h]
    starts: Array  # y at each panel's start; (*patients, panel)
    inner: Array  # y at the nodes; (*patients, panel, point)

    def at(self, t: Float[np.ndarray, " time"]) -> Array:
        """Return the block at any times within the panels; shape (*patients, time).

        Units   t h
        """
        xp = namespace(self.driver, self.rate)
        place, s = self.panels.holding(t)
        h = self.panels.width[place]
        z = _column(self.rate) * h
        came = xp.sum(_weights(z, s, xp) * self.driver[..., place, :], axis=-1)
        return xp.exp(-z * s) * self.starts[..., place] + h * came


def panels(edges: Float[np.ndarray, " edge"], until: float) -> Panels:
    """Return panels from the first edge to ``until``: narrow behind each edge, then ever wider.

    Units   h
    Source  ketherapy
    """
    edges = np.unique(edges[edges < until])
    marks = [edges, np.array([until])]
    for edge, following in zip(edges, [*edges[1:], until], strict=True):
        steps = max(0, math.ceil(math.log2(max((following - edge) / _FIRST, 1.0))))
        ladder = edge + _FIRST * (2.0 ** np.arange(1, steps + 1) - 1.0)
        # the last stretch is no shorter than half of the one before
        marks.append(ladder[ladder + 0.5 * (ladder - edge) < following])
    ends = np.unique(np.concatenate(marks))
    ends = ends[np.append(np.diff(ends) > 1e-9, True)]
    return Panels(ends[:-1], np.diff(ends))


def halved(over: Panels, which: Int[np.ndarray, " coarse"]) -> Panels:
    """Return the panels with some of them cut in two.

    Units   h
    """
    middles = over.start[which] + 0.5 * over.width[which]
    starts = np.sort(np.concatenate([over.start, middles]))
    return Panels(starts, np.diff(np.append(starts, over.end)))


def resolved(
    sample: Sample, over: Panels, *, then: Then | None = None, rtol: float = 1e-5
) -> tuple[Panels, Array]:
    """Return panels on which ``sample`` is a polynomial, and its values at their nodes.

    ``sample`` gives values at any times; patients lead. ``then`` gives the later links of the
    cascade at the nodes, which must be resolved too. The two highest coefficients on a panel must
    be below ``rtol`` of the largest sample of that patient, and what they could add to an
    integral below ``rtol`` of the largest that any panel adds.

    Shapes  the values are (*patients, panel, point)
    Units   h
    Source  ketherapy
    Errors  SolverError where halving does not help
    """
    found, most = _sampled(sample, over), _MOST * len(over.start)
    for _ in range(_ROUNDS):
        links = (found, *(then(over, found) if then else ()))
        coarse = np.any([_coarse(np.asarray(link), over, rtol) for link in links], axis=0)
        if not coarse.any():
            return over, found
        if len(over.start) + coarse.sum() > most:
            break
        finer = halved(over, np.flatnonzero(coarse))
        is_new = np.ones(len(finer.start), bool)
        kept = np.isin(finer.start, over.start[~coarse])
        is_new[kept] = False
        both = np.empty((*found.shape[:-2], len(finer.start), POINTS))
        both[..., kept, :] = found[..., ~coarse, :]
        both[..., is_new, :] = _sampled(sample, Panels(finer.start[is_new], finer.width[is_new]))
        over, found = finer, both
    raise SolverError(f"cascade: expected a link that panels resolve to {rtol:g}, got none.")


def _sampled(sample: Sample, over: Panels) -> np.ndarray:
    values = np.asarray(sample(over.nodes.ravel()))
    return values.reshape(*values.shape[:-1], len(over.start), POINTS)


def _coarse(found: np.ndarray, over: Panels, rtol: float) -> np.ndarray:
    tail = np.abs(found @ _LEGENDRE[-_HIGHEST:].T).sum(axis=-1)
    size = np.abs(found).max(axis=-1)
    area = (np.abs(found) @ _GAUSS) * over.width
    # a link that is nothing at all is resolved; one that is no number is not
    is_fine = tail <= rtol * np.maximum(size.max(axis=-1, keepdims=True), 1e-300)
    is_fine &= tail * over.width <= rtol * np.maximum(area.max(axis=-1, keepdims=True), 1e-300)
    is_rough = ~is_fine
    return is_rough.reshape(-1, is_rough.shape[-1]).any(axis=0)


def area(over: Panels, driver: Array) -> Array:
    """Return the integral of ``driver`` over all panels.

    Shapes  driver (*patients, panel, point); result (*patients)
    Units   driver times h
    Source  ketherapy
    """
    return ((driver @ _GAUSS) * over.width).sum(axis=-1)


def filtered(over: Panels, driver: Array, rate: Param) -> Filtered:
    """Return the linear block y' = f - rate y that ``driver`` drives, from y = 0.

    Differentiable in ``driver`` and ``rate``.

    Shapes  driver (*patients, panel, point); rate a number or one for each patient
    Units   rate 1/h
    Source  ketherapy
    """
    xp = namespace(driver, rate)
    z = _column(rate) * over.width
    ends = (
        over.width
        * _weighted(_weights(z, np.ones(len(over.width)), xp)[..., None, :], driver)[..., 0]
    )
    starts = _accumulated(xp.exp(-z), ends, xp)
    each = _weights(z[..., None], _NODES, xp)  # (*patients, panel, point, point)
    came = _weighted(each, driver)
    fallen = xp.exp(-z[..., None] * _NODES)
    inner = fallen * starts[..., None] + over.width[:, None] * came
    return Filtered(over, driver, rate, starts, inner)


def _weighted(weights: Array, driver: Array) -> Array:
    """Return the sum over samples of each weight times the driver.

    Shapes  weights (*patients, panel, wanted, point), driver (*patients, panel, point)
    """
    if np.ndim(weights) == 3 and np.ndim(driver) == 3:
        # the same weights for everybody: one product of matrices for each panel
        return (driver.swapaxes(0, 1) @ weights.swapaxes(-1, -2)).swapaxes(0, 1)
    return (weights @ driver[..., None])[..., 0]


def _weights(z: Array, s: np.ndarray, xp: ModuleType) -> Array:
    """Return the weight of each sample in the integral from 0 to s of exp(-z (s - u)) f(u) du.

    Shapes  z (*patients, ...) and s broadcast; a last axis of POINTS is added
    """
    m = _moments(z * s, xp)
    powers = s[..., None] ** np.arange(1, POINTS + 1)
    return (m * powers) @ _POWERS


def _moments(x: Array, xp: ModuleType) -> Array:
    """Return k! phi_{k+1}(-x): the integral from 0 to 1 of exp(-x (1 - v)) v^k dv, for each k."""
    is_long = x > 1.0
    far = xp.where(is_long, x, 1.0)
    phi = [xp.exp(-far)]
    for k in range(POINTS):  # upwards, where x is not small
        phi.append((1.0 / math.factorial(k) - phi[k]) / far)
    near = xp.where(is_long, 0.0, -x)
    rest = 1.0 / math.factorial(_TERMS + POINTS) + 0.0 * near
    for j in range(_TERMS - 1, -1, -1):
        rest = near * rest + 1.0 / math.factorial(j + POINTS)
    series = [rest]
    for k in range(POINTS - 1, 0, -1):  # downwards, where it is
        series.insert(0, near * series[0] + 1.0 / math.factorial(k))
    return xp.stack(
        [math.factorial(k) * xp.where(is_long, phi[k + 1], series[k]) for k in range(POINTS)],
        axis=-1,
    )


def _accumulated(decay: Array, came: Array, xp: ModuleType) -> Array:
    """Return the block at each panel's start."""
    decay, came = xp.broadcast_arrays(decay, came)
    if xp is not np:
        return _scanned(decay, came)
    starts = np.zeros(came.shape)
    for k in range(came.shape[-1] - 1):
        starts[..., k + 1] = decay[..., k] * starts[..., k] + came[..., k]
    return starts


def _scanned(decay: Array, came: Array) -> Array:
    import jax
    import jax.numpy as jnp

    def step(y: jax.Array, panel: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        fallen, added = panel
        return fallen * y + added, y

    rows = (jnp.moveaxis(decay, -1, 0), jnp.moveaxis(came, -1, 0))
    _, starts = jax.lax.scan(step, jnp.zeros(came.shape[:-1]), rows)
    return jnp.moveaxis(starts, 0, -1)


def _column(value: Param) -> Param:
    return value[..., None] if np.ndim(value) else value  # pyright: ignore[reportIndexIssue]
