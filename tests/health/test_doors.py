import subprocess
import sys

import pytest

from tests.health import doors
from tests.health.tree import ROOT, expect_none, modules

HEAVY = ("diffrax", "jax", "matplotlib", "pint", "xarray")  # loaded on first use, not on import


def test_each_library_has_one_door():
    expect_none(doors.doors_passed_by(ROOT))


def test_now_and_chance_are_arguments_below_the_edge():
    expect_none(doors.hidden_inputs(ROOT))


def test_importing_the_science_loads_nothing_heavy():
    ours = [name for name in modules(ROOT) if name.startswith("ketherapy")]
    light = [name for name in ours if ".solvers." not in name and not name.endswith("__main__")]
    code = f"import sys, {', '.join(light)}; print(*(set(sys.modules) & set({HEAVY})))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    expect_none([f"import of ketherapy: expected no {lib} yet." for lib in run.stdout.split()])


@pytest.mark.parametrize(
    "line",
    ["import pint", "from pint import Unit", "def f():\n    import tomllib", "import pint.util"],
)
def test_a_library_beside_its_door_is_found(plant, line):
    assert doors.doors_passed_by(plant("src/ketherapy/regimen.py", f"{line}\n"))


def test_the_door_itself_is_open(plant):
    assert doors.doors_passed_by(plant("src/ketherapy/units.py", "import pint\n")) == []


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now(UTC)",
        "datetime.datetime.now()",
        "timezone.now()",
        "time.time()",
        "date.today()",
        "import random",
        "from random import choice",
        "np.random.normal(0, 1)",
        "np.random.seed(1)",
        "np.random.default_rng()",
        "default_rng()",
    ],
)
def test_a_hidden_input_is_found(plant, line):
    assert len(doors.hidden_inputs(plant("src/clinic/care/queries.py", f"{line}\n"))) == 1


@pytest.mark.parametrize(
    "line", ["np.random.default_rng(seed)", "now.date()", "field(timezone.now)"]
)
def test_what_is_handed_in_is_not_hidden(plant, line):
    assert doors.hidden_inputs(plant("src/clinic/care/queries.py", f"{line}\n")) == []


def test_the_edge_reads_the_clock(plant):
    assert doors.hidden_inputs(plant("src/clinic/web/views.py", "timezone.now()\n")) == []
