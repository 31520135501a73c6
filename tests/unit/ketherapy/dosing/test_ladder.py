"""The limit ladder: each rung below, at, above, unset and unknown; the lowest binds."""

import math
from dataclasses import replace
from datetime import timedelta

import pytest

from ketherapy.dosing.ladder import Ladder, steps
from ketherapy.dosing.rungs import RUNGS
from ketherapy.errors import ContractError
from tests.dosing import NO_CAPS, NOW, before, cap, climbed, invented, limits, number, planned, rung

HOUR = timedelta(hours=1)


def left(protocol, dose, name, **person):
    return rung(climbed(protocol, dose, **person), name).left


def says(protocol, dose, name, **person):
    return rung(climbed(protocol, dose, **person), name).says


def test_every_rung_of_the_file_is_computed_and_no_other():
    assert list(steps()) == list(RUNGS)


def test_the_lowest_rung_binds_and_is_named():
    found = climbed(invented(), planned())
    assert found.most == pytest.approx(40.0)  # 0.5 mg/kg of 80 kg; 100 mg in a visit
    assert [one.step.id for one in found.binding] == ["protocol_dose"]
    assert found.unset == ()


def test_rungs_that_leave_the_same_all_bind():
    found = climbed(invented(limits=limits(amount_per_visit_max=(40, "mg"))), planned())
    assert [one.step.id for one in found.binding] == ["protocol_visit", "protocol_dose"]


def test_a_ladder_without_a_rung_leaves_nothing():
    assert Ladder(rungs=()).most == 0.0


def test_a_heavier_person_meets_the_next_cap():
    found = climbed(invented(), planned(), weight=240.0)
    assert found.most == 100.0
    assert [one.step.id for one in found.binding] == ["protocol_visit"]


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        pytest.param(
            "protocol_visit",
            {"limits": limits(amount_per_visit_max=None)},
            id="no cap of the visit",
        ),
        pytest.param("age", {"age_from": None}, id="ages not said"),
    ],
)
def test_a_protocol_that_sets_no_cap_leaves_nothing(name, changes):
    found = climbed(invented(**changes), planned())
    assert found.most == 0.0
    assert [one.step.id for one in found.unset] == [name]
    assert found.binding == found.unset


@pytest.mark.parametrize(
    ("cap_id", "rung_id"),
    [
        ("clinic_visit", "clinic_visit"),
        ("clinic_week", "clinic_week"),
        ("clinic_course", "clinic_course"),
        ("prescriber_visit", "prescriber_visit"),
        ("peak", "predicted_peak"),
    ],
)
def test_a_cap_that_nobody_set_leaves_nothing(cap_id, rung_id):
    found = climbed(invented(), planned(caps={k: v for k, v in NO_CAPS.items() if k != cap_id}))
    assert found.most == 0.0
    assert [one.step.id for one in found.unset] == [rung_id]
    assert found.unset[0].says == "not set"


def test_a_cap_that_somebody_waived_by_name_does_not_bind():
    waived = rung(climbed(invented(), planned()), "clinic_week")
    assert waived.left == math.inf
    assert waived.says == "none, by Practice Director: none is wanted in this test"


def test_nothing_at_all_set_leaves_nothing():
    bare = invented(limits=limits(amount_per_visit_max=None), age_from=None)
    found = climbed(bare, planned(caps={}))
    assert found.most == 0.0
    assert len(found.unset) == 7


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        pytest.param(17.99, 0.0, id="below"),
        pytest.param(18.0, math.inf, id="at the lowest"),
        pytest.param(64.99, math.inf, id="until the birthday"),
        pytest.param(65.0, 0.0, id="at the birthday"),
        pytest.param(None, None, id="not known"),
    ],
)
def test_an_age_the_protocol_is_not_for_leaves_nothing(age, expected):
    adult = invented(age_below=number(65, "year"))
    assert left(adult, planned(), "age", age=age) == expected


def test_the_ages_are_said():
    adult = invented(age_below=number(65, "year"))
    assert says(adult, planned(), "age") == "from 18 years on, below 65 years"
    assert says(invented(), planned(), "age") == "from 18 years on"
    assert left(invented(), planned(), "age", age=99.0) == math.inf
    assert says(invented(), planned(), "age", age=None) == "from 18 years on; the age is not known"
    nobody = invented(age_from=None)
    assert says(nobody, planned(), "age") == "the protocol does not say from which age on it is"
    months = invented(age_from=number(0.5, "year", source="cohen2018", status="secondary"))
    found = rung(climbed(months, planned()), "age")
    assert (found.source, found.status, found.locator) == ("cohen2018", "secondary", "a test")


