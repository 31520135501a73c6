"""Twelve things that are said about ketamine: what the trials say of each, computed on the spot.

A verdict is ours, given on a day. The numbers beside it are computed each time it is read; when
they are no longer those of that day, the verdict is shown as under review until a person has read
it again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.errors import ContractError
from ketherapy.evidence.figures import Figure, figures
from ketherapy.evidence.numbers import Number, Subtracted, is_share
from ketherapy.records import RECORD
from ketherapy.sources import Status, cite

ALONE = "no group to compare with"  # the words a share without a control group is stated with
_FILE = Path(__file__).parent / "data" / "claims.toml"
_PLACE = re.compile(r"\{(?P<id>\w+)(?:\.(?P<part>low|high|certainty|sure))?\}")
_SURE = {  # the levels of certainty in plain words
    "high": "sure",
    "moderate": "fairly sure",
    "low": "unsure",
    "very low": "very unsure",
    "low or very low": "unsure or very unsure",
}
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_FINGERPRINT = 12  # characters


class Verdict(StrEnum):
    """What the evidence makes of a claim."""

    SUPPORTED = "supported"
    SUPPORTED_WITH_LIMITS = "supported with limits"
    PARTLY_RIGHT = "partly right"
    OVERSTATED = "overstated"
    SOURCE_NOT_FOUND = "overstated, and its source was not found"
    WRONG_AS_WORDED = "wrong as worded"
    WRONG = "wrong"


@record(frozen=True, kw_only=True, config=RECORD)
class Claim:
    """One thing that is said, our verdict, and the texts with places for their numbers."""

    id: str
    claim: str  # in our words
    verdict: Verdict
    in_short: str
    clinician: str
    plain: str
    would_change: str
    sources: tuple[str, ...] = Field(min_length=1)  # ids of the bibliography
    reviewed_on: date
    fingerprint: str  # of the numbers on that day
    numbers: Mapping[str, Number] = Field(default_factory=dict)

    def __post_init__(self) -> None:
        stated_ones = {match["id"] for match in _PLACE.finditer(self.clinician + self.plain)}
        named = stated_ones | {number.control for number in self.numbers.values()} - {""}
        if unknown := named - set(self.numbers):
            raise ValueError(f"{self.id}: no number {', '.join(sorted(unknown))}")
        if unused := set(self.numbers) - stated_ones - set(_taken_apart(self.numbers)):
            raise ValueError(f"{self.id}: {', '.join(sorted(unused))} stands in no text")
        for text in (self.clinician, self.plain):
            for sentence in sentences(text):
                _refuse_lone_shares(self, sentence)


def _taken_apart(numbers: Mapping[str, Number]) -> Iterator[str]:
    for number in numbers.values():
        if isinstance(number, Subtracted):
            yield from (number.of, number.less)


def _refuse_lone_shares(claim: Claim, sentence: str) -> None:
    """Refuse a share of treated people whose control group is not in its sentence."""
    here = {m["id"] for m in _PLACE.finditer(sentence) if m["part"] not in ("certainty", "sure")}
    controls = {number.control for number in claim.numbers.values()}
    for key in sorted(here - controls):
        number = claim.numbers[key]
        if is_share(number) and number.control not in here and ALONE not in sentence:
            raise ValueError(
                f"{claim.id}: {key} stands without its control group, or the words '{ALONE}'"
            )


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return _SENTENCE.split(" ".join(text.split()))


@record(frozen=True, kw_only=True, config=RECORD)
class _Claims:
    """The file of claims."""

    source: str
    status: Status
    claims: tuple[Claim, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Stated:
    """A claim with its texts filled from the data as they are now."""

    claim: Claim
    clinician: str
    plain: str
    numbers: Mapping[str, Figure]
    fingerprint: str

    @property
    def is_stale(self) -> bool:
        """Return whether the data changed since the verdict was given."""
        return self.fingerprint != self.claim.fingerprint

    @property
    def notice(self) -> str:
        """Return what a reader is told beside the verdict, and nothing where it stands."""
        if not self.is_stale:
            return ""
        return f"verdict under review: the data changed since {self.claim.reviewed_on}"

    @property
    def cited(self) -> dict[str, str]:
        """Return the documents behind the claim and its numbers, cited, by their ids."""
        ids = [*self.claim.sources, *(key for one in self.numbers.values() for key in one.sources)]
        return {key: cite(key) for key in dict.fromkeys(ids)}

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the documents behind the claim and its numbers, cited, each once."""
        return tuple(self.cited.values())


@lru_cache(maxsize=1)
def claims() -> tuple[Claim, ...]:
    """Return every claim, in the order of the file.

    Errors  DataFileError where the file is wrong, named by key
    """
    return records.load(_Claims, _FILE).claims


def claim(claim_id: str) -> Claim:
    """Return the claim with this id.

    Errors  ContractError where none has it
    """
    for found in claims():
        if found.id == claim_id:
            return found
    raise ContractError(
        "claim", expected=f"one of {', '.join(one.id for one in claims())}", got=claim_id,
        remedy="Choose one of these.",
    )  # fmt: skip


def stated(found: Claim) -> Stated:
    """Return a claim with its numbers computed now and its texts filled with them.

    Source  ketherapy
    Errors  ContractError where the data set does not hold what a number names
    """
    numbers = figures(found.numbers)
    return Stated(
        claim=found, numbers=numbers, fingerprint=fingerprint(numbers),
        clinician=_filled(found.clinician, {k: _parts(f, f.decimals) for k, f in numbers.items()}),
        plain=_filled(found.plain, {k: _parts(f, f.plain_decimals) for k, f in numbers.items()}),
    )  # fmt: skip


def fingerprint(numbers: Mapping[str, Figure]) -> str:
    """Return a short hash of numbers as they are shown: another one means another text."""
    lines = [
        " ".join((key, *one.shown(decimals=one.decimals), one.unit, one.certainty))
        for key, one in sorted(numbers.items())
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:_FINGERPRINT]


def _parts(figure: Figure, decimals: int) -> dict[str, str]:
    value, low, high = figure.shown(decimals=decimals)
    sure = _SURE.get(figure.certainty, "")
    return {"": value, "low": low, "high": high, "certainty": figure.certainty, "sure": sure}


def _filled(text: str, parts: Mapping[str, Mapping[str, str]]) -> str:
    """Return a text with its places filled; one that stays empty is refused."""

    def fill(match: re.Match[str]) -> str:
        shown = parts[match["id"]][match["part"] or ""]
        if not shown:
            raise ContractError(
                f"place {match.group()}", expected="a number that has one", got="",
                remedy="Take the place out of the text.",
            )  # fmt: skip
        return shown

    return " ".join(_PLACE.sub(fill, text).split())
