"""Decisions: every finding at once, what may be passed and by whom, the same bytes again."""

import json
from datetime import UTC, date, datetime

import pytest

from ketherapy.dosing import decision as module
from ketherapy.dosing.decision import (
    Decision,
    Override,
    decide,
    decision_json,
    replay,
    rules_checked,
    used,
)
from ketherapy.dosing.findings import Finding, Severity
from ketherapy.dosing.question import Checked, Question, read_question
from ketherapy.dosing.rulebook import Case, Stage, Use, packs, packs_of
from ketherapy.dosing.tables import tables
from ketherapy.dosing.version import Used
from ketherapy.errors import ContractError, DataFileError
from ketherapy.records import check
from ketherapy.regimen import Drug, Route
from ketherapy.sources import Status

NOW = datetime(2026, 1, 31, 10, 0, tzinfo=UTC)
SPRAY = Case(drug=Drug.ESKETAMINE, route=Route.INTRANASAL, use=Use.PSYCHIATRY)
QUESTION = Question(case=SPRAY, stages=(Stage.ELIGIBILITY,), profile="us", now=NOW)
BY = {
    "by": "Practice Prescriber", "role": "prescriber", "reason": "Weighed with the cardiologist.",
    "rules": ["CI-012a"], "at": "2026-01-31T10:05:00+00:00",
}  # fmt: skip


def override(**changes):
    return check(Override, BY | changes, where="override")


def a_finding(rule="CI-012a", severity=Severity.HOLD, asks=()):
    return Finding(
        rule=rule, severity=severity, says="Hold.", observed="so", limit="so", resolves="Rest.",
        source="ketherapy", locator="", status=Status.VERIFIED, jurisdiction="US", asks=asks,
    )  # fmt: skip


@pytest.fixture
def found(monkeypatch):
    """Let the checks say what is handed over."""

    def put(*findings, **more):
        said = Checked(findings=findings, **more)
        monkeypatch.setattr(module, "CHECKS", (lambda _: said,))

    return put


GRAVE = [
    ((), "clear", True),
    ((Severity.INFO,), "info", True),
    ((Severity.CAUTION, Severity.INFO), "caution", True),
    ((Severity.INFO, Severity.HOLD), "hold", False),
    ((Severity.HOLD, Severity.BLOCK, Severity.INFO), "block", False),
]


@pytest.mark.parametrize(("severities", "verdict", "allowed"), GRAVE)
def test_the_verdict_is_the_gravest_finding(found, severities, verdict, allowed):
    found(*(a_finding(f"CI-00{n}", one) for n, one in enumerate(severities)))
    decision = decide(QUESTION)
    assert (decision.verdict, decision.allowed) == (verdict, allowed)
    assert len(decision.findings) == len(severities)
    assert list(decision.findings) == sorted(decision.findings, key=lambda f: -f.severity)
    assert decision.question is QUESTION


def test_an_override_passes_the_holds_that_it_names_and_is_kept(found):
    found(a_finding("CI-012a"), a_finding("CI-018a"), a_finding("CI-023a", Severity.CAUTION))
    one = decide(QUESTION, override=override())
    assert (one.allowed, [f.rule for f in one.standing]) == (False, ["CI-018a"])
    both = decide(QUESTION, override=override(rules=["CI-018a", "CI-012a"]))
    assert (both.allowed, both.standing, both.verdict) == (True, (), "hold")
    assert both.override == override(rules=["CI-018a", "CI-012a"])
    assert decide(QUESTION).override is None


@pytest.mark.parametrize(
    ("finding", "rules", "passable"),
    [
        pytest.param(a_finding(severity=Severity.BLOCK), ["CI-012a"], "none", id="a block"),
        pytest.param(a_finding(asks=("stroke",)), ["CI-012a"], "none", id="what is not known"),
        pytest.param(a_finding(severity=Severity.CAUTION), ["CI-012a"], "none", id="a caution"),
        pytest.param(a_finding(), ["CI-001a"], "CI-012a", id="what was not found"),
        pytest.param(a_finding(), ["CI-012a", "CI-001a"], "CI-012a", id="one of two"),
    ],
)
def test_what_nobody_can_pass_is_refused(found, finding, rules, passable):
    found(finding)
    with pytest.raises(ContractError) as caught:
        decide(QUESTION, override=override(rules=rules))
    said = str(caught.value)
    assert f"override: expected holds that can be passed: {passable}, got" in said
    assert "A block is never passed" in said
    assert f"'{rules[-1]}'" in said


def test_a_block_of_the_same_rule_stands_though_its_hold_is_passed(found):
    found(a_finding("CI-012a"), a_finding("CI-012a", Severity.BLOCK), a_finding("CI-018a"))
    passed = decide(QUESTION, override=override())
    assert [(f.rule, f.severity) for f in passed.standing] == [
        ("CI-012a", Severity.BLOCK), ("CI-018a", Severity.HOLD),
    ]  # fmt: skip


