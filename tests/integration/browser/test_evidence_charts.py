"""The charts of evidence in real letters: none cut off, none too small, one of two sheets."""

from importlib.resources import files

import pytest

from clinic.web.charts.bubble import bubbles
from clinic.web.charts.export import standalone
from clinic.web.charts.forest import forests
from clinic.web.charts.funnel import funnels
from clinic.web.charts.icons import icon_arrays
from tests.integration.browser.test_looks import SMALLEST_LETTER, faults
from tests.unit.clinic.web.charts import (
    test_bubble,
    test_forest,
    test_funnel,
    test_icons,
)

pytestmark = pytest.mark.browser

WIDTHS = [360, 820, 1400]
CHARTS = (
    forests(test_forest.PLOT),
    funnels(test_funnel.PLOT),
    bubbles(test_bubble.PLOT),
    icon_arrays(test_icons.ICONS),
)
STYLES = ("base.css", "chart.css", "evidence_drawing.css", "evidence.css")
CUT_OFF = """drawings => drawings.flatMap(svg => {
    const sheet = svg.getBoundingClientRect();
    return [...svg.querySelectorAll("text")].filter(text => {
        const box = text.getBoundingClientRect();
        return box.left < sheet.left - 1 || box.right > sheet.right + 1
            || box.top < sheet.top - 1 || box.bottom > sheet.bottom + 1;
    }).map(text => text.textContent);
})"""


def _style():
    static = files("clinic.web") / "static" / "web"
    rules = "".join((static / name).read_text(encoding="utf-8") for name in STYLES)
    return rules.replace('@import url("evidence_drawing.css");', "")


@pytest.fixture
def show(browser):
    """Show all charts on one page."""
    contexts = []

    def shown(width=1400, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        figures = "".join(
            f'<figure class="figure"><div class="drawn-evidence">{wide}{narrow}</div></figure>'
            for wide, narrow in CHARTS
        )
        page.set_content(
            f'<!doctype html><html lang="en"><title>Charts</title><style>{_style()}</style>'
            f"<main><h1>Charts</h1>{figures}</main></html>"
        )
        return page

    yield shown
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_letters_are_readable_and_none_is_cut_off(show, width):
    page = show(width)
    seen = page.locator(".evidence:visible")
    assert seen.count() == len(CHARTS)
    sizes = page.locator(".evidence:visible text").evaluate_all(
        "texts => texts.map(t => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a)"
    )
    assert min(sizes) >= SMALLEST_LETTER
    assert seen.evaluate_all(CUT_OFF) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1400])
def test_the_charts_have_no_accessibility_fault(show, width, scheme):
    assert faults(show(width, color_scheme=scheme)) == []


def test_the_keyboard_walks_through_the_studies_and_shows_their_notes(show):
    page = show()
    page.keyboard.press("Tab")
    note = page.locator(".hit:focus .note")
    assert note.evaluate("note => getComputedStyle(note).visibility") == "visible"
    assert "one infusion" in note.text_content()
    page.keyboard.press("Tab")
    assert "Second 2020" in page.locator(".hit:focus").get_attribute("aria-label")


def test_paper_shows_the_wide_sheet_and_no_notes(show):
    page = show(360, color_scheme="dark")
    page.emulate_media(media="print")
    assert page.locator(".evidence-wide:visible").count() == len(CHARTS)
    assert page.locator(".evidence-narrow:visible, .note:visible").count() == 0


def test_a_file_has_the_colours_of_the_page(show, browser, tmp_path):
    wide, _ = CHARTS[0]
    path = tmp_path / "forest.svg"
    path.write_text(standalone(wide, "Forest", "Two trials"), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    fill = "e => getComputedStyle(e).fill"
    alone = page.locator(".diamond").evaluate(fill)
    page.close()
    assert alone == show().locator(".diamond:visible").evaluate(fill)
