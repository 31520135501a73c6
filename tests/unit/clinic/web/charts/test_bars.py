import re
from xml.etree import ElementTree

import pytest

from clinic.explore.population_results import Bin, Exposure
from clinic.web.charts.bars import HEIGHT, WIDTH, bin_rows, drawable, histogram, log_ticks
from tests.unit.clinic.web.charts.test_drawing import of_class


def exposure(*bins: tuple[float, float, int], quantiles=(110.0, 140.0, 160.0, 180.0, 240.0)):
    return Exposure(
        name="Cmax",
        unit="ng/mL",
        quantiles=quantiles,
        mean=165.0,
        bins=tuple(Bin(low=low, high=high, people=people) for low, high, people in bins),
    )


USUAL = exposure((100.0, 126.0, 10), (126.0, 158.0, 30), (158.0, 200.0, 0), (200.0, 251.0, 10))


def drawn(one):
    return ElementTree.fromstring(histogram(one, "Highest level"))


def test_a_bar_is_as_high_as_its_share():
    heights = [float(bar.get("height")) for bar in of_class(drawn(USUAL), "bar")]
    assert heights[1] == pytest.approx(3 * heights[0], abs=0.2)
    assert heights[2] == 0.0
    assert heights[3] == heights[0]


def test_everything_lies_on_the_sheet():
    for place in drawn(USUAL).iter():
        for name, limit in (("x", WIDTH), ("y", HEIGHT), ("x2", WIDTH), ("y2", HEIGHT)):
            assert 0 <= float(place.get(name, 0)) <= limit


def test_the_picture_itself_says_that_it_is_predicted():
    root = drawn(USUAL)
    assert "predicted, not measured" in [e.text for e in of_class(root, "stamp")]
    assert root.get("role") == "img"
    assert "Median 160 ng/mL" in root.get("aria-label")


def test_people_who_are_all_the_same_make_one_bar():
    (bar,) = of_class(drawn(exposure((100.0, 126.0, 50), quantiles=(110.0,) * 5)), "bar")
    assert float(bar.get("height")) > 0


def test_a_bin_without_an_end_is_told_in_the_table_alone():
    open_ended = exposure((0.0, 0.001, 2), (100.0, 126.0, 6), (1e7, float("inf"), 2))
    assert [bar.people for bar in drawable(open_ended)] == [6]
    assert [row.span for row in bin_rows(open_ended)] == [
        "below 0.001", "100 to 126", "10000000 or more",
    ]  # fmt: skip
    assert [row.share for row in bin_rows(open_ended)] == ["20 %", "60 %", "20 %"]


@pytest.mark.parametrize(
    ("low", "high"), [(75.0, 316.0), (100.0, 112.2), (0.001, 1000.0), (1.0, 20.0), (891.0, 1000.0)]
)
def test_ticks_are_a_few_round_values_inside(low, high):
    ticks = log_ticks(low, high)
    assert 1 <= len(ticks) <= 8
    assert all(low <= tick <= high for tick in ticks)
    assert list(ticks) == sorted(set(ticks))


def test_nothing_is_styled_or_scripted_in_place():
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script|href", histogram(USUAL, "<b>"))
    assert "<b>" not in histogram(USUAL, "<b>")
