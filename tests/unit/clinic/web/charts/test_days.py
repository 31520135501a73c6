"""Scores day by day: both groups, each a mark, in their places."""

import re

import pytest

from clinic.web.charts.days import TwoGroups, day_marks, days_table, spoken

ASLEEP = TwoGroups(
    title="Score", scale="lower is better", highest=60.0, control="salt water", treated="ketamine",
    controls=((1.0, 16.4, 19), (14.0, 16.2, 19)), treateds=((1.0, 12.7, 20), (14.0, 16.9, 19)),
)  # fmt: skip


@pytest.mark.parametrize("drawing", day_marks(ASLEEP), ids=["wide", "narrow"])
def test_what_was_measured_is_a_mark_and_never_a_line(drawing):
    assert len(re.findall('<circle class="day-treated"', drawing)) == 1 + len(ASLEEP.treateds)
    assert len(re.findall('<rect class="day-control"', drawing)) == 1 + len(ASLEEP.controls)
    assert "<path" not in drawing
    assert "<polyline" not in drawing


@pytest.mark.parametrize("drawing", day_marks(ASLEEP), ids=["wide", "narrow"])
def test_a_higher_score_stands_higher_by_the_scale(drawing):
    circles = [float(y) for y in re.findall(r'day-treated"[^>]*cy="([\d.]+)"', drawing)][1:]
    rules = re.findall(r'<line class="(?:grid|axis)"[^>]*y1="([\d.]+)"', drawing)
    bottom, top = float(rules[0]), float(rules[-1])
    read = [60.0 * (bottom - y) / (bottom - top) for y in circles]
    assert read == pytest.approx([12.7, 16.9], abs=0.05)


def test_it_is_told_aloud_and_in_a_table_with_the_people():
    assert "Day 1: 16.4 with salt water, 12.7 with ketamine." in spoken(ASLEEP)
    assert days_table(ASLEEP).rows[1] == ("14", "16.2 (19)", "16.9 (19)")


@pytest.mark.parametrize("treateds", [(), ((1.0, 12.7, 20), (7.0, 16.9, 19))])
def test_other_days_in_one_group_are_refused(treateds):
    with pytest.raises(ValueError, match="same days"):
        TwoGroups(
            title="Score", scale="s", highest=60.0, control="c", treated="t",
            controls=ASLEEP.controls, treateds=treateds,
        )  # fmt: skip
