"""Areas of many people: the same as those of one, and dose over clearance in the end."""

import math

import numpy as np
import pytest

from ketherapy.pharmacology.catalog import published
from ketherapy.pharmacology.covariates import Person
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation import exposure
from ketherapy.simulation.areas import areas
from ketherapy.simulation.solve import parts
from tests.science import CASES, PERSON

FEW = Person(weight=np.array([50.0, 70.0, 110.0]), age=np.array([25.0, 45.0, 80.0]))


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("until", [0.2, 8.0])
def test_areas_agree_with_the_area_carried_as_a_state(case, until):
    regimen = Regimen.of(case.dose(over=0.5), case.dose(at=1.0, over=0.25))
    found = areas(parts(case.model, regimen, person=PERSON), until=until)
    for analyte, area in found.items():
        expected = exposure.AUC(case.model, regimen, analyte, interval=(0.0, until), person=PERSON)
        assert area == pytest.approx(expected, rel=1e-9), analyte


def test_everybody_has_their_own_area():
    model = published("perezruixo2021")
    spray = Regimen.devices(28.0, 2, drug=Drug.ESKETAMINE, apart=1.0 / 12.0)
    found = areas(parts(model, spray, person=FEW), until=24.0)["esketamine"]
    alone = [
        exposure.AUC(
            model, spray, "esketamine", interval=(0.0, 24.0),
            person=Person(weight=float(weight), age=float(age)),
        )
        for weight, age in zip(FEW.weight, FEW.age, strict=True)
    ]  # fmt: skip
    np.testing.assert_allclose(np.broadcast_to(found, 3), alone, rtol=1e-9)


def test_a_long_window_holds_dose_over_clearance():
    model = published("otto2021_iv")
    infusion = Regimen.of(Dose(drug=Drug.ESKETAMINE, route=Route.IV, amount=20.0, over=2.0 / 3.0))
    CL = exposure.CL(model, Drug.ESKETAMINE, person=PERSON)
    found = areas(parts(model, infusion, person=PERSON), until=1000.0)["esketamine"]
    assert math.isclose(float(found), 20.0 / CL, rel_tol=1e-9)
