"""The predict page without engine, database or browser: what it does with what came back."""

import html
import json
import re
from dataclasses import replace

import pytest
from django.test import RequestFactory

from clinic.explore import predictions
from clinic.explore.predictions import Problem, Refusal
from clinic.web import fields
from clinic.web import predict as page
from tests.unit.clinic.web.invented import invented, offered, origin

REFUSAL = Refusal(
    problems=(
        Problem(field="dose", sentence="Write 1.5, not 1,5."),
        Problem(field="weight", sentence="A dose per kg needs a weight."),
    )
)


@pytest.fixture
def asked(monkeypatch):
    """Record what the page asks of the science, and answer with an invented prediction."""
    questions = []

    def answer(entries):
        questions.append(entries)
        return REFUSAL if "1,5" in entries["dose"] else invented()

    monkeypatch.setattr(predictions, "predict", answer)
    monkeypatch.setattr(predictions, "choices", offered)
    return questions


def get(query=None, **headers):
    request = RequestFactory().get("/predict/", query or {}, headers=headers)
    return page.predict.__wrapped__(request)


def text(response):
    return response.content.decode()


def test_the_bare_page_draws_the_worked_example(asked):
    response = get()
    assert asked[0]["dose"] == ("0.5 mg/kg",)
    assert (response.status_code, text(response).count('<svg class="chart ')) == (200, 2)


def test_what_was_typed_is_handed_on_untouched(asked):
    get({"drug": "esketamine", "dose": " 28 mg\x00", "models": ["veined", "pulsing"]})
    assert asked[0]["dose"] == (" 28 mg\x00",)
    assert asked[0]["models"] == ("veined", "pulsing")
    assert "show" not in asked[0]


def test_a_refusal_is_422_with_a_sentence_beside_each_field_and_no_picture(asked):
    response = get({"dose": "1,5", "weight": "71 kg"})
    body = text(response)
    assert response.status_code == 422
    assert re.search(r'id="dose-error"[^>]*>Write 1.5, not 1,5\.<', body)
    assert 'value="71 kg"' in body
    assert '<svg class="chart ' not in body


def test_htmx_receives_the_parts_that_change_and_never_a_field(asked):
    body = text(get({"dose": "1,5"}, **{"HX-Request": "true"}))
    assert "<input" not in body
    assert "<html" not in body
    for name in page.ERROR_FIELDS:
        assert f'<p id="{name}-error" hx-swap-oob="innerHTML">' in body


def test_a_page_from_the_history_is_whole(asked):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in text(get({"dose": "1,5"}, **headers))


def test_no_part_of_a_page_is_kept_in_place_of_the_page(asked):
    response = get()
    assert "HX-Request" in response["Vary"]
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("typed", "put_back"),
    [("0.5 mg/kg", "0.5 mg/kg"), ("9" * 10_000, ""), ("5 mg\x00", ""), ("<b>", "<b>")],
)
def test_only_what_a_field_can_hold_is_put_back(typed, put_back):
    assert fields.echo((typed,)) == put_back


def test_typed_text_stays_text(asked):
    assert "<b>" not in text(get({"dose": '"><b>'}))


def test_nothing_ticked_draws_the_usual_curves_and_says_so(asked):
    assert "Nothing is ticked" in text(get({"dose": "0.5 mg/kg"}))


def test_a_tick_that_gives_no_curve_says_which_curves_there_are(asked):
    body = text(get({"dose": "0.5 mg/kg", "show": "measured"}))
    assert "None of the ticked curves" in body
    assert "S-norketamine" in body
    assert '<svg class="chart ' not in body


def test_a_request_is_given_up_after_ten_seconds(asked):
    assert '"timeout":10000' in text(get())


def test_a_peak_stands_with_its_percentiles(asked):
    body = text(get())
    assert "peak <strong>184 ng/mL</strong> (128 to 257) at 40 min" in body
    assert "5th to 95th percentile" in body
    assert re.search(r"<data[^>]*>184 ng/mL</data> \(128 to 257\)", body)


def test_a_level_that_still_rises_at_the_end_is_not_called_a_peak(asked, monkeypatch):
    ended = invented()
    rising = [replace(c, peak=64.8, peak_at=360.0, low=None, high=None) for c in ended.curves]
    monkeypatch.setattr(predictions, "predict", lambda _: replace(ended, curves=tuple(rising)))
    body = text(get())
    assert "still rising at the end: <strong>64.8 ng/mL</strong> at 6 h" in body
    assert "still rising at the end: <data" in body
    assert "In brackets" not in body
    assert "peak <strong>" not in body


@pytest.mark.parametrize(("ticked", "is_open"), [([], False), (["veined"], True)])
def test_the_models_are_folded_away_until_one_is_ticked(asked, ticked, is_open):
    body = text(get({"dose": "0.5 mg/kg", "models": ticked}))
    assert ('<details class="fold" open>' in body) is is_open


MORE = '<details class="about"'


