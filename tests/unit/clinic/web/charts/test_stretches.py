"""An axis in stretches: every time has one place, in order, marked in whole units."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.web.charts.lane_drawing import NARROW_STRIP, WIDE_STRIP
from clinic.web.charts.stretches import BrokenPlane, stretches
from clinic.web.charts.ticks import level_axis

ENDS = (240.0, 10080.0, 80640.0)
FRAMES = [pytest.param(WIDE_STRIP, id="wide"), pytest.param(NARROW_STRIP, id="narrow")]


@pytest.mark.parametrize("frame", FRAMES)
def test_the_stretches_lie_side_by_side_within_the_plot(frame):
    found = stretches(frame, ENDS, gap=10.0)
    assert found[0].left == frame.left
    assert found[-1].right == pytest.approx(frame.plot_right)
    for one, following in itertools.pairwise(found):
        assert following.left == pytest.approx(one.right + 10.0)
        assert following.start == one.end


@pytest.mark.parametrize("frame", FRAMES)
def test_marks_stand_within_their_stretch_and_apart(frame):
    for stretch in stretches(frame, ENDS, gap=10.0):
        places = [stretch.x(tick.at) for tick in stretch.ticks]
        assert len(places) >= 2
        assert all(stretch.left - 1e-6 <= x <= stretch.right + 1e-6 for x in places)
        assert all(b - a >= 14.0 for a, b in itertools.pairwise(places))
        assert all(tick.text.isdigit() for tick in stretch.ticks)


@given(st.floats(0.0, ENDS[-1]))
def test_every_time_belongs_to_one_stretch(minutes):
    found = [one for one in stretches(WIDE_STRIP, ENDS, gap=10.0) if one.holds(minutes)]
    assert len(found) == 1
    assert found[0].left - 1e-6 <= found[0].x(minutes) <= found[0].right + 1e-6


@given(st.floats(0.0, ENDS[-1]), st.floats(0.0, ENDS[-1]))
def test_later_is_farther_right(one, other):
    found = stretches(WIDE_STRIP, ENDS, gap=10.0)

    def x(minutes):
        return next(s.x(minutes) for s in found if s.holds(minutes))

    first, last = sorted((one, other))
    assert x(first) <= x(last) + 1e-9


def test_a_line_is_cut_at_the_joins_and_loses_no_point():
    plane = BrokenPlane(
        frame=WIDE_STRIP,
        stretches=stretches(WIDE_STRIP, ENDS, gap=10.0),
        y_axis=level_axis(10.0, most=4, label=""),
    )
    points = tuple((t, 1.0) for t in (0.0, 100.0, *ENDS[:1], 500.0, *ENDS[1:2], 20000.0, ENDS[2]))
    pieces = [plane.within(points, stretch) for stretch in plane.stretches]
    assert set(itertools.chain(*pieces)) == set(points)
    assert [piece[-1][0] for piece in pieces] == list(ENDS)
    assert [piece[0][0] for piece in pieces] == [0.0, *ENDS[:2]]
