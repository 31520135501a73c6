"""Relapse after improvement: a constant rate for each setting in which it was observed.

Settings are not points on a line: who was chosen and what else they took differs, so that nothing
is interpolated between them and nothing is carried over.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import numpy as np
from jaxtyping import Float
from pydantic import Field
from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.errors import ContractError
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

_FILE = Path(__file__).parent.parent / "data" / "relapse.toml"

Times = Float[np.ndarray, " time"]
Number = TypeVar("Number", Cited, float)


class Treatment(StrEnum):
    """What goes on after the improvement."""

    OFF = "off"  # nothing more is given, or the spray is withdrawn
    ON = "on"  # the spray is continued


@record(frozen=True, kw_only=True, config=RECORD)
class Count:
    """One printed number on relapse, with the words it needs."""

    text: str
    number: Cited


@record(frozen=True, kw_only=True, config=RECORD)
class RelapseSetting:
    """People of one kind who had improved, and how soon they relapse."""

    text: str
    source: str
    status: Status
    hazard: Cited | None = None  # off treatment; None: not known
    median: Cited | None = None  # time to relapse, off treatment
    ratio: Cited | None = None  # of the hazard on treatment to that off it; None: not studied
    until: Cited | None = None  # as long as a curve is drawn
    observed: tuple[Count, ...] = ()
    not_known: str = ""  # said wherever the setting is


@record(frozen=True, kw_only=True, config=RECORD)
class Relapse:
    """What is known of relapse, by setting."""

    source: str
    status: Status
    limits: tuple[str, ...]  # shown wherever a curve is
    settings: dict[str, RelapseSetting] = Field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Survival:
    """Fraction that has not relapsed [1]; low and high come from the interval of the ratio alone.

    Both are None off treatment, where no interval of the rate can be given.
    """

    typical: Times
    low: Times | None = None
    high: Times | None = None


@lru_cache(maxsize=1)
def relapse() -> Relapse:
    """Return what is known of relapse."""
    return records.load(Relapse, _FILE)


def relapse_setting(setting_id: str) -> RelapseSetting:
    """Return the setting with this id.

    Errors  ContractError where none has it
    """
    known = relapse().settings
    if setting_id not in known:
        raise ContractError(
            "relapse setting", expected=f"one of {', '.join(known)}", got=setting_id,
            remedy="A rate belongs to its setting: name one of these, or show none.",
        )  # fmt: skip
    return known[setting_id]


def hazard(setting_id: str, treatment: Treatment | str) -> float:
    """Return the rate of relapse in a setting.

    Units   1/h
    Source  ibrahim2012, sustain1
    Errors  ContractError for an unknown setting or treatment, or a rate that is not known there
    """
    found, what = relapse_setting(setting_id), _treatment(treatment)
    number = _known(setting_id, found.hazard, "the rate of relapse")
    off = units.convert(number.value, number.unit, to="1/h")
    match what:
        case Treatment.OFF:
            return off
        case Treatment.ON:
            return off * _ratio(setting_id, found).value


def _treatment(text: Treatment | str) -> Treatment:
    try:
        return Treatment(text)
    except ValueError:
        raise ContractError(
            "treatment", expected=" or ".join(one.value for one in Treatment), got=text,
            remedy="Say whether the treatment is continued.",
        ) from None  # fmt: skip


def survival(t: Times, setting_id: str, treatment: Treatment | str) -> Survival:
    """Return the fraction that has not relapsed at ``t``, of those who were well at zero.

    Units   t h; result 1
    Source  ibrahim2012, sustain1; derived: the rate is constant
    Errors  ContractError as ``hazard`` raises it, and beyond what was observed
    """
    found = relapse_setting(setting_id)
    rate = hazard(setting_id, treatment)
    _within(t, _known(setting_id, found.until, "how long it was observed"))
    typical = np.exp(-rate * t)
    match _treatment(treatment):
        case Treatment.OFF:
            return Survival(typical=typical)
        case Treatment.ON:
            ratio = _ratio(setting_id, found)
            low, high = _interval(setting_id, ratio, t, off=rate / ratio.value)
            return Survival(typical=typical, low=low, high=high)


def _interval(setting_id: str, ratio: Cited, t: Times, *, off: float) -> tuple[Times, Times]:
    best = _known(setting_id, ratio.low, "the interval of the ratio")
    worst = _known(setting_id, ratio.high, "the interval of the ratio")
    return np.exp(-off * worst * t), np.exp(-off * best * t)


def _ratio(setting_id: str, found: RelapseSetting) -> Cited:
    return _known(setting_id, found.ratio, "what continued treatment does")


def _known(setting_id: str, number: Number | None, what: str) -> Number:
    if number is None:
        raise ContractError(
            f"{what} of {setting_id}", expected="a number in its setting", got=None,
            remedy="It is not known here: show none, and carry none over from another setting.",
        )  # fmt: skip
    return number


def _within(t: Times, until: Cited) -> None:
    end = units.convert(until.value, until.unit, to="h")
    outside = t[~(np.isfinite(t) & (t >= 0.0) & (t <= end))]
    if outside.size:
        raise ContractError(
            "time", expected=f"0 to {end:g} h ({until.value:g} {until.unit})",
            got=float(outside[0]), remedy="Beyond it nothing is shown for this setting.",
        )  # fmt: skip
