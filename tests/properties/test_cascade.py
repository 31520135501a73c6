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
from ketherapy.regimen import Dose, Drug, Regimen, Route
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
    trace = cascade.filtered(
        samples.over, block / drive.session, rate_of(drive.mood.t_half_A)
    )
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
