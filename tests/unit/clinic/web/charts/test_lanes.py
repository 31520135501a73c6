"""The lanes as drawn: what must be on the picture whatever is asked."""

import re

import pytest

from clinic.explore import mechanism
from clinic.explore.mechanism import Picture
from clinic.web.charts import lanes


@pytest.fixture(scope="module")
def picture() -> Picture:
    found = mechanism.mechanism({})
    assert isinstance(found, Picture)
    return found


def scenes(picture: Picture):
    return {
        strip.key: lanes.scene(picture, lane, strip)
        for lane in picture.lanes
        for strip in lane.strips
    }


def test_each_mood_names_its_scale_and_shows_half_of_it(picture):
    found = scenes(picture)
    for key, scale, most in (("ketamine-mood", "MADRS", 60), ("reuptake-mood", "HAMD-17", 52)):
        assert scale in found[key].title
        assert found[key].y_high == most / 2
        assert found[key].is_whole


def test_both_targets_are_drawn_on_the_whole_of_a_hundred(picture):
    found = scenes(picture)
    assert {found[key].y_high for key in ("ketamine-target", "reuptake-target")} == {100.0}


@pytest.mark.parametrize("setting", [choice.value for choice in mechanism.choices().settings])
def test_no_kind_of_trial_leaves_the_axis_of_mood(setting):
    found = mechanism.mechanism({"setting": setting, "sessions": "8", "dose": "1"})
    assert isinstance(found, Picture)
    scene = scenes(found)["ketamine-mood"]
    edges = [y for line in scene.lines for a in line.areas for _, y in a.edges[1]]
    assert max(edges) <= scene.y_high


def test_every_title_says_that_it_is_predicted(picture):
    assert all("predicted" in scene.title for scene in scenes(picture).values())


def test_between_trials_is_drawn_outside_what_is_not_known_better(picture):
    line = scenes(picture)["ketamine-mood"].lines[0]
    assert [area.label for area in line.areas] == ["numbers not sure", "trials differ"]


def test_those_without_the_drug_differ_by_more_than_colour(picture):
    drug, without = scenes(picture)["ketamine-mood"].lines
    assert (drug.hue, without.hue) == ("ketamine", "without")
    assert drug.glyph != without.glyph
    assert without.tag == "midazolam"


def test_every_line_can_take_the_focus_and_speaks_its_source(picture):
    for lane in lanes.lanes(picture):
        for strip in lane.strips:
            assert len(strip.charts) == 2
            for chart in strip.charts:
                items = re.findall(r'<g class="item[^>]*>', chart)
                assert items
                assert all('tabindex="0"' in item and "Source (" in item for item in items)
                assert "style=" not in chart


def test_a_session_has_its_wedge(picture):
    once = scenes(picture)["ketamine-level"]
    many = mechanism.mechanism({"sessions": "8"})
    assert isinstance(many, Picture)
    assert len(once.given) == 1
    assert len(scenes(many)["ketamine-level"].given) == 8
    drawn = lanes.lanes(many)[0].strips[0].charts[0]
    assert drawn.split('class="given"')[1].split("</g>")[0].count("<polygon") == 8
    assert scenes(picture)["reuptake-target"].given == ()


def test_low_confidence_stands_at_each_line_that_has_it(picture):
    found = scenes(picture)
    caveats = {line.key: line.caveat for scene in found.values() for line in scene.lines}
    assert {key for key, caveat in caveats.items() if caveat} == {"nmda_block", "madrs"}
    drawn = lanes.lanes(picture)[0].strips[1].charts[0]
    assert drawn.count('class="caveat"') == 2
