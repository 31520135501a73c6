"""The tidy table of an analysis: one row a trial, then the pooled effect and what is predicted."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ketherapy.cli.output import whole_file

if TYPE_CHECKING:
    from ketherapy.evidence.analysis import Analysis
    from ketherapy.evidence.shown import Shown, Side

HEADS: tuple[str, ...] = (
    "row", "trial", "outcome", "part", "timepoint", "scale", "given_to_control", "measure",
    "estimate", "low", "high", "level", "weight_percent", "treated_n", "treated_events",
    "treated_mean", "treated_sd", "control_n", "control_events", "control_mean", "control_sd",
    "status", "source", "locator", "why_left_out",
)  # fmt: skip
Row = dict[str, object]


def write_csv(analysis: Analysis, path: Path) -> None:
    """Write the table; numbers are on the printed scale."""
    with whole_file(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, HEADS, restval="", lineterminator="\n")
        rows.writeheader()
        rows.writerows(_safe(row) for row in _rows(analysis))


def _safe(row: Row) -> Row:
    """Return a row whose words no spreadsheet runs: a file of trials may come from anybody."""
    from ketherapy.evidence.shown import cell

    return {name: cell(one) if isinstance(one, str) else one for name, one in row.items()}


def _rows(analysis: Analysis) -> Iterator[Row]:
    from ketherapy.evidence.shown import shown

    level = analysis.choices.level
    yield from (_study(one, analysis.measure.value, level) for one in shown(analysis))
    pooled = analysis.pooled
    if pooled is not None:
        found = pooled.printed
        ends = {"measure": analysis.measure.value, "level": level}
        yield {"row": "pooled", "estimate": found.estimate, "low": found.low, "high": found.high,
               **ends}  # fmt: skip
        if np.isfinite(pooled.prediction_low):
            yield {"row": "prediction", "low": found.prediction_low,
                   "high": found.prediction_high, **ends}  # fmt: skip
    for one in analysis.excluded:
        yield {"row": "left out", "trial": one.trial.id, "outcome": one.outcome.id,
               "part": one.outcome.part, "timepoint": one.outcome.timepoint,
               "scale": one.outcome.scale, "why_left_out": one.why}  # fmt: skip


def _study(one: Shown, measure: str, level: float) -> Row:
    outcome = one.study.outcome
    known = {"estimate": one.estimate, "low": one.low, "high": one.high,
             "weight_percent": one.weight}  # fmt: skip
    return {
        "row": "trial", "trial": one.study.trial.id, "outcome": outcome.id, "part": outcome.part,
        "timepoint": outcome.timepoint, "scale": outcome.scale,
        "given_to_control": one.study.trial.control.value, "measure": measure, "level": level,
        **{name: "" if value is None else value for name, value in known.items()},
        **_side("treated", one.treated), **_side("control", one.control),
        "status": one.study.status.value, "source": outcome.source, "locator": outcome.locator,
        "why_left_out": one.why,
    }  # fmt: skip


def _side(name: str, one: Side | None) -> Row:
    if one is None:
        return {}
    every = {"n": one.n, "events": one.events, "mean": one.mean, "sd": one.sd}
    return {f"{name}_{key}": value for key, value in every.items() if value is not None}
