from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ketherapy.errors import ContractError
from ketherapy.instruments.schedule import Anchor, Due, Occasion, Slot, due, schedule, schedules

BIPOLAR = schedule("bipolar_course")
AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
START = Occasion(id="course", anchor=Anchor.COURSE_START, at=AT)
FIRST = Occasion(id="visit 1", anchor=Anchor.VISIT, at=AT)
SECOND = Occasion(id="visit 2", anchor=Anchor.VISIT, at=AT + timedelta(days=3))
ON = {"bipolar_course"}


def listed(now, *occasions, done=(), plan=BIPOLAR):
    """Return the slots that are due, each with whether it is overdue."""
    found = due(plan, occasions, done=done, now=now, adopted={plan.id})
    return [(one.slot.entry, one.slot.occasion, one.is_overdue) for one in found]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        pytest.param(timedelta(hours=24, seconds=1), [], id="not open yet"),
        pytest.param(timedelta(hours=24), [("visit_ymrs", "visit 1", False)], id="opens"),
        pytest.param(timedelta(0), [("visit_ymrs", "visit 1", False)], id="closes"),
        pytest.param(timedelta(seconds=-1), [("visit_ymrs", "visit 1", True)], id="overdue"),
        pytest.param(timedelta(days=-90), [("visit_ymrs", "visit 1", True)], id="stays"),
    ],
)
def test_a_window_opens_and_closes_and_what_is_missed_stays(before, expected):
    assert listed(AT - before, FIRST) == expected


def test_what_is_done_is_off_the_list_at_that_occasion_alone():
    now = SECOND.at
    assert listed(now, FIRST, SECOND) == [
        ("visit_ymrs", "visit 1", True), ("visit_ymrs", "visit 2", False),
    ]  # fmt: skip
    assert listed(now, FIRST, SECOND, done=(Slot("visit_ymrs", "visit 1"),)) == [
        ("visit_ymrs", "visit 2", False)
    ]
    assert listed(now, FIRST, done=(Slot("baseline_ymrs", "visit 1"),)) == [
        ("visit_ymrs", "visit 1", True)
    ]


def test_the_window_that_closes_first_stands_first():
    assert [slot[1] for slot in listed(SECOND.at, SECOND, FIRST, START)] == [
        "course", "visit 1", "visit 2",
    ]  # fmt: skip


def test_an_entry_is_due_around_its_own_kind_of_occasion():
    assert listed(AT, START) == [("baseline_ymrs", "course", False)]
    assert listed(AT - timedelta(days=7), START) == [("baseline_ymrs", "course", False)]
    assert listed(AT - timedelta(days=7, seconds=1), START) == []


def test_a_due_instrument_says_when_its_window_is():
    assert due(BIPOLAR, [FIRST], done=(), now=AT, adopted=ON) == (
        Due(
            slot=Slot("visit_ymrs", "visit 1"),
            instrument="ymrs",
            opens_at=AT - timedelta(hours=24),
            closes_at=AT,
            is_overdue=False,
        ),
    )


def test_discharge_is_after_the_dose_and_the_end_of_an_induction_decides():
    plan = schedule("depression_course")
    assert [slot[0] for slot in listed(AT + timedelta(minutes=40), FIRST, plan=plan)] == [
        "visit_phq9", "visit_cssrs", "before_discharge_moaas", "before_discharge_cadss",
    ]  # fmt: skip
    end = Occasion(id="end", anchor=Anchor.INDUCTION_END, at=AT)
    assert [slot[0] for slot in listed(AT, end, plan=plan)] == [
        "induction_end_phq9", "induction_end_madrs",
    ]  # fmt: skip
    last = Occasion(id="last", anchor=Anchor.COURSE_END, at=AT)
    assert [slot[0] for slot in listed(AT + timedelta(days=6), last, plan=plan)] == [
        "after_1_week_phq9"
    ]


def test_zones_are_compared_as_instants():
    zoned = replace(FIRST, at=AT.astimezone(timezone(timedelta(hours=-8))))
    assert listed(AT, zoned) == listed(AT, FIRST)


def test_a_schedule_is_off_until_adopted():
    with pytest.raises(ContractError) as refused:
        due(BIPOLAR, [FIRST], done=(), now=AT)
    assert str(refused.value) == (
        "schedule bipolar_course: expected one that this clinic has adopted, got nothing."
        " The medical director adopts it; its intervals are conventions."
    )
    with pytest.raises(ContractError, match="schedule bipolar_course"):
        due(BIPOLAR, [FIRST], done=(), now=AT, adopted={"pain_course"})


def test_a_time_without_a_zone_is_refused():
    naive = AT.replace(tzinfo=None)
    said = ": expected a time with its zone, got '2026-03-02T10:00:00'. Give it in UTC."
    with pytest.raises(ContractError) as refused:
        due(BIPOLAR, [FIRST], done=(), now=naive, adopted=ON)
    assert str(refused.value) == f"now{said}"
    with pytest.raises(ContractError) as refused:
        due(BIPOLAR, [replace(FIRST, at=naive)], done=(), now=AT, adopted=ON)
    assert str(refused.value) == f"occasion visit 1{said}"


def test_a_window_that_closes_before_it_opens_is_refused():
    entry = BIPOLAR.entries[0]
    with pytest.raises(ValueError, match=r"Value error, a window opens before it closes \["):
        replace(entry, opens=entry.closes, closes=entry.opens)
    assert replace(entry, opens=entry.closes).opens == entry.closes


def test_an_unknown_schedule_is_refused():
    with pytest.raises(ContractError) as refused:
        schedule("x")
    assert str(refused.value) == (
        "schedule: expected one of bipolar_course, depression_course, pain_course, got 'x'."
        " Choose one of these, or add its file."
    )


def test_a_schedule_is_found_by_its_id():
    assert [schedule(one.id) for one in schedules()] == [*schedules()]
    assert [one.id for one in schedules()] == ["bipolar_course", "depression_course", "pain_course"]
