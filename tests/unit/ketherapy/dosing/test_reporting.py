"""Reports: owed after every session, to the minute, and about what nobody has judged yet."""

from datetime import UTC, datetime, timedelta

import pytest

from ketherapy.dosing.adverse_events import AdverseEvent, Setting, grades
from ketherapy.dosing.custody_duties import custody_duties, in_force
from ketherapy.dosing.custody_events import EnteredInError, Loss, LossKind, Reported
from ketherapy.dosing.reporting import (
    RemsForm,
    Treatment,
    occasions,
    rems_fields,
    rems_form,
    reporting_duties,
    reports_due,
)
from ketherapy.errors import ContractError
from ketherapy.regimen import Drug, Route
from ketherapy.sources import Status, source
from tests.custody import CALENDAR, NOON, draw, minutes

ALL = reporting_duties("US")
WEEK = NOON + timedelta(days=7)
NOT_SERIOUS = dict.fromkeys(grades().serious.outcomes, False)
SERIOUS = {"death": True}
SPRAY = {"drug": Drug.ESKETAMINE, "route": Route.INTRANASAL}


def session(event="S", *, at=0, setting=Setting.OUTPATIENT, **more):
    drug = SPRAY | more
    return Treatment(id=event, at=minutes(at), by="ann", patient="one", setting=setting, **drug)


def adverse(event="A", *, setting=Setting.OUTPATIENT, outcomes=SERIOUS, **more):
    return AdverseEvent(
        id=event, at=NOON, by="ann", patient="one", verbatim="fell", setting=setting,
        outcomes=outcomes, **SPRAY | more,
    )  # fmt: skip


def sent(duty="rems_form", about="S", *, at=5, event="N"):
    return Reported(id=event, at=minutes(at), by="ann", duty=duty, about=about)


def due(*events, now=WEEK, adopted=(), duties=ALL):
    held = in_force(duties, adopted=frozenset(adopted))
    return reports_due(held, events, now=now, calendar=CALENDAR)


def names(*events, **more):
    return [(one.duty.id, one.about) for one in due(*events, **more)]


class TestData:
    @pytest.mark.parametrize("duty", ALL, ids=lambda duty: duty.id)
    def test_every_duty_has_a_source_and_what_was_read_has_a_place(self, duty):
        assert source(duty.source)
        assert (duty.status is Status.CONVENTION) == (duty.source == "ketherapy")
        assert duty.locator or duty.status is Status.CONVENTION

    def test_what_nobody_read_is_off(self):
        off = {one.id for one in ALL} - {one.id for one in in_force(ALL)}
        assert off == {"rems_serious_event", "medwatch"}

    def test_no_country_is_lenient_because_nobody_read_its_rules(self):
        with pytest.raises(ContractError, match=r"were read: US, got 'EU'"):
            reporting_duties("EU")

    @pytest.mark.parametrize("number", ["1-877-778-0091", "1-855-382-6022"])
    def test_a_telephone_number_stands_only_where_it_was_read(self, number):
        (duty,) = (one for one in ALL if number in one.says)
        assert duty.status is Status.VERIFIED


class TestSessions:
    @pytest.mark.parametrize(
        ("minutes", "is_late"),
        [
            pytest.param(-1, False, id="a minute before"),
            pytest.param(0, False, id="at seven days"),
            pytest.param(1, True, id="a minute after"),
        ],
    )
    def test_the_form_is_due_within_seven_days_to_the_minute(self, minutes, is_late):
        now = WEEK + timedelta(minutes=minutes)
        (form,) = due(session(), now=now)
        assert (form.duty.id, form.about, form.due_at) == ("rems_form", "S", WEEK)
        assert form.is_late(now) is is_late

    def test_it_is_owed_after_every_session(self):
        sessions = [session(f"S{k}", at=k) for k in range(4)]
        assert names(*sessions, sent(about="S2")) == [
            ("rems_form", "S0"), ("rems_form", "S1"), ("rems_form", "S3"),
        ]  # fmt: skip
        assert names(session(), sent()) == []

    def test_inpatients_have_none_and_a_setting_that_is_not_known_has_one(self):
        assert names(session(setting=Setting.INPATIENT)) == []
        assert names(session(setting=None)) == [("rems_form", "S")]

    @pytest.mark.parametrize(
        "other", [{"drug": Drug.KETAMINE}, {"route": Route.IV}, {"drug": Drug.ARKETAMINE}]
    )
    def test_other_drugs_and_routes_are_not_of_the_programme(self, other):
        assert names(session(**other)) == []

    def test_one_that_never_was_owes_nothing(self):
        error = EnteredInError(id="E", at=minutes(9), by="ann", replaces="S", reason="slip")
        assert names(session(), error) == []

    def test_a_form_sent_before_the_session_is_none(self):
        assert names(session(at=6), sent(at=5)) == [("rems_form", "S")]
        assert names(session(at=5), sent(at=5)) == []


