"""What a forest plot holds: studies in groups, what they come to together, and on which axis."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

MOST_COLUMNS = 2  # columns of words between the name of a study and the plot


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """One effect on the printed scale; an end that is not known may be infinite."""

    estimate: float
    low: float
    high: float
    text: str  # the same as it is printed: "2.3 (1.2 to 4.4)"

    def __post_init__(self) -> None:
        """Refuse an estimate outside its own interval, and what is no number."""
        if not (math.isfinite(self.estimate) and self.low <= self.estimate <= self.high):
            raise ValueError(
                f"effect '{self.text}': expected low <= estimate <= high, got {self.low!r}, "
                f"{self.estimate!r}, {self.high!r}. Leave out a row that cannot be estimated and "
                "say why in its place."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One study, or one step of a cumulative or leave-one-out analysis."""

    label: str  # "Murrough 2013"
    sublabel: str  # "47 v 25 people"
    effect: Effect | None
    missing: str = ""  # why there is no effect, where there is none
    weight: float | None = None  # share of the pooled weight, 0 to 1; None where not pooled
    is_pooled: bool = False  # the row itself is a pool (cumulative, leave-one-out): drawn as a dot
    cells: tuple[str, ...] = ()  # as many as the plot has columns: "30/47", "7/25"
    mark: str = ""  # "excluded", "high risk of bias"
    notes: tuple[str, ...] = ()  # sentences shown while the row has the focus

    def __post_init__(self) -> None:
        """Refuse a row without effect and without reason, and a weight that is no share."""
        if (self.effect is None) != bool(self.missing):
            raise ValueError(
                f"row '{self.label}': expected an effect, or why there is none, got "
                f"{self.effect!r} and {self.missing!r}. Give one of them."
            )
        if self.weight is not None and not 0.0 <= self.weight <= 1.0:
            raise ValueError(
                f"row '{self.label}': expected a weight from 0 to 1, got {self.weight!r}. "
                "Divide the weights by their sum."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Prediction:
    """Where the effect of a new study may lie."""

    low: float
    high: float
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Total:
    """What some rows come to: a diamond, with the prediction interval where there is one."""

    label: str
    effect: Effect
    detail: str = ""  # "I² 45 %, tau² 0.21, k = 5, REML"
    prediction: Prediction | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Rows under one heading, with their own diamonds; the heading may be empty."""

    heading: str
    rows: tuple[Row, ...]
    totals: tuple[Total, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Forest:
    """A whole forest plot."""

    name: str  # what a listener hears first
    measure: str  # "Risk ratio"
    interval: str  # "95 % CI"
    is_log: bool  # whether the measure is a ratio
    null: float | None  # "no difference" on the printed scale; None where there is no such thing
    groups: tuple[Group, ...]
    totals: tuple[Total, ...] = ()  # of everything
    left: str = ""  # "favours midazolam": what lies below the null
    right: str = ""
    label_head: str = "Study"
    columns: tuple[str, ...] = ()  # headers of the cells of each row

    def __post_init__(self) -> None:
        """Refuse cells without a column, and values that the axis cannot hold."""
        if len(self.columns) > MOST_COLUMNS:
            raise ValueError(
                f"forest '{self.name}': expected at most {MOST_COLUMNS} columns, got "
                f"{len(self.columns)}. Put the others into the sublabel."
            )
        for row in self.rows():
            if len(row.cells) != len(self.columns):
                raise ValueError(
                    f"row '{row.label}': expected {len(self.columns)} cells, got "
                    f"{len(row.cells)}. Give each column its cell, empty where nothing is."
                )
        if not self.effects():
            raise ValueError(
                f"forest '{self.name}': expected at least one effect, got none. Say why "
                "there is none instead of drawing."
            )
        self._check_ratios()

    def _check_ratios(self) -> None:
        ratios = [] if self.null is None else [self.null]
        ratios += [effect.estimate for effect in self.effects()]
        if self.is_log and min(ratios) <= 0.0:
            raise ValueError(
                f"forest '{self.name}': expected ratios above 0, got {min(ratios)!r}. "
                "Give effects on the printed scale, not their logarithms."
            )

    def rows(self) -> tuple[Row, ...]:
        """Return the rows of all groups."""
        return tuple(row for group in self.groups for row in group.rows)

    def all_totals(self) -> tuple[Total, ...]:
        """Return the diamonds of all groups, then those of everything."""
        return (*(total for group in self.groups for total in group.totals), *self.totals)

    def effects(self) -> tuple[Effect, ...]:
        """Return every effect that is drawn."""
        rows = tuple(row.effect for row in self.rows() if row.effect is not None)
        return rows + tuple(total.effect for total in self.all_totals())

    def has_weights(self) -> bool:
        """Return whether any row says its weight."""
        return any(row.weight is not None for row in self.rows())

    def lines(self) -> Iterator[Line]:
        """Yield what stands under one another, in reading order."""
        for group in self.groups:
            if group.heading:
                yield group.heading
            yield from group.rows
            yield from group.totals
        yield from self.totals


Line = str | Row | Total  # a heading, a study, a diamond


def weight_words(row: Row) -> str:
    """Return the share of a row in words; nothing where it has none."""
    return "" if row.weight is None else f"{100 * row.weight:.1f} %"
