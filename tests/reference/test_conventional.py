"""Curves of the conventional antidepressants and of relapse, beside numbers derived by others."""

import math

import numpy as np
import pytest

from ketherapy import units
from ketherapy.pharmacology.effects.conventional import (
    comparator,
    conventional,
    improvement,
    occupancy,
)
from ketherapy.pharmacology.effects.relapse import Treatment, relapse_setting, survival

WEEK, DAY = 168.0, 24.0
IMPROVEMENT = [  # week, placebo, drug: two decimals, derived independently from the same numbers
    (1, 2.83, 3.37),
    (2, 4.69, 5.62),
    (3, 5.92, 7.12),
    (4, 6.73, 8.13),
    (6, 7.61, 9.25),
    (8, 8.00, 9.75),
]


@pytest.mark.parametrize(("week", "placebo", "drug"), IMPROVEMENT)
def test_improvement_on_the_hamilton_scale(week, placebo, drug):
    found = improvement(np.array([week * WEEK]))
    assert found.placebo[0] == pytest.approx(placebo, rel=0.01)
    assert found.drug[0] == pytest.approx(drug, rel=0.01)


def test_a_third_of_the_effect_is_there_by_week_one_taylor2006():
    found = improvement(np.array([1.0, 6.0]) * WEEK)
    effect = found.drug - found.placebo
    assert effect[0] / effect[1] == pytest.approx(1.0 / 3.0, rel=0.03)


def test_the_placebo_curve_has_the_printed_share_by_week_two_posternak2005():
    found = improvement(np.array([2.0, 6.0]) * WEEK).placebo
    printed = conventional().onset["two_weeks_placebo"]
    assert found[0] / found[1] == pytest.approx(printed.value / 100.0, rel=0.01)


def test_the_drug_curve_comes_near_the_printed_share_by_week_two_posternak2005():
    found = improvement(np.array([2.0, 6.0]) * WEEK).drug
    assert found[0] / found[1] == pytest.approx(0.602, rel=0.02)  # it was not fitted to this


def test_the_classes_leave_room_for_the_placebo_improvement_that_was_chosen_stone2022():
    """The unread shares: the difference of 1.75 fixes how much rarer the smallest class is."""
    large, other, small = conventional().classes
    more = (large.drug.value - large.placebo.value) / 100.0
    rarer = (more * (large.mean.value - other.mean.value) - 1.75) / (
        other.mean.value - small.mean.value
    )
    assert rarer == pytest.approx(-0.096, abs=0.001)  # of the smallest class, on the drug
    share = large.placebo.value / 100.0
    most = (
        share * large.mean.value
        + (1.0 - share + rarer) * other.mean.value
        - rarer * small.mean.value
    )
    assert most == pytest.approx(8.9, abs=0.05)
    assert conventional().score.placebo.value < most


def test_the_four_steps_make_the_printed_cumulative_remission_rush2006():
    steps = conventional().steps
    left = math.prod(1.0 - number.value / 100.0 for number in steps.remission)
    assert 1.0 - left == pytest.approx(steps.cumulative.value / 100.0, rel=0.01)


@pytest.mark.parametrize(("dose", "printed"), [(1.0, 0.80), (2.0, 0.90 * 2 / (1 / 8 + 2))])
def test_occupancy_of_the_serotonin_transporter(dose, printed):
    assert occupancy(comparator("ssri"), dose)[0] == pytest.approx(printed, rel=1e-9)


@pytest.mark.parametrize("printed", [83.0, 77.0])
def test_both_drugs_of_meyer2001_lie_within_the_drawn_range(printed):
    _, low, high = occupancy(comparator("ssri"), 1.0)
    assert low * 100.0 <= printed <= high * 100.0


@pytest.mark.parametrize(
    ("days", "off", "on"), [(90.0, 0.80, 0.89), (365.0, 0.40, 0.64)], ids=["90 d", "365 d"]
)
def test_survival_of_the_withdrawal_trial(days, off, on):
    t = np.array([days * DAY])
    withdrawn = survival(t, "stable_remitters", Treatment.OFF)
    continued = survival(t, "stable_remitters", Treatment.ON)
    assert withdrawn.typical[0] == pytest.approx(off, rel=0.013)  # printed to two decimals
    assert continued.typical[0] == pytest.approx(on, rel=0.01)


def test_the_rate_is_that_of_the_printed_median_sustain1():
    setting = relapse_setting("stable_remitters")
    rate = units.convert(setting.hazard.value, setting.hazard.unit, to="1/day")
    assert math.log(2.0) / rate == pytest.approx(setting.median.value, rel=0.01)


def test_a_quarter_is_well_four_weeks_after_one_infusion_ibrahim2012():
    """27 % printed; the rate lies between that and the printed mean, and is told as such."""
    left = survival(np.array([28.0 * DAY]), "single_infusion", Treatment.OFF).typical[0]
    assert left == pytest.approx(0.25, rel=0.02)
