"""Small charts that share a scale, and the tables that say the same."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from clinic.explore.infusion_courses import Course, Panel
from clinic.explore.infusion_strips import Strip
from clinic.web.charts import panels

HOUR, DAY = 60.0, 1440.0


def course(key="level-pain-venous", top=100.0, minutes=(0.0, 20.0, 40.0, 120.0, 240.0)):
    middle = tuple(top * share for share in (0.0, 0.6, 1.0, 0.4, 0.1))
    return Course(
        key=key,
        tag="vein",
        name="venous plasma",
        minutes=minutes,
        middle=middle,
        low=tuple(0.5 * v for v in middle),
        high=tuple(2.0 * v for v in middle),
    )


def panel(about="pain", until=4 * HOUR, given=((0.0, 40.0),), **changed):
    key = f"level-{about}"
    told = {"courses": (course(f"{key}-venous"), course(f"{key}-arterial", top=50.0))}
    return Panel(key=key, about=about, until=until, given=given, **(told | changed))


def strip(*shown, **changed):
    told = {"id": "level", "unit": "ng/mL", "confidence": "", "limits": ()}
    told |= {
        "title": "Level <in> blood",
        "plain": "Plain.",
        "band": "Shaded: people.",
        "studied": "",
    }
    return Strip(panels=shown or (panel("depression"), panel("pain")), **(told | changed))


def drawn(one, frame=panels.WIDE):
    place = 0 if frame is panels.WIDE else 1
    return ElementTree.fromstring(panels.charts(one, one.panels[-1])[place])


def test_both_charts_of_a_strip_end_at_the_same_height():
    high = replace(panel("pain"), courses=(course(top=300.0),))
    one = strip(panel("depression"), high)
    tops = {panels.scene(one, p, panels.WIDE).y_high for p in one.panels}
    assert tops == {one.highest} == {600.0}


@pytest.mark.parametrize(
    ("until", "label"),
    [
        (4 * HOUR, "first 4 h of the visit (h)"),
        (24 * HOUR, "first 24 h of the visit (h)"),
        (14 * DAY, "since the first visit (days)"),
        (84 * DAY, "since the first visit (weeks)"),
    ],
)
def test_each_time_axis_says_how_long_it_is(until, label):
    scene = panels.scene(strip(), panel(until=until), panels.WIDE)
    assert scene.x_axis.label == label
    assert scene.x_axis.high == until


@pytest.mark.parametrize("frame", [panels.WIDE, panels.NARROW], ids=lambda frame: frame.name)
def test_everything_lies_on_the_sheet(frame):
    for place in drawn(strip(confidence="low"), frame).iter():
        for name, limit in (("x", frame.width), ("y", frame.height), ("x2", frame.width)):
            assert 0 <= float(place.get(name, 0)) <= limit


def test_a_prediction_is_drawn_as_one_and_low_confidence_stands_at_its_curves():
    words = ["".join(e.itertext()) for e in drawn(strip(confidence="low")).iter("text")]
    assert "predicted, not measured" in words
    assert words.count("low") == words.count("confidence") == 2


def test_lines_differ_in_more_than_colour():
    first, second = (panels.style(panel(), c) for c in panel().courses)
    assert (first.hue, first.dash) != (second.hue, second.dash)
    assert first.dash != second.dash
    other = panels.style(panel("depression"), panel("depression").courses[0])
    assert other.glyph != first.glyph


def test_every_infusion_of_a_course_is_shaded():
    given = tuple((n * DAY, n * DAY + 240.0) for n in range(10))
    root = drawn(strip(panel("depression"), panel(until=14 * DAY, given=given)))
    assert len([e for e in root.iter("rect") if e.get("class") == "span"]) == 10


def test_the_table_reads_computed_values_at_round_times_and_at_the_end_of_the_infusion():
    one = strip()
    rows = panels.readings(one, one.panels[1])
    by_time = {row.time: row.cells for row in rows}
    assert (by_time["40 min"][0].value, by_time["40 min"][0].text) == (100.0, "100")
    assert by_time["40 min"][0].span == "50 to 200"
    assert by_time["0 min"][1].text == "0"


def test_spikes_are_read_where_each_visit_ends():
    given = ((0.0, 40.0), (DAY, DAY + 40.0))
    minutes = (0.0, 40.0, DAY, DAY + 40.0, 14 * DAY)
    one = panel(until=14 * DAY, given=given, courses=(course(minutes=minutes),))
    rows = panels.readings(strip(one, id="course"), one)
    assert [row.time for row in rows] == ["end of visit 1, day 1", "end of visit 2, day 2"]
    assert [row.cells[0].value for row in rows] == [60.0, 40.0]


def test_what_is_known_less_well_is_told_to_fewer_figures():
    assert panels.shown(strip(), 161.4) == "161"
    assert panels.shown(strip(confidence="low"), 161.4) == "160"
    assert panels.shown(strip(confidence="low"), 0.612) == "0.61"
    assert panels.shown(strip(), 1e-9) == "0"
