"""The self-check in a real browser, by somebody who is nobody to us and wants to stay so."""

from __future__ import annotations

import math
import re

import pytest
from playwright.sync_api import Error, expect
from pypdf import PdfReader

from clinic.explore.findings import finding
from clinic.explore.self_check_content import content
from clinic.explore.self_check_entries import choices
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
from tests.reading import grade

pytestmark = [pytest.mark.browser, pytest.mark.database]

ADDRESS = "/self-check/"
MARKER = "quixotic zebra 7319"
HELP = "If you think of ending your life"
HARDEST = 8.9  # Flesch-Kincaid grade
STATES = ["form", "result", "help", "refused"]


@pytest.fixture
def open_check(open_page):
    """Open the empty form."""

    def opened(**options):
        page = open_page(**options)
        page.goto(ADDRESS)
        return page

    return opened


def answer(page, *, conditions=("resistant",), suicide="no", told=MARKER, **others):
    """Fill in a part of the form."""
    for name in conditions:
        page.locator(f"[name=conditions][value={name}]").check()
    for name, value in {"suicide": suicide, **others}.items():
        page.locator(f"[name={name}][value={value}]").check()
    page.get_by_label("Anything else you want to say").fill(told)


def send(page):
    page.get_by_role("button", name="Show my page").click()
    page.wait_for_load_state()


def in_state(page, state):
    """Bring the page into one of its states."""
    if state == "form":
        return page
    answer(
        page, conditions=("resistant", "pain", "other"), pressure="yes", liver="unknown",
        suicide="yes" if state == "help" else "no",
    )  # fmt: skip
    if state == "refused":  # something no browser sends by itself
        page.locator("[name=pressure][value=yes]").evaluate("e => { e.value = 'maybe'; }")
    send(page)
    return page


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_form_is_answered_and_its_address_holds_nothing(open_check, server, has_scripts):
    page = open_check(java_script_enabled=has_scripts)
    answer(page, pressure="yes", eye="unknown")
    send(page)
    assert page.url == f"{server.url}{ADDRESS}"
    expect(page.get_by_role("heading", level=1)).to_have_text("What to raise with a clinic")
    raised = page.locator("section:has(> #raise-title)")
    expect(raised).to_contain_text("High blood pressure")
    expect(raised).to_contain_text("Raised pressure in the eye")
    expect(page.locator("#unanswered")).to_contain_text("lung illness")
    expect(page.locator("#told-no")).to_contain_text("thoughts of ending your life")
    expect(page.locator(".own-words")).to_have_text(MARKER)


def test_it_loads_no_script(open_check):
    page = in_state(open_check(), "result")
    assert page.locator("script").count() == 0


def test_every_question_of_ours_can_be_answered(open_check):
    page = open_check()
    for name, offered in choices().items():
        for value in offered:
            expect(page.locator(f"input[name={name}][value={value}]")).to_have_count(1)


def test_the_numbers_are_those_of_the_library_for_both_groups(open_check):
    page = in_state(open_check(), "result")
    (hard,) = (one for one in content().conditions if one.id == "resistant")
    tables = unfolded(page).locator(".finding table.twin")
    seen = tables.evaluate_all(
        "all => all.map(t => [...t.querySelectorAll('tbody tr')].map("
        "r => [...r.children].map(c => c.textContent)))"
    )
    counted = [one for one in map(finding, hard.questions) if one.shares is not None]
    assert len(seen) == len(counted) + 1  # and the counts of unwanted effects of drips for pain
    for rows, found in zip(seen, counted, strict=False):
        control, treated, difference = rows
        assert control == _row(found.words.control, found.shares.control)
        assert treated == _row(found.words.treated, found.shares.treated)
        assert difference[2] == found.uncertainty
    people = page.locator(".finding .icons:visible")
    assert people.count() == len(counted)
    assert people.locator("path.people").evaluate_all(
        "all => all.reduce((n, p) => n + (p.getAttribute('d').match(/M/g) || []).length, 0)"
    ) >= 200 * len(counted)


