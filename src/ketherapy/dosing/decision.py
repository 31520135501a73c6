"""The decision: every finding at once, who passed which, and all that is needed to replay it.

A decision is a pure function of its question and its override. Written as JSON it carries both,
with the hash of each file of rules and each table it rests on, so that anybody can ask the same
again and get the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.dosing.contradictions import contradictions_checked
from ketherapy.dosing.course import course_checked
from ketherapy.dosing.dose_check import dose_checked
from ketherapy.dosing.findings import Finding, Severity, ordered
from ketherapy.dosing.interactions import interactions_checked
from ketherapy.dosing.question import Checked, Question, question_wire, read_question
from ketherapy.dosing.rulebook import Case, Pack, applying, finding, packs_of
from ketherapy.dosing.tables import tables
from ketherapy.dosing.version import Used, used
from ketherapy.errors import ContractError, DataFileError
from ketherapy.records import RECORD

FORMAT = "ketherapy.decision/1"
Verdict = Literal["clear", "info", "caution", "hold", "block"]


def _says(text: str) -> bool:
    """Return whether a text holds anything that can be read."""
    return any(letter.isalnum() for letter in text)


@record(frozen=True, kw_only=True, config=RECORD)
class Override:
    """Who passes which holds, and why."""

    by: str
    role: Literal["prescriber", "director"]
    reason: str
    rules: tuple[str, ...]
    at: str  # ISO, with its zone

    def __post_init__(self) -> None:
        if not (_says(self.by) and _says(self.reason) and self.rules):
            raise ValueError("an override has a name, a role, a reason and the rules it passes")
        if len(set(self.rules)) != len(self.rules):
            raise ValueError("an override names each rule once")
        if datetime.fromisoformat(self.at).utcoffset() is None:
            raise ValueError("an override has a time with its zone")


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What follows from all findings."""

    question: Question
    findings: tuple[Finding, ...]
    used: tuple[Used, ...]
    switched_off: tuple[str, ...]
    not_checked: tuple[str, ...]
    tables: Mapping[str, str]  # name: hash
    override: Override | None = None

    @property
    def verdict(self) -> Verdict:
        """Return the gravest finding, overridden or not."""
        gravest = max((one.severity for one in self.findings), default=None)
        return "clear" if gravest is None else _NAMES[gravest]

    @property
    def standing(self) -> tuple[Finding, ...]:
        """Return the findings that stop, and that nobody has passed."""
        passed = set() if self.override is None else set(self.override.rules)
        return tuple(
            one for one in self.findings
            if one.stops and not (one.can_be_overridden and one.rule in passed)
        )  # fmt: skip

    @property
    def allowed(self) -> bool:
        """Return whether nothing stops it any more."""
        return not self.standing

    @property
    def is_stale(self) -> bool:
        """Return whether any file of rules is to be read again before it is relied on."""
        return any(one.is_stale for one in self.used)


_NAMES: Mapping[Severity, Verdict] = {
    Severity.INFO: "info", Severity.CAUTION: "caution",
    Severity.HOLD: "hold", Severity.BLOCK: "block",
}  # fmt: skip

Check = Callable[[Question], Checked]


def rules_checked(question: Question) -> Checked:
    """Return what the rules of the question's profile find."""
    rulebook = packs_of(question.profile)
    about = applying(rulebook, question.case, question.stages)
    off = {r.id for pack, r in about if pack.needs_adoption(r)} - set(question.adopted)
    found = (
        finding(pack, rule, question.facts, now=question.now)
        for pack, rule in about if rule.id not in off
    )  # fmt: skip
    return Checked(
        findings=tuple(one for one in found if one is not None),
        used=tuple(used(pack, question.now) for pack in rulebook),
        switched_off=tuple(sorted(off)),
        not_checked=_unspoken(rulebook, question.case),
    )


def _unspoken(rulebook: tuple[Pack, ...], case: Case) -> tuple[str, ...]:
    """Return the drug and its route where no rule names the drug for such a case."""
    named = any(
        case.drug in rule.applies.drugs and rule.applies.to(case)
        for pack in rulebook for rule in pack.rule
    )  # fmt: skip
    return () if named else (f"{case.drug} {case.route}: no rule here was written for it",)


CHECKS: tuple[Check, ...] = (
    rules_checked, contradictions_checked, interactions_checked, dose_checked, course_checked,
)  # fmt: skip


