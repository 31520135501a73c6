"""Few alarms: one for each cause, each with one action; silence has a path of its own."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketherapy.dosing.alarms import Acknowledged, alarms, silence
from ketherapy.dosing.findings import Severity
from tests.visits import CALM, at, calm_before, check, done, noticed, read, visit, watched

BLOCK, HOLD = Severity.BLOCK, Severity.HOLD
PRESSURE, SATURATION = "overdue.pressure.every.start.10 min", "overdue.saturation.throughout.start"
PROTOCOL = watched(
    check("pressure", "every", minutes=10), check("saturation", "throughout"),
)  # fmt: skip


def sounding(*events, now, protocol=PROTOCOL, **seen):
    found = alarms(protocol, visit(*events, now=now), at(now), acknowledged=seen)
    return [one.cause for one in found]


def seen_as_shown(*events, now, seen_at, protocol=PROTOCOL):
    """Return each alarm of ``now`` acknowledged at ``seen_at``, with what it showed."""
    found = alarms(protocol, visit(*events, now=now), at(now), acknowledged={})
    return {
        one.cause: Acknowledged(at=at(seen_at), severity=one.severity, beyond=one.beyond)
        for one in found
    }


def often(until, **values):
    """Return readings every two minutes."""
    return [one for k in range(2, int(until) + 1, 2) for one in read(k, **(CALM | values))]


def test_a_calm_visit_that_is_watched_has_no_alarm():
    assert sounding(*calm_before(), *often(30), now=30) == []


def test_what_is_only_cautioned_of_is_no_alarm():
    assert sounding(*calm_before(), *often(30, sbp=165.0), now=30) == []


def test_an_alarm_names_cause_since_and_one_action():
    events = [*calm_before(), *often(28), *read(30, sbp=205.0, dbp=80.0)]
    (one,) = alarms(PROTOCOL, visit(*events, now=31), at(31), acknowledged={})
    assert (one.cause, one.severity, one.since) == ("TH-003", BLOCK, at(30))
    assert one.says == (
        "Stop the dose, and call for emergency help: pressure is dangerously high. "
        "(systolic pressure 205 mmHg)"
    )
    assert one.action == "Stop; follow the emergency pathway; a physician comes now."


def test_an_overdue_check_calls_somebody():
    events = [*calm_before(), *[e for k in range(2, 17, 2) for e in read(k, spo2=98.0)]]
    assert sounding(*events, now=14.9) == []
    (one,) = alarms(PROTOCOL, visit(*events, now=15), at(15), acknowledged={})
    assert (one.cause, one.severity, one.since) == (
        "overdue.pressure.every.start.10 min",
        HOLD,
        at(10),
    )
    assert (one.says, one.action) == (
        "A check is overdue: pressure, every 10 min.", "Check pressure now.",
    )  # fmt: skip


class TestSilence:
    def test_nothing_read_for_five_minutes_is_an_alarm(self):
        events = [*calm_before(), *read(1, **CALM)]
        assert list(silence(visit(*events, now=5.9), at(5.9))) == []
        (one,) = silence(visit(*events, now=6), at(6))
        assert (one.cause, one.severity, one.since) == ("silence", HOLD, at(1))
        assert one.says == "Nothing was read for too long."
        assert one.action == "Look at the person, then at the monitor and its cables."

    def test_no_data_that_ever_arrived_is_silence(self):
        (one,) = silence(visit(done("started", 0), now=5), at(5))
        assert one.since == at(0)
        assert "silence" in sounding(done("started", 0), now=5, protocol=watched())

    def test_what_a_monitor_sends_for_none_does_not_break_it(self):
        events = [done("started", 0), *read(4, spo2=-100.0)]
        assert "silence" in sounding(*events, now=6)

    def test_before_the_dose_there_is_none(self):
        assert sounding(done("opened", -30), now=600, protocol=watched()) == []


def test_after_the_person_left_nothing_sounds_unless_the_person_has_not_left():
    events = [*calm_before(), *read(3, sbp=220.0), done("left", 4)]
    assert sounding(*events, now=60) == []
    assert "TH-007b" in sounding(*events, *read(12, resp_rate=0.0), now=13)
    assert "TH-003s.seizure" in sounding(*events, noticed("seizure", 12), now=13)


def test_a_second_red_flag_sounds_though_the_first_was_seen():
    events = [*calm_before(), *often(22), noticed("chest_pain", 20), noticed("seizure", 21)]
    seen = {"TH-003s.chest_pain": Acknowledged(at=at(20.5), severity=BLOCK)}
    assert sounding(*events, now=22, **seen) == ["TH-003s.seizure"]


def test_the_gravest_and_the_oldest_sound_first():
    events = [*calm_before(), noticed("severe_distress", 3), noticed("seizure", 4)]
    assert sounding(*events, now=4.5) == [
        "TH-003s.seizure", SATURATION, "TH-009.severe_distress",
    ]  # fmt: skip
    assert sounding(*events, now=20) == [
        "TH-003s.seizure", SATURATION, "silence", "TH-009.severe_distress", PRESSURE,
    ]  # fmt: skip


class TestAcknowledged:
    events = (*calm_before(), noticed("severe_distress", 3))

    @pytest.mark.parametrize(
        ("seen_at", "severity", "now", "sounds"),
        [
            pytest.param(3.5, HOLD, 4.0, False, id="seen"),
            pytest.param(3.0, HOLD, 4.0, False, id="seen as it began"),
            pytest.param(2.9, HOLD, 4.0, True, id="seen before it began: that was another"),
            pytest.param(3.5, Severity.CAUTION, 4.0, True, id="it got worse"),
            pytest.param(3.5, BLOCK, 4.0, False, id="it was worse"),
            pytest.param(3.5, HOLD, 8.4, False, id="not long ago"),
            pytest.param(3.5, HOLD, 8.5, True, id="five minutes ago"),
        ],
    )
    def test_it_is_quiet_for_a_while_and_not_for_ever(self, seen_at, severity, now, sounds):
        seen = {"TH-009.severe_distress": Acknowledged(at=at(seen_at), severity=severity)}
        found = alarms(watched(), visit(*self.events, now=now), at(now), acknowledged=seen)
        assert ("TH-009.severe_distress" in [one.cause for one in found]) is sounds

    def test_one_never_silences_another(self):
        events = [*self.events, noticed("seizure", 3), *read(3, sbp=230.0, moaas=1.0)]
        every = sounding(*events, now=12)
        seen = seen_as_shown(*events, now=12, seen_at=11)
        for some in combinations(every, 2):
            left = sounding(*events, now=12, **{cause: seen[cause] for cause in some})
            assert left == [cause for cause in every if cause not in some]


class TestWorse:
    """What was acknowledged sounds again once it is worse by a step of its sign, not by noise."""

    @pytest.mark.parametrize(
        ("cause", "sign", "seen", "same", "worse"),
        [
            pytest.param("TH-002", "sbp", 185.0, 194.9, 195.0, id="systolic, by 10"),
            pytest.param("TH-002", "dbp", 110.0, 119.9, 120.0, id="diastolic, by 10"),
            pytest.param("TH-003", "sbp", 205.0, 214.0, 215.0, id="a crisis, by 10"),
            pytest.param("TH-005", "hr", 130.0, 139.0, 140.0, id="fast, by 10"),
            pytest.param("TH-016", "hr", 40.0, 31.0, 30.0, id="slow, by 10"),
            pytest.param("TH-017", "sbp", 88.0, 79.0, 78.0, id="low pressure, by 10"),
            pytest.param("TH-006b", "spo2", 91.0, 89.0, 88.0, id="saturation, by 3"),
            pytest.param("TH-007b", "resp_rate", 8.0, 7.0, 6.0, id="breathing, by 2"),
            pytest.param("TH-008a", "moaas", 3.0, 3.0, 2.0, id="sedation, by 1: another level"),
        ],
    )  # fmt: skip
    def test_a_step_and_not_less(self, cause, sign, seen, same, worse):
        first = [*calm_before(), *read(20, **{sign: seen})]
        ack = seen_as_shown(*first, now=26, seen_at=26)
        assert cause in ack

        def again(value):
            return sounding(*first, *read(27, **{sign: value}), now=28, **ack)

        assert cause not in again(seen)
        assert cause not in again(same)
        assert cause in again(worse)

    def test_one_more_limit_of_the_same_rule(self):
        first = [*calm_before(), *read(20, sbp=185.0, dbp=100.0)]
        ack = seen_as_shown(*first, now=26, seen_at=26)
        assert "TH-002" not in sounding(*first, *read(27, sbp=185.0, dbp=109.0), now=28, **ack)
        assert "TH-002" in sounding(*first, *read(27, sbp=185.0, dbp=110.0), now=28, **ack)

    def test_what_came_late_was_not_seen(self):
        """A reading taken before somebody looked, and told afterwards, was not what was seen."""
        first = [*calm_before(), *read(20, sbp=185.0)]
        ack = seen_as_shown(*first, now=26, seen_at=26)
        assert "TH-002" in sounding(*first, *read(25.5, sbp=199.0), now=28, **ack)

    def test_what_does_not_say_what_was_seen_has_seen_no_value(self):
        events = [*calm_before(), *read(20, spo2=85.0)]
        seen = {"TH-006b": Acknowledged(at=at(21), severity=BLOCK)}
        assert "TH-006b" in sounding(*events, now=22, **seen)


def test_another_reading_of_the_same_is_no_other_danger():
    low = [*calm_before(), *read(20, spo2=90.0), *read(21, spo2=90.0), *read(22, spo2=89.0)]
    (one,) = [
        one
        for one in alarms(PROTOCOL, visit(*low, now=22), at(22), acknowledged={})
        if one.cause == "TH-006b"
    ]
    assert (one.since, one.beyond) == (at(20), {"spo2": 3.0})
    well = [*low, *read(23, spo2=98.0), *read(24, spo2=90.0)]
    ack = {"TH-006b": Acknowledged(at=at(22), severity=BLOCK, beyond=one.beyond)}
    assert "TH-006b" not in sounding(*low, now=23, **ack)
    assert "TH-006b" in sounding(*well, now=24, **ack)  # it was over: this is another


def test_two_checks_of_one_kind_are_two_channels():
    twice = watched(
        check("pressure", "every", minutes=10), check("pressure", "at", minutes=12),
        check("pressure", "every", minutes=15),
        check("pressure", "at", minutes=12, anchor="first_device"),
    )  # fmt: skip
    hr = [e for k in range(2, 30, 2) for e in read(k, hr=70.0)]
    events = [*calm_before(), done("first_device", 0), *hr]
    every = sounding(*events, now=29, protocol=twice)
    assert every == [
        PRESSURE, "overdue.pressure.at.first_device.12 min",
        "overdue.pressure.at.start.12 min", "overdue.pressure.every.start.15 min",
    ]  # fmt: skip
    ack = seen_as_shown(*events, now=29, seen_at=29, protocol=twice)
    for cause in every:
        left = sounding(*events, now=29, protocol=twice, **{cause: ack[cause]})
        assert left == [one for one in every if one != cause]


@given(
    calm=st.lists(st.integers(1, 60), max_size=12),
    danger=st.sampled_from([{"sbp": 201.0}, {"resp_rate": 5.0}, {"moaas": 1.0}, {"sbp": 190.0}]),
)
def test_a_danger_more_never_takes_an_alarm_away(calm, danger):
    events = [*calm_before(), *[e for minute in calm for e in read(minute, **CALM)]]
    fewer = alarms(PROTOCOL, visit(*events, now=61), at(61), acknowledged={})
    more = alarms(PROTOCOL, visit(*events, *read(60.5, **danger), now=61), at(61), acknowledged={})
    without = {"silence", PRESSURE, SATURATION}  # the reading ends these
    assert {one.cause for one in fewer} - without <= {one.cause for one in more}