def test_what_may_be_passed_and_what_was_refused_are_named_in_order(found):
    found(a_finding("CI-018a"), a_finding("CI-012a"))
    with pytest.raises(ContractError, match="CI-012a, CI-018a, got 'CI-001a, CI-002a'"):
        decide(QUESTION, override=override(rules=["CI-002a", "CI-001a", "CI-012a"]))


@pytest.mark.parametrize("key", ["by", "role", "reason", "rules", "at"])
def test_an_override_has_a_name_a_role_a_reason_its_rules_and_a_time(key):
    with pytest.raises(DataFileError, match=key):
        check(Override, {k: v for k, v in BY.items() if k != key}, where="override")
    with pytest.raises((DataFileError, ValueError)):
        override(**{key: [] if key == "rules" else ""})


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"reason": ""}, "a name, a role, a reason and the rules"),
        ({"reason": "\u200b ."}, "a name, a role, a reason and the rules"),
        ({"by": "\u200b"}, "a name, a role, a reason and the rules"),
        ({"role": "nurse"}, "'prescriber' or 'director'"),
        ({"rules": ["CI-007a", "CI-007a"]}, "names each rule once"),
        ({"rules": []}, "a name, a role, a reason and the rules"),
        ({"at": "2026-01-31T10:05:00"}, "a time with its zone"),
        ({"at": "this morning"}, "isoformat"),
    ],
)
def test_an_override_that_says_too_little_is_refused(changes, says):
    with pytest.raises(DataFileError, match=says):
        override(**changes)


def test_everything_that_every_check_said_is_kept_in_one_order(monkeypatch):
    pack = dict(sha256="0", jurisdiction="US", stale_after=date(2026, 6, 30), is_stale=False)
    said = (
        Checked(
            findings=(a_finding("CI-018a"),), used=(Used(id="b", **pack),),
            switched_off=("CI-035", "CI-008b"), not_checked=("y", "x"),
        ),
        Checked(
            findings=(a_finding("CI-012a"),), used=(Used(id="a", **pack),),
            switched_off=("CI-033", "CI-035"), not_checked=("x",),
        ),
    )  # fmt: skip
    monkeypatch.setattr(module, "CHECKS", tuple(lambda _, s=one: s for one in said))
    decision = decide(QUESTION)
    assert [one.rule for one in decision.findings] == ["CI-012a", "CI-018a"]
    assert [one.id for one in decision.used] == ["a", "b"]
    assert decision.switched_off == ("CI-008b", "CI-033", "CI-035")
    assert decision.not_checked == ("x", "y")
    assert not decision.is_stale


@pytest.mark.parametrize("stale", [(True, False), (False, True)])
def test_one_stale_file_makes_a_stale_decision(found, stale):
    pack = dict(sha256="0", jurisdiction="US", stale_after=date(2026, 6, 30))
    found(used=tuple(Used(id=str(n), is_stale=one, **pack) for n, one in enumerate(stale)))
    assert decide(QUESTION).is_stale


def test_the_packs_of_the_profile_are_named_with_their_hashes():
    checked = rules_checked(QUESTION)
    assert [one.id for one in checked.used] == [pack.id for pack in packs_of("us")]
    pack = packs()["us_esketamine_label_2026_01"]
    assert used(pack, NOW) == Used(
        id=pack.id, sha256=pack.sha256, jurisdiction="US", stale_after=pack.stale_after,
        is_stale=True, check_against=pack.check_against,
    )  # fmt: skip
    label = packs()["us_ketamine_label_2026_01"]
    assert not used(label, NOW).is_stale
    assert used(label, datetime(2027, 1, 2, tzinfo=UTC)).is_stale


def test_nothing_known_asks_for_everything_that_is_asked_for():
    checked = rules_checked(QUESTION)
    assert {one.severity for one in checked.findings} == {Severity.HOLD, Severity.INFO}
    assert all(one.asks for one in checked.findings)
    assert checked.switched_off == ("CI-033",)


@pytest.mark.parametrize(
    ("drug", "route", "expected"),
    [
        (Drug.ESKETAMINE, Route.INTRANASAL, ()),
        (Drug.KETAMINE, Route.IM, ()),
        (Drug.ESKETAMINE, Route.IV, ("esketamine iv: no rule here was written for it",)),
        (Drug.ARKETAMINE, Route.IV, ("arketamine iv: no rule here was written for it",)),
    ],
)
def test_a_drug_that_no_rule_was_written_for_is_said_to_be_none(drug, route, expected):
    case = Case(drug=drug, route=route, use=Use.PAIN)
    asked = Question(case=case, stages=(Stage.COURSE,), profile="us", now=NOW)
    assert rules_checked(asked).not_checked == expected


