"""A number moved by a tenth in any model file is noticed.

Two nets: curves that an independent code computed from the printed parameters, and a second copy
of every number, typed by itself from the same tables (``parameters.csv``).
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation import exposure
from ketherapy.simulation.solve import simulate
from tests.reference.test_vectors import MINUTES, VECTORS, regimen
from tests.science import PERSON

DATA = Path(catalog.__file__).parent / "data"
FILES = sorted([*(DATA / "models").glob("*.toml"), *(DATA / "extensions").glob("*.toml")])
MOVED = 1.1
with (Path(__file__).parent / "parameters.csv").open(encoding="utf-8") as file:
    COPY = {(row["file"], row["number"]): row for row in csv.DictReader(file)}

# Peaks that the dossier of models derives for a construction: ng/mL and minutes, 35 mg, 70 kg.
PEAKS = [
    ("depot_im_sc", Route.IM, {}, 128.0, 24.0),
    ("depot_im_sc", Route.SC, {}, 128.0, 24.0),
    ("depot_im_sc", Route.IM, {"F_im": 0.64}, 88.0, 24.0),
    ("depot_im_sc", Route.IM, {"KA": 2.0}, None, 38.0),
    ("depot_im_sc", Route.IM, {"KA": 9.0}, None, 14.0),
]
# Areas fix the bioavailability that was chosen, whatever else a construction borrows.
BIOAVAILABLE = [
    ("wafer_racemic", Route.SUBLINGUAL, 0.27),
    ("wafer_racemic", Route.BUCCAL, 0.27),
    ("oral_racemic", Route.ORAL, 0.20),
]
# What no published curve or number can see; the second copy alone guards it.
UNSEEN = {
    ("flint2017", "V1"): "its first phase is over in minutes, before the first time of the curve",
    ("wafer_racemic", "D"): "no curve of a racemic wafer was found; the number is the film's",
    ("wafer_racemic", "KA"): "no curve of a racemic wafer was found; the number is the film's",
    ("oral_racemic", "D"): "no curve of the swallowed racemate was found; the number is borrowed",
    ("oral_racemic", "KA"): "no curve of the swallowed racemate was found; the number is borrowed",
}


def raw(path: Path) -> dict:
    """Return the file as plain tables."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def numbers(path: Path) -> Iterator[tuple[str, float, str]]:
    """Give the key, value and unit of every number of the file that enters a prediction."""
    data = raw(path)
    for group in ("printed", "factors"):
        for name, entry in data.get(group, {}).items():
            yield f"{group}.{name}", entry["value"], entry["unit"]
            for end in ("low", "high"):
                if end in entry:
                    yield f"{group}.{name}.{end}", entry[end], entry["unit"]
    for block in data.get("covariates", []):
        key = f"covariates.{'+'.join(block['parameters'])}.{block['of']}"
        for kind in ("reference", "exponent", "slope", "factor"):
            if kind in block:
                yield f"{key}.{kind}", block[kind]["value"], block[kind]["unit"]
    for block in data.get("variability", []):
        key = f"variability.{block['level']}.{'+'.join(block['parameters'])}"
        if "cv" in block:
            yield f"{key}.cv", block["cv"], block["unit"]
        for i, row in enumerate(block.get("covariance", [])):
            for j, value in enumerate(row):
                yield f"{key}.covariance.{i}.{j}", value, block["unit"]
    for role, kinds in data.get("residual", {}).items():
        for kind, entry in kinds.items():
            yield f"residual.{role}.{kind}", entry["value"], entry["unit"]


EVERY = {(path.stem, key): (value, unit) for path in FILES for key, value, unit in numbers(path)}


def test_the_second_copy_holds_every_number_and_no_other():
    assert set(COPY) == set(EVERY)


@pytest.mark.parametrize("key", EVERY, ids=lambda key: ".".join(key))
def test_every_number_is_that_of_the_second_copy(key: tuple[str, str]) -> None:
    value, unit = EVERY[key]
    assert (value, unit) == (float(COPY[key]["value"]), COPY[key]["unit"])


