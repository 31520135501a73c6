"""The conditions ketamine was tried in, and the larger groups a reader asks about."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.errors import ContractError
from ketherapy.records import RECORD

_FILE = Path(__file__).parent / "data" / "conditions.toml"


class Group(StrEnum):
    """What a person would say they suffer from."""

    DEPRESSION = "depression"
    SUICIDAL_THOUGHTS = "suicidal thoughts"
    BIPOLAR = "bipolar depression"
    PAIN = "chronic pain"
    ANXIETY = "severe anxiety"
    PTSD = "post-traumatic stress"
    OCD = "obsessive-compulsive disorder"
    SAFETY = "safety"


@record(frozen=True, kw_only=True, config=RECORD)
class Condition:
    """One condition, named for clinicians and in plain words."""

    id: str
    name: str
    plain: str
    group: Group


@record(frozen=True, kw_only=True, config=RECORD)
class _Conditions:
    """The file of conditions."""

    source: str
    status: str
    conditions: tuple[Condition, ...]


@lru_cache(maxsize=1)
def conditions() -> tuple[Condition, ...]:
    """Return every condition, in the order of the file."""
    return records.load(_Conditions, _FILE).conditions


def condition(condition_id: str) -> Condition:
    """Return the condition with this id.

    Errors  ContractError where none has it
    """
    for found in conditions():
        if found.id == condition_id:
            return found
    raise ContractError(
        "condition", expected=f"one of {', '.join(one.id for one in conditions())}",
        got=condition_id, remedy="Choose one of these, or add it to conditions.toml.",
    )  # fmt: skip
