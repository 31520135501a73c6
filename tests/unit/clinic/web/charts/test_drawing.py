import itertools
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from clinic.web.charts.drawing import draw, swatch
from clinic.web.charts.frame import NARROW, WIDE
from clinic.web.charts.levels import levels_scene, style
from tests.unit.clinic.web.invented import NAMED

SMALLEST_LETTER = 11  # [px] on a telephone of 390 px


def drawn(prediction, frame=WIDE):
    return ElementTree.fromstring(draw(levels_scene(prediction, NAMED), frame))


def of_class(root, name):
    return [e for e in root.iter() if name in e.get("class", "").split()]


@pytest.mark.parametrize("frame", [WIDE, NARROW], ids=lambda frame: frame.name)
def test_everything_lies_on_the_sheet(prediction, frame):
    root = drawn(prediction, frame)
    for place in root.iter():
        for name, limit in (("x", frame.width), ("y", frame.height), ("x2", frame.width)):
            assert 0 <= float(place.get(name, 0)) <= limit


def test_the_plot_itself_says_that_it_is_a_prediction(prediction):
    words = " ".join(e.text for e in of_class(drawn(prediction), "stamp"))
    assert "predicted, not measured" in words
    assert "measured (published)" in words


def test_two_sampling_sites_warn_on_the_plot(prediction):
    together = [e.text for e in of_class(drawn(prediction), "stamp")]
    venous = [c for c in prediction.curves if c.site == "venous plasma"]
    alone = of_class(drawn(replace(prediction, curves=tuple(venous))), "stamp")
    assert any("do not compare" in words for words in together)
    assert not any("do not compare" in e.text for e in alone)


def test_each_curve_takes_the_focus_and_says_everything(prediction):
    curves = of_class(drawn(prediction), "curve")
    assert len(curves) == len(prediction.curves)
    for element, curve in zip(curves, prediction.curves, strict=True):
        assert (element.get("tabindex"), element.get("role")) == ("0", "img")
        told = element.get("aria-label")
        for words in (curve.analyte_name, curve.site, curve.source, curve.population, curve.status):
            assert words in told


def test_a_band_is_drawn_only_where_one_is_known(prediction):
    banded = [c.key for c in prediction.curves if c.low is not None]
    assert [e.get("data-key") for e in of_class(drawn(prediction), "band")] == banded


def test_a_published_range_is_a_bar_and_a_value_a_cross(prediction):
    root = drawn(prediction)
    value, only_range = of_class(root, "mark")
    assert of_class(value, "cross")
    assert not of_class(value, "range")
    assert of_class(only_range, "range")
    assert not of_class(only_range, "cross")


def test_a_measured_metabolite_has_another_sign_than_the_drug(prediction):
    point = prediction.measured[0]
    metabolite = replace(point, analyte="norketamine")
    both = of_class(drawn(replace(prediction, measured=(point, metabolite))), "cross")
    ways = [e.get("d").split("M")[1:] for e in both]
    assert ways[0] != ways[1]


def test_no_two_curves_look_alike_without_colour(prediction):
    looks = {
        (style(c, letter).dash, style(c, letter).glyph)
        for c, letter in zip(prediction.curves, "AAAAABBBBB", strict=True)
    }
    assert len(looks) == len(prediction.curves)


def test_nothing_is_styled_or_scripted_in_place(prediction):
    for element in drawn(prediction).iter():
        assert not {"style", "onclick", "href", "src"} & set(element.keys())
        assert element.tag not in {"style", "script", "foreignObject", "image"}


def test_hostile_text_stays_text(prediction):
    hostile = "</text><script>alert(1)</script>\x00"
    curve = replace(prediction.curves[0], analyte_name=hostile, source=hostile, spread=hostile)
    root = drawn(replace(prediction, curves=(curve,), regimen=hostile))
    assert not [e for e in root.iter() if e.tag == "script"]


def test_an_injection_is_an_instant(prediction):
    root = drawn(replace(prediction, dosing=(0.0, 0.0)))
    (span,) = of_class(root, "span")
    assert float(span.get("width")) > 0
    assert of_class(root, "span-label")[0].text == "given at 0 min"


def test_on_a_narrow_sheet_the_stamp_stands_above_the_plot(prediction):
    stamps = of_class(drawn(prediction, NARROW), "stamp")
    assert len(stamps) == 3
    assert all(float(e.get("y")) < NARROW.top - 2 * NARROW.leading for e in stamps)


def test_a_swatch_shows_the_dash_and_the_sign(prediction):
    assert "dash-solid" in swatch(style(prediction.curves[0], "A"))
    assert "glyph" in swatch(style(prediction.curves[0], "A"))


@pytest.mark.parametrize("frame", [WIDE, NARROW], ids=lambda frame: frame.name)
def test_a_caveat_stands_below_the_name_of_its_curve_and_fits_the_sheet(prediction, frame):
    low = [replace(c, confidence_level="low") for c in prediction.curves[:3]]
    root = drawn(replace(prediction, curves=(*low, *prediction.curves[5:])), frame)
    caveats = of_class(root, "caveat")
    words = " ".join(e.text for e in caveats)
    assert words == " ".join(["low confidence"] * len(low))
    for element in caveats:
        assert float(element.get("x")) + 0.9 * frame.letter * len(element.text) <= frame.width
    places = sorted(float(e.get("y")) for e in (*caveats, *of_class(root, "tag-text")))
    assert min(b - a for a, b in itertools.pairwise(places)) >= frame.leading - 0.2


def test_without_a_caveat_the_plot_keeps_its_width(prediction):
    assert float(drawn(prediction).get("data-right")) == WIDE.plot_right
