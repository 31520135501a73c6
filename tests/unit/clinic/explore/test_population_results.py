"""A finished run in the units of a screen: the same numbers as the library's, to the last digit."""

import csv
import io

import numpy as np
import pytest
import xarray as xr

from clinic.explore import population_results as results
from clinic.explore.population_jobs import Run, Runs, State
from clinic.explore.population_questions import PopulationQuestion, read_question
from ketherapy.errors import ContractError
from ketherapy.simulation import population
from tests.unit.clinic.explore.test_population_jobs import ENTRIES, ended

N = 300


@pytest.fixture(scope="module")
def question() -> PopulationQuestion:
    found = read_question(ENTRIES | {"n": str(N), "above": "150 ng/mL"})
    assert isinstance(found, PopulationQuestion)
    return found


@pytest.fixture(scope="module")
def run(question) -> Run:
    begun = Runs().begin(question, owner="ada")
    assert isinstance(begun, Run)
    assert ended(begun) is State.DONE, begun.reason
    return begun


@pytest.fixture(scope="module")
def expected(question) -> xr.Dataset:
    return population.run(question.request)["everyone"]


def test_the_page_holds_the_numbers_of_the_library(run, expected):
    fan = results.fan(run.result, "ketamine")
    np.testing.assert_array_equal(np.array(fan.quantiles), expected["ketamine"].values * 1000.0)
    np.testing.assert_array_equal(np.array(fan.minutes), expected["time"].values * 60.0)
    assert fan.ever_above == float(expected["ketamine_ever_above"].values[0])


def test_every_person_stands_in_one_bin(run):
    for analyte in run.question.request.analytes:
        for exposure in results.fan(run.result, analyte).exposures:
            assert sum(bar.people for bar in exposure.bins) == N
            for below, above in zip(exposure.bins, exposure.bins[1:], strict=False):
                assert below.high == above.low


def test_quantiles_stand_in_order_and_the_mean_among_them(run):
    fan = results.fan(run.result, "ketamine")
    assert np.all(np.diff(np.array(fan.quantiles), axis=0) >= 0.0)
    for exposure in fan.exposures:
        assert list(exposure.quantiles) == sorted(exposure.quantiles)
        assert exposure.quantiles[0] < exposure.mean < exposure.quantiles[-1]


def test_what_is_told_says_whose_numbers_these_are(run):
    told = results.told(run, run.result)
    assert (told.n, told.seed) == (N, 1)
    assert "exact" in told.quantiles_are
    assert told.origin.model_id == "otto2021_iv"
    assert told.dosing == (0.0, pytest.approx(40.0))
    assert "off-label" in told.cautions[0]
    assert "convention" in told.people_from
    assert ("ketamine", "S + R ketamine") in told.analytes


@pytest.mark.parametrize("analyte", ["midazolam", "time", "ketamine_Cmax", ""])
def test_what_is_no_analyte_of_the_run_is_refused(run, analyte):
    with pytest.raises(ContractError):
        results.fan(run.result, analyte)


def test_the_table_holds_every_quantile_of_every_time(run, expected):
    rows = list(csv.DictReader(io.StringIO(results.csv_text(run, run.result))))
    assert tuple(rows[0]) == results.COLUMNS
    medians = [
        float(row["value"])
        for row in rows
        if (row["analyte"], row["quantity"], row["probability"]) == ("ketamine", "level", "0.5")
    ]
    np.testing.assert_allclose(
        medians, expected["ketamine"].sel(probability=0.5).values * 1000.0, rtol=1e-12
    )
    assert {(row["model"], row["n"], row["seed"]) for row in rows} == {("otto2021_iv", "300", "1")}
    people = [int(row["value"]) for row in rows if row["quantity"] == "people by Cmax"]
    assert sum(people) == N * len(run.question.request.analytes)


def test_the_netcdf_file_holds_all_of_it_with_its_provenance(run, expected, tmp_path):
    path = tmp_path / "population.nc"
    path.write_bytes(results.netcdf_bytes(run.result))
    with xr.open_dataset(path, engine="h5netcdf") as read:
        xr.testing.assert_identical(read.load(), expected)
        assert (read.attrs["n"], read.attrs["seed"]) == (str(N), "1")
