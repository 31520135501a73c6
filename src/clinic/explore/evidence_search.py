"""What the trials hold for a reader's filters: questions, published pools, and the trials."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from clinic.explore import evidence_words as words
from clinic.explore.evidence_answer import Answer, shown
from clinic.explore.evidence_pools import PoolLine, pool_lines
from clinic.explore.predictions import Choice
from ketherapy.evidence.analysis import answer
from ketherapy.evidence.conditions import Group, condition
from ketherapy.evidence.questions import Question, questions
from ketherapy.evidence.selection import Study
from ketherapy.evidence.trials import (
    About,
    Contrast,
    Control,
    Design,
    Given,
    Kind,
    Outcome,
    Trial,
    condition_of,
    trials,
)
from ketherapy.evidence.windows import window_of, windows
from ketherapy.simulation.request import Problem, Refusal

FIELDS = ("condition", "drug", "route", "control", "outcome", "window")
NAMES = {
    "condition": "Condition", "drug": "Drug", "route": "Route", "control": "Compared with",
    "outcome": "Outcome", "window": "Time after the first dose",
}  # fmt: skip
_NO_OUTCOME = (Kind.SIZE, Kind.BASELINE)
Entries = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """What is looked for; None lets everything through."""

    condition: Group | None = None
    drug: Given | None = None
    route: str | None = None
    control: Control | None = None
    outcome: tuple[Kind, About] | None = None
    window: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TrialLine:
    """One trial in a list."""

    id: str
    name: str
    year: int
    condition: str
    given: str
    control: str
    people: int | None  # the most that one outcome counts; None where no number is printed
    design: str
    masking: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Everything that fits."""

    filters: Filters
    answers: tuple[Answer, ...]
    pools: tuple[PoolLine, ...]
    trials: tuple[TrialLine, ...]
    people: int  # at least so many
    unsaid: int  # trials without a number of people


def key(kind: Kind, about: About) -> str:
    """Return an outcome as an address holds it: "response.depression"."""
    return f"{kind.name}.{about.name}".lower()


def choices() -> dict[str, tuple[Choice, ...]]:
    """Return what each filter offers: what the data set really holds."""
    routes = {arm.route for trial in trials() for arm in trial.arms.values() if arm.given}
    drugs = {arm.given for trial in trials() for arm in trial.arms.values()}
    controls = {trial.control for trial in trials()}
    groups = {condition_of(trial).group for trial in trials()}
    return {
        "condition": tuple(_choice(g.value, g.value.capitalize()) for g in Group if g in groups),
        "drug": tuple(_choice(d.value, words.DRUGS[d]) for d in Given if d in drugs),
        "route": tuple(_choice(r, label) for r, label in words.ROUTES.items() if r in routes),
        "control": tuple(_choice(c.value, words.CONTROLS[c]) for c in Control if c in controls),
        "outcome": tuple(_choice(key(k, a), words.outcome_words(k, a)) for k, a in _outcomes()),
        "window": tuple(_choice(w.id, w.name[0].upper() + w.name[1:]) for w in windows()),
    }


def _choice(value: str, label: str) -> Choice:
    return Choice(value=value, label=label)


def _outcomes() -> list[tuple[Kind, About]]:
    """Return every outcome that trials hold, in the order of a list."""
    held = {(o.kind, o.about) for t in trials() for o in (*t.outcomes, *t.contrasts)}
    return [(k, a) for a in words.ABOUTS for k in words.KINDS if (k, a) in held]


def read(entries: Entries) -> Filters | Refusal:
    """Return what is looked for, or every filter that nothing is known of."""
    offered = choices()
    told = {field: entries.get(field, "") for field in FIELDS}
    problems = tuple(
        Problem(field=field, sentence=_unknown(field))
        for field, value in told.items()
        if value and value not in {choice.value for choice in offered[field]}
    )
    if problems:
        return Refusal(problems=problems)
    return Filters(
        condition=Group(told["condition"]) if told["condition"] else None,
        drug=Given(told["drug"]) if told["drug"] else None,
        route=told["route"] or None,
        control=Control(told["control"]) if told["control"] else None,
        outcome=outcome_of(told["outcome"]) if told["outcome"] else None,
        window=told["window"] or None,
    )


