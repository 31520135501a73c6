"""The compiled kernel beside the matrix exponential, JAX and an ODE solver; and its laws."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from ketherapy.errors import ContractError, SolverError
from ketherapy.pharmacology.compartments import rate_matrix
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation import solve
from ketherapy.simulation.band import deviations
from ketherapy.simulation.engine import Engine, Kind, Precision
from ketherapy.simulation.solvers import chosen, compiled
from ketherapy.simulation.solvers.inputs import network
from ketherapy.simulation.solvers.kernel import build
from tests.linked import PEOPLE, linked, turnover
from tests.science import DISTINCT, PERSON, Case, regimens

needs_compiler = pytest.mark.skipif(build.compiler() is None, reason="no C++ compiler here")
COMPILED, JAX = Engine(kind=Kind.COMPILED), Engine(kind=Kind.JAX)


def infusion(amount: float = 35.0, *, at: float = 0.0, over: float = 2.0 / 3.0) -> Dose:
    return Dose(drug=Drug.KETAMINE, route=Route.IV, amount=amount, at=at, over=over)


def levels(structure, regimen, t, engine, **how):
    with solve.precision():
        found = solve.levels(structure, regimen, np.asarray(t), engine=engine, **how)
    return {role: np.asarray(values) for role, values in found.items()}


def apart(found, wanted):
    """Return the largest difference, relative to each curve's highest value."""
    return max(
        float((np.abs(found[r] - wanted[r]) / np.abs(wanted[r]).max(-1, keepdims=True)).max())
        for r in wanted
    )


def people_of(case: Case, regimen: Regimen):
    """Return the parts for 21 people, those of a model without variability unlike in dose alone."""
    eta = deviations(case.model, PEOPLE, seed=3)
    split = solve.parts(case.model, regimen, person=PERSON, eta=eta or None)
    return split, np.linspace(0.5, 2.0, PEOPLE)


@needs_compiler
@pytest.mark.parametrize("case", DISTINCT, ids=str)
def test_the_kernel_gives_the_same_numbers_as_jax(case):
    regimen = Regimen.of(
        case.dose(at=0.25), case.dose(at=2.0, over=1.5), case.dose(at=2.0, over=0.0)
    )
    t = np.concatenate([np.arange(97) / 12.0, [0.1234567, 100.3]])  # one time fits no grid
    split, share = people_of(case, regimen)
    for part in split:
        ours = levels(part.structure, part.regimen, t, COMPILED, times_dose=share)
        assert apart(ours, levels(part.structure, part.regimen, t, JAX, times_dose=share)) < 1e-11
        assert all((values >= 0.0).all() for values in ours.values())


@needs_compiler
@pytest.mark.parametrize("case", DISTINCT, ids=str)
@settings(max_examples=8)
@given(data=st.data())
def test_the_kernel_agrees_with_jax_on_any_regimen(case, data):
    regimen = data.draw(regimens(case.drug, case.route))
    looks = st.lists(st.floats(0.001, 72.0), min_size=1, max_size=9)
    t = np.array(sorted(data.draw(looks)))
    split, share = people_of(case, regimen)
    for part in split:
        ours = levels(part.structure, part.regimen, t, COMPILED, times_dose=share)
        theirs = levels(part.structure, part.regimen, t, JAX, times_dose=share)
        for role, values in ours.items():
            np.testing.assert_allclose(values, theirs[role], rtol=1e-8, atol=1e-15)
            assert (values >= 0.0).all()


@needs_compiler
def test_the_matrix_exponential_is_the_oracle():
    structure, t = linked(), np.arange(1, 121) / 30.0
    found = levels(structure, Regimen.of(infusion(over=4.0)), t, COMPILED)["site"]
    states = structure.states[:3]
    for person in (0, 7, PEOPLE - 1):
        alone = linked().__class__(
            **{name: float(getattr(structure, name)[person]) for name in ("CL", "V1", "Q2", "V2")}
        )
        K = np.asarray(rate_matrix(states, alone.flows(), np))
        wide = np.zeros((4, 4))
        wide[:3, :3], wide[0, 3] = K, 35.0 / 4.0
        exact = [(expm(wide * h) @ [0, 0, 0, 1.0])[2] / alone.V1 for h in t]
        np.testing.assert_allclose(found[person], exact, rtol=1e-12)


