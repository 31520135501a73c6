"""What the mood model is fitted to: the arms of trials, what they were given, what is printed."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

import numpy as np
from jaxtyping import Float
from pydantic import Field
from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.errors import ContractError
from ketherapy.pharmacology.effects import observed
from ketherapy.records import RECORD
from ketherapy.regimen import Drug, Route
from ketherapy.sources import Cited, Status

_FILE = Path(__file__).parent.parent / "data" / "mood_evidence.toml"


@record(frozen=True, kw_only=True, config=RECORD)
class Given:
    """One regimen that arms were given, and the model its levels are simulated with."""

    model: str
    drug: Drug
    route: Route
    amount: Cited | None = None  # for an infusion, per kg
    over: Cited | None = None
    devices: int = 0  # for a spray
    days: tuple[float, ...]  # of each session, from the first


@record(frozen=True, kw_only=True, config=RECORD)
class Arm:
    """One arm: its regimen, empty for a control, and its printed rows."""

    regimen: str = ""
    baseline: str = ""  # row of the mean at the start; empty: that of the setting
    rows: tuple[str, ...]


@record(frozen=True, kw_only=True, config=RECORD)
class Contrast:
    """A printed difference between two arms, with its standard error."""

    row: str
    of: str
    over: str
    is_fitted: bool  # False: only its standard error tells something that the arms do not
    se: Cited


@record(frozen=True, kw_only=True, config=RECORD)
class Study:
    """One trial."""

    setting: str
    arms: dict[str, Arm]
    contrasts: tuple[Contrast, ...] = ()
    p1_of: str = ""  # the setting whose quick placebo share it has; empty: its own
    is_adjusted: bool = False  # its means and SDs are adjusted for the baseline
    why: str = ""

    @property
    def p1_setting(self) -> str:
        """Return the setting whose quick placebo share it has."""
        return self.p1_of or self.setting


@record(frozen=True, kw_only=True, config=RECORD)
class Shares:
    """What share of people had an outcome in a pool, on the drug and on its control."""

    drug: str  # row
    control: str  # row
    se: Cited  # of the effect size that they come to


@record(frozen=True, kw_only=True, config=RECORD)
class Duration:
    """How long pools of trials tell one session from a control."""

    row: str  # of the effect size at its own time
    regimen: str
    se: Cited
    told: Cited  # when it is still told apart
    lost: Cited  # when it is no longer
    late: Shares  # in another pool, once most of the effect has gone


@record(frozen=True, kw_only=True, config=RECORD)
class Evidence:
    """All that is fitted."""

    source: str
    status: Status
    reference_model: str  # with which the reference session is simulated
    regimens: dict[str, Given]
    studies: dict[str, Study] = Field(min_length=1)
    duration: Duration


@lru_cache(maxsize=1)
def evidence() -> Evidence:
    """Return what the mood model is fitted to.

    Errors  DataFileError naming the key
    """
    return records.load(Evidence, _FILE)


def hours(row: observed.Observed) -> float:
    """Return when a row was rated, from the first session [h]."""
    assert row.time is not None
    return units.convert(row.time, row.time_unit, to="h")


def times(study: Study, arm_id: str) -> Float[np.ndarray, " time"]:
    """Return every time at which an arm is needed: its own rows and those of its contrasts [h]."""
    found = {hours(observed.row(key)) for key in study.arms[arm_id].rows}
    for contrast in study.contrasts:
        if arm_id in (contrast.of, contrast.over):
            found.add(hours(observed.row(contrast.row)))
    return np.array(sorted(found))


def duration_times(found: Duration) -> Float[np.ndarray, " time"]:
    """Return when the effect was rated, still told apart, no longer, and counted in people [h]."""
    days = (units.convert(day.value, day.unit, to="h") for day in (found.told, found.lost))
    return np.array([hours(observed.row(found.row)), *days, hours(observed.row(found.late.drug))])


def effect_size(found: Shares) -> float:
    """Return the standardised difference that two shares of people come to, by their odds.

    Units   1
    Source  chinn2000
    """
    drug, control = (observed.row(key).mean for key in (found.drug, found.control))
    if drug is None or control is None or not (0.0 < drug < 100.0 and 0.0 < control < 100.0):
        raise ContractError(
            f"rows {found.drug} and {found.control}", expected="two shares between 0 and 100 %",
            got=(drug, control), remedy="Compare them with the pool.",
        )  # fmt: skip
    odds_ratio = drug / (100.0 - drug) * (100.0 - control) / control
    return math.log(odds_ratio) * math.sqrt(3.0) / math.pi


def regimen_times(found: Evidence) -> dict[str, Float[np.ndarray, " time"]]:
    """Return for each regimen every time at which some arm was rated on it [h]."""
    every: dict[str, list[np.ndarray]] = {key: [] for key in found.regimens}
    for study in found.studies.values():
        for arm_id, arm in study.arms.items():
            if arm.regimen:
                every[arm.regimen].append(times(study, arm_id))
    every[found.duration.regimen].append(duration_times(found.duration))
    return {key: np.unique(np.concatenate(t)) for key, t in every.items() if t}
