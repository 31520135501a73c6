"""What was answered: read whole or refused with every reason, never repaired.

An answer that was not given is None. It is no "no".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clinic.explore.self_check_content import BETWEEN, CHILD, NO, UNKNOWN, YES, Content, content
from clinic.explore.self_check_words import speaks_of_suicide
from ketherapy.simulation.request import Problem, Refusal

Entries = Mapping[str, Sequence[str]]

CONDITIONS, TOLD, AGE, SUICIDE = "conditions", "told", "age", "suicide"
FORM = "form"  # the field of a problem that belongs to none
ANSWERS = {YES: "Yes", NO: "No", UNKNOWN: "I do not know"}
_BREAKS = "\n\r\t"
_NO_TEXT = {"Cc", "Cs"}  # control characters, and halves of a character
_UNREADABLE = "\ufffd"  # stands where bytes could not be read


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """What was answered; None where nothing was."""

    conditions: tuple[str, ...]
    tried: Mapping[str, str | None]
    health: Mapping[str, str | None]
    age: str | None
    told: str


def choices() -> dict[str, tuple[str, ...]]:
    """Return the answers that each question takes; the free text is not among them."""
    asked = content()
    tried = {one.id: tuple(o.answer for o in one.options) or (YES, NO) for one in asked.tried}
    return {
        CONDITIONS: tuple(one.id for one in asked.conditions),
        **{name: (*values, UNKNOWN) for name, values in tried.items()},
        **{row.id: tuple(ANSWERS) for row in asked.health},
        AGE: _ages(asked),
    }


def _ages(asked: Content) -> tuple[str, ...]:
    """Return the ages offered, upwards; the last row is that of the oldest."""
    *younger, oldest = (row.id for row in asked.ages)
    return (*younger, BETWEEN, oldest)


def read(entries: Entries) -> Answers | Refusal:
    """Return what was answered, or every reason why it is refused."""
    problems = (*_unknown(entries), *_wrong(entries), *_untold(entries))
    return Refusal(problems=problems) if problems else _answers(entries, content())


def is_in_crisis(entries: Entries) -> bool:
    """Return whether help comes first: whatever was sent, unless it is a plain no.

    Somebody who leaves the question out may have a reason to. Somebody under age is
    shown help first whatever was answered.
    """
    if CHILD in entries.get(AGE, ()):
        return True
    if SUICIDE in entries.get(CONDITIONS, ()) or tuple(entries.get(SUICIDE, ())) != (NO,):
        return True
    return any(speaks_of_suicide(text) for values in entries.values() for text in values)


def _unknown(entries: Entries) -> Iterator[Problem]:
    if entries.keys() - {*choices(), TOLD}:
        sentence = "Something was sent that this form does not ask for. Please use the form itself."
        yield Problem(field=FORM, sentence=sentence)


def _wrong(entries: Entries) -> Iterator[Problem]:
    for name, offered in choices().items():
        sent = entries.get(name, ())
        if any(value not in offered for value in sent):
            yield Problem(field=name, sentence="This is none of the answers. Please choose again.")
        elif len(set(sent)) < len(sent) or (name != CONDITIONS and len(sent) > 1):
            yield Problem(field=name, sentence="There are two answers here. Please choose one.")


def _untold(entries: Entries) -> Iterator[Problem]:
    told, longest = entries.get(TOLD, ()), content().longest_told
    if len(told) > 1:
        yield Problem(field=TOLD, sentence="This came twice. Please write it once.")
    for text in told:
        if len(_unified(text)) > longest:
            has = len(_unified(text))
            sentence = f"Please keep it to {longest} characters; there are {has}."
            yield Problem(field=TOLD, sentence=sentence)
        if not is_text(text):
            sentence = "There is a sign in it that is no letter. Please look it over and try again."
            yield Problem(field=TOLD, sentence=sentence)


def is_text(text: str) -> bool:
    """Return whether a text holds letters, signs and line breaks alone."""
    return all(c in _BREAKS or unicodedata.category(c) not in _NO_TEXT for c in text) and (
        _UNREADABLE not in text
    )


def _unified(text: str) -> str:
    """Return a text with each line break as one character, as a browser counts it."""
    return text.replace("\r\n", "\n")


def _answers(entries: Entries, asked: Content) -> Answers:
    def one(name: str) -> str | None:
        sent = entries.get(name, ())
        return sent[0] if sent else None

    return Answers(
        conditions=tuple(entries.get(CONDITIONS, ())),
        tried={row.id: one(row.id) for row in asked.tried},
        health={row.id: one(row.id) for row in asked.health},
        age=one(AGE),
        told=_unified(one(TOLD) or "").strip(),
    )