WIRE = {
    "case": {"drug": "esketamine", "route": "intranasal", "use": "psychiatry"},
    "stages": ["eligibility"],
    "profile": "us",
    "now": "2026-01-31T10:00:00+00:00",
    "facts": {"stroke": "yes", "age": {"value": 40, "unit": "year"}, "medicines": "none"},
}


def decided(**changes):
    return decide(read_question(WIRE | changes))


def test_a_decision_is_written_with_all_that_it_rests_on():
    text = decision_json(decide(read_question(WIRE), override=override()))
    whole = json.loads(text)
    assert text.endswith("}\n")
    assert text.index('"allowed"') < text.index('"verdict"')
    assert whole["format"] == "ketherapy.decision/1"
    assert (whole["verdict"], whole["allowed"]) == ("hold", False)
    assert whole["question"]["facts"]["stroke"] == {"value": "yes"}
    assert whole["override"] == BY
    assert whole["switched_off"] == ["CI-033"]
    (stroke,) = [one for one in whole["findings"] if one["rule"] == "CI-012a"]
    assert stroke == {
        "rule": "CI-012a", "severity": "hold", "observed": "stroke: yes", "asks": [],
        "says": "Review first after any stroke: weigh the benefit against the risk of a rise in"
                " blood pressure.",
        "limit": "cardiovascular and cerebrovascular conditions may raise the risk",
        "resolves": "A prescriber's review. A bleed into the brain is another rule.",
        "source": "spravato_label_2019", "locator": "section 5.6", "status": "verified",
        "jurisdiction": "US", "extrapolated_from": "",
    }  # fmt: skip
    label = next(one for one in whole["rules"] if one["id"] == "us_esketamine_label_2026_01")
    assert label["stale_after"] == "2026-06-30"
    assert label["is_stale"] is True
    assert len(label["sha256"]) == 64
    assert json.loads(decision_json(decided()))["override"] is None


def test_signs_that_are_no_letters_are_written_as_they_are(found):
    found(a_finding(), not_checked=("Bupropion – für später",))
    assert "Bupropion – für später" in decision_json(decide(QUESTION))


@pytest.mark.parametrize("by", [None, BY])
def test_a_decision_can_be_made_again_byte_for_byte(by):
    first = decide(read_question(WIRE), override=None if by is None else override())
    text = decision_json(first)
    again = replay(text)
    assert again.is_same
    assert isinstance(again.decision, Decision)
    assert again.decision == first


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"verdict": "hold"', '"verdict": "clear"'),
        ('"allowed": false', '"allowed": true'),
        ('"observed": "stroke: yes"', '"observed": "stroke: no"'),
    ],
)
def test_a_decision_that_was_changed_is_not_the_same(old, new):
    text = decision_json(decided())
    assert text.count(old) >= 1
    assert not replay(text.replace(old, new)).is_same


def test_a_decision_by_other_rules_is_not_compared():
    text = decision_json(decided())
    sha = packs()["consensus_2026_01"].sha256
    with pytest.raises(ContractError) as caught:
        replay(text.replace(sha, "0" * 64))
    said = str(caught.value)
    assert "rules of the decision: expected the versions that are here" in said
    assert "got 'consensus_2026_01'. Replay it with the release whose rules it names." in said


def test_rules_that_are_no_longer_there_are_named_before_what_was_passed():
    whole = json.loads(decision_json(decide(read_question(WIRE), override=override())))
    whole["rules"] = [one for one in whole["rules"] if "label" not in one["id"]]
    whole["rules"].append({"id": "us_gone_2025_01", "sha256": "0"})
    whole["override"]["rules"] = ["CI-777"]
    with pytest.raises(ContractError, match=r"rules of the decision: .*, us_"):
        replay(json.dumps(whole))


@pytest.mark.parametrize(
    "text",
    [
        "", "no decision", "[]", "null", "5", "{}",
        '{"format": "ketherapy.decision/1"}',
        json.dumps({"format": "ketherapy.decision/2"}),
    ],
)  # fmt: skip
def test_what_is_no_decision_is_refused(text):
    with pytest.raises(ContractError) as caught:
        replay(text)
    said = str(caught.value)
    assert "decision: expected a file of the format ketherapy.decision/1" in said
    assert "Hand over the file as it was written." in said


def test_another_format_is_refused():
    text = decision_json(decided()).replace("ketherapy.decision/1", "ketherapy.decision/2")
    with pytest.raises(ContractError, match="format"):
        replay(text)


def test_a_decision_names_every_table_it_rests_on():
    text = decision_json(decided())
    assert json.loads(text)["tables"] == dict(tables())
    digest = tables()["medicines.csv"]
    with pytest.raises(ContractError, match=r"rules of the decision: .* got 'medicines.csv'"):
        replay(text.replace(digest, "0" * 64))
    silent = {key: value for key, value in json.loads(text).items() if key != "tables"}
    with pytest.raises(ContractError, match="decision: expected a file of the format"):
        replay(json.dumps(silent))
