"""The self-check: both groups of every finding, nothing missing taken for a no, no verdict."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from clinic.explore import self_check
from clinic.explore.findings import finding
from clinic.explore.self_check import ANY_SPRAY, DRIPS, SPRAYS, Refusal, Result, check
from clinic.explore.self_check_content import CHILD, NO, UNKNOWN, YES, Condition, Health, content
from clinic.explore.self_check_entries import (
    AGE,
    CONDITIONS,
    FORM,
    SUICIDE,
    TOLD,
    choices,
    is_in_crisis,
    read,
)
from ketherapy import records
from ketherapy.dosing.protocol import protocol
from ketherapy.errors import DataFileError
from ketherapy.evidence.questions import questions
from ketherapy.pharmacology.effects.frequencies import frequency
from ketherapy.sources import Status, source
from tests.reading import grade

CONTENT = content()
EVERY = tuple(one.id for one in CONTENT.conditions)
HARDEST = 8.9  # Flesch-Kincaid grade
NEVER = re.compile(
    r"\byou will (?:feel|get|be|improve)|\bsuitable|\bunsuitable|\beligible|\bineligible|\bscore:"
    r"|\bsafe for you\b(?! must)|\bguarantee|\bcure",
    re.IGNORECASE,
)


def answered(**changed: tuple[str, ...]) -> Result:
    found = check(changed)
    assert isinstance(found, Result)
    return found


def refused(entries: dict[str, tuple[str, ...]]) -> Refusal:
    found = check(entries)
    assert isinstance(found, Refusal)
    return found


class TestContent:
    @pytest.mark.parametrize("row", [*CONTENT.health, *CONTENT.ages], ids=lambda row: row.id)
    def test_every_question_about_health_rests_on_a_rule_that_was_read(self, row):
        assert row.status in {Status.VERIFIED, Status.SECONDARY}
        assert row.locator
        assert all(re.fullmatch(r"(CI|INT)-\d{3}", rule) for rule in row.rule.split())
        assert all(source(key).url or source(key).doi for key in row.keys)

    @pytest.mark.parametrize("fact", CONTENT.facts, ids=lambda fact: fact.id)
    def test_every_sentence_has_its_source_and_its_place(self, fact):
        topics = {*EVERY, *(one.id for one in CONTENT.tried), *DRIPS, *SPRAYS}
        topics |= {ANY_SPRAY, CHILD, self_check.EVERY}
        assert fact.topic in topics
        assert fact.locator
        assert all(source(key) for key in fact.keys)
        assert (fact.status is Status.CONVENTION) == (fact.source == "ketherapy")

    @pytest.mark.parametrize("asked", ["pressure", "heart", "aneurysm", "stroke", "psychosis"])
    def test_what_matters_most_is_asked(self, asked):
        assert asked in {row.id for row in CONTENT.health}

    def test_every_question_stands_in_a_group_and_none_twice(self):
        assert {row.group for row in CONTENT.health} == {group.id for group in CONTENT.groups}
        names = [*choices(), TOLD]
        assert len(names) == len(set(names))

    def test_every_standing_question_named_is_one(self):
        named = {key for one in (*CONTENT.conditions, *CONTENT.tried) for key in one.questions}
        assert named <= {one.id for one in questions()}

    @pytest.mark.parametrize("row", [{"rule": ""}, {"status": "recalled"}, {"source": None}])
    def test_a_question_that_was_recalled_or_rests_on_nothing_is_refused(self, row):
        whole = {
            "id": "a", "group": "body", "question": "A?", "short": "a", "why": "b",
            "rule": "CI-001", "source": "cohen2018", "locator": "c", "status": "verified",
        }  # fmt: skip
        entries = {key: value for key, value in (whole | row).items() if value is not None}
        with pytest.raises(DataFileError):
            records.check(Health, entries, where="a row")

    def test_a_condition_without_findings_has_to_say_so(self):
        with pytest.raises(DataFileError):
            records.check(Condition, {"id": "a", "label": "A"}, where="a table")

    def test_every_text_is_easy_to_read(self):
        told = [
            *(row.question for row in CONTENT.health),
            *(row.why for row in (*CONTENT.health, *CONTENT.ages)),
            *(fact.text for fact in CONTENT.facts),
            *(one.missing for one in CONTENT.conditions if one.missing),
            *CONTENT.ask,
            *CONTENT.cannot_tell,
        ]
        assert grade(" ".join(text if text[-1] in ".?!" else f"{text}." for text in told)) < 7.0
        hard = {row.id: grade(row.why) for row in CONTENT.health if grade(row.why) > HARDEST}
        hard |= {fact.id: grade(fact.text) for fact in CONTENT.facts if grade(fact.text) > HARDEST}
        assert hard == {}

    def test_nothing_promises_or_judges(self):
        told = " ".join(
            [*(row.why for row in CONTENT.health), *(fact.text for fact in CONTENT.facts)]
        )
        assert NEVER.findall(told) == []


class TestFindings:
    @pytest.mark.parametrize("condition", EVERY)
    def test_each_condition_shows_findings_of_both_groups_or_says_that_there_are_none(
        self, condition
    ):
        (found,) = answered(conditions=(condition,)).found
        assert bool(found.findings) != bool(found.missing)
        for one in found.findings:
            assert one.words.control
            assert one.words.treated
            assert sum(x is not None for x in (one.shares, one.gap, one.ratio)) == 1
            assert one.certainty
            assert one.words.time
            assert one.sources
            assert one.people is None or one.people > 0

    def test_the_largest_null_trials_are_named(self):
        (ptsd,) = answered(conditions=("ptsd",)).found
        assert any("158 veterans" in said.text for said in ptsd.facts)
        (hard,) = answered(conditions=("resistant",)).found
        nulls = {"ketamine_midazolam_response_course", "ketamine_asleep_response_day"}
        assert {one.id for one in hard.findings if not one.shows_a_difference} >= nulls

    def test_pain_is_as_the_review_printed_it(self):
        (pain,) = answered(conditions=("pain",)).found
        now, later, unwanted = pain.findings
        assert now.gap is not None
        printed = (-15.79, -32.09, 0.51)  # analysis 1.1 of the Cochrane review
        assert tuple(round(x, 2) for x in (now.gap.estimate, now.gap.low, now.gap.high)) == printed
        assert not now.shows_a_difference
        assert not later.shows_a_difference
        assert unwanted.ratio is not None
        ratio = (unwanted.ratio.estimate, unwanted.ratio.low, unwanted.ratio.high)
        assert tuple(round(x, 2) for x in ratio) == (3.26, 1.05, 10.09)  # analysis 1.9
        assert not unwanted.is_good
        assert any("calming drug" in said.text for said in pain.facts)  # mixed controls are said

    def test_of_few_people_one_interval_without_no_effect_is_not_enough(self):
        (found,) = answered(conditions=("ocd",)).found  # 4 of 8 and 0 of 7: the ratio holds one
        (one,) = found.findings
        assert one.shares is not None
        assert one.shares.low > 0.0
        assert not one.shows_a_difference

    def test_a_finding_that_its_guards_refused_is_missing_and_says_why(self, monkeypatch):
        def refusing(question_id):
            found = finding(question_id)
            return replace(found, shares=None, gap=None, ratio=None, refusals=("Too mixed.",))

        monkeypatch.setattr(self_check, "finding", refusing)
        for entries in ({"conditions": ("ocd",)}, {"ect": (YES,)}):
            (found,) = answered(**entries).found
            assert found.findings == ()
            assert found.missing.endswith("not shown. Too mixed.")

    def test_a_finding_stands_once_and_is_named_where_it_belongs_too(self):
        first, second = answered(conditions=("resistant", "depression")).found
        shown = [one.id for one in (*first.findings, *second.findings)]
        assert len(shown) == len(set(shown))
        assert set(second.as_before) <= {one.plain for one in first.findings}
        assert second.as_before

    def test_electric_treatment_brings_its_own_finding(self):
        assert "ketamine_ect_response" in {
            one.id for found in answered(ect=(YES,)).found for one in found.findings
        }
        assert answered(ect=(NO,)).found == ()

    @pytest.mark.parametrize("condition", EVERY)
    def test_a_share_in_a_sentence_has_another_beside_it(self, condition):
        found = answered(conditions=(condition,))
        for said in (*found.course, *(said for one in found.found for said in one.facts)):
            shares = re.findall(r"\b(?:\w+|\d+) of (?:100|18)\b", said.text)
            assert len(shares) != 1 or "one of 18 after" in said.text, said.text
            assert "%" not in said.text


class TestAnswers:
    @pytest.mark.parametrize("row", CONTENT.health, ids=lambda row: row.id)
    def test_yes_and_not_known_are_raised_and_no_and_nothing_are_not_forgotten(self, row):
        yes, unknown, no = (answered(**{row.id: (one,)}) for one in (YES, UNKNOWN, NO))
        assert [one.short for one in yes.told_yes] == [row.short]
        assert [one.why for one in unknown.told_unknown] == [row.why]
        assert no.told_no == (row.short,)
        for found in (yes, unknown, no):
            assert row.short not in found.unanswered
        assert row.short in answered().unanswered

    def test_an_empty_form_lists_everything_and_raises_nothing(self):
        found = answered()
        assert (found.told_yes, found.told_unknown, found.told_no, found.found) == ((), (), (), ())
        assert len(found.unanswered) == len(choices())

    @pytest.mark.parametrize("age", [row.id for row in CONTENT.ages])
    def test_an_age_with_a_rule_is_raised(self, age):
        (raised,) = answered(age=(age,)).told_yes
        assert raised.rules in {"CI-036", "CI-037", "CI-038"}

    def test_an_age_between_raises_nothing(self):
        assert answered(age=("age_between",)).told_yes == ()

    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("medicines", "none", "no medicine for it yet"),
            ("medicines", "one", "one medicine"),
            ("medicines", "several", "two or more medicines"),
            ("medicines", UNKNOWN, "You do not know"),
            ("talking", YES, "talking therapy"),
            ("before", YES, "what you felt"),
        ],
    )
    def test_what_was_tried_leads_to_something_to_say(self, name, value, words):
        (told,) = answered(**{name: (value,)}).tried
        assert words in told

    def test_a_course_is_that_of_the_protocols(self):
        told = [said.text for said in answered(conditions=("resistant", "pain")).course]
        infusion, pain = (protocol(key) for key in DRIPS.values())
        assert any(f"{infusion.dose.over.value:g} minutes" in text for text in told)
        assert any(f"{infusion.course.visits.value:g} visits" in text for text in told)
        assert any(f"{pain.dose.over.value:g} hours" in text for text in told)
        apart = frequency("AE-001")
        assert any(
            f"{apart.value:g} of 100" in text and f"{apart.comparator_value:g} of 100" in text
            for text in told
        )

    def test_the_course_of_the_spray_is_that_of_the_use_that_was_named(self):
        def spray(*conditions: str) -> list[str]:
            told = [said.text for said in answered(conditions=conditions).course]
            return [text for text in told if text.startswith("The spray for")]

        (crisis,) = spray("suicide")
        assert "two times a week for four weeks" in crisis
        assert "together with a tablet" in crisis
        assert "Longer use was not studied" in crisis
        assert "every second week" not in crisis
        (resistant,) = spray("resistant")
        assert "every second week" in resistant
        assert set(spray("resistant", "suicide")) == {resistant, crisis}

    @pytest.mark.parametrize("use", ["resistant", "suicide"])
    def test_what_belongs_to_every_spray_is_told_once(self, use):
        told = [said.text for said in answered(conditions=(use,)).course]
        assert sum("watches you for two hours" in text for text in told) == 1
        assert sum("felt apart from themselves" in text for text in told) == 1

    def test_under_18_it_is_said_first_that_the_trials_were_of_adults(self):
        told = " ".join(said.text for said in answered(age=(CHILD,)).first)
        for words in ("adults only", "no trial of people under 18", "suicide", "Talk to a parent"):
            assert words in told
        assert answered(age=("age_young",)).first == answered().first == ()

    @pytest.mark.parametrize(
        "entries", [*({CONDITIONS: (c.id,)} for c in CONTENT.conditions), {"ect": (YES,)}]
    )
    def test_no_drip_is_told_of_without_its_harms(self, entries):
        (found,) = answered(**entries).found
        has_drip = any("drip" in one.words.treated for one in found.findings)
        told = [said for said in found.facts if said.text.startswith("Drips have harms too")]
        assert len(told) == has_drip
        for said in told:
            assert "13 points" in said.text  # 12.61, as the review printed it
            assert "17 of 138" in said.text  # as the abstract printed it
            assert len(said.sources) == 2

    def test_own_words_are_given_back_and_nothing_is_added(self):
        assert answered(told=("  I am afraid.\r\nMy sister comes along.  ",)).own_words == (
            "I am afraid.\nMy sister comes along."
        )


class TestRefusals:
    @pytest.mark.parametrize(
        ("entries", "field"),
        [
            ({"weight": ("71",)}, FORM),
            ({"conditions": ("gout",)}, CONDITIONS),
            ({"pressure": ("maybe",)}, "pressure"),
            ({"pressure": ("",)}, "pressure"),
            ({"pressure": (YES, NO)}, "pressure"),
            ({"pressure": (YES, YES)}, "pressure"),
            ({"conditions": ("ocd", "ocd")}, CONDITIONS),
            ({"age": ("age_old", "age_young")}, AGE),
            ({"told": ("a", "b")}, TOLD),
            ({"told": ("a" * (CONTENT.longest_told + 1),)}, TOLD),
            ({"told": ("a\x00b",)}, TOLD),
            ({"told": ("a\x1bb",)}, TOLD),
            ({"told": ("\ud800",)}, TOLD),
            pytest.param({"told": ("a\ufffd",)}, TOLD, id="bytes that are no text"),
        ],
    )
    def test_one_fault_gives_one_sentence_beside_its_field(self, entries, field):
        (problem,) = refused(entries).problems
        assert problem.field == field
        assert problem.sentence.endswith(".")
        assert grade(problem.sentence) <= HARDEST

    def test_every_fault_is_told_at_once(self):
        found = refused({"weight": ("1",), "pressure": ("maybe",), "told": ("\x00",)})
        assert {problem.field for problem in found.problems} == {FORM, "pressure", TOLD}

    @pytest.mark.parametrize(
        "text", ["a" * CONTENT.longest_told, "a\r\n" * (CONTENT.longest_told // 2), "é Ж 中 👩‍🦽"]
    )
    def test_what_a_browser_lets_somebody_write_is_read(self, text):
        assert not isinstance(read({TOLD: (text,)}), Refusal)

    def test_no_sentence_repeats_what_was_sent(self):
        found = refused({"marker": ("x",), "pressure": ("marker",), "told": ("marker\x00",)})
        assert "marker" not in " ".join(problem.sentence for problem in found.problems)


class TestCrisis:
    @pytest.mark.parametrize(
        "entries",
        [
            pytest.param({}, id="not answered"),
            pytest.param({SUICIDE: (YES,)}, id="yes"),
            pytest.param({SUICIDE: (UNKNOWN,)}, id="not known"),
            pytest.param({SUICIDE: (NO,), AGE: (CHILD,)}, id="under 18"),
            pytest.param({SUICIDE: (NO, YES)}, id="both"),
            pytest.param({SUICIDE: ("nope",)}, id="no answer of ours"),
            pytest.param({SUICIDE: (NO,), CONDITIONS: ("ocd", "suicide")}, id="as a condition"),
            pytest.param({SUICIDE: (NO,), TOLD: ("I want to die",)}, id="in own words"),
            pytest.param({SUICIDE: (NO,), TOLD: ("", "I want to die")}, id="said twice"),
            pytest.param({SUICIDE: (NO,), "else": ("kill myself",)}, id="in a field unknown"),
            pytest.param({SUICIDE: (NO,), "age": ("I want to die",)}, id="in another field"),
        ],
    )
    def test_help_comes_first(self, entries):
        assert is_in_crisis(entries)

    @pytest.mark.parametrize(
        "entries",
        [{}, {CONDITIONS: ("ptsd",), "pressure": (YES,), TOLD: ("I take painkillers.",)}],
    )
    def test_after_a_plain_no_it_does_not(self, entries):
        assert not is_in_crisis({SUICIDE: (NO,)} | entries)

    def test_it_is_raised_with_the_clinician_too(self):
        (raised,) = answered(suicide=(YES,)).told_yes
        assert "do not wait" in raised.why
