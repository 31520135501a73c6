"""What is due when: before, at a time, every so often, throughout, and last of all."""

from datetime import UTC, timedelta, timezone

import pytest

from ketherapy.dosing.monitoring import State, due_checks
from ketherapy.dosing.visit import Reading
from tests.visits import at, check, done, read, visit, watched

SECOND = 1.0 / 60.0
BOTH = {"sbp": 130.0, "dbp": 80.0}


def item(what, *events, now):
    (found,) = due_checks(watched(what), visit(*events, now=now), at(now))
    return found


def state(what, *events, now):
    return item(what, *events, now=now).state


class TestBefore:
    what = check("pressure", "before")

    def test_it_is_due_until_it_is_done_in_this_visit(self):
        opened = done("opened", -30)
        assert state(self.what, opened, now=-20) is State.DUE
        assert state(self.what, opened, *read(-31, **BOTH), now=-20) is State.DUE
        found = item(self.what, opened, *read(-25, **BOTH), now=-20)
        assert (found.state, found.done_at, found.due_at) == (State.DONE, at(-25), at(-30))
        assert state(self.what, opened, *read(-30, **BOTH), now=-20) is State.DONE

    def test_half_of_it_is_not_it(self):
        assert state(self.what, done("opened", -30), *read(-25, sbp=130.0), now=-20) is State.DUE

    def test_once_the_dose_began_it_was_missed(self):
        events = [done("opened", -30), done("started", 0)]
        assert state(self.what, *events, now=1) is State.MISSED
        assert state(self.what, *events, *read(1, **BOTH), now=2) is State.MISSED
        assert state(self.what, *events, *read(0, **BOTH), now=2) is State.DONE
        assert item(self.what, *events, now=1).due_at == at(-30)


class TestAt:
    what = check("pressure", "at", anchor="first_device", minutes=40)
    device = done("first_device", 0)

    def test_its_clock_has_not_begun(self):
        found = item(self.what, done("opened", -30), now=90)
        assert (found.state, found.due_at) == (State.WAITING, None)

    @pytest.mark.parametrize(
        ("now", "expected"),
        [
            pytest.param(40 - SECOND, State.WAITING, id="a second before"),
            pytest.param(40, State.DUE, id="at the minute"),
            pytest.param(42 - SECOND, State.DUE, id="not yet late"),
            pytest.param(42, State.LATE, id="two minutes over"),
            pytest.param(45 - SECOND, State.LATE, id="not yet overdue"),
            pytest.param(45, State.OVERDUE, id="five minutes over"),
            pytest.param(600, State.OVERDUE, id="long over"),
        ],
    )
    def test_it_grows_late_to_the_second(self, now, expected):
        found = item(self.what, self.device, now=now)
        assert (found.state, found.due_at, found.done_at) == (expected, at(40), None)

    @pytest.mark.parametrize(
        ("minute", "expected"),
        [(35 - SECOND, State.OVERDUE), (35, State.DONE), (40, State.DONE), (50, State.DONE)],
    )
    def test_five_minutes_early_is_done_and_earlier_is_not(self, minute, expected):
        assert state(self.what, self.device, *read(minute, **BOTH), now=60) is expected

    def test_what_is_done_says_when_and_when_it_was_due(self):
        found = item(self.what, self.device, *read(41, **BOTH), now=60)
        assert (found.due_at, found.done_at) == (at(40), at(41))

    def test_after_leaving_it_was_missed(self):
        assert state(self.what, self.device, done("left", 30), now=60) is State.MISSED


