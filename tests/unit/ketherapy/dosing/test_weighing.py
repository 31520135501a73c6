"""Weights: missing, old, alone, in pounds, unlike the last one."""

import pytest

from ketherapy.dosing.likeness import limits
from ketherapy.dosing.notices import Severity
from ketherapy.dosing.weighing import Weighing, weight_slips

DAY = 24.0


def found(weight=80.0, ago=DAY, again=80.0, before=None):
    return weight_slips(Weighing(weight=weight, ago=ago), again=again, before=before)


def checks(notices):
    assert {notice.severity for notice in notices} <= {Severity.HOLD}
    return [notice.check for notice in notices]


def test_no_weight_is_ever_assumed():
    (notice,) = weight_slips(None, again=80.0, before=80.0)
    assert (notice.check, notice.severity) == ("weight_missing", Severity.HOLD)
    assert (notice.seen, notice.limit) == ("no weight", None)
    assert notice.remedy == "Weigh the person; none is ever assumed."


@pytest.mark.parametrize(
    ("weight", "is_fine"),
    [(29.9, False), (30.0, True), (300.0, True), (300.1, False), (0.0, False), (-80.0, False)],
)
def test_a_weight_is_that_of_an_adult(weight, is_fine):
    notices = found(weight=weight, again=weight)
    assert ("weight_range" in checks(notices)) == (not is_fine)


def test_a_weight_out_of_range_asks_for_the_unit():
    (notice,) = found(weight=80_000.0, again=80_000.0)
    assert notice.seen == "80000 kg"
    assert notice.remedy == "From 30 kg to 300 kg is expected: is it kg, and no lb or g?"


@pytest.mark.parametrize(
    ("days", "is_fine"),
    [(0.0, True), (29.9, True), (30.0, True), (30.1, False), (-0.1, False), (float("nan"), False)],
)
def test_a_weight_is_at_most_thirty_days_old(days, is_fine):
    notices = found(ago=days * DAY)
    assert checks(notices) == ([] if is_fine else ["weight_age"])


def test_an_old_weight_says_how_old():
    (notice,) = found(ago=45.0 * DAY)
    assert notice.seen == "weighed 45 days ago"
    assert notice.remedy == "Weigh again: 30 day at most."
    assert notice.limit == limits().weight_age


def test_a_weight_alone_is_held_because_pounds_look_like_kilograms():
    (notice,) = found(weight=154.0, again=None)
    assert (notice.check, notice.severity) == ("weight_alone", Severity.HOLD)
    assert notice.seen == "154 kg and no other weighing"
    assert notice.remedy == "A second person reads the scale, with its unit."
    assert found(again=None, before=80.0) == ()
    assert found(again=80.0, before=None) == ()


@pytest.mark.parametrize(
    ("again", "is_fine"),
    [(84.2, True), (84.3, False), (76.2, True), (76.1, False), (176.37, False), (0.0, False),
     (float("nan"), False), (float("inf"), False)],
)  # fmt: skip
def test_two_readings_agree_within_five_per_cent(again, is_fine):
    # 80 of 84.2 is 95.01 %, of 84.3 94.9 %, of 76.2 104.99 %, of 76.1 105.1 %
    assert checks(found(again=again)) == ([] if is_fine else ["weight_again"])


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
    assert checks(found(before=before)) == ([] if is_fine else ["weight_change"])


def test_pounds_are_suspected_by_name_both_ways():
    for weight, other in ((176.37, 80.0), (80.0, 176.37)):
        again, change = found(weight=weight, again=other, before=other)
        assert (again.check, change.check) == ("weight_again", "weight_change")
        assert again.seen == f"{weight:g} kg and {other:g} kg"
        assert again.remedy == (
            "Weigh again, and read the unit. It looks like kg and lb, mistaken."
        )
        assert (again.limit, change.limit) == (limits().agreement, limits().weight_change)
