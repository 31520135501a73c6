"""The pages of the protocols, without an engine: what they say first, and of whose number."""

import html
import re
from datetime import date

import pytest
from django.http import Http404
from django.test import RequestFactory

from clinic.accounts.gate import PUBLIC
from clinic.web import protocols as page
from clinic.web import protocols_curves
from clinic.web.protocols_curves import NotDrawn
from clinic.web.protocols_page import LIMITS, whole
from ketherapy.dosing import protocol_parts
from ketherapy.dosing.protocol import protocol, protocols
from ketherapy.units import shown


@pytest.fixture(autouse=True)
def drawn(monkeypatch):
    """Answer for the engine, and keep what it was asked."""
    asked = []

    def answer(*question):
        asked.append(question)
        return NotDrawn(sentence="No model.")

    monkeypatch.setattr(protocols_curves, "_drawn", answer)
    return asked


def get(view, query=None, **named):
    response = view(RequestFactory().get("/", query or {}), **named)
    return response, re.sub(r"\s+", " ", html.unescape(response.content.decode()))


@pytest.mark.parametrize("view", [page.listed, page.one, page.compare])
def test_they_are_for_everybody(view):
    assert vars(view)["permission"] == PUBLIC


def test_every_protocol_is_listed_with_its_marks():
    _, said = get(page.listed)
    for one in protocols():
        assert one.title in said
    assert said.count('">off-label</strong>') == sum(one.is_off_label for one in protocols())
    assert "Not a dose order, and not for use at home." in said


def test_a_filter_leaves_the_others_out_and_an_unknown_one_is_refused():
    _, said = get(page.listed, {"use": "pain", "drug": "esketamine"})
    assert said.count("<li><h2>") == 1
    response, said = get(page.listed, {"use": "<b>"})
    assert response.status_code == 422
    assert "Choose one of the list." in said


@pytest.mark.parametrize("one", protocols(), ids=lambda one: one.id)
def test_a_page_says_all_of_its_protocol(one):
    response, said = get(page.one, protocol_id=one.id)
    assert response.status_code == 200
    assert ("Off-label: no label names this use." in said) == one.is_off_label
    assert ("Check against" in said) == bool(one.check_against)
    assert "Not a dose order, and not for use at home." in said
    for name, limit in one.limits.items():
        unit = "" if limit.unit == "1" else f" {limit.unit}"
        assert f"{LIMITS[name]}:</strong> {shown(limit.value, digits=6)}{unit} (since" in said
    for remark in (*one.evidence, *one.staff, *one.equipment, *one.follow_up, *one.remarks):
        assert remark.text in said
    assert said.count('class="whose">[') >= len(one.limits) + len(one.due) + len(one.staff)


@pytest.mark.parametrize(("on", "is_stale"), [("2027-01-01", False), ("2027-01-02", True)])
def test_what_is_acted_on_in_a_visit_is_marked_once_it_is_to_be_read_again(on, is_stale):
    shown_there = whole(protocol("iv_depression_2026_01"), date.fromisoformat(on))
    ((pack, mark),) = shown_there["thresholds"]
    assert (pack.id, mark) == ("thresholds_2026_01", is_stale)
    _, said = get(page.one, protocol_id="iv_depression_2026_01")
    assert "thresholds_2026_01</code>, to be read again after 2027-01-01" in said


def test_every_limit_has_words():
    assert set(LIMITS) == set(protocol_parts.LIMITS)


def test_the_off_label_mark_stands_before_any_dose():
    _, said = get(page.one, protocol_id="iv_depression_2026_01")
    assert said.index("Off-label: no label names this use.") < said.index("0.5 mg/kg")
    assert said.index("Not a dose order") < said.index("0.5 mg/kg")


def test_what_was_measured_of_pressure_stands_on_the_page_of_its_route():
    found = protocol("iv_depression_2026_01")
    from clinic.explore.measured_pressure import measured_pressure

    first = measured_pressure(found.drug, found.route)[0]
    assert first.text.startswith("Systolic pressure 16.0 mmHg higher")
    other = protocol("sc_depression_2026_01")
    assert measured_pressure(other.drug, other.route) == ()


def test_the_due_checks_lie_on_an_axis_that_ends_with_the_least_stay():
    due = whole(protocol("iv_depression_2026_01"), date(2026, 3, 2))["due"]
    assert "in a stay of 100 min at the least" in due.table.caption
    assert ("Pressure", "every 10 min from the start") in due.table.rows


def test_a_protocol_that_is_not_there_is_not_found():
    with pytest.raises(Http404):
        get(page.one, protocol_id="x")


def test_a_weight_is_read_and_a_bad_one_is_refused_beside_its_field(drawn):
    get(page.one, {"weight": "80 kg"}, protocol_id="iv_depression_2026_01")
    assert drawn == [("iv_depression_2026_01", 80.0, 40.0)]
    response, said = get(page.one, {"weight": "80"}, protocol_id="iv_depression_2026_01")
    assert response.status_code == 422
    assert 'id="weight-error" role="alert">Expected' in said


def test_two_protocols_are_compared_with_words_and_shapes():
    pair = {"a": "iv_depression_2026_01", "b": "iv_depression_titration_2026_01"}
    _, said = get(page.compare, pair)
    row = r"limits.amount_per_visit_per_kg_max</code></th><td>0.5 mg/kg</td><td>1 mg/kg</td>"
    assert row in said
    assert '<td class="looser">▲ looser</td>' in said
    _, back = get(page.compare, {"a": pair["b"], "b": pair["a"]})
    assert "▼ tighter" in back


def test_an_unknown_pair_is_refused():
    response, said = get(page.compare, {"a": "x", "b": "<b>"})
    assert response.status_code == 422
    assert "Name one of these" in said
