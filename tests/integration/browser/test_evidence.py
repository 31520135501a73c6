"""The evidence in a real browser: true to the library, usable by anybody, nothing from outside."""

import csv
import re
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from ketherapy.evidence.analysis import DEFAULT, answer
from ketherapy.evidence.questions import question
from ketherapy.evidence.synthesis import Tau2
from ketherapy.evidence.synthesis.pooled import Choices
from tests.integration.browser.test_looks import (
    SMALLEST_LETTER,
    SMALLEST_TARGET,
    faults,
    is_too_wide,
    unfolded,
)

pytestmark = [pytest.mark.browser, pytest.mark.database]

MONTH = "/evidence/question/esketamine_response_month/"
PAGES = [
    "/evidence/",
    "/evidence/?condition=chronic+pain",
    "/evidence/claims/",
    f"{MONTH}?beyond=1.2",
    "/evidence/question/ketamine_immediate_pain_inert/",
    "/evidence/review/ferraro2025/1_1/",
    "/evidence/review/alnefeesi2022/resp/",
    "/evidence/pool/?outcome=response.depression",
    "/evidence/trial/transform1/",
    f"{MONTH}?level=200",
    "/evidence/pool/?outcome=nonsense",
]


def opened(open_page, address, **options):
    page = open_page(**options)
    page.goto(address, timeout=60_000)
    return page


def estimate(page):
    return float(page.locator("#estimate").get_attribute("value"))


def expected(question_id, choices=DEFAULT):
    return answer(question(question_id), choices).pooled.printed


@pytest.mark.parametrize("address", PAGES)
def test_a_desk_in_the_dark_shows_no_accessibility_fault(open_page, address):
    page = opened(open_page, address, color_scheme="dark", viewport={"width": 1400, "height": 900})
    assert faults(unfolded(page)) == []


@pytest.mark.parametrize("address", PAGES)
def test_a_telephone_shows_all_of_it(open_page, address):
    page = opened(open_page, address, viewport={"width": 360, "height": 800})
    unfolded(page)
    assert not is_too_wide(page)
    sizes = page.locator("svg.evidence:visible text").evaluate_all(
        """all => all.filter(t => getComputedStyle(t).visibility !== 'hidden')
            .map(t => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a)"""
    )
    assert min(sizes, default=SMALLEST_LETTER) >= SMALLEST_LETTER
    assert faults(page) == []


@pytest.mark.parametrize("address", ["/evidence/", MONTH])
def test_what_is_touched_is_large_enough(open_page, address):
    page = opened(open_page, address, viewport={"width": 360, "height": 900})
    touched = "main :is(button, input, select, summary, .ways a, .takes a, .back a):visible"
    heights = page.locator(touched).evaluate_all(
        "all => all.map(e => [e.outerHTML.slice(0, 60), e.getBoundingClientRect().height])"
    )
    assert [one for one in heights if one[1] < SMALLEST_TARGET] == []


@pytest.mark.parametrize(
    "question_id",
    ["esketamine_response_month", "esketamine_change_month", "ketamine_pain_events",
     "esketamine_relapse_hazard"],
)  # fmt: skip
def test_the_estimate_is_that_of_the_library(open_page, question_id):
    page = opened(open_page, f"/evidence/question/{question_id}/")
    assert estimate(page) == expected(question_id).estimate


def test_another_method_is_computed_without_a_reload(open_page):
    page = opened(open_page, "/evidence/question/ketamine_pain_events/")
    page.evaluate("window.isTheSamePage = true")
    page.locator("#belief summary").click()
    page.get_by_label("Variance between trials").select_option("COMMON")
    wanted = expected("ketamine_pain_events", Choices(tau2=Tau2.COMMON))
    expect(page.locator("#estimate")).to_have_attribute("value", repr(wanted.estimate))
    assert page.evaluate("window.isTheSamePage")
    assert "tau2=COMMON" in page.url
    expect(page.locator("#belief")).to_have_attribute("open", "")


def test_a_filter_narrows_the_list_without_a_reload(open_page):
    page = opened(open_page, "/evidence/")
    page.evaluate("window.isTheSamePage = true")
    page.get_by_label("Condition").select_option("obsessive-compulsive disorder")
    expect(page.locator("#result-title")).to_contain_text("1 trial with")
    expect(page.locator(".question-card")).to_have_count(1)
    assert page.evaluate("window.isTheSamePage")
    assert "condition=obsessive" in page.url


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_a_bad_level_is_refused_beside_its_field(open_page, has_script):
    page = opened(open_page, MONTH, java_script_enabled=has_script)
    page.locator("#level").fill("200")
    if not has_script:
        page.get_by_role("button", name="Compute").click()
    expect(page.locator("#level-error")).to_contain_text("50 to 99.9")
    expect(page.locator("svg.evidence")).to_have_count(0)
    expect(page.locator(".refused a[href='#level']")).to_be_visible()
    expect(page.locator("#level")).to_have_value("200")


