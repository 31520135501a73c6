"""The pages of the evidence without a browser: status, words, and what is never shown alone."""

import csv
import io
import re
from html import unescape
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.test import RequestFactory
from django.urls import resolve

from clinic.accounts.gate import PUBLIC, declared
from clinic.explore.evidence_search import FIELDS, choices
from ketherapy.evidence.analysis import answer
from ketherapy.evidence.claims import claims, stated
from ketherapy.evidence.questions import question, questions
from ketherapy.evidence.reviews import reviews
from ketherapy.evidence.trials import trials

MONTH = "/evidence/question/esketamine_response_month/"
POOLS = [f"/evidence/review/{r.id}/{p.id}/" for r in reviews() for p in r.pools]
ADDRESSES = [
    "/evidence/", "/evidence/claims/", "/evidence/?condition=chronic+pain",
    "/evidence/pool/?outcome=response.depression", "/evidence/pool/?outcome=score.disability",
    *(f"/evidence/question/{one.id}/" for one in questions()),
    *POOLS,
    *(f"/evidence/trial/{one.id}/" for one in trials()),
]  # fmt: skip
BAD = "level=200&tau2=MAGIC&beyond=1&spread=-1"


def get(address, **headers):
    request = RequestFactory().get(address, headers=headers)
    request.user = AnonymousUser()
    found = resolve(urlsplit(address).path)
    return found.func(request, *found.args, **found.kwargs)


def text(response):
    return re.sub(r"\s+", " ", unescape(response.content.decode()))


@pytest.mark.parametrize("address", ["/evidence/", MONTH, f"{MONTH}studies.csv", "/evidence/pool/",
                                     "/evidence/pool/studies.svg", "/evidence/claims/",
                                     "/evidence/review/eskd28/pm_hksj/studies.csv",
                                     "/evidence/trial/transform1/"])  # fmt: skip
def test_it_is_for_everybody(address):
    assert declared(resolve(address).func) == PUBLIC


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_answers(address):
    said = text(get(address))
    assert "None" not in re.sub(r"<[^>]+>", "", said)
    assert "nan" not in re.findall(r"\w+", said)


