"""The form of the screening: read whole, or refused with every reason beside its field."""

from datetime import UTC, datetime

import pytest

from clinic.care.refusals import FORM, Refusal
from clinic.care.screening_entries import (
    MEASURED,
    Asking,
    can_be_never,
    first,
    lines,
    names,
    read,
    read_asking,
    stages_with_rules,
    timed_facts,
)
from ketherapy.dosing.facts import FactKind, vocabulary
from ketherapy.dosing.question import Question
from ketherapy.dosing.rulebook import Stage

NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
CASE = {
    "drug": ("ketamine",), "route": ("iv",), "use": ("psychiatry",), "setting": ("outpatient",),
    "profile": ("us",), "stages": ("eligibility", "pre_dose"), "zone": ("Europe/Zurich",),
}  # fmt: skip


def asked(**entries):
    typed = {name.replace("_unit", "-unit"): value for name, value in entries.items()}
    return read({**CASE, **{name: (text,) for name, text in typed.items()}}, now=NOW)


def value(name, **entries):
    question = asked(**entries)
    assert isinstance(question, Question)
    return question.facts[name].value


def problems(outcome):
    assert isinstance(outcome, Refusal)
    found = {}
    for one in outcome.problems:
        found[one.field] = f"{found.get(one.field, '')} {one.sentence}".strip()
    return found


class TestCase:
    def test_it_is_read(self):
        question = asked()
        assert isinstance(question, Question)
        assert (question.case.drug, question.case.route) == ("ketamine", "iv")
        assert question.stages == ("eligibility", "pre_dose")
        assert question.profile == "us"
        assert question.now == NOW
        assert question.facts == {}

    @pytest.mark.parametrize("name", ["drug", "route", "use", "setting", "profile"])
    @pytest.mark.parametrize("sent", [(), ("",), ("other",)], ids=["absent", "empty", "unknown"])
    def test_nothing_of_it_is_assumed(self, name, sent):
        assert problems(read({**CASE, name: sent}, now=NOW)) == {
            name: "Choose one: none is assumed."
        }

    @pytest.mark.parametrize("sent", [(), ("never",), ("eligibility", "never")])
    def test_a_stage_is_ticked(self, sent):
        assert problems(read({**CASE, "stages": sent}, now=NOW)) == {
            "stages": "Tick at least one of these."
        }

    def test_it_can_be_read_without_the_person(self):
        asking = read_asking(CASE)
        assert isinstance(asking, Asking)
        assert asking.wire({}, NOW)["now"] == "2026-11-23T18:30:00+00:00"

    def test_only_stages_that_have_rules_are_offered(self):
        assert stages_with_rules() == (Stage.ELIGIBILITY, Stage.PRE_DOSE, Stage.DISCHARGE)


