"""What is shown is what the trials print and the library computes; nothing is out of line."""

from functools import cache
from math import log, sqrt

import pytest

from clinic.explore.evidence_open import Computed, published, standing
from ketherapy.evidence.analysis import answer
from ketherapy.evidence.questions import question, questions


@cache
def computed(question_id, **entries):
    opened = standing(question_id, entries)
    assert opened is not None
    assert isinstance(opened.outcome, Computed)
    return opened.outcome


def test_a_single_trial_is_its_own_counts():
    found = computed("ketamine_midazolam_response_day").answer
    (study,) = found.studies
    assert (study.treated[0].events, study.treated[0].people) == (30, 47)
    assert (study.control[0].events, study.control[0].people) == (7, 25)
    assert study.effect.estimate == pytest.approx((30 / 47) / (7 / 25))
    se = sqrt(1 / 30 - 1 / 47 + 1 / 7 - 1 / 25)
    assert study.se == pytest.approx(se)
    assert log(study.effect.high / study.effect.estimate) == pytest.approx(1.959964 * se, rel=1e-6)
    assert found.absolute.control == pytest.approx(28.0)
    assert found.absolute.treated == pytest.approx(100 * 30 / 47)


@pytest.mark.parametrize("asked", questions(), ids=lambda one: one.id)
def test_the_page_shows_what_the_library_computes(asked):
    shown, found = computed(asked.id).answer, answer(question(asked.id))
    if found.pooled is None:
        assert shown.together is None
        assert shown.refusals
        return
    printed = found.pooled.printed
    extent = shown.together.extent
    assert (extent.estimate, extent.low, extent.high) == (
        printed.estimate, printed.low, printed.high,
    )  # fmt: skip
    assert shown.people == found.people
    assert sum(study.weight or 0.0 for study in shown.studies) == pytest.approx(1.0)


def test_a_wider_level_gives_a_wider_interval():
    usual = computed("esketamine_change_month").answer.together.extent
    wide = computed("esketamine_change_month", level="99").answer.together.extent
    assert wide.low < usual.low < usual.high < wide.high
    assert wide.estimate == usual.estimate


def test_a_study_without_events_keeps_its_place_and_has_no_effect():
    opened = published("ferraro2025", "1_23", {})
    assert opened is not None
    assert isinstance(opened.outcome, Computed)
    studies = opened.outcome.answer.studies
    by_effect = {study.label: study.effect for study in studies}
    assert by_effect["Noppers 2011"] is None
    used = [study for study in studies if study.effect is not None]
    assert sum(study.weight for study in used) == pytest.approx(1.0)
    for study in used:
        (ours,), (theirs,) = study.treated, study.control
        # Half a person is added to every cell where one is empty; with none empty nothing is.
        half = 0.5 if 0 in (ours.events, theirs.events) else 0.0
        ratio = (ours.events + half) / (ours.people + 2 * half)
        ratio /= (theirs.events + half) / (theirs.people + 2 * half)
        assert study.effect.estimate == pytest.approx(ratio)


@pytest.mark.parametrize("asked", questions(), ids=lambda one: one.id)
def test_no_share_stands_without_control_difference_and_certainty(asked):
    found = computed(asked.id).answer
    if found.absolute is not None:
        assert found.sure is not None
        assert found.sure.level
        assert found.sides.treated
        assert found.sides.control
        low, high = sorted((found.absolute.low, found.absolute.high))
        assert low <= found.absolute.difference <= high


@pytest.mark.parametrize("asked", questions(), ids=lambda one: one.id)
def test_each_number_names_where_it_was_read(asked):
    for study in computed(asked.id).answer.studies:
        assert study.source.words
        assert study.locator
        assert study.status
        assert "recalled" not in study.status


def test_printed_differences_beside_a_question_are_of_its_kind():
    found = computed("esketamine_response_month").answer
    assert found.differences
    assert {one.outcome for one in found.differences} == {"response"}


def test_a_question_of_printed_differences_shows_them_as_printed():
    found = computed("esketamine_relapse_hazard").answer
    (study,) = found.studies
    assert (study.printed.estimate, study.printed.low, study.printed.high) == (0.49, 0.29, 0.84)
    assert study.people == (None, None)


def test_the_largest_trial_of_ptsd_is_named_where_it_prints_no_counts():
    assert "largest trial" in computed("ketamine_ptsd_response").answer.note
