"""The trials as arrays: what is printed of each arm, ready to be fitted."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeVar

import numpy as np

from ketherapy.calibration.mood.evidence import Arm, Study, evidence, hours, times
from ketherapy.errors import ContractError
from ketherapy.pharmacology.effects import observed


class Printed(NamedTuple):
    """What is printed of one arm."""

    regimen: str  # empty: a control
    t: np.ndarray  # every rating needed [h]
    n: int
    baseline: float | None  # mean [points]; None where it was not read
    baseline_sd: float | None
    where: np.ndarray  # place in t of each printed mean
    mean: np.ndarray  # [points]
    sd: np.ndarray  # [points]; empty where none is printed
    is_total: bool  # scores are printed, not changes


class Difference(NamedTuple):
    """A printed difference between two arms at one time."""

    of: str
    over: str
    t: float  # [h]
    mean: float  # [points]
    sd: float  # between people, from its standard error [points]
    is_fitted: bool


class Trial(NamedTuple):
    """One trial."""

    id: str
    study: Study
    arms: dict[str, Printed]
    differences: tuple[Difference, ...]
    common: float | None  # baseline of all arms, where means are adjusted to it [points]


def trials() -> tuple[Trial, ...]:
    """Return every trial of the evidence.

    Errors  ContractError where a row lacks what is needed
    """
    return tuple(_trial(key, study) for key, study in evidence().studies.items())


def _trial(trial_id: str, study: Study) -> Trial:
    arms = {key: _arm(study, key, arm) for key, arm in study.arms.items()}
    differences = tuple(
        _difference(arms, row.row, of=row.of, over=row.over, se=row.se.value, fit=row.is_fitted)
        for row in study.contrasts
    )
    return Trial(trial_id, study, arms, differences, _common(study, arms))


def _common(study: Study, arms: dict[str, Printed]) -> float | None:
    if not study.is_adjusted:
        return None
    read = [(arm.baseline, arm.n) for arm in arms.values() if arm.baseline is not None]
    return sum(mean * n for mean, n in read) / sum(n for _, n in read)


def _arm(study: Study, arm_id: str, arm: Arm) -> Printed:
    rows = [observed.row(key) for key in arm.rows]
    start = observed.row(arm.baseline) if arm.baseline else None
    t = times(study, arm_id)
    sds = [row.sd for row in rows if row.sd is not None]
    return Printed(
        regimen=arm.regimen,
        t=t,
        n=min(_number(row.n, row.id) for row in rows),
        baseline=start.mean if start else None,
        baseline_sd=start.sd if start else None,
        where=np.searchsorted(t, [hours(row) for row in rows]),
        mean=np.array([_number(row.mean, row.id) for row in rows], float),
        sd=np.array(sds if len(sds) == len(rows) else [], float),
        is_total=rows[0].endpoint == "MADRS_total",
    )


def _difference(
    arms: dict[str, Printed], row_id: str, *, of: str, over: str, se: float, fit: bool
) -> Difference:
    row = observed.row(row_id)
    sd = se / math.sqrt(1.0 / arms[of].n + 1.0 / arms[over].n)
    return Difference(of, over, hours(row), _number(row.mean, row_id), sd, fit)


Number = TypeVar("Number", int, float)


def _number(value: Number | None, row_id: str) -> Number:
    if value is None:
        raise ContractError(
            f"row {row_id}", expected="a number of people and a mean", got=value,
            remedy="A row without both cannot be fitted: hold it out.",
        )  # fmt: skip
    return value
