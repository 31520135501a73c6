import pytest

from clinic.web.charts.markup import Markup, coordinate, element, escaped, joined


@pytest.mark.parametrize("hostile", ["<script>", '"><b', "a & b", "'", "\x00\x0b\x1f"])
def test_text_cannot_leave_its_place(hostile):
    drawn = element("text", {"class": hostile}, hostile)
    inside = drawn.removeprefix('<text class="').removesuffix("</text>")
    assert not set('<>"') & set(inside.replace('">', "", 1))
    assert not [c for c in drawn if ord(c) < 32]


def test_markup_is_escaped_once():
    assert escaped(escaped("<")) == "&lt;"
    assert joined(Markup("<g></g>"), "<") == "<g></g>&lt;"


def test_an_absent_attribute_is_left_out():
    assert element("g", {"id": None, "x": 1.0}) == '<g x="1"></g>'


@pytest.mark.parametrize(("length", "text"), [(-0.01, "0"), (10.0, "10"), (2.46, "2.5")])
def test_coordinates_carry_no_idle_digits(length, text):
    assert coordinate(length) == text
