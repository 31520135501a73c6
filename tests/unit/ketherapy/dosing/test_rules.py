"""Every shipped rule at its boundary, and what holds of all of them."""

import re
from collections import defaultdict
from itertools import product
from pathlib import Path

import pytest

import ketherapy.dosing
from ketherapy.dosing.decision import decide
from ketherapy.dosing.facts import FactKind, vocabulary
from ketherapy.dosing.question import Question
from ketherapy.dosing.rulebook import (
    Case,
    Stage,
    Use,
    packs,
    packs_of,
    profiles,
)
from ketherapy.dosing.version import Jurisdiction
from ketherapy.regimen import Drug, Route
from ketherapy.sources import Status, source
from tests.boundaries import (
    clear,
    decision,
    facts_with,
    lines,
    now,
    severity_of,
)

SHIPPED = {rule.id: (pack, rule) for pack in packs().values() for rule in pack.rule}
ROW = re.compile(r"([A-Z]{2,3}-\d{3})([a-z]?)")
CODE = Path(ketherapy.dosing.__file__).parent
EXTRAPOLATED = "spray_label_extrapolated_2026_01"


def by_rule():
    found = defaultdict(list)
    for line in lines():
        found[line.rule].append(line)
    return found


LINES = by_rule()


@pytest.mark.parametrize("rule", sorted(SHIPPED))
def test_a_rule_follows_its_boundary_table(rule):
    wrong = []
    for line in LINES[rule]:
        found = decision(line.profile, line.about, tuple(line.stages.split()), line.facts)
        if severity_of(found, rule) != line.expected:
            wrong.append((line, severity_of(found, rule)))
    assert wrong == []


@pytest.mark.parametrize("rule", sorted(SHIPPED))
def test_a_rule_is_asked_at_no_other_stage(rule):
    line = next(line for line in LINES[rule] if line.expected != "none")
    others = tuple(stage.value for stage in Stage if stage.value not in line.stages.split())
    found = decision(line.profile, line.about, others, line.facts)
    assert severity_of(found, rule) == "none"


def test_every_rule_has_a_trigger_a_near_miss_and_a_missing_fact():
    assert set(LINES) == set(SHIPPED)
    for rule, (_, shipped) in SHIPPED.items():
        asking = [line for line in LINES[rule] if "not known" in line.case]
        near = [line for line in LINES[rule] if line.expected == "none"]
        triggers = {line.expected for line in LINES[rule] if line not in (*asking, *near)}
        assert triggers == {shipped.action}, rule
        assert shipped.unknown in {line.expected for line in asking}, rule
        assert any(line.case != "another case" for line in near), rule


@pytest.mark.parametrize("profile", sorted(profiles()))
def test_nothing_stands_in_the_way_of_a_person_who_is_clear(profile):
    for drug, route, use in product(Drug, (Route.INTRANASAL, Route.IV, Route.ORAL), Use):
        about = Case(drug=drug, route=route, use=use)
        found = decision(profile, about, tuple(stage.value for stage in Stage), "")
        assert found.verdict == "clear", found.findings


@pytest.mark.parametrize("profile", sorted(profiles()))
def test_nothing_known_is_never_clear_and_cannot_be_passed(profile):
    for drug, use in product(Drug, Use):
        for stage in (Stage.ELIGIBILITY, Stage.PRE_DOSE):
            about = Case(drug=drug, route=Route.INTRANASAL, use=use)
            found = decide(Question(case=about, stages=(stage,), profile=profile, now=now()))
            assert not found.allowed
            assert not any(one.can_be_overridden for one in found.findings)


def test_every_rule_can_be_reached_from_a_profile():
    held = {pack for one in profiles().values() for pack in one.packs}
    assert held == set(packs())


@pytest.mark.parametrize("profile", sorted(profiles()))
def test_a_profile_holds_one_jurisdiction_and_what_belongs_to_none(profile):
    own = profiles()[profile].jurisdiction
    held = {pack.jurisdiction for pack in packs_of(profile)}
    assert held <= {own, Jurisdiction.CONSENSUS, Jurisdiction.CLINIC}
    assert own in held
    ids = [rule.id for pack in packs_of(profile) for rule in pack.rule]
    assert len(ids) == len(set(ids))


def test_an_id_names_one_rule_of_all_packs_and_its_row():
    assert len(SHIPPED) == sum(len(pack.rule) for pack in packs().values())
    assert all(ROW.fullmatch(rule) for rule in SHIPPED)


