"""Both lanes: values of the effect models, and laws that no picture may break."""

from dataclasses import replace

import numpy as np
import pytest

from ketherapy.pharmacology.effects import catalog, conventional
from ketherapy.simulation.effects.predict import effects
from ketherapy.simulation.effects.scope import Asked
from ketherapy.simulation.mechanism.comparison import READ, Comparison, compare
from ketherapy.simulation.mechanism.course import Extent, Kind, Lane, weakest
from ketherapy.simulation.mechanism.question import read_question
from ketherapy.sources import Cited, Status, bibliography

INFUSION = {"route": "iv", "dose": "0.5 mg/kg", "weight": "70 kg"}


def asked(**entries: str) -> Comparison:
    question = read_question(INFUSION | entries if "route" not in entries else entries)
    return compare(question)


@pytest.fixture(scope="module")
def once() -> Comparison:
    return asked()


@pytest.fixture(scope="module")
def four() -> Comparison:
    return asked(sessions="4")


@pytest.fixture(scope="module")
def spray() -> Comparison:
    return asked(route="intranasal", dose="84 mg", weight="70 kg", sessions="2")


def at(found: Comparison, key: str, hours: float) -> float:
    return float(np.interp(hours, found.t, found.course(key).values))


@pytest.mark.parametrize(
    ("weeks", "placebo", "drug"), [(1, 2.83, 3.37), (4, 6.73, 8.13), (8, 8.0, 9.75)]
)
def test_the_other_lane_is_the_dossiers_table(once, weeks, placebo, drug):
    assert at(once, "hamd17_placebo", weeks * 168.0) == pytest.approx(placebo, rel=0.01)
    assert at(once, "hamd17", weeks * 168.0) == pytest.approx(drug, rel=0.01)


@pytest.mark.parametrize("name", ["once", "four", "spray"])
def test_it_draws_what_the_effect_models_say(name, request):
    found: Comparison = request.getfixturevalue(name)
    question = found.question
    told = Asked(effects=catalog.asked("nmda,mood"), setting=question.setting)
    person = question.session.person
    data = effects(found.model, question.regimen, found.t, asked=told, person=person)
    for key in ("madrs", "madrs_control"):
        left = found.baseline - found.course(key).values
        np.testing.assert_allclose(left, data[key].values, rtol=1e-12)
    block = found.course("nmda_block").values
    np.testing.assert_allclose(block, 100.0 * data["nmda_block"].values, rtol=1e-12)


def test_the_transporter_is_held_at_the_smallest_dose(once):
    typical, low, high = conventional.occupancy(conventional.comparator("ssri"), 1.0)
    course = once.course("occupancy")
    edges = course.edges[Extent.DRUGS]
    ends = [course.values[-1], edges.low[-1], edges.high[-1]]
    np.testing.assert_allclose(ends, [100 * typical, 100 * low, 100 * high], rtol=1e-6)


@pytest.mark.parametrize("name", ["once", "four", "spray"])
def test_nobody_is_better_before_anything_is_given(name, request):
    found: Comparison = request.getfixturevalue(name)
    assert [c.values[0] for c in found.courses] == pytest.approx([0.0] * len(found.courses))


@pytest.mark.parametrize("name", ["once", "four", "spray"])
def test_each_line_lies_between_its_edges(name, request):
    found: Comparison = request.getfixturevalue(name)
    for course in found.courses:
        for edges in course.edges.values():
            assert np.all(edges.low <= course.values + 1e-6), course.key
            assert np.all(course.values <= edges.high + 1e-6), course.key


def test_between_trials_is_farther_than_between_estimates(once):
    inner, outer = (once.course("madrs").edges[e] for e in (Extent.ESTIMATES, Extent.TRIALS))
    day = np.searchsorted(once.t, 24.0)
    assert outer.high[day] - outer.low[day] > 1.3 * (inner.high[day] - inner.low[day])


def test_what_comes_later_does_not_change_what_was(once, four):
    early = once.t[once.t < 84.0]
    for course in once.courses:
        if not course.edges or course.lane is Lane.REUPTAKE:
            continue
        then = np.interp(early, four.t, four.course(course.key).values)
        now = np.interp(early, once.t, course.values)
        near = np.isin(early, four.t)
        np.testing.assert_allclose(then[near], now[near], rtol=1e-6, atol=1e-9)


def test_the_dose_of_one_moves_nothing_of_the_other(once, spray):
    for key in ("occupancy", "hamd17", "hamd17_placebo"):
        here = np.interp(READ, once.t, once.course(key).values)
        there = np.interp(READ, spray.t, spray.course(key).values)
        np.testing.assert_allclose(here, there, rtol=1e-12)


@pytest.mark.parametrize("name", ["once", "spray"])
def test_each_mood_names_its_own_scale_and_stands_beside_a_group_without_the_drug(name, request):
    found: Comparison = request.getfixturevalue(name)
    for lane, scale in ((Lane.KETAMINE, "Montgomery"), (Lane.REUPTAKE, "Hamilton")):
        moods = [c for c in found.courses if (c.lane, c.kind) == (lane, Kind.MOOD)]
        assert all(scale in course.scale for course in moods)
        assert {course.is_without_drug for course in moods} == {True, False}


def test_every_time_that_a_table_reads_is_one_that_is_computed(four):
    assert np.abs(np.array(READ)[:, None] - four.t).min(axis=1).max() < 1e-8


def test_the_limits_of_every_model_come_with_the_picture(once):
    for effect in catalog.asked("nmda,mood"):
        for line in effect.limits:
            assert any(line in said for said in once.limits[Lane.KETAMINE])
    for line in conventional.conventional().limits:
        assert line in once.limits[Lane.REUPTAKE]


def test_every_course_names_what_it_rests_on(once, spray):
    for found in (once, spray):
        assert all(course.sources for course in found.courses)
        for lane in Lane:
            assert set(found.sources(lane)) <= set(bibliography())


def test_a_kind_of_trial_that_found_nothing_says_so_beside_a_line_that_does_not(once):
    there = asked(setting="anaesthesia")
    assert any("found no difference" in line for line in there.cautions)
    assert at(there, "madrs", 24.0) > at(there, "madrs_control", 24.0)
    assert not any("found no difference" in line for line in once.cautions)


@pytest.mark.parametrize(
    ("key", "status"),
    [
        pytest.param("nmda_block", "derived", id="every number of it is derived"),
        pytest.param("madrs", "convention", id="how fast the placebo part comes is assumed"),
        pytest.param("madrs_control", "convention", id="the same"),
        pytest.param("occupancy", "convention", id="the maximum and the rise are assumed"),
        pytest.param("hamd17", "convention", id="it stands on the improvement on placebo"),
        pytest.param("hamd17_placebo", "convention", id="8.0 points are chosen"),
    ],
)
def test_a_course_is_known_as_well_as_the_least_known_number_behind_it(once, key, status):
    assert once.course(key).status == status


def test_the_weakest_status_counts_and_that_of_the_file_where_a_number_has_none():
    verified = Cited(value=1.0, unit="1", status=Status.VERIFIED)
    chosen, silent = replace(verified, status=Status.CONVENTION), replace(verified, status=None)
    assert weakest(Status.VERIFIED, verified) == "verified"
    assert weakest(Status.VERIFIED, verified, chosen) == "convention"
    assert weakest(Status.DERIVED, silent, verified) == "derived"
    assert weakest(Status.SECONDARY, silent) == "secondary"
