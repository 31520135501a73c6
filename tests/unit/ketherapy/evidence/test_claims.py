"""Claims: their numbers come out as printed, no share stands alone, a change of data is noticed."""

import dataclasses
import re
import shutil
from datetime import date

import pytest

from ketherapy.errors import ContractError, DataFileError
from ketherapy.evidence import claims, trials
from ketherapy.evidence.claims import ALONE, Claim, claim, stated
from ketherapy.evidence.figures import rounded
from ketherapy.evidence.numbers import is_share
from ketherapy.records import check
from ketherapy.sources import bibliography
from tests.reading import grade

EVERY = [pytest.param(one, id=one.id) for one in claims.claims()]
ROWS = ["1a", "1b", "2", "3a", "3b", "3c", "4", "5", "6", "7", "8", "9", "10", "11", "12"]
HARDEST = 8.9  # grade of a plain text

# Printed by the sources of each number: claim, number, value, low, high.
PRINTED = [
    ("3a", "cochrane", "3.94", "1.54", "10.10"),
    ("3a", "karma", "-3.16", "-8.54", "2.22"),
    ("3a", "asleep_ketamine", "12", "", ""),
    ("3a", "asleep_saline", "10", "", ""),
    ("3a", "elektd_ketamine", "55.4", "", ""),
    ("3a", "elektd_ect", "41.2", "", ""),
    ("3a", "elektd", "14.2", "3.9", "24.2"),
    ("3a", "menon", "-0.39", "-0.81", "0.02"),
    ("3a", "menon_strong", "-0.45", "-0.75", "-0.14"),
    ("3b", "immediate", "-15.79", "-32.09", "0.51"),
    ("3b", "short", "-5.3", "-15.5", "4.9"),
    ("3b", "events_ratio", "3.26", "1.05", "10.09"),
    ("3c", "bipolar", "71", "", ""),
    ("3c", "bipolar_saline", "6", "", ""),
    ("3c", "social", "33", "", ""),
    ("3c", "social_saline", "0", "", ""),
    ("3c", "social_ratio", "28.94", "3.45", "242.57"),
    ("3c", "ocd", "4", "", ""),
    ("3c", "ocd_people", "8", "", ""),
    ("3c", "ocd_saline", "0", "", ""),
    ("3c", "ocd_saline_people", "7", "", ""),
    ("3c", "ptsd", "67", "", ""),
    ("3c", "ptsd_midazolam", "20", "", ""),
    ("3c", "veterans", "158", "", ""),
    ("3c", "ptsd_pool", "0.27", "0.03", "0.51"),
    ("4", "ssi", "4.96", "2.33", "7.59"),
    ("4", "halved", "55", "", ""),
    ("4", "halved_midazolam", "30", "", ""),
    ("4", "ipd_low", "0.48", "", ""),
    ("4", "ipd_high", "0.85", "", ""),
    ("4", "aspire1", "-3.80", "-6.56", "-1.09"),
    ("4", "aspire2", "-3.90", "-6.60", "-1.11"),
    ("6", "t1_56", "54", "", ""),
    ("6", "t1_84", "53", "", ""),
    ("6", "t1_placebo", "39", "", ""),
    ("6", "t2_esketamine", "69", "", ""),
    ("6", "t2_placebo", "52", "", ""),
    ("6", "t2", "17.3", "4.0", "30.6"),
    ("6", "t3_esketamine", "27", "", ""),
    ("6", "t3_placebo", "13", "", ""),
    ("6", "karma_ketamine", "47", "", ""),
    ("6", "karma_midazolam", "33", "", ""),
    ("6", "han_day", "52.2", "", ""),
    ("6", "han_week", "39.8", "", ""),
    ("6", "everyday", "45", "35", "55"),
    ("6", "single", "64", "", ""),
    ("6", "single_midazolam", "28", "", ""),
    ("7", "registry", "53.6", "", ""),
    ("7", "registry_worse", "8.4", "", ""),
    ("7", "series", "50", "", ""),
    ("7", "series_km", "72", "", ""),
    ("7", "oral", "168", "", ""),
    ("7", "oral_people", "231", "", ""),
    ("8", "rapid", "-1.00", "-1.28", "-0.73"),
    ("8", "remitters_on", "26.7", "", ""),
    ("8", "remitters_off", "45.3", "", ""),
    ("8", "remitters", "0.49", "0.29", "0.84"),
    ("8", "responders_on", "25.8", "", ""),
    ("8", "responders_off", "57.6", "", ""),
    ("8", "responders", "0.30", "0.16", "0.55"),
    ("10", "any", "95.2", "", ""),
    ("10", "any_placebo", "70.6", "", ""),
    ("10", "systolic", "12.6", "10.4", "14.8"),
    ("10", "severe", "17", "", ""),
    ("10", "severe_people", "138", "", ""),
    ("10", "severe_sessions", "0.98", "", ""),
]


