"""What a page says of trials: never one group alone, always with its interval and certainty."""

from __future__ import annotations

import pytest

from clinic.explore.findings import finding
from ketherapy.errors import ContractError
from ketherapy.evidence.questions import questions


def test_of_one_trial_the_shares_are_those_it_prints():
    found = finding("esketamine_relapse_remitters")  # 24 of 90 and 39 of 86, printed 26.7 v 45.3 %
    assert found.shares is not None
    assert round(found.shares.treated, 1) == 26.7
    assert round(found.shares.control, 1) == 45.3
    assert not found.is_good


def test_points_have_an_interval():
    found = finding("esketamine_change_month")  # published: -3.3436 (-6.0691, -0.6180)
    assert found.gap is not None
    assert (round(found.gap.low, 4), round(found.gap.high, 4)) == (-6.0691, -0.6180)


@pytest.mark.parametrize(
    "asked", [one for one in questions() if one.words is not None], ids=lambda one: one.id
)
def test_every_standing_question_can_be_told(asked):
    found = finding(asked.id)
    assert (found.shares is None) != (found.gap is None), found.refusals
    assert found.certainty
    assert found.certainty_by
    assert found.sources
    assert (found.people > 0) == (asked.printed == "groups")
    assert all((found.words.treated, found.words.control, found.words.outcome, found.words.time))
    if found.shares is not None:
        assert found.words.happened
        assert found.words.not_happened
        assert found.shares.low <= found.shares.difference <= found.shares.high


@pytest.mark.parametrize(
    ("question_id", "words"),
    [
        ("ketamine_midazolam_response_day", "between 14 and 58 more"),
        ("ketamine_midazolam_response_course", "anything from 11 fewer to 38 more"),
        ("esketamine_relapse_remitters", "between 5 and 33 fewer"),
    ],
)
def test_the_interval_is_told_in_whole_people(question_id, words):
    assert finding(question_id).uncertainty == words


def test_a_question_without_plain_words_is_not_told():
    with pytest.raises(LookupError, match="words"):
        finding("esketamine_relapse_hazard")


def test_an_unknown_question_is_refused():
    with pytest.raises(ContractError, match="esketamine_response_month"):
        finding("does_it_work")
