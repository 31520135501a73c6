"""Virtual people: the same person has the same deviations, and a band holds its middle."""

from dataclasses import replace

import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.pharmacology.catalog import extremes, published
from ketherapy.pharmacology.covariates import Person
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation.band import band, deviations
from ketherapy.simulation.solve import simulate

OTTO = published("otto2021_iv")
ADULT = Person(weight=70.0, age=30.0)
INFUSION = Regimen.of(Dose(drug=Drug.ESKETAMINE, route=Route.IV, amount=20.0, over=40.0 / 60.0))


def test_a_person_is_the_same_whoever_is_drawn_beside():
    few, many = deviations(OTTO, 16, seed=3), deviations(OTTO, 1000, seed=3)
    for name, values in few.items():
        np.testing.assert_array_equal(values, many[name][:16])


def test_what_is_handed_out_cannot_be_changed_for_the_next():
    with pytest.raises(ValueError, match="read-only"):
        deviations(OTTO, 8, seed=3)["CL"][:] = 99.0


def test_nobody_is_no_population():
    with pytest.raises(ContractError, match="people"):
        deviations(OTTO, 0, seed=3)


def test_deviations_have_the_printed_covariance():
    eta = deviations(OTTO, 4096, seed=5)
    found = np.cov(eta["V1"], eta["CL"])
    np.testing.assert_allclose(found, [[0.084177, 0.02261], [0.02261, 0.026048]], rtol=0.02)


def test_a_model_without_variability_has_no_band():
    domino = published("domino1984_iv")
    infusion = Regimen.of(Dose(drug=Drug.KETAMINE, route=Route.IV, amount=35.0, over=0.5))
    assert band(domino, infusion, np.array([1.0]), person=ADULT, seed=1) is None


@pytest.mark.parametrize("model_id", ["otto2021_iv", "simons2022"])
def test_the_typical_person_lies_inside_the_band(model_id):
    model, t = published(model_id), np.array([0.2, 0.6, 1.0, 3.0, 8.0])
    found = band(model, INFUSION, t, person=ADULT, seed=1)
    middle = simulate(model, INFUSION, t, person=ADULT)
    assert found is not None
    for analyte in middle.data_vars:
        low, high = found[analyte].values
        assert np.all(low < middle[analyte].values)
        assert np.all(middle[analyte].values < high)


def test_few_people_tell_nearly_what_many_do():
    t = np.array([0.3, 2.0 / 3.0, 1.0, 4.0])
    few, many = (band(OTTO, INFUSION, t, person=ADULT, seed=1, people=n) for n in (128, 4096))
    assert few is not None
    assert many is not None
    np.testing.assert_allclose(few["esketamine"], many["esketamine"], rtol=0.05)


def test_the_band_of_a_construction_holds_both_ends_of_its_ranges():
    model = published("depot_im_sc")
    dose = Regimen.of(Dose(drug=Drug.KETAMINE, route=Route.IM, amount=35.0))
    t = np.array([0.25, 0.5, 1.0, 4.0])
    found = band(model, dose, t, person=ADULT, seed=1)
    assert found is not None
    low, high = found["ketamine"].values
    for end in (model, *extremes(model)):
        level = simulate(end, dose, t, person=ADULT)["ketamine"].values
        assert np.all((low < level) & (level < high))
    narrow = band(replace(model, printed=_points(model)), dose, t, person=ADULT, seed=1)
    assert narrow is not None
    assert np.all(high - low > np.diff(narrow["ketamine"].values, axis=0)[0])


def _points(model):
    return {name: replace(n, low=None, high=None) for name, n in model.printed.items()}
