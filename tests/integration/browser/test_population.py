"""The population page in a real browser: from the form to the fan, and back out by Cancel."""

import pytest
from playwright.sync_api import expect

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

RUN_MS = 240_000  # how long a run of a few people may take while the engine is cold
WIDTHS = [360, 820, 1280]
TOUCHED = (
    "button, input:not([type=checkbox], [type=radio], [type=hidden]), select, summary, label.box,"
    " nav a, a.button, a.quiet"
)


def enter(page, **entries):
    page.goto("/lab/population/")
    page.locator("input[name=people][value=alike]").check()
    for name, value in ({"n": "50", "weight": "71 kg", "age": "30 years"} | entries).items():
        page.locator(f"#{name}").fill(value)
    page.get_by_role("button", name="Simulate these people").click()


def finish(page):
    expect(page.locator("#sheet")).to_be_visible(timeout=RUN_MS)


@pytest.fixture(scope="module")
def done(browser, server, researcher):
    """Return the address of a finished run."""
    context = browser.new_context(base_url=server.url, storage_state=researcher)
    page = context.new_page()
    enter(page, above="150 ng/mL")
    finish(page)
    address = page.url
    context.close()
    return address


@pytest.fixture
def open_done(open_page, researcher, done):
    """Open the finished run, in whatever context is asked for."""

    def opened(**options):
        page = open_page(storage_state=researcher, **options)
        page.goto(done)
        return page

    return opened


def test_progress_turns_into_the_fan_without_a_reload(open_page, researcher):
    page = open_page(storage_state=researcher)
    enter(page, n="9000")
    expect(page.locator("progress")).to_be_visible()
    page.evaluate("window.isTheSamePage = true")
    finish(page)
    assert page.evaluate("window.isTheSamePage === true")
    expect(page.locator("#said")).to_have_text("Finished: the picture is here.")
    expect(page.locator(".chart:visible")).to_have_count(3)
    page.locator("#sheet .chart:visible").hover()
    expect(page.locator("#readout")).to_contain_text("median")


def test_cancel_stops_a_run(open_page, researcher):
    page = open_page(storage_state=researcher)
    enter(page, n="100000")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled after")).to_be_visible(timeout=RUN_MS)
    page.get_by_role("link", name="Change the entries and begin again").click()
    expect(page.locator("#n")).to_have_value("100000")


def test_without_javascript_looking_again_leads_to_the_result(open_page, researcher):
    page = open_page(storage_state=researcher, java_script_enabled=False)
    enter(page)
    for _ in range(600):
        if page.locator("#sheet").count():
            break
        if page.get_by_role("link", name="Look again").count():
            page.get_by_role("link", name="Look again").click()
        page.wait_for_timeout(200)
    expect(page.locator("#sheet")).to_be_visible()
    page.locator("#tables summary").click()
    expect(page.locator("#levels")).to_be_visible()


def test_a_refused_entry_has_its_sentence_and_keeps_what_was_typed(open_page, researcher):
    page = open_page(storage_state=researcher)
    enter(page, n="a lot")
    expect(page.locator("#n-error")).to_contain_text("whole number")
    expect(page.locator("#n")).to_have_value("a lot")
    page.get_by_role("link", name="number of people").click()
    expect(page.locator("#n")).to_be_focused()


def meet_looks(page, handle):
    """Let ``handle`` answer what asks how far a run is, before there is one: runs may be short."""

    def answer(route):
        handle(route) if route.request.headers.get("hx-request") else route.continue_()

    page.route("**/lab/population/*-*/", answer)


def test_a_server_that_forgot_the_run_says_so_in_place(open_page, researcher, watch):
    page = open_page(storage_state=researcher)
    gone = "/lab/population/00000000-0000-4000-8000-000000000000/"
    meet_looks(
        page, lambda route: route.continue_(url=route.request.url.rsplit("/lab", 1)[0] + gone)
    )
    enter(page, n="100000")
    expect(page.get_by_text("There is no such run here")).to_be_visible(timeout=20_000)
    page.unroute("**/lab/population/*-*/")
    page.go_back()
    page.reload()
    page.locator(".kept a").first.click()
    finish(page)  # the run itself went on
    watch.forgive("status of 404", "htmx:")


def test_a_silent_server_is_said(open_page, researcher, watch):
    page = open_page(storage_state=researcher)
    meet_looks(page, lambda route: route.abort())
    enter(page, n="100000")
    expect(page.locator("#no-answer")).to_be_visible(timeout=20_000)
    page.unroute("**/lab/population/*-*/")
    expect(page.locator("#no-answer")).to_be_hidden(timeout=20_000)
    finish(page)  # the run itself went on
    watch.forgive("ERR_FAILED", "htmx:")


@pytest.mark.parametrize("place", PHONE_AND_DESK)
def test_the_pages_have_no_accessibility_fault(open_page, open_done, researcher, place):
    form = open_page(storage_state=researcher, **place)
    form.goto("/lab/population/")
    assert faults(form) == []
    assert faults(unfolded(open_done(**place))) == []


def test_nothing_scrolls_sideways_from_phone_to_desk(open_page, open_done, researcher):
    form = open_page(storage_state=researcher)
    form.goto("/lab/population/")
    for page in (form, open_done()):
        assert [width for width in resized(unfolded(page), WIDTHS) if is_too_wide(page)] == []


def test_the_letters_of_every_chart_stay_readable(open_done):
    page = open_done()
    for _ in resized(page, [390, 820, 1280]):
        assert smallest_letter(page, ".chart") >= SMALLEST_LETTER


def test_what_is_touched_is_large_enough_for_a_glove(open_page, open_done, researcher):
    size = {"width": 390, "height": 900}
    form = open_page(storage_state=researcher, viewport=size)
    form.goto("/lab/population/")
    for page in (form, open_done(viewport=size)):
        heights = page.locator(TOUCHED).evaluate_all(
            "all => all.map(e => [e.outerHTML.slice(0, 60), e.getBoundingClientRect().height])"
        )
        assert [one for one in heights if one[1] < SMALLEST_TARGET] == []


def test_paper_holds_the_picture_and_the_tables(open_done):
    page = open_done(color_scheme="dark")
    page.emulate_media(media="print")
    expect(page.locator("#levels")).to_be_visible()
    expect(page.locator(".chart:visible")).to_have_count(3)
    expect(page.locator(".take")).to_be_hidden()


def test_the_files_are_handed_out(open_done):
    page = open_done()
    for name, ending in (("CSV table", ".csv"), ("NetCDF file", ".nc")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert download.value.suggested_filename.endswith(ending)


def test_the_keyboard_alone_leads_through_the_form(open_page, researcher):
    page = open_page(storage_state=researcher)
    page.goto("/lab/population/")
    page.locator("#n").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("50")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lab/population/*-*/")
    finish(page)


def test_a_nurse_is_not_offered_the_page(open_page, nurse):
    page = open_page(storage_state=nurse)
    page.goto("/")
    expect(page.locator("a[href='/lab/population/']")).to_have_count(0)
