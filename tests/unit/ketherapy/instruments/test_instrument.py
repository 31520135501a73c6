from dataclasses import replace

import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.instruments.instrument import (
    instrument,
    instruments,
    remitted,
    responded,
    score,
)
from ketherapy.instruments.rules import Kind

EVERY = pytest.mark.parametrize("scale", instruments(), ids=lambda scale: scale.id)


@EVERY
def test_every_total_of_the_range_is_accepted_and_none_beyond(scale):
    low, high = scale.score_range
    assert low < high
    for value in (low, 0.5 * (low + high), high):
        assert score(scale, value) == value
    for value in (low - 1e-9, high + 1e-9, float("nan"), float("inf"), -float("inf")):
        with pytest.raises(ContractError, match=f"score on the {scale.id}"):
            score(scale, value)


def test_a_refused_score_says_what_it_was_for():
    with pytest.raises(ContractError, match="baseline on the madrs: expected 0 to 60 points"):
        score(instrument("madrs"), 61.0, what="baseline")


def test_the_models_of_trials_count_by_the_definitions_of_trials_and_no_others():
    used = {
        (scale.id, d.id, d.rule.value)
        for scale in instruments() for d in scale.definitions if d.in_trials
    }  # fmt: skip
    assert used == {
        ("hamd17", "response", 0.5), ("hamd17", "remission", 7.0),
        ("madrs", "response", 0.5), ("madrs", "remission_trials", 12.0),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("now", "is_response"),
    [
        pytest.param(15.9, True, id="more than half"),
        pytest.param(16.0, True, id="half exactly"),
        pytest.param(16.1, False, id="less than half"),
        pytest.param(40.0, False, id="worse"),
    ],
)
def test_response_is_a_drop_of_half(now, is_response):
    assert bool(responded(instrument("madrs"), 32.0, now)) is is_response


@pytest.mark.parametrize(("now", "is_remission"), [(11.0, True), (12.0, True), (12.1, False)])
def test_remission_is_at_the_limit_or_below(now, is_remission):
    assert bool(remitted(instrument("madrs"), now)) is is_remission


def test_many_scores_are_judged_at_once_each_against_its_own_baseline():
    baseline, now = np.array([[40.0], [20.0]]), np.array([[20.0, 21.0], [20.0, 10.0]])
    found = responded(instrument("madrs"), baseline, now)
    np.testing.assert_array_equal(found, [[True, False], [False, True]])


def test_what_a_scale_does_not_define_is_refused():
    with pytest.raises(
        ContractError, match="remission on the nrs: expected a definition for trial"
    ):
        remitted(instrument("nrs"), 1.0)
    with pytest.raises(ContractError, match="response on the nrs"):
        responded(instrument("nrs"), 8.0, 1.0)
    with pytest.raises(ContractError, match="response on the cadss"):
        responded(instrument("cadss"), 20.0, 1.0)


def test_an_unknown_instrument_is_refused_with_those_there_are():
    with pytest.raises(ContractError) as refused:
        instrument("bdi")
    assert str(refused.value) == (
        f"instrument: expected one of {', '.join(s.id for s in instruments())}, got 'bdi'."
        " Choose one of these, or add its file."
    )


def test_an_instrument_is_found_by_its_id():
    assert [instrument(scale.id) for scale in instruments()] == [*instruments()]


def test_every_refusal_says_what_was_expected_and_what_to_do():
    madrs, turned = instrument("madrs"), replace(instrument("madrs"), higher_is="better")
    refusals = {
        "score on the madrs: expected 0 to 60 points, got 61.0."
        " Correct it: no total lies outside the scale.": lambda: score(madrs, 61.0),
        "baseline on the madrs: expected more than 0 points, got 0.0."
        " Nothing can improve there: leave the person out.": lambda: responded(madrs, 0.0, 0.0),
        "remission on the madrs: expected a scale on which more is worse, got 'better'."
        " A drop is no improvement there: use another instrument.": lambda: remitted(turned, 1.0),
        "remission on the nrs: expected a definition for trials in its file, got nothing."
        " Use another instrument.": lambda: remitted(instrument("nrs"), 1.0),
    }
    for said, ask in refusals.items():
        with pytest.raises(ContractError) as refused:
            ask()
        assert str(refused.value) == said


def test_a_definition_that_no_trial_uses_is_not_one_of_trials():
    madrs = instrument("madrs")
    rule = madrs.in_trials(Kind.REMISSION)
    assert rule is not None
    assert rule.value == 12.0
    assert madrs.in_trials(Kind.MEANINGFUL) is None
    assert instrument("phq9").in_trials(Kind.REMISSION) is None


NO_SCORES = [float("nan"), -5.0, 61.0, np.array([10.0, np.nan]), np.array([10.0, -0.1])]


@pytest.mark.parametrize("now", NO_SCORES)
def test_a_missing_or_impossible_score_is_neither_response_nor_remission_nor_the_lack_of_it(now):
    madrs = instrument("madrs")
    with pytest.raises(ContractError, match="score on the madrs"):
        remitted(madrs, now)
    with pytest.raises(ContractError, match="score on the madrs"):
        responded(madrs, 32.0, now)
    with pytest.raises(ContractError, match="baseline on the madrs"):
        responded(madrs, now, 10.0)


@pytest.mark.parametrize("baseline", [0.0, np.array([30.0, 0.0])])
def test_where_nothing_can_improve_nothing_responds(baseline):
    with pytest.raises(ContractError, match="baseline on the madrs: expected more than 0"):
        responded(instrument("madrs"), baseline, 0.0)


def test_a_drop_is_no_response_where_more_is_better():
    turned = replace(instrument("madrs"), higher_is="better")
    with pytest.raises(ContractError, match="more is worse"):
        responded(turned, 30.0, 10.0)
    with pytest.raises(ContractError, match="more is worse"):
        remitted(turned, 10.0)


def test_no_scores_are_no_answers():
    assert remitted(instrument("madrs"), np.array([])).shape == (0,)


def test_what_a_file_does_not_say_is_empty():
    assert instrument("madrs").locator == ""
    assert instrument("isi").note == ""
