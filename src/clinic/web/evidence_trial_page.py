"""The page of one trial: its groups, everything it counted, and what is not known of it."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.explore.evidence_trial import OutcomeBlock, TrialPage
from clinic.web import evidence_words as words
from clinic.web.charts.words import whole

NO_CONTROL = (
    "No control group: what would have happened without the drug is not known, so this says"
    " nothing of what the drug added."
)
NOT_READ = "The numbers of the control group were not read: this can be compared with nothing."


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One outcome with the numbers of its groups in words."""

    outcome: OutcomeBlock
    rows: tuple[tuple[str, str, str, tuple[str, ...]], ...]  # group, people, numbers, remarks
    no_control: str


def trial_shown(found: TrialPage) -> dict[str, object]:
    """Return everything that the page of a trial shows."""
    facts = (
        ("Condition", f"{found.condition} ({found.condition_printed}, as printed)"),
        ("People", _people(found)),
        ("Design", _with_printed(found.design, found.design_printed)),
        ("Masking", found.masking),
        ("Compared with", _with_printed(found.control, found.control_printed)),
        ("Country", found.country),
        ("Numbers", found.status),
    )
    return {
        "trial": found,
        "facts": [(name, told) for name, told in facts if told],
        "blocks": [_block(outcome) for outcome in found.outcomes],
        "differences": [(one, words.difference(one)) for one in found.differences],
    }


def _people(found: TrialPage) -> str:
    counted = "number not printed" if found.people is None else f"{whole(found.people)} counted"
    return f"{counted}. {found.population}".strip(" .")


def _with_printed(ours: str, printed: str) -> str:
    return f"{ours}; as printed: {printed}" if printed else ours


def _block(outcome: OutcomeBlock) -> Block:
    rows = tuple(
        (
            one.label,
            "" if one.people is None else whole(one.people),
            words.numbers(one),
            one.remarks,
        )
        for one in outcome.rows
    )
    return Block(outcome=outcome, rows=rows, no_control=_no_control(outcome))


def _no_control(outcome: OutcomeBlock) -> str:
    """Return what stands in place of a control group that is not there."""
    if outcome.has_control:
        return ""
    return NOT_READ if outcome.is_controlled else NO_CONTROL
