"""What every shipped protocol keeps: each number cited, each usual dose within its own limits."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

import ketherapy.dosing
from ketherapy import units
from ketherapy.dosing.protocol import not_shipped, protocol, protocols, regimen
from ketherapy.dosing.protocol_parts import Due, Limit
from ketherapy.dosing.rulebook import Setting, Stage, Use, packs_of, profile
from ketherapy.dosing.version import Jurisdiction
from ketherapy.regimen import Drug, Route
from ketherapy.sources import Status, source

FOLDER = Path(ketherapy.dosing.__file__).parent / "data" / "protocols"
WEIGHTS = (30.0, 45.0, 50.0, 57.0, 60.0, 71.0, 71.4, 71.5, 80.0, 100.0, 120.0, 150.0, 200.0, 300.0)
EACH = pytest.mark.parametrize("found", protocols(), ids=lambda found: found.id)
# The rows of the clinical table of protocols.
ROWS = {
    *(f"PR-{k:03}" for k in (1, 2, 3, 4, 5, 6, 7, 8, 24, 25, 40, 41, 42, 50, 60, 61, 62)),
    *(f"PR-{k:03}" for k in (*range(10, 24), *range(30, 38))),
}


def said(found):
    """Return all that a protocol says with a source: numbers, remarks, checks, limits."""
    numbers, remarks = [found.leaving.observed_for, found.age_from, found.age_below], []
    for phase in found.phase:
        dose, course = phase.dose, phase.schedule
        numbers += [dose.given, dose.over, dose.step, dose.bolus, course.visits, course.apart]
        remarks += [course.days_from, *dose.titration, *phase.review]
    remarks += [*found.staff, *found.equipment, *found.alongside, *found.follow_up]
    remarks += [*found.evidence, *found.remarks, *found.advice, *found.due]
    numbers += [*found.limits.values(), *(check.minutes for check in found.due)]
    return [one for one in (*numbers, *remarks) if one is not None]


@EACH
def test_the_hash_is_that_of_the_bytes(found):
    data = (FOLDER / f"{found.id}.toml").read_bytes()
    assert found.sha256 == hashlib.sha256(data).hexdigest()


@EACH
def test_all_that_it_rests_on_is_in_the_bibliography(found):
    for one in said(found):
        source(one.source or found.source)


@EACH
def test_what_nobody_printed_is_ours_and_says_so(found):
    for one in said(found):
        is_ours = (one.source or found.source) == "ketherapy"
        assert is_ours == ((one.status or found.status) is Status.CONVENTION), one


@EACH
def test_each_limit_is_cited_and_holds_from_the_first_day(found):
    for name, limit in found.limits.items():
        assert limit.locator, name
        assert limit.since <= found.since, name
        assert limit.until is None, name
        assert limit.looser_because == "", name


@EACH
def test_it_has_the_limits_that_a_plan_needs(found):
    assert "amount_per_visit_max" in found.limits
    is_infusion = any(phase.dose.over is not None for phase in found.phase)
    assert is_infusion == ("rate_max" in found.limits)


def canonical(number: Limit, unit: str) -> float:
    return units.convert(number.value, number.unit, to=unit)


@EACH
@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_usual_dose_of_anybody_is_within_every_limit(found, weight):
    given, limits = regimen(found, weight=weight), found.limits
    over = sum(dose.over for dose in given.doses)
    allowed = {
        "amount_per_visit_max": lambda x: canonical(x, "mg"),
        "amount_per_visit_per_kg_max": lambda x: canonical(x, "mg/kg") * weight,
        "rate_max": lambda x: canonical(x, "mg/h") * over,
        "rate_per_kg_max": lambda x: canonical(x, "mg/kg/h") * weight * over,
    }
    for name in allowed.keys() & limits.keys():
        assert given.total <= allowed[name](limits[name]) * (1.0 + 1e-12), name
    if "over_min" in limits:
        assert over >= canonical(limits["over_min"], "h") * (1.0 - 1e-12)


@EACH
def test_no_dose_that_may_be_chosen_is_above_a_limit_of_its_own_kind(found):
    kinds = {"mg": "amount_per_visit_max", "mg/kg": "amount_per_visit_per_kg_max",
             "mg/h": "rate_max", "mg/kg/h": "rate_per_kg_max"}  # fmt: skip
    for phase in found.phase:
        unit = next(unit for unit in kinds if units.same_kind(phase.dose.given.unit, unit))
        highest = units.convert(phase.dose.span[1], phase.dose.given.unit, to=unit)
        assert highest <= canonical(found.limits[kinds[unit]], unit) * (1.0 + 1e-12), phase.id


@EACH
def test_the_first_dose_of_a_course_is_one_that_may_come_first(found):
    first = found.dose.first
    assert not first or found.dose.given.value in first
    assert all(not phase.dose.first for phase in found.phase[1:])


@EACH
def test_the_days_keep_to_the_spacing(found):
    limits = found.limits
    for phase in found.phase:
        days = np.array(phase.schedule.days)
        gaps = np.diff(days) * 24.0
        if "apart_min" in limits:
            assert np.all(gaps >= canonical(limits["apart_min"], "h")), phase.id
        if "visits_per_week_max" in limits:
            most = limits["visits_per_week_max"].value
            assert all(np.sum((days >= d) & (days < d + 7)) <= most for d in days), phase.id
        if phase.schedule.apart is not None and phase.schedule.apart.low is not None:
            assert np.all(gaps / 24.0 >= phase.schedule.apart.low), phase.id
    if "visits_per_course_max" in limits:
        counted = [phase.schedule.visits for phase in found.phase]
        assert sum(visits.value for visits in counted) <= limits["visits_per_course_max"].value


@EACH
def test_pressure_is_known_before_and_somebody_weighs_who_is_dosed_by_weight(found):
    before = {check.check for check in found.due if check.when == "before"}
    assert Due.PRESSURE in before
    assert not any(p.dose.is_per_kg for p in found.phase) or Due.WEIGHT in before
    assert any(c.check is Due.SATURATION and c.when == "throughout" for c in found.due)
    assert {Due.SEDATION, Due.DISSOCIATION} <= {c.check for c in found.due if c.when == "leaving"}


@EACH
def test_nobody_leaves_early_or_drives(found):
    assert canonical(found.leaving.observed_for, "h") >= 1.0
    assert found.leaving.rules
    assert any(remark.rule == "TH-015" for remark in found.follow_up)


@EACH
def test_the_rules_of_leaving_and_the_profile_are_there(found):
    ids = {rule.id for pack in packs_of(found.profile) for rule in pack.rule
           if Stage.DISCHARGE in rule.stages and rule.applies.to(found.case)}  # fmt: skip
    for row in found.leaving.rules:
        assert any(one.startswith(row) for one in ids), row


@EACH
def test_staff_equipment_evidence_and_what_goes_with_it_are_said(found):
    assert found.staff
    assert found.equipment
    assert found.evidence
    assert found.alongside


@EACH
def test_off_label_is_said_of_all_that_no_label_names(found):
    is_label = found.drug is Drug.ESKETAMINE and found.route is Route.INTRANASAL
    assert found.is_off_label != is_label
    assert (found.jurisdiction in (Jurisdiction.US, Jurisdiction.EU)) == is_label


@EACH
def test_what_was_read_in_an_old_label_is_stale_until_it_is_read_again(found):
    is_label = found.jurisdiction is not Jurisdiction.CONSENSUS
    assert (found.check_against != "") == is_label
    assert found.is_stale(found.since) == is_label
    assert found.is_stale(found.stale_after.replace(year=found.stale_after.year + 1))


@EACH
def test_the_profile_is_that_of_the_jurisdiction(found):
    own = profile(found.profile).jurisdiction
    assert found.jurisdiction in (own, Jurisdiction.CONSENSUS)


@EACH
def test_a_dose_that_nobody_read_is_said_to_be_adopted_with_the_protocol(found):
    statuses = {phase.dose.given.status or found.status for phase in found.phase}
    is_told = any("adopts" in remark.text for remark in found.remarks)
    assert (Status.CONVENTION in statuses) == is_told


def test_every_row_of_the_table_is_a_protocol_or_says_why_not():
    shipped = {row for found in protocols() for row in found.rules}
    listed = {row.id for row in not_shipped()}
    assert shipped | listed == ROWS
    assert not shipped & listed


def test_no_two_say_the_same_to_the_same_people():
    titles = [found.title for found in protocols()]
    assert len(set(titles)) == len(titles)


# Laid beside the table of protocols, row by row: lowest and highest dose, unit, minutes, visits
# of the first phase, and the first dose where there is only one.
PRINTED = [
    ("esketamine_trd_us_2026_01", 56, 84, "mg", None, 8, 56),
    ("esketamine_trd_alone_us_2026_01", 56, 84, "mg", None, 8, 56),
    ("esketamine_suicidal_us_2026_01", 56, 84, "mg", None, 8, 84),
    ("esketamine_trd_eu_2026_01", 56, 84, "mg", None, 8, 56),
    ("esketamine_trd_eu_65_2026_01", 28, 84, "mg", None, 8, 28),
    ("iv_depression_single_2026_01", 0.5, 0.5, "mg/kg", 40, 1, None),
    ("iv_depression_2026_01", 0.5, 0.5, "mg/kg", 40, 6, None),
    ("iv_depression_titration_2026_01", 0.1, 1.0, "mg/kg", 40, 6, None),
    ("iv_depression_maintenance_2026_01", 0.5, 0.5, "mg/kg", 40, None, None),
    ("iv_bipolar_2026_01", 0.5, 0.5, "mg/kg", 40, 8, None),
    ("iv_ptsd_2026_01", 0.5, 0.5, "mg/kg", 40, 6, None),
    ("iv_ptsd_veterans_2026_01", 0.2, 0.5, "mg/kg", 40, 8, None),
    ("iv_ocd_2026_01", 0.5, 0.5, "mg/kg", 40, 1, None),
    ("sc_anxiety_2026_01", 0.25, 1.0, "mg/kg", None, 3, 0.25),
    ("sc_depression_2026_01", 0.5, 0.9, "mg/kg", None, 8, 0.5),
    ("im_depression_test_2026_01", 0.5, 1.0, "mg/kg", None, 2, None),
    ("oral_depression_2026_01", 2.0, 2.5, "mg/kg", None, None, None),
    ("sublingual_depression_2026_01", 10, 10, "mg", None, None, None),
    ("iv_chronic_pain_2026_01", 0.5, 2.0, "mg/kg/h", 240, None, None),
    ("iv_crps_2026_01", 0.35, 0.35, "mg/kg/h", 240, 10, None),
    ("iv_crps_low_2026_01", 40, 80, "mg", 240, 10, None),
    ("iv_crps_booster_2026_01", 100, 200, "mg", 240, None, None),
    ("iv_crps_inpatient_2026_01", 10, 40, "mg/h", 7200, 1, None),
    ("iv_crps_esketamine_2026_01", 5 / 70, 22.2 / 70, "mg/kg/h", 6048, 1, None),
    ("iv_acute_pain_2026_01", 0.1, 0.3, "mg/kg", 15, 1, None),
]


@pytest.mark.parametrize("row", PRINTED, ids=lambda row: row[0])
def test_the_numbers_are_those_of_the_table(row):
    name, low, high, unit, minutes, visits, first = row
    found = protocol(name)
    assert found.dose.given.unit == unit
    assert found.dose.span == pytest.approx((low, high), rel=2e-3)
    over, course = found.dose.over, found.course.visits
    assert (None if over is None else canonical(over, "min")) == pytest.approx(minutes)
    assert (None if course is None else course.value) == visits
    assert found.dose.first == (() if first is None else (first,))


def test_every_protocol_is_laid_beside_the_table():
    assert {row[0] for row in PRINTED} == {found.id for found in protocols()}


def test_three_phases_of_the_spray_as_the_label_has_them():
    for name in ("trd_us", "trd_alone_us", "trd_eu", "trd_eu_65"):
        twice, weekly, open_ended = protocol(f"esketamine_{name}_2026_01").phase
        assert (twice.schedule.visits.value, weekly.schedule.visits.value) == (8, 4)
        assert np.all(np.diff(weekly.schedule.days) == 7)
        assert open_ended.schedule.visits is None


@pytest.mark.parametrize(
    ("name", "limit", "value", "unit"),
    [
        ("esketamine_trd_us_2026_01", "amount_per_visit_max", 84, "mg"),
        ("esketamine_trd_us_2026_01", "visits_per_week_max", 2, "1"),
        ("esketamine_suicidal_us_2026_01", "visits_per_course_max", 8, "1"),
        ("iv_depression_titration_2026_01", "amount_per_visit_per_kg_max", 1.0, "mg/kg"),
        ("sc_depression_2026_01", "amount_per_visit_per_kg_max", 0.9, "mg/kg"),
        ("oral_depression_2026_01", "amount_per_visit_max", 300, "mg"),
        ("sublingual_depression_2026_01", "amount_per_visit_max", 10, "mg"),
        ("iv_chronic_pain_2026_01", "bolus_per_kg_max", 0.35, "mg/kg"),
        ("iv_chronic_pain_2026_01", "rate_per_kg_max", 2.0, "mg/kg/h"),
        ("sc_depression_2026_01", "amount_per_visit_max", 91, "mg"),
        ("iv_acute_pain_2026_01", "bolus_per_kg_max", 0.35, "mg/kg"),
        ("iv_acute_pain_2026_01", "amount_per_visit_max", 25, "mg"),
        ("iv_crps_2026_01", "rate_max", 25, "mg/h"),
        ("iv_crps_2026_01", "amount_per_visit_max", 100, "mg"),
        ("iv_crps_low_2026_01", "amount_per_visit_max", 80, "mg"),
        ("iv_crps_inpatient_2026_01", "rate_max", 40, "mg/h"),
        ("iv_crps_esketamine_2026_01", "rate_max", 22.2, "mg/h"),
    ],
)
def test_a_limit_that_is_printed_is_that_limit(name, limit, value, unit):
    found = protocol(name).limits[limit]
    assert (found.value, found.unit) == (value, unit)
    assert found.status is not Status.CONVENTION


def test_bipolar_depression_has_a_stabiliser_and_a_mania_scale():
    found = protocol("iv_bipolar_2026_01")
    assert any("ithium" in remark.text for remark in found.alongside)
    assert any(check.check is Due.MANIA and check.when == "before" for check in found.due)


def test_the_negative_trial_says_that_it_is():
    found = protocol("iv_ptsd_veterans_2026_01")
    assert "negative" in found.title
    assert found.evidence[0].text.startswith("Negative")


def test_only_what_no_guideline_carries_is_marked_research():
    research = {found.id.removesuffix("_2026_01") for found in protocols() if found.is_research}
    assert research == {"iv_ptsd", "iv_ptsd_veterans", "iv_ocd", "sc_anxiety", "oral_depression",
                        "sublingual_depression", "iv_crps_esketamine"}  # fmt: skip


def test_days_without_a_break_are_in_hospital_and_for_pain():
    for found in protocols():
        is_long = found.dose.over is not None and canonical(found.dose.over, "h") > 24.0
        assert is_long == (found.setting is Setting.INPATIENT)
        assert not is_long or found.use is Use.PAIN
