"""The guide in a real browser, read by somebody who never signed in."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from clinic.explore import crisis, guide
from clinic.explore.findings import finding
from ketherapy.evidence.analysis import answer
from ketherapy.evidence.questions import question
from ketherapy.pharmacology.effects.frequencies import frequency
from tests.integration.browser.test_looks import (
    SMALLEST_LETTER,
    SMALLEST_TARGET,
    faults,
    is_too_wide,
    resized,
    smallest_letter,
    unfolded,
)

pytestmark = [pytest.mark.browser, pytest.mark.database]

SLUGS = [page.slug for page in guide.pages()]
ADDRESSES = ["/guide/", *(f"/guide/{slug}/" for slug in SLUGS), "/guide/print/"]
IN_THE_DARK = ["/guide/", "/guide/how-successful/", "/guide/print/"]  # the last holds every page
WIDTHS = [360, 820, 1400]


@pytest.fixture
def open_guide(open_page):
    def opened(address, **options):
        page = open_page(**options)
        page.goto(address)
        return page

    return opened


def tables(page):
    """Return the rows of every table twin, each as its cells."""
    return page.locator("figure table tbody tr").evaluate_all(
        "rows => rows.map(r => [...r.children].map(c => c.textContent))"
    )


def test_side_effects_are_those_of_the_library(open_guide):
    rows = {row[0]: row[1:] for row in tables(open_guide("/guide/is-it-safe/"))}
    for name, key in (
        ("Feeling cut off from oneself or the world", "AE-001"),
        ("Headache", "AE-006"),
    ):
        found = frequency(key)
        assert rows[name] == [f"{found.comparator_value:g}", f"{found.value:g}"]


def test_people_drawn_are_those_the_trials_give(open_guide):
    page = open_guide("/guide/how-successful/", viewport={"width": 1400, "height": 900})
    found = answer(question("esketamine_response_month")).absolute
    figure = page.locator("figure").first
    drawn = figure.locator("svg:visible")
    expect(drawn).to_have_count(1)
    extra = drawn.locator(".people-extra").first.get_attribute("d").count("M")
    assert extra == int(found.treated + 0.5) - int(found.control + 0.5)
    said = finding("esketamine_response_month").sentence
    expect(figure.locator(".found-in")).to_have_text(said)
    expect(page.locator(".answer")).to_contain_text(f"{int(found.treated + 0.5)} of 100 people")


def test_one_key_leads_from_a_number_to_its_source(open_guide):
    page = open_guide("/guide/how-successful/", java_script_enabled=False)
    link = page.locator(".answer .refs a").first
    link.focus()
    page.keyboard.press("Enter")
    target = page.url.rpartition("#")[2]
    expect(page.locator(f"#{target}")).to_be_in_viewport()
    place = guide.page("how-successful").answer.grounds[0]
    expect(page.locator(f"#{target}")).to_contain_text(place.words)
    expect(page.locator(f"#{target}")).to_contain_text(place.known, ignore_case=True)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_telephone_shows_no_accessibility_fault(open_guide, address):
    assert faults(unfolded(open_guide(address, viewport={"width": 360, "height": 900}))) == []


@pytest.mark.parametrize("address", IN_THE_DARK)
def test_a_desk_in_the_dark_shows_no_accessibility_fault(open_guide, address):
    size = {"width": 1400, "height": 900}
    assert faults(unfolded(open_guide(address, color_scheme="dark", viewport=size))) == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_scrolls_sideways(open_guide, address):
    page = unfolded(open_guide(address))
    assert [width for width in resized(page, [320, *WIDTHS]) if is_too_wide(page)] == []


@pytest.mark.parametrize("slug", SLUGS[2:])
def test_each_drawing_is_drawn_once_in_letters_one_can_read(open_guide, slug):
    page = open_guide(f"/guide/{slug}/")
    for _ in resized(page, WIDTHS):
        expect(page.locator("figure svg:visible")).to_have_count(page.locator("figure").count())
        assert smallest_letter(page, "figure svg") >= SMALLEST_LETTER


def test_what_is_touched_is_large_enough_for_a_glove(open_guide):
    page = open_guide("/guide/is-it-safe/", viewport={"width": 360, "height": 900})
    heights = page.locator("summary, nav a, .to-crisis").evaluate_all(
        "all => all.map(e => [e.outerHTML.slice(0, 60), e.getBoundingClientRect().height])"
    )
    assert [one for one in heights if one[1] < SMALLEST_TARGET] == []


def test_one_reads_from_the_first_page_to_the_last_without_javascript(open_guide):
    page = open_guide("/guide/", java_script_enabled=False)
    page.get_by_role("link", name="Start at page 1").click()
    for n, one in enumerate(guide.pages(), start=1):
        expect(page.locator("h1")).to_have_text(one.title)
        expect(page.get_by_role("navigation", name="Place in the guide")).to_contain_text(
            f"Page {n} of {len(SLUGS)}"
        )
        if n < len(SLUGS):
            page.get_by_role("link", name="Next:").click()
    page.get_by_role("link", name="Print the whole guide").click()
    expect(page.locator("article")).to_have_count(len(SLUGS))


def test_a_table_opens_without_javascript_and_by_the_keyboard(open_guide):
    page = open_guide("/guide/fast-and-lasting/", java_script_enabled=False)
    summary = page.locator("details.tables summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details.tables table").first).to_be_visible()


def test_whom_to_call_is_one_link_away_and_as_the_library_has_it(open_guide):
    page = open_guide("/guide/is-it-safe/")
    page.get_by_role("link", name="In a crisis?").click()
    box = page.locator(".crisis")
    expect(box.get_by_role("heading")).to_be_in_viewport()
    shown = box.locator("a.call").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert shown == [f"tel:{line.dialled}" for line in crisis.lines(datetime.now(UTC).date())]
    expect(box).to_contain_text("call your local emergency services")


def test_paper_holds_the_whole_guide(open_guide):
    page = open_guide("/guide/print/", color_scheme="dark")
    page.emulate_media(media="print")
    expect(page.locator("article")).to_have_count(len(SLUGS))
    expect(page.locator("figure svg:visible")).to_have_count(page.locator("figure").count())
    expect(page.locator(".days-table table")).to_be_visible()  # a mark does not say its number
    expect(page.locator("nav").first).to_be_hidden()
    expect(page.locator(".guide-sources").first).to_be_visible()


def test_home_and_every_page_lead_here(open_guide):
    page = open_guide("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Can it help me?").click()
    expect(page.locator("h1")).to_have_text("What is it, and can it help me?")
    expect(page.locator("nav[aria-label=Main] a[aria-current]")).to_have_text("Can it help me?")
