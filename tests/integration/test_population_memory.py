"""Peak memory of a population run: under two gibibytes, for a million people too."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone counts peaks so")

CODE = """
import json, sys, time
from pathlib import Path
from ketherapy.pharmacology.catalog import published
from ketherapy.pharmacology.covariates import Person
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation import memory, population
from ketherapy.simulation.people import Alike

n, times = int(sys.argv[1]), int(sys.argv[2])
infusion = Dose(drug=Drug.KETAMINE, route=Route.IV, amount=35.0, over=2.0 / 3.0)
request = population.PopulationRequest(
    model=published("otto2021_iv"), regimen=Regimen.of(infusion), n=n, seed=1,
    people=Alike(person=Person(weight=70.0, age=30.0)),
    analytes=("esketamine", "arketamine", "ketamine"),
    times=tuple(12.0 * k / times for k in range(times)),
)
expected = memory.expected(population.plan(request))
began = time.monotonic()
data = population.run(request)["everyone"]
took = time.monotonic() - began
# not ru_maxrss, which begins at what the process held that started this one
status = Path("/proc/self/status").read_text(encoding="ascii")
peak = int(status.partition("VmHWM:")[2].split()[0]) / 2**20
rank_error = float(data.attrs["rank_error"])
print(json.dumps({"peak": peak, "rank_error": rank_error, "expected": expected, "took": took}))
"""


def measured(n: int, times: int) -> dict[str, float]:
    """Return the peak memory [GiB] and the rank error of a run in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-c", CODE, str(n), str(times)], capture_output=True, text=True, check=True
    )
    return json.loads(run.stdout)


def test_a_small_run_stays_far_below_the_promise():
    assert measured(8_192, 120)["peak"] < 1.5


def test_a_run_needs_no_more_than_was_said_before():
    found = measured(20_480, 480)  # past the first collapse, where most is kept for each person
    assert found["peak"] < found["expected"] < 4.0 * found["peak"]  # nor absurdly more


@pytest.mark.slow
def test_a_million_people_at_720_times_fit_in_two_gibibytes():
    found = measured(1_000_000, 720)
    assert found["peak"] < found["expected"] < 2.0
    assert found["rank_error"] <= 1e-3
