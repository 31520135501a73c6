"""The time axis: minutes for a visit, hours beyond, ticks where a clock has them."""

import pytest

from ketherapy.simulation.clock import clock


@pytest.mark.parametrize(
    ("until", "unit"),
    [
        pytest.param(2.0, "min", id="a visit"),
        pytest.param(6.0, "min", id="at the limit"),
        pytest.param(6.5, "h", id="beyond it"),
        pytest.param(24.0, "h", id="a day"),
    ],
)
def test_an_axis_is_in_hours_beyond_six(until, unit):
    found = clock(0.0, until)
    assert found.unit == unit
    assert found.per_hour == {"min": 60.0, "h": 1.0}[unit]


@pytest.mark.parametrize("until", [0.05, 0.5, 2.0, 6.0, 7.0, 24.0, 100.0, 720.0, 5000.0])
@pytest.mark.parametrize("first", [0.0, 0.03])
def test_there_are_a_few_ticks_all_on_the_axis(first, until):
    found = clock(first, until)
    assert 2 <= len(found.ticks) <= 9
    assert found.ticks[0] >= first * found.per_hour - 1e-9
    assert found.ticks[-1] <= until * found.per_hour + 1e-6


def test_a_day_is_ticked_every_three_hours():
    assert clock(0.0, 24.0).ticks.tolist() == [3.0 * k for k in range(9)]
