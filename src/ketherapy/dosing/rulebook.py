"""The rules as data: packs of cited rows, and which packs hold where.

A pack is one file of one jurisdiction, never changed: another version is another file. A profile
names the packs of one jurisdiction beside the consensus that belongs to none; two jurisdictions
are never merged. A convention is switched off until a clinic adopts it, rule by rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.dosing.conditions import Answer, Condition
from ketherapy.dosing.facts import Facts, fact, said
from ketherapy.dosing.findings import Finding, Severity
from ketherapy.dosing.version import AbstractVersion, Jurisdiction, read_version
from ketherapy.errors import ContractError
from ketherapy.records import RECORD
from ketherapy.regimen import Drug, Route
from ketherapy.sources import Status

_DATA = Path(__file__).parent / "data"
_RULES = _DATA / "rules"
_PROFILES = _DATA / "profiles.toml"
_NOT_RULES = _DATA / "not_rules.toml"

Action = Literal["info", "caution", "hold", "block"]


class Stage(StrEnum):
    """When a rule is asked."""

    ELIGIBILITY = "eligibility"  # before a course
    PRE_DOSE = "pre_dose"  # before each dose
    DURING = "during"  # while dosing and after, until the person leaves
    DISCHARGE = "discharge"  # before the person leaves
    COURSE = "course"  # between visits


class Use(StrEnum):
    """What the drug is given for."""

    PSYCHIATRY = "psychiatry"
    PAIN = "pain"


class Setting(StrEnum):
    """Where it is given."""

    OUTPATIENT = "outpatient"
    INPATIENT = "inpatient"


@record(frozen=True, kw_only=True, config=RECORD)
class Case:
    """What is to be given, how, for what and where: which rules apply."""

    drug: Drug
    route: Route
    use: Use
    setting: Setting = Setting.OUTPATIENT


@record(frozen=True, kw_only=True, config=RECORD)
class Applies:
    """The cases that a rule is about; what is left empty is every one."""

    drugs: tuple[Drug, ...] = ()
    routes: tuple[Route, ...] = ()
    uses: tuple[Use, ...] = ()
    settings: tuple[Setting, ...] = ()
    but_not: tuple[Applies, ...] = ()  # cases among these that have a rule of their own

    def to(self, case: Case) -> bool:
        """Return whether the rule is about this case."""
        asked = (
            (self.drugs, case.drug), (self.routes, case.route),
            (self.uses, case.use), (self.settings, case.setting),
        )  # fmt: skip
        return all(not some or one in some for some, one in asked) and not any(
            other.to(case) for other in self.but_not
        )


@record(frozen=True, kw_only=True, config=RECORD)
class Rule:
    """One row: when it applies, what it compares, what follows, and whose it is."""

    id: str  # the row of the clinical tables, and a letter where one row became several rules
    stages: tuple[Stage, ...]
    title: str
    says: str  # the sentence a clinician reads
    written: str  # trigger and comparator as the source words them
    resolves: str
    when: Condition
    action: Action
    unknown: Action = "hold"  # what follows where the facts are missing
    kind: Literal["absolute", "relative", "warning", "operational", "workup", "regulatory", "dose"]
    applies: Applies = Applies()
    locator: str
    source: str | None = None  # None: that of the pack
    status: Status | None = None  # None: that of the pack
    also: tuple[str, ...] = ()  # other sources that say the same
    extrapolated_from: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if not self.stages:
            raise ValueError("a rule is asked at some stage")
        if SEVERITIES[self.unknown] < min(SEVERITIES[self.action], Severity.HOLD):
            raise ValueError("not to know is never let through where to know would not be")


SEVERITIES: Mapping[Action, Severity] = {
    "info": Severity.INFO, "caution": Severity.CAUTION,
    "hold": Severity.HOLD, "block": Severity.BLOCK,
}  # fmt: skip


@record(frozen=True, kw_only=True, config=RECORD)
class Pack(AbstractVersion):
    """One version of one file of rules."""

    rule: tuple[Rule, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        if len({rule.id for rule in self.rule}) != len(self.rule):
            raise ValueError("each rule has an id of its own")

    def needs_adoption(self, rule: Rule) -> bool:
        """Return whether the rule is off until a clinic adopts it: nobody's label says it."""
        is_convention = (rule.status or self.status) is Status.CONVENTION
        return is_convention or self.jurisdiction is Jurisdiction.CLINIC


