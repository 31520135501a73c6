"""The planner and the pages of protocols in a real browser."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from ketherapy.dosing.decision import replay
from tests.integration.browser.conftest import WARM_S, signed_in
from tests.integration.browser.test_looks import SMALLEST_TARGET, faults

pytestmark = [pytest.mark.browser, pytest.mark.database]

PHASE = "iv_depression_2026_01/induction"
WIDTHS = [360, 820, 1400]
WAIT_MS = 60_000


@pytest.fixture(scope="session")
def prescriber(browser, server):
    return signed_in(browser, server, "prescriber", "/predict/plan/")


@pytest.fixture
def open_planner(open_page, prescriber):
    def opened(**options):
        page = open_page(storage_state=prescriber, **options)
        page.goto(f"/predict/plan/?phase={PHASE}")
        return page

    return opened


def fill(page, **changed):
    at = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M")
    usual = {
        "weight": "71 kg", "weighed_at": at, "weight_again": "71 kg",
        "weight_before": "none", "age": "40 years",
        "amount": "35.5 mg",
    }  # fmt: skip
    for name, value in (usual | changed).items():
        page.locator(f"#{name}").fill(value)
    page.get_by_label("This is the first visit").check()
    return page


def climb(page):
    page.get_by_role("button", name="Climb the ladder").click(timeout=WARM_S * 1000)
    page.locator("#result").wait_for(timeout=WARM_S * 1000)
    return page


def test_a_plan_names_the_binding_cap_and_its_file_replays(open_planner, tmp_path):
    page = climb(fill(open_planner()))
    expect(page.locator(".verdict-box")).to_contain_text("Binding: Highest dose of this phase")
    page.get_by_role("button", name="Plan 35.5 mg").click()
    expect(page.locator("h1")).to_have_text("Plan: 35.5 mg", timeout=WAIT_MS)
    with page.expect_download() as taken:
        page.get_by_role("button", name="Take the decision").click()
    taken.value.save_as(tmp_path / "decision.json")
    assert taken.value.suggested_filename == "decision.json"
    assert replay((tmp_path / "decision.json").read_text()).is_same


def test_beyond_the_ladder_there_is_no_button_and_a_request_by_hand_is_refused(open_planner):
    page = climb(fill(open_planner(), amount="36 mg"))
    expect(page.locator("#result-title")).to_contain_text("36 mg cannot be planned")
    assert page.get_by_role("button", name="Plan 36 mg").count() == 0
    page.evaluate("""() => {
        const button = document.querySelector("#plan-form button");
        button.value = "plan";
        button.click();
    }""")
    expect(page.get_by_role("heading", name="There is no plan")).to_be_visible(timeout=WAIT_MS)
    assert page.get_by_role("button", name="Take the decision").count() == 0


def test_an_unset_cap_forbids_every_dose(open_planner):
    page = open_planner()
    page.locator("#phase").select_option("sc_depression_2026_01/course")
    climb(fill(page))
    expect(page.locator("#result-title")).to_contain_text("No dose can be planned")
    page.get_by_text("The same as a table: The limit ladder").click()
    expect(page.locator("#table-ladder")).to_contain_text("not set: no dose can be planned")


def test_the_volume_comes_with_the_vial_and_a_mix_up_is_caught(open_planner):
    page = climb(fill(open_planner()))
    assert page.get_by_text("How it is prepared").count() == 0
    page.locator("#vial").select_option("ketamine_100")
    page.locator("#bag").select_option("1 mg/mL")
    climb(page)
    expect(page.locator("#steps")).to_contain_text("35.5 mg ÷ 100 mg/mL")
    for who, ml in (("first", "0.35 mL"), ("second", "3.5 mL")):
        page.locator(f"#{who}_by").fill(who)
        page.locator(f"#{who}_mg").fill("35 mg")
        page.locator(f"#{who}_ml").fill(ml)
    climb(page)
    found = page.locator(".plan-findings")
    expect(found).to_contain_text("It would fit ketamine 10 mg/mL", timeout=WAIT_MS)
    assert page.get_by_role("button", name="Plan 35.5 mg").count() == 0


def test_it_works_without_javascript(open_planner):
    page = climb(fill(open_planner(java_script_enabled=False)))
    expect(page.locator(".verdict-box")).to_contain_text("within every cap")
    page.get_by_role("button", name="Plan 35.5 mg").click()
    expect(page.locator("h1")).to_have_text("Plan: 35.5 mg", timeout=WAIT_MS)


def test_the_keyboard_alone_makes_a_plan(open_planner):
    page = fill(open_planner())
    page.locator("#amount").focus()
    page.keyboard.press("Enter")
    page.locator("#result").wait_for(timeout=WAIT_MS)
    button = page.get_by_role("button", name="Plan 35.5 mg")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Plan: 35.5 mg", timeout=WAIT_MS)


def test_paper_holds_the_plan_without_the_form(open_planner):
    page = climb(fill(open_planner()))
    page.get_by_role("button", name="Plan 35.5 mg").click()
    page.emulate_media(media="print")
    expect(page.locator("#plan-form")).to_be_hidden(timeout=WAIT_MS)
    expect(page.get_by_text("Fingerprint")).to_be_visible()
    expect(page.get_by_role("button", name="Take the decision")).to_be_hidden()


def test_nothing_of_a_person_is_in_the_address_or_kept(open_planner):
    page = climb(fill(open_planner()))
    assert page.url.endswith("/predict/plan/#result")
    page.goto("/predict/plan/")
    assert page.locator("#weight").input_value() == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_planner_has_no_accessibility_fault_and_scrolls_one_way(open_planner, width, scheme):
    page = open_planner(viewport={"width": width, "height": 900}, color_scheme=scheme)
    climb(fill(page, amount="36 mg"))
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "address",
    [
        "/protocols/", "/protocols/iv_depression_2026_01/",
        "/protocols/compare/?a=iv_depression_2026_01&b=iv_depression_titration_2026_01",
    ],
)  # fmt: skip
def test_a_page_of_protocols_has_no_accessibility_fault(open_page, address, width, scheme):
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(address, timeout=WARM_S * 1000)
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("address", ["/protocols/iv_depression_2026_01/", "/depression-or-pain/"])
def test_no_mg_of_a_weight_stand_anywhere_on_a_page_for_visitors(open_page, address):
    page = open_page()
    page.goto(f"{address}?weight=83+kg", timeout=WARM_S * 1000)
    expect(page.locator("main svg:visible").first).to_be_visible()
    assert "41.5 mg" not in page.content()


def test_a_protocol_is_read_by_anybody_and_planned_by_nobody_unknown(open_page):
    page = open_page()
    page.goto("/protocols/iv_depression_2026_01/", timeout=WARM_S * 1000)
    expect(page.locator("main")).to_contain_text("Not a dose order, and not for use at home.")
    expect(page.locator("main")).to_contain_text("16.0 mmHg higher")
    assert page.get_by_role("link", name="Plan: Induction").count() == 0
    page.goto("/predict/plan/")
    page.wait_for_url("**/sign-in/**")


def test_what_is_touched_is_large_enough(open_planner):
    page = climb(fill(open_planner(viewport={"width": 360, "height": 800})))
    for button in page.locator("main button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= SMALLEST_TARGET
