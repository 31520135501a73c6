import subprocess
import sys

import pytest

from tests.health.tree import ROOT

# In a process of its own: the others of a test run hold threads, which do not survive a fork.
SCRIPT = """
import os
import numpy as np
from benchmarks.ket_pop import task as tasks
from benchmarks.ket_pop.halves import in_two_processes

task = tasks.load()
here = os.getpid()

def fill(of_each, out):
    {fault}
    out[:] = of_each[:, 0][None, :, None]

params = tasks.subjects(task, 5)
out = in_two_processes(task, fill)(params)
assert out.shape == (4, 5, 720)
assert (out == tasks.rates(task, params)[:, 0][None, :, None]).all()
print("whole")
"""


def _run(fault):
    script = SCRIPT.replace("{fault}", fault)
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"},
        capture_output=True,
        text=True,
    )


def test_both_halves_are_filled_each_in_its_place():
    assert _run("pass").stdout == "whole\n"


@pytest.mark.parametrize("fault", ["if os.getpid() != here: raise ValueError"])
def test_a_failed_half_is_not_passed_off_as_an_answer(fault):
    ran = _run(fault)
    assert ran.returncode != 0
    assert "second process" in ran.stderr
