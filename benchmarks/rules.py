"""A full screening: every rule, the interactions of the medicines, and the limits of the dose.

One person at a time, as a form asks it, then ten thousand in a row, as a clinic does when a rule
changed. Beside it, in the same run, two engines of JsonLogic, the common language of rules: one in
Python, one in Rust. They are given the conditions of the same rules about the same people, of whom
everything is known, as text made beforehand, and must agree on which hold. That is all that they
are asked: they say neither what is missing nor why.
"""

from __future__ import annotations

import json
import os
import platform
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import TypeVar

from json_logic import jsonLogic
from jsonlogic_rs import apply_serialized as rust_serialized

from ketherapy.dosing.conditions import Condition, Is, Of
from ketherapy.dosing.decision import decide
from ketherapy.dosing.facts import FactKind, Facts, Observation, vocabulary
from ketherapy.dosing.medicines import medicines
from ketherapy.dosing.planned import PlannedDose, read_planned
from ketherapy.dosing.question import Question
from ketherapy.dosing.rulebook import Case, Rule, Stage, Use, applying, packs_of
from ketherapy.regimen import Drug, Route

ALONE, IN_A_ROW, BESIDE = 1000, 10_000, 1000
BAR_ALONE, BAR_IN_A_ROW = 5e-3, 30.0  # [s]
SEED = 14
NOW = datetime(2026, 1, 31, 10, 0, tzinfo=UTC)
CASE = Case(drug=Drug.KETAMINE, route=Route.IV, use=Use.PSYCHIATRY)
STAGES = (Stage.ELIGIBILITY, Stage.PRE_DOSE)
PROFILE = "us"
Found = TypeVar("Found")


def timed(work: Callable[[], Found]) -> tuple[float, Found]:
    """Return the seconds that ``work`` takes, and what it returns."""
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def screened(question: Question) -> tuple[float, float]:
    """Return the seconds that one screening takes, and those of the processor among them."""
    start = time.thread_time()
    wall, _ = timed(lambda: decide(question))
    return wall, time.thread_time() - start


def person(rng: random.Random) -> Facts:
    """Return somebody of whom everything is known; few have any one illness."""
    facts = {name: _value(name, rng) for name in vocabulary().facts}
    ago = NOW - timedelta(minutes=rng.randrange(5, 900))
    return {name: Observation(value=value, at=ago) for name, value in facts.items()}


def _value(name: str, rng: random.Random) -> bool | float | str | datetime | tuple[str, ...]:
    fact = vocabulary().facts[name]
    match fact.kind:
        case FactKind.FLAG:
            return (fact.worse == "yes") == (rng.random() < 0.03)
        case FactKind.CHOICE:
            return rng.choice(list(fact.choices))
        case FactKind.LIST:
            return tuple(one.ingredient for one in rng.sample(medicines(), rng.randrange(5)))
        case FactKind.INSTANT:
            return NOW - timedelta(hours=rng.choice([1, 5, 200, 9000]))
        case FactKind.NUMBER:
            return rng.uniform(fact.low or 0.0, fact.high or 0.0)


def planned() -> PlannedDose:
    """Return the usual infusion, with three before it and every cap said."""
    none = {"most": None, "set_by": "Practice Director", "reason": "a benchmark"}
    caps = ("clinic_visit", "clinic_week", "clinic_course", "prescriber_visit", "peak")
    given = [{"at": NOW - timedelta(days=day), "amount": 35.0} for day in (2, 4, 7)]
    return read_planned(
        {
            "protocol": "iv_depression_2026_01", "phase": "induction", "amount": 35.0,
            "given": given, "caps": dict.fromkeys(caps, none),
        }
    )  # fmt: skip


def questions(count: int) -> list[Question]:
    """Return one full question for each of ``count`` people."""
    rng, dose = random.Random(SEED), planned()
    return [
        Question(
            case=CASE, stages=STAGES, profile=PROFILE, now=NOW, facts=person(rng), dose=dose,
            adopted=_conventions(),
        )
        for _ in range(count)
    ]  # fmt: skip


