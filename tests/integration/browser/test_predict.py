"""The predict page in a real browser: the numbers, the toggles, and updates without a reload."""

import re

import pytest
from playwright.sync_api import expect

from clinic.explore import predictions
from clinic.explore.predictions import Prediction
from clinic.web.predict import WORKED_EXAMPLE, of_levels

pytestmark = [pytest.mark.browser, pytest.mark.database]

ENTRIES = of_levels(WORKED_EXAMPLE)


@pytest.fixture(scope="module")
def expected() -> Prediction:
    answer = predictions.predict(ENTRIES)
    assert isinstance(answer, Prediction)
    return answer


def mark(page):
    page.evaluate("window.isTheSamePage = true")


def is_same(page):
    return page.evaluate("window.isTheSamePage === true")


def settled(page):
    expect(page.locator("#result[aria-busy]")).to_have_count(0)


def shown_curves(page):
    return set(page.locator("#peaks tbody tr").evaluate_all("rows => rows.map(r => r.dataset.key)"))


def test_the_page_opens_with_the_worked_example_drawn(open_predict):
    page = open_predict()
    assert page.locator("#dose").input_value() == "0.5 mg/kg"
    expect(page.locator("#result-title")).to_contain_text("40 min")
    expect(page.locator(".chart:visible")).to_have_count(1)


def test_the_table_holds_the_peaks_of_the_library(open_predict, expected):
    page = open_predict()
    page.locator("#tables summary").click()
    peaks = {curve.key: curve.peak for curve in expected.curves}
    rows = page.locator("#peaks tbody tr")
    assert rows.count() >= 2
    for row in rows.all():
        key, cell = row.get_attribute("data-key"), row.locator("data")
        exact, printed = float(cell.get_attribute("value")), cell.inner_text()
        assert exact == pytest.approx(peaks[key], rel=1e-6)
        assert float(printed.removesuffix(" ng/mL")) == pytest.approx(peaks[key], rel=0.005)


def test_toggling_a_kind_of_curve_changes_picture_table_and_address(open_predict, expected):
    page = open_predict()
    mark(page)
    before = shown_curves(page)
    page.get_by_role("checkbox", name=re.compile("^S-ketamine")).check()
    expect(page.locator("#peaks tbody tr")).not_to_have_count(len(before))
    added = shown_curves(page) - before
    assert added == {curve.key for curve in expected.curves if curve.group == "S"}
    assert is_same(page)
    assert "show=S" in page.url
    page.reload()
    assert shown_curves(page) == before | added


def test_toggling_a_model_leaves_only_that_model(open_predict, expected):
    page = open_predict()
    mark(page)
    chosen = expected.curves[0].model_id
    page.locator(f"input[name=models][value={chosen}]").check()
    expect(page.locator(".legend .letter")).to_have_count(1)
    groups = {"total", "norketamine"}
    kept = {c.key for c in expected.curves if c.model_id == chosen and c.group in groups}
    assert shown_curves(page) == kept
    assert is_same(page)


def test_typing_keeps_focus_caret_and_the_other_fields(open_predict):
    page = open_predict()
    mark(page)
    dose = page.locator("#dose")
    dose.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Delete")
    page.keyboard.type("4")
    expect(page.locator("#result-title")).to_contain_text("0.4 mg/kg")
    assert page.evaluate("[document.activeElement.id, document.activeElement.selectionStart]") == [
        "dose",
        3,
    ]
    assert page.locator("#weight").input_value() == "71 kg"
    assert is_same(page)


def test_the_last_of_many_quick_entries_is_drawn(open_predict):
    page = open_predict()
    for tenths in range(2, 9):
        page.locator("#dose").fill(f"0.{tenths} mg/kg")
        page.wait_for_timeout(310 if tenths % 2 else 40)
    expect(page.locator("#result-title")).to_contain_text("0.8 mg/kg")
    settled(page)
    expect(page.locator("#result-title")).to_contain_text("0.8 mg/kg")


def test_a_refusal_takes_the_picture_away_and_a_correction_brings_it_back(open_predict):
    page = open_predict()
    mark(page)
    page.locator("#dose").fill("1,5 mg/kg")
    expect(page.locator("#dose-error")).not_to_be_empty()
    expect(page.locator(".chart")).to_have_count(0)
    expect(page.locator("#dose")).to_have_attribute("aria-invalid", "true")
    page.locator("#dose").fill("0.5 mg/kg")
    expect(page.locator(".chart:visible")).to_have_count(1)
    expect(page.locator("#dose-error")).to_be_empty()
    expect(page.locator("#dose")).not_to_have_attribute("aria-invalid", "true")
    assert is_same(page)


