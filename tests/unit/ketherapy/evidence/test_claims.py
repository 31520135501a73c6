"""Claims: their numbers come out as printed, no share stands alone, a change of data is noticed."""

import dataclasses
import re
import shutil
from datetime import date

import pytest

from ketherapy.errors import ContractError, DataFileError
from ketherapy.evidence import claims, trials
from ketherapy.evidence.claims import ALONE, Claim, claim, stated
from ketherapy.evidence.numbers import is_share
from ketherapy.records import check
from ketherapy.sources import bibliography

EVERY = [pytest.param(one, id=one.id) for one in claims.claims()]
ROWS = ["1a", "1b", "2", "3a"]

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
]


def test_every_row_of_the_table_of_claims_is_here():
    assert [one.id for one in claims.claims()] == ROWS


@pytest.mark.parametrize(("claim_id", "number", "value", "low", "high"), PRINTED)
def test_a_number_comes_out_as_printed(claim_id, number, value, low, high):
    figure = stated(claim(claim_id)).numbers[number]
    assert figure.shown(decimals=figure.decimals) == (value, low, high)


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


# Digits that may stand in a text: names, doses, times and years of lists; every result is a place.
ALLOWED = re.compile(
    r"\b(KARMA-Dep 2|Lii 2023|QIDS-SR-16|24 hours|day 1|list of 1999|List of 1999|January)"
    r"|of 100\b"
)


@pytest.mark.parametrize("one", EVERY)
def test_no_result_is_typed_in_prose(one):
    for text in (one.clinician, one.plain):
        prose = ALLOWED.sub("", re.sub(r"\{[\w.]+\}", "", " ".join(text.split())))
        assert not re.search(r"\d", prose), prose


@pytest.mark.parametrize("one", EVERY)
def test_no_share_stands_without_its_control_group(one):
    for text in (one.clinician, one.plain):
        for sentence in claims.sentences(text):
            places = set(re.findall(r"\{(\w+)", sentence))
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


def test_a_claim_that_is_not_there_is_refused():
    with pytest.raises(ContractError, match="expected one of 1a"):
        claim("13")
