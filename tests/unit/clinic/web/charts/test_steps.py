"""Counts at few times: steps between marks, and never a slope that nobody measured."""

import itertools
import re
from dataclasses import replace

import pytest

from clinic.web.charts import field as fields
from clinic.web.charts.steps import Count, Course, Steps, drawn, step_charts, steps_table
from tests.unit.clinic.web.charts.drawn import of_class, outside, overlaps, parsed, words

BOTH = pytest.mark.parametrize("sheet", [fields.WIDE, fields.NARROW], ids=["wide", "narrow"])


def course(name, *counts):
    return Course(name=name, counts=tuple(Count(at=t, percent=p, text=f"{p} %") for t, p in counts))


STOPPED = course("switched off", (0.0, 0.0), (12.0, 22.0), (92.0, 45.3))
CONTINUED = course("continued", (0.0, 0.0), (12.0, 10.0), (92.0, 26.7))
PLOT = Steps(
    name="Relapse of remitters",
    share_label="relapsed (%)",
    time_label="since randomisation",
    unit="weeks",
    courses=(STOPPED, CONTINUED),
)


def corners(path):
    return [tuple(map(float, pair)) for pair in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.get("d"))]


@BOTH
def test_no_line_slopes_between_two_counts(sheet):
    root = parsed(drawn(PLOT, sheet))
    steps = [e for e in of_class(root, "step") if e.tag == "path"]
    assert len(steps) == 2
    for step in steps:
        for (x, y), (then, level) in itertools.pairwise(corners(step)):
            assert x == then or y == level
    assert outside(root) == overlaps(root) == []


@BOTH
def test_no_line_goes_on_behind_the_last_count(sheet):
    root = parsed(drawn(PLOT, sheet))
    last = max(x for e in of_class(root, "step") if e.tag == "path" for x, _ in corners(e))
    (circle,) = [e for e in of_class(root, "glyph") if e.tag == "circle"][-2:-1]
    assert last == float(circle.get("cx"))


@BOTH
def test_each_count_is_a_mark_that_takes_the_focus(sheet):
    root = parsed(drawn(PLOT, sheet))
    told = [e.get("aria-label") for e in of_class(root, "hit")]
    assert len(told) == 6
    assert "switched off" in told[2]
    assert "92 weeks" in told[2]
    assert "45.3 %" in told[2]


@BOTH
def test_a_group_without_control_says_so_on_the_chart(sheet):
    alone = replace(PLOT, courses=(STOPPED,), without_control="No control group: one registry.")
    root = parsed(drawn(alone, sheet))
    assert "No control group" in words(root)
    assert "No control group" in root.get("aria-label")
    assert "No control group" in steps_table(alone).caption


def test_the_chart_says_what_is_counted_and_what_is_not():
    assert "nobody counted" in words(parsed(step_charts(PLOT)[0]))


@BOTH
def test_a_mark_that_two_groups_share_has_one_number(sheet):
    values = [e.text for e in of_class(parsed(drawn(PLOT, sheet)), "value")]
    assert sorted(values) == sorted(["0", "22", "45.3", "10", "26.7"])


@BOTH
def test_a_single_count_and_many_groups_lie_on_the_sheet(sheet):
    many = tuple(course(f"a group with a long name {n} " * 4, (0.0, 20.0 * n)) for n in range(5))
    root = parsed(drawn(replace(PLOT, courses=many), sheet))
    assert outside(root) == overlaps(root) == []


def test_the_table_holds_every_count():
    table = steps_table(PLOT)
    assert table.rows[2] == ("switched off", "92", "45.3 %", "")
    assert len(table.rows) == 6


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda: replace(PLOT, courses=(STOPPED,)), "no control"),
        (lambda: replace(PLOT, courses=()), "1 to 5 groups"),
        (lambda: course("a"), "later and later"),
        (lambda: course("a", (4.0, 1.0), (4.0, 2.0)), "later and later"),
        (lambda: course("a", (-1.0, 1.0)), "0 or later"),
        (lambda: course("a", (1.0, 100.5)), "0 to 100"),
    ],
)
def test_what_is_no_count_is_refused(wrong, told):
    with pytest.raises(ValueError, match=told):
        wrong()