def test_a_dead_connection_is_said_and_no_old_picture_stays(open_predict, watch):
    page = open_predict()
    page.route("**/predict/?*", lambda route: route.abort())
    page.locator("#dose").fill("0.6 mg/kg")
    expect(page.locator("#not-updated")).to_be_visible()
    expect(page.locator(".chart:visible")).to_have_count(0)
    page.unroute("**/predict/?*")
    page.locator("#dose").fill("0.7 mg/kg")
    expect(page.locator("#result-title")).to_contain_text("0.7 mg/kg")
    expect(page.locator("#not-updated")).to_be_hidden()
    watch.forgive("ERR_FAILED", "htmx:")


def test_an_old_picture_is_put_away_while_an_answer_hangs(open_predict, watch):
    page = open_predict()
    page.route("**/predict/?*", lambda route: None)
    page.locator("#dose").fill("0.6 mg/kg")
    expect(page.locator("#result")).to_have_attribute("aria-busy", "true")
    expect(page.locator("#result .figure")).to_be_hidden()
    assert page.locator("#result .figure").evaluate("e => getComputedStyle(e).opacity") == "0"
    page.unroute("**/predict/?*")
    page.get_by_role("button", name="Draw the prediction").click()
    expect(page.locator("#result-title")).to_contain_text("0.6 mg/kg")
    expect(page.locator(".chart:visible")).to_have_count(1)
    settled(page)
    watch.forgive("htmx:")


def test_the_page_asks_again_when_the_connection_is_back(open_predict, watch):
    page = open_predict()
    page.route("**/predict/?*", lambda route: route.abort())
    page.locator("#dose").fill("0.6 mg/kg")
    expect(page.locator("#not-updated")).to_be_visible()
    page.unroute("**/predict/?*")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#result-title")).to_contain_text("0.6 mg/kg")
    expect(page.locator("#not-updated")).to_be_hidden()
    watch.forgive("ERR_FAILED", "htmx:")


def test_open_tables_stay_open_when_the_picture_changes(open_predict):
    page = open_predict()
    page.locator("#tables summary").click()
    page.locator("#dose").fill("1,5 mg/kg")
    expect(page.locator("#tables")).to_have_count(0)
    page.locator("#dose").fill("0.6 mg/kg")
    expect(page.locator("#result-title")).to_contain_text("0.6 mg/kg")
    expect(page.locator("#peaks")).to_be_visible()


def test_closed_tables_stay_closed_when_the_picture_changes(open_predict):
    page = open_predict()
    page.locator("#dose").fill("0.6 mg/kg")
    expect(page.locator("#result-title")).to_contain_text("0.6 mg/kg")
    expect(page.locator("#peaks")).to_be_hidden()


def test_the_focus_moves_to_the_first_fault_only_when_a_drawing_was_asked_for(open_predict):
    page = open_predict()
    page.locator("#weight").fill("4000 kg")
    expect(page.locator("#weight-error")).not_to_be_empty()
    page.locator("#until").focus()
    page.locator("#until").fill("5 h")
    page.wait_for_url("**until=5**")
    expect(page.locator("#until")).to_be_focused()
    page.get_by_role("button", name="Draw the prediction").click()
    expect(page.locator("#weight")).to_be_focused()


def test_a_lifted_finger_leaves_the_line_it_chose(open_predict):
    page = open_predict(viewport={"width": 390, "height": 900}, has_touch=True)
    page.locator(".chart:visible").scroll_into_view_if_needed()
    box = page.locator(".chart:visible").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#readout")).to_contain_text("predicted")
    expect(page.locator(".chart:visible .rule")).to_have_count(1)


def test_a_model_keeps_its_letter_when_another_is_left_out(open_predict, expected):
    page = open_predict()
    last = expected.curves[-1].model_id
    letters = page.locator(".legend .letter")
    before = letters.last.inner_text()
    page.locator(f"input[name=models][value={last}]").check()
    expect(letters).to_have_count(1)
    assert letters.first.inner_text() == before


def test_an_ended_session_leads_to_the_sign_in_page(open_predict, watch):
    page = open_predict()
    page.context.clear_cookies()
    page.locator("#dose").fill("0.6 mg/kg")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    watch.forgive("status of 401")


def test_a_curve_tells_its_source_on_focus(open_predict, expected):
    page = open_predict()
    curve = page.locator(".chart:visible .curve").first
    curve.focus()
    expect(curve.locator(".note")).to_be_visible()
    words = curve.get_attribute("aria-label")
    told = next(c for c in expected.curves if c.key == curve.get_attribute("data-key"))
    for part in (told.source, told.population, told.status, told.site, told.analyte_name):
        assert part in words


def test_the_arrow_keys_read_a_curve_out(open_predict):
    page = open_predict()
    page.locator(".chart:visible .curve").first.focus()
    page.keyboard.press("PageUp")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#readout")).to_contain_text("predicted")
    expect(page.locator("#readout")).to_contain_text("ng/mL")


