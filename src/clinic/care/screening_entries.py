"""What was entered on the screening form: read whole into a question, or refused, never repaired.

A fact that was not entered is not known. It is no "no", and no "normal".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from clinic.care.local_times import Clock, read_instant, read_zone
from clinic.care.refusals import FORM, Entries, Problem, Refusal, problem
from ketherapy import units
from ketherapy.dosing.conditions import Condition, Of
from ketherapy.dosing.facts import NEVER, NONE, YES_NO, Fact, FactKind, read_fact, vocabulary
from ketherapy.dosing.question import Question, read_question
from ketherapy.dosing.rulebook import Setting, Stage, Use, packs, profiles
from ketherapy.errors import ContractError
from ketherapy.regimen import Drug, Route

UNKNOWN = "unknown"
YES = "yes"
UNIT, NEVER_WAS, NO_LIST = "-unit", "-never", "-none"  # endings of a fact's further names
PROFILE, STAGES, ZONE, MEASURED = "profile", "stages", "zone", "measured_at"
CASE: Mapping[str, type[StrEnum]] = {
    "drug": Drug, "route": Route, "use": Use, "setting": Setting,
}  # fmt: skip
LABELS = {
    "drug": "Drug", "route": "Route", "use": "Given for", "setting": "Setting",
    PROFILE: "Rules of", STAGES: "Asked at", ZONE: "Time zone", MEASURED: "Measured at",
}  # fmt: skip
_LONGEST = 2000  # characters of one entry; convention
_BREAKS = "\r\n"


class NotOfferedError(ContractError):
    """Something was sent that the form does not offer."""

    def __init__(self, what: str, got: str) -> None:
        super().__init__(what, expected="one of the answers offered", got=got, remedy="Choose one.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """The case, whose rules hold, and when they are asked: all but the person."""

    case: Mapping[str, str]
    profile: str
    stages: tuple[str, ...]

    def wire(self, facts: Mapping[str, object], now: datetime) -> dict[str, object]:
        """Return a question as a file carries it."""
        return {
            "case": dict(self.case), "stages": list(self.stages), "profile": self.profile,
            "now": now.isoformat(), "facts": dict(facts),
        }  # fmt: skip


@lru_cache(maxsize=1)
def stages_with_rules() -> tuple[Stage, ...]:
    """Return the stages at which any rule is asked, in their order."""
    asked = {stage for pack in packs().values() for rule in pack.rule for stage in rule.stages}
    return tuple(stage for stage in Stage if stage in asked)


@lru_cache(maxsize=1)
def timed_facts() -> frozenset[str]:
    """Return the facts of which some rule asks when they were measured."""
    conditions = (rule.when for pack in packs().values() for rule in pack.rule)
    return frozenset(name for one in conditions for name in _timed(one))


def _timed(one: Condition) -> Iterator[str]:
    if one.of is Of.AGE:
        yield one.fact
    for part in (*one.any, *one.all):
        yield from _timed(part)


def can_be_never(asked: Fact) -> bool:
    """Return whether "never" answers the question: it says so itself."""
    return asked.kind is FactKind.INSTANT and NEVER in asked.asks


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Return every name that the form may send."""
    facts = vocabulary().facts.values()
    further = {
        *(f"{one.id}{UNIT}" for one in facts if one.units),
        *(f"{one.id}{NEVER_WAS}" for one in facts if can_be_never(one)),
        *(f"{one.id}{NO_LIST}" for one in facts if one.kind is FactKind.LIST),
    }
    return frozenset({*CASE, PROFILE, STAGES, ZONE, MEASURED, *further, *(f.id for f in facts)})


def first(entries: Entries, name: str) -> str:
    """Return what was entered under a name, without the spaces around it."""
    return (entries.get(name) or ("",))[0].strip()


def read_asking(entries: Entries) -> Asking | Refusal:
    """Return what the rules are asked about, or every reason why that cannot be said."""
    problems = [
        Problem(field=name, label=LABELS[name], sentence="Choose one: none is assumed.")
        for name, kind in (*CASE.items(), (PROFILE, None))
        if first(entries, name) not in (profiles() if kind is None else set(kind))
    ]
    stages = tuple(entries.get(STAGES, ()))
    if not stages or not set(stages) <= set(stages_with_rules()):
        sentence = "Tick at least one of these."
        problems.append(Problem(field=STAGES, label=LABELS[STAGES], sentence=sentence))
    if problems:
        return Refusal(problems=tuple(problems))
    case = {name: first(entries, name) for name in CASE}
    return Asking(case=case, profile=first(entries, PROFILE), stages=stages)


def read(entries: Entries, *, now: datetime) -> Question | Refusal:
    """Return the question that was entered, or every reason why it is refused."""
    asking = read_asking(entries)
    problems = [*_malformed(entries), *(asking.problems if isinstance(asking, Refusal) else ())]
    facts = _facts(entries, now, problems)
    if problems or isinstance(asking, Refusal):
        return Refusal(problems=tuple(problems))
    return read_question(asking.wire(facts, now))


