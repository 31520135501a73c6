"""Whole cases: the question in one file, and what must follow in another."""

import json

import pytest

from ketherapy.dosing.decision import decide, decision_json, replay
from ketherapy.dosing.question import read_question
from ketherapy.dosing.rulebook import packs
from ketherapy.errors import ContractError
from tests.boundaries import lines
from tests.cases import RULES, SCENARIOS, decided, of_rules, scenarios, written

DECIDED = [one for one in scenarios() if "refused" not in one.asked]
REFUSED = [one for one in scenarios() if "refused" in one.asked]


def named(some):
    return [pytest.param(one, id=one.name) for one in some]


@pytest.mark.parametrize("case", named(DECIDED))
def test_what_must_follow_follows_and_is_replayed_byte_for_byte(case):
    found = decide(read_question(case.question))
    assert case.follows == {
        "verdict": found.verdict,
        "allowed": found.allowed,
        "findings": [
            {"rule": one.rule, "severity": one.severity.name.lower(), "asks": sorted(one.asks)}
            for one in found.findings
        ],
    }
    text = decision_json(found)
    assert replay(text).is_same
    assert decision_json(replay(text).decision) == text


@pytest.mark.parametrize("case", named(REFUSED))
def test_what_cannot_be_true_is_refused_in_words(case):
    with pytest.raises(ContractError) as refusal:
        read_question(case.question)
    assert all(word in str(refusal.value) for word in case.asked["refused"])


def test_the_cases_of_the_rules_are_those_of_the_tables():
    names = set()
    for one in of_rules():
        names.add(one.name)
        for half, content in (("input", one.asked), ("decision", one.follows)):
            path = RULES / f"{one.name}.{half}.json"
            assert path.read_text(encoding="utf-8") == written(content), (
                f"{path.name} is not what the tables say: run `python -m tests.cases`"
            )
    assert names == {path.name.split(".")[0] for path in RULES.glob("*.json")}


def test_every_rule_has_a_trigger_and_a_near_miss_among_the_cases():
    spoken = {line.rule: set() for line in lines()}
    for one in DECIDED:
        said = {found["rule"] for found in one.follows["findings"]}
        for about in one.asked.get("about", ()):
            spoken[about["rule"]].add(about["rule"] in said)
    shipped = {rule.id for pack in packs().values() for rule in pack.rule}
    without = {rule for rule in shipped if spoken.get(rule) != {True, False}}
    assert without == set(), "write a trigger and a near miss of these in rules.csv"


def test_a_decision_written_by_hand_is_consistent():
    for one in DECIDED:
        assert one.follows == decided(one.follows["findings"]), one.name


def test_each_half_has_its_other_half():
    halves = {path.name for path in SCENARIOS.rglob("*.json")}
    asked = {name for name in halves if name.endswith(".input.json")}
    answered = {name.replace(".decision.", ".input.") for name in halves - asked}
    assert asked == answered | {f"{one.name}.input.json" for one in REFUSED}
    assert len(halves) == len([*SCENARIOS.rglob("*.json")])
    assert all(json.loads(path.read_text("utf-8")) for path in SCENARIOS.rglob("*.json"))