def stepped(structure, person, response, doses, t):
    """Integrate one person's equations with an ODE solver, a stretch at a time."""
    CL, V1, Q2, V2 = (float(getattr(structure, n)[person]) for n in ("CL", "V1", "Q2", "V2"))

    def slope(_, y, rate):
        C, ratio = y[0] / V1, max(y[2], 0.0) / V1 / response.EC50
        link = ratio**response.gamma / (1.0 + ratio**response.gamma)
        return [
            rate - (CL + Q2) * C + Q2 / V2 * y[1],
            Q2 * C - Q2 / V2 * y[1],
            6.0 * (y[0] - y[2]),
            response.kin * (1.0 + response.Emax * link) - response.kout * y[3],
        ]

    edges = sorted({0.0, *(x for dose in doses for x in (dose.at, dose.ends)), float(t[-1])})
    y, found = np.array([0.0, 0.0, 0.0, response.kin / response.kout]), []
    for begun, ended in itertools.pairwise(edges):
        rate = sum(d.amount / d.over for d in doses if d.at <= begun and ended <= d.ends)
        looks = t[(t > begun) & (t <= ended)]
        seen = [*looks, *([ended] * (ended not in looks))]
        solution = solve_ivp(
            slope, (begun, ended), y, args=(rate,), t_eval=seen,
            method="DOP853", rtol=1e-11, atol=1e-14,
        )  # fmt: skip
        found.append(solution.y[3][: len(looks)])
        y = solution.y[:, -1]
    return np.concatenate(found)


@needs_compiler
@pytest.mark.parametrize("gamma", [0.7, 1.0, 2.0, 3.3])
@pytest.mark.parametrize("Emax", [-0.8, 0.3, 4.0])
def test_a_response_agrees_with_an_ode_solver_and_with_jax(gamma, Emax):
    structure, response = linked(), turnover(gamma=gamma, Emax=Emax)
    doses = (infusion(), infusion(20.0, at=6.0, over=1.0))
    t = np.arange(1, 241) / 30.0
    how = {"turnover": response}
    ours = levels(structure, Regimen.of(*doses), t, COMPILED, **how)["response"]
    theirs = levels(structure, Regimen.of(*doses), t, JAX, **how)["response"]
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)
    fastest = int(np.argmax((structure.CL + structure.Q2) / structure.V1))
    for person in (0, fastest):
        np.testing.assert_allclose(
            ours[person], stepped(structure, person, response, doses, t), rtol=1e-6
        )


@needs_compiler
def test_a_response_without_a_dose_in_reach_stays_at_its_baseline():
    t = np.array([1.0, 3.0])
    found = levels(linked(), Regimen.of(infusion(at=5.0)), t, COMPILED, turnover=turnover())
    np.testing.assert_array_equal(found["response"], 2.0)
    np.testing.assert_array_equal(found["parent"], 0.0)


@needs_compiler
def test_people_do_not_depend_on_who_stands_beside_their_block():
    t, regimen, whole = np.arange(1, 41) / 10.0, Regimen.of(infusion()), linked(64)
    together = levels(whole, regimen, t, COMPILED, turnover=turnover())
    for first in (0, 24, 56):
        some = whole.__class__(
            **{n: getattr(whole, n)[first : first + 8] for n in ("CL", "V1", "Q2", "V2")}
        )
        alone = levels(some, regimen, t, COMPILED, turnover=turnover())
        for role, values in alone.items():
            np.testing.assert_allclose(values, together[role][first : first + 8], rtol=1e-12)


@needs_compiler
def test_times_may_come_in_any_order_and_twice():
    regimen = Regimen.of(infusion())
    ordered = levels(linked(), regimen, [0.5, 1.0, 2.0], COMPILED)
    mixed = levels(linked(), regimen, [2.0, 0.5, 2.0, 1.0], COMPILED)
    for role, values in ordered.items():
        np.testing.assert_array_equal(mixed[role], values[:, [2, 0, 2, 1]])


@needs_compiler
def test_a_look_at_an_instant_dose_sees_it():
    bolus = infusion(over=0.0, at=1.0)
    found = levels(linked(), Regimen.of(bolus), [0.5, 1.0], COMPILED)["parent"]
    np.testing.assert_allclose(found[:, 1], 35.0 / linked().V1, rtol=1e-15)
    np.testing.assert_array_equal(found[:, 0], 0.0)


def test_the_kernel_is_not_asked_for_gradients_or_another_precision():
    import jax.numpy as jnp

    with solve.precision(), pytest.raises(ContractError, match="gradients"):
        solve.levels(linked(), Regimen.of(infusion()), jnp.ones(1), engine=COMPILED)
    with pytest.raises(ContractError, match="float32"):
        Engine(kind=Kind.COMPILED, precision=Precision.FLOAT32)


def test_without_a_compiler_jax_serves(monkeypatch):
    monkeypatch.setattr(build, "works", lambda: False)
    t, regimen = np.array([1.0]), Regimen.of(infusion())
    found = levels(linked(300), regimen, t, Engine())
    np.testing.assert_array_equal(found["parent"], levels(linked(300), regimen, t, JAX)["parent"])
    with pytest.raises(ContractError, match="compiler"):
        levels(linked(300), regimen, t, COMPILED)


def test_float32_is_near_float64():
    t, regimen = np.arange(1, 25) / 3.0, Regimen.of(infusion())
    short = Engine(kind=Kind.JAX, precision=Precision.FLOAT32)
    fine, coarse = (levels(linked(), regimen, t, e)["parent"] for e in (JAX, short))
    error = np.abs(coarse - fine).max() / fine.max()
    assert 0.0 < error < 1e-4


