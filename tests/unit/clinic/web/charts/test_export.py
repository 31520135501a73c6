"""A drawing as a file: complete, valid, and looking as on the page."""

import re
from importlib.resources import files
from xml.etree import ElementTree

import pytest

from clinic.web.charts.export import standalone
from clinic.web.charts.forest import forests
from clinic.web.charts.icons import icon_arrays
from clinic.web.charts.markup import Markup
from tests.unit.clinic.web.charts.test_forest import PLOT
from tests.unit.clinic.web.charts.test_icons import ICONS

SVG = "{http://www.w3.org/2000/svg}"
DRAWINGS = (*forests(PLOT), *icon_arrays(ICONS))


@pytest.mark.parametrize("svg", DRAWINGS)
def test_a_file_is_a_document_with_title_description_and_size(svg):
    document = standalone(svg, "Response & <remission>", "Seven trials")
    assert document.startswith("<?xml version")
    root = ElementTree.fromstring(document)
    assert root.tag == f"{SVG}svg"
    assert root.find(f"{SVG}title").text == "Response & <remission>"
    assert root.find(f"{SVG}desc").text == "Seven trials"
    assert root.get("viewBox").split()[2:] == [root.get("width"), root.get("height")]


@pytest.mark.parametrize("svg", DRAWINGS)
def test_a_file_has_its_colours_in_plain_rules_that_any_program_knows(svg):
    style = ElementTree.fromstring(standalone(svg, "a", "b")).find(f"{SVG}style").text
    assert not re.search(r"var\(|:is|:has|:hover|paint-order", style)
    light = (files("clinic.web") / "static/web/chart.css").read_text(encoding="utf-8")
    hue = re.search(r"--hue-0: (#\w+);", light).group(1)
    assert f".evidence .square {{ fill: {hue}; }}" in style


@pytest.mark.parametrize("svg", DRAWINGS)
def test_every_kind_of_piece_has_its_rule(svg):
    root = ElementTree.fromstring(standalone(svg, "a", "b"))
    style = root.find(f"{SVG}style").text
    drawn = {
        kind
        for e in root.iter()
        if e.tag.removeprefix(SVG) in {"rect", "path", "polygon", "line", "circle"}
        for kind in [e.get("class").split()[-1]]
    }
    assert {kind for kind in drawn if f".{kind}" not in style} == set()


def test_a_file_asks_for_nothing_from_outside_and_takes_no_focus():
    document = standalone(DRAWINGS[0], "a", "b")
    assert not re.search(r"@import|url\(|href|<script|@media|tabindex|hit|note-box", document)
    assert "First 2013" in document


def test_what_is_no_drawing_is_refused():
    with pytest.raises(ValueError, match="one SVG element"):
        standalone(Markup("<p>words</p>"), "a", "b")
