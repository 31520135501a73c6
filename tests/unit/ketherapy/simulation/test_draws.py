"""Draws: published answers of the generator, and the same bits for a patient in any company."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketherapy.errors import ContractError
from ketherapy.simulation.draws import Stream, normals, uniforms

FULL = 2**64 - 1


# Known answers of Philox 4x64 with ten rounds, as published with Random123 (kat_vectors).
@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [
        pytest.param(
            (0, 0, 0, 0), (0, 0),
            (0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B),
            id="zeros",
        ),
        pytest.param(
            (FULL, FULL, FULL, FULL), (FULL, FULL),
            (0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0),
            id="ones",
        ),
        pytest.param(
            (0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89),
            (0x452821E638D01377, 0xBE5466CF34E90C6C),
            (0xA528F45403E61D95, 0x38C72DBD566E9788, 0xA5A1610E72FD18B5, 0x57BD43B5E52B7FE6),
            id="pi",
        ),
    ],
)  # fmt: skip
def test_the_generator_gives_its_published_answers(counter, key, answer):
    before = (sum(word << (64 * k) for k, word in enumerate(counter)) - 1) % 2**256
    philox = np.random.Philox(counter=before, key=key[0] + (key[1] << 64))
    assert tuple(int(word) for word in philox.random_raw(4)) == answer


def test_the_first_numbers_are_the_top_52_bits_of_the_published_answer():
    answer = (0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B)
    expected = [((word >> 12) + 0.5) * 2.0**-52 for word in answer]
    found = uniforms(0, stream=0, first=0, count=1, width=4)
    np.testing.assert_array_equal(found, [expected])


@pytest.mark.parametrize("chunks", [1, 2, 7])
def test_a_patient_is_the_same_in_any_chunks_and_in_any_order(chunks):
    ends = np.linspace(0, 1000, chunks + 1).astype(int)
    whole = normals(11, stream=3, first=0, count=1000, width=6)
    order = np.random.default_rng(1).permutation(chunks)
    rows = {
        k: normals(11, stream=3, first=int(ends[k]), count=int(ends[k + 1] - ends[k]), width=6)
        for k in order
    }
    np.testing.assert_array_equal(np.concatenate([rows[k] for k in range(chunks)]), whole)


@given(
    seed=st.integers(0, FULL),
    stream=st.integers(0, FULL),
    first=st.integers(0, 2**62),
    before=st.integers(0, 50),
    width=st.integers(1, 9),
)
def test_a_patient_does_not_depend_on_the_company(seed, stream, first, before, width):
    alone = uniforms(seed, stream=stream, first=first + before, count=1, width=width)
    among = uniforms(seed, stream=stream, first=first, count=before + 3, width=width + 4)
    np.testing.assert_array_equal(alone[0], among[before, :width])


def test_more_numbers_leave_the_first_ones_as_they_are():
    few = uniforms(5, stream=1, first=0, count=10, width=3)
    many = uniforms(5, stream=1, first=0, count=10, width=40)
    np.testing.assert_array_equal(few, many[:, :3])


def test_seeds_streams_and_patients_share_nothing():
    drawn = [
        uniforms(seed, stream=stream, first=first, count=50, width=7)
        for seed, stream, first in [(1, 1, 0), (2, 1, 0), (1, 2, 0), (1, 1, 50)]
    ]
    assert len(np.unique(np.concatenate(drawn))) == 4 * 50 * 7


def test_streams_are_all_different():
    kinds = list(Stream)
    numbers = [s.of() for s in kinds] + [s.of(k) for s in kinds for k in range(1, 30)]
    numbers += [s.of(k, j) for s in kinds for k in range(1, 30) for j in range(30)]
    assert len(set(numbers)) == len(numbers)


def test_uniform_numbers_are_uniform():
    drawn = uniforms(7, stream=1, first=0, count=200_000, width=2)
    assert 0.0 < drawn.min() < drawn.max() < 1.0
    # five standard errors of a mean of 400,000
    assert drawn.mean() == pytest.approx(0.5, abs=5.0 * (1.0 / 12.0 / 400_000) ** 0.5)
    counts, _ = np.histogram(drawn, bins=50, range=(0.0, 1.0))
    chi2 = np.sum((counts - 8000.0) ** 2 / 8000.0)
    assert chi2 < 49.0 + 5.0 * (2.0 * 49.0) ** 0.5


def test_normal_numbers_are_normal_and_unrelated():
    drawn = normals(7, stream=1, first=0, count=200_000, width=3)
    n = len(drawn)
    np.testing.assert_allclose(drawn.mean(axis=0), 0.0, atol=5.0 / n**0.5)
    np.testing.assert_allclose(np.cov(drawn.T), np.eye(3), atol=5.0 * (2.0 / n) ** 0.5)
    neighbours = np.mean(drawn[1:, 0] * drawn[:-1, 0])
    assert neighbours == pytest.approx(0.0, abs=5.0 / n**0.5)


@pytest.mark.parametrize(
    "wrong",
    [
        {"seed": -1}, {"seed": 2**64}, {"stream": -1}, {"first": -1}, {"count": 0}, {"width": 0},
        {"first": 2**64},
    ],
    ids=str,
)  # fmt: skip
def test_numbers_out_of_range_are_refused(wrong):
    right = {"seed": 1, "stream": 1, "first": 0, "count": 1, "width": 1} | wrong
    with pytest.raises(ContractError):
        uniforms(right.pop("seed"), **right)


@pytest.mark.parametrize("place", [-1, 2**16])
def test_a_place_out_of_range_is_refused(place):
    with pytest.raises(ContractError, match="place in a stream"):
        Stream.OCCASION.of(place)