def decide(question: Question, *, override: Override | None = None) -> Decision:
    """Return every finding at once, so that a refusal is complete.

    Errors  ContractError for an override of a finding that nothing or nobody can pass
    """
    said = tuple(check(question) for check in CHECKS)
    findings = ordered(tuple(one for part in said for one in part.findings))
    _refuse_unpassable(findings, override)
    return Decision(
        question=question,
        findings=findings,
        used=tuple(sorted((u for part in said for u in part.used), key=lambda one: one.id)),
        switched_off=_sorted(part.switched_off for part in said),
        not_checked=_sorted((*(part.not_checked for part in said), _unasked(question))),
        tables=tables(),
        override=override,
    )


def _unasked(question: Question) -> tuple[str, ...]:
    """Return that no rule about the person was asked, where that is so: it is not clearance."""
    about = applying(packs_of(question.profile), question.case, question.stages)
    return () if about else ("the person: no rule is asked at these stages",)


def _sorted(many: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({one for some in many for one in some}))


def _refuse_unpassable(findings: tuple[Finding, ...], override: Override | None) -> None:
    """Refuse an override of what was not found, of a block, or of what was not measured."""
    passable = {one.rule for one in findings if one.can_be_overridden}
    if override is None or set(override.rules) <= passable:
        return
    refused = ", ".join(sorted(set(override.rules) - passable))
    raise ContractError(
        "override", expected=f"holds that can be passed: {', '.join(sorted(passable)) or 'none'}",
        got=refused,
        remedy="A block is never passed, and what is not known is passed by learning it alone.",
    )  # fmt: skip


def decision_json(decision: Decision) -> str:
    """Return a decision as text: the same decision is always the same bytes."""
    whole = {
        "format": FORMAT,
        "question": question_wire(decision.question),
        "override": None if decision.override is None else asdict(decision.override),
        "verdict": decision.verdict,
        "allowed": decision.allowed,
        "findings": [_finding_wire(one) for one in decision.findings],
        "rules": [_used_wire(one) for one in decision.used],
        "tables": dict(decision.tables),
        "switched_off": list(decision.switched_off),
        "not_checked": list(decision.not_checked),
    }
    return json.dumps(whole, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _finding_wire(one: Finding) -> dict[str, object]:
    return {**asdict(one), "severity": _NAMES[one.severity]}


def _used_wire(one: Used) -> dict[str, object]:
    return {**asdict(one), "stale_after": one.stale_after.isoformat()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Replay:
    """A decision made again from its own record."""

    decision: Decision
    is_same: bool  # byte for byte


@record(frozen=True, kw_only=True, config=RECORD)
class _Written:
    format: Literal["ketherapy.decision/1"]
    question: dict[str, object]
    override: Override | None
    rules: tuple[dict[str, object], ...]
    tables: dict[str, str]
    verdict: str
    allowed: bool
    findings: tuple[dict[str, object], ...]
    switched_off: tuple[str, ...]
    not_checked: tuple[str, ...]


def replay(text: str) -> Replay:
    """Return the decision that ``text`` records, made again.

    Errors  ContractError for what is no decision, or rests on other versions of the rules
    """
    try:
        written = records.check(_Written, json.loads(text), where="decision")
    except (DataFileError, ValueError, TypeError, RecursionError) as error:
        raise ContractError(
            "decision", expected=f"a file of the format {FORMAT}", got=text[:30],
            remedy=f"Hand over the file as it was written. {error}",
        ) from error  # fmt: skip
    question = read_question(written.question)
    _refuse_other_rules(written, decide(question))  # first: what was passed then may not be there
    again = decide(question, override=written.override)
    return Replay(decision=again, is_same=decision_json(again) == text)


def _refuse_other_rules(written: _Written, again: Decision) -> None:
    """Refuse to compare with rules that are not those of the record."""
    then = {str(one.get("id")): one.get("sha256") for one in written.rules} | written.tables
    now = {one.id: one.sha256 for one in again.used} | dict(again.tables)
    if then != now:
        other = sorted(key for key in then.keys() | now.keys() if then.get(key) != now.get(key))
        raise ContractError(
            "rules of the decision", expected="the versions that are here", got=", ".join(other),
            remedy="Replay it with the release whose rules it names.",
        )  # fmt: skip
