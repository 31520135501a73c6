"""The screening of one person: what is asked, what was found, what it comes to. Nothing is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from clinic.care.refusals import Entries, Refusal
from clinic.care.screening_entries import MEASURED, Asking, read, timed_facts
from ketherapy.dosing.decision import Decision, decide, decision_json
from ketherapy.dosing.facts import fact, vocabulary
from ketherapy.dosing.findings import Finding, Severity
from ketherapy.dosing.medicines import near, recognised
from ketherapy.dosing.question import Question, read_question
from ketherapy.dosing.rulebook import packs_of, profile
from ketherapy.dosing.version import Used
from ketherapy.sources import cite, source


class Action(StrEnum):
    """What a finding asks of its reader; the gravest first."""

    STOP = "stop"
    REVIEW = "review"
    ASK = "ask"
    ACKNOWLEDGE = "acknowledge"
    INFORM = "inform"


class Verdict(StrEnum):
    """What all findings come to."""

    STOPPED = "stopped"
    HELD = "held"
    OPEN = "open"  # something that counts is not known
    PASSED = "passed"  # a named person has passed every hold
    UNWRITTEN = "unwritten"  # nothing stops it, and not all of it could be checked
    CAUTION = "caution"
    CLEAR = "clear"


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenQuestion:
    """One thing that is not known, and the field in which it is answered."""

    field: str
    label: str
    asks: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One finding, with what a reader needs beside it."""

    finding: Finding
    citation: str
    address: str  # of the source; empty where there is none
    questions: tuple[OpenQuestion, ...]
    is_passed: bool  # a named person has passed it


@dataclass(frozen=True, kw_only=True, slots=True)
class SwitchedOff:
    """A rule that would apply, and that this clinic has not adopted."""

    rule: str
    says: str
    pack: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """One medicine as it was typed, and what it was taken for."""

    typed: str
    named: tuple[str, ...]  # empty: it is not known here
    near: tuple[str, ...]  # spellings to ask about


@dataclass(frozen=True, kw_only=True, slots=True)
class Screening:
    """What the rules have to say of one person, in the order of what is to be done."""

    decision: Decision
    verdict: Verdict
    groups: Mapping[Action, tuple[Told, ...]]
    questions: tuple[OpenQuestion, ...]  # all that is not known, in the order of the form
    stale: tuple[Used, ...]
    switched_off: tuple[SwitchedOff, ...]
    profile_title: str

    @property
    def passable(self) -> tuple[Told, ...]:
        """Return the holds that a name and a reason can pass, as long as one of them stands."""
        review = self.groups.get(Action.REVIEW, ())
        return review if any(not told.is_passed for told in review) else ()

    @property
    def text(self) -> str:
        """Return the decision as the file that can be replayed."""
        return decision_json(self.decision)

    @property
    def sha256(self) -> str:
        """Return the fingerprint of that file."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def screening_of(entries: Entries, *, now: datetime) -> Screening | Refusal:
    """Return what the rules have to say of what was entered, or why it cannot be read."""
    question = read(entries, now=now)
    return question if isinstance(question, Refusal) else screened(decide(question))


def screened(decision: Decision) -> Screening:
    """Return a decision as a reader meets it."""
    groups = {action: tuple(_told(decision, action)) for action in Action}
    asked = {name for one in decision.findings for name in one.asks}
    return Screening(
        decision=decision,
        verdict=_verdict(decision),
        groups={action: told for action, told in groups.items() if told},
        questions=_questions(asked, decision.question),
        stale=tuple(one for one in decision.used if one.is_stale),
        switched_off=tuple(_switched_off(decision)),
        profile_title=profile(decision.question.profile).title,
    )


def asked_of(asking: Asking, *, now: datetime) -> Mapping[str, bool]:
    """Return the facts that the rules ask about, and whether nothing goes on without each.

    The rules themselves say so: they are asked about somebody of whom nothing is known.
    """
    nothing_known = decide(read_question(asking.wire({}, now)))
    found: dict[str, bool] = {}
    for one in nothing_known.findings:
        for name in one.asks:
            found[name] = found.get(name, False) or one.stops
    return found


def known_medicines(names: tuple[str, ...]) -> tuple[Known, ...]:
    """Return what each line of a list was taken for, and near spellings where it is not known."""
    return tuple(_known(name) for name in names)


def _known(typed: str) -> Known:
    found = tuple(f"{one.ingredient} ({one.group})" for one in recognised(typed).medicines)
    return Known(typed=typed, named=found, near=() if found else near(typed))


def action_of(one: Finding) -> Action:
    """Return what a finding asks of its reader."""
    match one.severity:
        case Severity.BLOCK:
            return Action.STOP
        case Severity.HOLD:
            return Action.ASK if one.asks else Action.REVIEW
        case Severity.CAUTION:
            return Action.ACKNOWLEDGE
        case Severity.INFO:
            return Action.INFORM


def _told(decision: Decision, action: Action) -> Iterator[Told]:
    standing = set(map(id, decision.standing))
    for one in decision.findings:
        if action_of(one) is not action:
            continue
        entry = source(one.source)
        yield Told(
            finding=one,
            citation=cite(one.source),
            address=f"https://doi.org/{entry.doi}" if entry.doi else entry.url,
            questions=_questions(set(one.asks), decision.question),
            is_passed=one.stops and id(one) not in standing,
        )


def _questions(asked: set[str], question: Question) -> tuple[OpenQuestion, ...]:
    """Return what is not known, each once: a number that is there lacks its time alone."""
    found = (_question(name, question) for name in vocabulary().facts if name in asked)
    return tuple(dict.fromkeys(found))


def _question(name: str, question: Question) -> OpenQuestion:
    if name in question.facts and name in timed_facts():
        asks = "When were today's numbers measured?"
        return OpenQuestion(field=MEASURED, label="time of measurement", asks=asks)
    one = fact(name)
    return OpenQuestion(field=name, label=one.label, asks=one.asks)


def _switched_off(decision: Decision) -> Iterator[SwitchedOff]:
    for pack in packs_of(decision.question.profile):
        for rule in pack.rule:
            if rule.id in decision.switched_off:
                yield SwitchedOff(rule=rule.id, says=rule.says, pack=pack.title)


def _verdict(decision: Decision) -> Verdict:
    standing = decision.standing
    if any(one.severity is Severity.BLOCK for one in standing):
        return Verdict.STOPPED
    if any(one.can_be_overridden for one in standing):
        return Verdict.HELD
    if standing:
        return Verdict.OPEN
    if decision.override is not None:
        return Verdict.PASSED
    if decision.not_checked:
        return Verdict.UNWRITTEN
    return Verdict.CAUTION if decision.verdict == "caution" else Verdict.CLEAR