def test_the_pointer_reads_every_curve_out(open_predict):
    page = open_predict()
    page.locator(".chart:visible").hover()
    said = page.locator("#readout span")
    expect(said).to_have_count(1 + len(shown_curves(page)) + 1)
    expect(said.first).to_contain_text("predicted")
    expect(said.last).to_contain_text("5th to 95th percentile")


def test_the_pointer_reads_a_picture_out_that_came_after_the_page(open_predict):
    page = open_predict()
    page.locator("#dose").fill("0.4 mg/kg")
    expect(page.locator("#result-title")).to_contain_text("0.4 mg/kg")
    settled(page)
    page.locator(".chart:visible").hover()
    expect(page.locator("#readout")).to_contain_text("predicted")


def test_the_letter_t_opens_the_tables_from_within_the_result(open_predict):
    page = open_predict()
    page.locator(".chart:visible .curve").first.focus()
    page.keyboard.press("t")
    expect(page.locator("#peaks")).to_be_visible()


def test_the_plain_form_draws_without_javascript(open_predict):
    page = open_predict(java_script_enabled=False)
    page.locator("#dose").fill("35 mg")
    page.get_by_role("button", name="Draw the prediction").click()
    expect(page.locator("#result-title")).to_contain_text("35 mg")
    expect(page.locator(".chart:visible")).to_have_count(1)
    page.locator("#tables summary").click()
    expect(page.locator("#levels")).to_be_visible()


def test_models_of_one_site_are_hatched_between_and_named_in_legend_and_table(open_predict):
    page = open_predict(
        "drug=esketamine&route=iv&dose=28+mg&over=40+min&weight=70+kg&age=30+years&until=6+h"
        "&models=otto2021_iv&models=perezruixo2021&models=simons2022&show=total"
    )
    expect(page.locator(".chart:visible .gap")).to_have_count(1)
    between = page.get_by_role("region", name="Between models")
    expect(between).to_contain_text("S-ketamine, venous plasma")
    expect(between).not_to_contain_text("arterial")
    page.locator("#tables summary").click()
    expect(page.locator("#levels thead")).to_contain_text("Between models")
    expect(page.locator(".origin")).to_have_count(3)


@pytest.mark.parametrize("width", [360, 1280])
def test_a_model_of_low_confidence_says_so_wherever_it_stands(open_predict, width):
    page = open_predict(
        "drug=ketamine&route=im&dose=0.5+mg%2Fkg&over=&weight=70+kg&age=30+years&until=6+h"
        "&show=total",
        viewport={"width": width, "height": 900},
    )
    caveat = page.locator(".chart:visible .caveat")
    expect(caveat.first).to_be_visible()
    assert " ".join(caveat.all_text_contents()).startswith("low confidence")
    expect(page.locator(".legend .badge")).to_have_text("low confidence")
    expect(page.locator(".origins .badge")).to_have_text("low confidence")
    page.locator("#tables summary").click()
    expect(page.locator("#peaks tbody th").first).to_contain_text("(low confidence)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


SWALLOWED = "drug=esketamine&route=oral&dose=84+mg&age=40+years&until=6+h"


def test_what_is_told_of_the_person_changes_the_curve_and_is_kept(open_predict):
    page = open_predict(SWALLOWED)
    mark(page)
    expect(page.locator("#liver")).to_be_hidden()
    page.get_by_text("More about the person").click()
    page.locator("#liver").select_option("severe")
    page.get_by_role("checkbox", name=re.compile("^Ticlopidine")).check()
    expect(page.locator("#result-title")).to_contain_text("taken with ticlopidine")
    for said in ("Rule INT-012", "Beside ticlopidine not predicted", "Impaired liver"):
        expect(page.locator(".cautions")).to_contain_text(said)
    assert is_same(page)
    page.reload()
    expect(page.locator("#liver")).to_be_visible()
    expect(page.locator("#liver")).to_have_value("severe")
    expect(page.get_by_role("checkbox", name=re.compile("^Ticlopidine"))).to_be_checked()


def test_two_drugs_that_act_on_one_route_are_refused_beside_the_boxes(open_predict):
    page = open_predict(f"{SWALLOWED}&drugs=ticlopidine")
    expect(page.locator(".chart:visible")).to_have_count(1)
    page.get_by_role("checkbox", name=re.compile("^Rifampicin")).check()
    expect(page.locator("#drugs-error")).to_contain_text("was not measured")
    expect(page.locator("#drugs-error")).to_be_visible()
    expect(page.locator(".chart")).to_have_count(0)
    page.get_by_role("checkbox", name=re.compile("^Ticlopidine")).uncheck()
    expect(page.locator("#drugs-error")).to_be_empty()
    expect(page.locator("#result-title")).to_contain_text("taken with rifampicin")
