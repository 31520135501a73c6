"""The cascade beside an ODE solver, its own laws, and the closed forms of linear links."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ketherapy.errors import SolverError
from ketherapy.pharmacology.catalog import published
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.structures import Mood, ReceptorBlock, rate_of
from ketherapy.regimen import Drug, Regimen, Route
from ketherapy.simulation import solve
from ketherapy.simulation.band import deviations
from ketherapy.simulation.effects import courses
from ketherapy.simulation.effects.courses import Drive
from ketherapy.simulation.effects.upstream import Upstream, upstream
from ketherapy.simulation.solvers import cascade
from ketherapy.simulation.solvers.cascade import Panels
from tests.cascaded import course
from tests.science import CASES, PERSON, Case, horizons, regimens

PROMISED = 1e-6  # of the largest value of each course
WEEK = 168.0

block_typical = catalog.structure(
    catalog.effect("nmda_block"), catalog.typical(catalog.effect("nmda_block"))
)
mood_typical = catalog.structure(catalog.effect("mood"), catalog.typical(catalog.effect("mood")))
half_lives = st.floats(np.log(1.0 / 60.0), np.log(4.0 * WEEK)).map(np.exp)  # a minute to weeks


@st.composite
def drives(draw: st.DrawFn) -> Drive:
    """Draw a way to mood: rates from minutes to weeks, saturation early, late or hardly ever."""
    assert isinstance(block_typical, ReceptorBlock)
    assert isinstance(mood_typical, Mood)
    changed = replace(
        mood_typical,
        A50=draw(st.floats(-7.0, 2.0).map(np.exp)),
        t_half_A=draw(half_lives),
        t_half_onset=draw(half_lives),
    )
    return Drive(block=block_typical, mood=changed, session=draw(st.floats(0.1, 3.0)))


def typical_drive() -> Drive:
    """Return the way to mood with its shipped numbers."""
    assert isinstance(block_typical, ReceptorBlock)
    assert isinstance(mood_typical, Mood)
    return Drive(block=block_typical, mood=mood_typical, session=0.9)


def looks(regimen: Regimen, horizon: float) -> np.ndarray:
    """Return times of look: at and behind every edge, and spread over the horizon."""
    edges = np.array([edge for edge in regimen.edges if edge <= horizon])
    behind = np.concatenate([edges + h for h in (1e-3, 0.05, 0.7)])
    grid = np.concatenate([np.linspace(0.0, horizon, 10), edges, behind])
    return np.unique(np.clip(grid, 0.0, horizon))


def cascaded(
    up: Upstream, t: np.ndarray, *, drive: Drive, t_half_ke0: float
) -> dict[str, np.ndarray]:
    """Return what the panels give for the courses that the reference knows."""
    samples = courses.sampled(up, float(t[-1]) + 1e-6, drive=drive)
    block = drive.block.block(samples.levels)
    trace = cascade.filtered(samples.over, block / drive.session, rate_of(drive.mood.t_half_A))
    found = {
        "trace": trace.at(t),
        "response": courses.drug_share(samples, t, drive=drive),
        "area": cascade.filtered(samples.over, block, 1e-300).at(t),
    }
    if "esketamine" in samples.levels:
        found["site"] = courses.site(up, samples, t, t_half_ke0=t_half_ke0)
    return {name: np.asarray(values) for name, values in found.items()}


def agrees(case: Case, data: st.DataObject) -> None:
    """Draw a regimen, rates and a horizon, and fail unless both ways agree."""
    regimen = data.draw(regimens(case.drug, case.route), label="regimen")
    drive, t_half_ke0 = data.draw(drives(), label="drive"), data.draw(half_lives, label="ke0")
    sessions = data.draw(st.sampled_from([1, 1, 3]), label="sessions")
    regimen = regimen.repeated(sessions, every=data.draw(st.floats(12.0, WEEK), label="every"))
    t = looks(regimen, data.draw(horizons(), label="horizon"))
    up = upstream(case.model, regimen, person=PERSON)
    reference = course(up, t, drive=drive, t_half_ke0=t_half_ke0)
    for name, found in cascaded(up, t, drive=drive, t_half_ke0=t_half_ke0).items():
        top = np.abs(reference[name]).max()
        assert np.abs(found - reference[name]).max() <= PROMISED * top, name


@pytest.mark.parametrize("case", CASES, ids=str)
@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_course_agrees_with_the_ode_solver(case: Case, data: st.DataObject) -> None:
    agrees(case, data)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=str)
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_course_agrees_on_many_regimens(case: Case, data: st.DataObject) -> None:
    agrees(case, data)


SPRAY = Case(published("perezruixo2021"), Drug.ESKETAMINE, Route.INTRANASAL)
INFUSION = Case(published("otto2021_iv"), Drug.KETAMINE, Route.IV)
FILM = Case(published("simons2022"), Drug.ESKETAMINE, Route.SUBLINGUAL)


@pytest.mark.parametrize("case", [SPRAY, INFUSION, FILM], ids=str)
def test_several_people_have_the_courses_that_each_has_alone(case: Case) -> None:
    """Levels, rates and links of their own; some edges of input too."""
    count, t = 6, np.array([0.0, 0.2, 0.7, 3.0, 24.0, 25.5, 100.0])
    regimen = Regimen.of(case.dose(), case.dose(at=24.0))
    eta = deviations(case.model, count, seed=3)
    values = np.geomspace(0.3, 3.0, count)
    typical = typical_drive()
    mood = replace(
        typical.mood,
        Dmax=0.2 + 0.05 * values, A50=0.12 * values,
        t_half_A=50.0 * values[::-1], t_half_onset=values,
    )  # fmt: skip
    block = replace(typical.block, IC50_S=typical.block.IC50_S * values)
    drive = Drive(block=block, mood=mood, session=0.9 * values)
    up = upstream(case.model, regimen, person=PERSON, eta=eta)
    samples = courses.sampled(up, 100.1, drive=drive)
    found = courses.drug_share(samples, t, drive=drive)
    sites = courses.site(up, samples, t, t_half_ke0=0.1 * values)
    assert found.shape == sites.shape == (count, len(t))
    for k in range(count):
        own = Drive(
            block=replace(block, IC50_S=float(block.IC50_S[k])),
            mood=replace(mood, **{name: float(getattr(mood, name)[k])
                                  for name in ("A50", "t_half_A", "t_half_onset", "Dmax")}),
            session=float(drive.session[k]),
        )  # fmt: skip
        alone = upstream(
            case.model, regimen, person=PERSON,
            eta={name: float(values_[k]) for name, values_ in eta.items()},
        )  # fmt: skip
        reference = course(alone, t, drive=own, t_half_ke0=float(0.1 * values[k]))
        for ours, name in ((found, "response"), (sites, "site")):
            top = reference[name].max()
            np.testing.assert_allclose(ours[k], reference[name], atol=PROMISED * top, rtol=0.0)


def test_a_person_of_another_weight_is_a_row_of_many() -> None:
    weights = np.array([50.0, 70.0, 110.0])
    regimen, t = Regimen.of(INFUSION.dose()), np.array([0.5, 1.0, 24.0])
    up = upstream(INFUSION.model, regimen, person=Person(weight=weights, age=45.0))
    drive = typical_drive()
    found = courses.drug_share(courses.sampled(up, 25.0, drive=drive), t, drive=drive)
    for k, weight in enumerate(weights):
        alone = upstream(INFUSION.model, regimen, person=Person(weight=float(weight), age=45.0))
        own = courses.drug_share(courses.sampled(alone, 25.0, drive=drive), t, drive=drive)
        np.testing.assert_allclose(found[k], own, rtol=PROMISED)


def samples_of(up: Upstream, until: float, rtol: float) -> tuple[Panels, np.ndarray]:
    """Return panels that resolve the block to ``rtol``, and the block on them."""
    drive = typical_drive()
    return cascade.resolved(
        lambda t: drive.block.block(up.levels(t)), cascade.panels(up.edges, until), rtol=rtol
    )


def test_halving_every_panel_moves_nothing() -> None:
    up = upstream(
        INFUSION.model, Regimen.of(INFUSION.dose()).repeated(3, every=48.0), person=PERSON
    )
    t, drive = np.linspace(0.0, 200.0, 41), typical_drive()
    over, _ = samples_of(up, 201.0, 1e-5)
    found = []
    for panels in (over, cascade.halved(over, np.arange(len(over.start)))):
        block = drive.block.block(up.levels(panels.nodes.ravel())).reshape(panels.nodes.shape)
        found.append(cascade.filtered(panels, block, 0.05).at(t))
    np.testing.assert_allclose(found[1], found[0], atol=1e-8 * found[0].max(), rtol=0.0)


def test_more_digits_asked_for_are_more_digits_given() -> None:
    up = upstream(INFUSION.model, Regimen.of(INFUSION.dose()), person=PERSON)
    t, drive = np.linspace(0.0, 100.0, 21), typical_drive()
    drive = replace(drive, session=1.0)
    reference = course(up, t, drive=drive, t_half_ke0=0.1)["trace"]
    worst = []
    for rtol in (1e-3, 1e-6, 1e-9):
        over, block = samples_of(up, 100.1, rtol)
        trace = cascade.filtered(over, block, rate_of(drive.mood.t_half_A)).at(t)
        worst.append(np.abs(trace - reference).max() / reference.max())
    assert worst[0] < 1e-3
    assert worst[1] < 1e-7
    assert worst[2] < 1e-10


def test_the_order_of_convergence_is_that_of_eight_gauss_points() -> None:
    """A smooth driver on equal panels: each halving divides the error within a panel by 2^8."""
    rate, until, t = 0.7, 16.0, np.linspace(0.1, 15.9, 53)

    def driver(at: np.ndarray) -> np.ndarray:
        return np.sin(1.3 * at)

    # y' = sin(w t) - k y from nothing
    w = 1.3
    exact = (rate * np.sin(w * t) - w * np.cos(w * t) + w * np.exp(-rate * t)) / (rate**2 + w**2)
    errors = []
    for count in (4, 8, 16):
        starts = np.linspace(0.0, until, count + 1)[:-1]
        over = Panels(starts, np.full(count, until / count))
        errors.append(np.abs(cascade.filtered(over, driver(over.nodes), rate).at(t) - exact).max())
    orders = np.log2(np.array(errors[:-1]) / np.array(errors[1:]))
    assert np.all(orders > 7.5), (errors, orders)


def number_of_panels(regimen: Regimen, until: float) -> int:
    """Return on how many panels the courses of ``regimen`` are resolved up to ``until``."""
    drive = typical_drive()
    up = upstream(INFUSION.model, regimen, person=PERSON)
    return len(courses.sampled(up, until, drive=drive).over.start)


def test_panels_grow_with_the_doses_and_not_with_the_horizon() -> None:
    """Counted, not timed: ten times the horizon adds a few panels, ten times the doses tenfold."""
    one = Regimen.of(INFUSION.dose())
    week, year = number_of_panels(one, WEEK), number_of_panels(one, 52.0 * WEEK)
    assert year <= week + 10
    counts = [number_of_panels(one.repeated(n, every=WEEK), n * WEEK) for n in (5, 10, 20, 40)]
    each = np.diff(counts) / np.array([5, 10, 20])
    assert np.ptp(each) <= 0.15 * each.mean()
    assert counts[-1] <= 40 * week


def test_a_year_of_weekly_sessions_agrees_with_the_ode_solver() -> None:
    regimen = Regimen.of(SPRAY.dose(56.0)).repeated(52, every=WEEK)
    t = np.unique(np.concatenate([np.linspace(0.0, 53.0 * WEEK, 60), 51.0 * WEEK + np.arange(9.0)]))
    up, drive = upstream(SPRAY.model, regimen, person=PERSON), typical_drive()
    reference = course(up, t, drive=drive, t_half_ke0=0.1)
    for name, found in cascaded(up, t, drive=drive, t_half_ke0=0.1).items():
        top = np.abs(reference[name]).max()
        assert np.abs(found - reference[name]).max() <= PROMISED * top, name


# Closed forms of linear links


def decaying(k: float, edges: np.ndarray, until: float) -> tuple[Panels, np.ndarray]:
    """Return panels and samples of a level that falls from 1 with rate ``k``."""
    return cascade.resolved(lambda t: np.exp(-k * t), cascade.panels(edges, until))


@settings(max_examples=60)
@given(k=half_lives.map(rate_of), ke0=half_lives.map(rate_of), until=st.floats(0.5, 60 * WEEK))
def test_an_effect_site_behind_one_exponential_has_its_closed_form(k, ke0, until) -> None:
    """Ce = ke0 (exp(-k t) - exp(-ke0 t)) / (ke0 - k); ke0 t exp(-k t) where the two are alike."""
    over, level = decaying(float(k), np.array([0.0]), float(until))
    t = np.unique(np.concatenate([np.geomspace(1e-6, 1.0, 60), [0.0]])) * until
    found = cascade.filtered(over, ke0 * level, float(ke0)).at(t)
    apart = np.abs(ke0 - k) * t
    # (1 - exp(-x)) / x, without cancellation where x is small
    share = np.where(apart < 1e-9, 1.0, -np.expm1(-apart) / np.where(apart > 0.0, apart, 1.0))
    exact = ke0 * t * np.exp(-min(k, ke0) * t) * share
    np.testing.assert_allclose(found, exact, atol=PROMISED * exact.max(), rtol=0.0)


@settings(max_examples=40)
@given(k=half_lives.map(rate_of), until=st.floats(0.5, 60 * WEEK))
def test_an_area_has_its_closed_form(k, until) -> None:
    over, level = decaying(float(k), np.array([0.0]), float(until))
    expected = -np.expm1(-k * until) / k
    assert cascade.area(over, level) == pytest.approx(expected, rel=PROMISED)


@given(rate=half_lives.map(rate_of), h=st.floats(1e-3, 1000.0))
def test_a_steady_driver_is_approached_exactly(rate, h) -> None:
    over = cascade.panels(np.array([0.0]), h)
    found = cascade.filtered(over, np.ones((len(over.start), cascade.POINTS)), float(rate))
    t = np.linspace(0.0, h, 7)
    np.testing.assert_allclose(found.at(t), -np.expm1(-rate * t) / rate, rtol=1e-11, atol=0.0)


@settings(max_examples=20)
@given(later=st.floats(0.01, 500.0), rate=half_lives.map(rate_of))
def test_a_later_dose_gives_the_same_course_later(later, rate) -> None:
    t, drive = np.array([0.2, 1.0, 5.0, 30.0]), typical_drive()
    found = []
    for at in (0.0, later):
        up = upstream(INFUSION.model, Regimen.of(INFUSION.dose(at=at)), person=PERSON)
        samples = courses.sampled(up, 31.0 + at, drive=drive)
        block = drive.block.block(samples.levels)
        found.append(cascade.filtered(samples.over, block, float(rate)).at(t + at))
    np.testing.assert_allclose(found[1], found[0], atol=PROMISED * found[0].max(), rtol=0.0)


def test_linear_links_superpose() -> None:
    t = np.linspace(0.0, 60.0, 31)
    doses = (SPRAY.dose(56.0), SPRAY.dose(28.0, at=20.0))
    apart = []
    for given_ in (doses, doses[:1], doses[1:]):
        up = upstream(SPRAY.model, Regimen.of(*given_), person=PERSON)
        samples = courses.sampled(up, 61.0)
        apart.append(courses.site(up, samples, t, t_half_ke0=6.0))
    np.testing.assert_allclose(apart[0], apart[1] + apart[2], atol=PROMISED * apart[0].max())


# The same numbers in JAX, and gradients


def infused() -> tuple[Panels, np.ndarray]:
    """Return panels and the block of one infusion on them."""
    up = upstream(INFUSION.model, Regimen.of(INFUSION.dose()), person=PERSON)
    return samples_of(up, 100.0, 1e-5)


@pytest.mark.parametrize("shape", [(), (4,)], ids=["one person", "several"])
def test_jax_gives_what_numpy_gives(shape: tuple[int, ...]) -> None:
    over, block = infused()
    rate = np.broadcast_to(
        np.array([0.01, 0.3, 5.0, 80.0])[: max(len(shape) * 4, 1)], shape or (1,)
    )
    rate = rate if shape else float(rate[0])
    driver = np.broadcast_to(block, (*shape, *block.shape))
    t = np.linspace(0.0, 99.0, 34)
    ours = cascade.filtered(over, driver, rate)
    with solve.precision():
        theirs = cascade.filtered(over, jnp.asarray(driver), jnp.asarray(rate))
        assert isinstance(theirs.inner, jax.Array)
        np.testing.assert_allclose(np.asarray(theirs.inner), ours.inner, rtol=1e-11, atol=1e-15)
        np.testing.assert_allclose(np.asarray(theirs.at(t)), ours.at(t), rtol=1e-11, atol=1e-15)
        np.testing.assert_allclose(
            np.asarray(cascade.area(over, jnp.asarray(driver))),
            cascade.area(over, driver),
            rtol=1e-12,
        )


def test_gradients_equal_finite_differences() -> None:
    """Of the response, on every number between block and mood."""
    over, block = infused()
    t = np.array([1.0, 24.0, 90.0])
    start = np.array([0.9, 0.0134, 0.12, 0.29, 0.693])  # session, kA, A50, Dmax, kon

    def total(values: jax.Array | np.ndarray) -> jax.Array | np.ndarray:
        session, kA, A50, Dmax, kon = values
        trace = cascade.filtered(over, block / session, kA).inner
        target = Dmax * trace / (A50 + trace)
        return (cascade.filtered(over, kon * target, kon).at(t) * np.array([1.0, 2.0, 3.0])).sum()

    with solve.precision():
        gradient = np.asarray(jax.grad(total)(jnp.asarray(start)))
    for place, value in enumerate(start):
        step = np.zeros(len(start))
        step[place] = 1e-5 * value
        slope = (total(start + step) - total(start - step)) / (2.0 * step[place])
        assert gradient[place] == pytest.approx(slope, rel=1e-6)


# What the panels themselves promise


@given(
    edges=st.lists(st.floats(0.0, 2000.0), min_size=0, max_size=12),
    until=st.floats(0.01, 3000.0),
)
def test_panels_lie_end_to_end_and_none_holds_an_edge_inside(edges, until) -> None:
    edges = np.unique([0.0, *edges])
    over = cascade.panels(edges, until)
    ends = over.start + over.width
    assert over.start[0] == pytest.approx(0.0, abs=2e-9)
    assert over.end == pytest.approx(until, abs=2e-9)
    assert np.all(over.width > 0.0)
    np.testing.assert_allclose(ends[:-1], over.start[1:], rtol=1e-12, atol=1e-12)
    for edge in edges[edges < until]:
        inside = (over.start + 2e-9 < edge) & (edge < ends - 2e-9)
        assert not inside.any()


def test_a_link_that_jumps_inside_a_panel_is_an_error() -> None:
    with pytest.raises(SolverError, match="panels resolve"):
        cascade.resolved(lambda t: (t > 1.0 / 3.0).astype(float), one_panel())


def test_a_link_that_jumps_everywhere_is_an_error_and_not_a_full_memory() -> None:
    rng = np.random.default_rng(1)
    with pytest.raises(SolverError, match="panels resolve"):
        cascade.resolved(lambda t: rng.standard_normal(t.shape), one_panel())


def test_a_link_that_is_no_number_is_an_error() -> None:
    with pytest.raises(SolverError, match="panels resolve"):
        cascade.resolved(lambda t: np.where(t > 0.5, np.nan, t), one_panel())


def one_panel() -> Panels:
    """Return the hour from zero."""
    return Panels(np.array([0.0]), np.array([1.0]))


def test_a_link_that_is_nothing_is_nothing() -> None:
    over, found = cascade.resolved(np.zeros_like, cascade.panels(np.array([0.0]), 50.0))
    assert cascade.area(over, found) == 0.0
    np.testing.assert_array_equal(cascade.filtered(over, found, 0.3).at(np.array([7.0])), 0.0)
