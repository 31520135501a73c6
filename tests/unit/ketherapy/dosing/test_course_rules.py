"""What is said of courses: each row is found by its id, and what it leaves out is the file's."""

from datetime import timedelta

import pytest

from ketherapy.dosing.course_rules import FollowUp, course_rules, lasting
from ketherapy.sources import Cited, Status


def row(**told):
    return FollowUp(id="LT-900", title="T", says="S.", locator="a row of this test", **told)


def test_a_row_is_found_by_its_id_alone():
    worse = course_rules().rule_of("course.missed_and_worse")
    assert (worse.id, worse.action) == ("course.missed_and_worse", "caution")
    assert worse.says.startswith("A visit was missed and the depression is worse:")


def test_what_a_row_leaves_out_is_nothing_and_no_empty_text():
    assert (row().source, row().status, row().every) == (None, None, None)


def test_a_row_waits_for_its_adoption_where_it_or_its_file_is_a_convention():
    assert course_rules().status is Status.CONVENTION
    assert course_rules().needs_adoption(row())
    assert course_rules().needs_adoption(row(status="convention"))
    assert not course_rules().needs_adoption(row(status="secondary"))


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (12, "h", timedelta(hours=12)), (2, "day", timedelta(days=2)),
        (13, "week", timedelta(days=91)), (30, "min", timedelta(minutes=30)),
    ],
)  # fmt: skip
def test_a_time_is_as_long_as_it_is_written(value, unit, expected):
    assert lasting(Cited(value=value, unit=unit, locator="this test")) == expected


def test_a_visit_half_a_day_beside_its_window_is_in_it():
    assert course_rules().beside == timedelta(hours=12)
