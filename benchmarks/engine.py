"""The exact engine beside an open ODE engine (diffrax), same equations, same run.

A thousand virtual patients, one 40-minute infusion, a level every 10 minutes for 8 hours. Both are
compiled beforehand, both give every state at every time, and their results are compared, so that a
fast wrong answer would show. The claim is the ratio, not the seconds.
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
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation.band import deviations
from ketherapy.simulation.solve import parts, precision
from ketherapy.simulation.solvers import exact
from ketherapy.simulation.solvers.inputs import pulses

PATIENTS, RUNS = 1000, 5
T = np.linspace(0.0, 8.0, 49)
OVER = 40.0 / 60.0
DOSE = Dose(drug=Drug.ESKETAMINE, route=Route.IV, amount=20.0, over=OVER)


@jax.jit
def peer(K: jax.Array, u: jax.Array) -> jax.Array:
    """Return the states of every patient by Tsit5 at relative tolerance 1e-6."""

    def one(K: jax.Array) -> jax.Array:
        def vector_field(t: jax.Array, y: jax.Array, _: None) -> jax.Array:
            return K @ y + jnp.where(t < OVER, u, 0.0)

        controller = diffrax.ClipStepSizeController(
            diffrax.PIDController(rtol=1e-6, atol=1e-9), jump_ts=jnp.array([OVER])
        )
        solution = diffrax.diffeqsolve(
            diffrax.ODETerm(vector_field),
            diffrax.Tsit5(),
            t0=0.0,
            t1=8.0,
            dt0=None,
            y0=jnp.zeros(K.shape[-1]),
            saveat=diffrax.SaveAt(ts=jnp.asarray(T)),
            stepsize_controller=controller,
            max_steps=100_000,
        )
        return solution.ys

    return jax.vmap(one)(K)


def seconds(work: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    """Return the median time of a few runs after one that is not counted, and the result."""
    found = work()
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times), found


def main() -> None:
    """Print one line for each model."""
    print(f"{PATIENTS} patients, {len(T)} times, median of {RUNS} runs")
    for model_id in ("otto2021_iv", "simons2022"):
        model = published(model_id)
        eta = deviations(model, PATIENTS, seed=1)
        (part,) = parts(model, Regimen.of(DOSE), person=Person(weight=70.0), eta=eta)
        states = part.structure.states
        K = np.asarray(rate_matrix(states, part.structure.flows(), np))
        given = pulses(part.structure, part.regimen, np, states=states)
        u = np.zeros(len(states))
        u[states.index("A1")] = DOSE.amount / OVER
        with precision():
            ours, exactly = seconds(lambda K=K, g=given: np.asarray(exact.states(K, g, T)))
            theirs, stepped = seconds(lambda K=K, u=u: np.asarray(peer(K, u)))
        top = np.abs(exactly).max(axis=1, keepdims=True).clip(1e-12)
        apart = float((np.abs(exactly - stepped) / top).max())
        print(
            f"{model_id}: exact {ours:.3f} s, diffrax Tsit5 (rtol 1e-6) {theirs:.3f} s, "
            f"ratio {theirs / ours:.1f}, largest difference {apart:.1e} of a state's maximum"
        )


if __name__ == "__main__":
    main()
