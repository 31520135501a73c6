from dataclasses import fields, replace

import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.instruments.instrument import (
    Instrument,
    instrument,
    instruments,
    remitted,
    responded,
    score,
)

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


@EVERY
def test_a_definition_is_a_number_of_the_scale(scale):
    if scale.response is not None:
        assert 0.0 < scale.response.value < 1.0
    if scale.remission is not None:
        assert scale.score_range[0] <= scale.remission.value < scale.score_range[1]


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
    with pytest.raises(ContractError, match="remission on the nrs"):
        remitted(instrument("nrs"), 1.0)
    with pytest.raises(ContractError, match="response on the nrs"):
        responded(instrument("nrs"), 8.0, 1.0)
    with pytest.raises(ContractError, match="response on the cadss"):
        responded(instrument("cadss"), 20.0, 1.0)


def test_an_unknown_instrument_is_refused_with_those_there_are():
    with pytest.raises(ContractError, match="expected one of cadss, hamd17, madrs, nrs"):
        instrument("bdi")


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


def refusal(function, *arguments) -> str:
    with pytest.raises(ContractError) as refused:
        function(*arguments)
    return str(refused.value)


def test_a_refusal_says_what_came_and_what_to_do():
    madrs = instrument("madrs")
    assert refusal(instrument, "bdi") == (
        "instrument: expected one of cadss, hamd17, madrs, nrs, got 'bdi'."
        " Choose one of these, or add its file."
    )
    assert refusal(score, madrs, 61.0) == (
        "score on the madrs: expected 0 to 60 points, got 61.0."
        " Correct it: no total lies outside the scale."
    )
    assert refusal(responded, madrs, np.array([30.0, 0.0]), 1.0) == (
        "baseline on the madrs: expected more than 0 points, got 0.0."
        " Nothing can improve there: leave the person out."
    )
    assert refusal(remitted, instrument("nrs"), 1.0) == (
        "remission on the nrs: expected a definition in its file, got nothing."
        " Use another instrument."
    )
    assert refusal(remitted, replace(madrs, higher_is="better"), 1.0) == (
        "remission on the madrs: expected a scale on which more is worse, got 'better'."
        " A drop is no improvement there: use another instrument."
    )


def test_one_score_off_the_scale_is_found_among_others():
    with pytest.raises(ContractError, match="got 61"):
        remitted(instrument("madrs"), np.array([10.0, 61.0]))


def test_a_scale_without_a_note_has_none():
    scale = instrument("madrs")
    entries = {field.name: getattr(scale, field.name) for field in fields(scale)}
    assert Instrument(**{key: entries[key] for key in entries if key != "note"}).note == ""