def _unknown(field: str) -> str:
    return f"{NAMES[field]}: nothing in the data set is called so. Choose from the list."


def outcome_of(text: str) -> tuple[Kind, About]:
    """Return the outcome that an address names."""
    kind, _, about = text.partition(".")
    return Kind[kind.upper()], About[about.upper()]


def search(filters: Filters) -> Found:
    """Return everything that fits the filters."""
    fitting = [trial for trial in trials() if _fits(trial, filters)]
    counted = [people_of(trial) for trial in fitting]
    return Found(
        filters=filters,
        answers=tuple(_answers(filters)),
        pools=pool_lines(filters.condition, filters.outcome),
        trials=tuple(_line(trial) for trial in fitting),
        people=sum(people or 0 for people in counted),
        unsaid=sum(people is None for people in counted),
    )


def _fits(trial: Trial, filters: Filters) -> bool:
    if filters.condition and condition_of(trial).group is not filters.condition:
        return False
    if filters.control and trial.control is not filters.control:
        return False
    treated = [arm for arm in trial.arms.values() if arm.given]
    if filters.drug and all(arm.given is not filters.drug for arm in treated):
        return False
    if filters.route and all(arm.route != filters.route for arm in treated):
        return False
    if filters.outcome is None and filters.window is None:
        return True
    return any(_reports(one, filters) for one in (*trial.outcomes, *trial.contrasts))


def _reports(one: Outcome | Contrast, filters: Filters) -> bool:
    if one.kind in _NO_OUTCOME:
        return False
    if filters.outcome and (one.kind, one.about) != filters.outcome:
        return False
    return not filters.window or window_of(one.at, one.timepoint).id == filters.window


def people_of(trial: Trial) -> int | None:
    """Return the most people that one outcome of a trial counts, or None where none says it.

    In a crossover the same people are in every group.
    """
    is_crossed = trial.design is Design.CROSSOVER
    totals = []
    for outcome in trial.outcomes:
        counted = [result.n for result in outcome.results.values() if result.n is not None]
        if counted:
            totals.append(max(counted) if is_crossed else sum(counted))
    return max(totals, default=None)


def _line(trial: Trial) -> TrialLine:
    treated = [arm for arm in trial.arms.values() if arm.given]
    given = {f"{arm.drug}{_route(arm.route)}" for arm in treated}
    return TrialLine(
        id=trial.id, name=trial.name, year=trial.year, condition=condition_of(trial).name,
        given=words.given_words(given), control=words.CONTROLS[trial.control],
        people=people_of(trial), design=trial.design.value, masking=trial.masking.value,
    )  # fmt: skip


def _route(route: str) -> str:
    return f", {words.ROUTES[route].lower()}" if route else ""


def _answers(filters: Filters) -> Iterator[Answer]:
    for asked in questions():
        if not _concerns(asked, filters):
            continue
        found = answer(asked)
        if _given_fits(found.studies, filters):
            yield shown(found, asked)


def _concerns(asked: Question, filters: Filters) -> bool:
    groups = {condition(one).group for one in asked.conditions}
    outcome = (asked.kind, asked.about)
    tests: tuple[tuple[object, Callable[[], bool]], ...] = (
        (filters.condition, lambda: filters.condition in groups),
        (filters.control, lambda: filters.control in asked.controls),
        (filters.outcome, lambda: outcome == filters.outcome),
        (filters.window, lambda: filters.window in asked.windows),
    )
    return all(fits() for wanted, fits in tests if wanted is not None)


def _given_fits(studies: tuple[Study, ...], filters: Filters) -> bool:
    arms = [study.trial.arms[arm] for study in studies for arm in study.treated]
    if filters.drug and all(arm.given is not filters.drug for arm in arms):
        return False
    return not filters.route or any(arm.route == filters.route for arm in arms)
