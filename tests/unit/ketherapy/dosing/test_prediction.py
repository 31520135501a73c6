"""The peak that a planned dose is predicted to reach, and when none is predicted."""

from datetime import UTC, datetime

import numpy as np
import pytest

from ketherapy import __version__
from ketherapy.dosing.planned import PlannedDose, Predicted
from ketherapy.dosing.prediction import NotPredicted, predicted
from ketherapy.dosing.protocol import protocol
from ketherapy.dosing.rungs import Visit
from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.covariates import Person
from ketherapy.simulation.band import band

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WEIGHT = 71.0


def peak(key="iv_depression_2026_01", phase=None, weight=WEIGHT, **changed):
    found = protocol(key)
    dose = PlannedDose(protocol=key, phase=phase or found.phase[0].id, **changed)
    visit = Visit(weight=weight, age=40.0, now=NOW)
    person = Person(weight=weight, age=40.0)
    return predicted(found, dose, person, visit=visit)


@pytest.fixture(scope="module")
def usual():
    return peak(phase=protocol("iv_depression_2026_01").phase[0].id)


def phase_of(key):
    return protocol(key).phase[0].id


def test_the_usual_dose_is_predicted_where_none_is_planned(usual):
    assert isinstance(usual, Predicted)
    assert usual.amount == pytest.approx(35.5)
    assert usual.over == pytest.approx(40 / 60)
    assert usual.band == "5 to 95 % of people"
    assert usual.engine == f"ketherapy {__version__}"


def test_the_model_whose_band_ends_highest_decides_and_is_named(usual):
    assert usual.model == "simons2022 (arterial plasma), the highest of 2 models"
    assert usual.population == catalog.published("simons2022").population.text


def test_an_infusion_peaks_at_its_end(usual):
    found = protocol("iv_depression_2026_01")
    from ketherapy.dosing.protocol import regimen

    at = np.array([40 / 60])
    model, person = catalog.published("simons2022"), Person(weight=WEIGHT, age=40.0)
    given = regimen(found, weight=WEIGHT)
    ends = band(model, given, at, person=person, seed=20260101)
    assert ends is not None
    low, high = ends["ketamine"].values[:, 0]
    assert (usual.low, usual.high) == (pytest.approx(low), pytest.approx(high))
    assert usual.low < usual.median < usual.high


def test_a_dose_twice_as_large_is_predicted_twice_as_high(usual):
    doubled = peak(phase=phase_of("iv_depression_2026_01"), amount=71.0)
    assert isinstance(doubled, Predicted)
    assert doubled.amount == 71.0
    assert doubled.high == pytest.approx(2.0 * usual.high)
    assert doubled.low == pytest.approx(2.0 * usual.low)


def test_a_longer_infusion_is_predicted_over_its_own_time(usual):
    longer = peak(phase=phase_of("iv_depression_2026_01"), amount=35.5, over=1.0)
    assert isinstance(longer, Predicted)
    assert longer.over == 1.0
    assert longer.high < usual.high


def test_a_spray_is_predicted_in_whole_devices_and_by_its_one_model():
    found = peak("esketamine_trd_us_2026_01", phase=None, amount=84.0)
    assert isinstance(found, Predicted)
    assert (found.amount, found.over) == (84.0, 0.0)
    assert found.model == "perezruixo2021 (venous plasma)"


def test_no_whole_number_of_devices_is_no_prediction():
    found = peak("esketamine_trd_us_2026_01", phase=None, amount=50.0)
    assert isinstance(found, NotPredicted)
    assert "whole devices" in found.reason


def test_a_route_with_a_placeholder_alone_is_not_predicted():
    found = peak("sc_depression_2026_01", phase=None)
    assert isinstance(found, NotPredicted)
    assert found.reason.startswith("No model of ketamine by this route (sc) can be relied on")
    assert "unvalidated" in found.reason


def test_nothing_is_predicted_without_a_weight():
    found = peak(phase=phase_of("iv_depression_2026_01"), weight=None, amount=35.0)
    assert isinstance(found, NotPredicted)
    assert found.reason == "No peak is predicted without a body weight: none is assumed."


def test_a_phase_that_is_not_there_is_refused():
    with pytest.raises(ContractError, match="phase: expected one of"):
        peak(phase="nowhere")
