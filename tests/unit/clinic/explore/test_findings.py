"""What a page says of trials: never one group alone, always with its interval and certainty."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clinic.explore.findings import Shares, finding
from ketherapy.errors import ContractError
from ketherapy.evidence.questions import questions
from ketherapy.evidence.reviews import review


def test_of_one_trial_the_shares_are_those_it_prints():
    found = finding("esketamine_relapse_remitters")  # 24 of 90 and 39 of 86, printed 26.7 v 45.3 %
    assert found.shares is not None
    assert round(found.shares.treated, 1) == 26.7
    assert round(found.shares.control, 1) == 45.3
    assert not found.is_good


def test_points_have_an_interval():
    found = finding("esketamine_change_month")  # published: -3.3436 (-6.0691, -0.6180)
    assert found.gap is not None
    assert round(found.gap.estimate, 4) == -3.3436
    assert found.gap.low < found.gap.estimate < found.gap.high < 0.0


@pytest.mark.parametrize(
    "asked", [one for one in questions() if one.words is not None], ids=lambda one: one.id
)
def test_every_standing_question_can_be_told(asked):
    found = finding(asked.id)
    assert sum(one is not None for one in (found.shares, found.gap, found.ratio)) == 1
    assert found.status
    assert found.certainty
    assert found.certainty_by
    assert found.sources
    assert found.people is None or found.people > 0
    assert all((found.words.treated, found.words.control, found.words.outcome, found.words.time))
    if found.shares is not None:
        assert found.words.happened
        assert found.words.not_happened
        assert found.shares.low <= found.shares.difference <= found.shares.high


@pytest.mark.parametrize(
    ("question_id", "words"),
    [
        ("ketamine_midazolam_response_day", "between 12 and 54 more"),
        ("ketamine_midazolam_response_course", "anything from 10 fewer to 35 more"),
        ("esketamine_relapse_remitters", "between 5 and 32 fewer"),
    ],
)
def test_the_interval_is_told_in_whole_people(question_id, words):
    assert finding(question_id).uncertainty == words


def test_a_question_without_plain_words_is_not_told():
    with pytest.raises(ContractError, match="words"):
        finding("esketamine_relapse_hazard")


def test_an_unknown_question_is_refused():
    with pytest.raises(ContractError, match="esketamine_response_month"):
        finding("does_it_work")


@pytest.mark.parametrize("asked", questions(), ids=lambda one: one.id)
def test_what_belongs_beside_a_question_is_there(asked):
    if asked.words is None:
        return
    for named, shown in zip(asked.beside, finding(asked.id).beside, strict=True):
        of = review(named.partition("/")[0])
        pool = of.pool(named.partition("/")[2])
        printed = (pool.estimate, pool.low, pool.high)
        assert all(f"{x:g}".replace("-", "\u2212") in shown.words for x in printed)


def test_control_groups_that_differ_too_much_give_no_one_share():
    found = finding("ketamine_pain_events")  # 1 of 32, 2 of 6 and 2 of 10 controls
    assert found.shares is None
    assert found.ratio is not None
    assert [one.control for one in found.counted] == [(1, 32), (2, 6), (2, 10)]


def test_an_end_just_below_nothing_is_told_as_either_way():
    found = finding("ketamine_midazolam_response_day")
    near = replace(found, shares=Shares(control=28.0, treated=35.0, low=-0.4, high=14.0))
    assert near.uncertainty == "anything from 0 fewer to 14 more"