def test_every_fact_is_looked_at_by_a_rule_or_by_a_check():
    looked_at = {name for _, rule in SHIPPED.values() for name in rule.when.facts()}
    checks = "".join(path.read_text(encoding="utf-8") for path in CODE.glob("*.py"))
    unused = set(vocabulary().facts) - looked_at
    assert {name for name in unused if f'"{name}"' not in checks} == set()


def test_a_person_who_is_clear_answers_every_question():
    assert set(clear()) == set(vocabulary().facts)


def test_all_that_a_rule_rests_on_is_in_the_bibliography():
    for pack, rule in SHIPPED.values():
        for key in (pack.source, rule.source or pack.source, *rule.also):
            assert source(key)


def test_what_was_read_says_where_it_stands():
    for pack, rule in SHIPPED.values():
        status = rule.status or pack.status
        assert (rule.locator != "") == (status is not Status.CONVENTION), rule.id
        assert ((rule.source or pack.source) == "ketherapy") == (status is Status.CONVENTION)


@pytest.mark.parametrize("rule", sorted(SHIPPED))
def test_a_rule_is_written_in_sentences(rule):
    _, shipped = SHIPPED[rule]
    assert shipped.says.endswith(".")
    assert shipped.resolves.endswith(".")
    assert shipped.title
    assert shipped.written


@pytest.mark.parametrize("pack", [*(p for p in packs() if "esketamine_label" in p), EXTRAPOLATED])
def test_the_label_of_the_spray_is_stale_from_the_first_day(pack):
    assert packs()[pack].is_stale(packs()[pack].since)


def test_what_is_read_elsewhere_than_for_its_pack_says_for_what_it_was_written():
    for pack, rule in SHIPPED.values():
        if pack.id == EXTRAPOLATED:
            assert rule.extrapolated_from


def test_a_convention_is_off_until_it_is_adopted_and_then_it_holds():
    about = Case(drug=Drug.KETAMINE, route=Route.IV, use=Use.PSYCHIATRY)
    facts = facts_with("uncontrolled_seizures=yes")

    def asked(*adopted):
        question = Question(
            case=about, stages=(Stage.ELIGIBILITY,), profile="uk", now=now(), facts=facts,
            adopted=adopted,
        )  # fmt: skip
        return decide(question)

    assert severity_of(asked(), "CI-033") == "none"
    assert "CI-033" in asked().switched_off
    assert severity_of(asked("CI-033"), "CI-033") == "hold"
    assert "CI-033" not in asked("CI-033").switched_off


def test_numbers_are_compared_as_the_table_writes_them():
    """No rule compares with a number that the tables do not print.

    The twelve hours within which a measurement is of this visit are our own, and say so; what
    saturation, pulse and pressure hold a dose is a ward's score, and says so too.
    """
    printed = {
        "CI-006": {180, 100}, "CI-007": {140, 90, 150, 65}, "CI-008": {140, 90, 160, 100},
        "CI-010": {42}, "CI-024": {90, 30}, "CI-036": {18}, "CI-037": {24}, "CI-038": {65},
        "CI-043": {2}, "CI-044": {30}, "CI-045": {1}, "CI-050": {2, 3, 6}, "PR-015": {12},
        "TH-001": {140, 90}, "TH-013": {120, 2}, "TH-014": {60, 9},
        "WU-001": {12, 92, 120, 40, 90},
    }  # fmt: skip
    found = defaultdict(set)
    for rule, (_, shipped) in SHIPPED.items():
        found[ROW.fullmatch(rule)[1]] |= set(limits(shipped.when))
    assert {row: of_row for row, of_row in found.items() if of_row} == printed


def limits(condition):
    inner = (*condition.any, *condition.all)
    own = [] if condition.limit is None else [condition.limit]
    return own + [limit for part in inner for limit in limits(part)]


def test_an_instant_in_the_future_is_not_known():
    later = facts_with("food_at=-1 h ago")
    about = Case(drug=Drug.ESKETAMINE, route=Route.INTRANASAL, use=Use.PSYCHIATRY)
    asked = Question(case=about, stages=(Stage.PRE_DOSE,), profile="us", now=now(), facts=later)
    assert severity_of(decide(asked), "CI-043a") == "hold"
    assert vocabulary().facts["food_at"].kind is FactKind.INSTANT
