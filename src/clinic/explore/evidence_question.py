"""A question that a reader puts together: read from the address, or refused beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from clinic.explore import evidence_search as search
from clinic.explore import evidence_words as words
from clinic.explore.evidence_method import Method
from ketherapy.errors import ContractError
from ketherapy.evidence.analysis import answer
from ketherapy.evidence.conditions import conditions
from ketherapy.evidence.effects import Measure
from ketherapy.evidence.questions import Question, question
from ketherapy.evidence.trials import better_side, trials
from ketherapy.evidence.windows import window
from ketherapy.simulation.request import Problem, Refusal

MORE = ("scale", "timepoint", "part")  # printed words that narrow a question further
FIELDS = (*search.FIELDS, *MORE)
NAMES = {"scale": "Scale", "timepoint": "Printed time", "part": "Part of the people"}
Entries = Mapping[str, str]


def standing(question_id: str) -> Question | None:
    """Return the standing question with this id, or None where there is none."""
    try:
        return question(question_id)
    except ContractError:
        return None


def read(entries: Entries) -> Question | Refusal:
    """Return the question that filters ask, or everything that is wrong with them."""
    filters = search.read(entries)
    problems = [*(filters.problems if isinstance(filters, Refusal) else ()), *_unprinted(entries)]
    if not entries.get("outcome"):
        sentence = "Outcome: choose one. Trials are pooled on one outcome at a time."
        problems.append(Problem(field="outcome", sentence=sentence))
    if isinstance(filters, search.Filters) and filters.outcome and not better_side(
        *filters.outcome
    ):  # fmt: skip
        problems.append(Problem(field="outcome", sentence=_NO_SIDE))
    if problems or isinstance(filters, Refusal):
        return Refusal(problems=tuple(problems))
    return _asked(filters, entries)


_NO_SIDE = (
    "Outcome: it is not recorded which side of no difference is better here, so nothing is pooled."
    " The trials that report it are listed on the page of the evidence."
)


def _unprinted(entries: Entries) -> list[Problem]:
    """Return what no trial prints."""
    held = {
        "scale": {o.scale for t in trials() for o in t.outcomes},
        "timepoint": {o.timepoint for t in trials() for o in t.outcomes},
        "part": {o.part for t in trials() for o in t.outcomes},
    }
    return [
        Problem(field=field, sentence=f"{NAMES[field]}: no trial in the data set prints this.")
        for field in MORE
        if entries.get(field) and entries[field] not in held[field]
    ]


def _asked(filters: search.Filters, entries: Entries) -> Question:
    outcome = filters.outcome
    if outcome is None:
        raise TypeError("the outcome was looked at before")
    kind, about = outcome
    return Question(
        id="pool",
        title=title(filters, entries),
        conditions=tuple(c.id for c in conditions() if c.group is filters.condition),
        given=(filters.drug,) if filters.drug else (),
        routes=(filters.route,) if filters.route else (),
        controls=(filters.control,) if filters.control else (),
        kind=kind,
        about=about,
        scales=_one(entries, "scale"),
        windows=(filters.window,) if filters.window else (),
        timepoints=_one(entries, "timepoint"),
        part=entries.get("part", ""),
        measure=words.measures_of(kind)[0],
        favourable=better_side(kind, about) or "below",
    )


def _one(entries: Entries, field: str) -> tuple[str, ...]:
    return (entries[field],) if entries.get(field) else ()


def title(filters: search.Filters, entries: Entries) -> str:
    """Return a question in one line: "Ketamine against midazolam: ..."."""
    given = words.DRUGS[filters.drug] if filters.drug else "Any of the drugs"
    control = filters.control.value if filters.control else "any control"
    about = words.outcome_words(*filters.outcome) if filters.outcome else ""
    route = words.ROUTES[filters.route].lower() if filters.route else ""
    when = window(filters.window).name if filters.window else "any time"
    people = filters.condition.value if filters.condition else "any condition"
    narrow = [entries[field] for field in MORE if entries.get(field)]
    first = f"{given}{f' ({route})' if route else ''} against {control}"
    return ", ".join([f"{first}. {about}", people, when, *narrow])


def measures(asked: Question) -> tuple[Measure, ...]:
    """Return the measures a question can be asked in; a printed difference has its own alone."""
    if asked.printed == "contrasts":
        return (asked.measure,)
    return words.measures_of(asked.kind)


def usual(asked: Question, entries: Entries) -> Method:
    """Return how a question is answered where nothing else is chosen; it depends on its trials."""
    sent = entries.get("measure", "")
    known = {one.value: one for one in measures(asked)}
    measure = known.get(sent, asked.measure)
    found = answer(replace(asked, measure=measure))
    beyond = asked.mcid.meant if asked.mcid and measure is asked.measure else None
    return Method(measure=measure, choices=found.choices, beyond=beyond)


def measured(asked: Question, method: Method) -> Question:
    """Return a question, asked in the measure that was chosen."""
    return replace(asked, measure=method.measure)
