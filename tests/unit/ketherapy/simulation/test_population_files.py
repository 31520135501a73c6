"""The tidy table of a population run: what each row says of where it comes from."""

import csv
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from ketherapy.simulation import population_files
from ketherapy.simulation.groups import EVERYONE


def invented(model: str, **more: str) -> xr.Dataset:
    """Return a result of one quantile at two times."""
    return xr.Dataset(
        {"esketamine": (("probability", "time"), np.array([[0.0, 0.1]]), {"units": "mg/L"})},
        coords={"time": [0.0, 1.0], "probability": [0.5], "level": np.empty(0)},
        attrs={"model": model, "n": "7", "sampling_site": "arterial plasma"} | more,
    )


def rows(data: xr.Dataset, folder: Path) -> list[dict[str, str]]:
    path = folder / "out.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        population_files.write_csv({EVERYONE: data}, file)
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize(
    ("model", "site", "confidence"),
    [
        pytest.param("otto2021_iv", "venous", "moderate", id="moderate"),
        pytest.param("oral_racemic", "venous", "low", id="low"),
        pytest.param("my_own", "arterial plasma", "not stated", id="not of the catalogue"),
    ],
)
def test_every_row_names_its_model_its_site_and_how_far_it_is_trusted(
    model, site, confidence, tmp_path
):
    found = rows(invented(model), tmp_path)
    assert len(found) == 2
    assert {(r["model"], r["site"], r["confidence"]) for r in found} == {(model, site, confidence)}


@pytest.mark.parametrize(("extension", "confidence"), [("", "good"), ("d1_arketamine", "moderate")])
def test_a_result_is_trusted_no_further_than_the_extension_it_rests_on(
    extension, confidence, tmp_path
):
    found = rows(invented("simons2022", extension=extension), tmp_path)
    assert {row["confidence"] for row in found} == {confidence}


def test_concentrations_are_in_ng_per_ml_and_times_in_hours(tmp_path):
    last = rows(invented("otto2021_iv"), tmp_path)[-1]
    assert (last["time_h"], last["value"], last["unit"]) == ("1.0", "100.0", "ng/mL")
