"""What a log line may say: ids and durations, never a value that somebody typed."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

_Fault = tuple[type[BaseException], BaseException, TracebackType | None]


class FaultsWithoutValues(logging.Formatter):
    """Format faults as their places and types: their messages may repeat what was entered."""

    def formatException(self, ei: _Fault | tuple[None, None, None]) -> str:
        """Return the lines of code that a fault passed through, and its type."""
        told: list[str] = []
        fault: BaseException | None = ei[1]
        while fault is not None:
            places = "".join(traceback.format_tb(fault.__traceback__))
            told.append(f"{places}{type(fault).__module__}.{type(fault).__qualname__}")
            fault = fault.__cause__ or fault.__context__
        return "\nthe above came of:\n".join(told)
