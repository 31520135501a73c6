"""How likely the printed means and SDs of a trial are under the mood model.

The people of an arm keep their placebo and drug shares through time, so that the means of one arm
at several ratings vary together: their covariance is that of the model's people, over their
number. A printed SD counts as the logarithm of a variance with its degrees of freedom, those of
one arm correlated as the ratings are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ketherapy.calibration.mood import moments
from ketherapy.calibration.mood.evidence import Duration, effect_size
from ketherapy.calibration.mood.trials import Difference, Printed, Trial
from ketherapy.pharmacology.compartments import Array, Param
from ketherapy.pharmacology.effects import observed

Number = Param | Array


class People(NamedTuple):
    """How scores of one arm lie, over the times it needs."""

    left: Array  # mean share of the baseline that is left; (time,)
    spread: Array  # its covariance between people; (time, time)


class Piece(NamedTuple):
    """Something printed: how far from expected, and the covariance that it should have."""

    off: Array
    around: Array


class Spread(NamedTuple):
    """What people and ratings differ by."""

    omega_p: Number
    omega_D: Number
    sigma: Number  # [points]


def people(p: Mapping[str, Array], R: Mapping[str, Array], spread: Spread) -> dict[str, People]:
    """Return how the share left lies over the people of each arm; a control has no drug part.

    Shapes  each p and R is (time,), of one arm
    Units   1
    Source  ketherapy
    """
    kept = _kept(p, spread.omega_p)
    taken = _kept(R, spread.omega_D)
    found = {}
    for key, P in kept.items():
        left, square = 1.0 - p[key], moments.second(P)
        if key in R:
            left = left * (1.0 - R[key])
            square = square * moments.second(taken[key])
        found[key] = People(left, square - left[:, None] * left[None, :])
    return found


def _kept(parts: Mapping[str, Array], omega: Number) -> dict[str, Array]:
    """Return what each part leaves at each node; all arms at once, which is far quicker."""
    import jax
    import jax.numpy as jnp

    every = jax.lax.optimization_barrier(jnp.concatenate(list(parts.values())))
    left = jax.lax.optimization_barrier(1.0 - moments.shares(every, omega))
    ends = np.cumsum([len(part) for part in parts.values()])[:-1]
    return dict(zip(parts, jnp.split(left, ends), strict=True))


def pieces(
    trial: Trial, arms: Mapping[str, People], *, M0: Number, M0_sd: float, sigma: Number
) -> list[Piece]:
    """Return what is printed of ``trial`` as pieces that are normal.

    ``M0`` is the baseline where an arm's own was not read.

    Units   points
    Source  ketherapy
    """
    scores = {
        key: _scores(trial, arm, arms[key], M0=M0, M0_sd=M0_sd, sigma=sigma)
        for key, arm in trial.arms.items()
    }
    return [_of_means(trial, scores), *_of_sds(trial, scores)]


def log_likelihood(found: Sequence[Piece]) -> Array:
    """Return the log density of all pieces, as one batch: one by one they take minutes to compile.

    Units   1
    Source  ketherapy
    """
    import jax.numpy as jnp
    from jax.scipy.linalg import solve_triangular

    size = max(len(piece.off) for piece in found)
    missing = [size - len(piece.off) for piece in found]
    off = jnp.stack([jnp.pad(one.off, (0, k)) for one, k in zip(found, missing, strict=True)])
    around = jnp.stack(
        [
            jnp.pad(one.around, (0, k)) + np.diag([0.0] * (size - k) + [1.0] * k)
            for one, k in zip(found, missing, strict=True)
        ]
    )
    root = jnp.linalg.cholesky(around)
    z = solve_triangular(root, off[..., None], lower=True)
    count = sum(len(piece.off) for piece in found)
    logs = jnp.sum(jnp.log(jnp.diagonal(root, axis1=-2, axis2=-1)))
    return -0.5 * jnp.sum(z**2) - logs - 0.5 * count * np.log(2.0 * np.pi)


def log_duration(pool: Duration, response: Array) -> Array:
    """Return how likely two pools are: when one told the effect, and what the other counted.

    ``response`` is that at the first pool's own time, when it is told, when it is lost, and when
    the second counted people.

    Units   1
    Source  kishimoto2016, xu2016
    """
    import jax.numpy as jnp
    from jax.scipy.stats import norm

    size = abs(observed.row(pool.row).mean or 0.0)
    told, lost, late = (size * response[k] / response[0] for k in (1, 2, 3))
    bar = norm.ppf(0.975)  # two-sided 5 %
    se = pool.se.value
    when = norm.logcdf(told / se - bar) + norm.logcdf(bar - lost / se)
    return jnp.asarray(when + norm.logpdf(effect_size(pool.late), late, pool.late.se.value))


class _Scores(NamedTuple):
    mean: Array  # as printed: change or total; (time,)
    around: Array  # covariance between people, given the baseline; (time, time)
    variance: Array  # of what is printed; (time,)


def _scores(
    trial: Trial, arm: Printed, found: People, *, M0: Number, M0_sd: float, sigma: Number
) -> _Scores:
    own = trial.common if trial.common is not None else arm.baseline
    M0 = M0 if own is None else own
    sd = M0_sd if arm.baseline_sd is None else arm.baseline_sd
    size = len(arm.t)
    around = (M0**2 + sd**2) * found.spread + sigma**2 * np.eye(size)
    factor = found.left if arm.is_total else found.left - 1.0
    baseline = 0.0 if trial.study.is_adjusted else (sd * factor) ** 2
    return _Scores(M0 * factor, around, around[np.arange(size), np.arange(size)] + baseline)


def _of_means(trial: Trial, scores: Mapping[str, _Scores]) -> Piece:
    import jax.numpy as jnp
    from jax.scipy.linalg import block_diag

    picks, seen = _picks(trial)
    mean = jnp.concatenate([found.mean for found in scores.values()])
    around = block_diag(*(scores[key].around / arm.n for key, arm in trial.arms.items()))
    return Piece(seen - picks @ mean, picks @ around @ picks.T)


def _picks(trial: Trial) -> tuple[np.ndarray, np.ndarray]:
    """Return what makes printed means and differences of the arms' means, and those printed."""
    starts = dict(
        zip(trial.arms, np.cumsum([0, *(len(a.t) for a in trial.arms.values())]), strict=False)
    )
    size = sum(len(arm.t) for arm in trial.arms.values())
    rows = [np.eye(size)[starts[key] + k] for key, arm in trial.arms.items() for k in arm.where]
    seen = [mean for arm in trial.arms.values() for mean in arm.mean]
    for row in trial.differences:
        if row.is_fitted:
            of, over = (
                np.eye(size)[starts[key] + np.searchsorted(trial.arms[key].t, row.t)]
                for key in (row.of, row.over)
            )
            rows.append(of - over)
            seen.append(row.mean)
    return np.array(rows), np.array(seen)


