import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketherapy.errors import ContractError
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.structures import Pressure
from ketherapy.simulation.effects import visit

SPREAD = {"noise": 5.2, "max_sd": 19.0, "placebo_max_sd": 13.0}


def typical() -> Pressure:
    effect = catalog.effect("pressure")
    found = catalog.structure(effect, catalog.typical(effect))
    assert isinstance(found, Pressure)
    return found


@pytest.mark.parametrize(
    ("baseline", "limit"), [(120.0, 140.0), (135.0, 140.0), (150.0, 180.0), (120.0, 125.0)]
)
def test_the_chance_is_that_of_many_simulated_visits(baseline, limit):
    """By brute force: a million visits of five noisy readings."""
    rng = np.random.default_rng(5)
    rise = np.array([[1.0, 4.0, 8.0, 5.0, 2.0], [2.0, 6.0, 12.0, 8.0, 3.0]])
    found = visit.crossing(rise, baseline=baseline, limit=limit, before=0, **SPREAD)
    count = 400_000
    noise = rng.normal(0.0, 5.2, (count, 5))
    drawn = rise[rng.integers(0, 2, count)]
    person = rng.normal(0.0, np.sqrt(19.0**2 - 13.0**2), (count, 1))
    for ours, readings in (
        (found.least, drawn + noise),
        (found.most, drawn + noise + person),
        (found.without, noise),
    ):
        share = np.mean((baseline + readings).max(axis=1) >= limit)
        assert ours == pytest.approx(share, abs=4e-3)


@given(
    rise=st.floats(0.0, 40.0), baseline=st.floats(80.0, 170.0), room=st.floats(0.5, 60.0),
    higher=st.floats(0.0, 20.0),
)  # fmt: skip
def test_a_higher_pressure_is_never_less_likely_to_cross(rise, baseline, room, higher):
    course = np.array([[0.0, rise, 0.5 * rise]])
    limit = baseline + room
    low = visit.crossing(course, baseline=baseline, limit=limit, before=0, **SPREAD)
    high = visit.crossing(course + higher, baseline=baseline, limit=limit, before=0, **SPREAD)
    raised = visit.crossing(course, baseline=baseline + higher, limit=limit, before=0, **SPREAD)
    for before, after in ((low, high), (low, raised)):
        assert after.least >= before.least - 1e-12
        assert after.most >= before.most - 1e-12
    assert low.without <= low.least + 1e-12
    assert all(0.0 <= x <= 1.0 for x in (low.least, low.most, low.without))


def test_more_readings_are_never_less_likely_to_cross():
    few = visit.crossing(np.full((1, 2), 5.0), baseline=125.0, limit=140.0, before=0, **SPREAD)
    many = visit.crossing(np.full((1, 9), 5.0), baseline=125.0, limit=140.0, before=0, **SPREAD)
    assert few.least < many.least
    assert few.without < many.without


def test_without_a_spread_between_people_both_answers_are_one():
    found = visit.crossing(
        np.array([[3.0, 6.0]]), baseline=130.0, limit=140.0,
        noise=5.0, max_sd=10.0, placebo_max_sd=12.0, before=0,
    )  # fmt: skip
    assert found.least == pytest.approx(found.most)


@pytest.mark.parametrize(
    ("rise", "baseline", "limit"),
    [
        (np.zeros((1, 0)), 120.0, 140.0),
        (np.zeros((0, 3)), 120.0, 140.0),
        (np.zeros((1, 3)), 0.0, 140.0),
        (np.zeros((1, 3)), 120.0, -1.0),
        (np.zeros((1, 3)), float("nan"), 140.0),
        (np.zeros((1, 3)), 120.0, float("inf")),
        (np.array([[0.0, float("nan"), 1.0]]), 120.0, 140.0),
        (np.array([[0.0, float("inf"), 1.0]]), 120.0, 140.0),
    ],
)
def test_what_cannot_be_is_refused(rise, baseline, limit):
    with pytest.raises(ContractError, match="chance of crossing"):
        visit.crossing(rise, baseline=baseline, limit=limit, before=0, **SPREAD)


