"""How it works, in a real browser: open to everybody, true to the library, usable by anybody."""

import re

import pytest
from playwright.sync_api import expect

from clinic.explore import mechanism
from ketherapy.simulation.mechanism.comparison import compare
from ketherapy.simulation.mechanism.question import read_question
from tests.integration.browser.test_looks import (
    PHONE_AND_DESK,
    SMALLEST_LETTER,
    SMALLEST_TARGET,
    faults,
    is_too_wide,
    resized,
    smallest_letter,
    unfolded,
)

pytestmark = [pytest.mark.browser, pytest.mark.database]

ADDRESS = "/how-it-works/"
SPRAY = "route=intranasal&spray=84&sessions=4"


@pytest.fixture
def open_how(open_page):
    """Open the page as somebody who has not signed in; ``query`` follows the "?"."""

    def opened(query: str = "", **options: object):
        page = open_page(**options)
        page.goto(f"{ADDRESS}?{query}" if query else ADDRESS, timeout=60_000)
        return page

    return opened


def settled(page):
    expect(page.locator("#result[aria-busy]")).to_have_count(0, timeout=20_000)


def read(page, key):
    """Return the values of a column of the tables, each as the ends of what it holds."""
    cells = page.locator(f'td[data-key="{key}"]')
    return cells.evaluate_all(
        "all => all.map(c => [...c.querySelectorAll('data')].map(d => Number(d.value)))"
    )


@pytest.mark.parametrize(
    ("query", "typed"),
    [
        ("", {"route": "iv", "dose": "0.5 mg/kg", "weight": "70 kg"}),
        (SPRAY, {"route": "intranasal", "dose": "84 mg", "weight": "70 kg", "sessions": "4"}),
    ],
)
def test_the_tables_hold_the_values_of_the_library(open_how, query, typed):
    page = open_how(query)
    found = compare(read_question(typed))
    times = [
        0,
        1 / 6,
        2 / 6,
        4 / 6,
        1,
        2,
        4,
        12,
        24,
        48,
        72,
        120,
        168,
        240,
        336,
        504,
        672,
        1008,
        1344,
    ]
    places = [int(abs(found.t - at).argmin()) for at in times]
    for course in found.courses:
        wanted = [float(course.values[place]) for place in places]
        assert [one for (one,) in read(page, course.key)] == pytest.approx(wanted, rel=1e-9)
        for extent, edges in course.edges.items():
            ends = read(page, f"{course.key}-{extent.name.lower()}")
            assert [low for low, _ in ends] == pytest.approx([edges.low[k] for k in places])
            assert [high for _, high in ends] == pytest.approx([edges.high[k] for k in places])


@pytest.mark.parametrize("place", PHONE_AND_DESK)
@pytest.mark.parametrize("query", ["", "sessions=99"])
def test_there_is_no_accessibility_fault(open_how, place, query):
    assert faults(unfolded(open_how(query, **place))) == []


def test_nothing_scrolls_sideways_and_every_letter_can_be_read(open_how):
    page = unfolded(open_how())
    for width in resized(page, [320, 360, 820, 1400]):
        assert not is_too_wide(page)
        assert width < 360 or smallest_letter(page, ".chart") >= SMALLEST_LETTER


@pytest.mark.parametrize("query", ["", SPRAY, "setting=anaesthesia"])
def test_no_word_of_a_drawing_is_cut_off(open_how, query):
    page = open_how(query)
    for _ in resized(page, [360, 1400]):
        beyond = page.locator(".chart:visible .tag text").evaluate_all(
            """all => all.map(t => [t.textContent, t.getBoundingClientRect().right
                - t.closest('svg').getBoundingClientRect().right]).filter(([, d]) => d > 1)"""
        )
        assert beyond == []


def test_what_is_touched_is_large_enough(open_how):
    page = open_how(viewport={"width": 360, "height": 900})
    touched = "main :is(button, input[type=range], select, summary, label.box):visible"
    heights = page.locator(touched).evaluate_all(
        "all => all.map(e => [e.outerHTML.slice(0, 60), e.getBoundingClientRect().height])"
    )
    assert [one for one in heights if one[1] < SMALLEST_TARGET] == []


