"""A thousand syntheses of 30 studies, by REML with Hartung-Knapp intervals, all at once.

The same work in the same process by two peers, for as many as there is patience: PyMARE (REML,
whose errors are Hartung and Knapp's) and statsmodels (Paule-Mandel, as it has no REML), which pool
one at a time. The answers are compared, so that a fast wrong one would show; beside them the time
of twice as many, to see what the cost grows with.
"""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable
from typing import TypeVar

import numpy as np
from statsmodels.stats.meta_analysis import combine_effects

from ketherapy.evidence.effects import Effects, Measure
from ketherapy.evidence.synthesis import Interval, Pooled, Tau2, pool

with warnings.catch_warnings():  # PyMARE leaves a file of its package open while it is imported
    warnings.simplefilter("ignore", ResourceWarning)
    from pymare import Dataset
    from pymare.estimators import VarianceBasedLikelihoodEstimator

SYNTHESES, STUDIES, PYMARE, STATSMODELS = 1000, 30, 100, 300
BAR = 1.0  # [s] for the thousand
SEED = 11
Found = TypeVar("Found")


def made(count: int) -> Effects:
    """Return random studies around 0.4, with a variance of 0.05 between them."""
    rng = np.random.Generator(np.random.Philox(key=SEED))
    v = rng.uniform(0.02, 0.3, (count, STUDIES))
    y = rng.normal(0.4, np.sqrt(v + 0.05))
    labels = tuple(f"study {place + 1}" for place in range(STUDIES))
    return Effects(measure=Measure.SMD, y=y, v=v, labels=labels)


def timed(work: Callable[[], Found]) -> tuple[float, Found]:
    """Return the seconds that ``work`` takes, and what it returns."""
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def ours(effects: Effects, method: Tau2 = Tau2.REML) -> Pooled:
    """Return all syntheses at once."""
    return pool(effects, tau2=method, interval=Interval.HKSJ)


def pymare(effects: Effects) -> np.ndarray:
    """Return tau2 and estimate of the first PYMARE syntheses, one at a time."""
    found = []
    for y, v in zip(effects.y[:PYMARE], effects.v[:PYMARE], strict=True):
        estimator = VarianceBasedLikelihoodEstimator(method="REML")
        estimator.fit_dataset(Dataset(y=y[:, None], v=v[:, None]))
        summary = estimator.summary()
        found.append([np.squeeze(summary.tau2), np.squeeze(summary.get_fe_stats()["est"])])
    return np.array(found)


def statsmodels(effects: Effects) -> np.ndarray:
    """Return tau2, estimate and Hartung-Knapp error of the first STATSMODELS syntheses."""
    found = []
    for y, v in zip(effects.y[:STATSMODELS], effects.v[:STATSMODELS], strict=True):
        one = combine_effects(y, v, method_re="iterated", use_t=True)
        found.append([one.tau2, one.mean_effect_re, one.sd_eff_w_re_hksj])
    return np.array(found)


def apart(found: np.ndarray, *figures: object) -> float:
    """Return the largest difference between the columns found and our figures."""
    beside = np.stack([np.asarray(figure)[: len(found)] for figure in figures], axis=1)
    return float(np.abs(found - beside).max())


def main() -> None:
    """Run everything and print it."""
    load = os.getloadavg()[0]
    effects, twice = made(SYNTHESES), made(2 * SYNTHESES)
    ours(made(10))
    seconds = min(timed(lambda: ours(effects))[0] for _ in range(3))
    double = min(timed(lambda: ours(twice))[0] for _ in range(3))
    reml, (paule, mandel) = ours(effects), timed(lambda: ours(effects, Tau2.PM))
    theirs, first = timed(lambda: pymare(effects))
    others, second = timed(lambda: statsmodels(effects))
    print(f"load before the run {load:.2f} on {os.cpu_count()} cores; one process")
    print(
        f"{SYNTHESES:,} syntheses of {STUDIES} studies, REML and Hartung-Knapp: {seconds:.3f} s;"
        f" bar {BAR:.0f} s: {'met' if seconds < BAR else 'MISSED'}; twice as many {double:.3f} s"
    )
    print(
        f"PyMARE, REML: {theirs / PYMARE * 1e3:.2f} ms each, ours {seconds / SYNTHESES * 1e3:.3f}"
        f" ms: ratio {theirs / PYMARE / (seconds / SYNTHESES):.0f}; tau2 and estimates agree to"
        f" {apart(first, reml.tau2, reml.estimate):.1e}"
    )
    print(
        f"statsmodels, Paule-Mandel: {others / STATSMODELS * 1e3:.2f} ms each, ours"
        f" {paule / SYNTHESES * 1e3:.3f} ms: ratio"
        f" {others / STATSMODELS / (paule / SYNTHESES):.0f}; tau2, estimates and errors agree to"
        f" {apart(second, mandel.tau2, mandel.estimate, mandel.se):.1e}"
    )


if __name__ == "__main__":
    main()
