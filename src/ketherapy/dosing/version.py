"""Versions of cited files: whose they are, since when, until when, and the hash of their bytes.

A file is never changed: another version is another file. What a decision rests on is named by its
hash, and said to be stale once it must be read again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.errors import DataFileError
from ketherapy.records import RECORD
from ketherapy.sources import Status


class Jurisdiction(StrEnum):
    """Whose rule it is."""

    US = "US"
    EU = "EU"
    UK = "UK"
    CH = "CH"
    CONSENSUS = "consensus"  # a guideline, a trial, a society: no authority's
    CLINIC = "clinic"  # one clinic's policy, or our convention: to be adopted


@record(frozen=True, kw_only=True, config=RECORD)
class AbstractVersion:
    """What every version of every file says of itself."""

    id: str
    title: str
    jurisdiction: Jurisdiction
    since: date
    stale_after: date
    check_against: str = ""  # what it must be read against before it can be relied on
    source: str
    status: Status
    note: str = ""
    sha256: str  # of the file's bytes; no part of the file

    def __post_init__(self) -> None:
        if self.stale_after <= self.since:
            raise ValueError("what is versioned goes stale after it begins")

    def is_stale(self, on: date) -> bool:
        """Return whether it is to be read again before it is relied on."""
        return self.check_against != "" or on > self.stale_after


@dataclass(frozen=True, kw_only=True, slots=True)
class Used:
    """One version of one file of rules that a decision rests on."""

    id: str
    sha256: str
    jurisdiction: str
    stale_after: date
    is_stale: bool
    check_against: str = ""


Kind = TypeVar("Kind", bound=AbstractVersion)


def read_version(kind: type[Kind], path: Path) -> Kind:
    """Return the version in the file at ``path``, with the hash of its bytes.

    Errors  DataFileError naming the path and the key
    """
    where, entries = f"{path.parent.name}/{path.name}", records.read_table(path)
    if "sha256" in entries or entries.get("id") != path.stem:
        raise DataFileError(
            where, expected="an id that is the file's name, and no hash", got=entries.get("id"),
            remedy="Name the file after its id; the hash is computed.",
        )  # fmt: skip
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return records.check(kind, entries | {"sha256": digest}, where=where)


def used(version: AbstractVersion, now: datetime) -> Used:
    """Return a version as a decision at ``now`` names it."""
    return Used(
        id=version.id, sha256=version.sha256, jurisdiction=version.jurisdiction,
        stale_after=version.stale_after, is_stale=version.is_stale(now.date()),
        check_against=version.check_against,
    )  # fmt: skip
