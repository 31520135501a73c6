"""A visit is folded from its events: order and repetition change nothing, nothing is guessed."""

from datetime import datetime, timedelta
from itertools import permutations

import pytest

from ketherapy.dosing.protocol_parts import Anchor, Due
from ketherapy.dosing.visit import (
    Done,
    Noticed,
    Reading,
    folded,
    is_reading,
    lasting,
    monitoring,
    signs,
    symptoms,
)
from ketherapy.errors import ContractError
from ketherapy.sources import Cited
from tests.visits import at, calm_before, done, noticed, read, visit


def test_an_empty_visit_knows_nothing():
    found = visit()
    assert found.opened_at is found.started_at is found.ended_at is found.left_at is None
    assert found.first_device_at is None
    assert found.last("sbp") is None
    assert found.baseline("sbp") is None
    assert set(found.readings) == set(signs())
    assert found.symptoms == {}


def test_what_is_still_to_come_is_not_in_it():
    events = [*calm_before(), done("ended", 40), *read(41, sbp=150.0), noticed("seizure", 41)]
    assert visit(*events, now=40).ended_at == at(40)
    assert visit(*events, now=39).ended_at is None
    assert visit(*events, now=40).last("sbp").value == 120.0
    assert visit(*events, now=41).last("sbp").value == 150.0
    assert visit(*events, now=40).symptoms == {}


def test_order_and_repetition_change_nothing():
    events = [done("opened", -5), done("started", 0), *read(3, sbp=130.0), noticed("seizure", 4)]
    expected = visit(*events, now=10)
    for some in permutations(events):
        assert visit(*some, *some[:2], now=10) == expected


def test_one_id_with_two_contents_is_refused():
    first, second = done("ended", 40), Done(id="ended@40", at=at(41), act=done("ended", 40).act)
    with pytest.raises(
        ContractError,
        match=r"event ended@40: expected one content for one id, got"
        r" 'two'\. A correction is an event of its own\.",
    ):
        visit(first, second, now=60)


def test_the_first_of_each_act_counts():
    found = visit(done("started", 0), Done(id="again", at=at(5), act=done("started", 0).act), now=9)
    assert found.started_at == at(0)


def test_a_spray_starts_with_its_first_device():
    found = visit(done("first_device", 2), now=9)
    assert (found.first_device_at, found.started_at) == (at(2), at(2))
    both = visit(done("first_device", 2), done("started", 1), now=9)
    assert (both.first_device_at, both.started_at) == (at(2), at(1))


def test_giving_that_was_begun_again_has_not_ended():
    events = [done("started", 0), done("ended", 10), done("resumed", 12)]
    assert visit(*events, now=20).ended_at is None
    again = Done(id="again", at=at(60), act=done("ended", 0).act)
    assert visit(*events, again, now=61).ended_at == at(60)
    assert visit(done("ended", 5), now=20).ended_at == at(5)
    assert visit(done("started", 0), done("ended", 10), done("paused", 11), now=20).ended_at == at(
        10
    )


def test_whoever_is_read_afterwards_has_not_left():
    events = [done("started", 0), *read(4, sbp=120.0), done("left", 5)]
    assert visit(*events, now=20).left_at == at(5)
    assert visit(*events, *read(6, sbp=120.0), now=20).left_at is None
    assert visit(*events, noticed("seizure", 6), now=20).left_at is None
    assert visit(*events, *read(5, hr=70.0), now=20).left_at == at(5)


def test_a_baseline_is_of_this_visit():
    events = [done("opened", -30), *read(-31, sbp=200.0), done("started", 0)]
    assert visit(*events, now=9).baseline("sbp") is None
    assert visit(*events, *read(-30, sbp=120.0), now=9).baseline("sbp").value == 120.0


def test_each_anchor_is_its_moment():
    found = visit(done("first_device", 1), done("started", 2), done("ended", 3), now=9)
    assert found.anchor(Anchor.FIRST_DEVICE) == at(1)
    assert found.anchor(Anchor.START) == at(1)
    assert found.anchor(Anchor.END) == at(3)


def test_a_baseline_is_the_last_reading_before_the_dose():
    events = [*read(-20, sbp=118.0), *read(-5, sbp=122.0), *read(0, sbp=150.0)]
    assert visit(*events, done("started", 0), now=9).baseline("sbp").value == 122.0
    assert visit(*events, now=9).baseline("sbp").value == 150.0
    assert visit(*read(1, sbp=150.0), done("started", 0), now=9).baseline("sbp") is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(None, False, id="could not be had"),
        pytest.param(-100.0, False, id="sentinel"),
        pytest.param(-999.0, False, id="sentinel"),
        pytest.param(-99.9, False, id="sentinel"),
        pytest.param(39.9, False, id="below what is possible"),
        pytest.param(40.0, True, id="the lowest"),
        pytest.param(300.0, True, id="the highest"),
        pytest.param(300.1, False, id="above what is possible"),
    ],
)
def test_what_is_no_reading_is_missing_and_kept_as_such(value, expected):
    (one,) = read(1, sbp=value)
    assert is_reading(one) is expected
    found = visit(one, now=2)
    assert (found.last("sbp") == one) is expected
    assert (found.unread == (one,)) is not expected


