"""The table that says what a chart shows: any chart, as headers and rows of words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Twin:
    """A table: its caption, its headers, and rows whose first cell names the row."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        """Refuse a row that is longer or shorter than the headers."""
        for row in self.rows:
            if len(row) != len(self.headers):
                raise ValueError(
                    f"table '{self.caption}': expected {len(self.headers)} cells in a row, got "
                    f"{len(row)} in {row!r}. Give each header its cell, empty where nothing is."
                )
