"""Weights: missing, old, alone, in pounds, unlike the last one."""

import pytest

from ketherapy.dosing.findings import Severity
from ketherapy.dosing.likeness import limits
from ketherapy.dosing.weighing import Weighing, weight_slips
from ketherapy.sources import Status

DAY, NONE = 24.0, float("nan")


def found(weight=80.0, ago=DAY, again=80.0, before="none"):
    return weight_slips(Weighing(weight=weight, ago=ago), again=again, before=before)


def rules(findings):
    assert {one.severity for one in findings} <= {Severity.HOLD}
    return [one.rule for one in findings]


def test_no_weight_is_ever_assumed():
    (finding,) = weight_slips(None, again=80.0, before=80.0)
    assert (finding.rule, finding.severity) == ("slip.weight_missing", Severity.HOLD)
    assert finding.says == "No weight is ever assumed."
    assert (finding.observed, finding.resolves) == ("no weight", "Weigh the person.")
    assert (finding.asks, finding.can_be_overridden) == (("weight",), False)


@pytest.mark.parametrize(
    ("weight", "is_fine"),
    [(19.9, False), (20.0, True), (350.0, True), (350.1, False), (0.0, False), (-80.0, False)],
)
def test_a_weight_is_one_that_a_form_accepts(weight, is_fine):
    findings = found(weight=weight, again=weight)
    assert ("slip.weight_range" in rules(findings)) == (not is_fine)


def test_a_weight_out_of_range_asks_for_the_unit():
    (finding,) = found(weight=80_000.0, again=80_000.0)
    assert finding.says == "A weight like this is likelier a slip."
    assert (finding.observed, finding.limit) == ("80000 kg", "20 to 350 kg")
    assert finding.resolves == "Weigh again: is it kg, and no lb or g?"


@pytest.mark.parametrize(
    ("days", "is_fine"),
    [(0.0, True), (29.9, True), (30.0, True), (30.1, False), (-0.1, False), (float("nan"), False)],
)
def test_a_weight_is_at_most_thirty_days_old(days, is_fine):
    findings = found(ago=days * DAY)
    assert rules(findings) == ([] if is_fine else ["slip.weight_age"])


def test_an_old_weight_says_how_old():
    (finding,) = found(ago=45.0 * DAY)
    assert finding.says == "An old weight says little."
    assert (finding.observed, finding.limit) == ("weighed 45 days ago", "30 day")
    assert (finding.resolves, finding.asks) == ("Weigh again.", ("weight",))
    assert (finding.source, finding.status) == ("ketherapy", Status.CONVENTION)
    assert finding.locator == limits().weight_age.locator


def test_a_weight_alone_is_held_because_pounds_look_like_kilograms():
    (finding,) = found(weight=154.0, again=None)
    assert (finding.rule, finding.severity) == ("slip.weight_alone", Severity.HOLD)
    assert finding.says == "A single weight may be in pounds."
    assert finding.observed == "154 kg and no other weighing"
    assert finding.resolves == "A second person reads the scale, with its unit."
    assert (finding.limit, finding.locator, finding.source) == ("", "", "ketherapy")
    assert found(again=None, before=80.0) == ()
    assert found(again=80.0, before="none") == ()


def test_a_last_weight_that_is_not_known_is_asked_for():
    (finding,) = found(before=None)
    assert (finding.rule, finding.severity) == ("slip.weight_before", Severity.HOLD)
    assert (finding.asks, finding.can_be_overridden) == (("weight_before",), False)
    assert finding.says == "A weight is held against the last one."
    assert finding.observed == "not known: weight at an earlier visit"
    assert finding.resolves == "Look it up, or say that there is none."
    assert rules(found(again=None, before=None)) == ["slip.weight_alone", "slip.weight_before"]


@pytest.mark.parametrize(
    ("again", "is_fine"),
    [(84.2, True), (84.3, False), (76.2, True), (76.1, False), (176.37, False), (0.0, False),
     (float("nan"), False), (float("inf"), False)],
)  # fmt: skip
def test_two_readings_agree_within_five_per_cent(again, is_fine):
    # 80 of 84.2 is 95.01 %, of 84.3 94.9 %, of 76.2 104.99 %, of 76.1 105.1 %
    assert rules(found(again=again)) == ([] if is_fine else ["slip.weight_again"])


@pytest.mark.parametrize(
    ("before", "is_fine"),
    [
        (88.8, True),
        (89.0, False),
        (72.8, True),
        (72.7, False),
        (36.3, False),
        (float("nan"), False),
    ],
)
def test_a_weight_changes_by_ten_per_cent_at_most(before, is_fine):
    assert rules(found(before=before)) == ([] if is_fine else ["slip.weight_change"])


def test_pounds_are_suspected_by_name_both_ways():
    for weight, other in ((176.37, 80.0), (80.0, 176.37)):
        again, change = found(weight=weight, again=other, before=other)
        assert (again.rule, change.rule) == ("slip.weight_again", "slip.weight_change")
        assert again.observed == f"{weight:g} kg and {other:g} kg"
        assert again.resolves == "Weigh again, and read the unit."
        for finding, share in ((again, "5 %"), (change, "10 %")):
            assert finding.limit == share
            assert finding.says == (
                f"Two weights differ by more than {share}. It looks like kg and lb, mistaken."
            )