@pytest.mark.parametrize("sentinel", [-100.0, -999.0, -99.9])
def test_no_sentinel_is_a_reading_of_any_sign(sentinel):
    assert not any(is_reading(read(1, **{name: sentinel})[0]) for name in signs())


def test_a_symptom_stands_from_when_it_was_first_noticed_until_it_is_over():
    events = [noticed("seizure", 1), noticed("seizure", 3), noticed("chest_pain", 2)]
    assert visit(*events, now=5).symptoms == {"seizure": at(1), "chest_pain": at(2)}
    over = [*events, noticed("seizure", 4, is_over=True)]
    assert visit(*over, now=5).symptoms == {"chest_pain": at(2)}
    assert visit(noticed("seizure", 1, is_over=True), now=5).symptoms == {}


def test_a_value_that_cannot_be_is_told_until_a_reading_follows():
    (wrong,) = read(3, sbp=400.0)
    found = visit(*read(2, sbp=120.0), wrong, *read(4, dbp=80.0), now=9)
    assert found.impossible("sbp") == wrong
    assert found.impossible("dbp") is None
    assert found.impossible("hr") is None
    assert visit(wrong, now=9).impossible("sbp") == wrong
    assert visit(wrong, *read(4, sbp=120.0), now=9).impossible("sbp") is None
    assert visit(wrong, *read(5, sbp=401.0), now=9).impossible("sbp") == wrong


@pytest.mark.parametrize("value", [None, -100.0])
def test_what_could_not_be_had_is_no_impossible_value(value):
    assert visit(*read(3, sbp=value), now=9).impossible("sbp") is None


def test_an_impossible_value_of_the_same_moment_is_no_newer():
    (wrong,) = read(3, sbp=400.0)
    right = Reading(id="right", at=at(3), sign="sbp", value=120.0)
    assert visit(wrong, right, now=9).impossible("sbp") is None


@pytest.mark.parametrize(
    ("minute", "is_fresh"),
    [
        pytest.param(-1, False, id="before the dose"),
        pytest.param(0, False, id="with the dose, and old by now"),
        pytest.param(44, False, id="sixteen minutes old"),
        pytest.param(45, True, id="fifteen minutes old"),
        pytest.param(60, True, id="now"),
    ],
)
def test_a_reading_to_leave_on_is_of_after_the_dose_and_not_old(minute, is_fresh):
    found = visit(*read(minute, sbp=120.0), done("started", 0), now=60)
    assert (found.fresh("sbp", at(60)) is not None) is is_fresh
    assert found.fresh("dbp", at(60)) is None


def test_a_reading_with_the_dose_is_of_after_it_began_and_none_is_without_a_dose():
    assert visit(*read(0, sbp=120.0), done("started", 0), now=9).fresh("sbp", at(9)) is not None
    assert visit(*read(0, sbp=120.0), now=9).fresh("sbp", at(9)) is None


def test_a_cited_time_is_as_long_as_it_says():
    assert lasting(Cited(value=90, unit="min", locator="a test")) == timedelta(minutes=90)
    assert lasting(Cited(value=2, unit="h", locator="a test")) == timedelta(hours=2)


def test_what_is_noticed_is_not_over_and_a_reading_is_nobodys_until_they_say_so():
    assert Noticed(id="a", at=at(0), symptom="seizure").is_over is False
    assert Reading(id="a", at=at(0), sign="sbp", value=120.0).by == ""


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        pytest.param(
            Reading(id="a", at=at(0), sign="bp", value=1.0),
            r"event a, sign: expected one of sbp, dbp, hr, .*, got 'bp'\. Choose one of these\.",
            id="no such sign",
        ),
        pytest.param(
            noticed("headache", 0),
            r"event headache@0False, symptom: expected one of chest_pain, .*, got 'headache'\."
            r" Choose one of these\.",
            id="no such symptom",
        ),
        pytest.param(
            Reading(id="a", at=datetime(2026, 1, 1), sign="sbp", value=120.0),  # noqa: DTZ001
            r"event a, at: expected a time with its zone, got '2026-01-01T00:00:00'\."
            r" Write the zone: minutes are counted\.",
            id="no zone",
        ),
    ],
)  # fmt: skip
def test_an_event_that_cannot_be_is_refused(event, sentence):
    with pytest.raises(ContractError, match=sentence):
        folded([event], at(1))


def test_pressure_is_both_of_its_numbers():
    assert monitoring().signs_of(Due.PRESSURE) == ("sbp", "dbp")
    assert monitoring().signs_of(Due.PULSE) == ("hr",)
    assert {sign.check for sign in monitoring().sign} == set(Due)
    assert len(symptoms()) == 8
