"""A planned dose: what may be planned, what stands in its way, and what is never computed."""

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from clinic.care.planning import NO_VOLUME, Plan, look, plan
from clinic.care.planning_entries import FIELDS
from clinic.care.practice_caps import leaving_level, practice_caps
from clinic.care.refusals import Refusal
from ketherapy.dosing.decision import replay
from ketherapy.dosing.planned import Caps, Predicted
from ketherapy.dosing.prediction import NotPredicted
from ketherapy.dosing.protocol import protocol

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TRD = "esketamine_trd_us_2026_01/weeks_1_to_4"
ENTRIES = {
    "phase": "iv_depression_2026_01/induction",
    "weight": "71 kg",
    "weighed_at": "2026-03-02 09:00",
    "weight_again": "71 kg",
    "weight_before": "none",
    "zone": "UTC",
    "age": "40 years",
    "first_visit": "yes",
    "amount": "35.5 mg",
}


def entries(**changed):
    return {name: (value,) for name, value in (ENTRIES | changed).items() if value}


def looked(caps_of=practice_caps, **changed):
    found = look(entries(**changed), caps_of=caps_of, now=NOW)
    assert isinstance(found, Plan), found
    return found


def refused(act=look, **changed):
    found = act(entries(**changed), caps_of=practice_caps, now=NOW)
    assert isinstance(found, Refusal)
    return {one.field: one.sentence for one in found.problems}


def rules(findings):
    return [one.rule for one in findings]


def test_a_dose_within_every_cap_is_a_plan_whose_file_replays():
    found = plan(entries(), caps_of=practice_caps, now=NOW)
    assert isinstance(found, Plan)
    assert (found.may_be_planned, found.blocking) == (True, ())
    assert [one.step.id for one in found.ladder.binding] == ["protocol_dose", "weight"]
    again = replay(found.text)
    assert again.is_same
    assert again.decision.question.dose.amount == 35.5


@pytest.mark.parametrize("amount", ["35.51 mg", "36 mg", "355 mg"])
def test_a_dose_beyond_the_ladder_is_no_plan(amount):
    assert not looked(amount=amount).may_be_planned
    found = plan(entries(amount=amount), caps_of=practice_caps, now=NOW)
    assert isinstance(found, Refusal)
    said = " ".join(one.sentence for one in found.problems)
    assert "No more than 35.5 mg may be planned" in said


def test_a_clinic_that_set_no_caps_plans_nothing():
    found = looked(caps_of=lambda _: Caps())
    assert found.ladder.most == 0.0
    assert not found.may_be_planned
    assert {one.step.id for one in found.ladder.unset} == {
        "clinic_visit", "clinic_week", "clinic_course", "prescriber_visit", "predicted_peak",
    }  # fmt: skip


@pytest.mark.parametrize("name", [one.name for one in fields(Caps)])
def test_each_cap_that_is_not_set_alone_forbids_every_dose(name):
    found = looked(caps_of=lambda key: replace(practice_caps(key), **{name: None}))
    assert not found.may_be_planned
    assert len(found.ladder.unset) == 1


def test_a_protocol_for_which_no_caps_were_set_plans_nothing():
    found = looked(phase="sc_depression_2026_01/course")
    assert practice_caps("sc_depression_2026_01") == Caps()
    assert not found.may_be_planned


def test_caps_are_read_in_the_units_of_the_ladder():
    caps = practice_caps("iv_depression_2026_01")
    assert (caps.clinic_visit.most, caps.peak.most) == (60.0, pytest.approx(0.5))
    assert practice_caps("esketamine_trd_us_2026_01").clinic_course.most is None
    assert (leaving_level().value, leaving_level().unit) == (50, "ng/mL")


def test_what_was_given_before_is_never_taken_for_nothing():
    found = looked(first_visit="")
    assert found.entered.given is None
    assert not found.may_be_planned
    assert found.cumulative.before is None


def test_what_was_given_counts_and_what_is_unknown_is_not_counted_as_none():
    given = "2026-02-27 09:00, 35 mg\n2026-01-05 09:00, 30 mg"
    known = looked(first_visit="", given=given)
    assert (known.cumulative.before, known.cumulative.visits) == (35.0, 1)
    assert known.cumulative.with_dose(35.5) == 70.5
    unknown = looked(first_visit="", given="2026-02-27 09:00, unknown")
    assert (unknown.cumulative.before, unknown.cumulative.visits) == (None, 1)
    assert unknown.cumulative.with_dose(35.5) is None
    assert not unknown.may_be_planned


