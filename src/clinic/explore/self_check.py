"""The self-check: what trials found for somebody's conditions, and what to raise with a clinician.

Nothing is kept: answers come in, a result goes out. It gives no score and no verdict; whether a
treatment is right or safe for somebody is judged by a clinician who knows them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clinic.explore.findings import Finding, finding, published_finding
from clinic.explore.origins import Reference, reference
from clinic.explore.self_check_content import (
    BETWEEN,
    CHILD,
    NO,
    UNKNOWN,
    YES,
    Condition,
    Content,
    Fact,
    Health,
    Row,
    Tried,
    content,
)
from clinic.explore.self_check_entries import Answers, Entries, is_in_crisis, read
from ketherapy.dosing.protocol import protocol
from ketherapy.evidence.reviews import review
from ketherapy.evidence.trials import trial
from ketherapy.pharmacology.effects.frequencies import frequency
from ketherapy.simulation.request import Problem, Refusal

__all__ = ["Found", "Problem", "Raised", "Refusal", "Result", "Said", "check", "is_in_crisis"]

DISSOCIATION = "AE-001"  # the label's table: counted with the spray and with a dummy
DRIPS = {"drip": "iv_depression_2026_01", "pain_drip": "iv_crps_2026_01"}
SPRAYS = {"spray", "spray_suicide"}  # courses by the use it is approved for
ANY_SPRAY = "any_spray"  # what belongs to each of them
PRESSURE = ("vankawala2021", "sbp")  # the rise with a drip, pooled
SEVERE = (
    "yale2024bp",
    "severe_hypertension_patients_any",
    "ketamine",
)  # people counted in one clinic
EVERY = "every"  # what belongs to every way of giving the drug


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """One sentence, and where it was read."""

    text: str
    status: str
    locator: str
    sources: tuple[Reference, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Raised:
    """One thing to raise with a clinician, and why."""

    short: str
    why: str
    rules: str
    status: str
    locator: str
    sources: tuple[Reference, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What is told of one condition."""

    label: str
    findings: tuple[Finding, ...]
    facts: tuple[Said, ...]
    missing: str
    as_before: tuple[str, ...]  # findings that stand under an earlier condition, by their names


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """Everything the page shows, in its order."""

    first: tuple[Said, ...]  # what comes before all findings, for somebody under age
    found: tuple[Found, ...]
    told_yes: tuple[Raised, ...]
    told_unknown: tuple[Raised, ...]
    unanswered: tuple[str, ...]
    told_no: tuple[str, ...]
    tried: tuple[str, ...]
    course: tuple[Said, ...]
    ask: tuple[str, ...]
    cannot_tell: tuple[str, ...]
    own_words: str


def check(entries: Entries) -> Result | Refusal:
    """Return what belongs to these answers, or every reason why they are refused."""
    answers = read(entries)
    return answers if isinstance(answers, Refusal) else _result(answers, content())


def _result(answers: Answers, asked: Content) -> Result:
    chosen = [one for one in asked.conditions if one.id in answers.conditions]
    return Result(
        first=tuple(_said(fact) for fact in asked.about(CHILD) if answers.age == CHILD),
        found=tuple(_found(chosen, answers, asked)),
        told_yes=tuple(_raised(row) for row in _told(answers, asked, YES)),
        told_unknown=tuple(_raised(row) for row in _told(answers, asked, UNKNOWN)),
        unanswered=tuple(_unanswered(answers, asked)),
        told_no=tuple(row.short for row in _told(answers, asked, NO)),
        tried=tuple(_tried(answers, asked)),
        course=tuple(_course(chosen, asked)),
        ask=asked.ask,
        cannot_tell=asked.cannot_tell,
        own_words=answers.told,
    )


def _found(chosen: list[Condition], answers: Answers, asked: Content) -> Iterator[Found]:
    seen: set[str] = set()
    for one in chosen:
        every = [finding(key) for key in one.questions]
        every += [published_finding(p.review, p.pool, p.title, p.words) for p in one.pools]
        fresh = [found for found in every if found.id not in seen]
        seen |= {found.id for found in fresh}
        yield Found(
            label=one.label,
            findings=tuple(found for found in fresh if found.has_result),
            facts=(*map(_said, asked.about(one.id)), *_harms(one)),
            missing=" ".join([one.missing, *_refused(fresh)]).strip(),
            as_before=tuple(found.plain for found in every if found not in fresh),
        )
    for past in asked.tried:
        if past.questions and answers.tried[past.id] == YES:
            yield _found_of_past(past, asked)


def _refused(fresh: list[Finding]) -> Iterator[str]:
    """Give why a finding is not shown, for each that its guards refused."""
    for found in fresh:
        if not found.has_result:
            yield f"{found.plain}: not shown. {' '.join(found.refusals)}".strip()


