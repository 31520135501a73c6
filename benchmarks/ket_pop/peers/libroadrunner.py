"""libRoadRunner: CVODE from SUNDIALS, the model compiled by LLVM from SBML."""

from __future__ import annotations

import numpy as np
import roadrunner

from benchmarks.ket_pop import task as tasks
from benchmarks.ket_pop.halves import in_two_processes
from benchmarks.ket_pop.setting import Setting, Solver
from benchmarks.ket_pop.task import STATES, Task

PACKAGE = "libroadrunner"
METHODS = ("bdf", "adams")
RATES = ("k1", "k12", "k13", "k21", "k31", "km", "b")
BUSY = roadrunner.Logger.LOG_ERROR


def prepare(task: Task, setting: Setting) -> Solver:
    """Return the solver of one setting, compiled and warm."""
    roadrunner.Logger.setLevel(BUSY)
    runner = _model(task)
    _set(runner, setting)
    places = _places(runner)
    course, y0 = _course(task), task.initial()

    def fill(of_each: np.ndarray, out: np.ndarray) -> None:
        for subject, of_one in enumerate(of_each):
            y, p = y0, of_one.copy()
            for times, columns, wanted, infused in course:
                p[6] = of_one[6] * infused
                # a fresh start: a reset alone would bring back the model's own values
                runner.model.setGlobalParameterValues(places, np.concatenate([p, y]))
                found = runner.simulate(times=times)
                y = np.array(found[-1])
                out[:, subject, columns] = found[1 : wanted + 1, tasks.OUTPUTS].T

    solve = in_two_processes(task, fill)
    solve(tasks.subjects(task, 2))
    return solve


def _model(task: Task) -> roadrunner.RoadRunner:
    k = {name: repr(float(value)) for name, value in tasks.constants(task).items()}
    x = f"(Ce / {k['EC50']})^{k['gamma']}"
    slopes = {
        "C": "b - k1 * C + k12 * C2 + k13 * C3",
        "C2": "k21 * (C - C2)",
        "C3": "k31 * (C - C3)",
        "Cm": f"km * C - {k['kn']} * Cm + {k['kn12']} * Cm2",
        "Cm2": f"{k['kn21']} * (Cm - Cm2)",
        "Ce": f"{k['ke0']} * (C - Ce)",
        "R": f"{k['kout']} * (1.0 + {k['Emax']} * x / (1.0 + x) - R)",
    }
    runner = roadrunner.RoadRunner(3, 1)
    for name in (*RATES, *STATES, "x"):
        runner.addParameter(name, 1.0, False)
    for name, slope in slopes.items():
        runner.addRateRule(name, slope, False)
    runner.addAssignmentRule("x", x, False)
    runner.regenerateModel(True)
    runner.timeCourseSelections = list(STATES)
    return runner


def _set(runner: roadrunner.RoadRunner, setting: Setting) -> None:
    integrator = runner.getIntegrator()
    integrator.setValue("relative_tolerance", setting.rtol)
    integrator.setValue("absolute_tolerance", setting.atol)
    integrator.setValue("stiff", setting.method == "bdf")
    integrator.setValue("maximum_num_steps", 100_000)


def _places(runner: roadrunner.RoadRunner) -> np.ndarray:
    named = list(runner.model.getGlobalParameterIds())
    return np.array([named.index(name) for name in (*RATES, *STATES)], dtype=np.int32)


def _course(task: Task) -> list[tuple[list[float], slice, int, float]]:
    calls, at = [], 0
    for segment in tasks.segments(task):
        inner = segment.times[segment.times < segment.length * (1 - 1e-9)]
        wanted = len(segment.times)
        times = [0.0, *inner.tolist(), segment.length]
        calls.append((times, slice(at, at + wanted), wanted, segment.infused))
        at += wanted
    return calls
