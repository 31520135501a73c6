"""When the next visit may be: below, at and above each end of its window."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from ketherapy.dosing.course_window import (
    Timing,
    drives_from,
    earliest,
    spacing,
    standing,
    window,
)
from ketherapy.dosing.ladder import phase
from ketherapy.dosing.protocol import protocol
from ketherapy.errors import ContractError
from tests.courses import FIRST, LONG, SPRAY, VEIN, WEEKLY, ago, attended, told
from tests.dosing import NOW, invented, limits

LEEWAY = timedelta(hours=12)
DAY = timedelta(days=1)


def where(asked, of=SPRAY, now=NOW, **days):
    course = told(asked, protocol=of, visits=attended(**days))
    return standing(protocol(of), course, now)


def opened(asked, of=SPRAY, now=NOW, **days):
    found = window(protocol(of), where(asked, of, now, **days), now=now, leeway=LEEWAY)
    assert found is not None
    assert found.leeway == LEEWAY
    return found


def ends(asked, of=SPRAY, **days):
    """Return the ends of the window, and from when it is missed, in days from now."""
    found = opened(asked, of, **days)
    return tuple((one - NOW) / DAY for one in (found.opens_at, found.closes_at, found.missed_from))


@pytest.mark.parametrize(
    ("of", "asked", "expected"),
    [
        pytest.param(SPRAY, FIRST, (3, 4), id="from the days of an example"),
        pytest.param(SPRAY, WEEKLY, (7, 7), id="one number"),
        pytest.param(SPRAY, LONG, (7, 14), id="a range"),
        pytest.param(VEIN, "induction", (2, 3), id="two or three a week"),
    ],
)
def test_the_spacing_of_a_phase(of, asked, expected):
    short, long = spacing(phase(protocol(of), asked))
    assert (short / DAY, long / DAY) == expected


def test_one_visit_has_no_spacing_and_no_window():
    single = protocol("iv_depression_single_2026_01")
    assert spacing(single.phase[0]) is None
    course = told(single.phase[0].id, protocol=single.id, visits=[])
    assert window(single, standing(single, course, NOW), now=NOW, leeway=LEEWAY) is None


def test_the_first_visit_of_a_course_has_no_window():
    first = where(FIRST)
    assert (first.last, first.before, first.in_phase) == (None, None, 0)
    assert window(protocol(SPRAY), first, now=NOW, leeway=LEEWAY) is None
    assert earliest(protocol(SPRAY), first, NOW) is None


def test_twice_a_week_keeps_to_two_in_seven_days():
    assert ends(FIRST, weeks_1_to_4=[0]) == (3, 4, 8)
    assert ends(FIRST, weeks_1_to_4=[3, 0]) == (4, 4, 8)
    assert ends(FIRST, weeks_1_to_4=[1, 0]) == (6, 6, 10)
    assert ends(FIRST, weeks_1_to_4=[9, 7, 0]) == (3, 4, 8)


def test_the_first_visit_of_a_phase_may_come_as_soon_as_in_the_phase_before():
    assert ends(WEEKLY, weeks_1_to_4=[7, 4]) == (0, 3, 10)
    assert ends(WEEKLY, weeks_5_to_8=[7, 0]) == (7, 7, 14)
    assert ends(LONG, weeks_5_to_8=[0]) == (7, 14, 28)
    assert ends(FIRST, from_week_9=[0]) == (3, 4, 8)


def test_a_phase_after_one_without_a_spacing_keeps_its_own():
    booster = protocol("iv_crps_booster_2026_01")
    first, second = booster.phase[0].id, booster.phase[1].id
    assert ends(second, booster.id, **{first: [0]}) == (3.5, 28, 56)
    odd = {"days": [0], "days_from": {"text": "a", "source": "ketherapy", "status": "convention"}}
    remark = odd["days_from"]
    dose = {"given": {"value": 1, "unit": "mg", "locator": ""}}
    spaced = {"days": [0, 5, 11], "days_from": remark}
    two = invented(
        phase=[
            {"id": "once", "title": "Once", "dose": dose, "schedule": odd},
            {"id": "then", "title": "Then", "dose": dose, "schedule": spaced},
        ]
    )
    course = told("then", visits=attended(once=[0]))
    found = window(two, standing(two, course, NOW), now=NOW, leeway=LEEWAY)
    assert found is not None
    assert ((found.opens_at - NOW) / DAY, (found.closes_at - NOW) / DAY) == (5, 6)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        pytest.param(59.99, Timing.EARLY, id="more than half a day before it opens"),
        pytest.param(60, Timing.DUE, id="half a day before"),
        pytest.param(72, Timing.DUE, id="at its beginning"),
        pytest.param(108, Timing.DUE, id="half a day after it closes"),
        pytest.param(108.01, Timing.LATE, id="later"),
        pytest.param(191.99, Timing.LATE, id="before the visit after it is due"),
        pytest.param(192, Timing.MISSED, id="when that is due too"),
    ],
)
def test_a_visit_against_its_window(hours, expected):
    assert opened(FIRST, weeks_1_to_4=[0]).timing(NOW + timedelta(hours=hours)) is expected


def test_the_limits_of_the_protocol_are_never_in_the_window():
    spray = protocol(SPRAY)
    assert earliest(spray, where(FIRST, weeks_1_to_4=[0]), NOW) == NOW + DAY
    assert earliest(spray, where(FIRST, weeks_1_to_4=[3, 0]), NOW) == NOW + 4 * DAY
    assert earliest(spray, where(FIRST, weeks_1_to_4=[8, 3, 0]), NOW) == NOW + 4 * DAY
    bare = invented(limits=limits())
    course = told("series", visits=attended(series=[0]))
    assert earliest(bare, standing(bare, course, NOW), NOW) is None


def test_a_limit_that_does_not_hold_yet_forbids_nothing():
    later = {**limits(apart_min=(240, "h"))["apart_min"], "since": "2026-11-24"}
    ending = {**later, "since": "2026-01-01", "until": "2026-11-23"}
    course = told("series", visits=attended(series=[0]))
    for limit, expected in (
        (later, None), (ending, None), (later | {"since": "2026-11-23"}, NOW + 10 * DAY),
        (ending | {"until": "2026-11-24"}, NOW + 10 * DAY),
    ):  # fmt: skip
        one = invented(limits=limits() | {"apart_min": limit})
        assert earliest(one, standing(one, course, NOW), NOW) == expected


def test_where_a_course_stands():
    before = where(WEEKLY, weeks_1_to_4=[30, 27], weeks_5_to_8=[20, 13])
    assert (before.phase.id, before.before.id, before.in_phase) == (WEEKLY, WEEKLY, 2)
    assert before.last == ago(13)
    back = where(FIRST, weeks_1_to_4=[30, 27, 3], weeks_5_to_8=[20, 13])
    assert (back.before.id, back.in_phase) == (FIRST, 1)
    entering = where(LONG, weeks_1_to_4=[30], weeks_5_to_8=[20])
    assert (entering.before.id, entering.in_phase) == (WEEKLY, 0)


def test_the_order_in_which_visits_are_told_does_not_matter():
    one, other = where(FIRST, weeks_1_to_4=[7, 3]), where(FIRST, weeks_1_to_4=[3, 7])
    assert one == other


def test_a_visit_yet_to_come_is_refused():
    assert where(FIRST, weeks_1_to_4=[0]).last == NOW
    with pytest.raises(ContractError, match=r"course\.visits: expected visits before now") as e:
        where(FIRST, weeks_1_to_4=[3, -0.01])
    assert f"got '{ago(-0.01).isoformat()}'" in str(e.value)
    assert "Record a visit once it has begun." in str(e.value)


def test_how_a_visit_stands_to_its_window_is_known_by_its_word():
    assert [str(one) for one in Timing] == ["free", "early", "due", "late", "missed"]


@pytest.mark.parametrize("days", [{"nowhere": [1]}, {}])
def test_a_phase_that_the_protocol_does_not_have_is_refused(days):
    with pytest.raises(ContractError, match="phase: expected one of weeks_1_to_4"):
        where(FIRST if days else "nowhere", **days)


def test_nobody_drives_before_the_next_day():
    assert drives_from(datetime(2026, 11, 23, 0, 0, tzinfo=UTC)) == date(2026, 11, 24)
    assert drives_from(datetime(2026, 11, 23, 23, 59, tzinfo=UTC)) == date(2026, 11, 24)
    west = timezone(timedelta(hours=-8))
    assert drives_from(datetime(2026, 12, 31, 20, 0, tzinfo=west)) == date(2027, 1, 1)
