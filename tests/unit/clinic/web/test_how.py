"""The page without a browser: its status, its words, and what it does with what was sent."""

import re

import pytest
from django.test import RequestFactory

from clinic.accounts.gate import PUBLIC, declared
from clinic.explore import mechanism
from clinic.web import how


def get(query=None, **headers):
    return how.how_it_works(RequestFactory().get("/how-it-works/", query or {}, headers=headers))


def text(response):
    return response.content.decode()


def test_it_is_for_everybody():
    assert declared(how.how_it_works) == PUBLIC


def test_the_bare_page_is_drawn_twice_over_for_desk_and_telephone():
    response = get()
    strips = 5
    assert (response.status_code, text(response).count('<svg class="chart ')) == (200, 2 * strips)


@pytest.mark.parametrize(
    "words",
    [
        "What is not known",
        "Do not choose a dose by this line",
        "The average of a trial, not of one person",
        "A HAMD-17 point is not a MADRS point",
        "nobody has measured in people",
        "not measured in you",
        "Racemic ketamine is off-label",
        "low confidence",
    ],
)
def test_what_must_be_said_is_said(words):
    assert words in re.sub(r"\s+", " ", text(get()))


def test_a_trial_that_found_nothing_says_so_beside_its_line():
    said = re.sub(r"\s+", " ", text(get({"setting": "anaesthesia"})))
    assert "The one trial of this kind found no difference" in said
    assert "The one trial of this kind found no difference" not in text(get())


def test_every_limit_of_every_model_stands_on_the_page():
    page, found = text(get()), mechanism.mechanism({})
    plain = page.replace("&#x27;", "'").replace("&quot;", '"')
    for lane in found.lanes:
        for line in lane.limits:
            assert line in plain


def test_a_refusal_is_422_beside_its_field_with_everything_else_kept():
    response = get({"dose": "0.7", "sessions": "99", "setting": "anaesthesia"})
    said = text(response)
    assert response.status_code == 422
    assert re.search(r'id="sessions-error" role="alert">[^<]*1 to 8', said)
    assert re.search(r'<input type="range" id="dose"[^>]*value="0.7"', said)
    assert re.search(r'value="anaesthesia" selected', said)
    assert "<svg" not in said


def test_htmx_is_answered_with_the_changed_parts_alone():
    said = text(get({"sessions": "2"}, **{"HX-Request": "true"}))
    assert "<!doctype" not in said
    assert 'id="sessions-now" hx-swap-oob="innerHTML">2<' in said
    assert 'id="dose-error" hx-swap-oob="innerHTML"><' in said


def test_what_was_sent_is_escaped():
    said = text(get({"dose": "<script>alert(1)</script>"}))
    assert "<script>alert" not in said


def test_every_caution_stands_on_the_page_and_esketamine_is_not_called_off_label():
    page, found = text(get()), mechanism.mechanism({})
    plain = page.replace("&#x27;", "'")
    assert found.cautions
    for caution in found.cautions:
        assert caution.about in plain
        assert all(sentence in plain for sentence in caution.sentences)
    assert "Racemic ketamine is off-label" not in text(get({"route": "intranasal"}))