def test_a_limit_holds_from_its_first_day_until_the_day_it_ends():
    entry = {**number(60, "mg"), "since": "2026-11-23", "until": "2026-11-24"}
    protocol = invented(limits=limits() | {"amount_per_visit_max": entry})
    day = timedelta(days=1)
    assert left(protocol, planned(), "protocol_visit", now=NOW - day) is None
    assert left(protocol, planned(), "protocol_visit", now=NOW) == 60.0
    assert left(protocol, planned(), "protocol_visit", now=NOW + day) is None


def test_a_limit_in_another_unit_is_converted():
    protocol = invented(limits=limits(amount_per_visit_max=(0.08, "g")))
    assert left(protocol, planned(), "protocol_visit") == pytest.approx(80.0)
    assert says(protocol, planned(), "protocol_visit") == "80 mg in a visit"


def test_without_a_weight_no_dose_by_weight_is_known():
    found = climbed(invented(), planned(), weight=None)
    assert found.most == 0.0
    assert [one.step.id for one in found.unset] == ["protocol_dose"]
    assert found.unset[0].says == "0.5 mg/kg is the highest dose of series; the weight is not known"


def test_a_dose_that_is_not_by_weight_needs_none():
    flat = invented(dose={"given": number(56, "mg"), "choices": [56, 84], "over": None})
    assert climbed(flat, planned(), weight=None).most == pytest.approx(84.0)


def test_a_rate_is_a_dose_by_its_time():
    rate = invented(dose={"given": number(10, "mg/h"), "over": number(4, "h")})
    assert left(rate, planned(), "protocol_dose") == pytest.approx(40.0)
    assert left(rate, planned(over=2.0), "protocol_dose") == pytest.approx(20.0)


class TestFirstVisitAndStep:
    protocol = invented(
        dose={
            "given": number(56, "mg"), "over": None, "choices": [28, 56, 84], "first": [28, 56],
            "step": number(28, "mg"),
        }
    )  # fmt: skip

    def test_the_first_visit_has_its_own_highest_dose(self):
        assert left(self.protocol, planned(), "protocol_first") == 56.0
        assert says(self.protocol, planned(), "protocol_first") == "56 mg at the first visit"
        assert rung(climbed(self.protocol, planned(given=before(3))), "protocol_first") is None

    def test_what_was_given_before_is_not_known_is_no_second_visit(self):
        assert left(self.protocol, planned(given=None), "protocol_first") == 56.0

    def test_a_protocol_without_one_has_no_such_rung(self):
        assert rung(climbed(invented(), planned()), "protocol_first") is None
        assert rung(climbed(invented(), planned(given=before(3))), "protocol_step") is None

    def test_a_step_is_counted_from_the_latest_dose(self):
        given = [*before(7, amount=84.0), *before(3, amount=28.0)]
        for order in (given, given[::-1]):
            assert left(self.protocol, planned(given=order), "protocol_step") == 56.0
        assert says(self.protocol, planned(given=given), "protocol_step") == (
            "28 mg above the last dose"
        )
        assert rung(climbed(self.protocol, planned()), "protocol_step") is None

    def test_a_step_from_a_dose_of_unknown_fate_leaves_nothing(self):
        dose = planned(given=before(3, amount=None))
        assert left(self.protocol, dose, "protocol_step") is None
        assert says(self.protocol, dose, "protocol_step") == (
            "28 mg above the last dose, which is not known"
        )

    def test_a_step_by_weight_needs_the_weight(self):
        by_kg = invented(dose={"step": number(0.1, "mg/kg")})
        assert left(by_kg, planned(given=before(3)), "protocol_step") == pytest.approx(48.0)
        assert left(by_kg, planned(given=before(3)), "protocol_step", weight=None) is None


