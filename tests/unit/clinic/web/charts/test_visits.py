"""Visits week by week: a dot for each, and the same in words."""

import pytest

from clinic.web.charts.visits import Calendar, Going, calendars, spoken, visits_table

COURSES = Calendar(
    title="How often",
    rows=(
        Going(name="Spray", weeks=(2, 2, 1), note="two hours"),
        Going(name="Drips", weeks=(7, 3), note=""),
    ),
)


@pytest.mark.parametrize("drawing", calendars(COURSES), ids=["wide", "narrow"])
def test_there_is_a_dot_for_each_visit(drawing):
    assert drawing.count('class="visit"') == sum(sum(row.weeks) for row in COURSES.rows)
    assert "Spray: 5 visits" in drawing.replace("</text>", "")


def test_it_is_told_aloud_and_in_a_table():
    assert "Spray: 2, 2 and 1 visits" in spoken(COURSES)
    table = visits_table(COURSES)
    assert table.rows[0] == ("Spray (two hours)", "2", "2", "1", "5")
    assert table.rows[1] == ("Drips", "7", "3", "", "10")  # what is not planned is left empty
