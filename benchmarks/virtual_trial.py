"""A virtual trial: 200 people, 28 days, 8 infusions, rated daily, run and analysed 10,000 times.

Simulation and analysis of covariance of every replicate, in one process; then the same work per
replicate by a peer (statsmodels, ordinary least squares, on the same scores), whose answers are
compared so that a fast wrong one would show; the repeated-measures model at five visits beside
them; and the time of half as many replicates, to see what the cost grows with. The levels of the
pool of people are simulated once for each run, and are counted in it.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import statsmodels.api as sm

from ketherapy.simulation.trial import scores
from ketherapy.simulation.trial.design import design
from ketherapy.simulation.trial.planned import World
from ketherapy.simulation.trial.replicate import Outcome, run
from ketherapy.simulation.trial.run_request import RunRequest
from ketherapy.simulation.trial.world import world

REPLICATES, PEER, REPEATED, DAILY = 10_000, 300, 1_000, 10
BAR = 120.0  # [s] for the whole, on two cores


def request(
    replicates: int, *, seed: int, with_mmrm: bool = False, is_daily: bool = False
) -> RunRequest:
    """Return a run of the example design; a seed of its own, so that nothing is remembered."""
    asked = replace(design("example_28_days"), seed=seed)
    if is_daily:  # all 28 visits in the repeated-measures model, in place of the five named
        asked = replace(asked, analysis=replace(asked.analysis, visits=()))
    return RunRequest(design=asked, replicates=replicates, with_mmrm=with_mmrm)


def timed(work: Callable[[], Outcome]) -> tuple[float, Outcome]:
    """Return the seconds that ``work`` takes, and what it returns."""
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def peer(asked: RunRequest, around: World) -> tuple[float, np.ndarray]:
    """Return the seconds statsmodels takes for PEER analyses, and the differences it finds."""
    trial = around.trial
    rated = scores.rated(asked, around, first=0, count=PEER)
    at, arm = trial.primary, (np.arange(trial.n) >= trial.starts[1]).astype(float)
    start = time.perf_counter()
    found = np.empty(PEER)
    for k in range(PEER):
        there = rated.is_rated[k, :, at]
        change = (rated.score[k, :, at] - rated.baseline[k])[there]
        x = sm.add_constant(np.column_stack([arm, rated.baseline[k]])[there])
        fitted = sm.OLS(change, x).fit()
        found[k] = fitted.params[1]
        fitted.conf_int(), fitted.pvalues  # what a trial prints of it
    return time.perf_counter() - start, found


def analysis(asked: RunRequest, around: World) -> float:
    """Return the seconds our analysis of covariance takes for the same PEER replicates."""
    from ketherapy.simulation.trial.ancova import ancova

    trial = around.trial
    rated = scores.rated(asked, around, first=0, count=PEER)
    at = trial.primary
    start = time.perf_counter()
    ancova(
        rated.score[..., at] - rated.baseline, rated.baseline, rated.is_rated[..., at],
        starts=trial.starts, alpha=trial.alpha,
    )  # fmt: skip
    return time.perf_counter() - start


def main() -> None:
    """Run everything and print it."""
    load = os.getloadavg()[0]
    run(request(20, seed=99))  # compiled and read beforehand
    half, _ = timed(lambda: run(request(REPLICATES // 2, seed=3)))
    whole, found = timed(lambda: run(request(REPLICATES, seed=1)))
    asked = request(REPLICATES, seed=1)
    shared, around = time.perf_counter(), world(request(REPLICATES, seed=2))
    shared = time.perf_counter() - shared
    around = world(asked)
    theirs, differences = peer(asked, around)
    ours = analysis(asked, around)
    apart = float(np.max(np.abs(differences - found.found["difference"][:PEER, 0])))
    with_mmrm, _ = timed(lambda: run(request(REPEATED, seed=1, with_mmrm=True)))
    without, _ = timed(lambda: run(request(REPEATED, seed=1)))
    run(request(1, seed=1, is_daily=True))
    daily, _ = timed(lambda: run(request(DAILY, seed=1, with_mmrm=True, is_daily=True)))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    each = (with_mmrm - without) / REPEATED
    print(f"load before the run {load:.2f} on {os.cpu_count()} cores; one process, one thread")
    print(
        f"{REPLICATES:,} replicates simulated and analysed (ANCOVA): {whole:.1f} s, of which"
        f" {shared:.1f} s for the pool; bar {BAR:.0f} s: {'met' if whole < BAR else 'MISSED'}"
    )
    print(f"{REPLICATES // 2:,} replicates: {half:.1f} s; per further replicate"
          f" {(whole - half) / (REPLICATES - REPLICATES // 2) * 1e3:.2f} ms")  # fmt: skip
    print(
        f"ANCOVA alone: statsmodels {theirs / PEER * 1e6:.0f} us, ours {ours / PEER * 1e6:.1f} us"
        f" per replicate, ratio {theirs / ours:.0f}; differences agree to {apart:.1e} points"
    )
    print(
        f"MMRM at 5 visits beside it: {each * 1e3:.1f} ms per replicate,"
        f" {each * REPLICATES:.0f} s for {REPLICATES:,}"
    )
    print(f"MMRM at all 28 visits: {daily / DAILY:.2f} s per replicate ({DAILY} of them)")
    print(f"peak memory {memory:.0f} MiB")


if __name__ == "__main__":
    main()