class TestEvery:
    what = check("pressure", "every", anchor="start", minutes=10)
    start = done("started", 0)

    def test_it_is_due_after_each_stretch(self):
        assert state(self.what, now=5) is State.WAITING
        assert item(self.what, self.start, now=5).due_at == at(10)
        assert state(self.what, self.start, now=9) is State.WAITING
        assert state(self.what, self.start, now=10) is State.DUE
        found = item(self.what, self.start, *read(9, **BOTH), now=12)
        assert (found.state, found.due_at, found.done_at) == (State.WAITING, at(19), at(9))
        assert state(self.what, self.start, *read(9, **BOTH), now=24) is State.OVERDUE

    def test_a_reading_before_the_start_does_not_count(self):
        assert item(self.what, *read(-1, **BOTH), self.start, now=5).due_at == at(10)

    def test_the_end_of_the_infusion_ends_it(self):
        ended = done("ended", 15)
        assert state(self.what, self.start, *read(9, **BOTH), ended, now=60) is State.DONE
        assert state(self.what, self.start, *read(5, **BOTH), ended, now=60) is State.DONE
        assert state(self.what, self.start, *read(4, **BOTH), ended, now=60) is State.MISSED
        assert state(self.what, self.start, done("left", 5), now=60) is State.DONE
        assert state(self.what, self.start, done("left", 11), now=60) is State.MISSED

    def test_after_the_end_it_runs_until_the_person_leaves(self):
        after = check("pressure", "every", anchor="end", minutes=15)
        events = [self.start, done("ended", 40)]
        assert state(after, self.start, now=30) is State.WAITING
        assert item(after, *events, now=41).due_at == at(55)
        assert state(after, *events, now=60) is State.OVERDUE
        assert state(after, *events, done("left", 55), now=90) is State.DONE
        assert state(after, *events, done("left", 56), now=90) is State.MISSED


class TestThroughout:
    what = check("saturation", "throughout")

    def test_its_last_reading_may_not_be_old(self):
        assert state(self.what, now=5) is State.WAITING
        events = [done("opened", -30), *read(-2, spo2=98.0), done("started", 0)]
        assert item(self.what, *events, now=2).due_at == at(3)
        assert state(self.what, *events, now=2.9) is State.WAITING
        assert state(self.what, *events, now=3) is State.DUE
        assert state(self.what, *events, now=5) is State.LATE
        assert state(self.what, *events, now=8) is State.OVERDUE
        assert state(self.what, *events, *read(7, spo2=98.0), now=8) is State.WAITING
        bare = [done("opened", -30), done("started", 0)]
        assert item(self.what, *bare, now=2).due_at == at(5)

    def test_a_reading_before_the_visit_does_not_count(self):
        events = [*read(-2, spo2=98.0), done("opened", -1), done("started", 0)]
        found = item(self.what, *events, now=2)
        assert (found.due_at, found.done_at) == (at(5), None)

    def test_what_a_monitor_sends_for_none_is_none(self):
        events = [done("started", 0), *read(3, spo2=-100.0)]
        assert item(self.what, *events, now=6).due_at == at(5)

    def test_when_the_person_has_left(self):
        events = [done("started", 0), *read(56, spo2=98.0)]
        assert state(self.what, *events, done("left", 61), now=90) is State.DONE
        assert state(self.what, *events, done("left", 62), now=90) is State.MISSED


class TestLeaving:
    what = check("sedation", "leaving")
    start = done("started", 0)

    def test_it_is_made_last_and_is_not_old(self):
        assert state(self.what, now=5) is State.WAITING
        assert state(self.what, self.start, now=60) is State.DUE
        found = item(self.what, self.start, *read(50, moaas=5.0), now=60)
        assert (found.state, found.done_at) == (State.DONE, at(50))
        assert state(self.what, self.start, *read(45, moaas=5.0), now=60) is State.DONE
        assert state(self.what, self.start, *read(44, moaas=5.0), now=60) is State.DUE
        assert state(self.what, *read(-1, moaas=5.0), self.start, now=3) is State.DUE

    def test_what_counts_is_when_the_person_left(self):
        events = [self.start, *read(50, moaas=5.0), done("left", 60)]
        assert state(self.what, *events, now=600) is State.DONE
        late = [self.start, *read(40, moaas=5.0), done("left", 60)]
        assert state(self.what, *late, now=600) is State.MISSED


def test_every_check_of_the_protocol_is_told_in_its_order():
    checks = [check("pressure", "before"), check("pulse", "before")]
    found = due_checks(watched(*checks), visit(now=0), at(0))
    assert [one.check.check for one in found] == ["pressure", "pulse"]


def test_a_zone_that_changes_its_clock_changes_no_minute():
    """Minutes are counted between instants: what the wall shows does not matter."""
    what = check("pressure", "at", minutes=40)
    summer = timezone(timedelta(hours=2))
    events = [done("started", 0)]
    moved = [
        Reading(id=one.id, at=one.at.astimezone(summer), sign=one.sign, value=one.value)
        for one in read(40, **BOTH)
    ]
    assert state(what, *events, *moved, now=41) is State.DONE
    found = item(what, *events, *moved, now=41)
    assert found.done_at.astimezone(UTC) == at(40)
