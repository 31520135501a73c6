"""The words of the screening page for a case."""

from __future__ import annotations

from collections.abc import Mapping

from clinic.explore.names import DRUGS, ROUTES
from ketherapy.dosing.question import Question
from ketherapy.dosing.rulebook import Setting, Stage, Use

CASE_WORDS: Mapping[str, Mapping[str, str]] = {
    "drug": {one.value: DRUGS[one] for one in DRUGS},
    "route": {one.value: ROUTES[one] for one in ROUTES},
    "use": {Use.PSYCHIATRY: "Psychiatry", Use.PAIN: "Pain"},
    "setting": {Setting.OUTPATIENT: "Outpatient", Setting.INPATIENT: "Inpatient"},
}
STAGE_WORDS: Mapping[Stage, str] = {
    Stage.ELIGIBILITY: "Before a course", Stage.PRE_DOSE: "Before a dose, today",
    Stage.DURING: "While dosing", Stage.DISCHARGE: "Before leaving",
    Stage.COURSE: "Between visits",
}  # fmt: skip


def case_words(question: Question) -> str:
    """Return what is to be given, and when the rules are asked, in one line."""
    case = {name: getattr(question.case, name) for name in CASE_WORDS}
    words = [CASE_WORDS[name][value] for name, value in case.items()]
    return "; ".join([", ".join(words), *(STAGE_WORDS[one].lower() for one in question.stages)])
