"""Portable arithmetic: within a few units of the last place of the usual functions, everywhere."""

import tomllib
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

import ketherapy
from ketherapy.errors import ContractError
from ketherapy.pharmacology import portable

RNG = np.random.default_rng(20260101)
POINTS = Path(ketherapy.__file__).parent / "pharmacology/data/percentage_points.toml"


def ulps(found: np.ndarray, expected: np.ndarray) -> float:
    return float(np.max(np.abs(found - expected) / np.spacing(np.abs(expected))))


@pytest.mark.parametrize(
    "x",
    [
        pytest.param(RNG.uniform(-700.0, 708.0, 100_000), id="whole range"),
        pytest.param(RNG.uniform(-3.0, 3.0, 100_000), id="deviations"),
        pytest.param(RNG.normal(size=10_000) * 1e-6, id="nearly nothing"),
        pytest.param(np.log(2.0) * (np.arange(-1000, 1000) + 0.5), id="edges of reduction"),
    ],
)
def test_the_exponential_is_right_to_two_units_in_the_last_place(x):
    assert ulps(portable.exp(x), np.exp(x)) <= 2.0


@pytest.mark.parametrize("x", [-1e6, -746.0, -745.0, -720.0])
def test_the_exponential_of_very_little_goes_to_zero(x):
    assert portable.exp(x) == pytest.approx(np.exp(x), rel=1e-9, abs=5e-324)


@pytest.mark.parametrize(
    "x",
    [
        pytest.param(np.exp(RNG.uniform(-700.0, 700.0, 100_000)), id="whole range"),
        pytest.param(RNG.uniform(0.3, 3.0, 100_000), id="around one"),
        pytest.param(1.0 + RNG.normal(size=10_000) * 1e-9, id="nearly one"),
        pytest.param(np.array([5e-324, 1e-310, 1.7e308, 0.5, 2.0, 2.0**0.5]), id="ends"),
    ],
)
def test_the_logarithm_is_right_to_three_units_in_the_last_place(x):
    assert ulps(portable.log(x), np.log(x)) <= 3.0


def test_exact_cases_are_exact():
    assert portable.exp(0.0) == 1.0
    assert portable.log(1.0) == 0.0
    assert portable.normal_point(0.5) == 0.0
    assert portable.normal_fraction(0.0) == 0.5
    assert portable.power(1.3, 1.0) == 1.3


@pytest.mark.parametrize(
    ("name", "hash_sum"),
    [  # printed with the algorithm: the sum of the digits before each power of ten
        ("central", "55.8831928806149014439"),
        ("middle", "49.33206503301610289036"),
        ("tail", "47.52583317549289671629"),
    ],
)
def test_the_coefficients_have_the_printed_check_sum(name, hash_sum):
    table = tomllib.loads(POINTS.read_text(encoding="utf-8"), parse_float=str)[name]
    printed = [*table["numerator"], *table["denominator"][:-1]]  # the last, 1, is not printed
    assert sum(Decimal(text.split("e")[0]) for text in printed) == Decimal(hash_sum)


@pytest.mark.parametrize(
    "p",
    [
        pytest.param(RNG.uniform(0.0, 1.0, 100_000), id="whole range"),
        pytest.param(10.0 ** RNG.uniform(-300.0, -1.0, 100_000), id="lower tail"),
        pytest.param(1.0 - 10.0 ** RNG.uniform(-15.0, -1.0, 100_000), id="upper tail"),
        pytest.param(np.array([0.075, 0.925, np.exp(-25.0), 2.0**-53, 1 - 2.0**-53]), id="seams"),
    ],
)
def test_normal_points_agree_with_an_independent_implementation(p):
    np.testing.assert_allclose(portable.normal_point(p), special.ndtri(p), rtol=4e-15, atol=1e-15)


@pytest.mark.parametrize(
    ("p", "z"),
    [  # any table of the normal distribution
        (0.975, 1.959963984540054),
        (0.05, -1.6448536269514722),
        (0.999, 3.090232306167813),
    ],
)
def test_normal_points_are_those_of_tables(p, z):
    assert portable.normal_point(p) == pytest.approx(z, rel=1e-14)


def test_normal_fractions_agree_with_an_independent_implementation():
    x = np.linspace(-12.0, 12.0, 20_001)
    np.testing.assert_allclose(portable.normal_fraction(x), special.ndtr(x), atol=2e-15)


@given(x=st.floats(-6.0, 6.0))
def test_a_fraction_and_its_point_are_inverse(x):
    assert portable.normal_point(portable.normal_fraction(x)) == pytest.approx(x, abs=2e-6)


@given(weight=st.floats(30.0, 300.0))
def test_a_power_is_a_power(weight):
    assert portable.power(weight / 70.0, 0.75) == pytest.approx((weight / 70.0) ** 0.75, rel=1e-14)


def test_one_number_is_a_plain_float_and_an_array_keeps_its_shape():
    assert type(portable.exp(0.3)) is float
    assert type(portable.power(2.0, 0.75)) is float
    assert portable.exp(np.zeros((2, 3))).shape == (2, 3)


def test_an_array_is_computed_as_its_numbers_are_one_by_one():
    p = RNG.uniform(size=1003)  # not a multiple of any vector width
    one_by_one = np.array([portable.normal_point(float(value)) for value in p])
    np.testing.assert_array_equal(portable.normal_point(p), one_by_one)


@pytest.mark.parametrize(
    ("function", "x"),
    [
        pytest.param(portable.exp, 710.0, id="too large"),
        pytest.param(portable.exp, np.nan, id="not a number"),
        pytest.param(portable.log, 0.0, id="log of zero"),
        pytest.param(portable.log, -1.0, id="log of less"),
        pytest.param(portable.log, np.inf, id="log of infinity"),
        pytest.param(portable.normal_point, 0.0, id="nobody below"),
        pytest.param(portable.normal_point, 1.0, id="everybody below"),
    ],
)
def test_what_has_no_finite_answer_is_refused(function, x):
    with pytest.raises(ContractError):
        function(x)
