"""Leaving: the time to the second, each reading at its limit, and nothing on a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketherapy.dosing.findings import Severity
from ketherapy.dosing.leaving import leaving_checked, may_leave_from
from ketherapy.dosing.protocol import protocol
from ketherapy.dosing.visit import Act, Done
from tests.visits import CALM, at, calm_before, check, done, noticed, read, visit, watched

BLOCK, HOLD = Severity.BLOCK, Severity.HOLD
PROTOCOL = watched(minutes=60)
SECOND = 1.0 / 60.0


def findings(*events, now=100.0, of=PROTOCOL):
    return leaving_checked(of, visit(*events, now=now), at(now))


def rules(*events, now=100.0, of=PROTOCOL):
    return {one.rule: one.severity for one in findings(*events, now=now, of=of)}


def well(minute=95.0, **values):
    return [*calm_before(), done("ended", 40), *read(minute, **(CALM | values))]


def test_a_person_who_is_well_after_the_time_may_leave():
    assert findings(*well()) == ()


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(100 - SECOND, {"leaving.time": BLOCK}, id="a second too early"),
        pytest.param(100, {}, id="to the second"),
        pytest.param(101, {}, id="later"),
    ],
)
def test_the_time_is_kept_to_the_second(now, expected):
    assert rules(*well(), now=now) == expected


def test_what_is_left_of_the_time_is_said():
    (one,) = findings(*well(65.0), now=70.5)
    assert one.says == "Keep the person until the time is over."
    assert (one.observed, one.limit) == ("30 min", "at least 60 min from the end")
    assert one.resolves == "Ready from 10:40 UTC."
    assert (one.source, one.status, one.locator) == ("ketherapy", "convention", "a test")
    assert one.jurisdiction == "consensus"
    assert may_leave_from(PROTOCOL, visit(*well(), now=70)) == at(100)


def test_a_clock_that_has_not_begun_asks():
    events = [*calm_before(), *read(95, **CALM)]
    (one,) = findings(*events)
    assert (one.rule, one.severity, one.asks) == ("leaving.time", HOLD, ("end",))
    assert one.says == "Say when the clock of observation began."
    assert (one.observed, one.resolves) == ("not known: the end", "Record it.")
    assert may_leave_from(PROTOCOL, visit(*events, now=100)) is None


def test_a_spray_is_watched_for_two_hours_from_its_first_device():
    label = protocol("esketamine_trd_us_2026_01")
    events = [done("opened", -30), *read(-10, **CALM), done("first_device", 0)]
    last = read(118, **CALM, cadss=0.0)
    found = rules(*events, *last, now=120 - SECOND, of=label)
    assert found == {"leaving.time": BLOCK}
    assert rules(*events, *last, now=120, of=label) == {}
    (one,) = findings(*events, *last, now=119, of=label)
    assert one.limit == "at least 120 min from the first device"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param({"sbp": 140.0}, {}, id="140 is safe"),
        pytest.param({"sbp": 144.0}, {}, id="within a fifth of 120"),
        pytest.param({"sbp": 145.0}, {"leaving.sbp": HOLD}, id="beyond both"),
        pytest.param({"dbp": 93.6}, {}, id="within a fifth of 78"),
        pytest.param({"dbp": 94.0}, {"leaving.dbp": HOLD}, id="diastolic beyond both"),
        pytest.param({"spo2": 96.0}, {}, id="two points lower"),
        pytest.param({"spo2": 95.0}, {"leaving.spo2": HOLD}, id="three points lower"),
        pytest.param({"spo2": 100.0}, {}, id="higher"),
        pytest.param({"moaas": 4.0}, {"leaving.moaas": BLOCK}, id="not quite awake"),
    ],
)
def test_each_reading_at_its_limit(values, expected):
    assert rules(*well(**values)) == expected


def test_without_a_reading_before_the_dose_only_the_safe_limit_passes():
    events = [done("opened", -30), done("started", 0), done("ended", 40)]
    found = rules(*events, *read(95, **(CALM | {"sbp": 141.0})))
    assert found == {"leaving.sbp": HOLD, "leaving.spo2": HOLD, "TH-004": HOLD}
    found = rules(*events, *read(95, **(CALM | {"sbp": 140.0})))
    assert found == {"leaving.spo2": HOLD, "TH-004": HOLD}


@pytest.mark.parametrize("sign", ["sbp", "dbp", "spo2", "moaas"])
def test_nobody_leaves_on_a_guess(sign):
    events = [e for e in well() if getattr(e, "sign", "") != sign]
    found = {one.rule: one for one in findings(*events)}
    one = found[f"leaving.{sign}"]
    assert (one.severity, one.asks) == (HOLD, (sign,))
    assert not one.can_be_overridden
    assert one.says == "Read what was not read: nobody leaves on a guess."
    assert one.resolves == "Measure it, and record it."
    assert one.observed.startswith("not known: ")
    assert one.limit.endswith(", before the dose and now")
    assert (one.jurisdiction, one.source) == ("clinic", "ketherapy")


@pytest.mark.parametrize("sign", ["sbp", "dbp", "spo2", "moaas"])
def test_a_reading_from_before_the_dose_or_long_ago_lets_nobody_leave(sign):
    others = {name: value for name, value in CALM.items() if name != sign}
    begun = [*calm_before(), done("ended", 40), *read(95, **others)]
    assert rules(*begun) == {f"leaving.{sign}": HOLD}
    assert rules(*begun, *read(84.9, **{sign: CALM[sign]})) == {f"leaving.{sign}": HOLD}
    assert rules(*begun, *read(85, **{sign: CALM[sign]})) == {}
    assert rules(*begun, *read(0, **{sign: CALM[sign]}), now=100) == {f"leaving.{sign}": HOLD}


def test_a_dose_that_was_begun_again_is_counted_from_its_last_end():
    events = [*calm_before(), done("ended", 10), done("resumed", 15), *read(101, **CALM)]
    assert rules(*events, now=102) == {"leaving.time": HOLD}
    again = Done(id="again", at=at(69), act=Act.ENDED)
    assert rules(*events, again, now=102) == {"leaving.time": BLOCK}


@pytest.mark.parametrize(
    ("cadss", "before", "expected"),
    [
        pytest.param(4.0, None, {}, id="at the limit"),
        pytest.param(5.0, None, {"leaving.cadss": HOLD}, id="above it"),
        pytest.param(8.0, 8.0, {}, id="as before the dose"),
        pytest.param(9.0, 8.0, {"leaving.cadss": HOLD}, id="above what it was"),
    ],
)
def test_dissociation_has_passed(cadss, before, expected):
    rated = [] if before is None else read(-10, cadss=before)
    found = findings(*rated, *well(cadss=cadss))
    assert {one.rule: one.severity for one in found} == expected
    for one in found:
        assert one.says == "Keep the person until dissociation has passed."
        assert (one.observed, one.resolves) == (f"CADSS {cadss:g}", "Wait, and rate it again.")
        assert one.limit == "CADSS 4, or what it was before"


def test_findings_say_what_was_seen_and_what_would_do():
    found = {one.rule: one for one in findings(*well(sbp=150.0, spo2=90.0, moaas=4.0))}
    assert found["leaving.sbp"].observed == "systolic pressure 150 mmHg"
    assert found["leaving.sbp"].limit == "140 mmHg or less, or within 20 % of the baseline"
    assert found["leaving.sbp"].can_be_overridden
    assert found["leaving.sbp"].resolves == "Wait, and measure again; a physician decides."
    assert found["leaving.sbp"].says == (
        "Keep the person until pressure is safe, or near what it was."
    )
    assert found["leaving.spo2"].observed == "oxygen saturation 90 %; before the dose 98 %"
    assert found["leaving.spo2"].limit == "not more than 2 points below the baseline"
    assert found["leaving.spo2"].says.startswith("Keep the person until saturation")
    assert found["leaving.spo2"].resolves == "Wait, and measure again; a physician decides."
    assert (found["leaving.moaas"].observed, found["leaving.moaas"].limit) == (
        "MOAA/S 4",
        "MOAA/S 5",
    )
    assert found["leaving.moaas"].says == "Keep the person until the name is answered readily."
    assert found["leaving.moaas"].resolves == "Wait, and look again."
    assert "TH-006b" in found  # saturation below 92 that nobody measured again


def test_a_danger_that_stands_keeps_the_person():
    assert rules(*well(), noticed("chest_pain", 97)) == {"TH-003s": BLOCK}
    assert rules(*well(sbp=142.0), *read(98, hr=125.0)) == {"TH-005": HOLD}  # to be counted again


def test_the_checks_before_leaving_are_made():
    of = watched(check("dissociation", "leaving"), check("pressure", "before"), minutes=60)
    (one,) = findings(*well(), of=of)
    assert (one.rule, one.severity) == ("leaving.check.dissociation", HOLD)
    assert one.asks == ("dissociation",)
    assert one.says == "Make the last check before the person leaves."
    assert (one.observed, one.resolves) == ("not done: dissociation", "Check it, and record it.")
    assert one.limit == "a check of the protocol before leaving"
    assert findings(*well(cadss=0.0), of=of) == ()


@given(st.sets(st.integers(0, 20)))
def test_taking_events_away_never_lets_anybody_leave(gone):
    events = [*well(sbp=150.0), noticed("seizure", 90), *read(99, moaas=4.0)]
    kept = [one for place, one in enumerate(events) if place not in gone]
    stays = [one for one in findings(*kept) if one.stops]
    removed_danger = {"sbp@95.0", "seizure@90False", "moaas@99"} <= {e.id for e in events} - {
        e.id for e in kept
    }
    assert stays or removed_danger
