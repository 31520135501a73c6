"""Each guard below, at and beyond its boundary: refused, said, or silent."""

from __future__ import annotations

import pytest

from ketherapy.evidence import guards
from ketherapy.evidence.conventions import conventions
from ketherapy.evidence.effects import Measure
from ketherapy.evidence.guards import Verdict, flags, looks_like_an_error, usual_deviation
from ketherapy.evidence.trials import Control, Design, Given, Kind, Result
from tests.unit.ketherapy.evidence.made import CONTRAST, score, study

REFUSE, WARN = Verdict.REFUSE, Verdict.WARN
RATIO = conventions().time_ratio.value


def verdict(guard, studies, measure=Measure.RR):
    found = guard(studies, measure)
    return None if found is None else found.verdict


def two(make=study, one=None, other=None):
    """Return two studies that differ in what is named."""
    return (make("one2030", **(one or {})), make("two2031", **(other or {})))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Control.SALINE, Control.SALINE, None),
        (Control.SALINE, Control.PLACEBO, WARN),
        (Control.SALINE, Control.PLACEBO_SPRAY, WARN),
        (Control.MIDAZOLAM, Control.MIDAZOLAM, None),
        (Control.MIDAZOLAM, Control.SALINE, REFUSE),
        (Control.MIDAZOLAM, Control.PLACEBO, REFUSE),
        (Control.MIDAZOLAM, Control.PLACEBO_SPRAY, REFUSE),
        (Control.MIDAZOLAM, Control.SALINE_ASLEEP, REFUSE),
        (Control.MIDAZOLAM, Control.ECT, REFUSE),
        (Control.MIDAZOLAM, Control.UNCLEAR, REFUSE),
        (Control.SALINE, Control.ECT, REFUSE),
        (Control.SALINE, Control.UNCLEAR, REFUSE),
    ],
)
def test_midazolam_is_never_pooled_with_what_is_not_felt(one, other, expected):
    studies = two(one={"control": one}, other={"control": other})
    assert verdict(guards.mixed_controls, studies) is expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"given": Given.KETAMINE, "drug": "racemic ketamine"}, None),
        ({"given": Given.ESKETAMINE, "drug": "esketamine"}, WARN),
        ({"given": Given.OTHER, "drug": "memantine"}, REFUSE),
    ],
)
def test_other_drugs_are_kept_apart(other, expected):
    assert verdict(guards.mixed_drugs, two(other={"arm": other})) is expected


@pytest.mark.parametrize(
    ("route", "expected"), [("IV", None), ("", None), ("oral", WARN), ("topical", REFUSE)]
)
def test_a_cream_is_kept_apart(route, expected):
    assert verdict(guards.mixed_routes, two(other={"arm": {"route": route}})) is expected


@pytest.mark.parametrize(
    ("at", "words", "expected"),
    [
        (24.0, "24 h", None),
        (24.0, "day 1", None),
        (24.0 * RATIO, "at the boundary", WARN),
        (24.0 * RATIO + 0.1, "beyond it", REFUSE),
        (None, "end of treatment", REFUSE),
    ],
)
def test_times_far_apart_are_refused(at, words, expected):
    studies = two(other={"at": at, "timepoint": words})
    assert verdict(guards.mixed_times, studies) is expected


def test_the_same_words_without_an_hour_are_one_time():
    here = {"at": None, "timepoint": "end of treatment"}
    assert verdict(guards.mixed_times, two(one=here, other=here)) is None


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"definition": "fell by half"}, None),  # the same limit in other words
        ({"drop": 0.35, "definition": ">=35% reduction"}, REFUSE),
        ({"drop": 0.5, "at_most": 12.0}, REFUSE),
        ({"drop": None, "definition": "as the doctor saw it"}, REFUSE),
    ],
)
def test_limits_must_be_the_same(changed, expected):
    assert verdict(guards.mixed_thresholds, two(other=changed)) is expected


@pytest.mark.parametrize(
    ("measure", "expected"),
    [(Measure.MD, REFUSE), (Measure.ROM, REFUSE), (Measure.SMD, WARN), (Measure.RR, WARN)],
)
def test_points_of_different_scales_are_no_one_difference(measure, expected):
    studies = two(score, other={"scale": "HDRS"})
    assert verdict(guards.mixed_scales, studies, measure) is expected
    assert verdict(guards.mixed_scales, two(score), measure) is None


@pytest.mark.parametrize(("measure", "expected"), [(Measure.MD, WARN), (Measure.SMD, REFUSE)])
def test_changes_beside_scores(measure, expected):
    studies = two(score, other={"kind": Kind.CHANGE})
    assert verdict(guards.mixed_kinds, studies, measure) is expected
    assert verdict(guards.mixed_kinds, two(score), measure) is None


