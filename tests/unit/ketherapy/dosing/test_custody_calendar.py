"""Days where the drug lies: zones, weekends, closed days, leap years."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from ketherapy.dosing.custody_calendar import Calendar, years_after

WEST = Calendar(zone=timezone(timedelta(hours=-8)), closed=frozenset({date(2026, 3, 9)}))


def test_a_day_is_that_of_the_place_and_ends_at_its_midnight():
    assert WEST.day(datetime(2026, 3, 3, 7, 59, tzinfo=UTC)) == date(2026, 3, 2)
    assert WEST.day(datetime(2026, 3, 3, 8, tzinfo=UTC)) == date(2026, 3, 3)
    assert WEST.end(date(2026, 3, 2)) == datetime(2026, 3, 3, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        pytest.param(date(2026, 3, 6), True, id="Friday"),
        pytest.param(date(2026, 3, 7), False, id="Saturday"),
        pytest.param(date(2026, 3, 8), False, id="Sunday"),
        pytest.param(date(2026, 3, 9), False, id="a Monday that is closed"),
        pytest.param(date(2026, 3, 16), True, id="another Monday"),
    ],
)
def test_weekends_and_closed_days_are_no_business_days(day, is_one):
    assert WEST.is_business_day(day) is is_one


@pytest.mark.parametrize(
    ("day", "count", "then"),
    [
        pytest.param(date(2026, 3, 3), 1, date(2026, 3, 4), id="the next day"),
        pytest.param(date(2026, 3, 6), 1, date(2026, 3, 10), id="over a weekend and a closed day"),
        pytest.param(date(2026, 3, 7), 1, date(2026, 3, 10), id="from a Saturday"),
        pytest.param(date(2026, 3, 4), 3, date(2026, 3, 10), id="three"),
    ],
)
def test_business_days_are_counted_after_the_day_itself(day, count, then):
    assert WEST.business_days_after(day, count) == then


def test_a_holiday_that_was_not_passed_makes_a_deadline_earlier_never_later():
    friday, unknowing = date(2026, 3, 6), Calendar(zone=UTC)
    assert unknowing.business_days_after(friday, 1) < WEST.business_days_after(friday, 1)


@pytest.mark.parametrize(
    ("day", "years", "then"),
    [
        (date(2026, 3, 2), 2, date(2028, 3, 2)),
        (date(2024, 2, 29), 2, date(2026, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
    ],
)
def test_years_after_a_leap_day_are_never_a_day_too_long(day, years, then):
    assert years_after(day, years) == then
