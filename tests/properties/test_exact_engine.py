"""The exact engine beside an independent ODE solver, on random regimens and random structures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from ketherapy.regimen import Drug, Regimen, Route
from ketherapy.simulation import solve
from ketherapy.simulation.solvers import stepwise
from ketherapy.simulation.solvers.inputs import Pulses
from tests.science import CASES, DISTINCT, Case, exactly, horizons, regimens, whole

TOLERANCE = 1e-8  # of each state's own maximum over the horizon


def look(regimen: Regimen, horizon: float) -> np.ndarray:
    """Return times to look at: spread over the horizon, at every input edge, and close behind."""
    edges = [edge for edge in regimen.edges if edge <= horizon]
    grid = np.concatenate([np.linspace(0.0, horizon, 12), np.geomspace(1e-3, 1.0, 6) * horizon])
    return np.unique(np.concatenate([grid, edges]))


def agree(found: np.ndarray, reference: np.ndarray) -> None:
    """Fail unless every state agrees to the tolerance."""
    top = np.max(np.abs(reference), axis=0)
    worst = np.max(np.abs(found - reference), axis=0)
    # Where no drug gets to, the exact state is zero and the solver's is what rounding left there.
    rounding = np.finfo(float).eps * np.max(top)
    assert np.all(worst <= TOLERANCE * top + rounding), f"worst {worst / np.where(top > 0, top, 1)}"


def agrees(case: Case, data: st.DataObject) -> None:
    """Draw a regimen and a horizon and fail unless both solvers agree."""
    regimen = data.draw(regimens(case.drug, case.route), label="regimen")
    horizon = data.draw(horizons(), label="horizon")
    t = look(regimen, horizon)
    (part,) = case.parts(regimen)
    K, pulse = whole(part)
    with solve.precision():
        reference = stepwise.states(K, pulse, t)
    agree(exactly(K, pulse, t), reference)


@pytest.mark.parametrize("case", DISTINCT, ids=str)
@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_state_agrees_with_the_ode_solver(case: Case, data: st.DataObject) -> None:
    agrees(case, data)


@pytest.mark.slow
@pytest.mark.parametrize("case", DISTINCT, ids=str)
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_state_agrees_on_many_regimens(case: Case, data: st.DataObject) -> None:
    agrees(case, data)


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@example(seed=233, horizon=1440.0)  # a compartment that no drug gets to
@given(seed=st.integers(0, 2**32 - 1), horizon=horizons())
def test_any_compartment_graph_agrees_with_the_ode_solver(seed: int, horizon: float) -> None:
    rng = np.random.default_rng(seed)
    n = 5
    flows = rng.lognormal(0.0, 2.0, (n, n)) * (rng.random((n, n)) < 0.5)
    np.fill_diagonal(flows, 0.0)
    K = flows - np.diag(flows.sum(axis=0) + rng.lognormal(-1.0, 1.0, n))
    start = np.round(rng.random(3) * horizon * 0.5, 3)
    given_ = Pulses(
        state=(0, 1, 1),
        amount=rng.lognormal(2.0, 1.0, 3),
        start=start,
        over=np.array([0.0, horizon / 3.0, horizon / 3.0]),
    )
    t = np.unique(np.concatenate([np.linspace(0.0, horizon, 12), start]))
    with solve.precision():
        reference = stepwise.states(K, given_, t)
    agree(exactly(K, given_, t), reference)


@pytest.mark.parametrize("power", range(-10, 12))
def test_a_time_of_one_binary_digit_is_reached(power: int) -> None:
    K = np.array([[-3.0, 1.0], [2.0, -1.5]])
    t = 2.0**power
    dose = Pulses(state=(0,), amount=np.array([10.0]), start=np.array([0.0]), over=np.array([0.0]))
    found = exactly(K, dose, np.array([t]))[0]
    np.testing.assert_allclose(found, expm(K * t) @ [10.0, 0.0], rtol=1e-9, atol=1e-250)


@given(t=st.floats(1e-6, 200.0), seed=st.integers(0, 1000))
def test_the_propagator_is_the_matrix_exponential(t: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    flows = rng.lognormal(0.0, 1.0, (4, 4))
    np.fill_diagonal(flows, 0.0)
    K = flows - np.diag(flows.sum(axis=0) + 0.2)
    dose = Pulses(state=(2,), amount=np.array([1.0]), start=np.array([0.0]), over=np.array([0.0]))
    np.testing.assert_allclose(
        exactly(K, dose, np.array([t]))[0], expm(K * t)[:, 2], rtol=1e-9, atol=1e-15
    )


@pytest.mark.parametrize("begins", [-1000.0, -2.0, 0.0])
def test_a_dose_before_time_zero_loses_no_digit(begins: float) -> None:
    K = np.array([[-30.0, 1.0], [2.0, -1.5]])
    given_ = Pulses(
        state=(0,), amount=np.array([10.0]), start=np.array([begins]), over=np.array([500.0])
    )
    moved = Pulses(
        state=(0,), amount=np.array([10.0]), start=np.array([0.0]), over=np.array([500.0])
    )
    t = np.array([300.0, 500.0])
    np.testing.assert_allclose(
        exactly(K, given_, t + begins), exactly(K, moved, t), rtol=1e-9, atol=1e-18
    )


@pytest.mark.parametrize("case", CASES, ids=str)
@settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_amount_is_ever_negative_or_endless(case: Case, data: st.DataObject) -> None:
    regimen = data.draw(regimens(case.drug, case.route), label="regimen")
    t = look(regimen, data.draw(horizons(), label="horizon"))
    for part in case.parts(regimen):
        found = exactly(*whole(part), t)
        assert np.all(np.isfinite(found))
        assert np.all(found >= 0.0)


def test_every_route_is_among_the_cases() -> None:
    assert {case.route for case in CASES} == set(Route)


@pytest.mark.parametrize("route", [Route.IV])
def test_nothing_is_there_before_the_first_dose(route: Route) -> None:
    case = next(case for case in CASES if case.route is route and case.drug is Drug.ESKETAMINE)
    regimen = Regimen.of(case.dose(at=2.0))
    (part,) = case.parts(regimen)
    K, pulse = whole(part)
    found = exactly(K, pulse, np.array([-1.0, 0.0, 1.999]))
    assert np.all(found == 0.0)
