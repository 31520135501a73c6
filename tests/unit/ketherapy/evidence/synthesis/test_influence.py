import math

import numpy as np
import pytest
from scipy import stats

from ketherapy.errors import ContractError
from ketherapy.evidence.synthesis import (
    Interval,
    Tau2,
    cumulative,
    leave_one_out,
    pool,
    subgroups,
)
from tests.evidence import alike, effects

FIELDS = ("estimate", "low", "high", "tau2", "tau2_high", "Q", "I2", "prediction_low")


def same(many, place, one):
    for field in FIELDS:
        found = np.asarray(getattr(many, field))[place]
        assert found == pytest.approx(getattr(one, field), rel=1e-9, abs=1e-12, nan_ok=True), field


def some(found, places):
    return effects(found.y[places], found.v[places])


@pytest.mark.parametrize("method", Tau2)
def test_without_a_study_is_the_synthesis_of_the_others(method):
    every = alike(6)
    found = leave_one_out(every, tau2=method)
    for out in range(6):
        others = [place for place in range(6) if place != out]
        same(found, out, pool(some(every, others), tau2=method))
        assert found.weights[out, out] == 0.0
    assert found.weights.shape == (6, 6)


def test_two_studies_leave_nothing_to_pool():
    with pytest.raises(ContractError, match="at least 3 to leave one out"):
        leave_one_out(alike(2))


def test_cumulative_ends_with_all_and_begins_with_one():
    every, order = alike(5), [3, 1, 4, 0, 2]
    found = cumulative(every, order)
    for last in range(1, 5):
        same(found, last, pool(some(every, order[: last + 1])))
    alone = pool(some(every, [3]), tau2=Tau2.COMMON, interval=Interval.WALD)
    assert (found.estimate[0], found.low[0]) == pytest.approx((alone.estimate, alone.low))
    assert math.isnan(found.tau2[0])
    assert any("single study" in note for note in found.notes)
    assert np.count_nonzero(found.weights, axis=1).tolist() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("order", [[0, 1], [0, 1, 1], [1, 2, 3]])
def test_an_order_names_every_study_once(order):
    with pytest.raises(ContractError, match="order"):
        cumulative(alike(3), order)


def test_many_syntheses_are_taken_apart_at_once():
    one, other = alike(5, seed=1), alike(5, seed=2)
    both = effects(np.stack([one.y, other.y]), np.stack([one.v, other.v]))
    found = leave_one_out(both)
    assert found.estimate.shape == (5, 2)
    np.testing.assert_allclose(found.estimate[:, 1], leave_one_out(other).estimate)


def test_groups_are_pooled_apart_and_compared_by_their_errors():
    every = alike(7)
    found = subgroups(every, ["saline"] * 4 + ["midazolam"] * 3)
    assert found.groups == ("saline", "midazolam")
    ours = []
    for place, part in enumerate((slice(0, 4), slice(4, 7))):
        same(found.pooled, place, pool(some(every, part)))
        wald = pool(some(every, part), interval=Interval.WALD)
        ours.append((wald.estimate, wald.se))
    # Two groups: Q is the squared z of their difference.
    z = (ours[0][0] - ours[1][0]) / math.hypot(ours[0][1], ours[1][1])
    assert pytest.approx(z * z) == found.Q_between
    assert found.p_between == pytest.approx(2.0 * stats.norm.sf(abs(z)))


def test_a_group_of_one_study_is_said():
    found = subgroups(alike(4), ["a", "a", "a", "b"])
    assert found.notes == ("A single study, so no tau2 of its own: b.",)


@pytest.mark.parametrize("groups", [["a"] * 4, ["a", "b"]])
def test_one_group_or_too_few_names_are_refused(groups):
    with pytest.raises(ContractError, match="groups"):
        subgroups(alike(4), groups)
