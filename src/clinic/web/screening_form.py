"""The form of the screening page: the questions of a case, each as it was answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from clinic.care.local_times import EXAMPLE, ZONE_EXAMPLE, read_zone, shown
from clinic.care.refusals import Entries, Refusal
from clinic.care.screening import Known, Screening, asked_of, known_medicines
from clinic.care.screening_entries import (
    CASE,
    LABELS,
    MEASURED,
    NEVER_WAS,
    NO_LIST,
    PROFILE,
    STAGES,
    UNIT,
    UNKNOWN,
    YES,
    ZONE,
    Asking,
    can_be_never,
    first,
    lines,
    read_asking,
    stages_with_rules,
    timed_facts,
)
from clinic.care.screening_examples import examples
from clinic.explore.predictions import Choice
from clinic.web.fields import ListField, Option, options
from clinic.web.screening_words import CASE_WORDS, STAGE_WORDS
from ketherapy.dosing.facts import Fact, FactKind, Group, vocabulary
from ketherapy.dosing.rulebook import Stage, profiles
from ketherapy.errors import ContractError
from ketherapy.units import shown as plain

OF_CASE = (*CASE, PROFILE, STAGES)
START: Entries = {PROFILE: ("us",), STAGES: (Stage.ELIGIBILITY, Stage.PRE_DOSE)}
_ANSWERS = {YES: "Yes", "no": "No"}
_NOT_KNOWN = "Not known"
_LONGEST_ECHO = 2000  # characters of an entry that are put back into its field; convention


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One question of the form and what was answered."""

    name: str
    question: str
    kind: str
    value: str
    options: list[Option]  # of a choice, or the units of a number
    unit: str  # the only one, or none
    range: str
    has_never: bool
    is_never: bool  # or, of a list: there is none
    is_needed: bool
    error: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """Questions that stand together under one heading."""

    id: str
    title: str
    why: str
    questions: tuple[Asked, ...]
    is_timed: bool  # some of its numbers are asked for their time


def form(
    entries: Entries, outcome: Screening | Refusal | None, *, now: datetime
) -> dict[str, object]:
    """Return the form as it was sent, each refusal beside its field."""
    asking, errors = read_asking(entries), _errors(outcome)
    asked = {} if isinstance(asking, Refusal) else asked_of(asking, now=now)
    sections = _sections(entries, errors, asked)
    others = _sections(entries, errors, {f: False for f in vocabulary().facts if f not in asked})
    zone = first(entries, ZONE)
    return {
        "cases": [_list(name, CASE_WORDS[name], entries, errors) for name in CASE],
        "profile": _profile(entries, errors),
        "stages": options(
            [Choice(value=one, label=STAGE_WORDS[one]) for one in stages_with_rules()],
            entries.get(STAGES, ()),
        ),
        "zone": {"value": _echo(zone), "hint": ZONE_EXAMPLE, "said": _clock(zone, now)},
        "measured": {
            "value": _echo(first(entries, MEASURED)),
            "example": EXAMPLE,
            "section": _timed(sections) or _timed(others),
        },
        "is_asked": isinstance(asking, Asking),
        "sections": sections,
        "others": others,
        "is_other_told": any(_is_told(one) for section in others for one in section.questions),
        "medicines": medicines(entries),
        "errors": errors,
        "examples": examples() if settings.PRACTICE else (),
    }


def medicines(entries: Entries) -> tuple[Known, ...]:
    """Return what each line of the list of medicines was taken for."""
    typed = first(entries, "medicines")
    # what is refused for its length is not looked at: to seek near spellings takes time
    return known_medicines(lines(typed)) if len(typed) <= _LONGEST_ECHO else ()


def _errors(outcome: Screening | Refusal | None) -> dict[str, str]:
    found = dict.fromkeys((*OF_CASE, ZONE, MEASURED, *vocabulary().facts), "")
    if isinstance(outcome, Refusal):
        for problem in outcome.problems:
            found[problem.field] = f"{found.get(problem.field, '')} {problem.sentence}".strip()
    return found