def _row(name, percent):
    return [name, str(math.floor(percent + 0.5)), f"{percent:.1f} %"]


@pytest.mark.parametrize("suicide", ["yes", "unknown"])
def test_help_is_the_first_thing_on_the_page(open_check, suicide):
    page = open_check(viewport={"width": 360, "height": 800})
    answer(page, suicide=suicide)
    send(page)
    first = page.locator("main :is(h1, h2)").first
    expect(first).to_have_text(HELP)
    expect(first).to_be_in_viewport()
    expect(page.locator("a.call[href='tel:988']").first).to_be_visible()


def test_words_of_one_who_wants_to_die_bring_help_first(open_check):
    page = open_check()
    answer(page, told="some days i dont want to be here anymore")
    send(page)
    expect(page.locator("main :is(h1, h2)").first).to_have_text(HELP)


def test_help_is_one_key_away_on_the_empty_form(open_check):
    page = open_check()
    expect(page.locator(".danger")).to_be_visible()
    page.locator(".need-help > summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".need-help .crisis")).to_be_visible()


@pytest.mark.parametrize("has_scripts", [True, False])
@pytest.mark.parametrize("ticked", ["suicide yes", "suicide unknown", "conditions suicide"])
def test_help_opens_under_the_question_as_soon_as_it_is_ticked(open_check, ticked, has_scripts):
    page = open_check(java_script_enabled=has_scripts)
    name, value = ticked.split()
    help_now = page.locator("#suicide .call-now")
    page.locator("[name=suicide][value=no]").check()
    expect(help_now).to_be_hidden()
    page.locator(f"[name={name}][value={value}]").check()
    expect(help_now).to_contain_text("You can stop here and call.")
    expect(help_now.locator("a.call[href='tel:988']").first).to_be_visible()


@pytest.mark.parametrize("state", ["result", "refused"])
def test_after_a_plain_no_help_is_folded_at_the_top(open_check, state):
    page = in_state(open_check(), state)
    first = page.locator(".self-check > *").first
    expect(first.locator("summary")).to_contain_text(HELP)
    expect(first.locator(".crisis")).to_be_hidden()
    first.locator("summary").click()
    expect(first.locator("a.call[href='tel:988']").first).to_be_visible()


def test_paper_names_whom_to_call_after_a_plain_no_too(open_check):
    page = in_state(open_check(), "result")
    page.emulate_media(media="print")
    expect(page.locator(".self-check > .need-help a.call[href='tel:988']").first).to_be_visible()


def test_the_whole_form_goes_by_keyboard(open_check):
    page = open_check()
    page.locator("[name=conditions]").first.focus()
    page.keyboard.press("Space")
    for _ in range(len(content().conditions)):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")  # the first answer to the first question
    page.keyboard.press("ArrowRight")
    expect(page.locator("[name=suicide][value=no]")).to_be_checked()
    page.get_by_role("button", name="Show my page").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What to raise with a clinic")


def test_a_refusal_leads_to_its_field_and_keeps_the_answers(open_check):
    page = in_state(open_check(), "refused")
    expect(page.locator(".refused")).to_contain_text("none of the answers")
    page.locator(".refused a").click()
    expect(page.locator("#pressure")).to_be_in_viewport()
    expect(page.locator("#pressure .error")).to_contain_text("none of the answers")
    expect(page.locator("[name=liver][value=unknown]")).to_be_checked()
    expect(page.locator("#told")).to_have_value(MARKER)


def test_the_sheet_comes_as_a_file_of_one_page(open_check):
    page = in_state(open_check(), "result")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Save it as one sheet").click()
    assert coming.value.suggested_filename == "questions-for-a-clinic.pdf"
    reader = PdfReader(coming.value.path())
    assert len(reader.pages) == 1
    told = " ".join(reader.pages[0].extract_text().split())
    assert MARKER in told
    found = finding("esketamine_response_month")
    assert f"{found.words.control} {_row('', found.shares.control)[1]} of 100" in told
    assert f"{found.words.treated} {_row('', found.shares.treated)[1]} of 100" in told


def test_going_back_sends_nothing_again(open_check, server):
    def arrived():
        return (server.home / "server.log").read_text().count("POST web:self_check ")

    page = in_state(open_check(), "result")
    before = arrived()
    page.get_by_role("link", name="How it works").click()
    page.wait_for_url("**/how-it-works/")
    with pytest.raises(Error, match="ERR_CACHE_MISS"):  # the browser asks before it sends again
        page.go_back()
    assert arrived() == before > 0
    expect(page.locator("html")).to_have_count(1)  # the browser's own page may still be coming
    page.wait_for_load_state()
    assert MARKER not in page.content()


def test_clearing_everything_leaves_an_empty_form(open_check):
    page = in_state(open_check(), "result")
    page.get_by_role("link", name="Clear everything").first.click()
    expect(page.locator("input:checked")).to_have_count(0)
    expect(page.locator("#told")).to_have_value("")


def test_the_server_and_the_browser_keep_nothing(open_check, server):
    page = in_state(open_check(), "result")
    with page.expect_download():
        page.get_by_role("button", name="Save it as one sheet").click()
    in_state(open_check(), "refused")
    stored = page.context.storage_state()
    assert stored["origins"] == []
    assert all(MARKER.split()[0] not in str(cookie) for cookie in stored["cookies"])
    kept = {one: one.read_bytes() for one in server.home.rglob("*") if one.is_file()}
    assert any(b"POST web:self_check 200" in written for written in kept.values())
    assert [one.name for one, written in kept.items() if b"zebra" in written] == []


@pytest.mark.parametrize("place", PHONE_AND_DESK)
@pytest.mark.parametrize("state", STATES)
def test_it_has_no_accessibility_fault(open_check, state, place):
    assert faults(unfolded(in_state(open_check(**place), state))) == []


@pytest.mark.parametrize("state", STATES)
def test_it_does_not_scroll_sideways(open_check, state):
    page = unfolded(in_state(open_check(), state))
    assert [width for width in resized(page, [320, 820, 1400]) if is_too_wide(page)] == []


@pytest.mark.parametrize("state", STATES)
def test_what_is_touched_is_large_enough(open_check, state):
    page = unfolded(in_state(open_check(viewport={"width": 360, "height": 800}), state))
    touched = "main :is(button, textarea, summary, label.box, .quiet, .jumps a):visible"
    heights = page.locator(touched).evaluate_all(
        "all => all.map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])"
    )
    assert [one for one in heights if one[1] < SMALLEST_TARGET] == []


def test_the_letters_of_the_drawings_stay_readable(open_check):
    page = in_state(open_check(), "result")
    for _ in resized(page, [360, 820, 1400]):
        assert smallest_letter(page, ".evidence") >= SMALLEST_LETTER


def test_paper_holds_the_findings_and_not_the_form(open_check):
    page = in_state(open_check(color_scheme="dark"), "result")
    page.emulate_media(media="print")
    expect(page.locator(".check-form")).to_be_hidden()
    expect(page.get_by_role("button", name="Save it as one sheet")).to_be_hidden()
    expect(page.locator(".finding .icons:visible").first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("state", ["form", "result"])
def test_it_is_easy_to_read(open_check, state):
    page = in_state(open_check(), state)
    told = page.locator("main :is(p, li, legend, h1, h2, h3, h4, label, summary):visible")
    lines = [re.sub(r"\s+", " ", one).strip() for one in told.all_inner_texts()]
    assert grade(" ".join(f"{one.rstrip('.:')}." for one in lines if one)) <= HARDEST


def test_every_link_out_tells_the_other_side_nothing(open_check):
    page = unfolded(in_state(open_check(), "help"))
    outward = page.locator("a[href^=http]")
    assert outward.count() > 10
    assert set(outward.evaluate_all("all => all.map(a => a.rel)")) == {"noreferrer noopener"}


def test_the_home_page_leads_here(open_page):
    page = open_page()
    page.goto("/")
    page.get_by_role("link", name="Get ready to ask a clinic").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Get ready to ask a clinic")