def _found_of_past(past: Tried, asked: Content) -> Found:
    every = [finding(key) for key in past.questions]
    return Found(
        label=f"You have had {past.short}",
        findings=tuple(found for found in every if found.has_result),
        facts=(*map(_said, asked.about(past.id)), _harms_of_drips()),
        missing=" ".join(_refused(every)),
        as_before=(),
    )


def _told(answers: Answers, asked: Content, answer: str) -> Iterator[Health]:
    """Give the rows that got an answer; of an age, those that hold for it."""
    yield from (row for row in asked.health if answers.health[row.id] == answer)
    if answer == YES:
        yield from (row for row in asked.ages if row.id == answers.age)


def _unanswered(answers: Answers, asked: Content) -> Iterator[str]:
    if not answers.conditions:
        yield "what you seek help for"
    yield from (row.short for row in asked.tried if answers.tried[row.id] is None)
    yield from (row.short for row in asked.health if answers.health[row.id] is None)
    if answers.age is None:
        yield asked.age.short


def _tried(answers: Answers, asked: Content) -> Iterator[str]:
    """Give what follows from earlier treatments; what is not known is to be found out."""
    for past in asked.tried:
        answer = answers.tried[past.id]
        if answer == UNKNOWN:
            yield f"You do not know: {past.short}. Ask who treated you before."
        elif answer == YES:
            yield past.ask
        yield from (option.ask for option in past.options if option.answer == answer)


def _course(chosen: list[Condition], asked: Content) -> Iterator[Said]:
    ways = dict.fromkeys(way for one in chosen for way in one.course)
    for way in ways:
        if way in DRIPS:
            yield _drip(way)
        yield from (_said(fact) for fact in asked.about(way))
    if SPRAYS & ways.keys():
        yield from (_said(fact) for fact in asked.about(ANY_SPRAY))
        yield _apart()
    yield from (_said(fact) for fact in asked.about(EVERY))


def _drip(way: str) -> Said:
    """Return what one kind of drip takes of somebody's time, as its protocol says."""
    found = protocol(DRIPS[way])
    visits, over = found.course.number, found.dose.time
    what = "A drip for depression" if way == "drip" else "A drip for lasting limb pain (CRPS)"
    minutes = f"{over.value:g} {'minutes' if over.unit == 'min' else 'hours'}"
    span = f"{visits.value:g} visits within {found.course.days[-1] + 1} days"
    text = f"{what}, as one published course: {minutes} each, {span}. It is off-label."
    keys = dict.fromkeys((visits.source or found.source, found.source))
    return Said(
        text=text,
        status=str(visits.status or found.status),
        locator=visits.locator,
        sources=tuple(reference(key) for key in keys),
    )


def _harms(one: Condition) -> Iterator[Said]:
    """Give the harms of a drip beside what is told of its good, where a drip is told of."""
    if DRIPS.keys() & set(one.course):
        yield _harms_of_drips()


def _harms_of_drips() -> Said:
    """Return how far a drip raises blood pressure, as it was measured in people."""
    of = review(PRESSURE[0])
    pool = of.pool(PRESSURE[1])
    study, outcome, arm = SEVERE
    severe = trial(study).outcome(outcome)
    people = severe.results[arm]
    text = (
        f"Drips have harms too. The upper blood pressure rose by about {pool.estimate:.0f} points "
        f"at its peak, over {pool.k} studies of the drug; in one clinic {people.events} of "
        f"{people.n} people had very high pressure at least once. Neither had a group without it."
    )
    return Said(
        text=text,
        status=str(severe.status),
        locator=f"{pool.locator}; {severe.locator}",
        sources=(reference(of.source), reference(severe.source)),
    )


def _apart() -> Said:
    """Return how often people felt apart from themselves, with and without the spray."""
    row = frequency(DISSOCIATION)
    text = (
        f"In {row.period} {row.value:g} of 100 people with the spray felt apart from themselves or "
        f"the world, and {row.comparator_value:g} of 100 with a dummy spray."
    )
    return Said(
        text=text, status=str(row.status), locator=row.locator, sources=(reference(row.source),)
    )


def _said(fact: Fact) -> Said:
    return Said(
        text=fact.text, status=str(fact.status), locator=fact.locator, sources=_sources(fact)
    )


def _raised(row: Health) -> Raised:
    return Raised(
        short=row.short, why=row.why, rules=row.rule, status=str(row.status),
        locator=row.locator, sources=_sources(row),
    )  # fmt: skip


def _sources(row: Row) -> tuple[Reference, ...]:
    return tuple(reference(key) for key in row.keys)


def age_label(age: str) -> str:
    """Return how an age is offered on the form."""
    labels = {row.id: row.question for row in content().ages}
    return content().age.between if age == BETWEEN else labels[age]
