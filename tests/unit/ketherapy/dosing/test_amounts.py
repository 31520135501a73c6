"""Amounts as a nurse reads them: canonical numbers in the units of a syringe and a clock."""

import pytest

from ketherapy.dosing import amounts
from ketherapy.sources import Cited


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (amounts.mg(35.675), "35.675 mg"),
        (amounts.ml(0.0008), "0.8 mL"),
        (amounts.mg_per_ml(100_000.0), "100 mg/mL"),
        (amounts.minutes(2.0 / 3.0), "40 min"),
        (amounts.seconds(1.0 / 60.0), "60 s"),
        (amounts.number(0.1234567), "0.123457"),
        (amounts.number(1234567.0), "1234570"),
        (amounts.printed(Cited(value=0.5, unit="mg/kg")), "0.5 mg/kg"),
        (amounts.printed(Cited(value=3.0, unit="1")), "3"),
    ],
)
def test_an_amount_is_said_with_its_unit(said, expected):
    assert said == expected