def _of_sds(trial: Trial, scores: Mapping[str, _Scores]) -> list[Piece]:
    arms = [_of_arm_sds(arm, scores[key]) for key, arm in trial.arms.items() if arm.sd.size]
    rows = [row for row in trial.differences if not row.is_fitted]
    return arms + [_of_pooled_sd(trial, row, scores) for row in rows]


def _of_arm_sds(arm: Printed, found: _Scores) -> Piece:
    import jax.numpy as jnp

    scale = jnp.sqrt(jnp.diagonal(found.around))
    alike = found.around / (scale[:, None] * scale[None, :])
    spread = (alike**2 / (2.0 * (arm.n - 1)))[np.ix_(arm.where, arm.where)]
    expected = 0.5 * jnp.log(found.variance[arm.where])
    return Piece(np.log(arm.sd) - expected, spread)


def _of_pooled_sd(trial: Trial, row: Difference, scores: Mapping[str, _Scores]) -> Piece:
    import jax.numpy as jnp

    degrees = {key: trial.arms[key].n - 1 for key in (row.of, row.over)}
    pooled: Array = jnp.zeros(())
    for key, df in degrees.items():
        place = np.searchsorted(trial.arms[key].t, row.t)
        pooled = pooled + df * scores[key].around[place, place]
    df = sum(degrees.values())
    off = np.log(row.sd) - 0.5 * jnp.log(pooled / df)
    return Piece(off[None], np.array([[0.5 / df]]))
