"""What every page owes every reader: contrast, names, room, paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.database]

PUBLIC = ("/", "/sign-in/", "/no-such-page/")
SIGNED_IN = ("/", "/predict/", "/predict/?dose=1%2C5+mg%2Fkg&drug=ketamine&route=iv")
COMING_MS = 30_000  # how long effects may take on a busy machine
SMALLEST_LETTER = 11  # [px]
SMALLEST_TARGET = 44  # [px]
PHONE_AND_DESK = [  # each theme and each end of the widths is looked at once
    pytest.param({"color_scheme": "light", "viewport": {"width": 390, "height": 900}}, id="phone"),
    pytest.param({"color_scheme": "dark", "viewport": {"width": 1400, "height": 900}}, id="desk"),
]
RULES = {
    "preload": False,  # it copies style sheets into the page, which our policy rightly refuses
    "resultTypes": ["violations"],  # naming all that is well takes longer than finding what is not
}


def faults(page):
    found = Axe().run(page, options=RULES)
    return [f"{v['id']}: {[n['target'] for n in v['nodes']]}" for v in found.response["violations"]]


def unfolded(page):
    """Open whatever is folded away on a page."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    return page


def resized(page, widths):
    """Give each width in turn, the page being as wide as that."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("window.innerWidth") == width
        yield width


def is_too_wide(page):
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def smallest_letter(page, drawings):
    """Return the height of the smallest letter of the drawings one can see [px]."""
    sizes = page.locator(f":is({drawings}):visible text").evaluate_all(
        "texts => texts.map(t => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a)"
    )
    return min(sizes)


def opened(page, address):
    """Open a page and, once everything has come, whatever is folded away on it."""
    page.goto(address)
    expect(page.locator("#effects-waiting")).to_have_count(0, timeout=COMING_MS)
    unfolded(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", PUBLIC)
def test_public_pages_have_no_accessibility_fault(open_page, watch, address, scheme):
    page = open_page(color_scheme=scheme)
    page.goto(address)
    assert faults(page) == []
    watch.forgive("status of 404")


@pytest.mark.parametrize("place", PHONE_AND_DESK)
@pytest.mark.parametrize("address", SIGNED_IN)
def test_clinic_pages_have_no_accessibility_fault(open_page, nurse, address, place):
    page = open_page(storage_state=nurse, **place)
    opened(page, address)
    assert faults(page) == []


@pytest.mark.parametrize("address", SIGNED_IN)
def test_no_page_scrolls_sideways(open_page, nurse, address):
    page = open_page(storage_state=nurse)
    opened(page, address)
    assert [width for width in resized(page, [320, 390, 820, 1440]) if is_too_wide(page)] == []


def test_the_letters_of_the_chart_stay_readable(open_predict):
    page = open_predict()
    expect(page.locator(".strip:visible").first).to_be_visible(timeout=COMING_MS)
    for _ in resized(page, [390, 820, 1440]):
        assert smallest_letter(page, ".chart, .strip") >= SMALLEST_LETTER


@pytest.mark.parametrize("address", ["/", "/predict/"])
def test_what_is_touched_is_large_enough_for_a_glove(open_page, nurse, address):
    page = open_page(storage_state=nurse, viewport={"width": 390, "height": 900})
    opened(page, address)
    touched = "button, input:not([type=checkbox], [type=hidden]), select, summary, label.box, nav a"
    heights = page.locator(touched).evaluate_all(
        "all => all.map(e => [e.outerHTML.slice(0, 60), e.getBoundingClientRect().height])"
    )
    assert [one for one in heights if one[1] < SMALLEST_TARGET] == []


@pytest.mark.parametrize(("width", "is_folded"), [(390, True), (820, True), (1440, False)])
def test_the_models_are_folded_away_where_there_is_little_room(open_predict, width, is_folded):
    page = open_predict(viewport={"width": width, "height": 900})
    summary, box = page.locator(".fold > summary"), page.locator("input[name=models]").first
    if not is_folded:
        expect(summary).to_be_hidden()
        expect(box).to_be_visible()
        box.focus()
        expect(box).to_be_focused()
        return
    expect(box).to_be_hidden()
    summary.click()
    expect(box).to_be_visible()
    box.check()
    page.wait_for_url("**models=**")
    page.reload()
    expect(box).to_be_visible()


def test_fields_of_one_row_stand_level(open_predict):
    page = open_predict()
    for _ in resized(page, [390, 820, 1440]):
        places = page.locator(".fields .field").evaluate_all(
            """all => all.map(e => [Math.round(e.getBoundingClientRect().top),
                Math.round(e.querySelector("input, select").getBoundingClientRect().top)])"""
        )
        by_row = {}
        for top, entry in places:
            by_row.setdefault(top, set()).add(entry)
        assert all(len(entries) == 1 for entries in by_row.values())


def test_paper_holds_the_picture_and_the_tables_without_the_form(open_predict):
    page = open_predict(color_scheme="dark")
    page.emulate_media(media="print")
    expect(page.locator("#peaks")).to_be_visible()
    expect(page.locator("#levels")).to_be_visible()
    expect(page.locator(".chart:visible")).to_have_count(1)
    expect(page.locator("#regimen")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_the_skip_link_leads_past_the_navigation(open_page):
    page = open_page()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