class TestWeight:
    def test_the_lower_of_visit_and_bolus_binds_what_is_given_at_once(self):
        protocol = invented(
            limits=limits(
                amount_per_visit_per_kg_max=(1, "mg/kg"), bolus_per_kg_max=(0.35, "mg/kg")
            ),
            dose={"over": None},
        )
        assert left(protocol, planned(), "weight") == pytest.approx(28.0)
        assert says(protocol, planned(), "weight") == "0.35 mg/kg"

    def test_a_bolus_cap_is_not_one_of_an_infusion(self):
        protocol = invented(limits=limits(bolus_per_kg_max=(0.35, "mg/kg")))
        assert rung(climbed(protocol, planned()), "weight") is None

    def test_no_cap_by_weight_is_no_rung(self):
        assert rung(climbed(invented(), planned()), "weight") is None

    def test_without_a_weight_it_leaves_nothing(self):
        protocol = invented(limits=limits(amount_per_visit_per_kg_max=(1, "mg/kg")))
        assert left(protocol, planned(), "weight", weight=None) is None
        assert says(protocol, planned(), "weight", weight=None) == (
            "1 mg/kg; the weight is not known"
        )


class TestRate:
    hours = {"over": number(4, "h")}  # noqa: RUF012

    def test_a_flat_rate_leaves_its_amount_over_the_time(self):
        protocol = invented(dose=self.hours, limits=limits(rate_max=(25, "mg/h")))
        assert left(protocol, planned(over=4.0), "rate") == pytest.approx(100.0)
        assert says(protocol, planned(over=4.0), "rate") == "25 mg/h over 240 min"

    @pytest.mark.parametrize(
        ("weight", "expected"),
        [
            pytest.param(71.0, 4 * 0.35 * 71.0, id="by weight below 71.4 kg"),
            pytest.param(72.0, 100.0, id="flat above"),
        ],
    )
    def test_the_lower_of_both_rates_binds(self, weight, expected):
        protocol = invented(
            dose=self.hours, limits=limits(rate_max=(25, "mg/h"), rate_per_kg_max=(0.35, "mg/kg/h"))
        )
        assert left(protocol, planned(over=4.0), "rate", weight=weight) == pytest.approx(expected)

    def test_a_rate_by_weight_alone(self):
        protocol = invented(limits=limits(rate_per_kg_max=(1, "mg/kg/h")))
        assert left(protocol, planned(over=0.5), "rate") == pytest.approx(40.0)
        assert left(protocol, planned(over=0.5), "rate", weight=None) is None
        assert (
            says(protocol, planned(), "rate", weight=None) == "1 mg/kg/h; the weight is not known"
        )

    def test_no_rate_is_no_rung(self):
        assert rung(climbed(invented(), planned()), "rate") is None


class TestTime:
    protocol = invented(limits=limits(over_min=(40, "min")))

    @pytest.mark.parametrize(
        ("over", "expected"),
        [
            pytest.param(39.9 / 60, 0.0, id="shorter"),
            pytest.param(40.0 / 60, math.inf, id="as long"),
            pytest.param(0.6666666666, math.inf, id="as long, as numbers go"),
            pytest.param(1.0, math.inf, id="longer"),
        ],
    )
    def test_a_shorter_time_leaves_nothing(self, over, expected):
        assert left(self.protocol, planned(over=over), "time") == expected

    def test_it_is_said_in_minutes(self):
        assert says(self.protocol, planned(), "time") == "over 40 min or longer"
        assert rung(climbed(invented(), planned()), "time") is None


class TestApart:
    protocol = invented(limits=limits(apart_min=(48, "h")))

    @pytest.mark.parametrize(
        ("ago", "expected"),
        [
            pytest.param(48 * HOUR - timedelta(seconds=1), 0.0, id="a second too early"),
            pytest.param(48 * HOUR, math.inf, id="at the hour"),
            pytest.param(49 * HOUR, math.inf, id="later"),
        ],
    )
    def test_a_visit_too_soon_leaves_nothing(self, ago, expected):
        given = [{"at": NOW - ago, "amount": 40.0}, *before(30)]
        assert left(self.protocol, planned(given=given), "apart") == expected

    def test_it_says_from_when(self):
        assert says(self.protocol, planned(given=before(1)), "apart") == (
            "48 h from the last visit, so from 2026-11-24 09:00 UTC"
        )

    def test_the_first_visit_waits_for_nothing(self):
        assert rung(climbed(self.protocol, planned()), "apart") is None
        assert rung(climbed(invented(), planned(given=before(1))), "apart") is None

    def test_what_was_given_before_is_not_known(self):
        dose = planned(given=None)
        assert left(self.protocol, dose, "apart") is None
        assert says(self.protocol, dose, "apart") == "what was given before is not known"


