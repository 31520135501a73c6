"""Times that are looked at together: a day, a week, a month, and the words some reviews print."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.errors import ContractError, DataFileError
from ketherapy.records import RECORD

_FILE = Path(__file__).parent / "data" / "windows.toml"


@record(frozen=True, kw_only=True, config=RECORD)
class Window:
    """A stretch of time after the first dose, or the words that stand for one."""

    id: str
    name: str
    start: Annotated[float | None, Field(alias="from")] = None  # [h], this hour not included
    end: Annotated[float | None, Field(alias="to")] = None  # [h], this hour included
    printed: tuple[str, ...] = ()

    def holds(self, at: float | None, timepoint: str) -> bool:
        """Return whether a time belongs here: by its hour [h] where there is one, else by words."""
        if at is None:
            return timepoint in self.printed
        return self.start is not None and self.end is not None and self.start < at <= self.end


@record(frozen=True, kw_only=True, config=RECORD)
class _Windows:
    """The file of windows."""

    source: str
    status: str
    unit: str
    windows: tuple[Window, ...]


@lru_cache(maxsize=1)
def windows() -> tuple[Window, ...]:
    """Return every window, in the order of the file."""
    return records.load(_Windows, _FILE).windows


def window(window_id: str) -> Window:
    """Return the window with this id.

    Errors  ContractError where none has it
    """
    for found in windows():
        if found.id == window_id:
            return found
    raise ContractError(
        "window", expected=f"one of {', '.join(one.id for one in windows())}", got=window_id,
        remedy="Choose one of these.",
    )  # fmt: skip


def window_of(at: float | None, timepoint: str) -> Window:
    """Return the window a printed time belongs to.

    Units   at h
    Errors  DataFileError for a time that no window holds
    """
    for found in windows():
        if found.holds(at, timepoint):
            return found
    raise DataFileError(
        "evidence/data/windows.toml", expected="a window that holds each printed time",
        got=timepoint, remedy="Add the words to the window they belong to.",
    )  # fmt: skip
