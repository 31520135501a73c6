"""Files that other people's tools read: a time grid, a tidy table, labelled arrays."""

import csv
import math

import numpy as np
import pytest
import xarray as xr

from ketherapy.errors import ContractError
from ketherapy.simulation import export
from ketherapy.simulation.request import SimulationRequest, read_request


def request(**changed) -> SimulationRequest:
    usual = {"drug": "ketamine", "route": "iv", "dose": "35 mg", "over": "40 min"}
    read = read_request({**usual, "weight": "71 kg", **changed})
    assert isinstance(read, SimulationRequest)
    return read


def invented(site: str = "venous", **levels: list[float]) -> xr.Dataset:
    """Return a prediction of these levels [mg/L] at 0, 0.5 and 1 h."""
    attrs = {"units": "mg/L", "sampling_site": site}
    variables = {name: ("time", np.array(values), attrs) for name, values in levels.items()}
    data = xr.Dataset(variables, coords={"time": ("time", np.array([0.0, 0.5, 1.0]))})
    return data.assign_attrs(model="invented", sources="a\nb")


PREDICTIONS = {
    "first": invented(esketamine=[0.0, 0.1, 0.05], esnorketamine=[0.0, 0.0, 0.02]),
    "second": invented("arterial", esketamine=[0.0, 0.2, 0.07]),
}


@pytest.mark.parametrize("until", ["10 min", "8 h", "37.5 min", "2 days"])
@pytest.mark.parametrize("over", ["bolus", "40 min", "90 s", "2.505 h"])
def test_the_grid_is_every_minute_every_edge_and_the_end(until, over):
    asked = request(until=until, over=over)
    t = export.grid(asked)
    minutes = {k / 60.0 for k in range(math.floor(asked.until * 60.0 + 1e-9) + 1)}
    edges = {edge for edge in asked.regimen.edges if edge <= asked.until}
    wanted = np.array(sorted(minutes | edges | {asked.until}))
    assert all(np.abs(t - w).min() < 1e-9 for w in wanted)
    assert all(np.abs(wanted - found).min() < 1e-9 for found in t)


@pytest.mark.parametrize("over", ["bolus", "40 min", "90 s", "100 s", "7 min", "0.7 h"])
def test_the_grid_rises_without_duplicates(over):
    assert np.diff(export.grid(request(over=over))).min() > 1e-9


def test_an_edge_after_the_end_is_left_out():
    assert export.grid(request(over="10 h", until="1 h")).max() == pytest.approx(1.0)


def test_the_grid_of_the_usual_infusion_is_481_minutes():
    np.testing.assert_allclose(export.grid(request()) * 60.0, np.arange(481.0), atol=1e-9)


def test_the_start_of_each_spray_is_on_the_grid():
    spray = {"drug": "esketamine", "route": "intranasal", "dose": "84 mg", "over": ""}
    t = export.grid(request(**spray))
    assert {0.0, 5.0, 10.0} <= set(np.round(t * 60.0, 9))


def test_a_tidy_row_is_one_level_in_ng_per_ml():
    rows = list(export.tidy(PREDICTIONS))
    assert rows[1] == (0.5, "first", "esketamine", "venous", pytest.approx(100.0), "ng/mL")


def test_there_is_one_row_for_each_time_model_and_analyte():
    keys = [(time, model, analyte) for time, model, analyte, *_ in export.tidy(PREDICTIONS)]
    assert len(keys) == len(set(keys)) == 9


def test_each_row_tells_its_own_sampling_site():
    sites = {(model, site) for _, model, _, site, *_ in export.tidy(PREDICTIONS)}
    assert sites == {("first", "venous"), ("second", "arterial")}


def test_the_csv_reads_back_to_the_same_numbers(tmp_path):
    path = tmp_path / "levels.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        export.write_csv(PREDICTIONS, file)
    head, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
    assert head == ["time_h", "model", "analyte", "site", "value", "unit"]
    written = [(float(time), float(value)) for time, _, _, _, value, _ in rows]
    assert written == [(row[0], row[4]) for row in export.tidy(PREDICTIONS)]


def test_one_prediction_is_the_root_of_its_file(tmp_path):
    path = tmp_path / "one.nc"
    export.write_netcdf({"first": PREDICTIONS["first"]}, path)
    with xr.open_dataset(path, engine="h5netcdf") as data:
        xr.testing.assert_identical(data.load(), PREDICTIONS["first"])


def test_several_predictions_are_groups_of_one_file(tmp_path):
    path = tmp_path / "two.nc"
    export.write_netcdf(PREDICTIONS, path)
    for model, written in PREDICTIONS.items():
        with xr.open_dataset(path, group=model, engine="h5netcdf") as data:
            xr.testing.assert_identical(data.load(), written)


def test_no_prediction_is_no_file(tmp_path):
    with pytest.raises(ContractError, match="at least one"):
        export.write_netcdf({}, tmp_path / "none.nc")
    assert not list(tmp_path.iterdir())
