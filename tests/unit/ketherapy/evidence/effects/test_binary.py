import math

import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.evidence.effects import Counts, ZeroCells, odds_ratio, risk_difference, risk_ratio


def shown(effects):
    return float(effects.measure.shown(effects.y)[0])


@pytest.mark.parametrize(
    ("treated", "control", "rr"),
    [
        pytest.param((3, 3), (0, 4), 8.75, id="everybody against nobody, as in the review"),
        pytest.param((1, 7), (0, 8), 3.375, id="one empty cell"),
        pytest.param((10, 10), (5, 10), (10.5 / 11) / (5.5 / 11), id="everybody in one arm"),
        pytest.param((1, 10), (1, 10), 1.0, id="no empty cell: nothing is added"),
        pytest.param((2, 10), (1, 10), 2.0, id="no empty cell: the plain ratio"),
    ],
)
def test_half_is_added_to_all_cells_where_any_is_empty(treated, control, rr):
    assert shown(risk_ratio(Counts(*treated), Counts(*control))) == pytest.approx(rr)


def test_the_other_studies_are_left_as_they_are():
    found = risk_ratio(Counts([2, 1], 10), Counts([1, 0], 10))
    assert math.exp(found.y[0]) == pytest.approx(2.0)
    assert math.exp(found.y[1]) == pytest.approx(3.0)


def test_the_reciprocal_correction_adds_by_the_inverse_size_of_the_other_arm():
    """With arms of 10 and 30 the cells get 1/4 and 3/4: no event at all would be a ratio of 1."""
    found = odds_ratio(Counts(1, 10), Counts(0, 30), zero_cells=ZeroCells.RECIPROCAL)
    assert shown(found) == pytest.approx((1.25 / 9.25) / (0.75 / 30.75))


def test_an_empty_cell_is_refused_where_nothing_may_be_added():
    with pytest.raises(ContractError, match="events of Small"):
        risk_ratio(Counts(1, 7), Counts(0, 8), labels=["Small"], zero_cells=ZeroCells.REFUSE)


@pytest.mark.parametrize("ratio", [risk_ratio, odds_ratio])
@pytest.mark.parametrize(
    ("events", "n", "why"), [((0, 0), (9, 9), "nobody"), ((9, 9), (9, 9), "everybody")]
)
def test_a_study_that_says_nothing_on_a_ratio_is_dropped_with_the_reason(ratio, events, n, why):
    treated, control = Counts([2, events[0]], [9, n[0]]), Counts([1, events[1]], [9, n[1]])
    found = ratio(treated, control, labels=["Kept", "Silent"])
    assert found.labels == ("Kept",)
    (out,) = found.dropped
    assert out.label == "Silent"
    assert out.why.startswith(why)


def test_one_arm_with_everybody_and_one_with_nobody_is_kept():
    assert not risk_ratio(Counts(4, 4), Counts(0, 4)).dropped


@pytest.mark.parametrize("ratio", [risk_ratio, odds_ratio])
def test_no_event_anywhere_is_refused(ratio):
    with pytest.raises(ContractError, match="some people had the event"):
        ratio(Counts([0, 0], 10), Counts([0, 0], 12))


def test_a_study_silent_in_some_syntheses_only_is_refused():
    with pytest.raises(ContractError, match="events of study 2"):
        risk_ratio(Counts(np.array([[2, 1], [2, 0]]), 9), Counts(np.array([[1, 1], [1, 0]]), 9))


def test_a_difference_is_that_of_the_counts_and_keeps_silent_studies():
    found = risk_difference(Counts([3, 0], [10, 20]), Counts([1, 0], [10, 30]))
    assert found.y.tolist() == pytest.approx([0.2, 0.0])
    assert found.v[0] == pytest.approx(0.3 * 0.7 / 10 + 0.1 * 0.9 / 10)
    assert found.v[1] > 0.0
    with pytest.raises(ContractError, match="events of study 1"):
        risk_difference(Counts(0, 20), Counts(0, 30), zero_cells=ZeroCells.REFUSE)


def test_labels_must_be_as_many_as_studies():
    with pytest.raises(ContractError, match="labels: expected 2"):
        risk_difference(Counts([3, 1], 10), Counts([1, 1], 10), labels=["one"])


def test_without_an_empty_cell_nothing_is_refused_and_nothing_added():
    arms = Counts([2, 3], 10), Counts([1, 4], 10)
    plain, strict = odds_ratio(*arms), odds_ratio(*arms, zero_cells=ZeroCells.REFUSE)
    np.testing.assert_array_equal(strict.y, plain.y)
