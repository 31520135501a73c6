"""pydiffsol: diffsol's solvers in Rust, the equations compiled by LLVM from DiffSL."""

from __future__ import annotations

import numpy as np
import pydiffsol

from benchmarks.ket_pop import task as tasks
from benchmarks.ket_pop.halves import in_two_processes
from benchmarks.ket_pop.setting import Setting, Solver
from benchmarks.ket_pop.task import STATES, Task

PACKAGE = "pydiffsol"
# The second name, where there is one, is for the waits between windows, where only stability limits
# an explicit method. esdirk34 and tr_bdf2 took 5 to 30 times as long for the same error.
METHODS = ("tsit45+bdf", "tsit45", "bdf")
INPUTS = ("k1", "k12", "k13", "k21", "k31", "km", "b", *(f"{name}0" for name in STATES))


def prepare(task: Task, setting: Setting) -> Solver:
    """Return the solver of one setting, compiled and warm."""
    watching, _, waiting = setting.method.partition("+")
    seen = _compiled(task, setting, watching)
    unseen = _compiled(task, setting, waiting or watching)
    course = _course(task)
    y0 = task.initial()

    def fill(of_each: np.ndarray, out: np.ndarray) -> None:
        given = np.empty(len(INPUTS))
        for subject, of_one in enumerate(of_each):
            given[:7], given[7:] = of_one, y0
            for call, columns, wanted, infused in course:
                given[6] = of_one[6] * infused
                ode = seen if wanted else unseen
                found = ode.solve_dense(given, call).ys
                given[7:] = found[:, -1]
                out[:, subject, columns] = found[list(tasks.OUTPUTS), :wanted]

    solve = in_two_processes(task, fill)
    solve(tasks.subjects(task, 2))
    return solve


def _course(task: Task) -> list[tuple[np.ndarray, slice, int, float]]:
    calls, at = [], 0
    for segment in tasks.segments(task):
        inner = segment.times[segment.times < segment.length * (1 - 1e-9)]
        wanted = len(segment.times)
        columns = slice(at, at + wanted)
        calls.append((np.append(inner, segment.length), columns, wanted, segment.infused))
        at += wanted
    return calls


def _compiled(task: Task, setting: Setting, method: str) -> pydiffsol.Ode:
    ode = pydiffsol.Ode(
        _diffsl(task),
        matrix_type=pydiffsol.nalgebra_dense,
        ode_solver=getattr(pydiffsol, method),
    )
    ode.rtol, ode.atol = setting.rtol, setting.atol
    ode.h0 = 1e-3  # [h]; its default of 1 is longer than an infusion
    return ode


def _diffsl(task: Task) -> str:
    k = {name: repr(float(value)) for name, value in tasks.constants(task).items()}
    inputs = ", ".join(f"{name} = 0.0" for name in INPUTS)
    states = ", ".join(f"{name} = {name}0" for name in STATES)
    x = f"pow(Ce / {k['EC50']}, {k['gamma']})"
    return f"""
    in_i {{ {inputs} }}
    u_i {{ {states} }}
    x {{ {x} }}
    F_i {{
        b - k1 * C + k12 * C2 + k13 * C3,
        k21 * (C - C2),
        k31 * (C - C3),
        km * C - {k["kn"]} * Cm + {k["kn12"]} * Cm2,
        {k["kn21"]} * (Cm - Cm2),
        {k["ke0"]} * (C - Ce),
        {k["kout"]} * (1.0 + {k["Emax"]} * x / (1.0 + x) - R),
    }}
    """
