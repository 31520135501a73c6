"""Peaks, chances and times of leaving, against what they must be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog as models
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects import catalog
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation.effects import conventions, readouts
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
    found = sbp_chance(model, infusion.regimen, asked=wanted, seed=1, person=infusion.person)
    assert found is not None
    return found.chance


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
    times = conventions.readings(0.0)
    assert times[0] == 0.0
    assert list(times) == sorted(set(times))


@pytest.mark.parametrize("end", [0.0, 0.2, 2.0 / 3.0, 1.0, 4.0, 30.0])
def test_readings_go_on_behind_the_end_of_the_input(end):
    last, listed = conventions.readings(end)[-1], conventions.readings(0.0)[-1]
    assert end + listed - 0.5 < last <= end + listed + 1e-9


@given(end=st.floats(0.0, 50.0), more=st.floats(0.0, 50.0))
def test_a_longer_input_is_read_at_every_moment_of_a_shorter_one(end, more):
    short, long = conventions.readings(end), conventions.readings(end + more)
    assert long[: len(short)] == short


def pressed(amount: float, over: float, *, repeats: int = 1, session: int = 1):
    wanted = EffectsRequest(
        effects=(catalog.effect("pressure"),), baseline={"sbp": 120.0}, sbp_limit=140.0
    )
    regimen = Regimen.of(Dose(drug=Drug.KETAMINE, route=Route.IV, amount=amount, over=over))
    if repeats > 1:
        regimen = regimen.repeated(repeats, every=48.0)
    found = sbp_chance(
        models.published("otto2021_iv"), regimen, asked=wanted, seed=1,
        person=Person(weight=70.0), session=session, count=16,
    )  # fmt: skip
    assert found is not None
    return found


@given(
    rate=st.floats(1.0, 50.0), over=st.floats(0.2, 3.0), longer=st.floats(1.0, 3.0),
    larger=st.floats(1.0, 2.0),
)  # fmt: skip
@settings(max_examples=15, deadline=None)
def test_a_longer_or_larger_dose_never_crosses_less(rate, over, longer, larger):
    first = pressed(rate * over, over).chance
    for other in (
        pressed(rate * over * longer, over * longer).chance,
        pressed(rate * over * larger, over).chance,
    ):
        assert other.least >= first.least - 1e-6
        assert other.most >= first.most - 1e-6
        assert other.least >= other.without


def test_four_hours_with_the_higher_peak_do_not_look_safer_than_forty_minutes():
    long, short = pressed(98.0, 4.0).chance, pressed(35.0, 2.0 / 3.0).chance
    assert long.least > short.least
    assert long.most > short.most


def test_a_chance_says_which_session_it_is_of():
    last = pressed(35.0, 2.0 / 3.0, repeats=3, session=3)
    assert (last.session, last.sessions) == (3, 3)
    first = pressed(35.0, 2.0 / 3.0, repeats=3)
    assert last.chance.least >= first.chance.least


@pytest.mark.parametrize("session", [0, 2])
def test_a_session_that_there_is_not_is_refused(session):
    with pytest.raises(ContractError, match="session"):
        pressed(35.0, 2.0 / 3.0, session=session)


def test_a_peak_between_two_times_far_apart_is_not_overlooked():
    at = settled(lambda t: 0.5 * bump(t), np.array([0.0, 8.0]), limit=0.05)
    assert at is not None
    assert 0.5 * bump(at) == pytest.approx(0.05, rel=1e-2)
    assert at > 1.0


@pytest.mark.parametrize("t", [[], [1.0, 0.0], [0.0, float("nan")]], ids=str)
def test_times_that_are_none_are_refused(t):
    with pytest.raises(ContractError, match="course"):
        settled(bump, np.array(t), limit=0.1)


def test_leaving_is_looked_for_behind_the_peak_however_short_the_time_shown():
    """Swallowed esketamine is below its leaving level at first, and has not been there yet."""
    typed = {"drug": "esketamine", "route": "oral", "dose": "150 mg", "weight": "70 kg"}
    found = {}
    for until in ("10 min", "8 h"):
        request = read_request({**typed, "until": until})
        assert isinstance(request, SimulationRequest)
        model = request.models[0]
        t = readouts.horizon_times(model, request.regimen, request.person)
        found[until] = settled(readouts.level_course(request, model), t, limit=0.020)
    assert found["10 min"] == found["8 h"]
    assert found["8 h"] == pytest.approx(252.0 / 60.0, abs=0.02)  # as eight hours, drawn, show


def test_what_never_settles_in_the_time_looked_at_is_not_said_to():
    t = readouts.horizon_times(
        models.published("otto2021_iv"),
        Regimen.of(Dose(drug=Drug.KETAMINE, route=Route.IV, amount=35.0, over=0.7)),
        Person(weight=70.0),
    )
    assert settled(lambda t: 1.0 + t, t, limit=0.5) is None
