import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.pharmacology.catalog import published
from ketherapy.pharmacology.covariates import Person
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation.effects.upstream import upstream
from ketherapy.simulation.solve import simulate

PERSON = Person(weight=70.0, age=45.0)
T = np.array([0.3, 1.0, 6.0])


def infusion(drug: Drug = Drug.KETAMINE, at: float = 0.0) -> Regimen:
    return Regimen.of(Dose(drug=drug, route=Route.IV, amount=35.0, at=at, over=0.7))


def test_levels_are_those_that_are_simulated():
    up = upstream(published("otto2021_iv"), infusion(), person=PERSON)
    data = simulate(published("otto2021_iv"), infusion(), T, person=PERSON)
    found = up.levels(T)
    assert set(found) == {"esketamine", "arketamine", "esnorketamine", "arnorketamine"}
    for name, level in found.items():
        np.testing.assert_allclose(level, data[name], rtol=1e-12)
    assert up.is_split


def test_half_of_what_is_not_told_apart_is_taken_as_each():
    up = upstream(published("clements1981"), infusion(), person=PERSON)
    whole = simulate(published("clements1981"), infusion(), T, person=PERSON)["ketamine"]
    found = up.levels(T)
    np.testing.assert_allclose(found["esketamine"], 0.5 * whole, rtol=1e-12)
    np.testing.assert_allclose(found["arketamine"], 0.5 * whole, rtol=1e-12)
    assert not up.is_split


def test_one_hand_alone_has_no_other():
    found = upstream(published("otto2021_iv"), infusion(Drug.ARKETAMINE), person=PERSON).levels(T)
    assert "esketamine" not in found
    assert "arketamine" in found


def test_edges_hold_zero_and_every_end_of_input():
    up = upstream(published("otto2021_iv"), infusion(at=2.0), person=PERSON)
    np.testing.assert_allclose(up.edges, [0.0, 2.0, 2.7])


def test_a_dose_before_zero_is_refused():
    with pytest.raises(ContractError, match="zero"):
        upstream(published("otto2021_iv"), infusion(at=-1.0), person=PERSON)


@pytest.mark.parametrize("times", [3.0, np.array([0.5, 2.0])], ids=["one", "several"])
def test_every_dose_times_so_much_is_every_level_times_so_much(times):
    model = published("otto2021_iv")
    once = upstream(model, infusion(), person=PERSON).levels(T)
    more = upstream(model, infusion(), person=PERSON, times=times).levels(T)
    for name, level in once.items():
        np.testing.assert_allclose(more[name], np.multiply.outer(times, level), rtol=1e-12)
