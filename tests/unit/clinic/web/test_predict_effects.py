"""The part of the predict page about effects: asked for later, or at once, or refused."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import RequestFactory

from clinic.explore import effects, predictions
from clinic.explore.predictions import Problem, Refusal
from clinic.web import predict as page
from clinic.web import predict_effects
from tests.unit.clinic.web.invented import invented, offered

INFUSION = {
    "drug": "ketamine", "route": "iv", "dose": "0.5 mg/kg", "over": "40 min", "weight": "71 kg",
    "until": "6 h", "show": "total", "effects": ["pressure", "dissociation"], "sbp": "130 mmHg",
}  # fmt: skip
GET = RequestFactory().get


@pytest.fixture
def computed(monkeypatch):
    """Record for what effects are computed; the levels are invented."""
    seen = []
    monkeypatch.setattr(predictions, "predict", lambda _entries: invented())
    monkeypatch.setattr(predictions, "choices", offered)
    monkeypatch.setattr(effects, "picture", lambda *asked: seen.append(asked) or NOTHING)
    return seen


NOTHING = effects.EffectsPicture(
    dosing=(0.0, 40.0), strips=(), abouts=(), refused=(effects.Refused(name="X", sentence="No."),),
    answers=effects.Answers(
        peaks=(), crossing=None, leaving=(), sedation=None, responders=None
    ),
)  # fmt: skip


def answered(entries, *, view=page.predict, **headers):
    return view.__wrapped__(GET("/predict/", entries, headers=headers))


def text(response):
    return unescape(response.content.decode())


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "update"])
def test_effects_are_asked_for_after_the_levels_with_the_same_entries(computed, headers):
    said = text(answered(INFUSION, **headers))
    address = re.search(r'hx-get="([^"]*/effects/\?[^"]*)"', said)
    assert address is not None
    sent = parse_qs(urlsplit(address[1]).query)
    assert computed == []
    assert sent["effects"] == ["pressure", "dissociation"]
    assert (sent["sbp"], sent["dose"]) == (["130 mmHg"], ["0.5 mg/kg"])


def test_without_script_they_come_with_the_page(computed):
    said = text(answered(INFUSION | {"inline": "yes"}))
    assert len(computed) == 1
    assert "X is not drawn." in said
    assert "effects-waiting" not in said


def test_the_part_alone_holds_no_page(computed):
    response = answered(INFUSION, view=page.effects)
    assert response.status_code == 200
    assert "<html" not in text(response)
    assert "no-store" in response["Cache-Control"]


def test_nothing_is_asked_for_where_no_effect_is_ticked(computed):
    said = text(answered({k: v for k, v in INFUSION.items() if k != "effects"}))
    assert "effects-part" not in said


@pytest.mark.parametrize("view", [page.predict, page.effects], ids=["page", "part"])
def test_a_score_of_61_is_422_and_computes_nothing(computed, view):
    bad = INFUSION | {"madrs": "61"}
    response = answered(bad, view=view)
    assert response.status_code == 422
    assert "0 to 60 points" in text(response)
    assert computed == []


def test_problems_of_levels_and_of_effects_come_together(computed, monkeypatch):
    refusal = Refusal(problems=(Problem(field="dose", sentence="Write a dose."),))
    monkeypatch.setattr(predictions, "predict", lambda _entries: refusal)
    said = text(answered(INFUSION | {"dose": "", "nrs": "11"}))
    assert "Write a dose." in said
    assert "0 to 10 points" in said


def test_what_a_hostile_entry_holds_stays_text(computed):
    said = answered(INFUSION | {"sbp": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in said


def test_a_field_of_levels_is_none_of_effects():
    assert not set(predict_effects.WORKED_EXAMPLE) & set(page.of_levels(page.WORKED_EXAMPLE))
