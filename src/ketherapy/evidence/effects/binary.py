"""Effects of counts: risk ratio, odds ratio, risk difference, and what zero cells come to.

A table is ``a`` of ``n1`` treated and ``c`` of ``n2`` control people with the event, ``b`` and
``d`` without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from jaxtyping import Bool

from ketherapy.errors import ContractError
from ketherapy.evidence.effects.arms import Counts, Studies, broadcast
from ketherapy.evidence.effects.measures import Dropped, Effects, Measure, named, refuse

_NOBODY = "nobody had the event in either arm: a ratio of nothing to nothing"
_EVERYBODY = "everybody had the event in both arms: a ratio says nothing"


class ZeroCells(StrEnum):
    """What is done where a cell of a study's table is empty."""

    HALF = "half"  # 0.5 to all four cells of that study
    RECIPROCAL = "reciprocal"  # together 1, by the inverse size of the other arm
    REFUSE = "refuse"  # nothing is added; an effect that needs it is refused


@dataclass(frozen=True, slots=True)
class Table:
    """The four cells of each study."""

    a: Studies
    b: Studies
    c: Studies
    d: Studies

    @classmethod
    def of(cls, treated: Counts, control: Counts) -> Table:
        """Return the cells of two arms."""
        a, n1 = treated.read()
        c, n2 = control.read()
        a, n1, c, n2 = broadcast(events1=a, n1=n1, events2=c, n2=n2)
        return cls(a, n1 - a, c, n2 - c)

    @property
    def n1(self) -> Studies:
        """Return the treated people."""
        return self.a + self.b

    @property
    def n2(self) -> Studies:
        """Return the control people."""
        return self.c + self.d

    @property
    def has_zero(self) -> Bool[np.ndarray, "*runs study"]:
        """Return where a cell is empty, also where everybody had the event."""
        return (self.a == 0.0) | (self.b == 0.0) | (self.c == 0.0) | (self.d == 0.0)

    @property
    def has_no_events(self) -> Bool[np.ndarray, "*runs study"]:
        """Return where nobody had the event."""
        return (self.a == 0.0) & (self.c == 0.0)

    @property
    def has_only_events(self) -> Bool[np.ndarray, "*runs study"]:
        """Return where everybody had the event."""
        return (self.b == 0.0) & (self.d == 0.0)

    def flat(self) -> Table:
        """Return the cells with one axis for all syntheses."""
        return Table(*(x.reshape(-1, x.shape[-1]) for x in (self.a, self.b, self.c, self.d)))

    def kept(self, is_in: Bool[np.ndarray, " study"]) -> Table:
        """Return the cells of some of the studies."""
        return Table(*(cell[..., is_in] for cell in (self.a, self.b, self.c, self.d)))

    def corrected(self, zero_cells: ZeroCells, where: Bool[np.ndarray, "*runs study"]) -> Table:
        """Return the cells with something added ``where`` it is needed."""
        half = np.full_like(self.a, 0.5)
        match zero_cells:
            case ZeroCells.HALF:
                k1 = k2 = half
            case ZeroCells.RECIPROCAL:
                n = self.n1 + self.n2
                k1, k2 = self.n1 / n, self.n2 / n
            case ZeroCells.REFUSE:
                k1 = k2 = np.zeros_like(self.a)
        k1, k2 = np.where(where, k1, 0.0), np.where(where, k2, 0.0)
        return Table(self.a + k1, self.b + k1, self.c + k2, self.d + k2)


def risk_ratio(
    treated: Counts,
    control: Counts,
    *,
    labels: Sequence[str] = (),
    zero_cells: ZeroCells = ZeroCells.HALF,
) -> Effects:
    """Return the logarithm of the treated over the control risk.

    A study in which nobody or everybody had the event says nothing on a ratio: it is dropped, with
    the reason.

    Source  cochrane_handbook, sweeting2004: the latter for the reciprocal correction
    Errors  ContractError where no study is left, or a zero cell is to be refused
    """
    table, kept, dropped = _relative(treated, control, labels, zero_cells)
    y = np.log(table.a / table.n1) - np.log(table.c / table.n2)
    v = 1.0 / table.a - 1.0 / table.n1 + 1.0 / table.c - 1.0 / table.n2
    return Effects(measure=Measure.RR, y=y, v=v, labels=kept, dropped=dropped)


