"""What a screening comes to, and what it asks of its reader."""

import hashlib
from datetime import UTC, datetime

import pytest

from clinic.care.refusals import Refusal
from clinic.care.screening import (
    Action,
    Screening,
    Verdict,
    asked_of,
    known_medicines,
    screened,
    screening_of,
)
from clinic.care.screening_entries import CASE, read_asking
from clinic.care.screening_examples import example_entries, examples
from ketherapy.dosing.decision import Override, decide, replay
from ketherapy.dosing.facts import vocabulary

NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)


def of(example, **changed):
    entries = example_entries(example, zone="Europe/Zurich", now=NOW)
    assert entries is not None
    found = screening_of({**entries, **{k: (v,) for k, v in changed.items()}}, now=NOW)
    assert isinstance(found, Screening)
    return found


def rules(found, action):
    return [told.finding.rule for told in found.groups.get(action, ())]


class TestVerdict:
    @pytest.mark.parametrize(
        ("example", "verdict"),
        [
            ("pp07", Verdict.CLEAR), ("pp12", Verdict.HELD),
            ("pp19", Verdict.STOPPED), ("pp23", Verdict.OPEN),
        ],
    )  # fmt: skip
    def test_of_people_who_do_not_exist(self, example, verdict):
        assert of(example).verdict is verdict

    def test_a_hold_outranks_a_question(self):
        assert of("pp12", stroke="unknown").verdict is Verdict.HELD

    def test_a_block_outranks_a_hold(self):
        assert of("pp12", aneurysmal_vascular_disease="yes").verdict is Verdict.STOPPED

    def test_a_caution_is_said(self):
        assert of("pp07", medicines="amlodipine").verdict is Verdict.CAUTION

    def test_what_no_rule_was_written_for_is_never_clear(self):
        found = of("pp07", drug="arketamine", route="oral")
        assert found.decision.not_checked
        assert found.verdict is not Verdict.CLEAR

    def test_passed_by_name(self):
        held = of("pp12")
        override = Override(
            by="A", role="prescriber", reason="r", rules=("CI-008a",), at=NOW.isoformat()
        )
        partly = screened(decide(held.decision.question, override=override))
        assert partly.verdict is Verdict.HELD
        assert [told.finding.rule for told in partly.passable] == rules(held, Action.REVIEW)
        assert {t.finding.rule for t in partly.passable if t.is_passed} == {"CI-008a"}
        whole = tuple(rules(held, Action.REVIEW))
        override = Override(by="A", role="prescriber", reason="r", rules=whole, at=NOW.isoformat())
        passed = screened(decide(held.decision.question, override=override))
        assert passed.verdict is Verdict.PASSED
        assert passed.passable == ()


class TestGroups:
    def test_each_finding_stands_once_and_the_gravest_first(self):
        found = of("pp12", aneurysmal_vascular_disease="yes", stroke="unknown")
        assert list(found.groups) == [one for one in Action if one in found.groups]
        told = [told.finding for group in found.groups.values() for told in group]
        assert len(told) == len(found.decision.findings)
        assert set(map(id, told)) == set(map(id, found.decision.findings))

    def test_what_is_not_known_is_asked_and_cannot_be_passed(self):
        found = of("pp23")
        assert Action.REVIEW not in found.groups
        assert found.passable == ()
        fields = [one.field for one in found.questions]
        assert fields == [f for f in vocabulary().facts if f in fields]
        assert {"sbp", "dbp", "pregnant", "escort_arranged"} <= set(fields)
        (bp,) = [t for t in found.groups[Action.ASK] if t.finding.rule == "CI-007a"]
        assert [one.field for one in bp.questions] == ["sbp", "dbp"]

    def test_a_number_without_its_time_is_asked_for_the_time_alone(self):
        found = of("pp07", measured_at="")
        assert [one.field for one in found.questions] == ["measured_at"]
        assert found.questions[0].label == "time of measurement"

    def test_a_finding_carries_its_source_and_its_address(self):
        (told,) = of("pp19").groups[Action.STOP]
        assert told.citation
        assert told.address.startswith("http")

    def test_one_without_a_source_elsewhere_has_no_address(self):
        (told,) = [t for t in of("pp12").passable if t.finding.rule == "INT-unknown"]
        assert told.address == ""


def test_what_is_not_covered_is_always_said():
    found = of("pp12")
    assert found.decision.not_checked == ("St. Jon's tea",)
    assert {one.id for one in found.stale} >= {"us_esketamine_label_2026_01"}
    assert {one.rule for one in found.switched_off} == set(found.decision.switched_off) > set()
    assert all(one.says and one.pack for one in found.switched_off)


def test_the_file_is_the_decision_and_its_fingerprint_is_its_own():
    found = of("pp23")
    assert replay(found.text).is_same
    assert found.sha256 == hashlib.sha256(found.text.encode()).hexdigest()
    assert found.profile_title.startswith("United States")


class TestAsked:
    @pytest.mark.parametrize("example", [one.id for one in examples()])
    def test_the_form_asks_whatever_a_rule_can_ask(self, example):
        entries = example_entries(example, zone="UTC", now=NOW)
        assert entries is not None
        asking = read_asking(entries)
        assert not isinstance(asking, Refusal)
        asked = asked_of(asking, now=NOW)
        case = (*CASE, "profile", "stages")
        bare = screening_of({name: entries[name] for name in case}, now=NOW)
        assert isinstance(bare, Screening)
        assert {one.field for one in bare.questions} == set(asked)

    def test_the_spray_is_asked_for_its_programme_and_an_infusion_is_not(self):
        spray, infusion = (
            asked_of(read_asking(example_entries(one, zone="UTC", now=NOW)), now=NOW)
            for one in ("pp23", "pp07")
        )
        assert spray["rems_enrolled"] is True
        assert "rems_enrolled" not in infusion
        assert infusion["sbp"] is True


class TestMedicines:
    def test_what_a_line_was_taken_for(self):
        (one,) = known_medicines(("sertraline 100 mg",))
        assert one.named == ("sertraline (SSRI)",)
        assert one.near == ()

    def test_a_spelling_that_resembles_one_is_asked_about(self):
        (one,) = known_medicines(("sertralin",))
        assert one.named == ()
        assert "sertraline" in one.near


class TestExamples:
    def test_nobodys_id_is_nobody(self):
        assert example_entries("pp99", zone="UTC", now=NOW) is None

    def test_times_are_by_the_clock_there(self):
        entries = example_entries("pp07", zone="America/New_York", now=NOW)
        assert entries is not None
        assert entries["measured_at"] == ("2026-11-23 13:20",)
        assert entries["zone"] == ("America/New_York",)

    def test_their_names_say_that_they_do_not_exist(self):
        assert all(one.title.startswith("Practice Patient ") for one in examples())
        assert len({one.id for one in examples()}) == len(examples()) == 4
