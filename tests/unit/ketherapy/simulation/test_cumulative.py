"""Counters of a course: what adds up, and what is known beside it."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketherapy.errors import ContractError
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation.cumulative import (
    Topic,
    cumulative,
    facts,
    known,
    reached,
    sessions,
)

DAY = 24.0
LIVER = next(fact for fact in facts(Topic.LIVER) if fact.seen_at)
ONE = Dose(drug=Drug.KETAMINE, route=Route.IV, amount=35.0, over=40.0 / 60.0)


def on_days(*days: float) -> Regimen:
    return Regimen(doses=tuple(replace(ONE, at=day * DAY) for day in days))


def test_six_sessions_in_twelve_days():
    found = cumulative(on_days(0, 2, 4, 7, 9, 11))
    assert found.total == pytest.approx(6 * 35.0)
    assert len(found.sessions) == 6
    assert (found.most_in_7_days, found.most_in_30_days) == (3, 6)
    assert found.since_last == 0.0


@pytest.mark.parametrize(
    ("days", "most"),
    [
        pytest.param((0.0, 29.999), 2, id="just within 30 days"),
        pytest.param((0.0, 30.0), 1, id="30 days apart: the next window"),
        pytest.param((0.0, 20.0, 40.0, 45.0, 49.9), 4, id="not the calendar's month, the densest"),
    ],
)
def test_the_densest_thirty_days(days, most):
    assert cumulative(on_days(*days)).most_in_30_days == most


def test_devices_and_short_pauses_are_one_session():
    spray = Regimen.devices(28.0, 3, drug=Drug.ESKETAMINE, apart=5.0 / 60.0)
    assert len(cumulative(spray).sessions) == 1
    paused = Regimen.steps([(20.0, 1.0), (0.0, 12.0), (20.0, 1.0)], drug=Drug.KETAMINE)
    assert len(cumulative(paused).sessions) == 1


def test_a_pause_longer_than_the_convention_makes_two_sessions():
    paused = Regimen.steps([(20.0, 1.0), (0.0, 12.01), (20.0, 1.0)], drug=Drug.KETAMINE)
    assert len(cumulative(paused).sessions) == 2


def test_what_is_still_to_be_given_does_not_count():
    found = cumulative(on_days(0, 2, 4), at=2 * DAY + 20.0 / 60.0)
    assert found.total == pytest.approx(1.5 * 35.0)
    assert len(found.sessions) == 2
    assert found.since_last == 0.0


def test_the_time_since_the_last_dose_runs_from_its_end():
    assert cumulative(on_days(0), at=DAY + ONE.over).since_last == pytest.approx(DAY)


def test_before_any_dose_nothing_has_added_up():
    found = cumulative(on_days(5), at=0.0)
    assert (found.total, found.sessions, found.most_in_30_days) == (0.0, (), 0)
    assert found.since_last is None


def test_a_bolus_counts_from_its_instant():
    bolus = Regimen.of(replace(ONE, over=0.0, at=1.0))
    assert cumulative(bolus, at=1.0).total == 35.0


@pytest.mark.parametrize("at", [math.nan, math.inf, -math.inf])
def test_a_time_that_is_none_is_refused(at):
    with pytest.raises(ContractError, match="time"):
        cumulative(on_days(0), at=at)


@given(
    days=st.lists(st.floats(0.0, 400.0), min_size=1, max_size=12),
    early=st.floats(0.0, 500.0),
    later=st.floats(0.0, 500.0),
)
def test_counters_never_fall_with_time_and_end_at_the_whole(days, early, later):
    regimen = on_days(*days)
    first, second = (cumulative(regimen, at=t * DAY) for t in sorted((early, later)))
    assert first.total <= second.total + 1e-9
    assert len(first.sessions) <= len(second.sessions)
    assert first.most_in_30_days <= second.most_in_30_days
    assert cumulative(regimen).total == pytest.approx(regimen.total)
    assert sum(s.amount for s in sessions(regimen, at=1e6)) == pytest.approx(regimen.total)


def long_infusions(*, over: float = 100.0, pause: float = 16 * DAY, count: int = 2) -> Regimen:
    one = Dose(drug=Drug.ESKETAMINE, route=Route.IV, amount=1500.0, over=over)
    return Regimen.of(one).repeated(count, every=over + pause)


@pytest.mark.parametrize(
    ("regimen", "is_reached"),
    [
        pytest.param(long_infusions(), True, id="as in the source"),
        pytest.param(long_infusions(pause=10 * DAY), True, id="closer"),
        pytest.param(long_infusions(pause=16 * DAY + 1.0), False, id="further apart"),
        pytest.param(long_infusions(over=99.0), False, id="shorter"),
        pytest.param(long_infusions(count=1), False, id="once"),
        pytest.param(on_days(0, 2, 4, 7, 9, 11), False, id="six short infusions"),
    ],
)
def test_the_exposure_at_which_liver_enzymes_rose(regimen, is_reached):
    assert reached(LIVER, cumulative(regimen)) is is_reached


def test_a_second_infusion_that_has_only_begun_is_not_yet_that_exposure():
    regimen = long_infusions()
    assert not reached(LIVER, cumulative(regimen, at=regimen.edges[-1] - 1.0))


@pytest.mark.parametrize("topic", [topic for topic in Topic if topic is not Topic.LIVER])
def test_no_other_topic_has_a_threshold(topic):
    assert facts(topic)
    for fact in facts(topic):
        with pytest.raises(ContractError, match="threshold"):
            reached(fact, cumulative(on_days(0)))


@pytest.mark.parametrize("topic", [Topic.BLADDER, Topic.DEPENDENCE, Topic.COGNITION])
def test_it_is_said_that_no_threshold_was_found(topic):
    assert any("found in any source" in fact.text for fact in facts(topic))


def test_every_fact_has_a_source_or_is_our_remark_that_nothing_was_found():
    for fact in known().facts:
        assert fact.number or fact.source or "found in any source" in fact.text