class TestFacts:
    @pytest.mark.parametrize(
        ("text", "said"), [("yes", True), ("no", False)],
    )  # fmt: skip
    def test_a_flag(self, text, said):
        assert value("stroke", stroke=text) is said

    @pytest.mark.parametrize(
        "name", ["stroke", "suicide_risk", "sbp", "food_at", "medicines"]
    )  # fmt: skip
    @pytest.mark.parametrize("text", ["", "   "])
    def test_what_is_not_entered_is_not_known(self, name, text):
        question = asked(**{name: text})
        assert isinstance(question, Question)
        assert name not in question.facts

    def test_not_known_is_neither_yes_nor_no(self):
        question = asked(stroke="unknown", suicide_risk="unknown")
        assert isinstance(question, Question)
        assert question.facts == {}

    @pytest.mark.parametrize("name", ["stroke", "suicide_risk"])
    def test_an_answer_that_is_not_offered(self, name):
        assert "one of the answers offered" in problems(asked(**{name: "maybe"}))[name]

    @pytest.mark.parametrize(
        ("text", "mmhg"), [("148", 148.0), ("148 mmHg", 148.0), (" 148 ", 148.0), ("20 kPa", 150.0)]
    )
    def test_a_number_with_the_unit_beside_it_or_its_own(self, text, mmhg):
        assert value("sbp", sbp=text) == pytest.approx(mmhg, rel=1e-3)

    def test_a_unit_is_chosen_or_written(self):
        assert value("weight", weight="154", weight_unit="lb") == pytest.approx(69.853, abs=0.001)
        assert value("weight", weight="70 kg") == 70.0
        assert value("weight", weight="70 kg", weight_unit="kg") == 70.0

    @pytest.mark.parametrize(
        ("entries", "part"),
        [
            ({"sbp": "1,5"}, "without a comma"),
            ({"sbp": ".5"}, "Write 0.5"),
            ({"sbp": "1O0"}, "a number such as"),
            ({"sbp": "400"}, "taken for a slip"),
            ({"sbp": "39.9"}, "taken for a slip"),
            ({"sbp": "148 kg"}, "mmHg"),
            ({"weight": "70"}, "kg or lb"),
            ({"weight": "70 kg", "weight_unit": "lb"}, "kg is written and lb is chosen"),
            ({"weight": "70", "weight_unit": "stone"}, "one of the answers offered"),
        ],
    )
    def test_a_number_is_refused_never_repaired(self, entries, part):
        (name,) = (name for name in entries if not name.endswith("unit"))
        assert part in problems(asked(**entries))[name]

    def test_a_time_by_the_clock_there(self):
        assert value("food_at", food_at="2026-11-23 06:30").isoformat() == (
            "2026-11-23T06:30:00+01:00"
        )

    def test_never_is_an_answer_only_where_the_question_says_so(self):
        never = {one.id for one in vocabulary().facts.values() if can_be_never(one)}
        assert "cardiovascular_event_at" in never
        assert not never & {"first_device_at", "dosing_ended_at", "food_at", "liquid_at"}
        outcome = read({**CASE, "first_device_at-never": ("yes",)}, now=NOW)
        assert FORM in problems(outcome)

    def test_never(self):
        outcome = read({**CASE, "illicit_use_at-never": ("yes",)}, now=NOW)
        assert isinstance(outcome, Question)
        assert outcome.facts["illicit_use_at"].value == "never"

    @pytest.mark.parametrize(
        ("entries", "part"),
        [
            (
                {"illicit_use_at": "2026-01-01 10:00", "illicit_use_at-never": "yes"},
                "take one away",
            ),
            ({"illicit_use_at-never": "on"}, "one of the answers offered"),
        ],
    )
    def test_never_and_a_time_contradict(self, entries, part):
        outcome = read({**CASE, **{k: (v,) for k, v in entries.items()}}, now=NOW)
        assert part in problems(outcome)["illicit_use_at"]

    def test_medicines_are_lines(self):
        found = value("medicines", medicines=" lithium \r\n\r\nsertraline 50 mg\r\n")
        assert found == ("lithium", "sertraline 50 mg")
        assert lines("a\n\n b ") == ("a", "b")

    def test_that_there_are_none_is_said(self):
        outcome = read({**CASE, "medicines-none": ("yes",)}, now=NOW)
        assert isinstance(outcome, Question)
        assert outcome.facts["medicines"].value == ()

    @pytest.mark.parametrize(
        ("entries", "part"),
        [
            ({"medicines": "lithium", "medicines-none": "yes"}, "empty the list"),
            ({"medicines-none": "on"}, "one of the answers offered"),
        ],
    )
    def test_none_and_a_list_contradict(self, entries, part):
        outcome = read({**CASE, **{k: (v,) for k, v in entries.items()}}, now=NOW)
        assert part in problems(outcome)["medicines"]


class TestTimeOfMeasurement:
    def test_it_belongs_to_what_is_asked_for_it(self):
        assert timed_facts() == {"sbp", "dbp", "hr", "spo2", "weight", "ymrs"}
        question = asked(sbp="120", age="40", measured_at="2026-11-23 18:00")
        assert isinstance(question, Question)
        assert question.facts["sbp"].at == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
        assert question.facts["age"].at is None

    def test_without_it_the_number_has_none(self):
        question = asked(sbp="120")
        assert isinstance(question, Question)
        assert question.facts["sbp"].at is None

    @pytest.mark.parametrize(
        ("entries", "field"),
        [({"measured_at": "18:00"}, MEASURED), ({"zone": "Zurich"}, "zone")],
    )
    def test_it_is_refused_beside_its_field(self, entries, field):
        assert field in problems(asked(**entries))


class TestForm:
    def test_every_reason_comes_at_once(self):
        found = problems(asked(drug="tea", sbp="1,5", stroke="maybe", zone="here"))
        assert set(found) == {"drug", "sbp", "stroke", "zone"}

    @pytest.mark.parametrize(
        ("entries", "field", "part"),
        [
            ({"surname": ("x",)}, FORM, "does not ask for"),
            ({"stroke": ("yes", "no")}, "stroke", "two entries"),
            ({"sbp": ("1" * 2001,)}, "sbp", "at most 2000"),
            ({"medicines": ("a\x00",)}, "medicines", "plain characters"),
        ],
    )
    def test_what_no_browser_sends_is_refused(self, entries, field, part):
        assert part in problems(read({**CASE, **entries}, now=NOW))[field]

    def test_the_longest_entry_is_read(self):
        assert value("medicines", medicines="a" * 2000) == ("a" * 2000,)

    def test_every_fact_has_a_name_of_its_own(self):
        assert set(vocabulary().facts) < names()
        assert "weight-unit" in names()
        lists = {f.id for f in vocabulary().facts.values() if f.kind is FactKind.LIST}
        assert {f"{one}-none" for one in lists} < names()

    def test_what_was_not_sent_is_empty(self):
        assert first({}, "sbp") == first({"sbp": ()}, "sbp") == ""
