"""Why a form is refused: every reason, each beside the field it belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ketherapy.errors import ContractError

Entries = Mapping[str, Sequence[str]]
FORM = "form"  # the field of a problem that belongs to none


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One reason why a form cannot be read."""

    field: str  # its name on the form
    label: str
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """Every reason at once."""

    problems: tuple[Problem, ...]


def problem(field: str, label: str, error: ContractError) -> Problem:
    """Return what an error says of a field, in a sentence that stands beside it."""
    sentence = f"Expected {error.expected}. {error.remedy}"
    return Problem(field=field, label=label, sentence=sentence)