def curves_hold(model: PublishedModel) -> bool:
    """Return whether ``model`` still gives every curve that stands under its id."""
    return all(
        _holds(row, simulate(model, regimen(row), _t(), person=PERSON)[row["analyte"]].values)
        for row in VECTORS
        if row["model"] == model.id
    )


def _t() -> np.ndarray:
    return np.array(MINUTES) / 60.0


def _holds(row: dict[str, str], levels: np.ndarray) -> bool:
    printed = np.array([float(row[f"c{minute}"]) for minute in MINUTES])
    rounding = 0.5 * 10.0 ** -len(row["c240"].partition(".")[2])
    return bool(np.all(np.abs(levels * 1000.0 - printed) <= 0.005 * printed + rounding))


def numbers_hold(model: PublishedModel) -> bool:
    """Return whether ``model`` still gives every peak and bioavailability under its id."""
    return all(
        _peak_holds(model, route, changed, level, minute)
        for model_id, route, changed, level, minute in PEAKS
        if model_id == model.id
    ) and all(
        exposure.F(model, _given(route), person=PERSON) == pytest.approx(F, rel=1e-6)
        for model_id, route, F in BIOAVAILABLE
        if model_id == model.id
    )


def _given(route: Route) -> Regimen:
    return Regimen.of(Dose(drug=Drug.KETAMINE, route=route, amount=35.0))


def _peak_holds(
    model: PublishedModel,
    route: Route,
    changed: dict[str, float],
    level: float | None,
    minute: float,
) -> bool:
    Cmax, Tmax = exposure.peak(moved_to(model, changed), _given(route), "ketamine", until=8.0,
                               person=PERSON)  # fmt: skip
    is_high = level is None or abs(Cmax * 1000.0 - level) <= 0.5
    return is_high and abs(Tmax * 60.0 - minute) <= 0.5


def moved_to(model: PublishedModel, values: dict[str, float]) -> PublishedModel:
    """Return ``model`` with these printed numbers."""
    own = {name: replace(model.printed[name], value=value) for name, value in values.items()}
    return replace(model, printed={**model.printed, **own})


@lru_cache(maxsize=32)
def seen(model_id: str, name: str) -> bool:
    """Return whether a tenth more of one printed number breaks a published curve or number."""
    model = catalog.published(model_id)
    moved = moved_to(model, {name: model.printed[name].value * MOVED})
    return not (curves_hold(moved) and numbers_hold(moved))


PRINTED = [(path.stem, name) for path in FILES for name in raw(path).get("printed", {})]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_is_held_by_a_published_number_as_it_stands(path: Path) -> None:
    if path.parent.name == "extensions":
        assert [row for row in VECTORS if row["drug"] == raw(path)["drug"]]
        return
    held = [row for row in VECTORS if row["model"] == path.stem]
    held += [entry for entry in (*PEAKS, *BIOAVAILABLE) if entry[0] == path.stem]
    model = catalog.published(path.stem)
    assert held
    assert curves_hold(model)
    assert numbers_hold(model)


@pytest.mark.parametrize(("model_id", "name"), PRINTED)
def test_a_printed_number_moved_by_a_tenth_is_noticed(model_id: str, name: str) -> None:
    assert seen(model_id, name) != ((model_id, name) in UNSEEN)


def test_the_factor_of_the_extension_moved_by_a_tenth_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (entry,) = catalog.extensions()
    factor = entry.factors["CL"]
    more = replace(entry, factors={"CL": replace(factor, value=factor.value * MOVED)})
    monkeypatch.setattr(catalog, "extensions", lambda: (more,))
    assert not curves_hold(catalog.published("otto2021_iv"))


@pytest.mark.parametrize(("Tmax", "end"), [(0.25, "high"), (1.0, "low")])
def test_the_peak_of_the_wafer_lies_in_the_printed_range(Tmax: float, end: str) -> None:
    """Rolan 2013, abstract: median 0.75 h, range 0.25 to 1.0 h, 25 mg."""
    model = catalog.published("wafer_racemic")
    ends = moved_to(model, {"KA": getattr(model.printed["KA"], end)})
    found = exposure.Tmax(ends, _given(Route.SUBLINGUAL), "ketamine", until=8.0, person=PERSON)
    assert found == pytest.approx(Tmax, abs=0.06)