@needs_compiler
def test_an_impossible_horizon_is_refused():
    structure = linked()
    fast = structure.__class__(CL=1e15, V1=structure.V1, Q2=structure.Q2, V2=structure.V2)
    with pytest.raises(SolverError, match="horizon"):
        levels(fast, Regimen.of(infusion()), [1e7, 1e7 + 1.234567891e-3], COMPILED)


def test_a_driver_must_be_observed():
    response = turnover().__class__(
        driver="nowhere", kin=1.0, kout=1.0, Emax=0.1, EC50=0.2, gamma=1.0
    )
    with pytest.raises(ContractError, match="driver"):
        levels(linked(), Regimen.of(infusion()), [1.0], JAX, turnover=response)


def test_an_unknown_device_is_refused():
    with pytest.raises(ContractError, match="device"):
        levels(linked(), Regimen.of(infusion()), [1.0], Engine(kind=Kind.JAX, device="abacus"))


def test_the_kernel_says_which_input_it_takes():
    assert "starts that differ" in compiled.refusal(
        compiled.Pulses(
            state=(0,), amount=np.ones((2, 1)), start=np.array([[0.0], [1.0]]), over=np.ones((2, 1))
        ),
        np.array([1.0]),
    )


@needs_compiler
def test_a_look_just_before_an_instant_dose_does_not_see_it():
    regimen = Regimen.of(infusion(over=0.0, at=1.0))
    before = np.nextafter(1.0, 0.0)
    found = levels(linked(300), regimen, [before, 1.0], Engine())["parent"]
    np.testing.assert_array_equal(found[:, 0], 0.0)


@needs_compiler
def test_an_input_of_ones_own_that_ends_on_the_grid_ends_there():
    """The end of such an input may be written in two ways that differ in the last digit."""
    people = 300
    own = compiled.Pulses(
        state=(0,),
        amount=np.full((people, 1), 10.0),
        start=np.array([0.1]),
        over=np.arange(1, people + 1)[:, None] / 60.0,
    )
    structure, t = linked(people), 0.1 + np.arange(0, 420) / 60.0
    net = network(structure, structure.states[:3], scales={"parent": 1.0})
    with solve.precision():
        (ours,), (theirs,) = (chosen.levels(net, own, t, engine=e) for e in (COMPILED, JAX))
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


@needs_compiler
@pytest.mark.parametrize("gamma", [1.2, 1.5, 1.8])
def test_a_response_to_the_centre_itself_keeps_its_tolerance(gamma):
    """It begins with a kink in its slope: short steps are needed there, and only there."""
    structure, doses = linked(), (infusion(),)
    response = replace(turnover(gamma=gamma), driver="parent")
    t = np.arange(1, 121) / 30.0
    ours = levels(structure, Regimen.of(*doses), t, COMPILED, turnover=response)["response"]
    theirs = levels(structure, Regimen.of(*doses), t, JAX, turnover=response)["response"]
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)


@needs_compiler
def test_threads_change_no_digit(monkeypatch):
    t, regimen, many = np.arange(1, 41) / 10.0, Regimen.of(infusion()), linked(1000)
    together = levels(many, regimen, t, COMPILED, turnover=turnover())
    for cores in (1, 3, 7):
        monkeypatch.setattr(compiled, "_cores", lambda cores=cores: cores)
        again = levels(many, regimen, t, COMPILED, turnover=turnover())
        for role, values in together.items():
            np.testing.assert_array_equal(again[role], values)


@needs_compiler
def test_a_very_short_infusion_is_left_to_jax():
    regimen = Regimen.of(infusion(over=1e-13))
    found = levels(linked(), regimen, [1.0], Engine())["parent"]
    bolus = levels(linked(), Regimen.of(infusion(over=0.0)), [1.0], JAX)["parent"]
    np.testing.assert_allclose(found, bolus, rtol=1e-9)


@pytest.mark.parametrize("engine", [pytest.param(COMPILED, marks=needs_compiler), JAX])
def test_a_level_far_from_EC50_has_an_effect_of_all_or_nothing(engine):
    response = replace(turnover(gamma=110.0), EC50=1e-4)
    t = np.array([0.5, 1.0])
    found = levels(linked(), Regimen.of(infusion()), t, engine, turnover=response)["response"]
    assert np.isfinite(found).all()


@needs_compiler
def test_people_on_two_axes_keep_their_axes():
    structure = linked(6)
    two = structure.__class__(
        **{n: getattr(structure, n).reshape(2, 3) for n in ("CL", "V1", "Q2", "V2")}
    )
    found = levels(two, Regimen.of(infusion()), [1.0], Engine())["parent"]
    flat = levels(structure, Regimen.of(infusion()), [1.0], Engine())["parent"]
    np.testing.assert_allclose(found.reshape(6, 1), flat, rtol=1e-11)
