"""The planner's page: what it offers, what it refuses, what it never shows."""

import json
import re
from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from clinic.accounts.gate import PermissionRefused
from clinic.accounts.models import Staff
from clinic.accounts.roles import GRANTS, Permission, Role
from clinic.web import planner as page
from clinic.web import planner_page
from ketherapy.dosing.decision import replay

FORM = {
    "phase": "iv_depression_2026_01/induction", "weight": "71 kg", "weight_again": "71 kg",
    "weight_before": "none",
    "zone": "UTC", "age": "40 years", "first_visit": "yes", "amount": "35.5 mg",
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_curves(monkeypatch):
    """Leave the curves to the tests that look at them: they compile an engine."""
    monkeypatch.setattr(planner_page, "_predicted", lambda _: {"no_curves": "None here."})


def sent(view=page.planner, role="prescriber", **changed):
    an_hour_ago = (timezone.now() - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M")
    request = RequestFactory().post("/", FORM | {"weighed_at": an_hour_ago} | changed)
    request.user = Staff(name="A prescriber", role=role)
    return view(request)


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def test_who_may_plan():
    may = {role for role in Role if Permission.PLAN in GRANTS[role]}
    assert may == {Role.PRESCRIBER, Role.NURSE, Role.DIRECTOR}
    with pytest.raises(PermissionRefused):
        sent(role="researcher")
    with pytest.raises(PermissionRefused):
        sent(page.decision, role="front_desk")


def test_a_dose_within_every_cap_is_offered_and_the_binding_cap_is_named():
    response = sent()
    said = text(response)
    assert response.status_code == 200
    assert "Plan 35.5 mg</button>" in said
    assert "Binding: <strong>Highest dose of this phase</strong>" in said
    assert said.count("◀ binds") == 4  # two rungs, drawn for a wide and for a narrow sheet
    assert response["Cache-Control"] == "no-store, private"


def test_a_dose_beyond_the_ladder_has_no_button():
    said = text(sent(amount="36 mg"))
    assert "36 mg cannot be planned" in said
    assert 'value="plan"' not in said
    assert "No more than 35.5 mg may be planned" in said


def test_a_dose_beyond_the_ladder_is_refused_by_hand_too():
    response = sent(amount="36 mg", do="plan")
    assert response.status_code == 422
    assert "There is no plan" in text(response)
    assert "Take the decision" not in text(response)
    file = sent(page.decision, amount="36 mg", asked_at=token())
    assert (file.status_code, file["Content-Type"]) == (422, "text/html; charset=utf-8")


def token():
    return re.search(r'name="asked_at" value="([^"]+)"', text(sent(do="plan"))).group(1)


def test_the_decision_of_a_plan_replays_to_the_same_bytes_and_fingerprint():
    planned = text(sent(do="plan"))
    found = re.search(r'name="asked_at" value="([^"]+)"', planned).group(1)
    file = sent(page.decision, asked_at=found)
    assert file["Content-Disposition"] == 'attachment; filename="decision.json"'
    assert replay(file.content.decode()).is_same
    import hashlib

    assert "Planned by A prescriber" in planned
    assert hashlib.sha256(file.content).hexdigest() in planned
    assert json.loads(file.content)["question"]["dose"]["amount"] == 35.5


@pytest.mark.parametrize("asked_at", ["", "2026-03-02T10:00:00+00:00"])
def test_a_decision_is_given_for_a_plan_of_ours_alone(asked_at):
    response = sent(page.decision, asked_at=asked_at)
    assert response.status_code == 422
    assert "not one of ours" in text(response)


def test_an_unset_cap_is_drawn_as_unset_and_nothing_can_be_planned():
    said = text(sent(phase="sc_depression_2026_01/course"))
    assert "No dose can be planned" in said
    assert "cap-unset" in said
    assert "not set: no dose can be planned" in said
    assert 'value="plan"' not in said


def test_outside_practice_no_clinic_has_caps_yet(settings):
    settings.PRACTICE = False
    said = text(sent())
    assert "No dose can be planned" in said
    assert 'value="plan"' not in said


def test_no_volume_stands_on_the_page_before_a_vial_is_chosen():
    bare = re.sub(r"<form.*?</form>", "", text(sent()))
    assert not re.search(r"\d mL\b", bare)
    chosen = text(sent(vial="ketamine_50", bag="1 mg/mL"))
    assert "0.71 mL of ketamine 50 mg/mL" in chosen
    assert "35.5 mg ÷ 50 mg/mL" in chosen
    assert "First person" in chosen


def test_a_hold_has_no_button_and_is_refused_by_hand_too():
    said = text(sent(weight_again=""))
    assert "Held: look again" in said
    assert "none is passed here" in said
    assert 'value="plan"' not in said
    assert sent(weight_again="", do="plan").status_code == 422
    assert sent(page.decision, weight_again="", asked_at=token()).status_code == 422


def test_a_refusal_stands_beside_its_field_and_climbs_no_ladder():
    response = sent(weight="71")
    assert response.status_code == 422
    assert 'id="weight-error" role="alert">Expected a value with its unit' in text(response)
    assert "cap-ladder" not in text(response)


def test_an_address_chooses_a_phase_and_nothing_of_a_person():
    query = {"phase": FORM["phase"], "weight": "71 kg", "amount": "35 mg"}
    request = RequestFactory().get("/", query)
    request.user = Staff(name="A prescriber", role="prescriber")
    said = text(page.planner(request))
    assert f'value="{FORM["phase"]}" selected' in said
    assert "71 kg" not in re.sub(r'id="[a-z_]+-hint">[^<]+<', "", said)


def test_what_was_entered_is_escaped():
    assert "<script>x" not in text(sent(given="<script>x", first_visit="", zone="<script>x"))
