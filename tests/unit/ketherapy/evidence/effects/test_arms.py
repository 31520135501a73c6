import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.evidence.effects import Counts, Means, combined_counts, combined_means


@pytest.mark.parametrize(
    ("n", "mean", "sd", "said"),
    [
        pytest.param([10, 12], [1.0, 2.0], [1.0, 0.0], "sd of study 2", id="no spread"),
        pytest.param([10, 12], [1.0, 2.0], [-1.0, 1.0], "sd of study 1", id="negative spread"),
        pytest.param([10, 1], [1.0, 2.0], [1.0, 1.0], "n of study 2", id="one person"),
        pytest.param([10, 12.5], [1.0, 2.0], [1.0, 1.0], "n of study 2", id="half a person"),
        pytest.param([10, 12], [np.nan, 2.0], [1.0, 1.0], "mean of study 1", id="no mean"),
        pytest.param([10, 12], [1.0, np.inf], [1.0, 1.0], "mean of study 2", id="no end"),
        pytest.param([10, 12], [1.0, 2.0], [1.0, np.nan], "sd of study 2", id="unknown spread"),
        pytest.param([10, 12, 3], [1.0, 2.0], [1.0, 1.0], "n, mean, sd", id="another length"),
        pytest.param([10, 12], ["a", 2.0], [1.0, 1.0], "n, mean, sd", id="not a number"),
    ],
)
def test_means_that_cannot_be_right_are_refused_by_field_and_study(n, mean, sd, said):
    read = np.array(mean) if isinstance(mean[0], str) else mean
    with pytest.raises(ContractError, match=said):
        Means(n, read, sd)


@pytest.mark.parametrize(
    ("events", "n", "said"),
    [
        pytest.param([3, 11], [10, 10], "events of study 2", id="more events than people"),
        pytest.param([3, -1], [10, 10], "events of study 2", id="negative"),
        pytest.param([3.5, 1], [10, 10], "events of study 1", id="half an event"),
        pytest.param([np.nan, 1], [10, 10], "events of study 1", id="unknown"),
        pytest.param([0, 1], [0, 10], "n of study 1", id="nobody"),
        pytest.param([0, 1], [10, np.inf], "n of study 2", id="no end"),
    ],
)
def test_counts_that_cannot_be_right_are_refused_by_field_and_study(events, n, said):
    with pytest.raises(ContractError, match=said):
        Counts(events, n)


def test_the_bounds_themselves_are_counts():
    assert Counts([0, 10], 10).read()[1].tolist() == [10.0, 10.0]


def test_arms_together_are_the_people_of_both():
    rng = np.random.default_rng(1)
    people = [rng.normal(3.0 * arm, 2.0, 20 + 7 * arm) for arm in range(3)]
    arms = [Means(len(x), float(x.mean()), float(x.std(ddof=1))) for x in people]
    n, mean, sd = (float(x[0]) for x in combined_means(*arms).read())
    everybody = np.concatenate(people)
    assert (n, mean, sd) == pytest.approx((81, everybody.mean(), everybody.std(ddof=1)))


def test_counts_together_are_sums():
    events, n = combined_counts(Counts([1, 2], 10), Counts([3, 0], 20)).read()
    assert events.tolist() == [4.0, 2.0]
    assert n.tolist() == [30.0, 30.0]


@pytest.mark.parametrize("combined", [combined_means, combined_counts])
def test_no_arm_is_no_arm(combined):
    with pytest.raises(ContractError, match="at least one"):
        combined()