def test_a_slider_moved_by_keys_redraws_without_a_reload(open_how):
    page = open_how()
    page.evaluate("window.isTheSamePage = true")
    page.locator("#sessions").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#result-title")).to_contain_text("2 sessions", timeout=20_000)
    expect(page.locator("#sessions-now")).to_have_text("2")
    expect(page.locator("#sessions")).to_be_focused()
    page.locator("#dose").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#result-title")).to_contain_text("0.4 mg/kg", timeout=20_000)
    expect(page.locator("#dose-now")).to_have_text("0.4 mg/kg")
    assert page.evaluate("window.isTheSamePage")
    assert "sessions=2" in page.url
    settled(page)


def test_the_route_shows_its_own_dose_alone(open_how):
    page = open_how()
    expect(page.locator("#dose")).to_be_visible()
    expect(page.locator("#spray")).to_be_hidden()
    page.get_by_role("radio", name="Esketamine nasal spray").check()
    expect(page.locator("#result-title")).to_contain_text("Esketamine 56 mg", timeout=20_000)
    expect(page.locator("#spray")).to_be_visible()
    expect(page.locator("#dose")).to_be_hidden()
    settled(page)


def test_it_works_without_javascript(open_how):
    page = open_how(java_script_enabled=False)
    page.locator("#sessions").press("End")
    page.get_by_role("button", name="Draw it").click()
    expect(page.locator("#result-title")).to_contain_text("8 sessions", timeout=20_000)
    expect(page.locator(".chart:visible")).to_have_count(5)


def test_a_line_tells_its_source_when_it_has_the_focus(open_how):
    page = open_how()
    line = page.locator(".chart:visible .item[data-key=hamd17]")
    assert "Stone 2022" in line.get_attribute("aria-label")
    line.focus()
    expect(line.locator(".note")).to_be_visible()
    expect(line.locator(".note")).to_contain_text("Stone 2022")


@pytest.mark.parametrize(
    ("query", "field"),
    [("dose=1%2C5", "dose"), ("sessions=0", "sessions"), ("route=oral", "route"),
     ("setting=spa", "setting"), ("route=intranasal&spray=30", "spray")],
)  # fmt: skip
@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_bad_input_is_refused_beside_its_field(open_how, query, field, has_script):
    page = open_how(query, java_script_enabled=has_script)
    expect(page.locator(f"#{field}-error")).to_have_text(re.compile(r"\w.*\.$"))
    expect(page.locator(".chart")).to_have_count(0)
    expect(page.locator(f".refused a[href='#{field}']")).to_be_visible()


def test_a_refusal_keeps_the_other_entries(open_how):
    page = open_how("dose=0.7&sessions=6&setting=spa")
    expect(page.locator("#dose")).to_have_value("0.7")
    expect(page.locator("#sessions")).to_have_value("6")


def test_paper_holds_the_picture_the_words_and_the_tables(open_how):
    page = open_how(color_scheme="dark")
    page.emulate_media(media="print")
    expect(page.locator("#ketamine-values")).to_be_visible()
    expect(page.locator("#reuptake-values")).to_be_visible()
    expect(page.locator(".chart:visible")).to_have_count(5)
    expect(page.get_by_text("Do not choose a dose by this line")).to_be_visible()
    expect(page.locator("#regimen")).to_be_hidden()


def test_the_home_page_and_the_navigation_lead_here(open_page):
    page = open_page()
    page.goto("/")
    page.get_by_role("link", name="See how it works").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How it works")
    current = page.get_by_role("navigation", name="Main").get_by_role("link", name="How it works")
    expect(current).to_have_attribute("aria-current", "page")


def test_the_first_answer_is_there_before_anybody_waits(open_how):
    page = open_how()  # whatever was asked before
    page.goto(ADDRESS)
    waited = page.evaluate("performance.getEntriesByType('navigation')[0].responseEnd")
    assert waited < 3000
    assert mechanism.choices().usual["sessions"] == "1"
