import math

import pytest

from ketherapy.errors import ContractError
from ketherapy.evidence.effects import Measure, generic, hazard_ratio

Z = 1.959963984540054


@pytest.mark.parametrize(
    ("estimate", "low", "high"),
    [
        pytest.param(0.49, 0.29, 0.84, id="remitters of SUSTAIN-1, rounded to two digits"),
        pytest.param(28.94, 3.45, 242.57, id="a very wide one"),
    ],
)
def test_a_printed_ratio_becomes_its_logarithm_with_the_error_of_its_interval(estimate, low, high):
    found = hazard_ratio(estimate, low, high)
    assert float(found.y[0]) == pytest.approx(math.log(estimate))
    assert float(found.se[0]) == pytest.approx(math.log(high / low) / (2.0 * Z))


def test_a_printed_difference_stays_as_it_is():
    found = generic(Measure.MD, [-3.16, -3.8], low=[-8.54, -6.56], high=[2.22, -1.09])
    assert found.y.tolist() == [-3.16, -3.8]
    assert float(found.se[0]) == pytest.approx(10.76 / (2.0 * Z))


def test_another_level_is_another_error():
    narrow = generic(Measure.MD, 1.0, low=0.0, high=2.0, level=0.9)
    assert float(narrow.se[0]) == pytest.approx(1.0 / 1.6448536269514722)


def test_a_standard_error_is_that_of_the_analysis_scale():
    found = generic(Measure.OR, 2.0, se=0.3)
    assert (float(found.y[0]), float(found.v[0])) == pytest.approx((math.log(2.0), 0.09))


@pytest.mark.parametrize(
    ("measure", "given", "said"),
    [
        pytest.param(Measure.MD, {"se": 0.0}, "se of A", id="no error"),
        pytest.param(Measure.MD, {"se": -1.0}, "se of A", id="negative error"),
        pytest.param(Measure.MD, {"se": math.nan}, "se of A", id="unknown error"),
        pytest.param(Measure.MD, {"low": 2.1, "high": 4.0}, "estimate of A", id="below it"),
        pytest.param(Measure.MD, {"low": 0.0, "high": 1.9}, "estimate of A", id="above it"),
        pytest.param(Measure.MD, {"low": 3.0, "high": 1.0}, "estimate of A", id="turned round"),
        pytest.param(Measure.MD, {"low": 0.0, "high": 10.0}, "interval of A", id="one-sided"),
        pytest.param(Measure.RR, {"low": 1.0, "high": 3.0}, "interval of A", id="other scale"),
        pytest.param(Measure.RR, {"low": 0.0, "high": 3.0}, "low of A", id="no logarithm"),
        pytest.param(Measure.PLO, {"low": 0.1, "high": 0.9}, "estimate of A", id="over 100 %"),
        pytest.param(Measure.MD, {}, "either se, or low and high", id="nothing"),
        pytest.param(Measure.MD, {"low": 1.0}, "either se, or low and high", id="one end"),
        pytest.param(Measure.MD, {"se": 1.0, "low": 1.0, "high": 3.0}, "either", id="both"),
        pytest.param(Measure.MD, {"low": 1.0, "high": 3.0, "level": 95.0}, "level", id="per cent"),
    ],
)
def test_what_cannot_be_right_is_refused_by_field_and_study(measure, given, said):
    with pytest.raises(ContractError, match=said):
        generic(measure, 2.0, labels=["A"], **given)
