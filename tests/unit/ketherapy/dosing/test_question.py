"""A question: read strictly, in one order, and written back as it was."""

import hashlib
import json
from datetime import UTC, date, datetime

import pytest

from ketherapy.dosing.facts import Observation
from ketherapy.dosing.question import (
    Checked,
    Question,
    Used,
    question_hash,
    question_wire,
    read_question,
)
from ketherapy.dosing.rulebook import Case, Setting, Stage, Use
from ketherapy.errors import ContractError
from ketherapy.regimen import Drug, Route
from tests.dosing import NO_CAPS

ASKED = {
    "case": {"drug": "esketamine", "route": "intranasal", "use": "psychiatry"},
    "stages": ["pre_dose", "eligibility", "pre_dose"],
    "profile": "us",
    "now": "2026-01-31T10:00:00Z",
    "facts": {"stroke": "no", "age": {"value": 40, "unit": "year"}},
    "adopted": ["CI-033", "CI-008b", "CI-033"],
}
SPRAY = Case(drug=Drug.ESKETAMINE, route=Route.INTRANASAL, use=Use.PSYCHIATRY)


def without(key):
    return {name: entry for name, entry in ASKED.items() if name != key}


def test_a_question_is_all_that_a_decision_depends_on():
    asked = read_question(ASKED)
    assert asked.case == SPRAY
    assert asked.case.setting is Setting.OUTPATIENT
    assert asked.stages == (Stage.ELIGIBILITY, Stage.PRE_DOSE)
    assert asked.profile == "us"
    assert asked.now == datetime(2026, 1, 31, 10, 0, tzinfo=UTC)
    assert asked.facts["age"] == Observation(value=40.0)
    assert asked.adopted == ("CI-008b", "CI-033")
    assert asked.dose is None


def test_nothing_need_be_known_or_adopted():
    asked = Question(case=SPRAY, stages=(), profile="us", now=datetime.now(UTC))
    assert (dict(asked.facts), asked.adopted, asked.dose) == ({}, (), None)
    assert read_question(without("adopted")).adopted == ()


def test_an_adopted_rule_that_is_not_there_is_refused():
    for wrong in ("CI-33", "ci-033", "no_such_rule"):
        with pytest.raises(ContractError, match=f"adopted: expected ids .* got '{wrong}'"):
            read_question(ASKED | {"adopted": ["CI-033", wrong]})
    kept = read_question(ASKED | {"adopted": ["ymrs.response", "LT-004", "CI-033"]})
    assert kept.adopted == ("CI-033", "LT-004", "ymrs.response")  # of a person, a course, a scale


def test_what_is_written_is_read_as_the_same_question():
    asked = read_question(ASKED)
    written = question_wire(asked)
    assert written == {
        "case": {
            "drug": "esketamine", "route": "intranasal", "use": "psychiatry",
            "setting": "outpatient",
        },
        "stages": ["eligibility", "pre_dose"],
        "profile": "us",
        "now": "2026-01-31T10:00:00+00:00",
        "facts": {"age": {"value": 40.0, "unit": "year"}, "stroke": {"value": "no"}},
        "adopted": ["CI-008b", "CI-033"],
        "dose": None,
    }  # fmt: skip
    assert list(written["facts"]) == ["age", "stroke"]
    assert read_question(written) == asked


@pytest.mark.parametrize("key", ["case", "stages", "profile", "now", "facts"])
def test_nothing_of_a_question_is_assumed(key):
    with pytest.raises(ContractError) as caught:
        read_question(without(key))
    said = str(caught.value)
    assert (
        "question: expected a case, stages, a profile, now and facts, got 'something else'" in said
    )
    assert f"question, {key}: expected" in said


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"now": "this morning"}, "question: .*Invalid isoformat"),
        (
            {"now": "2026-01-31T10:00:00"},
            "now: .*, got '2026-01-31T10:00:00'. Write the zone: rules count",
        ),
        ({"profile": "de"}, "profile: expected one of"),
        ({"stages": ["later"]}, "question: .*eligibility"),
        ({"case": {"drug": "aspirin", "route": "oral", "use": "pain"}}, "question: .*ketamine"),
        ({"facts": {"stroke": "perhaps"}}, "stroke"),
        ({"facts": {"strok": "no"}}, "strok"),
        ({"name": "somebody"}, "question: .*name"),
        ({"dose": {}}, "dose"),
    ],
)
def test_what_cannot_be_read_is_refused(changes, says):
    with pytest.raises(ContractError, match=says):
        read_question(ASKED | changes)


def test_a_check_has_nothing_to_say_unless_it_says_so():
    nothing = Checked()
    assert (nothing.findings, nothing.used) == ((), ())
    assert (nothing.switched_off, nothing.not_checked) == ((), ())
    pack = Used(id="a", sha256="0", jurisdiction="US", stale_after=date(2026, 1, 1), is_stale=False)
    assert pack.check_against == ""


def test_a_dose_travels_with_its_question():
    dose = {"protocol": "iv_depression_2026_01", "phase": "induction", "amount": 35.0}
    asked = read_question(ASKED | {"dose": dose | {"given": [], "caps": NO_CAPS}})
    assert asked.dose is not None
    assert asked.dose.amount == 35.0
    assert read_question(question_wire(asked)) == asked


def test_a_fingerprint_is_that_of_the_whole_question():
    asked = read_question(ASKED)
    written = json.dumps(question_wire(asked), sort_keys=True, ensure_ascii=False)
    assert question_hash(asked) == hashlib.sha256(written.encode("utf-8")).hexdigest()
    assert question_hash(read_question(dict(reversed(ASKED.items())))) == question_hash(asked)
    other = read_question(ASKED | {"facts": {"medicines": ["St John’s wort"]}})
    assert question_hash(other) != question_hash(asked)
    assert "St John’s wort" in json.dumps(question_wire(other), ensure_ascii=False)
