"""What the effect models are fitted to, and what the trial files hold, are the same numbers."""

from __future__ import annotations

import pytest

from ketherapy.evidence.trials import Kind, Result, trial
from ketherapy.pharmacology.effects.observed import Observed, observed

KINDS = {
    "MADRS_total": (Kind.SCORE, Kind.BASELINE),
    "MADRS_change": (Kind.CHANGE,),
    "response_pct": (Kind.RESPONSE,),
    "remission_pct": (Kind.REMISSION,),
}
HOURS = {"d": 24.0, "h": 1.0}
BOTH = ("lii2023", "transform1", "transform2", "transform3")
ROWS = [
    row
    for row in observed()
    if row.trial in BOTH and row.endpoint in KINDS and "men" not in row.arm and row.time is not None
]


def value(result: Result) -> float | None:
    if result.events is None or result.n is None:
        return result.mean
    return 100.0 * result.events / result.n


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_number_in_both_tables_is_one_number(row: Observed):
    hours = row.time * HOURS[row.time_unit]
    held = [
        value(result)
        for outcome in trial(row.trial).outcomes
        if outcome.kind in KINDS[row.endpoint]
        and outcome.instrument == "madrs"
        and (0.0 if outcome.kind is Kind.BASELINE else outcome.at) == hours
        for result in outcome.results.values()
        if result.n == row.n
    ]
    decimals = len(f"{row.mean:g}".partition(".")[2])
    assert any(one is not None and abs(one - row.mean) <= 0.51 * 10.0**-decimals for one in held)


def test_there_are_numbers_in_both():
    assert len(ROWS) >= 30
