"""Fields of a form: what was typed or chosen, with a refusal beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clinic.explore.predictions import Choice

LONGEST_ECHO = 200  # characters of a refused entry that are put back into its field


@dataclass(frozen=True, kw_only=True, slots=True)
class TextField:
    """One field of the form that is typed into."""

    name: str
    label: str
    hint: str
    value: str
    error: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """One option of a list or one tick box."""

    choice: Choice
    is_chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ListField:
    """One field of the form that is chosen from a list."""

    name: str
    label: str
    options: list[Option]
    error: str


def options(offered: Sequence[Choice], chosen: Sequence[str]) -> list[Option]:
    """Return the choices with the chosen ones marked."""
    return [Option(choice=choice, is_chosen=choice.value in chosen) for choice in offered]


def echo(values: Sequence[str]) -> str:
    """Return a typed entry as it came, or nothing where no field could hold it."""
    value = values[0] if values else ""
    return value if len(value) <= LONGEST_ECHO and value.isprintable() else ""
