"""What the screening page answers: one word, and every finding by what it asks of its reader."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from clinic.care.local_times import read_zone, shown
from clinic.care.refusals import Refusal
from clinic.care.screening import Action, Screening, Told, Verdict
from clinic.web.screening_words import case_words


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """One word, its sign and a sentence; the sign has a shape of its own."""

    sign: str
    word: str
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """Findings that ask the same of their reader."""

    id: str
    heading: Heading
    told: tuple[Told, ...]


VERDICTS = {
    Verdict.STOPPED: Heading(
        sign="stop", word="Stopped", sentence="At least one finding cannot be passed by anybody.",
    ),
    Verdict.HELD: Heading(
        sign="review", word="Held",
        sentence="A prescriber has to review this before anything is given.",
    ),
    Verdict.OPEN: Heading(
        sign="ask", word="Not known yet",
        sentence="Something that counts is not answered. Not known is never taken for normal.",
    ),
    Verdict.PASSED: Heading(
        sign="passed", word="Held, and passed by name",
        sentence="Each hold below was passed with a reason by the person named.",
    ),
    Verdict.UNWRITTEN: Heading(
        sign="acknowledge", word="Nothing stops it, but not all was checked",
        sentence="See what was not checked: no rule here knows it.",
    ),
    Verdict.CAUTION: Heading(
        sign="acknowledge", word="Nothing stops it; cautions stand",
        sentence="Read and acknowledge each caution.",
    ),
    Verdict.CLEAR: Heading(
        sign="clear", word="Nothing here stops it",
        sentence="No rule that was asked stands against it. That is not the same as safe.",
    ),
}  # fmt: skip
SHELVES = {
    Action.STOP: Heading(
        sign="stop", word="Stops", sentence="Nothing passes these while they hold."
    ),
    Action.REVIEW: Heading(
        sign="review", word="Needs review",
        sentence="A prescriber or the medical director may pass each, by name and with a reason.",
    ),
    Action.ASK: Heading(
        sign="ask", word="Not known yet: ask", sentence="Only an answer resolves these."
    ),
    Action.ACKNOWLEDGE: Heading(
        sign="acknowledge", word="Acknowledge", sentence="It may go on; somebody must have read it."
    ),
    Action.INFORM: Heading(sign="inform", word="For information", sentence=""),
}  # fmt: skip


def result(found: Screening, *, zone: str) -> dict[str, object]:
    """Return what belongs to an answer."""
    question, override = found.decision.question, found.decision.override
    return {
        "screening": found,
        "case_words": case_words(question),
        "verdict": VERDICTS[found.verdict],
        "shelves": [
            Shelf(id=action, heading=SHELVES[action], told=told)
            for action, told in found.groups.items()
        ],
        "decided_at": shown(question.now, read_zone(zone)),
        "passed_in_words": override,
        "ticked": () if override is None else override.rules,
        "can_be_passed": bool(found.passable) and not {Action.STOP, Action.ASK} & set(found.groups),
        "file": _file(found.text),
        "file_name": f"decision-{question.now:%Y%m%dT%H%M%S}Z.json",
    }


def refused(outcome: Refusal) -> dict[str, object]:
    """Return what stands where the answer would be: every reason."""
    return {"problems": outcome.problems}


def _file(text: str) -> str:
    """Return a file as an address that holds it: it is saved without being sent again."""
    return f"data:application/json;base64,{base64.b64encode(text.encode()).decode()}"
