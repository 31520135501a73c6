"""Adverse events: words kept, grades at their edges, seriousness never assumed away."""

from pathlib import Path

import pytest

import ketherapy.dosing
from ketherapy.dosing.adverse_events import (
    AdverseEvent,
    Graded,
    Setting,
    expected_frequencies,
    graded,
    grades,
    is_serious,
    term,
    terms,
)
from ketherapy.errors import ContractError
from ketherapy.pharmacology.effects.frequencies import frequencies, frequency
from ketherapy.regimen import Drug, Route
from ketherapy.sources import Status, source
from tests.custody import NOON

OUTCOMES = list(grades().serious.outcomes)
NONE = dict.fromkeys(OUTCOMES, False)


def event(**more):
    usual = {"verbatim": "felt far away", "drug": Drug.ESKETAMINE, "route": Route.INTRANASAL}
    return AdverseEvent(id="A", at=NOON, by="ann", patient="one", **usual | more)


class TestRecord:
    def test_the_words_of_whoever_saw_it_are_kept(self):
        seen = event()
        assert (seen.verbatim, seen.term, seen.grade, seen.setting) == (
            "felt far away", None, None, None,
        )  # fmt: skip
        assert event(term="dissociation", setting=Setting.OUTPATIENT).term == "dissociation"

    def test_it_is_nothing_without_words(self):
        with pytest.raises(ContractError, match=r"adverseevent\.verbatim"):
            event(verbatim=" ")

    def test_a_term_is_of_our_list_or_left_out(self):
        with pytest.raises(
            ContractError, match=r"one of anxiety, .*, got 'rash'.*words of the rec"
        ):
            event(term="rash")

    @pytest.mark.parametrize("grade", [1, 5])
    def test_a_grade_is_one_to_five(self, grade):
        assert event(grade=grade).grade == grade

    @pytest.mark.parametrize("grade", [0, 6])
    def test_another_grade_is_refused(self, grade):
        with pytest.raises(ContractError, match=r"expected 1 to 5, or none.*nobody has graded"):
            event(grade=grade)

    def test_what_came_of_it_is_of_the_list(self):
        with pytest.raises(ContractError, match="got 'pain'"):
            event(outcomes={"pain": True})


class TestSerious:
    @pytest.mark.parametrize("outcome", OUTCOMES)
    def test_any_one_outcome_makes_it_serious_whatever_else_is_known(self, outcome):
        assert is_serious({outcome: True}) is True
        assert is_serious(NONE | {outcome: True}) is True
        assert event(outcomes={outcome: True}).is_serious is True

    @pytest.mark.parametrize("unknown", OUTCOMES)
    def test_while_one_is_not_known_it_is_not_known(self, unknown):
        rest = {key: False for key in OUTCOMES if key != unknown}
        assert is_serious(rest) is None

    def test_it_is_not_serious_when_every_one_is_denied(self):
        assert is_serious(NONE) is False
        assert event(outcomes=NONE).is_serious is False
        assert event().is_serious is None

    def test_the_list_is_that_of_the_statute(self):
        assert set(OUTCOMES) == {
            "death", "life_threatening", "hospitalisation", "incapacity", "birth_defect",
            "intervention",
        }  # fmt: skip
        assert grades().serious.source == "usc_355_1"

    def test_strange_outcomes_are_all_named(self):
        with pytest.raises(ContractError, match=r"of death, .*got 'b, c'.*what else came of it"):
            is_serious({"c": False, "b": True})


