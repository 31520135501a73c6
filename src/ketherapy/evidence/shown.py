"""The studies of an analysis as a forest plot or a table shows them, on the printed scale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from ketherapy.evidence.analysis import Analysis
from ketherapy.evidence.questions import COUNTED
from ketherapy.evidence.selection import Study

# What a spreadsheet would take for a formula when it begins a cell.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(words: str) -> str:
    """Return words as a table may hold them: what a spreadsheet would run is set off.

    Source  ketherapy
    """
    return f"'{words}" if words.startswith(_FORMULA) else words


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """What one side of a study counts or measures."""

    n: int
    events: int | None = None
    mean: float | None = None
    sd: float | None = None

    @property
    def share(self) -> float | None:
        """Return the share of the people with the event [%], or None where none are counted."""
        return None if self.events is None else 100.0 * self.events / self.n


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One study: its two sides, its effect with an interval, and what it counts for."""

    study: Study
    treated: Side | None  # None where a document prints the difference alone
    control: Side | None
    estimate: float | None  # on the printed scale; None where nothing was computed of it
    low: float | None
    high: float | None
    weight: float | None  # [%]
    why: str = ""  # why nothing was computed of it


def shown(analysis: Analysis) -> tuple[Shown, ...]:
    """Return every study of an analysis, in its order, also those that say nothing.

    Source  ketherapy
    """
    return tuple(_shown(analysis))


def _shown(analysis: Analysis) -> Iterator[Shown]:
    effects, pooled = analysis.effects, analysis.pooled
    kept = [] if effects is None else list(effects.labels)
    dropped = {} if effects is None else {one.label: one.why for one in effects.dropped}
    place = 0
    for study in analysis.studies:
        treated, control = sides(study)
        if effects is None or pooled is None or place >= len(kept) or kept[place] != study.label:
            yield Shown(study=study, treated=treated, control=control, estimate=None, low=None,
                        high=None, weight=None, why=dropped.get(study.label, ""))  # fmt: skip
            continue
        y, se = float(effects.y[place]), float(effects.se[place])
        z = NormalDist().inv_cdf(0.5 + 0.5 * analysis.choices.level)
        estimate, low, high = (
            float(np.asarray(analysis.measure.shown(x))) for x in (y, y - z * se, y + z * se)
        )
        weight = 100.0 * float(pooled.weights[place])
        place += 1
        yield Shown(study=study, treated=treated, control=control, estimate=estimate, low=low,
                    high=high, weight=weight)  # fmt: skip


def sides(study: Study) -> tuple[Side | None, Side | None]:
    """Return what the treated and the control side of a study count or measure.

    Errors  ContractError where a number is not printed
    """
    if study.contrast is not None:
        return None, None
    if study.outcome.kind in COUNTED:
        one, other = (_counted(counts.read()) for counts in study.counts())
    else:
        one, other = (_measured(means.read()) for means in study.means())
    return one, other


def _counted(read: tuple[np.ndarray, ...]) -> Side:
    events, n = (float(x[0]) for x in read)
    return Side(n=int(n), events=int(events))


def _measured(read: tuple[np.ndarray, ...]) -> Side:
    n, mean, sd = (float(x[0]) for x in read)
    return Side(n=int(n), mean=mean, sd=sd)
