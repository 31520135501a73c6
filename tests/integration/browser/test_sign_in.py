"""Signing in and out, with the keyboard and without JavaScript."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.database]


def enter(page, name, password):
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_signing_in_leads_to_the_page_that_was_asked_for(open_page, server, has_script):
    page = open_page(java_script_enabled=has_script)
    page.goto("/predict/?dose=28+mg")
    enter(page, "nurse", server.passwords["nurse"])
    page.wait_for_url("**/predict/?dose=28+mg")
    expect(page.get_by_role("heading", level=1)).to_have_text("Simulation, not a dose order")


def test_a_wrong_password_gets_a_sentence_and_keeps_the_name(open_page):
    page = open_page()
    page.goto("/sign-in/")
    enter(page, "prescriber", "not the password")
    expect(page.get_by_role("alert")).not_to_be_empty()
    expect(page.get_by_label("User name")).to_have_value("prescriber")
    expect(page.get_by_label("Password")).to_have_value("")


def test_signing_out_closes_the_predict_page(open_page, server):
    page = open_page()
    page.goto("/sign-in/")
    enter(page, "researcher", server.passwords["researcher"])
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    page.goto("/predict/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def tab_to(page, selector):
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"The Tab key does not reach {selector}.")


def test_the_keyboard_alone_leads_from_sign_in_to_the_table(open_page, server):
    page = open_page()
    page.goto("/")
    tab_to(page, "nav a[href='/sign-in/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/")
    tab_to(page, "#username")
    page.keyboard.type("nurse")
    tab_to(page, "#password")
    page.keyboard.type(server.passwords["nurse"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    tab_to(page, "nav a[href='/predict/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/predict/")
    tab_to(page, "#dose")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("0.4 mg/kg")
    expect(page.locator("#result-title")).to_contain_text("0.4 mg/kg")
    tab_to(page, ".curve")
    expect(page.locator(".curve:focus .note")).to_be_visible()
    tab_to(page, "#tables summary")
    page.keyboard.press("Enter")
    expect(page.locator("#peaks")).to_be_visible()
    tab_to(page, ".scroll")
