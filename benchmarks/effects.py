"""The cascade of effects beside an open ODE engine (diffrax), same equations, same run.

Five hundred virtual people, S-ketamine by vein: level, block, trace and response of mood over
four weeks of two sessions a week, a value every six hours. Both are compiled beforehand, and
their results are compared, so that a fast wrong answer would show. Then one person for a year,
with 1 to 52 sessions: what the cost grows with. The claims are ratios, not seconds.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import diffrax
import jax
import jax.numpy as jnp
import numpy as np

from ketherapy.pharmacology.catalog import published
from ketherapy.pharmacology.compartments import rate_matrix
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.structures import Mood, ReceptorBlock, molar_mass_of, rate_of
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation.band import deviations
from ketherapy.simulation.effects import courses
from ketherapy.simulation.effects.courses import Drive
from ketherapy.simulation.effects.upstream import Upstream, upstream
from ketherapy.simulation.solve import precision

PATIENTS, RUNS, SESSIONS, APART = 500, 3, 8, 84.0
OVER, SESSION_AREA, WEIGHT = 40.0 / 60.0, 0.7, 70.0
T = np.arange(0.0, 24.0 * 28.0, 6.0)
DOSE = Dose(drug=Drug.ESKETAMINE, route=Route.IV, amount=20.0, over=OVER)
MODEL = published("otto2021_iv")


def drive() -> Drive:
    """Return what mood is driven by, with the shipped numbers."""
    found = [
        catalog.structure(e, catalog.typical(e))
        for e in (catalog.effect("nmda_block"), catalog.effect("mood"))
    ]
    block, mood = found
    assert isinstance(block, ReceptorBlock)
    assert isinstance(mood, Mood)
    return Drive(block=block, mood=mood, session=SESSION_AREA)


def ours(up: Upstream, t: np.ndarray, *, drive: Drive) -> np.ndarray:
    """Return the response of mood."""
    samples = courses.sampled(up, float(t[-1]) + 1e-6, drive=drive)
    return np.asarray(courses.drug_share(samples, t, drive=drive))


def peer(up: Upstream, *, drive: Drive) -> Callable[[], np.ndarray]:
    """Return work that integrates levels, trace and response together, by Kvaerno5."""
    (part,) = up.parts
    structure, states = part.structure, part.structure.states
    K = jnp.asarray(rate_matrix(states, structure.flows(), np))
    scale = {
        part.analytes[role]: (states.index(seen.state), np.asarray(getattr(structure, seen.volume)))
        for role, seen in structure.observed.items()
    }
    starts = np.array([dose.at for dose in part.regimen.doses])
    edges = jnp.asarray(np.sort(np.concatenate([starts, starts + OVER])))
    S, V = scale["esketamine"]
    N, W = scale["esnorketamine"]
    fu, block, mood = drive.block.fu, drive.block, drive.mood
    into = jnp.zeros(len(states)).at[states.index("A1")].set(DOSE.amount / OVER)

    def slope(t: jax.Array, y: jax.Array, own: tuple[jax.Array, jax.Array, jax.Array]) -> jax.Array:
        K, V, W = own
        levels, A, R = y[:-2], y[-2], y[-1]
        is_on = jnp.any((starts <= t) & (t < starts + OVER))
        X = fu * levels[S] / V / (molar_mass_of("esketamine") * block.IC50_S)
        X = X + fu * levels[N] / W / (molar_mass_of("esnorketamine") * block.IC50_SN)
        D = mood.Dmax * A / (mood.A50 + A)
        rest = jnp.stack(
            [
                X / (1.0 + X) / drive.session - rate_of(mood.t_half_A) * A,
                rate_of(mood.t_half_onset) * (D - R),
            ]
        )
        return jnp.concatenate([K @ levels + jnp.where(is_on, into, 0.0), rest])

    @jax.jit
    def many(K: jax.Array, V: jax.Array, W: jax.Array) -> jax.Array:
        def one(*own: jax.Array) -> jax.Array:
            solution = diffrax.diffeqsolve(
                diffrax.ODETerm(slope),
                diffrax.Tsit5(),
                t0=0.0,
                t1=float(T[-1]),
                dt0=None,
                y0=jnp.zeros(K.shape[-1] + 2),
                args=own,
                saveat=diffrax.SaveAt(ts=jnp.asarray(T)),
                stepsize_controller=diffrax.ClipStepSizeController(
                    diffrax.PIDController(rtol=1e-7, atol=1e-9), jump_ts=edges
                ),
                max_steps=1_000_000,
            )
            return solution.ys[:, -1]

        return jax.vmap(one)(K, V, W)

    V, W = (jnp.broadcast_to(jnp.asarray(x), K.shape[:1]) for x in (V, W))
    return lambda: np.asarray(many(K, V, W))


def seconds(work: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    """Return the median time of a few runs after one that is not counted, and the result."""
    found = work()
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times), found


def beside() -> None:
    """Print our time, the peer's, and how far apart they are."""
    d = drive()
    regimen = Regimen.of(DOSE).repeated(SESSIONS, every=APART)
    up = upstream(
        MODEL, regimen, person=Person(weight=WEIGHT), eta=deviations(MODEL, PATIENTS, seed=1)
    )
    with precision():
        mine, exactly = seconds(lambda: ours(up, T, drive=d))
        theirs, stepped = seconds(peer(up, drive=d))
    apart = float(np.abs(exactly - stepped).max() / exactly.max())
    print(
        f"{PATIENTS} people, {SESSIONS} sessions, {len(T)} times, median of {RUNS} runs: ours "
        f"{mine:.3f} s, diffrax Tsit5 (rtol 1e-7) {theirs:.3f} s, ratio {theirs / mine:.1f}, "
        f"largest difference {apart:.1e} of the largest response"
    )


def horizons() -> None:
    """Print what one person costs by sessions and by horizon."""
    d = drive()
    year = 365.0 * 24.0
    for sessions, horizon in ((1, 28.0 * 24.0), (1, year), (8, year), (26, year), (52, year)):
        regimen = Regimen.of(DOSE).repeated(sessions, every=min(168.0, year / sessions))
        up = upstream(MODEL, regimen, person=Person(weight=WEIGHT))
        t = np.linspace(0.0, horizon, 366)
        took, _ = seconds(lambda up=up, t=t: ours(up, t, drive=d))
        panels = len(courses.sampled(up, horizon + 1e-6, drive=d).over.start)
        print(
            f"one person, {sessions:2d} sessions, {horizon / 24.0:3.0f} days: {took:.3f} s, "
            f"{panels} panels"
        )


if __name__ == "__main__":
    beside()
    horizons()