@pytest.mark.parametrize(
    "address",
    ["/evidence/question/nonsense/", "/evidence/trial/nonsense/",
     "/evidence/review/nonsense/x/", "/evidence/review/eskd28/nonsense/",
     "/evidence/question/nonsense/studies.csv", "/evidence/review/an2021/2h/studies.csv",
     f"{MONTH}studies.csv?level=200", "/evidence/pool/studies.svg?outcome=response.depression"],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(address):
    with pytest.raises(Http404):
        get(address)


def test_every_bad_entry_is_refused_beside_its_field():
    response = get(f"{MONTH}?{BAD}")
    said = response.content.decode()
    assert response.status_code == 422
    for field in ("level", "tau2", "beyond", "spread"):
        assert re.search(rf'id="{field}-error" role="alert">[^<]*expected', said)
        assert f'href="#{field}"' in said
    assert "<svg" not in said


def test_a_refusal_keeps_what_can_be_kept():
    said = get(f"{MONTH}?level=200&tau2=DL").content.decode()
    assert 'value="DL" selected' in said
    assert re.search(r'name="level" value="200"', said)


def test_unknown_filters_are_refused_beside_their_fields():
    asked = "&".join(f"{field}=nonsense" for field in FIELDS)
    for address in (f"/evidence/?{asked}", f"/evidence/pool/?{asked}"):
        response = get(address)
        assert response.status_code == 422
        for field in FIELDS:
            assert re.search(rf'id="{field}-error"[^>]*>[^<]+<', response.content.decode())


def test_what_was_sent_is_escaped():
    for address in (f"{MONTH}?level=<script>alert(1)", "/evidence/pool/?scale=<script>alert(1)",
                    "/evidence/?condition=<script>alert(1)"):  # fmt: skip
        assert "<script>alert" not in get(address).content.decode()


def test_htmx_is_answered_with_the_changed_parts_alone():
    for address in ("/evidence/?condition=chronic+pain", f"{MONTH}?tau2=DL"):
        said = get(address, **{"HX-Request": "true"}).content.decode()
        assert "<!doctype" not in said
        assert 'id="said" hx-swap-oob="innerHTML"' in said
        assert "-error" in said


def test_both_groups_the_difference_and_the_certainty_stand_together():
    said, found = text(get(MONTH)), answer(question("esketamine_response_month"))
    treated, control = round(found.absolute.treated), round(found.absolute.control)
    assert f"{treated} responded with esketamine and {control} with placebo spray" in said
    assert f"{treated - control} more of 100 responded with esketamine (" in said
    assert f">{found.certainty.level}</strong>" in said
    assert "day 28; MADRS" in said


def test_a_printed_pool_stands_beside_ours():
    said = text(get("/evidence/review/eskd28/pm_hksj/"))
    assert "−3.3436 (−6.0691 to −0.618)" in said
    assert re.search(
        r"Estimate</th><td>−3\.3436</td><td><data[^>]*>−3\.3436</data></td><td>yes", said
    )
    assert "Agree" in said


def test_a_pool_whose_trials_were_not_read_says_so_and_offers_no_method():
    said = text(get("/evidence/review/dean2021/resp24/"))
    assert "3.94 (1.54 to 10.1)" in said
    assert "cannot be computed again" in said
    assert 'id="regimen"' not in said


@pytest.mark.parametrize(
    "address", [a for a in POOLS if "alnefeesi2022/resp" in a or "han2016" in a]
)
def test_a_share_of_one_group_stands_beside_its_missing_control(address):
    said = text(get(address))
    assert "none: not compared with anything" in said
    assert "cannot be told" in said
    assert "does not say what the drug added" in said


def test_a_list_shows_no_share_of_one_group():
    said = text(get("/evidence/"))
    assert "45 of 100" not in said
    assert "share of one group, without a control" in said


@pytest.mark.parametrize("trial_id", ["oliver2022", "sustain2", "yale2024bp"])
def test_a_count_of_one_group_stands_beside_its_missing_control(trial_id):
    assert "nothing of what the drug added" in text(get(f"/evidence/trial/{trial_id}/"))


@pytest.mark.parametrize("trial_id", ["berman2000", "kvarnstrom2003"])
def test_one_group_of_a_compared_trial_says_that_the_other_was_not_read(trial_id):
    assert "control group were not read" in text(get(f"/evidence/trial/{trial_id}/"))


def test_a_refused_question_says_why_and_how_to_ask_instead():
    said = text(get("/evidence/pool/?outcome=response.depression"))
    assert "Not pooled" in said
    assert "not alike" in said
    assert "control=midazolam" in said
    assert "studies.svg" not in said


def test_the_page_says_what_a_small_funnel_does_not_tell():
    said = text(get(MONTH))
    assert "Fewer than 10 trials: the shape says little, and no test of asymmetry is made" in said


def test_risk_of_bias_that_nobody_judged_is_said_to_be_not_assessed():
    assert "<strong>not assessed here</strong>" in get(MONTH).content.decode()


def test_disagreeing_intervals_are_said_to_settle_nothing():
    said = text(get("/evidence/question/ketamine_ocd_response/"))
    assert "neither settles it" in said


def test_what_is_believed_names_its_prior():
    said = text(get(f"{MONTH}?beyond=1.2"))
    assert "half-normal(0.5)" in said
    assert "Probability above 1.20" in said


def test_a_permalink_gives_the_same_numbers_whatever_becomes_usual():
    said = get(f"{MONTH}?tau2=DL&interval=WALD&level=90").content.decode()
    (link,) = re.findall(r'href="([^"]+)">A link that always', said)
    again = get(unescape(link)).content.decode()
    exact = r'<data value="([^"]+)" id="estimate">'
    assert re.findall(exact, said) == re.findall(exact, again)
    assert {"tau2=DL", "interval=WALD", "level=90", "measure=RR", "prediction=K_MINUS_2"} <= set(
        unescape(link).partition("?")[2].split("&")
    )


@pytest.mark.parametrize("where", [MONTH, "/evidence/review/ferraro2025/1_1/"])
def test_the_files_parse_and_say_how(where):
    table = get(f"{where}studies.csv?level=90")
    assert table["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in table["Content-Disposition"]
    held = list(csv.DictReader(io.StringIO(table.content.decode(), newline="")))
    assert "90 %" in held[-1]["method"] or any("90 %" in row["method"] for row in held)
    drawing = get(f"{where}studies.svg?level=90")
    assert drawing["Content-Type"] == "image/svg+xml"
    root = ElementTree.fromstring(drawing.content)
    described = " ".join(root.itertext())
    assert "90 %" in described
    assert "http" not in drawing.content.decode().split("<desc>")[0][120:]
    assert drawing.content == get(f"{where}studies.svg?level=90").content


def test_each_choice_of_the_form_can_be_chosen():
    said = get("/evidence/?condition=x").content.decode()  # a refusal shows the form alone
    for field, held in choices().items():
        for choice in held:
            assert f'value="{choice.value}"' in said, field


@pytest.mark.parametrize("interval", ["HKSJ", "HKSJ_MODIFIED"])
@pytest.mark.parametrize(
    "where", ["question/ketamine_pain_events", "review/ferraro2025/8_4", "review/ferraro2025/1_23"]
)
def test_an_absurd_interval_is_drawn_as_far_as_paper_goes(where, interval):
    address = f"/evidence/{where}/?tau2=SJ&interval={interval}&level=99.9"
    assert get(address).status_code == 200


def test_claims_are_shown_with_verdict_numbers_and_what_would_change_them():
    said = text(get("/evidence/claims/"))
    for words in ("Wrong as worded", "Overstated", "Supported with limits", "would change"):
        assert words in said
    # A verdict whose numbers changed since it was given says so; the others do not.
    assert ("under review" in said) == any(stated(one).is_stale for one in claims())
    assert "control group" in said