def test_a_second_dose_within_a_day_is_no_plan():
    found = looked(first_visit="", given="2026-03-01 12:00, 35 mg")
    assert [one.step.id for one in found.ladder.binding] == ["apart"]
    assert not found.may_be_planned


def test_a_ladder_can_be_looked_at_without_a_dose_and_that_is_no_plan():
    found = looked(amount="")
    assert (found.ladder.most, found.may_be_planned) == (35.5, False)
    assert "Enter the mg" in refused(plan, amount="")["amount"]


def test_no_volume_exists_before_a_vial_is_chosen():
    found = looked()
    assert (found.preparation, found.not_prepared, found.preparing) == (None, "", ())


def test_a_chosen_vial_brings_the_volume_and_asks_two_persons():
    found = looked(vial="ketamine_50", bag="1 mg/mL")
    assert found.preparation.drawn.volume == pytest.approx(0.00071)
    assert rules(found.preparing) == ["double_check.missing"]
    assert found.may_be_planned


def test_no_volume_is_shown_for_a_dose_that_cannot_be_planned():
    found = looked(vial="ketamine_50", bag="1 mg/mL", amount="36 mg")
    assert (found.preparation, found.not_prepared) == (None, NO_VOLUME)


def test_no_volume_is_shown_before_the_bag_is_chosen():
    found = looked(vial="ketamine_50")
    assert found.preparation is None
    assert "Choose the concentration of the bag" in found.not_prepared


PERSONS = {
    "first_by": "A", "first_mg": "35.5 mg", "first_ml": "0.71 mL",
    "second_by": "B", "second_mg": "35.5 mg", "second_ml": "0.71 mL",
}  # fmt: skip


def test_two_persons_who_agree_resolve_the_check():
    found = looked(vial="ketamine_50", bag="1 mg/mL", **PERSONS)
    assert found.preparing == ()


def test_a_vial_of_10_taken_for_one_of_100_is_caught():
    swapped = PERSONS | {"second_ml": "3.5 mL", "second_mg": "35 mg"}
    swapped |= {"first_mg": "35 mg", "first_ml": "0.35 mL"}
    found = looked(vial="ketamine_100", bag="1 mg/mL", **swapped)
    caught = {one.rule: one for one in found.preparing}
    assert "It would fit ketamine 10 mg/mL" in caught["slip.syringe"].resolves
    assert not found.may_be_planned
    assert refused(plan, vial="ketamine_100", bag="1 mg/mL", **swapped)


def test_spray_devices_need_no_bag():
    found = looked(phase=TRD, amount="56 mg", vial="esketamine_28")
    assert found.preparation.starts == (0.0, pytest.approx(5 / 60))
    assert found.may_be_planned


def test_the_first_dose_of_a_spray_is_capped():
    assert not looked(phase=TRD, amount="84 mg").may_be_planned


def test_vials_in_hand_are_a_rung():
    found = looked(phase=TRD, amount="56 mg", vial="esketamine_28", vials="1")
    assert [one.step.id for one in found.ladder.binding] == ["vial"]
    assert found.ladder.most == 28.0
    held = looked(vial="ketamine_50", bag="1 mg/mL", vials="2")
    assert [r.left for r in held.ladder.rungs if r.step.id == "vial"] == [pytest.approx(1000.0)]


def test_a_hold_is_not_passed_here_and_a_second_reading_resolves_it():
    found = looked(weight_again="")
    assert rules(found.blocking) == ["slip.weight_alone"]
    assert not found.may_be_planned
    assert refused(plan, weight_again="")
    assert looked().may_be_planned


def test_two_weights_that_differ_are_no_plan():
    assert "slip.weight_again" in rules(looked(weight_again="80 kg").blocking)


def test_the_last_weight_is_asked_for_and_held_against():
    found = looked(weight_before="")
    assert rules(found.blocking) == ["slip.weight_before"]
    assert not found.may_be_planned
    assert looked(weight_before="70 kg").may_be_planned
    assert rules(looked(weight_before="156 lb").blocking) == []  # it has its unit
    assert "slip.weight_change" in rules(looked(weight_before="156 kg").blocking)
    assert "weight_before" in refused(weight_before="never")


