"""The boundary tables of the rules: one line, one case, read from ``tests/scenarios``."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from ketherapy import units
from ketherapy.dosing.decision import Decision, decide
from ketherapy.dosing.facts import NEVER, FactKind, Facts, Observation, fact, read_fact, read_facts
from ketherapy.dosing.question import Question
from ketherapy.dosing.rulebook import Case, Stage, packs

SCENARIOS = Path(__file__).parent / "scenarios"
MISSING = "missing"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One case of one rule, and what must follow."""

    rule: str
    case: str
    profile: str
    drug: str
    route: str
    use: str
    setting: str
    stages: str
    facts: str
    expected: str  # none, or a severity

    @property
    def about(self) -> Case:
        return Case(drug=self.drug, route=self.route, use=self.use, setting=self.setting)


@lru_cache(maxsize=1)
def lines() -> tuple[Line, ...]:
    """Return every line of the table."""
    with (SCENARIOS / "rules.csv").open(newline="", encoding="utf-8") as rows:
        return tuple(Line(**row) for row in csv.DictReader(rows))


@lru_cache(maxsize=1)
def now() -> datetime:
    """Return the time at which every line is asked."""
    return datetime.fromisoformat(start()["now"])


@lru_cache(maxsize=1)
def start() -> dict:
    """Return the person who is clear, and the time, as the file has them."""
    return tomllib.loads((SCENARIOS / "clear.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def clear() -> Facts:
    """Return the facts of a person in whose way nothing stands."""
    return read_facts(start()["facts"])


@lru_cache(maxsize=1)
def everything_adopted() -> tuple[str, ...]:
    """Return the ids of the rules that are off until a clinic adopts them."""
    found = (r.id for pack in packs().values() for r in pack.rule if pack.needs_adoption(r))
    return tuple(sorted(found))


@lru_cache(maxsize=4096)
def facts_with(changes: str) -> Facts:
    """Return the clear facts, changed as in ``sbp=141 mmHg; food_at=1 h ago; dbp=missing``."""
    facts = dict(clear())
    for change in filter(None, changes.split("; ")):
        if "@" in change:
            name, age = change.split("@")
            at = None if age == MISSING else now() - _span(age)
            facts[name] = Observation(value=facts[name].value, at=at)
            continue
        name, value = change.split("=")
        if value == MISSING:
            facts.pop(name, None)
        else:
            facts[name] = _observed(name, value)
    return MappingProxyType(facts)


def _observed(name: str, value: str) -> Observation:
    asked = fact(name)
    if asked.kind is FactKind.NUMBER:
        number, unit = value.split(" ")
        return read_fact(asked, {"value": float(number), "unit": unit, "at": now()})
    if asked.kind is FactKind.INSTANT and value != NEVER:
        return Observation(value=now() - _span(value.removesuffix(" ago")))
    return read_fact(asked, value)


def _span(text: str) -> timedelta:
    number, unit = text.split(" ")
    return timedelta(hours=units.convert(float(number), unit, to="h"))


@lru_cache(maxsize=4096)
def decision(profile: str, about: Case, stages: tuple[str, ...], changes: str) -> Decision:
    """Return what follows from the clear facts, changed, with everything adopted."""
    return decide(
        Question(
            case=about, stages=tuple(Stage(stage) for stage in stages), profile=profile,
            now=now(), facts=facts_with(changes), adopted=everything_adopted(),
        )
    )  # fmt: skip


def severity_of(found: Decision, rule: str) -> str:
    """Return the severity of what the rule found, or none."""
    of_rule = [one.severity.name.lower() for one in found.findings if one.rule == rule]
    assert len(of_rule) <= 1
    return of_rule[0] if of_rule else "none"
