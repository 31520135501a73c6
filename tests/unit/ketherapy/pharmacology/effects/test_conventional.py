"""The conventional antidepressants: what is drawn, what is said, and what is refused."""

import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.pharmacology.effects.conventional import (
    comparator,
    comparators,
    conventional,
    improvement,
    occupancy,
    occupied,
)
from ketherapy.sources import Status

T = np.linspace(0.0, 56.0 * 24.0, 50)


def test_the_three_classes_are_there():
    assert [c.id for c in comparators()] == ["bupropion", "snri", "ssri"]


def test_an_unknown_class_is_refused_by_name():
    with pytest.raises(ContractError, match="ssri"):
        comparator("maoi")


def test_nobody_is_better_before_the_first_dose():
    found = improvement(np.zeros(1))
    assert found.placebo[0] == found.drug[0] == 0.0


def test_the_drug_lies_within_its_interval_and_above_placebo():
    found = improvement(T[1:])
    assert np.all(found.placebo < found.drug_low)
    assert np.all(found.drug_low < found.drug)
    assert np.all(found.drug < found.drug_high)


def test_the_interval_at_the_end_is_the_printed_one():
    found = improvement(T[-1:])
    difference = conventional().score.difference
    assert found.drug_low - found.placebo == pytest.approx(difference.low)
    assert found.drug_high - found.placebo == pytest.approx(difference.high)


def test_improvement_never_turns_back():
    found = improvement(T)
    assert np.all(np.diff(found.placebo) > 0.0)
    assert np.all(np.diff(found.drug) > 0.0)


@pytest.mark.parametrize("t", [-0.1, 56.0 * 24.0 + 0.1, np.nan, np.inf])
def test_nothing_is_drawn_outside_the_trials(t):
    with pytest.raises(ContractError, match="time"):
        improvement(np.array([1.0, t]))
    with pytest.raises(ContractError, match="time"):
        occupied(comparator("ssri"), 1.0, np.array([1.0, t]))


@pytest.mark.parametrize("dose", [0.0, -1.0, np.nan, np.inf])
def test_a_dose_that_is_none_is_refused(dose):
    with pytest.raises(ContractError, match="dose"):
        occupancy(comparator("ssri"), dose)


def test_occupancy_grows_with_the_dose_and_stays_below_its_maximum():
    typical = [occupancy(comparator("snri"), dose)[0] for dose in (0.25, 0.5, 1.0, 2.0, 4.0, 100.0)]
    assert typical == sorted(typical)
    assert typical[-1] < conventional().occupancy.maximum.value


def test_occupancy_is_not_known_for_bupropion_and_none_is_drawn():
    with pytest.raises(ContractError, match="not known here"):
        occupied(comparator("bupropion"), 1.0, T)
    assert "not known here" in comparator("bupropion").not_known


def test_the_transporter_is_occupied_within_a_day_while_mood_takes_weeks():
    found = occupied(comparator("ssri"), 1.0, np.array([0.0, 24.0, 1344.0]))
    assert found.typical[0] == 0.0
    assert found.typical[1] > 0.99 * found.typical[2]
    mood = improvement(np.array([24.0, 1344.0]))
    assert mood.drug[0] < 0.1 * mood.drug[1]


def test_the_rise_of_occupancy_is_called_a_convention():
    assert conventional().occupancy.t_half_rise.status is Status.CONVENTION
    assert any("convention" in limit for limit in conventional().limits)


def test_shares_that_were_not_read_are_absent():
    by_name = {c.name: c for c in conventional().classes}
    assert by_name["minimal"].drug is None
    assert by_name["minimal"].placebo is None
