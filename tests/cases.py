"""The scenarios: whole questions and the decisions that must follow, in files of any language.

``python -m tests.cases`` writes those of the rules from the hand-written tables ``rules.csv`` and
``beside.csv``; no line of a decision is taken from what the library says.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ketherapy.dosing.facts import fact, wire
from tests.boundaries import SCENARIOS, Line, clear, everything_adopted, facts_with, lines, start

RULES, PEOPLE = SCENARIOS / "rules", SCENARIOS / "people"
VERDICTS = ("clear", "info", "caution", "hold", "block")
START = "clear.toml"

About = tuple[str, str, str, str, str]  # profile, drug, route, use, setting


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One question, and what must follow."""

    name: str
    asked: dict[str, object]
    follows: dict[str, object]

    @property
    def question(self) -> dict[str, object]:
        """Return the question as a wire carries it: its facts laid over those it starts from."""
        asked = dict(self.asked["question"])
        changed = start()["facts"] | asked["facts"]
        known = {name: seen for name, seen in changed.items() if seen is not None}
        return asked | {"facts": known}


@lru_cache(maxsize=1)
def scenarios() -> tuple[Scenario, ...]:
    """Return every scenario of the folder."""
    return tuple(_scenario_at(path) for path in sorted(SCENARIOS.rglob("*.input.json")))


def _scenario_at(path: Path) -> Scenario:
    asked, name = _read(path), path.name.removesuffix(".input.json")
    answer = path.with_name(f"{name}.decision.json")
    return Scenario(name=name, asked=asked, follows={} if "refused" in asked else _read(answer))


def _read(path: Path) -> dict[str, object]:
    return json.loads(path.read_text(encoding="utf-8"))


def said(rule: str, severity: str) -> dict[str, object]:
    """Return what one rule must say, where it asks for nothing."""
    return {"rule": rule, "severity": severity, "asks": []}


def decided(findings: Iterable[dict[str, object]]) -> dict[str, object]:
    """Return a whole decision: the gravest is the verdict, and a hold or a block stops."""
    found = sorted(findings, key=lambda one: (-VERDICTS.index(str(one["severity"])), one["rule"]))
    verdict = str(found[0]["severity"]) if found else "clear"
    return {"verdict": verdict, "allowed": verdict not in ("hold", "block"), "findings": found}


@lru_cache(maxsize=1)
def beside() -> tuple[Mapping[str, str], ...]:
    """Return what other rules must say of one change of the facts, as written by hand."""
    with (SCENARIOS / "beside.csv").open(newline="", encoding="utf-8") as rows:
        return tuple(csv.DictReader(rows))


def _beside(about: About, facts: str) -> dict[str, str]:
    """Return each rule that must speak beside those the scenario is about, and how gravely."""
    changes = [change for change in facts.split("; ") if change]
    return {
        row["rule"]: row["expected"] for row in beside()
        if about[0] in row["profiles"].split()
        and about[1:4] == (row["drug"], row["route"], row["use"])
        and row["change"] in changes and row["unless"] not in changes
    }  # fmt: skip


def of_rules() -> Iterator[Scenario]:
    """Give one scenario for each trigger, and those of the near misses, by the tables."""
    triggers: dict[tuple[About, str], list[Line]] = defaultdict(list)
    misses: dict[About, list[dict[str, list[Line]]]] = defaultdict(list)
    for of_rule in _by_rule().values():
        trigger = next(x for x in of_rule if x.expected != "none" and "not known" not in x.case)
        near = next(x for x in of_rule if x.expected == "none" and x.case != "another case")
        triggers[_about(trigger), trigger.facts].append(trigger)
        _lay(misses[_about(near)], near)
    for (_, facts), some in triggers.items():
        yield _scenario(some[0].rule, some, facts)
    for about, groups in misses.items():
        for number, group in enumerate(groups, start=1):
            some = [line for of_facts in group.values() for line in of_facts]
            yield _scenario(f"near_{'_'.join(about)}_{number}", some, "; ".join(group))


def _by_rule() -> dict[str, list[Line]]:
    found = defaultdict(list)
    for line in lines():
        found[line.rule].append(line)
    return found


def _about(line: Line) -> About:
    return (line.profile, line.drug, line.route, line.use, line.setting)


def _lay(groups: list[dict[str, list[Line]]], near: Line) -> None:
    """Put a near miss with others of the same case whose facts are not the same ones."""
    names = _names(near.facts)
    for group in groups:
        taken = {name for facts in group if facts != near.facts for name in _names(facts)}
        if taken.isdisjoint(names):
            group.setdefault(near.facts, []).append(near)
            return
    groups.append({near.facts: [near]})


def _names(facts: str) -> set[str]:
    return {change.replace("@", "=").split("=")[0] for change in facts.split("; ")}


def _scenario(name: str, some: list[Line], facts: str) -> Scenario:
    first, adopted = some[0], set(everything_adopted())
    must = {line.rule: line.expected for line in some if line.expected != "none"}
    must |= _beside(_about(first), facts)
    question = {
        "case": {key: getattr(first, key) for key in ("drug", "route", "use", "setting")},
        "stages": sorted({stage for line in some for stage in line.stages.split()}),
        "profile": first.profile,
        "now": start()["now"],
        "adopted": sorted({line.rule for line in some} & adopted),
        "facts": _changed(facts),
    }
    about = [{"rule": line.rule, "case": line.case} for line in some]
    return Scenario(
        name=name,
        asked={"about": about, "starts_from": START, "question": question},
        follows=decided(said(*pair) for pair in must.items()),
    )


def _changed(facts: str) -> dict[str, object]:
    """Return the facts that differ from those of the person who is clear; null is not known."""
    whole, well = facts_with(facts), clear()
    changed = {
        name: wire(fact(name), seen) for name, seen in whole.items() if well.get(name) != seen
    }
    return dict(sorted((dict.fromkeys(well.keys() - whole.keys()) | changed).items()))


def written(content: object) -> str:
    """Return a scenario's half as its file holds it."""
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _write() -> None:
    for old in RULES.glob("*.json"):
        old.unlink()
    for one in of_rules():
        (RULES / f"{one.name}.input.json").write_text(written(one.asked), encoding="utf-8")
        (RULES / f"{one.name}.decision.json").write_text(written(one.follows), encoding="utf-8")


if __name__ == "__main__":
    _write()