def test_an_old_weight_is_no_plan():
    found = looked(weighed_at="2026-01-30 09:00")
    assert rules(found.blocking) == ["slip.weight_age"]
    assert not found.may_be_planned
    assert looked(weighed_at="2026-01-31 11:00").may_be_planned


def test_a_slip_stands_once_and_in_the_decision():
    found = looked(amount="355 mg", per_kg="5 mg/kg")
    said = rules((*found.decision.findings, *found.slips))
    assert said.count("slip.dose") == 1
    assert "slip.dose" in rules(found.decision.findings)


def test_a_dose_per_kg_without_a_weight_is_no_plan_and_a_fixed_one_needs_none():
    unweighed = {"weight": "", "weighed_at": "", "weight_again": "", "weight_before": ""}
    found = looked(**unweighed)
    assert "slip.weight_missing" in rules(found.blocking)
    assert not found.may_be_planned
    assert looked(phase=TRD, amount="56 mg", **unweighed).may_be_planned


def test_mg_and_mg_per_kg_that_do_not_agree_stop_it():
    found = looked(per_kg="0.05 mg/kg")
    assert "slip.per_kg" in rules(found.blocking)
    assert not found.may_be_planned


def test_mg_that_a_rate_caps_agree_with_the_mg_per_kg_they_were_capped_from():
    crps = {"phase": "iv_crps_2026_01/days", "weight": "100 kg", "weight_again": "100 kg"}
    found = looked(**crps, amount="100 mg", per_kg="1.4 mg/kg")
    assert "slip.per_kg" not in rules(found.slips)
    assert "slip.per_kg" in rules(looked(**crps, amount="100 mg", per_kg="0.14 mg/kg").slips)


def test_the_predicted_peak_is_kept_in_the_decision_and_its_lack_is_said():
    found = looked()
    assert isinstance(found.peak, Predicted)
    assert found.decision.question.dose.predicted == found.peak
    without = looked(phase="sc_depression_2026_01/course")
    assert isinstance(without.peak, NotPredicted)
    assert without.decision.question.dose.predicted is None


def test_a_peak_above_the_clinics_highest_level_is_no_plan():
    def low(key):
        caps = practice_caps(key)
        return replace(caps, peak=replace(caps.peak, most=0.1))

    found = looked(caps_of=low)
    assert [one.step.id for one in found.ladder.binding] == ["predicted_peak"]
    assert not found.may_be_planned


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("phase", "", "a protocol and one of its phases"),
        ("phase", "nothing/x", "Name one of these"),
        ("phase", "iv_depression_2026_01/x", "Name a phase of"),
        ("weight", "71", "Write the unit too"),
        ("weight", "400 kg", "30 to 300 kg"),
        ("weight", "<b>", "such as '71 kg'"),
        ("weighed_at", "", "when the weight was measured"),
        ("weighed_at", "2027-01-01 09:00", "It is still to come"),
        ("zone", "Nowhere", "a name such as"),
        ("age", "12 years", "18 to 110 year"),
        ("amount", "35,5 mg", "35.5"),
        ("amount", "0.5 mg/kg", "mg"),
        ("over", "40", "Write the unit too"),
        ("vial", "esketamine_28", "what this protocol's dose is prepared from"),
        ("vials", "1.5", "a whole number"),
        ("vials", "٣", "a whole number"),
        ("bag", "7 mg/mL", "one of 1 mg/mL"),
        ("vein", "x", "one of peripheral"),
        ("first_by", "A", ""),
        ("given", "x" * 1001, "at most 1000 characters"),
    ],
)
def test_it_is_refused_beside_its_field(field, typed, says):
    found = refused(**{"first_visit": "", field: typed})
    assert says in found[field if field != "first_by" else "first_mg"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("2026-02-27 09:00, 35", "Write the unit too"),
        ("2026-02-27, 35 mg", "Write the time too"),
        ("2026-02-27 09:00, 0 mg", "a dose above nothing"),
        ("35 mg", "a day and a time"),
        ("\n".join(["2026-02-27 09:00, 35 mg"] * 61), "at most"),
    ],
)
def test_a_line_of_what_was_given_is_refused(line, says):
    assert says in refused(first_visit="", given=line)["given"]


def test_a_first_visit_with_visits_before_is_refused():
    assert "either the first visit" in refused(given="2026-02-27 09:00, 35 mg")["given"]


def test_every_field_has_a_label():
    assert set(ENTRIES) <= set(FIELDS)
    assert protocol("iv_depression_2026_01").phase[0].id == "induction"
