"""Numbers computed or printed by others, beside ours."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from ketherapy.pharmacology.catalog import published
from ketherapy.pharmacology.covariates import Person
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation import exposure
from ketherapy.simulation.solve import simulate
from tests.science import PERSON

MINUTES = (10, 20, 40, 60, 90, 120, 240, 480)
with (Path(__file__).parent / "vectors.csv").open(encoding="utf-8") as file:
    VECTORS = list(csv.DictReader(file))


def regimen(row: dict[str, str]) -> Regimen:
    """Return what the row gives."""
    drug, amount = Drug(row["drug"]), float(row["amount_mg"])
    if row["devices"]:
        return Regimen.devices(amount, int(row["devices"]), drug=drug, apart=0.0)
    over = float(row["over_min"] or 0) / 60.0
    return Regimen.of(Dose(drug=drug, route=Route(row["route"]), amount=amount, over=over))


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: f"{row['case']}, {row['analyte']}")
def test_independent_implementation_of_the_printed_model(row: dict[str, str]) -> None:
    """A separate matrix-exponential code, 70 kg, age 45; two decimals printed, 0.5 % asked."""
    t = np.array(MINUTES) / 60.0
    data = simulate(published(row["model"]), regimen(row), t, person=PERSON)
    printed = np.array([float(row[f"c{minute}"]) for minute in MINUTES])
    rounding = 0.5 * 10.0 ** -len(row["c240"].partition(".")[2])
    difference = np.abs(data[row["analyte"]].values * 1000.0 - printed)
    assert np.all(difference <= 0.005 * printed + rounding)


HALF_LIVES = [  # derived by hand from the printed parameters, in hours
    ("otto2021_iv", (0.215, 1.49, 7.37)),
    ("simons2022", (1.4 / 60.0, 21.0 / 60.0, 3.2)),
    ("domino1984_iv", (0.4 / 60.0, 4.6 / 60.0, 115.0 / 60.0)),
]


@pytest.mark.parametrize(("model_id", "printed"), HALF_LIVES)
def test_half_lives_are_those_derived_from_the_paper(
    model_id: str, printed: tuple[float, ...]
) -> None:
    model = published(model_id)
    found = exposure.half_lives(model, model.drug, person=PERSON)
    np.testing.assert_allclose(found, printed, rtol=0.05)


def test_terminal_half_life_of_the_spray_model_lies_in_the_label_range() -> None:
    model = published("perezruixo2021")
    terminal = exposure.half_lives(model, model.drug, person=PERSON)[-1]
    assert 7.0 <= terminal <= 12.0
    assert terminal == pytest.approx(11.0, rel=0.01)


@pytest.mark.parametrize(("devices", "printed"), [(1, 0.62), (2, 0.54), (3, 0.51)])
def test_bioavailability_of_the_spray_is_that_of_the_abstract(devices: int, printed: float) -> None:
    given = Regimen.devices(28.0, devices, drug=Drug.ESKETAMINE, apart=0.0)
    assert exposure.F(published("perezruixo2021"), given) == pytest.approx(printed, abs=0.005)


def test_oral_bioavailability_is_that_of_the_secondary_formula() -> None:
    given = Regimen.of(Dose(drug=Drug.ESKETAMINE, route=Route.ORAL, amount=84.0))
    assert exposure.F(published("perezruixo2021"), given) == pytest.approx(0.178, abs=0.0005)


CLEARANCES = [  # L/h at 70 kg
    ("perezruixo2021", Drug.ESKETAMINE, 109.0),
    ("otto2021_iv", Drug.ESKETAMINE, 95.2),
    ("otto2021_iv", Drug.ARKETAMINE, 81.9),
    ("otto2021_iv", Drug.KETAMINE, 88.0),
    ("simons2022", Drug.ESKETAMINE, 88.8),
    ("domino1984_iv", Drug.KETAMINE, 116.0),
]


@pytest.mark.parametrize(("model_id", "drug", "printed"), CLEARANCES)
def test_clearance_is_the_published_one(model_id: str, drug: Drug, printed: float) -> None:
    found = exposure.CL(published(model_id), drug, person=Person(weight=70.0))
    assert found == pytest.approx(printed, rel=0.002)


def test_half_a_milligram_per_kg_ends_near_160_venous_and_298_arterial() -> None:
    """Two numbers of the dossier, 70 kg: total ketamine at the end of 40 minutes."""
    dose = Dose.per_kg(0.5, weight=70.0, drug=Drug.KETAMINE, route=Route.IV, over=40.0 / 60.0)
    for model_id, printed in (("otto2021_iv", 160.0), ("simons2022", 298.0)):
        found = exposure.Cmax(
            published(model_id), Regimen.of(dose), "ketamine", until=8.0, person=PERSON
        )
        assert found * 1000.0 == pytest.approx(printed, rel=0.005)


STEADY_RATIOS = [("otto2021_iv", 1.65), ("simons2022", 1.11), ("perezruixo2021", 2.05)]


@pytest.mark.parametrize(("model_id", "printed"), STEADY_RATIOS)
def test_norketamine_over_ketamine_at_steady_state(model_id: str, printed: float) -> None:
    model = published(model_id)
    given = Regimen.of(Dose(drug=Drug.ESKETAMINE, route=Route.IV, amount=1.0))
    areas = [
        exposure.AUC(model, given, analyte, interval=(0.0, math.inf), person=PERSON)
        for analyte in ("esnorketamine", "esketamine")
    ]
    assert areas[0] / areas[1] == pytest.approx(printed, rel=0.005)