def _malformed(entries: Entries) -> Iterator[Problem]:
    """Give what no browser sends from this form."""
    if entries.keys() - names():
        sentence = "Something was sent that this form does not ask for. Use the form itself."
        yield Problem(field=FORM, label="This form", sentence=sentence)
    for name, values in entries.items():
        if len(values) > 1 and name != STAGES:
            yield Problem(field=name, label=name, sentence="There are two entries: send one.")
        if any(len(value) > _LONGEST or not _is_text(value) for value in values):
            sentence = f"Write at most {_LONGEST} plain characters."
            yield Problem(field=name, label=name, sentence=sentence)


def _is_text(value: str) -> bool:
    return all(sign in _BREAKS or sign.isprintable() for sign in value)


def _facts(entries: Entries, now: datetime, problems: list[Problem]) -> dict[str, object]:
    """Return the facts that were entered, as a file carries them; what is wrong joins problems."""
    clock, measured = _times(entries, now, problems)
    found: dict[str, object] = {}
    for asked in vocabulary().facts.values():
        try:
            entry = _entry(asked, entries, clock)
            if entry is None:
                continue
            if asked.id in timed_facts() and measured is not None:
                entry["at"] = measured.isoformat()
            read_fact(asked, entry)
            found[asked.id] = entry
        except ContractError as error:
            problems.append(problem(asked.id, asked.label, error))
    return found


def _times(
    entries: Entries, now: datetime, problems: list[Problem]
) -> tuple[Clock, datetime | None]:
    clock, measured = Clock(now=now, zone=None), None
    try:
        clock = Clock(now=now, zone=read_zone(first(entries, ZONE)))
    except ContractError as error:
        problems.append(problem(ZONE, LABELS[ZONE], error))
    try:
        if text := first(entries, MEASURED):
            measured = read_instant(text, what=LABELS[MEASURED], clock=clock)
    except ContractError as error:
        problems.append(problem(MEASURED, LABELS[MEASURED], error))
    return clock, measured


def _entry(asked: Fact, entries: Entries, clock: Clock) -> dict[str, object] | None:
    """Return what was entered for one fact; None where it is not known."""
    text = first(entries, asked.id)
    match asked.kind:
        case FactKind.NUMBER:
            return _number(asked, text, first(entries, f"{asked.id}{UNIT}"))
        case FactKind.FLAG | FactKind.CHOICE:
            return _chosen(asked, text)
        case FactKind.INSTANT:
            return _instant(asked, text, first(entries, f"{asked.id}{NEVER_WAS}"), clock)
        case FactKind.LIST:
            return _lines(asked, text, first(entries, f"{asked.id}{NO_LIST}"))


def _number(asked: Fact, text: str, chosen: str) -> dict[str, object] | None:
    if chosen and chosen not in asked.units:
        raise NotOfferedError(asked.label, chosen)
    if not text:
        return None
    example = f"{units.shown(((asked.low or 0.0) + (asked.high or 0.0)) / 2)} {asked.unit}"
    if not any(sign.isalpha() or sign == "%" for sign in text):
        value = units.read_number(text, what=asked.label, example=example)
        return {"value": value, "unit": chosen or _only_unit(asked, text)}
    value, unit = units.split(text, what=asked.label, example=example)
    if chosen and unit != chosen:
        raise ContractError(
            asked.label, expected="one unit", got=f"{text}, {chosen}",
            remedy=f"{unit} is written and {chosen} is chosen: correct one of them.",
        )  # fmt: skip
    return {"value": value, "unit": unit}


def _only_unit(asked: Fact, text: str) -> str:
    if not asked.units:
        return asked.unit
    raise ContractError(
        asked.label, expected=f"a unit: {' or '.join(asked.units)}", got=text,
        remedy="Choose it; none is assumed.",
    )  # fmt: skip


def _chosen(asked: Fact, text: str) -> dict[str, object] | None:
    if text in ("", UNKNOWN):
        return None
    if text not in (asked.choices or YES_NO):
        raise NotOfferedError(asked.label, text)
    return {"value": text}


def _instant(asked: Fact, text: str, never: str, clock: Clock) -> dict[str, object] | None:
    if never not in ("", YES):
        raise NotOfferedError(asked.label, never)
    if text and never:
        raise ContractError(
            asked.label, expected="a time, or never", got=text,
            remedy="Both are entered: take one away.",
        )  # fmt: skip
    if never:
        return {"value": NEVER}
    if not text:
        return None
    return {"value": read_instant(text, what=asked.label, clock=clock).isoformat()}


def lines(text: str) -> tuple[str, ...]:
    """Return the lines of a list, each without the spaces around it; empty lines apart."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _lines(asked: Fact, text: str, none: str) -> dict[str, object] | None:
    if none not in ("", YES):
        raise NotOfferedError(asked.label, none)
    if text and none:
        raise ContractError(
            asked.label, expected="a list, or none", got=text,
            remedy="Both are entered: empty the list, or untick none.",
        )  # fmt: skip
    if none:
        return {"value": NONE}
    return {"value": list(lines(text))} if text else None
