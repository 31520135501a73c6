"""Exposure of one person: every dose counts, and what is not described is refused."""

import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.pharmacology.catalog import published
from ketherapy.pharmacology.covariates import Person
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation import exposure
from ketherapy.simulation.solve import simulate

SPRAY = published("perezruixo2021")
OTTO = published("otto2021_iv")
ADULT = Person(weight=70.0, age=30.0)
SPRAYS = Regimen.devices(28.0, 3, drug=Drug.ESKETAMINE, apart=5.0 / 60.0)


def infusion(amount: float = 20.0, at: float = 0.0) -> Regimen:
    """Return an infusion over 40 minutes."""
    return Regimen.of(
        Dose(drug=Drug.ESKETAMINE, route=Route.IV, amount=amount, at=at, over=40.0 / 60.0)
    )


@pytest.mark.parametrize("until", [24.0, 168.0, 1440.0])
def test_a_peak_is_found_however_long_one_looks(until):
    Cmax, Tmax = exposure.peak(SPRAY, SPRAYS, "esketamine", until=until)
    fine = np.linspace(0.0, 2.0, 7201)
    level = simulate(SPRAY, SPRAYS, fine)["esketamine"].values
    assert Cmax == pytest.approx(level.max(), rel=1e-6)
    assert Tmax == pytest.approx(fine[level.argmax()], abs=0.001)


def test_the_highest_of_several_peaks_is_found():
    late = Regimen(doses=tuple(dose.later(900.0) for dose in SPRAYS.doses))
    small_first = Regimen.devices(28.0, 1, drug=Drug.ESKETAMINE, apart=0.0) + late
    _, Tmax = exposure.peak(SPRAY, small_first, "esketamine", until=1440.0)
    assert Tmax > 900.0


@pytest.mark.parametrize("until", [24.0, 720.0])
def test_time_above_a_level_does_not_depend_on_how_long_one_looks(until):
    found = exposure.time_above(SPRAY, SPRAYS, "esketamine", level=0.08, until=until)
    fine = np.linspace(0.0, 4.0, 14_401)
    above = simulate(SPRAY, SPRAYS, fine)["esketamine"].values > 0.08
    assert found == pytest.approx(4.0 * above.mean(), abs=0.001)


def test_each_of_repeated_doses_counts_its_time_above():
    once = exposure.time_above(OTTO, infusion(), "esketamine", level=0.05, until=24.0, person=ADULT)
    often = exposure.time_above(
        OTTO, infusion().repeated(5, every=168.0), "esketamine",
        level=0.05, until=5 * 168.0, person=ADULT,
    )  # fmt: skip
    assert often == pytest.approx(5.0 * once, rel=0.01)


def test_a_bolus_is_above_from_its_very_instant():
    bolus = Regimen.of(Dose(drug=Drug.ESKETAMINE, route=Route.IV, amount=20.0, at=1.0))
    found = exposure.time_above(OTTO, bolus, "esketamine", level=0.1, until=8.0, person=ADULT)
    t = np.linspace(1.0, 3.0, 20_001)
    above = simulate(OTTO, bolus, t, person=ADULT)["esketamine"].values > 0.1
    assert found == pytest.approx(2.0 * above.mean(), abs=0.001)


@pytest.mark.parametrize("analyte", ["ketamine", "norketamine", "arketamine", "midazolam"])
def test_an_area_of_what_is_not_described_is_refused(analyte):
    with pytest.raises(ContractError, match="analyte"):
        exposure.AUC(OTTO, infusion(), analyte, interval=(0.0, 8.0), person=ADULT)


@pytest.mark.parametrize("interval", [(1.0, 1.0), (2.0, 1.0), (-1.0, 3.0)])
def test_an_interval_that_is_none_is_refused(interval):
    with pytest.raises(ContractError, match="interval"):
        exposure.AUC(OTTO, infusion(), "esketamine", interval=interval, person=ADULT)


def test_a_role_that_is_not_described_is_refused():
    with pytest.raises(ContractError, match="role"):
        exposure.half_lives(
            published("domino1984_iv"), Drug.KETAMINE, person=ADULT, role="norketamine"
        )