class TestSums:
    week = invented(limits=limits(amount_per_week_max=(100, "mg")))
    course = invented(limits=limits(amount_per_course_max=(200, "mg")))

    @pytest.mark.parametrize(
        ("days", "expected"),
        [
            pytest.param((3,), 60.0, id="one this week"),
            pytest.param((3, 6.9999), 20.0, id="two this week"),
            pytest.param((1, 3, 5), 0.0, id="more than the week holds is no debt"),
            pytest.param((7,), 100.0, id="a week ago to the second does not count"),
        ],
    )
    def test_a_week_is_seven_days_back(self, days, expected):
        assert left(self.week, planned(given=before(*days)), "week_amount") == pytest.approx(
            expected
        )
        capped = planned(given=before(*days), caps=NO_CAPS | {"clinic_week": cap(100)})
        assert left(invented(), capped, "clinic_week") == pytest.approx(expected)

    def test_a_course_counts_from_its_beginning(self):
        dose = planned(given=before(3, 40, 80))
        assert left(self.course, dose, "course_amount") == pytest.approx(80.0)
        assert says(self.course, dose, "course_amount") == "200 mg, less 120 mg given"
        capped = planned(given=before(3, 40, 80), caps=NO_CAPS | {"clinic_course": cap(150)})
        assert left(invented(), capped, "clinic_course") == pytest.approx(30.0)

    def test_nothing_given_is_not_said(self):
        assert says(self.course, planned(), "course_amount") == "200 mg"

    @pytest.mark.parametrize("given", [None, before(3, amount=None)])
    def test_an_unknown_dose_leaves_nothing(self, given):
        said = "200 mg, less what was given before, which is not known"
        assert left(self.course, planned(given=given), "course_amount") is None
        assert says(self.course, planned(given=given), "course_amount") == said

    def test_an_unknown_dose_of_another_week_does_not_count_this_week(self):
        assert left(self.week, planned(given=before(8, amount=None)), "week_amount") == 100.0

    def test_protocols_without_such_limits_have_no_such_rungs(self):
        found = climbed(invented(), planned(given=before(3)))
        assert rung(found, "week_amount") is None
        assert rung(found, "course_amount") is None


class TestCounts:
    week = invented(limits=limits(visits_per_week_max=(2, "1")))
    course = invented(limits=limits(visits_per_course_max=(3, "1")))

    @pytest.mark.parametrize(
        ("days", "expected"), [((), math.inf), ((3,), math.inf), ((3, 5), 0.0), ((3, 7), math.inf)]
    )
    def test_visits_of_a_week(self, days, expected):
        assert left(self.week, planned(given=before(*days)), "week_visits") == expected

    @pytest.mark.parametrize(
        ("days", "expected"), [((3, 40), math.inf), ((3, 40, 80), 0.0), ((3, 40, 80, 90), 0.0)]
    )
    def test_visits_of_a_course(self, days, expected):
        assert left(self.course, planned(given=before(*days)), "course_visits") == expected

    def test_they_are_counted_in_words(self):
        dose = planned(given=before(3, 40))
        assert says(self.course, dose, "course_visits") == "2 of 3 visits used"
        assert left(self.course, planned(given=None), "course_visits") is None
        assert says(self.course, planned(given=None), "course_visits") == (
            "what was given before is not known"
        )
        assert rung(climbed(invented(), dose), "week_visits") is None
        assert rung(climbed(invented(), dose), "course_visits") is None


def test_caps_of_clinic_and_prescriber_are_what_they_say():
    caps = NO_CAPS | {"clinic_visit": cap(60), "prescriber_visit": cap(50)}
    dose = planned(caps=caps, given=before(3))
    assert left(invented(), dose, "clinic_visit") == 60.0
    assert left(invented(), dose, "prescriber_visit") == 50.0
    assert says(invented(), dose, "clinic_visit") == "60 mg, by Practice Director: a test"