@record(frozen=True, kw_only=True, config=RECORD)
class Profile:
    """Which packs hold in one jurisdiction."""

    id: str
    title: str
    jurisdiction: Jurisdiction
    packs: tuple[str, ...]
    interactions: tuple[str, ...]  # packs of interactions; one of another jurisdiction says so


@record(frozen=True, kw_only=True, config=RECORD)
class _Profiles:
    profile: tuple[Profile, ...]


@record(frozen=True, kw_only=True, config=RECORD)
class NotARule:
    """A part of a row of the clinical tables that is no rule here, and why."""

    row: str
    what: str
    why: str


@record(frozen=True, kw_only=True, config=RECORD)
class _NotRules:
    source: str
    status: Status
    part: tuple[NotARule, ...]


def not_rules() -> tuple[NotARule, ...]:
    """Return what of the tables is no rule here."""
    return records.load(_NotRules, _NOT_RULES).part


@lru_cache(maxsize=1)
def packs() -> Mapping[str, Pack]:
    """Return every pack by its id."""
    return {path.stem: read_version(Pack, path) for path in sorted(_RULES.glob("*.toml"))}


@lru_cache(maxsize=1)
def profiles() -> Mapping[str, Profile]:
    """Return every profile by its id."""
    return {one.id: one for one in records.load(_Profiles, _PROFILES).profile}


def profile(profile_id: str) -> Profile:
    """Return the profile with this id.

    Errors  ContractError where none has it
    """
    found = profiles().get(profile_id)
    if found is None:
        raise ContractError(
            "profile", expected=f"one of {', '.join(profiles())}", got=profile_id,
            remedy="Name the jurisdiction whose rules are to hold; none is assumed.",
        )  # fmt: skip
    return found


def packs_of(profile_id: str) -> tuple[Pack, ...]:
    """Return the packs of a profile, in its order.

    Errors  ContractError where no profile has this id
    """
    return tuple(packs()[pack_id] for pack_id in profile(profile_id).packs)


def applying(
    some: Iterable[Pack], case: Case, stages: Iterable[Stage]
) -> tuple[tuple[Pack, Rule], ...]:
    """Return the rules of these packs about ``case`` at one of ``stages``, with their packs."""
    asked = frozenset(stages)
    return tuple(
        (pack, rule)
        for pack in some
        for rule in pack.rule
        if not asked.isdisjoint(rule.stages) and rule.applies.to(case)
    )


def finding(pack: Pack, rule: Rule, facts: Facts, *, now: datetime) -> Finding | None:
    """Return what the rule has to say of ``facts`` at ``now``; nothing where it does not hold."""
    answer = rule.when.answer(facts, now)
    if answer.truth is False:
        return None
    return Finding(
        rule=rule.id,
        severity=_severity(rule, answer),
        says=rule.says,
        observed=_observed(answer, facts),
        limit=rule.written,
        resolves=rule.resolves,
        source=rule.source or pack.source,
        locator=rule.locator,
        status=rule.status or pack.status,
        jurisdiction=pack.jurisdiction,
        asks=answer.missing,
        extrapolated_from=rule.extrapolated_from,
    )


def _severity(rule: Rule, answer: Answer) -> Severity:
    """Return what follows: from what holds, from what is not known, or the graver of both.

    To know of one danger never makes less of another that is not known.
    """
    found: list[Action] = [rule.action] if answer.truth else []
    asked: list[Action] = [rule.unknown] if answer.missing else []
    return max(SEVERITIES[action] for action in (*found, *asked))


def _observed(answer: Answer, facts: Facts) -> str:
    """Return what was seen, and which facts are not known."""
    seen = [said(fact(name), facts[name]) for name in answer.seen]
    asked = [fact(name).label for name in answer.missing]
    return "; ".join([*seen, *([f"not known: {', '.join(asked)}"] if asked else [])])