def test_at_any_time_stands_alone_or_not_at_all():
    loose = {"kind": Kind.ANY_TIME}
    assert verdict(guards.any_time, two()) is None
    assert verdict(guards.any_time, two(other=loose)) is REFUSE
    assert verdict(guards.any_time, two(one=loose, other=loose)) is WARN


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"part": "women"}, {"part": "men"}, None),
        ({"part": "women"}, {"part": "women", "id": "later"}, REFUSE),
        ({}, {"id": "later"}, REFUSE),
        ({}, {"part": "women", "id": "women"}, REFUSE),
    ],
)
def test_nobody_counts_twice_in_one_trial(one, other, expected):
    studies = (study("one2030", **one), study("one2030", **other))
    assert verdict(guards.same_people, studies) is expected


def test_a_shared_control_is_refused():
    studies = (study("one2030"), study("one2030"))
    assert verdict(guards.same_people, studies) is REFUSE


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("", "", None), ("NCT1", "NCT2", None), ("NCT1", "", None), ("NCT1", "NCT1", REFUSE)],
)
def test_trials_of_one_cohort_may_share_people(one, other, expected):
    studies = two(one={"cohort": one}, other={"cohort": other})
    assert verdict(guards.same_people, studies) is expected


@pytest.mark.parametrize(
    ("designs", "expected"),
    [
        ((Design.PARALLEL, Design.PARALLEL), None),
        ((Design.WITHDRAWAL, Design.PARALLEL), REFUSE),
        ((Design.WITHDRAWAL, Design.WITHDRAWAL), WARN),
    ],
)
def test_those_who_had_done_well_before(designs, expected):
    one, other = ({"design": design} for design in designs)
    assert verdict(guards.enriched, two(one=one, other=other)) is expected


def test_a_crossover_as_two_groups_is_said():
    assert verdict(guards.paired, two()) is None
    assert verdict(guards.paired, two(one={"design": Design.FIRST_PERIOD})) is None
    assert verdict(guards.paired, two(one={"design": Design.CROSSOVER})) is WARN


def test_adjusted_differences_are_kept_from_raw_ones():
    assert verdict(guards.adjusted, two(score)) is None
    assert verdict(guards.adjusted, two(score, one={"contrast": CONTRAST})) is REFUSE
    both = {"contrast": CONTRAST}
    assert verdict(guards.adjusted, two(score, one=both, other=both)) is WARN


@pytest.mark.parametrize(
    ("events", "expected"), [((0, 0, 0, 0), REFUSE), ((0, 0, 1, 0), None), ((20, 20, 20, 20), None)]
)
def test_counts_in_which_nobody_had_the_event(events, expected):
    a, b, c, d = (Result(n=20, events=one) for one in events)
    studies = two(one={"results": {"treated": a, "control": b}},
                  other={"results": {"treated": c, "control": d}})  # fmt: skip
    assert verdict(guards.nobody, studies) is expected


def test_one_trial_alone_is_said():
    assert verdict(guards.single, (study(),)) is WARN
    assert verdict(guards.single, two()) is None


# A standard error for a deviation.


def test_there_is_a_usual_deviation_of_scales_that_are_printed_often_enough():
    assert usual_deviation("MADRS") == pytest.approx(11, abs=5)
    assert usual_deviation("of my own") is None
    assert usual_deviation("") is None


@pytest.mark.parametrize(
    ("sd", "n", "expected"),
    [
        (26.8, 30, False),  # a deviation of pain on 0 to 100
        (5.1, 30, True),  # the standard error of the CRPS trial, 0.51 of 10
        (5.1, 4, False),  # too few people to make a deviation of it
        (0.5, 30, False),  # too small even for a standard error
    ],
)
def test_a_standard_error_for_a_deviation(sd, n, expected):
    assert looks_like_an_error(sd, n, "0-100 pain") is expected


def test_it_is_refused_and_a_standard_error_that_is_one_is_not():
    def pain(**spread):
        results = {"treated": Result(n=30, mean=26.8, **spread),
                   "control": Result(n=30, mean=54.5, sd=26.3)}  # fmt: skip
        return two(score, one={"scale": "0-100 pain", "results": results},
                   other={"scale": "0-100 pain"})  # fmt: skip

    assert verdict(guards.no_spread, pain(sd=5.1), Measure.MD) is REFUSE
    assert verdict(guards.no_spread, pain(se=5.1), Measure.MD) is None


# All together.


def test_refusals_come_first_and_a_published_pool_is_only_warned_of():
    studies = two(one={"control": Control.MIDAZOLAM}, other={"design": Design.CROSSOVER})
    found = flags(studies, Measure.RR)
    assert [flag.verdict for flag in found] == [REFUSE, WARN]
    assert all(flag.verdict is WARN for flag in flags(studies, Measure.RR, is_published=True))


def test_two_like_trials_raise_no_flag():
    assert flags(two(), Measure.RR) == ()
    assert flags(two(score), Measure.MD) == ()


def test_no_trial_raises_no_flag():
    assert flags((), Measure.RR) == ()
