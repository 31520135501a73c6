"""The axis of an effect holds what must be seen and is marked in round values."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.web.charts.effect_scale import linear, logarithmic, with_null

RATIOS = st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=20)


@given(held=RATIOS, most=st.integers(4, 9))
def test_a_logarithmic_axis_holds_its_values_between_few_round_ticks(held, most):
    scale = logarithmic(held, [], most=most)
    places = [tick.at for tick in scale.axis.ticks]
    assert scale.axis.low <= min(held) * (1 + 1e-6)
    assert scale.axis.high >= max(held) * (1 - 1e-6)
    assert 2 <= len(places) <= most + 2
    assert places == sorted(set(places))
    assert {f"{at:.1e}"[2:3] for at in places} <= set("01234568")


@given(held=st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=20))
def test_a_plain_axis_holds_its_values(held):
    scale = linear(held, [], most=7)
    slack = 1e-6 * (1 + abs(max(held, key=abs)))
    assert scale.axis.low <= min(held) + slack
    assert scale.axis.high >= max(held) - slack


@given(RATIOS)
def test_a_share_grows_with_the_value_from_end_to_end(held):
    scale = logarithmic(held, [], most=7)
    assert scale.share(scale.axis.low) == pytest.approx(0.0)
    assert scale.share(scale.axis.high) == pytest.approx(1.0)
    shares = [scale.share(value) for value in sorted(held)]
    assert shares == sorted(shares)


def test_the_ticks_of_a_ratio_are_those_of_a_journal():
    texts = [tick.text for tick in logarithmic([0.1, 10.0], [], most=7).axis.ticks]
    assert texts == ["0.1", "0.2", "0.5", "1", "2", "5", "10"]


def test_usual_intervals_are_seen_whole_and_an_absurd_one_is_not():
    usual = [(0.5, 3.0), (0.6, 2.5), (0.4, 4.0)]
    scale = logarithmic([1.0, 1.4, 1.6], [*usual, (1e-4, 1e4)], most=7)
    assert scale.axis.low <= 0.4 < 4.0 <= scale.axis.high
    assert scale.share(1e4) > 1.0
    assert scale.share(0.0) == -math.inf


def test_no_difference_has_room_on_both_sides():
    values = with_null([2.0, 4.0], 1.0, is_log=True)
    assert min(values) < 1.0
    assert with_null([-3.0], 0.0, is_log=False)[-1] > 0.0
