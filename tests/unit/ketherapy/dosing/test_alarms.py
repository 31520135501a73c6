"""Few alarms: one for each cause, each with one action; silence has a path of its own."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketherapy.dosing.alarms import Acknowledged, alarms, silence
from ketherapy.dosing.findings import Severity
from tests.visits import CALM, at, calm_before, check, done, noticed, read, visit, watched

BLOCK, HOLD = Severity.BLOCK, Severity.HOLD
PROTOCOL = watched(
    check("pressure", "every", minutes=10), check("saturation", "throughout"),
)  # fmt: skip


def sounding(*events, now, protocol=PROTOCOL, **seen):
    found = alarms(protocol, visit(*events, now=now), at(now), acknowledged=seen)
    return [one.cause for one in found]


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
    assert (one.cause, one.severity, one.since) == ("overdue.pressure", HOLD, at(10))
    assert (one.says, one.action) == ("A check is overdue: pressure.", "Check pressure now.")


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
        "TH-003s.seizure", "overdue.saturation", "TH-009.severe_distress",
    ]  # fmt: skip
    assert sounding(*events, now=20) == [
        "TH-003s.seizure", "overdue.saturation", "silence", "TH-009.severe_distress",
        "overdue.pressure",
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
        seen = {cause: Acknowledged(at=at(11), severity=BLOCK) for cause in every}
        for some in combinations(every, 2):
            left = sounding(*events, now=12, **{cause: seen[cause] for cause in some})
            assert left == [cause for cause in every if cause not in some]


@given(
    calm=st.lists(st.integers(1, 60), max_size=12),
    danger=st.sampled_from([{"sbp": 201.0}, {"resp_rate": 5.0}, {"moaas": 1.0}, {"sbp": 190.0}]),
)
def test_a_danger_more_never_takes_an_alarm_away(calm, danger):
    events = [*calm_before(), *[e for minute in calm for e in read(minute, **CALM)]]
    fewer = alarms(PROTOCOL, visit(*events, now=61), at(61), acknowledged={})
    more = alarms(PROTOCOL, visit(*events, *read(60.5, **danger), now=61), at(61), acknowledged={})
    without = {"silence", "overdue.pressure", "overdue.saturation"}  # the reading ends these
    assert {one.cause for one in fewer} - without <= {one.cause for one in more}
