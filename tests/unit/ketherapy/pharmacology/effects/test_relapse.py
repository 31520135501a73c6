"""Relapse: by setting only."""

import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.pharmacology.effects.relapse import (
    Treatment,
    hazard,
    relapse,
    relapse_setting,
    survival,
)

DAY = 24.0
T = np.array([0.0, 30.0, 180.0, 365.0]) * DAY


def test_all_are_well_at_the_start_and_fewer_later():
    for treatment in Treatment:
        found = survival(T, "stable_remitters", treatment).typical
        assert found[0] == 1.0
        assert np.all(np.diff(found) < 0.0)


def test_continued_treatment_keeps_more_people_well_by_the_printed_ratio():
    off, on = (hazard("stable_remitters", treatment) for treatment in Treatment)
    assert on / off == pytest.approx(0.49)


def test_the_curve_on_treatment_lies_within_that_of_the_interval():
    found = survival(T[1:], "stable_remitters", Treatment.ON)
    assert np.all(found.low < found.typical)
    assert np.all(found.typical < found.high)


def test_the_worst_of_the_interval_is_still_better_than_withdrawal():
    off = survival(T[1:], "stable_remitters", Treatment.OFF)
    on = survival(T[1:], "stable_remitters", Treatment.ON)
    assert np.all(on.low > off.typical)


@pytest.mark.parametrize("words", ["sideways", "ON", "", "off "])
def test_an_unknown_treatment_is_refused(words):
    for ask in (hazard, lambda *given: survival(T, *given)):
        with pytest.raises(ContractError, match="treatment: expected off or on"):
            ask("stable_remitters", words)


@pytest.mark.parametrize("treatment", list(Treatment))
def test_the_word_of_a_treatment_is_the_treatment(treatment):
    assert hazard("stable_remitters", treatment.value) == hazard("stable_remitters", treatment)
    word, member = (survival(T, "stable_remitters", x) for x in (treatment.value, treatment))
    np.testing.assert_array_equal(word.typical, member.typical)
    assert (word.low is None) is (member.low is None) is (treatment is Treatment.OFF)


def test_no_interval_is_made_up_off_treatment():
    found = survival(T, "stable_remitters", Treatment.OFF)
    assert found.low is found.high is None


@pytest.mark.parametrize("setting", ["", "remitters", "all", "stable_remitters "])
def test_an_unknown_setting_is_refused(setting):
    with pytest.raises(ContractError, match="relapse setting"):
        survival(T, setting, Treatment.OFF)


def test_the_responders_have_a_ratio_and_no_rate():
    setting = relapse_setting("stable_responders")
    assert (setting.ratio.value, setting.ratio.low, setting.ratio.high) == (0.30, 0.16, 0.55)
    assert setting.hazard is None
    assert setting.not_known
    for treatment in Treatment:
        with pytest.raises(ContractError, match="stable_responders"):
            survival(T, "stable_responders", treatment)


def test_nothing_is_carried_from_the_withdrawal_trial_to_a_single_infusion():
    with pytest.raises(ContractError, match="single_infusion"):
        survival(T[:2], "single_infusion", Treatment.ON)


@pytest.mark.parametrize(
    ("setting", "days"),
    [("single_infusion", 28.1), ("stable_remitters", 365.1), ("stable_remitters", -1.0)],
)
def test_no_curve_goes_beyond_what_is_shown(setting, days):
    with pytest.raises(ContractError, match="time"):
        survival(np.array([days * DAY]), setting, Treatment.OFF)


def test_the_limits_say_that_settings_do_not_mix():
    assert any("nothing lies between" in limit for limit in relapse().limits)
