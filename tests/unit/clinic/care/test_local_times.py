"""Times as a clock shows them: read into one instant, or refused with what to do."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from clinic.care.local_times import Clock, read_instant, read_zone, shown
from ketherapy.errors import ContractError

NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
ZURICH = ZoneInfo("Europe/Zurich")
CLOCK = Clock(now=NOW, zone=ZURICH)


def read(text, clock=CLOCK):
    return read_instant(text, what="last food", clock=clock)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        pytest.param("2026-11-23 06:30", "2026-11-23T06:30:00+01:00", id="winter"),
        pytest.param("2026-07-01 06:30", "2026-07-01T06:30:00+02:00", id="summer"),
        pytest.param("2026-10-25 02:30 +02:00", "2026-10-25T02:30:00+02:00", id="the first of two"),
        pytest.param("2026-10-25 02:30+01:00", "2026-10-25T02:30:00+01:00", id="the second of two"),
        pytest.param("2026-11-23 19:30", "2026-11-23T19:30:00+01:00", id="now"),
    ],
)
def test_a_time_is_read_with_its_distance_from_utc(text, iso):
    assert read(text).isoformat() == iso


def test_a_distance_that_is_written_needs_no_zone():
    there = read("2026-11-23 06:30 -05:00", Clock(now=NOW, zone=None))
    assert there.isoformat() == "2026-11-23T06:30:00-05:00"


@pytest.mark.parametrize(
    ("text", "expected", "remedy"),
    [
        ("2026-02-30 06:30", "a day and a time that there are", "calendar"),
        ("2026-11-23 24:30", "a day and a time that there are", "calendar"),
        ("2026-11-23", "such as 2026-01-31 09:05", "23:59"),
        ("06:30", "such as 2026-01-31 09:05", "24 hours"),
        ("23.11.2026 06:30", "such as 2026-01-31 09:05", "24 hours"),
        ("2026-11-23 6:30", "such as 2026-01-31 09:05", "24 hours"),
        ("2026-03-29 02:30", "a time that came", "put forward"),
        ("2026-10-25 02:30", "a time that came once", "put back"),
        ("2026-11-23 19:31", "a time that has been", "still to come"),
        ("0001-01-01 00:00", "a time of this life", "Look at the year"),
        ("9999-12-31 23:59", "a time of this life", "Look at the year"),
        ("1899-12-31 23:59", "a time of this life", "Look at the year"),
        ("2026-11-23 06:30 +99:00", "a day and a time that there are", "calendar"),
    ],
)
def test_it_is_refused_with_what_to_do(text, expected, remedy):
    with pytest.raises(ContractError) as refused:
        read(text)
    assert expected in refused.value.expected
    assert remedy in refused.value.remedy


def test_no_zone_is_assumed():
    with pytest.raises(ContractError, match="whose zone is known") as refused:
        read("2026-11-23 06:30", Clock(now=NOW, zone=None))
    assert "time zone of your clock" in refused.value.remedy


@pytest.mark.parametrize("text", ["europe/zurich", "Zurich", "../etc/passwd", "UTC+1", "x" * 300])
def test_a_zone_that_is_none_is_refused(text):
    with pytest.raises(ContractError, match="Europe/Zurich"):
        read_zone(text)


def test_a_zone_is_read_and_none_is_none():
    assert read_zone("Europe/Zurich") == ZURICH
    assert read_zone("") is None


def test_an_instant_is_shown_by_the_clock_there():
    assert shown(NOW, ZoneInfo("America/New_York")) == "2026-11-23 13:30 (UTC-05:00)"
    assert shown(NOW, None) == "2026-11-23 18:30 (UTC+00:00)"
