"""The double check: two persons, the same mg and mL, and no one counted twice."""

import pytest

from ketherapy.dosing.double_check import Computed, double_check
from ketherapy.dosing.findings import Severity


def by(name, amount=40.0, volume=0.0008):
    return Computed(by=name, amount=amount, volume=volume)


def found(*checks):
    return [(one.rule, one.severity) for one in double_check(40.0, 0.0008, checks)]


MISSING = ("double_check.missing", Severity.HOLD)
DIFFERS = ("double_check.differs", Severity.BLOCK)


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        pytest.param((), [MISSING], id="nobody"),
        pytest.param((by("ada"),), [MISSING], id="one"),
        pytest.param((by("ada"), by("ada")), [MISSING], id="one, twice"),
        pytest.param((by("ada"), by("bea")), [], id="two"),
        pytest.param((by("ada"), by("bea"), by("cy")), [], id="three"),
        pytest.param((by("ada"), by("bea", amount=400.0)), [DIFFERS], id="other mg"),
        pytest.param((by("ada"), by("bea", volume=0.008)), [DIFFERS], id="other mL"),
        pytest.param((by("ada", amount=4.0), by("bea", amount=4.0)), [DIFFERS] * 2, id="both"),
        pytest.param((by("ada", volume=float("nan")),), [MISSING, DIFFERS], id="no number"),
        pytest.param((by("ada"), by("bea", amount=40.01)), [DIFFERS], id="a little other"),
        pytest.param((by("ada"), by("bea", amount=39.99)), [DIFFERS], id="a little less"),
    ],
)
def test_two_persons_come_to_the_same(checks, expected):
    assert found(*checks) == expected


def test_what_is_missing_and_what_differs_is_said():
    missing, differs = double_check(40.0, 0.0008, (by("ada", volume=0.008),))
    assert missing.says == (
        "Each of them computes mg and mL from the order, without being told the result."
    )
    assert missing.observed == "computed by 1 of 2 persons"
    assert (missing.resolves, missing.limit) == ("Another person computes both.", "2 persons")
    assert (missing.asks, missing.can_be_overridden) == (("double_check",), False)
    assert differs.says == "Nothing is drawn until both come to the same mg and mL."
    assert differs.observed == "40 mg and 8 mL for 40 mg and 0.8 mL"
    assert differs.resolves == "Both compute again from the order."
