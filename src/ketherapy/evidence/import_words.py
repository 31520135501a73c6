"""What the printed words of an imported table stand for: looked up, never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.errors import ContractError
from ketherapy.evidence.trials import About, Design, Kind, Masking
from ketherapy.records import RECORD
from ketherapy.sources import Status, bibliography

_FILE = Path(__file__).parent / "data" / "words.toml"
_ADD = "Write one of these, or add the word to evidence/data/words.toml."
_AFTER = re.compile(r"(day|week) (\d{1,4})|(\d{1,4}) ?(min|h|d|days|weeks)")
_HOURS = {"day": 24.0, "d": 24.0, "days": 24.0, "week": 168.0, "weeks": 168.0, "h": 1.0}
_DROP = re.compile(r">= ?(\d{1,2}) ?%(?: reduction)?")
_AT_MOST = re.compile(r"<= ?(\d{1,3})")


@record(frozen=True, kw_only=True, config=RECORD)
class _Design:
    """Words that are all in a printed design, and what it then is."""

    holds: tuple[str, ...]
    design: Design


@record(frozen=True, kw_only=True, config=RECORD)
class Meaning:
    """What a printed outcome is, and what it is about where the words say it."""

    printed: tuple[str, ...]
    kind: Kind
    about: About | None = None


@record(frozen=True, kw_only=True, config=RECORD)
class Scale:
    """What a printed scale is about, and which of our rating scales it is."""

    printed: tuple[str, ...]
    about: About
    instrument: str = ""


@record(frozen=True, kw_only=True, config=RECORD)
class _Words:
    """The file of words."""

    source: str
    status: Status
    conditions: Mapping[str, tuple[str, ...]]
    controls: Mapping[str, tuple[str, ...]]
    given: Mapping[str, tuple[str, ...]]
    designs: tuple[_Design, ...]
    masking: Mapping[Masking, tuple[str, ...]]
    outcomes: tuple[Meaning, ...]
    scales: tuple[Scale, ...]


@lru_cache(maxsize=1)
def _words() -> _Words:
    return records.load(_Words, _FILE)


def condition(printed: str) -> str:
    """Return the id of the condition that printed words stand for.

    Errors  ContractError for words that are not known
    """
    known = _words().conditions
    return printed if printed in known else _meant(known, printed, "indication")


def control(printed: str) -> str:
    """Return what the printed words of a control stand for.

    Errors  ContractError for words that are not known
    """
    return _meant(_words().controls, printed, "control_type")


def given(printed: str) -> str:
    """Return the drug that printed words stand for, or ``control``.

    Errors  ContractError for words that are not known
    """
    return _meant(_words().given, printed, "drug")


def _meant(known: Mapping[str, tuple[str, ...]], printed: str, field: str) -> str:
    wanted = printed.casefold()
    for meant, every in known.items():
        if wanted in (one.casefold() for one in every):
            return meant
    raise _unknown(field, printed, [one for every in known.values() for one in every])


def _unknown(field: str, printed: str, known: list[str]) -> ContractError:
    return ContractError(field, expected=f"one of {', '.join(known)}", got=printed, remedy=_ADD)


def design(printed: str) -> Design:
    """Return how people came to be treated.

    Errors  ContractError for a design in which no known word stands
    """
    words = printed.casefold()
    for one in _words().designs:
        if all(word in words for word in one.holds):
            return one.design
    known = [" and ".join(one.holds) for one in _words().designs]
    raise ContractError(
        "design", expected=f"words that hold one of {', '.join(known)}", got=printed, remedy=_ADD
    )


def masking(printed: str) -> Masking:
    """Return who did not know what was given, unknown where no word says it."""
    words = printed.casefold()
    for meant, every in _words().masking.items():
        if any(one in words for one in every):
            return meant
    return Masking.UNKNOWN


def meaning(printed: str, scale_printed: str) -> tuple[Kind, About, str]:
    """Return kind, subject and rating scale of a printed outcome on a printed scale.

    Errors  ContractError for an outcome that is not known, or whose scale does not say its subject
    """
    found = _of_outcome(printed)
    scale = _of_scale(scale_printed)
    about = found.about or (scale.about if scale else None)
    if about is None:
        raise _unknown("scale", scale_printed, [x for one in _words().scales for x in one.printed])
    return found.kind, about, scale.instrument if scale else ""


def _of_outcome(printed: str) -> Meaning:
    wanted = printed.casefold()
    for one in _words().outcomes:
        if wanted in (word.casefold() for word in one.printed):
            return one
    raise _unknown("outcome", printed, [x for one in _words().outcomes for x in one.printed])


def _of_scale(printed: str) -> Scale | None:
    wanted = printed.casefold()
    for one in _words().scales:
        if wanted in (word.casefold() for word in one.printed):
            return one
    return None


def hours(timepoint: str) -> float | None:
    """Return the hours after the first dose that printed words say, or None where none.

    Units   h
    """
    match = _AFTER.fullmatch(timepoint)
    if match is None:
        return None
    count, unit = (match[2], match[1]) if match[1] else (match[3], match[4])
    found = int(count) / 60.0 if unit == "min" else int(count) * _HOURS[unit]
    return round(found, 6) or None  # at the first dose nothing has been given yet: no such time


def drop(definition: str) -> float | None:
    """Return the fall from the baseline that counts as response, where the words say just that.

    Units   1
    """
    match = _DROP.fullmatch(definition)
    return None if match is None else int(match[1]) / 100.0


def at_most(definition: str) -> float | None:
    """Return the total that counts as remission, where the words say just that.

    Units   points of the scale
    """
    match = _AT_MOST.fullmatch(definition)
    return None if match is None else float(match[1])


def source(cell: str) -> tuple[str, str]:
    """Return the id of the document that a cell names, and the place in it that the cell says.

    A cell is an id or an address of the bibliography; the place follows in brackets, or is what the
    address has beyond that of the document.

    Errors  ContractError for a document that the bibliography does not have
    """
    match = re.fullmatch(r"(\S+)(?:\s+\((.*)\))?", cell)
    name, place = (match[1], match[2] or "") if match else (cell, "")
    known = bibliography()
    if name in known:
        return name, place
    url = name.rstrip("/")
    found = [
        (key, known_url)
        for key, one in known.items()
        if (known_url := one.url.rstrip("/")) and (url + "/").startswith(known_url + "/")
    ]
    if not found:
        raise ContractError(
            "source_url", expected="a document of data/sources.toml, by its id or address",
            got=cell, remedy="Add the document there first.",
        )  # fmt: skip
    key, known_url = max(found, key=lambda one: len(one[1]))
    return key, place or url.removeprefix(known_url).strip("/")
