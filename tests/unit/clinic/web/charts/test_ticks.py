import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.web.charts.ticks import calendar_axis, level_axis, time_axis


@given(highest=st.floats(1e-3, 1e6), most=st.integers(3, 12))
def test_a_level_axis_holds_its_highest_value_in_round_steps(highest, most):
    axis = level_axis(highest, most=most, label="level")
    assert axis.high >= highest * (1 - 1e-6)
    assert 2 <= len(axis.ticks) <= most + 1
    step = axis.ticks[1].at
    assert float(f"{step:.0e}"[0]) in (1, 2, 5)


@given(lowest=st.floats(20, 200), span=st.floats(1, 200), most=st.integers(3, 8))
def test_an_axis_that_begins_above_zero_holds_both_ends(lowest, span, most):
    axis = level_axis(lowest + span, lowest=lowest, most=most, label="pressure")
    assert axis.low <= lowest * (1 + 1e-6)
    assert axis.high >= (lowest + span) * (1 - 1e-6)
    assert len(axis.ticks) <= most + 2


@given(last=st.floats(1, 60 * 24 * 60), most=st.integers(4, 12))
def test_a_time_axis_stays_inside_and_readable(last, most):
    axis = time_axis(last, most=most, label="time")
    assert axis.ticks[-1].at <= last * (1 + 1e-6)
    assert len(axis.ticks) <= most + 1


@pytest.mark.parametrize(
    ("last", "label", "texts"),
    [
        (60, "time (min)", "0 10 20 30 40 50 60"),
        (180, "time (min)", "0 30 60 90 120 150 180"),
        (360, "time (h)", "0 1 2 3 4 5 6"),
        (1440, "time (h)", "0 3 6 9 12 15 18 21 24"),
    ],
)
def test_minutes_become_hours_when_they_are_many(last, label, texts):
    axis = time_axis(last, most=8, label="time")
    assert (axis.label, [tick.text for tick in axis.ticks]) == (label, texts.split())


def test_a_flat_line_at_zero_still_has_an_axis():
    assert level_axis(0.0, most=6, label="level").high > 0


@pytest.mark.parametrize(
    ("days", "most", "label", "texts"),
    [
        (14, 8, "time (days)", "0 2 4 6 8 10 12 14"),
        (14, 6, "time (days)", "0 3 6 9 12"),
        (84, 8, "time (weeks)", "0 2 4 6 8 10 12"),
    ],
)
def test_a_calendar_counts_days_and_then_weeks(days, most, label, texts):
    axis = calendar_axis(days * 1440.0, most=most, label="time")
    assert (axis.label, [tick.text for tick in axis.ticks]) == (label, texts.split())
    assert axis.high == days * 1440.0
