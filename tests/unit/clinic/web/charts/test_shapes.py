import itertools
import math

from hypothesis import given
from hypothesis import strategies as st

from clinic.web.charts.shapes import GLYPHS, apart, glyph, path, riding, thinned

CURVE = tuple((float(n), 200 * math.exp(-n / 40)) for n in range(361))


def height(points, x):
    (x0, y0), (x1, y1) = next((a, b) for a, b in itertools.pairwise(points) if b[0] >= x)
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


def test_a_thinned_path_strays_less_than_an_eye_can_see():
    kept = thinned(CURVE, tolerance=0.1)
    assert len(kept) < len(CURVE) / 3
    assert max(abs(height(kept, x) - y) for x, y in CURVE) <= 0.1


def test_a_thinned_path_keeps_its_ends_and_a_sharp_peak():
    peak = ((0.0, 0.0), (1.0, 9.0), (2.0, 0.0))
    assert thinned(peak, tolerance=0.1) == peak
    assert thinned(peak[:1], tolerance=0.1) == peak[:1]


@given(st.lists(st.tuples(st.floats(0, 300), st.sampled_from([15.0, 45.0])), max_size=6))
def test_labels_are_moved_apart_by_their_heights_and_keep_their_order(labels):
    wanted, heights = [place for place, _ in labels], [height for _, height in labels]
    placed = apart(wanted, heights=heights, low=0, high=300)
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    for above, below in itertools.pairwise(order):
        assert placed[below] - placed[above] >= heights[above] - 1e-9
    assert all(place + height <= 300 + 1e-9 for place, height in zip(placed, heights, strict=True))
    assert all(place >= -1e-9 for place in placed)


def test_signs_ride_on_the_line():
    places = riding(((0, 0), (10, 10), (20, 10)), every=5, start=2)
    assert places == ((2, 2), (7, 7), (12, 10), (17, 10))


def test_every_sign_can_be_drawn():
    assert len({glyph(name, 5, 5) for name in GLYPHS}) == len(GLYPHS)


def test_a_path_is_plain_text():
    assert path(((0, 1), (2, 3.25))) == "M0 1L2 3.2"
