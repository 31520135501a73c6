"""Answers that cannot both be so: each pair holds and asks, and neither answer alone does."""

import pytest

from ketherapy import records
from ketherapy.dosing.contradictions import Pair, contradictions_checked, pairs
from ketherapy.dosing.decision import decide
from ketherapy.dosing.findings import Severity
from ketherapy.dosing.question import read_question
from ketherapy.errors import DataFileError

BOTH = {
    "contradiction.bipolar": {"indication": "bipolar_depression", "bipolar_disorder": "no"},
    "contradiction.suicide": {"indication": "acute_suicidality", "suicide_risk": "none"},
    "contradiction.pregnancy": {"pregnant": "yes", "can_become_pregnant": "no"},
    "contradiction.cirrhosis": {"cirrhosis": "yes", "child_pugh": "none"},
    "contradiction.consent": {"consent_signed": "yes", "can_consent_in_writing": "no"},
}  # fmt: skip
SO = {
    "indication": "resistant_depression", "bipolar_disorder": "yes", "suicide_risk": "high",
    "can_become_pregnant": "yes", "child_pugh": "a", "oral_antidepressant": "yes",
    "past_substance_use_disorder": "yes", "can_consent_in_writing": "yes", "pregnant": "no",
    "cirrhosis": "no", "ssri_or_snri": "no", "active_substance_use_disorder": "no",
    "consent_signed": "no",
}  # fmt: skip


def asked(facts, stages=("eligibility",)):
    return read_question(
        {
            "case": {"drug": "ketamine", "route": "iv", "use": "psychiatry"},
            "stages": list(stages), "profile": "us", "now": "2026-01-31T10:00:00Z",
            "facts": facts,
        }
    )  # fmt: skip


def rules(facts):
    return [one.rule for one in contradictions_checked(asked(facts)).findings]


def test_every_pair_is_tried_here():
    assert [one.id for one in pairs()] == list(BOTH)


@pytest.mark.parametrize("rule", BOTH)
def test_both_at_once_hold_and_either_alone_does_not(rule):
    both = BOTH[rule]
    assert rules(both) == [rule]
    for name in both:
        assert rules({k: v for k, v in both.items() if k != name}) == []
        assert rules(both | {name: SO[name]}) == []


def test_it_asks_which_is_right_and_nobody_passes_it():
    (one,) = contradictions_checked(asked(BOTH["contradiction.bipolar"])).findings
    assert (one.severity, one.can_be_overridden) == (Severity.HOLD, False)
    assert one.asks == ("indication", "bipolar_disorder")
    assert one.observed == (
        "what it is given for: the depressed phase of bipolar disorder; bipolar disorder: no"
    )
    assert one.says.endswith("which is right?")
    assert one.limit == "one of the two cannot be so"
    assert one.resolves == "Ask again, and correct the one that is not."
    assert (one.source, one.status, one.jurisdiction) == ("ketherapy", "convention", "clinic")
    assert one.locator == "what the words mean"


@pytest.mark.parametrize("stages", [("eligibility",), ("pre_dose",), ("course",), ()])
def test_it_is_found_whatever_is_asked(stages):
    found = decide(asked(BOTH["contradiction.pregnancy"], stages)).findings
    assert "contradiction.pregnancy" in {one.rule for one in found}


def test_a_pair_is_of_two_facts():
    yes = {"fact": "pregnant", "is": "yes"}
    whole = {"id": "x", "says": "s", "one": yes, "other": {"fact": "cirrhosis", "is": "no"}}
    assert records.check(Pair, whole, where="a test").id == "x"
    for wrong in ({"fact": "pregnant", "is": "no"}, {"all": [yes]}):
        with pytest.raises(DataFileError, match="one fact against another"):
            records.check(Pair, whole | {"other": wrong}, where="a test")
        with pytest.raises(DataFileError, match="one fact against another"):
            records.check(Pair, whole | {"one": wrong, "other": yes}, where="a test")
