"""Peaks, chances and times of leaving, against what they must be."""

import numpy as np
import pytest

from ketherapy.pharmacology import catalog as models
from ketherapy.pharmacology.effects import catalog
from ketherapy.simulation.effects import readouts
from ketherapy.simulation.effects.entries import EffectsRequest
from ketherapy.simulation.effects.readouts import highest, sbp_chance, settled
from ketherapy.simulation.request import SimulationRequest, read_request
from ketherapy.simulation.solve import simulate

COARSE = np.linspace(0.0, 6.0, 13)


@pytest.fixture(scope="module")
def infusion() -> SimulationRequest:
    typed = {"drug": "ketamine", "route": "iv", "dose": "0.5 mg/kg", "over": "40 min"}
    found = read_request({**typed, "weight": "71 kg", "until": "6 h"})
    assert isinstance(found, SimulationRequest)
    return found


def bump(t):
    return t * np.exp(-t)


def test_a_peak_is_found_between_the_points_drawn():
    t = np.array([0.0, 0.7, 2.2, 6.0])
    value, at = highest(bump, t, bump(t))
    assert at == pytest.approx(1.0, abs=0.05)
    assert value == pytest.approx(np.exp(-1.0), rel=1e-3)


def test_the_peak_of_nothing_is_where_it_begins():
    assert highest(np.zeros_like, COARSE, np.zeros_like(COARSE)) == (0.0, 0.0)


def test_a_fall_is_found_between_the_points_drawn():
    at = settled(lambda t: np.exp(-t), COARSE, limit=0.3)
    assert at == pytest.approx(-np.log(0.3), abs=2e-4)


def test_what_falls_rises_and_falls_again_has_settled_at_the_last_fall():
    at = settled(lambda t: 1.0 + np.cos(t * np.pi), np.linspace(0.0, 1.5, 31), limit=2.0)
    assert at == 0.0
    wave = settled(lambda t: np.cos(t), np.linspace(0.0, 9.0, 19), limit=0.0)
    assert wave == pytest.approx(2.5 * np.pi, abs=1e-3)


@pytest.mark.parametrize(("limit", "found"), [(2.0, 0.0), (1e-9, None)])
def test_never_above_is_at_once_and_never_below_is_not_within(limit, found):
    assert settled(lambda t: np.exp(-t), COARSE, limit=limit) == found


def test_the_level_at_the_time_of_leaving_is_the_leaving_level(infusion):
    model = infusion.models[0]
    at = settled(readouts.level_course(infusion, model), COARSE, limit=0.040)
    assert at is not None
    level = simulate(model, infusion.regimen, np.array([at]), person=infusion.person)
    assert float(level["ketamine"][0]) == pytest.approx(0.040, rel=1e-3)


def chance(infusion, *, limit: float, sbp: float = 130.0):
    wanted = EffectsRequest(
        effects=(catalog.effect("pressure"),), baseline={"sbp": sbp}, sbp_limit=limit
    )
    model = models.published("otto2021_iv")
    return sbp_chance(model, infusion.regimen, asked=wanted, seed=1, person=infusion.person)


def test_a_chance_lies_between_its_two_answers_and_above_no_drug(infusion):
    found = chance(infusion, limit=150.0)
    assert 0.0 < found.without < found.least < found.most < 1.0


def test_a_higher_limit_is_crossed_less(infusion):
    low, high = chance(infusion, limit=140.0), chance(infusion, limit=160.0)
    assert low.least > high.least
    assert low.most > high.most
    assert low.without > high.without


def test_a_higher_pressure_at_rest_crosses_more(infusion):
    assert chance(infusion, limit=160.0, sbp=150.0).least > chance(infusion, limit=160.0).least


def test_without_a_limit_or_a_pressure_there_is_no_chance(infusion):
    wanted = EffectsRequest(effects=(catalog.effect("pressure"),), sbp_limit=150.0)
    model = models.published("otto2021_iv")
    assert sbp_chance(model, infusion.regimen, asked=wanted, seed=1) is None


def test_readings_begin_before_the_dose_and_are_in_order():
    times = readouts.readings()
    assert times[0] == 0.0
    assert list(times) == sorted(set(times))