@pytest.mark.parametrize("name", ["noise", "max_sd", "placebo_max_sd"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0])
def test_a_spread_that_cannot_be_is_refused(name, value):
    with pytest.raises(ContractError, match="chance of crossing"):
        visit.crossing(
            np.zeros((1, 3)), baseline=120.0, limit=140.0, before=0, **SPREAD | {name: value}
        )


def test_a_reading_without_noise_is_refused():
    with pytest.raises(ContractError, match="noise above zero"):
        visit.crossing(
            np.zeros((1, 3)), baseline=120.0, limit=140.0, before=0, **SPREAD | {"noise": 0.0}
        )


@pytest.mark.parametrize("before", [-1, 4])
def test_no_more_readings_are_before_the_dose_than_there_are(before):
    with pytest.raises(ContractError, match="before the dose"):
        visit.crossing(np.zeros((1, 3)), baseline=120.0, limit=140.0, before=before, **SPREAD)


def test_how_people_react_to_the_drug_is_not_in_a_reading_before_it():
    at = {"baseline": 120.0, "limit": 140.0}
    alone = visit.crossing(np.zeros((1, 1)), **at, before=1, **SPREAD)
    assert alone.most == pytest.approx(alone.without)
    rise = np.array([[0.0, 4.0]])
    free, bound = (visit.crossing(rise, **at, before=n, **SPREAD) for n in (0, 1))
    assert bound.most < free.most
    assert bound.least == free.least


def test_each_sign_has_its_own_noise_and_spreads():
    assert visit.pressures(typical(), "sbp") == (5.2, 19.0, 13.0)
    assert visit.pressures(typical(), "dbp") == (4.2, 14.5, 10.7)
    with pytest.raises(ContractError, match="sbp or dbp"):
        visit.pressures(typical(), "hr")


T = np.array([0.0, 1.0, 2.0, 3.0, 4.0])


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        pytest.param([0.0, 1.0, 0.5, 0.2, 0.1], 0.0, id="never above"),
        pytest.param([0.0, 4.0, 3.0, 1.0, 0.0], 2.5, id="between two times"),
        pytest.param([0.0, 4.0, 2.0, 1.0, 0.0], 2.0, id="at the limit exactly"),
        pytest.param([0.0, 4.0, 1.0, 4.0, 0.0], 3.5, id="the last time it falls, not the first"),
        pytest.param([0.0, 4.0, 4.0, 4.0, 3.0], None, id="still above at the end"),
        pytest.param([0.0, 1.0, 1.0, 1.0, 9.0], None, id="rises at the end"),
    ],
)
def test_from_when_on_a_course_stays_below(course, expected):
    found = visit.falls_below(T, np.array(course), 2.0)
    assert found == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("t", "course", "limit"),
    [
        pytest.param([0.0, 1.0, 2.0], [float("nan")] * 3, 50.0, id="not known"),
        pytest.param([0.0, 1.0, 2.0], [1.0, float("nan"), 1.0], 50.0, id="one not known"),
        pytest.param([0.0, 1.0, 2.0], [1.0, 2.0, 1.0], float("nan"), id="no limit"),
        pytest.param([0.0, 1.0, 2.0], [1.0, 2.0, 1.0], float("inf"), id="a limit of no height"),
        pytest.param([0.0, 1.0, float("inf")], [1.0, 2.0, 1.0], 50.0, id="no time"),
        pytest.param([], [], 50.0, id="nothing"),
        pytest.param([0.0, 2.0, 1.0], [1.0, 2.0, 1.0], 50.0, id="out of order"),
        pytest.param([0.0, 1.0, 1.0], [1.0, 2.0, 1.0], 50.0, id="twice"),
    ],
)
def test_what_is_not_known_is_not_below_a_limit(t, course, limit):
    with pytest.raises(ContractError, match="course"):
        visit.falls_below(np.array(t), np.array(course), limit)
