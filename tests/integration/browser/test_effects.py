"""Effects on the predict page in a real browser: numbers, updates, refusals, without script too."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from clinic.explore import effects, predictions
from clinic.explore.effects import EffectsPicture
from clinic.web.predict_effects import WORKED_EXAMPLE
from tests.integration.browser.test_looks import (
    PHONE_AND_DESK,
    faults,
    is_too_wide,
    resized,
    unfolded,
)

pytestmark = [pytest.mark.browser, pytest.mark.database]

LEVELS = {
    "drug": "ketamine", "route": "iv", "dose": "0.5 mg/kg", "over": "40 min", "weight": "71 kg",
    "until": "6 h",
}  # fmt: skip
ASKED = {
    "sbp": "150 mmHg", "dbp": "85 mmHg", "sbp_limit": "160 mmHg", "madrs": "34", "nrs": "6",
    "setting": "inpatient_suicidal", "leaving_level": "50 ng/mL", "leaving_cadss": "8",
}  # fmt: skip
EVERY = ["pressure", "dissociation", "sedation", "acute_pain", "mood", "chronic_pain"]
STRIPS = [name for name in EVERY if name != "sedation"]
GOOD = LEVELS | ASKED | {"show": "total", "effects": EVERY}
BAD = [
    pytest.param("madrs", "61", id="a MADRS of 61 points"),
    pytest.param("madrs", "-5", id="a negative baseline"),
    pytest.param("nrs", "11", id="pain beyond its scale"),
    pytest.param("sbp", "120", id="a pressure without a unit"),
    pytest.param("sbp", "-120 mmHg", id="a negative pressure"),
    pytest.param("sbp_limit", "5000 mmHg", id="a limit nobody reaches"),
    pytest.param("leaving_level", "0 ng/mL", id="a level of zero"),
    pytest.param("leaving_cadss", "93", id="dissociation beyond its scale"),
    pytest.param("setting", "nowhere", id="an unknown setting"),
    pytest.param("driver", "domino1984_iv", id="a model that is not drawn"),
    pytest.param("effects", "flying", id="an unknown effect"),
]


COMING_MS = 30_000  # effects come after the levels; on a busy machine some seconds after


def come(page):
    """Wait until the effects have come."""
    expect(page.locator(".effects")).to_have_count(1, timeout=COMING_MS)


def query(**changed) -> str:
    return urlencode(GOOD | changed, doseq=True)


@pytest.fixture(scope="module")
def expected() -> EffectsPicture:
    request = predictions.read({name: (value,) for name, value in LEVELS.items()})
    wanted = effects.read({name: (v,) for name, v in ASKED.items()} | {"effects": tuple(EVERY)})
    return effects.picture(request, wanted, request.models)


@pytest.fixture
def open_effects(open_predict):
    """Open the predict page and wait until its effects have come."""

    def opened(asked=None, **options):
        page = open_predict(query() if asked is None else asked, **options)
        come(page)
        return page

    return opened


def values(page, name):
    cells = page.locator(f"#table-{name} td:first-of-type data")
    return cells.evaluate_all("all => all.map(one => Number(one.getAttribute('value')))")


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_the_tables_hold_the_numbers_of_the_library(open_effects, expected, has_script):
    page = open_effects(java_script_enabled=has_script)
    for strip in expected.strips:
        cells = page.locator(f"#table-{strip.effect} td:first-of-type data").all()
        found = [float(cell.get_attribute("value")) for cell in cells]
        own = {round(value, 6) for value in strip.courses[0].values}
        assert len(found) >= 8
        assert {round(value, 6) for value in found} <= own


def test_the_answers_are_those_of_the_library(open_effects, expected):
    page = open_effects()
    shown = {
        row.get_attribute("data-key"): row.locator("data").get_attribute("value")
        for row in page.locator(".answers > div").all()
        if row.locator("data").count()
    }
    answers = expected.answers
    for peak in answers.peaks:
        assert float(shown[f"peak-{peak.output}"]) == pytest.approx(peak.value, rel=1e-6)
    assert answers.crossing is not None
    assert float(shown["crossing"]) == pytest.approx(answers.crossing.most, rel=1e-6)
    assert answers.leaving[-1].typical is not None
    assert float(shown["leaving-dissociation"]) == pytest.approx(answers.leaving[-1].typical)
    *first, last = (f"{minutes:g}" for minutes in answers.crossing.readings)
    expect(page.locator(".effects")).to_contain_text(f"{', '.join(first)} and {last} min")


def test_levels_are_drawn_before_effects_and_stand_without_them(open_predict, watch):
    page = open_predict()
    page.route("**/predict/effects/?*", lambda route: None)
    page.locator("#dose").fill("0.6 mg/kg")
    expect(page.locator("#result-title")).to_contain_text("0.6 mg/kg")
    expect(page.locator(".chart:visible")).to_have_count(1)
    expect(page.locator("#result[aria-busy]")).to_have_count(0)
    expect(page.locator("#effects-waiting")).to_be_visible()
    watch.forgive("htmx:")


def test_effects_that_cannot_be_fetched_take_nothing_away(open_predict, watch):
    page = open_predict()
    page.route("**/predict/effects/?*", lambda route: route.abort())
    page.locator("#dose").fill("0.6 mg/kg")
    expect(page.locator("#effects-part [role=alert]")).to_contain_text("levels above stand")
    expect(page.locator(".chart:visible")).to_have_count(1)
    expect(page.locator("#not-updated")).to_be_hidden()
    watch.forgive("ERR_FAILED", "htmx:")


def test_a_change_of_dose_changes_the_effects(open_effects):
    page = open_effects()
    before = values(page, "dissociation")
    page.locator("#dose").fill("0.25 mg/kg")
    expect(page.locator("#result-title")).to_contain_text("0.25 mg/kg")
    come(page)
    assert max(values(page, "dissociation")) < max(before)


def test_unticking_an_effect_takes_its_strip_away_and_no_other(open_effects):
    page = open_effects()
    page.locator("input[name=effects][value=mood]").uncheck()
    expect(page.locator("#effect-mood")).to_have_count(0)
    come(page)
    expect(page.locator("#effect-dissociation .strip:visible")).to_have_count(1)


def test_another_setting_gives_another_curve_and_says_so(open_effects):
    page = open_effects()
    expect(page.locator("#effect-mood .nature")).to_contain_text("Inpatients")
    page.locator("#setting").select_option("midazolam")
    expect(page.locator("#effects-waiting")).to_have_count(1)
    come(page)
    expect(page.locator("#effect-mood .nature")).to_contain_text("against midazolam")


def test_every_model_shows_its_limits_and_mood_is_not_this_person(open_effects):
    page = open_effects()
    for name in EVERY:
        article = page.locator(f"#effect-{name}")
        article.locator("summary").first.click()
        expect(article.locator(".not-for")).to_be_visible()
    expect(page.locator("#effect-mood .nature")).to_contain_text("not this person")
    expect(page.locator("#effect-mood .badge").first).to_have_text("low confidence")


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_a_refused_effect_is_a_sentence_in_its_place(open_effects, has_script):
    spray = {"drug": "esketamine", "route": "intranasal", "dose": "84 mg", "over": ""}
    page = open_effects(query(**spray), java_script_enabled=has_script)
    refusals = page.locator(".effects .refusal")
    expect(refusals).to_have_count(2)  # both were fitted to arterial levels
    expect(refusals.first).to_contain_text("arterial")
    expect(page.locator("#effect-pressure .strip:visible")).to_have_count(1)
    expect(page.locator("#effect-dissociation")).to_have_count(0)
    expect(page.locator(".chart:visible")).to_have_count(1)


def test_another_site_is_drawn_when_told_and_says_so(open_effects):
    spray = {"drug": "esketamine", "route": "intranasal", "dose": "84 mg", "over": ""}
    page = open_effects(query(**spray, other_site="yes"))
    expect(page.locator("#effect-dissociation .badge")).to_contain_text("arterial levels")


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize(("field", "entry"), BAD)
def test_what_cannot_be_is_refused_beside_its_field(open_predict, field, entry, has_script):
    page = open_predict(query(**{field: entry}), java_script_enabled=has_script)
    expect(page.locator(f"#{field}-error")).not_to_be_empty()
    expect(page.locator(".chart")).to_have_count(0)
    expect(page.locator("#dose")).to_have_value("0.5 mg/kg")


def test_a_score_of_61_is_refused_while_typing_and_mended(open_effects):
    page = open_effects()
    page.locator("#madrs").fill("61")
    expect(page.locator("#madrs-error")).to_contain_text("0 to 60")
    expect(page.locator("#madrs")).to_have_attribute("aria-invalid", "true")
    page.locator("#madrs").fill("30")
    expect(page.locator("#madrs-error")).to_be_empty()
    come(page)


def test_the_bare_page_shows_its_setting_and_its_effects(open_effects):
    page = open_effects("")
    assert page.locator("#setting").input_value() == WORKED_EXAMPLE["setting"][0]
    expect(page.locator("#effect-mood")).to_have_count(1)


def test_without_script_the_bare_page_brings_its_effects_too(open_predict):
    page = open_predict(java_script_enabled=False)
    come(page)
    expect(page.locator("#effect-mood .strip:visible")).to_have_count(1)
    expect(page.locator("#dose")).to_have_value("0.5 mg/kg")


def test_tables_and_limits_open_from_the_keyboard(open_effects):
    page = open_effects()
    summary = page.locator("#effect-pressure .twin summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#table-pressure")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "scroll"


@pytest.mark.parametrize("place", PHONE_AND_DESK)
def test_effects_have_no_accessibility_fault(open_effects, place):
    assert faults(unfolded(open_effects(**place))) == []


def test_effects_fit_and_one_drawing_of_each_strip_is_seen(open_effects):
    page = unfolded(open_effects())
    for _ in resized(page, [360, 820, 1400]):
        assert not is_too_wide(page)
        for name in STRIPS:
            expect(page.locator(f"#effect-{name} .strip:visible")).to_have_count(1)


def test_paper_holds_the_strips(open_effects):
    page = open_effects()
    page.emulate_media(media="print")
    expect(page.locator("#effect-dissociation .strip:visible")).to_have_count(1)
    expect(page.locator("#table-dissociation")).to_be_visible()