class TestAdverseEvents:
    def test_inpatient_settings_report_all_of_them_at_once(self):
        found = due(adverse(setting=Setting.INPATIENT, outcomes=NOT_SERIOUS))
        assert [(one.duty.id, one.due_at) for one in found] == [("rems_inpatient_event", None)]
        assert not found[0].is_late(WEEK)
        told = sent("rems_inpatient_event", "A")
        assert names(adverse(setting=Setting.INPATIENT), told) == []

    def test_of_outpatients_nothing_is_asked_but_what_a_clinic_adopts(self):
        assert names(adverse()) == []
        both = {"rems_serious_event", "medwatch"}
        assert set(names(adverse(), adopted=both)) == {
            ("rems_serious_event", "A"), ("medwatch", "A"),
        }  # fmt: skip
        assert names(adverse(outcomes=NOT_SERIOUS), adopted=both) == []

    @pytest.mark.parametrize(
        ("setting", "outcomes", "is_about"),
        [
            (Setting.OUTPATIENT, NOT_SERIOUS, {"outpatient_adverse_event"}),
            (
                Setting.OUTPATIENT, SERIOUS,
                {"outpatient_adverse_event", "outpatient_serious_event", "serious_adverse_event"},
            ),
            (Setting.INPATIENT, NOT_SERIOUS, {"inpatient_adverse_event"}),
            (
                Setting.INPATIENT, {},
                {"inpatient_adverse_event", "inpatient_serious_event", "serious_adverse_event"},
            ),
            (None, NOT_SERIOUS, {"outpatient_adverse_event", "inpatient_adverse_event"}),
        ],
    )  # fmt: skip
    def test_what_is_not_known_counts_as_the_graver(self, setting, outcomes, is_about):
        assert set(occasions(adverse(setting=setting, outcomes=outcomes))) == is_about

    def test_of_other_drugs_only_what_is_serious_is_an_occasion(self):
        assert set(occasions(adverse(drug=Drug.KETAMINE))) == {"serious_adverse_event"}
        assert set(occasions(adverse(drug=Drug.KETAMINE, outcomes=NOT_SERIOUS))) == set()

    def test_what_owes_nothing_is_no_occasion(self):
        assert set(occasions(draw())) == set()


def test_losses_are_among_the_reports_where_their_duties_are_passed():
    loss = Loss(id="L", at=NOON, by="ann", vial="v", microlitres=1, kind_of_loss=LossKind.UNJUDGED)
    both = (*ALL, *custody_duties("US"))
    assert names(session(), loss, duties=both) == [
        ("loss_notice", "L"), ("rems_form", "S"), ("loss_form", "L"),
    ]  # fmt: skip
    assert names(session(), loss) == [("rems_form", "S")]
    assert due(loss, duties=both)[0].due_at == datetime(2026, 3, 4, tzinfo=UTC)


FULL = {key: "x" for key, one in rems_fields().items() if one.only_if == ""}  # always asked


class TestForm:
    def test_a_form_with_every_answer_is_complete(self):
        assert rems_form(FULL) == RemsForm(missing=(), unread=())
        assert rems_form(FULL).is_complete

    @pytest.mark.parametrize("gone", FULL)
    def test_each_field_alone_is_missed(self, gone):
        rest = {key: one for key, one in FULL.items() if key != gone}
        for answers in (rest, rest | {gone: None}, rest | {gone: " "}, rest | {gone: float("nan")}):
            seen = rems_form(answers)
            assert seen.missing == (gone,)
            assert not seen.is_complete

    def test_zero_and_no_are_answers(self):
        assert rems_form(FULL | {"ready_minutes": 0.0, "had_sedation": False}).is_complete

    @pytest.mark.parametrize(
        ("key", "answer", "more"),
        [
            ("is_first_treatment", True, ("is_enrolled",)),
            ("dose", "other", ("dose_other",)),
            ("had_sedation", True, ("sedation_onset", "sedation_resolved")),
            ("had_dissociation", True, ("dissociation_onset", "dissociation_resolved")),
            (
                "had_respiratory_depression", True,
                ("respiratory_depression_onset", "respiratory_depression_resolved"),
            ),
            ("had_serious_event", True, ("serious_event_outcome",)),
        ],
    )  # fmt: skip
    def test_some_fields_are_asked_after_some_answers(self, key, answer, more):
        assert rems_form(FULL | {key: answer}).missing == more
        assert rems_form(FULL | {key: answer} | dict.fromkeys(more, "x")).is_complete
        assert rems_form(FULL | {key: False if answer is True else "56 mg"}).is_complete

    def test_fields_that_nobody_read_are_marked_and_missed_all_the_same(self):
        seen = rems_form({**FULL, "had_sedation": True, "had_serious_event": None})
        assert seen.missing == ("sedation_onset", "sedation_resolved", "had_serious_event")
        assert seen.unread == seen.missing
        assert not seen.is_complete
        assert rems_form({**FULL, "lot": None}).unread == ()

    def test_an_empty_form_lacks_everything_that_is_always_asked(self):
        assert set(rems_form({}).missing) == set(FULL)

    def test_a_strange_answer_is_refused(self):
        with pytest.raises(ContractError, match=r"its own fields, got 'mood, weight'.*rems_form"):
            rems_form({"weight": 70.0, "mood": "fair", "lot": "x"})

    def test_what_a_field_hangs_on_is_a_field_that_is_always_asked(self):
        fields = rems_fields()
        for one in fields.values():
            assert one.only_if == "" or fields[one.only_if].only_if == ""
            assert (one.only_if == "") == (one.is_answered == "")
            assert (one.status is Status.CONVENTION) == (one.source == "ketherapy")
            assert one.source == "" or source(one.source)