def test_more_about_the_person_is_folded_away_and_asks_nothing(asked):
    assert f"{MORE}>" in text(get())
    assert all(asked[0][name] == () for name in page.MORE_FIELDS)


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ({"liver": "severe"}, r'<option value="severe" selected>'),
        ({"drugs": ["invention", "figment"]}, r'value="figment" checked'),
    ],
)
def test_what_is_told_of_the_person_is_handed_on_and_kept_open(asked, query, kept):
    body = text(get({"dose": "0.5 mg/kg", **query}))
    ((field, sent),) = query.items()
    assert asked[0][field] == (tuple(sent) if isinstance(sent, list) else (sent,))
    assert f"{MORE} open>" in body
    assert re.search(kept, body)


def test_an_empty_list_is_nothing_told(asked):
    assert f"{MORE}>" in text(get({"dose": "0.5 mg/kg", "liver": "", "sex": ""}))


@pytest.mark.parametrize("field", page.MORE_FIELDS)
def test_a_refusal_of_the_person_stands_beside_its_field_and_is_not_folded_away(
    asked, monkeypatch, field
):
    refusal = Refusal(problems=(Problem(field=field, sentence="Not this one."),))
    monkeypatch.setattr(predictions, "predict", lambda _: refusal)
    body = text(get({"dose": "0.5 mg/kg"}))
    assert f"{MORE} open>" in body
    assert re.search(rf'id="{field}-error"[^>]*>Not this one\.<', body)
    assert f'href="#{field}"' in body
    assert f'id="{field}"' in body


def test_the_page_says_what_it_is_not(asked):
    body = text(get())
    assert "<h1>Simulation, not a dose order</h1>" in body
    assert "off-label" in body


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_page_only_reads(asked, method):
    request = getattr(RequestFactory(), method)("/predict/")
    assert page.predict.__wrapped__(request).status_code == 405


def test_nothing_is_styled_or_scripted_in_place(asked):
    body = text(get())
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:|data:", body)
    scripts = re.findall(r"<script([^>]*)>", body)
    assert all("src=" in attributes or "application/json" in attributes for attributes in scripts)


def test_each_model_says_whom_it_is_from_and_what_it_is_not_for(asked):
    body = text(get())
    panel = body[body.index('class="origins"') : body.index('id="tables"')]
    assert panel.count("<article") == 2
    for words in ("(n = 48)", "venous plasma", "18 to 40 year (our convention)", "not stated",
                  "Children were not studied.", "moderate. Moderate, for a test.",
                  'href="https://doi.org/10.1/x"', "A code.", "known to be invented"):  # fmt: skip
        assert words in panel, words


def low(prediction):
    """Return the prediction with its second model of low confidence."""
    changed = [
        replace(c, confidence_level="low") if c.model_id == "pulsing" else c
        for c in prediction.curves
    ]
    unsure = origin("pulsing", "arterial plasma", confidence_level="low")
    return replace(prediction, curves=tuple(changed), origins=(prediction.origins[0], unsure))


def test_low_confidence_is_said_at_the_curve_in_the_legend_and_in_the_tables(asked, monkeypatch):
    monkeypatch.setattr(predictions, "predict", lambda _: low(invented()))
    body = text(get())
    chart, rest = body[: body.index("What the lines are")], body[body.index("What the lines") :]
    legend, tables = rest[: rest.index('class="origins"')], rest[rest.index('id="tables"') :]
    assert 'class="caveat"' in chart
    assert re.search(r'aria-label="B [^"]*low confidence', chart)
    assert not re.search(r'aria-label="A [^"]*low confidence', chart)
    assert legend.count("low confidence") == 1
    peaks, levels = tables[: tables.index('id="levels"')], tables[tables.index('id="levels"') :]
    assert "Invented model of pulsing (low confidence)" in peaks
    assert re.search(r"<th[^>]*>B [^<]*\(low confidence\)", levels)
    assert not re.search(r"<th[^>]*>A [^<]*\(low confidence\)", tables)


def test_what_is_the_same_of_every_band_is_said_once(asked, monkeypatch):
    alike = [replace(c, spread="The one spread.") for c in invented().curves]
    monkeypatch.setattr(predictions, "predict", lambda _: replace(invented(), curves=tuple(alike)))
    body = text(get())
    legend = body[body.index('class="legend"') : body.index('class="origins"')]
    assert "Spread" not in legend
    assert '<p class="hint">The one spread.</p>' in body


@pytest.mark.parametrize("name", ["Told <b>", "x' \" y"])
def test_the_numbers_of_the_read_out_survive_their_attribute(asked, monkeypatch, name):
    hostile = [replace(c, analyte="ketamine", model_id="veined") for c in invented().curves[:1]]
    hostile = [replace(hostile[0], key=name)]
    monkeypatch.setattr(predictions, "predict", lambda _: replace(invented(), curves=hostile))
    held = re.search(r'data-numbers="([^"]*)"', text(get()))
    assert json.loads(html.unescape(held[1]))["curves"][0]["key"] == name