class TestPeak:
    predicted = {  # noqa: RUF012
        "amount": 40.0, "over": 40.0 / 60.0, "low": 0.1, "median": 0.15, "high": 0.2,
        "band": "5 to 95 % of people", "model": "invented", "population": "adults",
        "engine": "ketherapy 0",
    }  # fmt: skip
    caps = NO_CAPS | {"peak": cap(0.25)}

    def test_levels_are_proportional_to_the_dose(self):
        dose = planned(caps=self.caps, predicted=self.predicted)
        assert left(invented(), dose, "predicted_peak") == pytest.approx(50.0)
        assert says(invented(), dose, "predicted_peak") == (
            "250 ng/mL; 40 mg is predicted to reach 100 to 200 ng/mL (5 to 95 % of people, "
            "invented), by Practice Director: a test"
        )
        assert rung(climbed(invented(), dose), "predicted_peak").status == "derived"

    def test_a_peak_that_nobody_predicted_leaves_nothing(self):
        dose = planned(caps=self.caps)
        assert left(invented(), dose, "predicted_peak") is None
        assert says(invented(), dose, "predicted_peak") == "250 ng/mL, and no peak was predicted"

    def test_one_predicted_over_another_time_leaves_nothing(self):
        dose = planned(caps=self.caps, predicted=self.predicted, over=1.0)
        assert left(invented(), dose, "predicted_peak") is None
        assert (
            says(invented(), dose, "predicted_peak") == "250 ng/mL, and predicted over another time"
        )


def test_vials_hold_what_they_hold_and_are_no_rung_before_they_are_chosen():
    assert left(invented(), planned(on_hand=30.0), "vial") == 30.0
    assert says(invented(), planned(on_hand=30.0), "vial") == "30 mg in the chosen vials"
    assert rung(climbed(invented(), planned()), "vial") is None


def test_a_rung_names_the_source_of_its_limit():
    entry = {**number(60, "mg", source="cohen2018", status="secondary"), "since": "2026-01-01"}
    found = climbed(invented(limits=limits() | {"amount_per_visit_max": entry}), planned())
    visit, dose = rung(found, "protocol_visit"), rung(found, "protocol_dose")
    assert (visit.source, visit.status, visit.locator) == ("cohen2018", "secondary", "a test")
    assert (dose.source, dose.status, dose.locator) == ("ketherapy", "convention", "a test")
    step = invented(dose={"step": number(0.1, "mg/kg", source="cohen2018", status="secondary")})
    found = rung(climbed(step, planned(given=before(3))), "protocol_step")
    assert (found.source, found.status, found.locator) == ("cohen2018", "secondary", "a test")


def test_a_course_begins_with_its_first_phase():
    first = invented().phase[0]
    later = replace(first, id="later", title="Later")
    protocol = replace(invented(), phase=(first, later))
    dose = planned(phase="later")
    assert left(protocol, dose, "protocol_first") == 0.0
    assert says(protocol, dose, "protocol_first") == "a course begins with series"
    assert climbed(protocol, dose).most == 0.0
    assert left(protocol, planned(phase="later", given=None), "protocol_first") == 0.0
    again = climbed(protocol, planned(phase="later", given=before(3)))
    assert rung(again, "protocol_first") is None
    assert rung(climbed(protocol, planned()), "protocol_first") is None


def test_a_phase_that_the_protocol_does_not_have_is_refused():
    first = invented().phase[0]
    both = replace(invented(), phase=(first, replace(first, id="later")))
    with pytest.raises(ContractError) as refused:
        climbed(both, planned(phase="other"))
    assert str(refused.value) == (
        "phase: expected one of series, later, got 'other'. Name a phase of invented_2026_01."
    )


def test_of_two_last_doses_at_once_the_lower_counts_however_they_are_told():
    stepped = invented(dose={"step": number(0.0625, "mg/kg")})
    low, high, lost = (before(3, amount=mg)[0] for mg in (20.0, 40.0, None))
    for given in ([low, high], [high, low], [*before(9, amount=90.0), high, low]):
        assert left(stepped, planned(given=given), "protocol_step") == 25.0
    assert left(stepped, planned(given=[low, lost]), "protocol_step") is None


def test_doses_add_up_to_the_same_however_they_are_told():
    week = invented(limits=limits(amount_per_week_max=(100, "mg")))
    told = [one for k, mg in enumerate((0.1, 0.2, 0.3)) for one in before(1 + k, amount=mg)]
    assert left(week, planned(given=told), "week_amount") == 99.4
    assert left(week, planned(given=told[::-1]), "week_amount") == 99.4