def _list(
    name: str, words: Mapping[str, str], entries: Entries, errors: Mapping[str, str]
) -> ListField:
    offered = [Choice(value="", label="Choose"), *_choices(words)]
    chosen = (first(entries, name),)
    label, error = LABELS[name], errors[name]
    return ListField(name=name, label=label, options=options(offered, chosen), error=error)


def _profile(entries: Entries, errors: Mapping[str, str]) -> ListField:
    words = {one.id: one.title for one in profiles().values()}
    return _list(PROFILE, words, entries, errors)


def _choices(words: Mapping[str, str]) -> list[Choice]:
    return [Choice(value=value, label=label) for value, label in words.items()]


def _clock(zone: str, now: datetime) -> str:
    """Return what a clock in the zone shows now; nothing for what is no zone."""
    try:
        return shown(now, read_zone(zone)) if zone else ""
    except ContractError:
        return ""


def _sections(
    entries: Entries, errors: Mapping[str, str], asked: Mapping[str, bool]
) -> list[Section]:
    sections = [_section(group, entries, errors, asked) for group in vocabulary().groups]
    return [one for one in sections if one.questions]


def _timed(sections: list[Section]) -> Section | None:
    """Return where the time of measurement is asked: with the last numbers that need it."""
    return next((one for one in reversed(sections) if one.is_timed), None)


def _section(
    group: Group, entries: Entries, errors: Mapping[str, str], asked: Mapping[str, bool]
) -> Section:
    here = [one for one in vocabulary().facts.values() if one.group == group.id]
    return Section(
        id=group.id,
        title=group.title,
        why=group.why,
        questions=tuple(
            _asked(one, entries, errors[one.id], is_needed=asked[one.id])
            for one in here if one.id in asked
        ),
        is_timed=any(one.id in asked and one.id in timed_facts() for one in here),
    )  # fmt: skip


def _asked(one: Fact, entries: Entries, error: str, *, is_needed: bool) -> Asked:
    text = first(entries, one.id)
    return Asked(
        name=one.id,
        question=one.asks,
        kind=one.kind,
        value=_echo(text),
        options=_options(one, entries),
        unit="" if one.units else one.unit,
        range=_range(one),
        has_never=can_be_never(one),
        is_never=any(first(entries, f"{one.id}{end}") == YES for end in (NEVER_WAS, NO_LIST)),
        is_needed=is_needed,
        error=error,
    )


def _options(one: Fact, entries: Entries) -> list[Option]:
    chosen = first(entries, one.id) or UNKNOWN
    unknown = Choice(value=UNKNOWN, label=_NOT_KNOWN)
    match one.kind:
        case FactKind.FLAG:
            return options([*_choices(_ANSWERS), unknown], (chosen,))
        case FactKind.CHOICE:
            return options([*_choices(one.choices), unknown], (chosen,))
        case FactKind.NUMBER if one.units:
            units = [Choice(value=unit, label=unit) for unit in one.units]
            picked = first(entries, f"{one.id}{UNIT}")
            return options([Choice(value="", label="unit"), *units], (picked,))
        case _:
            return []


def _range(one: Fact) -> str:
    if one.low is None or one.high is None:
        return ""
    unit = f" {one.unit}" if one.units else ""
    return f"{plain(one.low)} to {plain(one.high)}{unit}"


def _echo(text: str) -> str:
    """Return an entry as it came, or nothing where no field could hold it."""
    plain_signs = (sign in "\r\n" or sign.isprintable() for sign in text)
    return text if len(text) <= _LONGEST_ECHO and all(plain_signs) else ""


def _is_told(one: Asked) -> bool:
    is_chosen = any(o.is_chosen and o.choice.value not in (UNKNOWN, "") for o in one.options)
    return bool(one.error or one.is_never or is_chosen or (one.value and not one.options))