def test_every_row_of_the_table_of_claims_is_here():
    assert [one.id for one in claims.claims()] == ROWS


@pytest.mark.parametrize(("claim_id", "number", "value", "low", "high"), PRINTED)
def test_a_number_comes_out_as_printed(claim_id, number, value, low, high):
    figure = stated(claim(claim_id)).numbers[number]
    assert figure.shown(decimals=figure.decimals) == (value, low, high)


def test_the_honest_differences_from_a_control_group_are_14_to_19_of_100():
    numbers = stated(claim("6")).numbers
    differences = [numbers[key].value for key in ("t1", "t2", "t3", "karma", "day_difference")]
    assert [rounded(min(differences), 0), rounded(max(differences), 0)] == ["14", "19"]


@pytest.mark.parametrize("one", EVERY)
def test_the_numbers_of_today_are_those_of_the_verdict(one):
    found = stated(one)
    assert found.fingerprint == one.fingerprint, (
        f"the numbers of claim {one.id} changed: read its texts again, then write"
        f" fingerprint = {found.fingerprint!r} and the day of the reading"
    )
    assert not found.is_stale
    assert found.notice == ""


@pytest.mark.parametrize("one", EVERY)
def test_no_place_is_left_in_a_text(one):
    found = stated(one)
    assert not re.search(r"[{}]", found.clinician + found.plain)


@pytest.mark.parametrize("one", EVERY)
def test_every_source_is_in_the_bibliography(one):
    named = {*one.sources, *(key for f in stated(one).numbers.values() for key in f.sources)}
    assert named <= set(bibliography())
    assert len(stated(one).sources) == len(named)


# Digits that may stand in a text: names, doses, times and dates of lists; every result is a place.
ALLOWED = re.compile(
    r"\b(?:KARMA-Dep 2|Lii 2023|Murrough 2013|Chen 2023|Cochrane 2025|(?:TRANSFORM|SUSTAIN)-\d"
    r"|QIDS-SR-16|CAPS-5|PCL-5|PHQ-9|24 hours|14 to 31 days|day (?:1|7|8|14|28)\b|(?:56|84) mg"
    r"|people of 65|[Ll]ist of 1999|March 2026|2020 to 2021|in 2023|from 0 to 100)"
    r"|of\s100\b"
)


@pytest.mark.parametrize("one", EVERY)
def test_no_result_is_typed_in_prose(one):
    for text in (one.clinician, one.plain):
        prose = ALLOWED.sub("", re.sub(r"\{[\w.]+\}", "", " ".join(text.split())))
        assert not re.search(r"\d", prose), prose


@pytest.mark.parametrize("one", EVERY)
def test_a_plain_text_is_plain(one):
    assert grade(stated(one).plain) <= HARDEST


@pytest.mark.parametrize(
    ("certainty", "words"),
    [("moderate", "fairly sure"), ("low", "unsure"), ("very low", "very unsure")],
)
def test_how_sure_one_can_be_is_said_from_the_certainty(monkeypatch, certainty, words):
    graded = {k: dataclasses.replace(f, certainty=certainty) for k, f in numbers_of("8").items()}
    monkeypatch.setattr(claims, "figures", lambda numbers: graded)
    assert f"We are {words} of these numbers." in stated(claim("8")).plain


def numbers_of(claim_id):
    """Return the numbers of a claim as they are now."""
    return stated(claim(claim_id)).numbers


@pytest.mark.parametrize("one", EVERY)
def test_how_sure_one_can_be_is_never_typed(one):
    assert not re.search(
        r"\b(un)?sure\b|certainty (high|moderate|low|very)",
        re.sub(r"\{[\w.]+\}", "", one.plain + one.clinician),
    )


