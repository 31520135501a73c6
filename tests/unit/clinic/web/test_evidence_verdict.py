"""The answer in words: the interval stands in the headline, and doubt is said."""

from dataclasses import replace

import pytest

from clinic.explore.evidence_answer import Answer
from clinic.explore.evidence_open import Computed, standing
from clinic.explore.evidence_studies import Extent
from clinic.web.evidence_plots import ends, forest, people
from clinic.web.evidence_verdict import UNSURE, verdict
from ketherapy.evidence.analysis import Absolute


def answer(question_id) -> Answer:
    opened = standing(question_id, {})
    assert opened is not None
    assert isinstance(opened.outcome, Computed)
    return opened.outcome.answer


def shares(low, high, control=30.0, treated=50.0):
    absolute = Absolute(control=control, treated=treated, low=low, high=high)
    return replace(answer("esketamine_response_month"), absolute=absolute)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(4.0, 30.0, "4 to 30 more"), (-30.0, -4.0, "30 to 4 fewer"),
     (-2.0, 38.0, "2 fewer to 38 more"), (0.2, 38.0, "no difference to 38 more"),
     (-5.0, 0.0, "5 fewer to no difference")],
)  # fmt: skip
def test_the_ends_of_a_difference_in_people(low, high, text):
    assert ends(shares(low, high)) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(-6.07, -0.62, "3.3 points lower on MADRS with esketamine (6.1 to 0.6 lower)"),
     (-6.07, 0.62, "3.3 points lower on MADRS with esketamine (6.1 lower to 0.6 higher)")],
)  # fmt: skip
def test_points_are_told_to_a_tenth_with_their_side(low, high, text):
    found = answer("esketamine_change_month")
    extent = Extent(estimate=-3.34, low=low, high=high)
    changed = replace(found, together=replace(found.together, extent=extent))
    assert verdict(changed).headline == text


@pytest.mark.parametrize("is_sure", [True, False])
def test_an_unsure_answer_says_so_and_a_sure_one_does_not(is_sure):
    found = answer("esketamine_change_month")
    changed = replace(found, together=replace(found.together, is_sure=is_sure))
    assert (UNSURE in verdict(changed).sentences) is not is_sure


def test_the_better_side_of_a_score_is_said():
    assert "Lower is better." in verdict(answer("esketamine_change_month")).sentences


def test_counts_without_one_pair_of_shares_say_why_none_is_shown():
    said = verdict(replace(answer("esketamine_response_month"), absolute=None)).sentences
    assert any("No pair of shares" in one for one in said)


def test_a_refused_answer_has_no_verdict_and_no_drawing():
    refused = replace(
        answer("esketamine_response_month"), together=None, absolute=None, refusals=("No.",)
    )
    assert verdict(refused) is None
    assert forest(refused) is None
    assert people(refused) is None


def test_people_are_never_drawn_without_certainty():
    assert people(replace(answer("esketamine_response_month"), sure=None)) is None


def test_the_sides_of_the_axis_are_named_by_what_is_better():
    better = forest(answer("esketamine_response_month"))
    worse = forest(answer("esketamine_events"))
    assert (better.left, better.right) == ("favours placebo spray", "favours esketamine")
    assert (worse.left, worse.right) == ("favours esketamine", "favours placebo spray")


def test_one_trial_is_no_diamond():
    assert forest(answer("ketamine_midazolam_response_day")).totals == ()