def _conventions() -> tuple[str, ...]:
    return tuple(r.id for pack in packs_of(PROFILE) for r in pack.rule if pack.needs_adoption(r))


def rules() -> list[Rule]:
    """Return the rules of the case."""
    return [rule for _, rule in applying(packs_of(PROFILE), CASE, STAGES)]


def written(when: Condition) -> dict[str, object]:
    """Return a condition as JsonLogic."""
    if when.any or when.all:
        parts = [written(part) for part in (*when.any, *when.all)]
        return {"or" if when.any else "and": parts}
    seen = {"var": when.fact if when.of is Of.VALUE else f"{when.fact}_{when.of}"}
    match when.is_:
        case Is.YES | Is.NO:
            return {"===": [seen, when.is_ is Is.YES]}
        case Is.ONE_OF:
            return {"in": [seen, list(when.words)]}
        case _:
            return {str(when.is_): [seen, when.threshold]}


def plain(facts: Facts) -> dict[str, object]:
    """Return the facts as JsonLogic reads them, with the hours that its conditions name."""
    return dict(_plain(facts))


def _plain(facts: Facts) -> Iterator[tuple[str, object]]:
    for name, seen in facts.items():
        if isinstance(seen.value, datetime):
            yield f"{name}_{Of.AGO}", (NOW - seen.value) / timedelta(hours=1)
        else:
            yield name, seen.value
        if seen.at is not None:
            yield f"{name}_{Of.AGE}", (NOW - seen.at) / timedelta(hours=1)


def beside(asked: list[Question]) -> str:
    """Return the time of both peers and of ours for the same conditions, in words."""
    mine = rules()
    logic = {"merge": [written(rule.when) for rule in mine]}
    text = json.dumps(logic)
    people = [plain(one.facts) for one in asked]
    texts = [json.dumps(one) for one in people]
    ours, known = timed(
        lambda: [[rule.when.answer(one.facts, NOW).truth for rule in mine] for one in asked]
    )
    rust, first = timed(lambda: [rust_serialized(text, one, json.loads) for one in texts])
    python, second = timed(lambda: [jsonLogic(logic, one) for one in people])
    if not first == second == known:
        raise SystemExit("the peers and ketherapy do not agree on which conditions hold")
    each = 1e3 / len(asked)
    return (
        f"the conditions of {len(mine)} rules, {len(asked):,} people, in one call each: ours"
        f" {ours * each:.3f} ms with what is missing and why, json-logic in Python"
        f" {python * each:.3f} ms (ratio {python / ours:.1f}), jsonlogic-rs in Rust"
        f" {rust * each:.3f} ms (ratio {rust / ours:.1f}); all agree"
    )


def main() -> None:
    """Run everything and print it."""
    print(f"load before the run {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores; one process")
    peers = ", ".join(f"{name} {version(name)}" for name in ("json-logic-qubit", "jsonlogic-rs"))
    print(f"Python {platform.python_version()}, {peers}")
    asked = questions(IN_A_ROW)
    decide(asked[0])  # reads the files
    alone = [screened(one) for one in asked[:ALONE]]
    wall, busy = (sorted(times) for times in zip(*alone, strict=True))
    late = int(0.95 * ALONE)
    print(
        f"a full screening ({len(rules())} rules, interactions, limits): median"
        f" {statistics.median(wall) * 1e3:.2f} ms, 95 % within {wall[late] * 1e3:.2f} ms, of the"
        f" processor {busy[late] * 1e3:.2f} ms; bar {BAR_ALONE * 1e3:.0f} ms:"
        f" {'met' if wall[late] < BAR_ALONE else 'MISSED'}"
    )
    row, _ = timed(lambda: [decide(one).verdict for one in asked])
    print(
        f"{IN_A_ROW:,} people screened again: {row:.1f} s; bar {BAR_IN_A_ROW:.0f} s:"
        f" {'met' if row < BAR_IN_A_ROW else 'MISSED'}"
    )
    print(beside(asked[:BESIDE]))


if __name__ == "__main__":
    main()
