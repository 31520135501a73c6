"""A run on a Dask cluster: the same digits, also when a worker dies in the middle of it."""

import os
import signal
import warnings
from collections.abc import Iterator

import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner

from ketherapy.cli import main
from ketherapy.errors import ContractError
from ketherapy.pharmacology.catalog import published
from ketherapy.pharmacology.covariates import Person
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation import cluster, planned, population
from ketherapy.simulation.people import Alike
from ketherapy.simulation.population import Plan, PopulationRequest

# Dask's own event loop and pools may warn as they go down; what is asked of them is the result.
pytestmark = [
    pytest.mark.cluster,
    pytest.mark.filterwarnings("default::ResourceWarning"),
    pytest.mark.filterwarnings("default::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("default::DeprecationWarning"),
]
INFUSION = Regimen.of(Dose(drug=Drug.ESKETAMINE, route=Route.IV, amount=20.0, over=2.0 / 3.0))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from distributed import LocalCluster

        with LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1",
            dashboard_address=None, silence_logs=50,
        ) as local:  # fmt: skip
            yield local.scheduler_address


@pytest.fixture
def plan(monkeypatch: pytest.MonkeyPatch) -> Plan:
    monkeypatch.setattr(planned, "BLOCK", 32)
    return population.plan(
        PopulationRequest(
            model=published("otto2021_iv"),
            regimen=INFUSION,
            n=8 * 128,
            seed=3,
            people=Alike(person=Person(weight=70.0, age=30.0)),
            times=(0.0, 0.5, 1.0, 4.0),
        )
    )


def here(plan: Plan) -> xr.Dataset:
    """Return the result computed in this process."""
    done = (population.summarise(plan, task) for task in plan.tasks)
    return population.result(plan, population.together(plan, done))


def test_a_cluster_gives_the_same_digits(address, plan):
    with cluster.connected(address) as client:
        found = population.together(plan, cluster.summaries(plan, plan.tasks, client=client))
    assert population.result(plan, found).identical(here(plan))


def test_a_killed_worker_loses_nothing(address, plan):
    with cluster.connected(address) as client:
        before = set(client.run(os.getpid).values())
        coming = cluster.summaries(plan, plan.tasks, client=client)
        summaries = [next(coming)]
        os.kill(sorted(before)[0], signal.SIGKILL)
        summaries += coming
        client.wait_for_workers(2, timeout=60)
        assert set(client.run(os.getpid).values()) != before
    found = population.result(plan, population.together(plan, summaries))
    assert found.identical(here(plan))


def test_the_command_takes_a_scheduler(address, tmp_path):
    typed = [
        "population", "--drug", "esketamine", "--route", "iv", "--dose", "20 mg", "--over",
        "40 min", "--weight", "70 kg", "--n", "50", "--seed", "3", "--every", "30 min",
    ]  # fmt: skip
    files = {}
    for name, more in (("here", []), ("there", ["--scheduler", address])):
        path = tmp_path / f"{name}.nc"
        run = CliRunner().invoke(main, [*typed, *more, "--netcdf", str(path)])
        assert run.exit_code == 0, run.output
        files[name] = xr.load_dataset(path, engine="h5netcdf")
    assert files["here"].identical(files["there"])
    assert np.all(np.isfinite(files["there"]["esketamine"]))


def test_a_trial_has_the_same_digits_on_a_cluster(address, tmp_path):
    typed = ["trial", "murrough2013", "--chance", "sampling", "--replicates", "450"]
    files = {}
    for name, more in (("here", []), ("there", ["--scheduler", address])):
        path = tmp_path / f"{name}.csv"
        run = CliRunner().invoke(main, [*typed, *more, "--csv", str(path)])
        assert run.exit_code == 0, run.output
        files[name] = path.read_text()
    assert files["here"] == files["there"]


def test_a_scheduler_that_does_not_answer_is_a_sentence(monkeypatch):
    monkeypatch.setattr(cluster, "_PATIENCE", "1s")
    with (
        pytest.raises(ContractError, match="one that answers"),
        cluster.connected("tcp://127.0.0.1:1"),
    ):
        pass


def test_workers_of_another_version_are_refused(address, monkeypatch):
    monkeypatch.setattr(cluster, "__version__", "0.0.0")
    with pytest.raises(ContractError, match="0\\.0\\.0"), cluster.connected(address):
        pass
