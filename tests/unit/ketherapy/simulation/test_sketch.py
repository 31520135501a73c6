"""The quantile sketch: exact while small, and never farther off than it says."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketherapy.errors import ContractError, SolverError
from ketherapy.simulation.sketch import RANK_ERROR, Sketch, buffer_size

PROBABILITIES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)
ORDERS = {
    "sorted": lambda n: np.arange(n),
    "reversed": lambda n: np.arange(n)[::-1],
    "zigzag": lambda n: np.where(np.arange(n) % 2, np.arange(n), n - np.arange(n)),
    "organ pipe": lambda n: np.minimum(np.arange(n), n - np.arange(n)),
    "constant": lambda n: np.full(n, 7),
    "two values": lambda n: np.arange(n) % 2,
    "random": lambda n: np.random.default_rng(4).permutation(n),
}


def sketched(values: np.ndarray, *, k: int, piece: int) -> Sketch:
    """Return the sketch of one series, fed in pieces."""
    sketch = Sketch.empty(1, k=k)
    for first in range(0, len(values), piece):
        sketch = sketch.added(values[None, first : first + piece])
    return sketch


def rank_errors(values: np.ndarray, sketch: Sketch) -> np.ndarray:
    """Return how far the rank of each quantile lies from the one asked for, in values."""
    found = sketch.quantiles(PROBABILITIES)[:, 0]
    wanted = np.ceil(np.array(PROBABILITIES) * len(values))
    ordered = np.sort(values)
    lowest = np.searchsorted(ordered, found, side="left") + 1
    highest = np.searchsorted(ordered, found, side="right")
    return np.maximum(0, np.maximum(lowest - wanted, wanted - highest))


@pytest.mark.parametrize("n", [1, 2, 3, 20, 100, 255])
def test_few_values_give_the_very_quantiles_of_numpy(n):
    values = np.random.default_rng(n).lognormal(size=(5, n))
    sketch = Sketch.empty(5, k=64).added(values)
    expected = np.quantile(values, PROBABILITIES, axis=1, method="inverted_cdf")
    np.testing.assert_array_equal(sketch.quantiles(PROBABILITIES), expected)
    assert sketch.rank_error == 0.0


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("piece", [16, 50, 1000])
def test_no_rank_is_farther_off_than_said(order, piece):
    values = ORDERS[order](20_000).astype(float)
    sketch = sketched(values, k=16, piece=piece)
    assert np.all(rank_errors(values, sketch) <= sketch.error)
    assert sketch.n == 20_000


@settings(max_examples=50)
@given(data=st.data())
def test_however_it_is_put_together_no_rank_is_farther_off_than_said(data):
    numbers = st.floats(-5, 5, width=16)
    pieces = data.draw(st.lists(st.lists(numbers, min_size=1, max_size=90), min_size=2, max_size=9))
    parts = [sketched(np.array(piece), k=4, piece=7) for piece in pieces]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.merged(part)
    values = np.concatenate([np.array(piece) for piece in pieces])
    assert whole.n == len(values)
    assert np.all(rank_errors(values, whole) <= whole.error)


def test_nothing_is_lost_of_the_weight():
    sketch = sketched(np.random.default_rng(0).normal(size=10_007), k=16, piece=33)
    _, weights = sketch._kept()
    assert weights.sum() == 10_007


@pytest.mark.parametrize("n", [1, 8191, 100_000, 1_000_000, 10_000_000, 1_000_000_000])
def test_the_buffers_are_large_enough_for_the_promise(n):
    k = buffer_size(n)
    collapses = [n // (4 * k * 4**level) for level in range(20)]
    assert sum(2 * 4**level * count for level, count in enumerate(collapses)) <= RANK_ERROR * n


def test_a_million_ranks_keep_the_promise():
    values = np.random.default_rng(1).permutation(1_000_000).astype(float)
    sketch = sketched(values, k=buffer_size(1_000_000), piece=2048)
    assert 0.0 < sketch.rank_error <= RANK_ERROR
    assert rank_errors(values, sketch).max() <= RANK_ERROR * 1_000_000


@pytest.mark.parametrize("n", [1_000, 10_000, 100_000])
def test_what_is_kept_grows_with_the_logarithm_of_the_people(n):
    kept = sketched(np.random.default_rng(3).normal(size=n), k=16, piece=64)._kept()[1].size
    assert kept <= 16 + 3 * 16 * (1 + math.log(n / 16, 4))


def test_series_do_not_mix():
    one = np.random.default_rng(2).normal(size=(3, 5000))
    together = Sketch.empty(3, k=64).added(one).quantiles(PROBABILITIES)
    apart = [sketched(row, k=64, piece=5000).quantiles(PROBABILITIES)[:, 0] for row in one]
    np.testing.assert_array_equal(together, np.array(apart).T)


def test_a_sketch_of_others_is_refused():
    with pytest.raises(ContractError, match="2 series"):
        Sketch.empty(2, k=8).merged(Sketch.empty(3, k=8))


def test_nothing_has_no_quantiles():
    with pytest.raises(ContractError, match="quantiles"):
        Sketch.empty(2, k=8).quantiles((0.5,))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_no_number_is_not_hidden_in_a_quantile(bad):
    with pytest.raises(SolverError, match="finite"):
        Sketch.empty(1, k=8).added(np.array([[1.0, bad]]))


@pytest.mark.parametrize("p", [0.07, 0.14, 0.28, 0.55, 0.56, 0.05, 0.95])
def test_a_rank_is_that_of_the_decimals_as_they_are_written(p):
    values = np.arange(1.0, 101.0)[None]
    found = Sketch.empty(1, k=2048).added(values).quantiles((p,))
    assert found[0, 0] == round(100 * p)
