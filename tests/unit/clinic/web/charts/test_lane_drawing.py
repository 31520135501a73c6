"""The strip as SVG: cut at the joins, named where there is room, nothing outside the plot."""

import re

import pytest

from clinic.web.charts.lane_drawing import StripArea, StripLine, StripScene, draw
from clinic.web.charts.scene import Note

ENDS = (240.0, 10080.0, 80640.0)
TIMES = (0.0, 60.0, 120.0, 240.0, 1440.0, 1800.0, 10080.0, 40000.0, 80640.0)


def line(**changed: object) -> StripLine:
    flat = tuple((t, 5.0) for t in TIMES)
    area = StripArea(
        key="estimates",
        label="numbers <not> sure",
        edges=(tuple((t, 2.0) for t in TIMES), tuple((t, 8.0) for t in TIMES)),
    )
    usual = {
        "key": "madrs", "tag": "ketamine", "caveat": "low confidence", "hue": "ketamine",
        "glyph": "circle", "points": flat, "areas": (area,),
        "note": Note(heading="h", lines=("one",), spoken="spoken"),
    }  # fmt: skip
    return StripLine(**(usual | changed))


def scene(*lines: StripLine, **changed: object) -> StripScene:
    usual = {
        "name": "a strip", "title": "predicted points", "y_high": 26.0, "is_whole": True,
        "ends": ENDS, "given": (0.0, 5040.0), "label_at": 1800.0, "is_tall": False, "lines": lines,
    }  # fmt: skip
    return StripScene(**(usual | changed))


@pytest.fixture(params=[0, 1], ids=["wide", "narrow"])
def drawn(request) -> str:
    return draw(scene(line()))[request.param]


def test_a_line_is_drawn_in_as_many_pieces_as_there_are_stretches(drawn):
    way = re.search(r'<path class="stroke" d="([^"]*)"', drawn).group(1)
    assert way.count("M") == len(ENDS)


def test_everything_lies_on_the_sheet(drawn):
    _, _, width, height = map(float, re.search(r'viewBox="([^"]*)"', drawn).group(1).split())
    for way in re.findall(r' d="([^"]*)"', drawn):
        places = [tuple(map(float, p.split())) for p in re.split("[MLZ]", way) if p]
        assert all(0 <= x <= width and 0 <= y <= height for x, y in places)


def test_a_whole_axis_ends_at_its_scale_and_is_marked_within_it(drawn):
    marks = [int(m) for m in re.findall(r'text-anchor="end">(\d+)<', drawn)]
    assert marks == [0, 10, 20]


def test_a_word_on_an_area_is_escaped_and_left_out_where_there_is_none(drawn):
    assert "numbers &lt;not&gt; sure" in drawn
    assert "area-name" not in draw(scene(line(areas=())))[0]


def test_a_tall_strip_is_taller_and_as_wide():
    boxes = [
        re.search(r'viewBox="0 0 (\d+) (\d+)"', draw(scene(line(), is_tall=tall))[0]).groups()
        for tall in (False, True)
    ]
    assert boxes[0][0] == boxes[1][0]
    assert int(boxes[1][1]) > int(boxes[0][1])