def test_it_works_without_javascript(open_page):
    page = opened(open_page, "/evidence/", java_script_enabled=False)
    page.get_by_label("Outcome").select_option("response.depression")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Pool the trials that fit").click()
    expect(page.get_by_role("heading", name="Not pooled", exact=True)).to_be_visible()
    page.get_by_role("link", name="placebo spray", exact=True).click()
    expect(page.locator(".verdict .headline")).to_contain_text("more of 100 responded")
    page.get_by_label("Measure").select_option("OR")
    page.get_by_role("button", name="Compute").click()
    expect(page.locator(".at-a-glance")).to_contain_text("Odds ratio")


def test_the_keyboard_alone_leads_from_the_list_to_a_source(open_page):
    page = opened(open_page, "/evidence/?condition=obsessive-compulsive+disorder")
    link = page.locator(".question-card a").first
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_be_visible()
    row = page.locator("svg.evidence:visible .hit").first
    row.focus()
    expect(row.locator(".note")).to_be_visible()
    summary = page.locator(".study summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".study").first.get_by_text("Source", exact=True)).to_be_visible()


def test_the_table_of_a_forest_says_what_the_drawing_says(open_page):
    page = opened(open_page, MONTH)
    unfolded(page)
    rows = page.locator("#table-forest tbody tr")
    drawn = " ".join(page.locator("svg.forest:visible").first.locator("text").all_text_contents())
    for label in ("TRANSFORM-1", "TRANSFORM-2", "TRANSFORM-3"):
        (said,) = [one for one in rows.all_inner_texts() if one.startswith(label)]
        (effect,) = re.findall(r"\d\.\d\d \(\d\.\d\d to \d\.\d\d\)", said)
        assert effect in drawn


def test_the_files_can_be_taken_away_and_read(open_page, tmp_path):
    page = opened(open_page, MONTH)
    with page.expect_download() as table:
        page.get_by_role("link", name="The studies as CSV").click()
    path = tmp_path / table.value.suggested_filename
    table.value.save_as(path)
    with path.open(newline="", encoding="utf-8") as held:
        rows = list(csv.DictReader(held))
    (pooled,) = [row for row in rows if row["row"] == "pooled"]
    assert float(pooled["estimate"]) == estimate(page)
    with page.expect_download() as drawing:
        page.get_by_role("link", name="The forest plot as SVG").click()
    path = tmp_path / drawing.value.suggested_filename
    drawing.value.save_as(path)
    assert ElementTree.parse(path).getroot().tag == "{http://www.w3.org/2000/svg}svg"


def test_a_permalink_opens_the_same_answer(open_page):
    page = opened(open_page, f"{MONTH}?tau2=DL&interval=WALD")
    was = estimate(page)
    page.get_by_role("link", name="A link that always gives").click()
    expect(page).to_have_url(re.compile("prediction=K_MINUS_2"))
    assert estimate(page) == was


def test_paper_holds_the_answer_the_drawings_and_the_tables(open_page):
    page = opened(open_page, MONTH, color_scheme="dark")
    page.emulate_media(media="print")
    expect(page.locator(".verdict .headline")).to_be_visible()
    expect(page.locator("svg.forest.evidence-wide").first).to_be_visible()
    expect(page.locator("#table-forest")).to_be_visible()
    expect(page.locator("#excluded table")).to_be_visible()
    expect(page.locator("#regimen")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_the_home_page_and_the_navigation_lead_here(open_page):
    page = opened(open_page, "/")
    page.get_by_role("link", name="See what trials found").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What trials found")
    current = page.get_by_role("navigation", name="Main").get_by_role("link", name="Evidence")
    expect(current).to_have_attribute("aria-current", "page")


def test_a_claim_leads_to_the_answer_its_number_comes_from(open_page):
    page = opened(open_page, "/evidence/claims/")
    unfolded(page)
    page.locator(".numbers a[href^='/evidence/question/']").first.click()
    expect(page.locator(".verdict")).to_be_visible()