class TestGrades:
    @pytest.mark.parametrize(
        ("sbp", "dbp", "grade"),
        [
            (119.0, 79.0, 0), (120.0, 79.0, 1), (119.0, 80.0, 1), (139.0, 89.0, 1),
            (140.0, 79.0, 2), (119.0, 90.0, 2), (159.0, 99.0, 2), (160.0, 79.0, 3),
            (119.0, 100.0, 3), (240.0, 140.0, 3),
        ],
    )  # fmt: skip
    def test_blood_pressure_is_graded_at_its_edges(self, sbp, dbp, grade):
        assert graded("blood_pressure", {"sbp": sbp, "dbp": dbp}).grade == grade

    @pytest.mark.parametrize(
        ("times", "grade"),
        [(0.9, 0), (1.0, 0), (1.01, 1), (3.0, 1), (3.01, 2), (5.0, 2), (5.01, 3), (20.0, 3),
         (20.01, 4)],
    )  # fmt: skip
    def test_liver_enzymes_are_graded_above_their_edges(self, times, grade):
        assert graded("alt", {"alt_x_uln": times}) == Graded(at_least=grade, missing=())

    @pytest.mark.parametrize("gone", [{}, {"dbp": None}])
    def test_what_is_missing_and_could_raise_it_leaves_it_open(self, gone):
        seen = graded("blood_pressure", {"sbp": 150.0, **gone})
        assert seen == Graded(at_least=2, missing=("dbp",))
        assert seen.grade is None

    def test_what_is_missing_and_could_not_raise_it_does_not(self):
        assert graded("blood_pressure", {"sbp": 160.0}).grade == 3
        assert graded("blood_pressure", {"dbp": 100.0}).grade == 3

    def test_nothing_measured_is_no_grade(self):
        seen = graded("blood_pressure", {})
        assert (seen.at_least, seen.missing, seen.grade) == (0, ("dbp", "sbp"), None)

    @pytest.mark.parametrize("scale", ["general", "mood"])
    def test_where_no_number_is_named_a_clinician_grades(self, scale):
        says = rf"with numbers: blood_pressure, alt, got '{scale}'.*a clinician grades"
        with pytest.raises(ContractError, match=says):
            graded(scale, {})

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0])
    def test_what_is_no_number_is_refused(self, value):
        with pytest.raises(ContractError, match=r"GR-001, sbp: expected a number for dbp or sbp"):
            graded("blood_pressure", {"sbp": value})
        assert graded("blood_pressure", {"sbp": 0.0}).at_least == 0

    def test_a_fact_of_another_scale_is_refused(self):
        with pytest.raises(ContractError, match=r"GR-001, alt_x_uln.*Leave out what was not meas"):
            graded("blood_pressure", {"alt_x_uln": 2.0})

    def test_every_scale_has_a_rule_a_source_and_a_place(self):
        every = [*grades().scales.values(), grades().serious]
        assert [one.rule for one in every] == ["GR-002", "GR-001", "GR-003", "GR-004"]
        for one in every:
            assert source(one.source)
            assert one.status is (
                Status.SECONDARY if one.rule == "GR-001" else Status.VERIFIED
            )  # the first was read in a page that quotes it
            assert one.locator

    def test_grades_have_words_and_edges_rise(self):
        for scale in grades().scales.values():
            assert len(scale.words) in (0, 5)
            for fact in {edge.fact for edge in scale.edges}:
                limits = [(e.grade, e.limit.value) for e in scale.edges if e.fact == fact]
                assert limits == sorted(limits)


class TestExpected:
    def test_every_frequency_of_the_list_exists_and_is_named_once(self):
        named = [key for one in terms().values() for key in one.counted]
        assert len(named) == len(set(named))
        assert set(named) <= {one.id for one in frequencies()}

    def test_no_frequency_is_copied(self):
        folder = Path(ketherapy.dosing.__file__).parent / "data" / "adverse_events"
        assert "%" not in (folder / "terms.toml").read_text(encoding="utf-8")

    def test_a_term_stands_beside_its_own_event(self):
        alike = {"sedation": "sedation", "nausea": "nausea", "vertigo": "vertigo"}
        for key, word in alike.items():
            assert all(word in row.event for row in expected_frequencies(key))
            assert expected_frequencies(key)

    def test_all_that_was_counted_is_returned_in_the_order_of_the_list(self):
        assert [row.id for row in expected_frequencies("nausea")] == [
            "AE-003", "AE-019-2", "AE-044",
        ]  # fmt: skip

    def test_it_is_of_the_drug_route_and_population_that_are_asked_for(self):
        population = frequency("AE-003").population
        asked = expected_frequencies("nausea", population=population)
        assert [row.id for row in asked] == ["AE-003"]
        assert expected_frequencies("nausea", drug=Drug.KETAMINE) == ()
        assert len(expected_frequencies("nausea", drug=Drug.ESKETAMINE)) == 3
        assert expected_frequencies("nausea", route=Route.IV) == ()
        assert len(expected_frequencies("nausea", route=Route.INTRANASAL)) == 3
        severe = expected_frequencies("severe_hypertension", drug=Drug.KETAMINE, route=Route.IV)
        assert [row.id for row in severe] == ["AE-025"]

    def test_a_route_that_was_not_said_answers_no_question_about_a_route(self):
        assert len(expected_frequencies("emergence_reaction")) == 1
        assert not any(expected_frequencies("emergence_reaction", route=route) for route in Route)

    def test_an_unknown_term_is_refused(self):
        with pytest.raises(ContractError, match=r"one of anxiety, .*got 'rash'"):
            expected_frequencies("rash")
        assert term("nausea").name == "Nausea"
