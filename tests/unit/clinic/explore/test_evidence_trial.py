"""The page of a trial holds all of it: every group, every outcome, every gap."""

import pytest

from clinic.explore.evidence_bias import NOT_ASSESSED, NOT_READ
from clinic.explore.evidence_trial import find
from ketherapy.evidence.trials import trial, trials


@pytest.mark.parametrize("one", trials(), ids=lambda one: one.id)
def test_nothing_of_a_trial_is_left_out(one):
    page = find(one.id)
    assert page is not None
    assert [block.id for block in page.outcomes] == [outcome.id for outcome in one.outcomes]
    for block, outcome in zip(page.outcomes, one.outcomes, strict=True):
        assert len(block.rows) == len(outcome.results)
        assert block.source.words
        assert block.locator
    assert len(page.differences) == len(one.contrasts)
    assert [gap.what for gap in page.gaps] == [gap.what for gap in one.gaps]
    assert len(page.arms) == len(one.arms)


@pytest.mark.parametrize("one", trials(), ids=lambda one: one.id)
def test_only_a_known_number_leads_to_the_registry(one):
    page = find(one.id)
    is_known = one.registry.startswith("NCT")
    assert page.registry_address == (
        f"https://clinicaltrials.gov/study/{one.registry}" if is_known else ""
    )


def test_a_cohort_has_no_control():
    assert not any(block.has_control for block in find("oliver2022").outcomes)
    assert all(block.has_control for block in find("transform2").outcomes)


def test_risk_of_bias_that_nobody_judged_is_not_low():
    bias = find("transform2").bias
    assert {one.judgement for one in bias.domains} == {NOT_ASSESSED}
    assert bias.earlier == ()


def test_printed_judgements_of_the_earlier_tool_are_shown_with_what_was_not_read():
    judged = {one.domain: one.judgement for one in find("aspire1").bias.earlier}
    assert judged["sequence generation"] == "low"
    assert judged["selective reporting"] == NOT_READ
    assert "reporting" not in trial("aspire1").earlier_risk_of_bias.domains


def test_what_people_guessed_is_told():
    assert "guessed right" in find("karmadep2").bias.guesses


def test_a_trial_says_which_published_pools_used_it():
    assert {(review, pool) for review, pool, _ in find("transform1").pools} >= {
        ("eskd28", "pm_hksj")
    }


def test_an_unknown_trial_is_none():
    assert find("nonsense") is None
