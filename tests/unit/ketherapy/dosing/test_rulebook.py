"""The rulebook: which rules a case has, what a rule finds, which files are refused."""

import shutil
from datetime import UTC, date, datetime
from importlib.resources import files

import pytest

from ketherapy.dosing import rulebook
from ketherapy.dosing.facts import Observation
from ketherapy.dosing.findings import Finding, Severity
from ketherapy.dosing.rulebook import (
    Applies,
    Case,
    Pack,
    Rule,
    Setting,
    Stage,
    Use,
    applying,
    finding,
    not_rules,
    packs,
    packs_of,
    profile,
    profiles,
)
from ketherapy.dosing.version import Jurisdiction
from ketherapy.errors import ContractError, DataFileError
from ketherapy.records import check
from ketherapy.regimen import Drug, Route
from ketherapy.sources import Status

NOW = datetime(2026, 1, 31, 10, 0, tzinfo=UTC)
SPRAY = Case(drug=Drug.ESKETAMINE, route=Route.INTRANASAL, use=Use.PSYCHIATRY)
INFUSION = Case(drug=Drug.KETAMINE, route=Route.IV, use=Use.PAIN, setting=Setting.INPATIENT)
RULE = {
    "id": "CI-999", "stages": ["eligibility"], "title": "T", "says": "Do.", "written": "so",
    "resolves": "Rest.", "when": {"fact": "stroke", "is": "yes"}, "action": "block",
    "kind": "absolute", "locator": "section 9",
}  # fmt: skip
PACK = {
    "id": "us_x_2026_01", "title": "T", "jurisdiction": "US", "since": date(2026, 1, 1),
    "stale_after": date(2026, 6, 30), "source": "ketherapy", "status": "verified", "sha256": "0",
}  # fmt: skip


def a_rule(**changes):
    return check(Rule, RULE | changes, where="rule")


def a_pack(*rules, **changes):
    return check(
        Pack, PACK | {"rule": [RULE | rule for rule in rules] or [RULE]} | changes, where="p"
    )


def found(facts, **changes):
    pack = a_pack(changes)
    return finding(pack, pack.rule[0], facts, now=NOW)


def severity(facts, **changes):
    one = found(facts, **changes)
    return one and one.severity


YES, NO = {"stroke": Observation(value=True)}, {"stroke": Observation(value=False)}


def test_a_case_is_of_an_outpatient_unless_it_says_otherwise():
    assert SPRAY.setting is Setting.OUTPATIENT


@pytest.mark.parametrize(
    ("entries", "spray", "infusion"),
    [
        ({}, True, True),
        ({"drugs": ["esketamine"]}, True, False),
        ({"drugs": ["ketamine", "esketamine"]}, True, True),
        ({"routes": ["iv"]}, False, True),
        ({"uses": ["pain"]}, False, True),
        ({"settings": ["outpatient"]}, True, False),
        ({"drugs": ["esketamine"], "routes": ["iv"]}, False, False),
        ({"but_not": [{"drugs": ["ketamine"]}]}, True, False),
        ({"but_not": [{"routes": ["iv"], "drugs": ["esketamine"]}]}, True, True),
        ({"but_not": [{"routes": ["iv"]}, {"uses": ["psychiatry"]}]}, False, False),
        ({"drugs": ["esketamine"], "but_not": [{"routes": ["iv"]}]}, True, False),
        ({"but_not": [{}]}, False, False),
    ],
)
def test_a_rule_is_about_the_cases_that_it_names_less_those_it_leaves_out(entries, spray, infusion):
    applies = check(Applies, entries, where="applies")
    assert (applies.to(SPRAY), applies.to(INFUSION)) == (spray, infusion)


def test_a_rule_has_something_to_say_where_it_holds_or_is_not_known():
    assert found(NO) is None
    assert found(YES) == Finding(
        rule="CI-999", severity=Severity.BLOCK, says="Do.", observed="stroke: yes", limit="so",
        resolves="Rest.", source="ketherapy", locator="section 9", status=Status.VERIFIED,
        jurisdiction="US",
    )  # fmt: skip
    assert found({}) == Finding(
        rule="CI-999", severity=Severity.HOLD, says="Do.", observed="not known: stroke", limit="so",
        resolves="Rest.", source="ketherapy", locator="section 9", status=Status.VERIFIED,
        jurisdiction="US", asks=("stroke",),
    )  # fmt: skip


def test_a_rule_may_have_a_source_and_a_status_of_its_own():
    own = found(YES, source="cohen2018", status="secondary", extrapolated_from="a label")
    assert (own.source, own.status, own.extrapolated_from) == (
        "cohen2018", Status.SECONDARY, "a label",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("action", "unknown", "known", "missing"),
    [
        ("info", "info", Severity.INFO, Severity.INFO),
        ("info", "hold", Severity.INFO, Severity.HOLD),
        ("caution", "caution", Severity.CAUTION, Severity.CAUTION),
        ("caution", "hold", Severity.CAUTION, Severity.HOLD),
        ("hold", "hold", Severity.HOLD, Severity.HOLD),
        ("block", "hold", Severity.BLOCK, Severity.HOLD),
        ("block", "block", Severity.BLOCK, Severity.BLOCK),
    ],
)
def test_what_follows_is_what_the_row_says(action, unknown, known, missing):
    assert severity(YES, action=action, unknown=unknown) is known
    assert severity({}, action=action, unknown=unknown) is missing