@pytest.mark.parametrize("one", EVERY)
def test_a_text_promises_nothing(one):
    said = f"{one.claim} {one.in_short} {one.clinician} {one.plain} {one.would_change}".lower()
    assert not re.search(r"\byou will\b|\bguarantee|\bprevents suicide|\bsafe and effective", said)


@pytest.mark.parametrize("one", EVERY)
def test_no_share_stands_without_its_control_group(one):
    for text in (one.clinician, one.plain):
        for sentence in claims.sentences(text):
            places = set(re.findall(r"\{(\w+)(?:\.low|\.high)?\}", sentence))
            controls = {number.control for number in one.numbers.values()}
            for key in places - controls:
                number = one.numbers[key]
                if is_share(number):
                    assert number.control in places or ALONE in sentence, (key, sentence)


def fields(**changed: object) -> dict[str, object]:
    """Return a claim as a file holds it, with some of its fields changed."""
    printed = {"kind": "printed", "unit": "of 100 people", "source": "lii2023", "locator": "table"}
    numbers = {
        "got": printed | {"value": 60.0, "status": "verified", "control": "sham"},
        "sham": printed | {"value": 50.0, "status": "verified"},
    }
    return {
        "id": "x", "claim": "It helps.", "verdict": "overstated", "in_short": "less",
        "clinician": "Response in {got} of 100 against {sham} of 100.", "plain": "It may help.",
        "would_change": "A trial.", "sources": ["lii2023"], "reviewed_on": date(2026, 11, 23),
        "fingerprint": "", "numbers": numbers,
    } | changed  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({}, None, id="with its control group"),
        pytest.param(
            {"clinician": "Response in {got} of 100. Others: {sham} of 100."},
            "got stands without its control group",
            id="the control group one sentence later",
        ),
        pytest.param(
            {"clinician": f"{{got}} of 100, {ALONE}.", "plain": "{sham} of 100."}, None,
            id="said to have none",
        ),
        pytest.param({"plain": "{other} of 100."}, "no number other", id="a number nobody named"),
        pytest.param({"clinician": "Nothing."}, "stands in no text", id="a number nobody reads"),
        pytest.param({"verdict": "true"}, "verdict", id="a verdict that is none of ours"),
    ],
)  # fmt: skip
def test_a_claim_that_would_mislead_is_refused(changed, said):
    if said is None:
        check(Claim, fields(**changed), where="claims.toml")
        return
    with pytest.raises(DataFileError, match=said):
        check(Claim, fields(**changed), where="claims.toml")


@pytest.fixture
def other_trials(tmp_path, monkeypatch):
    """Give a copy of the trials that may be changed, used until the test ends."""
    shutil.copytree(trials.DATA, tmp_path / "trials")
    monkeypatch.setattr(trials, "DATA", tmp_path / "trials")
    trials.trials.cache_clear()
    yield tmp_path / "trials"
    trials.trials.cache_clear()


def test_a_changed_trial_puts_the_verdict_under_review(other_trials):
    path = other_trials / "lii2023.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("n = 20, events = 12 }", "n = 20, events = 13 }", 1), "utf-8")
    found = stated(claim("3a"))
    assert found.is_stale
    assert found.notice == "verdict under review: the data changed since 2026-11-23"
    assert "13 of 20 people with ketamine against 10 of 20" in found.clinician
    assert not stated(claim("2")).is_stale


def test_a_change_below_the_rounding_leaves_the_verdict():
    found = stated(claim("3a")).numbers
    nudged = found | {"karma": dataclasses.replace(found["karma"], value=-3.1601)}
    moved = found | {"karma": dataclasses.replace(found["karma"], value=-3.17)}
    assert claims.fingerprint(nudged) == claims.fingerprint(found)
    assert claims.fingerprint(moved) != claims.fingerprint(found)


@pytest.mark.parametrize("one", EVERY)
def test_each_number_that_is_shown_otherwise_makes_another_fingerprint(one):
    numbers = stated(one).numbers
    for key, figure in numbers.items():
        moved = dataclasses.replace(figure, value=figure.value + 10.0**-figure.decimals)
        assert claims.fingerprint(numbers | {key: moved}) != one.fingerprint, key


def test_a_claim_that_is_not_there_is_refused():
    with pytest.raises(ContractError, match="expected one of 1a"):
        claim("13")
