"""Public trials beside what is predicted for their designs; failures stay visible."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.errors import ContractError
from ketherapy.pharmacology.effects.catalog import Setting, effect
from ketherapy.pharmacology.effects.observed import Observed, row
from ketherapy.records import RECORD
from ketherapy.simulation.trial.design import ReportedDesign, TrialDesign, designs
from ketherapy.simulation.trial.reading_scores import points
from ketherapy.simulation.trial.replicate import run
from ketherapy.simulation.trial.result import dataset
from ketherapy.simulation.trial.run_request import Chance, RunRequest
from ketherapy.sources import Cited

if TYPE_CHECKING:
    import xarray as xr

_RULE = Path(__file__).parent.parent / "data" / "trial_acceptance.toml"
_REPLICATES, _POOL, _DRAWS = 1000, 32, 64  # enough for an interval of 95 %, few enough to wait for
_PREDICTED = (0.025, 0.975)

Interval = tuple[float, float]


@record(frozen=True, kw_only=True, config=RECORD)
class _Rule:
    source: str
    status: str
    factor: Cited
    between_trials: Cited  # [points]
    wanted: Cited


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """A share of an arm that responded, as printed and as predicted."""

    printed: float
    predicted: float
    interval: Interval


@dataclass(frozen=True, kw_only=True, slots=True)
class Reproduced:
    """One printed difference beside what is predicted for the same design."""

    design: TrialDesign
    setting: Setting
    arm: str
    at: str
    n: tuple[int, int]  # people in the arm and in the control
    printed: float  # difference in change [points]
    se: float | None  # of it, printed or from printed SDs [points]
    typical: float  # predicted difference of the typical trial [points]
    interval: Interval  # that holds 95 % of predicted trials of this size [points]
    response: Rate | None
    control_response: Rate | None
    is_in_sample: bool
    rows: tuple[str, ...]  # ids of the printed effects

    @property
    def is_within_interval(self) -> bool:
        """Return whether the printed difference lies in the predictive interval."""
        return self.interval[0] <= self.printed <= self.interval[1]

    @property
    def is_accepted(self) -> bool | None:
        """Return whether it lies as near to the typical prediction as the rule asks.

        None where no standard error is known.
        """
        if self.se is None:
            return None
        rule = _rule()
        far = rule.factor.value * math.hypot(self.se, rule.between_trials.value)
        return abs(self.printed - self.typical) <= far


@lru_cache(maxsize=1)
def _rule() -> _Rule:
    return records.load(_Rule, _RULE)


def wanted() -> float:
    """Return the share of out-of-sample comparisons that should be accepted.

    Units   1
    """
    return units.convert(_rule().wanted.value, _rule().wanted.unit, to="1")


@lru_cache(maxsize=1)
def reproduced() -> tuple[Reproduced, ...]:
    """Return every printed difference of every shipped design, predicted; this takes a while."""
    return tuple(found for design in designs() for found in _of(design))


def _of(design: TrialDesign) -> Iterator[Reproduced]:
    for at in dict.fromkeys(entry.at for entry in design.reported):
        asked = replace(design, analysis=replace(design.analysis, primary=at))
        both = {chance: simulated(asked, chance) for chance in Chance}
        for entry in design.reported:
            if entry.at == at:
                yield _compared(design, entry, both)


def simulated(design: TrialDesign, chance: Chance, *, replicates: int = _REPLICATES) -> xr.Dataset:
    """Return the replicates of a design.

    Units   as each variable says
    Source  ketherapy
    """
    request = RunRequest(
        design=design, replicates=replicates, chance=chance, pool=_POOL, draws=_DRAWS
    )
    return dataset(request, run(request))


def _compared(
    design: TrialDesign, entry: ReportedDesign, both: dict[Chance, xr.Dataset]
) -> Reproduced:
    mood = effect("mood")
    typical, predicted = both[Chance.SAMPLING], both[Chance.ALL]
    low, high = np.nanquantile(predicted["difference"].sel(comparison=entry.arm), _PREDICTED)
    control = str(typical["arm"].values[0])
    ratio = {arm.id: arm.ratio for arm in design.arms}
    n = (ratio[entry.arm], ratio[control])
    printed, se = _printed(entry, n)
    return Reproduced(
        design=design,
        setting=mood.settings[design.setting],
        arm=entry.arm,
        at=entry.at,
        n=n,
        printed=printed,
        se=se,
        typical=float(typical["difference"].sel(comparison=entry.arm).mean()),
        interval=(float(low), float(high)),
        response=_rate(entry.response, entry.arm, both),
        control_response=_rate(entry.control_response, control, both),
        is_in_sample=_is_in_sample(design),
        rows=tuple(key for key in _keys(entry) if key),
    )


def _is_in_sample(design: TrialDesign) -> bool:
    """Return whether the trial helped to make the mood model, itself or in one of its settings."""
    mood = effect("mood")
    made = {trial for kind in mood.settings.values() for trial in kind.trials}
    return design.trial in made or design.source in mood.also


def _keys(entry: ReportedDesign) -> tuple[str, ...]:
    return (entry.difference, entry.before, entry.change, entry.control_before,
            entry.control_change, entry.response, entry.control_response)  # fmt: skip


def _printed(entry: ReportedDesign, n: tuple[int, int]) -> tuple[float, float | None]:
    """Return the printed difference and how well it is known."""
    if entry.difference:
        se = points(entry.se, what="standard error") if entry.se else None
        return _mean(row(entry.difference)), se
    drug, control = row(entry.change), row(entry.control_change)
    difference = _mean(drug) - _mean(control)
    if entry.before:
        difference -= _mean(row(entry.before)) - _mean(row(entry.control_before))
    return difference, _error(drug, control, n)


def _mean(found: Observed) -> float:
    if found.mean is None:
        raise ContractError(
            f"printed effect {found.id}", expected="a number", got=None, remedy="Choose another."
        )
    return found.mean


def _error(drug: Observed, control: Observed, n: tuple[int, int]) -> float | None:
    """Return the standard error of a difference of two means, where their SDs are printed.

    People whose number a row does not print are as many as the design has.
    """
    if drug.sd is None or control.sd is None:
        return None
    return math.sqrt(drug.sd**2 / (drug.n or n[0]) + control.sd**2 / (control.n or n[1]))


def _rate(key: str, arm: str, both: dict[Chance, xr.Dataset]) -> Rate | None:
    if not key:
        return None
    rates = {chance: data["response_rate"].sel(arm=arm).values for chance, data in both.items()}
    low, high = np.nanquantile(rates[Chance.ALL], _PREDICTED)
    return Rate(
        printed=units.convert(_mean(row(key)), "%", to="1"),
        predicted=float(np.nanmean(rates[Chance.SAMPLING])),
        interval=(float(low), float(high)),
    )