@pytest.mark.parametrize(
    ("action", "unknown"),
    [("block", "caution"), ("hold", "caution"), ("hold", "info"), ("caution", "info")],
)
def test_not_to_know_is_never_let_through_where_to_know_would_not_be(action, unknown):
    with pytest.raises(DataFileError, match="never let through"):
        a_rule(action=action, unknown=unknown)


EITHER = {"any": [{"fact": "stroke", "is": "yes"}, {"fact": "mania", "is": "yes"}]}
BOTH = {"all": EITHER["any"]}


@pytest.mark.parametrize(
    ("action", "expected"),
    [("info", Severity.HOLD), ("caution", Severity.HOLD), ("hold", Severity.HOLD),
     ("block", Severity.BLOCK)],
)  # fmt: skip
def test_to_know_of_one_danger_never_makes_less_of_another_that_is_not_known(action, expected):
    one = found(YES, when=EITHER, action=action)
    assert (one.severity, one.asks) == (expected, ("mania",))
    assert one.observed == "stroke: yes; not known: mania or mixed episode"
    assert not one.can_be_overridden


def test_what_was_seen_is_said_and_what_is_not_known_is_asked():
    mania = {"mania": Observation(value=True)}
    assert found(YES | mania, when=BOTH).observed == "stroke: yes; mania or mixed episode: yes"
    assert found({}, when=BOTH).observed == "not known: stroke, mania or mixed episode"
    assert found(YES, when=BOTH).observed == "stroke: yes; not known: mania or mixed episode"
    assert found(YES, when=BOTH).severity is Severity.HOLD
    assert found(NO, when=BOTH) is None


def test_the_rules_of_a_case_are_those_of_its_stages():
    pack = a_pack(
        {"id": "CI-001"},
        {"id": "CI-002", "stages": ["pre_dose", "discharge"]},
        {"id": "CI-003", "applies": {"drugs": ["ketamine"]}},
    )
    other = a_pack({"id": "CI-004"}, id="us_y_2026_01")

    def ids(*stages):
        return [(p.id[:4], r.id) for p, r in applying((pack, other), SPRAY, stages)]

    assert ids(Stage.ELIGIBILITY) == [("us_x", "CI-001"), ("us_y", "CI-004")]
    assert ids(Stage.DISCHARGE) == [("us_x", "CI-002")]
    assert ids(Stage.PRE_DOSE, Stage.ELIGIBILITY) == [
        ("us_x", "CI-001"), ("us_x", "CI-002"), ("us_y", "CI-004"),
    ]  # fmt: skip
    assert ids(Stage.COURSE) == ids() == []


def test_the_words_that_a_file_may_use():
    assert list(Stage) == ["eligibility", "pre_dose", "during", "discharge", "course"]
    assert list(Use) == ["psychiatry", "pain"]
    assert list(Setting) == ["outpatient", "inpatient"]
    assert list(Jurisdiction) == ["US", "EU", "UK", "CH", "consensus", "clinic"]


def test_what_a_row_does_not_say_is_nothing():
    applies = a_rule().applies
    assert (applies.drugs, applies.routes, applies.uses, applies.settings) == ((), (), (), ())
    assert applies.but_not == ()
    rule = a_rule()
    assert (rule.source, rule.status, rule.also) == (None, None, ())
    assert (rule.extrapolated_from, rule.note, rule.unknown) == ("", "", "hold")
    assert (a_pack().check_against, a_pack().note) == ("", "")


def test_what_is_no_rule_is_of_a_row_and_has_its_reason():
    found = {part.row: part for part in not_rules()}
    assert "milk" in found["CI-027"].what
    assert found["CI-027"].why == "No source prints one."


def test_a_rule_is_asked_at_some_stage():
    with pytest.raises(DataFileError, match="at some stage"):
        a_rule(stages=[])


def test_each_rule_of_a_pack_has_an_id_of_its_own():
    with pytest.raises(DataFileError, match="an id of its own"):
        a_pack({"id": "CI-001"}, {"id": "CI-001"})


@pytest.mark.parametrize(
    ("jurisdiction", "status", "of_rule", "expected"),
    [
        ("US", "verified", None, False),
        ("US", "secondary", None, False),
        ("US", "convention", None, True),
        ("US", "verified", "convention", True),
        ("US", "convention", "verified", False),
        ("clinic", "verified", None, True),
        ("consensus", "derived", None, False),
    ],
)
def test_a_convention_and_a_clinics_policy_are_off_until_adopted(
    jurisdiction, status, of_rule, expected
):
    pack = a_pack({"status": of_rule}, jurisdiction=jurisdiction, status=status)
    assert pack.needs_adoption(pack.rule[0]) is expected


def test_a_profile_is_named_and_none_is_assumed():
    assert set(profiles()) == {"us", "eu", "uk", "ch"}
    assert profile("ch").title.startswith("Switzerland")
    assert all(name == one.id for name, one in profiles().items())
    with pytest.raises(ContractError, match="profile: expected one of us, eu, uk, ch, got 'de'"):
        profile("de")
    with pytest.raises(ContractError, match="none is assumed"):
        packs_of("")


def test_the_packs_of_a_profile_are_in_its_order():
    assert tuple(pack.id for pack in packs_of("us")) == profile("us").packs
    assert all(name == pack.id for name, pack in packs().items())


def test_packs_are_the_files_of_the_folder(tmp_path, monkeypatch):
    shutil.copy(files("ketherapy.dosing") / "data/rules/us_ketamine_label_2026_01.toml", tmp_path)
    (tmp_path / "notes.txt").write_text("no pack", encoding="utf-8")
    monkeypatch.setattr(rulebook, "_RULES", tmp_path)
    assert list(packs.__wrapped__()) == ["us_ketamine_label_2026_01"]
