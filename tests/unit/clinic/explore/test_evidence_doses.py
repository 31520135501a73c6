"""Doses in mg have a line; it is that of the library, and ends where the doses end."""

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from clinic.explore.evidence_doses import dose_line
from clinic.explore.evidence_open import Computed, standing
from ketherapy.evidence.analysis import Choices, answer
from ketherapy.evidence.dose_response import dose_counts, dose_response, own_slopes
from ketherapy.evidence.effects import Counts, Measure
from ketherapy.evidence.questions import question

MONTH = "esketamine_response_month"
# TRANSFORM-1, response at day 28: placebo, 56 mg, 84 mg.
RESPONSE, MG = Counts([42, 60, 52], [108, 111, 98]), [0.0, 56.0, 84.0]
Z = 1.959963984540054


def computed(**entries):
    opened = standing(MONTH, entries)
    assert opened is not None
    assert isinstance(opened.outcome, Computed)
    return opened.outcome


@cache
def analysis():
    return answer(question(MONTH))


def changed(**parts):
    """Return the analysis with the trial of two doses changed: its arms, outcome or design."""
    studies = []
    for study in analysis().studies:
        if study.trial.id == "transform1":
            arms = {
                name: replace(arm, dose=parts.get(name, arm.dose))
                for name, arm in study.trial.arms.items()
            }
            study = replace(study, trial=replace(study.trial, arms=arms))
        studies.append(study)
    return replace(analysis(), studies=tuple(studies))


@pytest.mark.parametrize("measure", [Measure.RR, Measure.OR])
def test_the_points_are_the_effects_of_each_dose_and_the_line_is_the_library_s(measure):
    line = computed(measure=measure.value).more.line
    trial = dose_counts("A", measure, RESPONSE, MG)
    own = own_slopes([trial])
    assert line.k == 1
    assert [point.dose for point in line.points] == [56.0, 84.0]
    assert [point.people for point in line.points] == [(111, 108), (98, 108)]
    for point, y in zip(line.points, trial.y, strict=True):
        assert point.effect.estimate == pytest.approx(math.exp(y))
    for mg, at in line.fit:
        assert at.estimate == pytest.approx(math.exp(mg * own.y[0]))
        assert at.low == pytest.approx(math.exp(mg * (own.y[0] - Z * own.se[0])))
        assert at.high == pytest.approx(math.exp(mg * (own.y[0] + Z * own.se[0])))


def test_the_line_reckons_with_the_control_that_two_doses_share():
    (mg, at), *_ = computed().more.line.fit
    trial = dose_counts("A", Measure.RR, RESPONSE, MG)
    v = np.diag(trial.covariance)
    apart = float((trial.doses / v) @ trial.y / ((trial.doses / v) @ trial.doses))
    assert at.estimate != pytest.approx(math.exp(mg * apart), rel=1e-3)


def test_the_line_ends_where_the_doses_end():
    fit = computed().more.line.fit
    assert (fit[0][0], fit[-1][0]) == (56.0, 84.0)
    assert [mg for mg, _ in fit] == sorted(mg for mg, _ in fit)


def test_weights_are_shares():
    assert sum(point.weight for point in computed().more.line.points) == pytest.approx(1.0)


def test_the_level_of_the_form_is_that_of_the_band():
    wide, narrow = (computed(level=level).more.line.fit[-1][1] for level in ("99", "80"))
    assert wide.low < narrow.low < narrow.high < wide.high


def test_a_difference_of_shares_has_doses_and_no_line():
    more = computed(measure="RD").more
    assert len(more.doses) == 2
    assert more.line is None


@pytest.mark.parametrize("dose", ["84 mg/kg", "56 to 84 mg", "", "56 mg"])
def test_without_two_doses_in_mg_there_is_no_line(dose):
    assert dose_line(analysis()) is not None
    assert dose_line(changed(esketamine_84=dose)) is None


def test_several_trials_have_the_pooled_slope():
    found = analysis()
    (study,) = (one for one in found.studies if one.trial.id == "transform1")
    choices = Choices()
    line = dose_line(replace(found, studies=(study, study), choices=choices))
    pooled = dose_response([dose_counts(x, Measure.RR, RESPONSE, MG) for x in "AB"],
                           tau2=choices.tau2, interval=choices.interval)  # fmt: skip
    assert line is not None
    assert line.k == 2
    mg, at = line.fit[-1]
    assert (at.estimate, at.low, at.high) == pytest.approx(pooled.effect(mg))