def odds_ratio(
    treated: Counts,
    control: Counts,
    *,
    labels: Sequence[str] = (),
    zero_cells: ZeroCells = ZeroCells.HALF,
) -> Effects:
    """Return the logarithm of the treated over the control odds.

    A study in which nobody or everybody had the event says nothing on a ratio: it is dropped, with
    the reason.

    Source  cochrane_handbook, sweeting2004: the latter for the reciprocal correction
    Errors  ContractError where no study is left, or a zero cell is to be refused
    """
    table, kept, dropped = _relative(treated, control, labels, zero_cells)
    y = np.log(table.a * table.d / (table.b * table.c))
    v = 1.0 / table.a + 1.0 / table.b + 1.0 / table.c + 1.0 / table.d
    return Effects(measure=Measure.OR, y=y, v=v, labels=kept, dropped=dropped)


def risk_difference(
    treated: Counts,
    control: Counts,
    *,
    labels: Sequence[str] = (),
    zero_cells: ZeroCells = ZeroCells.HALF,
) -> Effects:
    """Return the treated minus the control risk.

    The difference is that of the counts as they are. Where both arms are all or nothing its
    variance would be 0, and is that of the corrected cells instead.

    Source  cochrane_handbook: risk difference
    Errors  ContractError where a variance of 0 is to be refused
    """
    table = Table.of(treated, control)
    flat = (table.a * table.b == 0.0) & (table.c * table.d == 0.0)
    if zero_cells is ZeroCells.REFUSE:
        refuse(flat, table.a, "events", "some people with and some without in one arm", labels)
    used = table.corrected(zero_cells, flat)
    y = table.a / table.n1 - table.c / table.n2
    v = used.a * used.b / used.n1**3 + used.c * used.d / used.n2**3
    return Effects(measure=Measure.RD, y=y, v=v, labels=named(labels, y.shape[-1]))


def _relative(
    treated: Counts, control: Counts, labels: Sequence[str], zero_cells: ZeroCells
) -> tuple[Table, tuple[str, ...], tuple[Dropped, ...]]:
    """Return the corrected cells of the studies that say something, their names, and the others."""
    table = Table.of(treated, control)
    names = named(labels, table.a.shape[-1])
    table, kept, dropped = informative(table, names)
    if zero_cells is ZeroCells.REFUSE:
        refuse(table.has_zero, table.a, "events", "no empty cell", kept)
    return table.corrected(zero_cells, table.has_zero), kept, dropped


def informative(
    table: Table, labels: tuple[str, ...]
) -> tuple[Table, tuple[str, ...], tuple[Dropped, ...]]:
    """Return the studies that say something on a ratio, their names, and why the others do not.

    Errors  ContractError where none is left, or one is left in some syntheses only
    """
    is_out = table.has_no_events | table.has_only_events
    runs = tuple(range(is_out.ndim - 1))
    in_all, in_some = (np.atleast_1d(found(is_out, axis=runs)) for found in (np.all, np.any))
    refuse(
        in_some & ~in_all,
        in_some,
        "events",
        "a study that says something in all or no runs",
        labels,
    )
    if in_all.all():
        raise ContractError(
            "events", expected="a study in which some people had the event and some had not",
            got=f"none of {len(labels)}", remedy="No ratio can be pooled; show the counts.",
        )  # fmt: skip
    nobody = np.atleast_1d(np.all(table.has_no_events, axis=runs))
    pairs = list(zip(labels, in_all, nobody, strict=True))
    kept = tuple(label for label, out, _ in pairs if not out)
    why = (
        Dropped(label=label, why=_NOBODY if zero else _EVERYBODY)
        for label, out, zero in pairs
        if out
    )
    return table.kept(~in_all), kept, tuple(why)
