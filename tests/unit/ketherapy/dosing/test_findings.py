"""Findings: how grave, what passes them, in which order."""

import pytest

from ketherapy.dosing.findings import Finding, Severity, ordered
from ketherapy.sources import Status


def finding(rule="CI-007", severity=Severity.HOLD, asks=(), observed="so"):
    return Finding(
        rule=rule, severity=severity, says="", observed=observed, limit="", resolves="",
        source="", locator="", status=Status.VERIFIED, jurisdiction="US", asks=asks,
    )  # fmt: skip


def test_the_ladder_of_severities():
    assert list(Severity) == [Severity.INFO, Severity.CAUTION, Severity.HOLD, Severity.BLOCK]
    assert [one.value for one in Severity] == [1, 2, 3, 4]


def test_a_finding_asks_for_nothing_and_extrapolates_nothing_unless_it_says_so():
    found = Finding(
        rule="CI-007", severity=Severity.HOLD, says="", observed="", limit="", resolves="",
        source="", locator="", status=Status.VERIFIED, jurisdiction="US",
    )  # fmt: skip
    assert (found.asks, found.extrapolated_from) == ((), "")


@pytest.mark.parametrize(
    ("severity", "asks", "stops", "can_be_overridden"),
    [
        (Severity.INFO, (), False, False),
        (Severity.CAUTION, (), False, False),
        (Severity.CAUTION, ("age",), False, False),
        (Severity.HOLD, (), True, True),
        (Severity.HOLD, ("age",), True, False),
        (Severity.BLOCK, (), True, False),
        (Severity.BLOCK, ("age",), True, False),
    ],
)
def test_a_hold_on_what_is_known_and_nothing_else_can_be_passed(
    severity, asks, stops, can_be_overridden
):
    found = finding(severity=severity, asks=asks)
    assert (found.stops, found.can_be_overridden) == (stops, can_be_overridden)


def test_the_gravest_come_first_then_by_rule_then_by_what_was_seen():
    block, late, early = finding("CI-040", Severity.BLOCK), finding("CI-008"), finding("CI-007")
    more = finding("CI-007", observed="then")
    info = finding("CI-001", Severity.INFO)
    wanted = (block, early, more, late, info)
    assert ordered((info, late, more, early, block)) == wanted
    assert ordered(tuple(reversed(wanted))) == wanted
