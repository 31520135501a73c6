"""diffrax: JAX's solvers, a batch of subjects in lockstep, two batches at once in two threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import diffrax
import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.ket_pop import task as tasks
from benchmarks.ket_pop.setting import Setting, Solver
from benchmarks.ket_pop.task import Task

PACKAGE = "diffrax"
# Solver, and how many subjects go in lockstep.
METHODS = ("Tsit5_64", "Tsit5_256", "Dopri8_64", "Kvaerno5_64")


def prepare(task: Task, setting: Setting) -> Solver:
    """Return the solver of one setting, compiled and warm."""
    jax.config.update("jax_enable_x64", True)
    batch = int(setting.method.split("_")[1])
    course = jax.jit(jax.vmap(_course(task, setting)))
    course(jnp.ones((batch, 7))).block_until_ready()

    def solve(params: np.ndarray) -> np.ndarray:
        of_each = tasks.rates(task, params)
        alike = np.argsort(of_each[:, 0])  # in lockstep, the slowest of a batch is the batch's pace
        out = np.empty((4, len(params), task.times))

        def one_batch(at: int) -> None:
            who = alike[at : at + batch]
            few = of_each[who]
            # a last batch is filled up with its own first subject, to the one compiled shape
            full = np.concatenate([few, np.repeat(few[:1], batch - len(few), axis=0)])
            out[:, who] = np.moveaxis(np.asarray(course(full)), 2, 0)[:, : len(few)]

        with ThreadPoolExecutor(2) as both:
            list(both.map(one_batch, range(0, len(params), batch)))
        return out

    solve(tasks.subjects(task, 2 * batch))
    return solve


def _slope(task: Task) -> Callable[[jax.Array, jax.Array, jax.Array], jax.Array]:
    k = tasks.constants(task)

    def slope(t: jax.Array, y: jax.Array, p: jax.Array) -> jax.Array:
        C, C2, C3, Cm, Cm2, Ce, R = y
        x = jnp.power(Ce / k["EC50"], k["gamma"])
        return jnp.stack(
            [
                p[6] - p[0] * C + p[1] * C2 + p[2] * C3,
                p[3] * (C - C2),
                p[4] * (C - C3),
                p[5] * C - k["kn"] * Cm + k["kn12"] * Cm2,
                k["kn21"] * (Cm - Cm2),
                k["ke0"] * (C - Ce),
                k["kout"] * (1.0 + k["Emax"] * x / (1.0 + x) - R),
            ]
        )

    return slope


def _course(task: Task, setting: Setting) -> Callable[[jax.Array], jax.Array]:
    """Return one subject's course: infusion, watching and waiting, scanned over the starts."""
    slope, all_segments = _slope(task), tasks.segments(task)
    infusion, watching = all_segments[:2]
    starts = np.array(task.starts)
    gaps = np.append(np.diff(starts) - task.window[-1], 0.0)  # nothing waits behind the last

    def course(of_one: jax.Array) -> jax.Array:
        def window(y: jax.Array, gap: jax.Array) -> tuple[jax.Array, jax.Array]:
            during = of_one.at[6].multiply(infusion.infused)
            after = of_one.at[6].set(0.0)
            seen = _solved(slope, setting, y, during, infusion.times)
            later = _solved(slope, setting, seen[-1], after, watching.times)
            waited = _solved(slope, setting, later[-1], after, gap[None])
            return waited[-1], jnp.concatenate([seen, later])[:, list(tasks.OUTPUTS)]

        _, seen = jax.lax.scan(window, jnp.asarray(task.initial()), jnp.asarray(gaps))
        return seen.reshape(task.times, 4)

    return course


def _solved(slope, setting: Setting, y: jax.Array, p: jax.Array, times) -> jax.Array:
    return diffrax.diffeqsolve(
        diffrax.ODETerm(slope),
        _solver(setting),
        t0=0.0,
        t1=times[-1],
        dt0=1e-3,
        y0=y,
        args=p,
        saveat=diffrax.SaveAt(ts=jnp.asarray(times)),
        stepsize_controller=diffrax.PIDController(rtol=setting.rtol, atol=setting.atol),
        max_steps=100_000,
    ).ys


def _solver(setting: Setting) -> diffrax.AbstractSolver:
    return getattr(diffrax, setting.method.split("_")[0])()
