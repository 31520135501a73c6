"""Recompute what effect models ship, mood apart, from the printed effects they were drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.calibration.rules import RULES
from ketherapy.errors import ContractError
from ketherapy.pharmacology.effects import catalog, observed
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

_FILE = Path(__file__).parent / "data" / "derivations.toml"
NOT_IDENTIFIABLE = "not identifiable: convention"
_ERRORLESS = ("exact", "people")  # kinds that say nothing of how well the number is known
_NORMAL_95 = 3.919927969  # width of the central 95 % of a standard normal


@record(frozen=True, kw_only=True, config=RECORD)
class Input:
    """One number that a rule needs, and what is known of its error."""

    row: str = ""  # a printed effect; else the number stands here
    value: float | None = None
    unit: str = ""
    locator: str = ""
    source: str | None = None
    status: Status | None = None
    kind: Literal["exact", "people", "interval", "se", "mean", "percent"] = "exact"
    low: float | None = None
    high: float | None = None
    se: float | None = None


@record(frozen=True, kw_only=True, config=RECORD)
class Derivation:
    """How one number follows."""

    rule: str
    unit: str
    within: float  # relative difference up to which the shipped number agrees
    inputs: dict[str, Input]
    says: str  # how well it is known


@record(frozen=True, kw_only=True, config=RECORD)
class Derivations:
    """Every derivation, by model and number."""

    source: str
    status: Status
    models: dict[str, dict[str, Derivation]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One number, refitted, beside the shipped one."""

    name: str
    unit: str
    shipped: float
    estimate: float | None  # None: nothing to fit it to
    sd: float | None
    low: float | None  # 5 %
    high: float | None  # 95 %
    identifiability: str
    tolerance: str
    agrees: bool


@lru_cache(maxsize=1)
def derivations() -> Derivations:
    """Return every derivation.

    Errors  DataFileError naming the key
    """
    return records.load(Derivations, _FILE)


def derived_models() -> tuple[str, ...]:
    """Return the ids of the models whose numbers are derived by rule."""
    return tuple(derivations().models)


def findings(model_id: str, *, draws: int, seed: int) -> tuple[Finding, ...]:
    """Return each number of a model recomputed, with what its inputs' errors make of it.

    Errors  ContractError for a model that is not derived by rule
    """
    if model_id not in derivations().models:
        raise ContractError(
            "model", expected=f"one of {', '.join(derived_models())}", got=model_id,
            remedy="Mood is fitted, the others are derived.",
        )  # fmt: skip
    found, rng = derivations().models[model_id], np.random.default_rng(seed)
    return tuple(
        _finding(name, number, found.get(name), draws=draws, rng=rng)
        for name, number in catalog.effect(model_id).printed.items()
    )


def _finding(
    name: str, number: Cited, how: Derivation | None, *, draws: int, rng: np.random.Generator
) -> Finding:
    if how is None:
        return _convention(name, number)
    inputs = {key: _mean(given) for key, given in how.inputs.items()}
    estimate = float(RULES[how.rule](inputs))
    drawn = {key: _drawn(given, draws, rng) for key, given in how.inputs.items()}
    spread = np.broadcast_to(RULES[how.rule](drawn), draws)
    is_known = all(given.kind in _ERRORLESS for given in how.inputs.values())
    shipped = units.convert(number.meant, number.unit, to=how.unit)
    low, high = (float(x) for x in np.quantile(spread, (0.05, 0.95)))
    return Finding(
        name=name,
        unit=how.unit,
        shipped=shipped,
        estimate=estimate,
        sd=None if is_known else float(np.std(spread)),
        low=None if is_known else low,
        high=None if is_known else high,
        identifiability=how.says,
        tolerance=f"{100.0 * how.within:g} %",
        agrees=bool(abs(estimate - shipped) <= how.within * abs(shipped)),
    )


def _convention(name: str, number: Cited) -> Finding:
    """Return a number that nothing is printed for: it agrees if its file says so."""
    return Finding(
        name=name,
        unit=number.unit,
        shipped=number.meant,
        estimate=None,
        sd=None,
        low=None,
        high=None,
        identifiability=NOT_IDENTIFIABLE,
        tolerance="said to be a convention",
        agrees=number.status is Status.CONVENTION,
    )


def _mean(given: Input) -> np.ndarray:
    value = observed.row(given.row).mean if given.row else given.value
    if value is None:
        raise ContractError(
            f"input {given.row or 'of a rule'}", expected="a number", got=None,
            remedy="Correct derivations.toml.",
        )  # fmt: skip
    return np.asarray(value, float)


def _drawn(given: Input, draws: int, rng: np.random.Generator) -> np.ndarray:
    middle, z = _mean(given), rng.standard_normal(draws)
    match given.kind:
        case "exact" | "people":
            return middle
        case "interval":
            width = np.log(_said(given.high, given)) - np.log(_said(given.low, given))
            return middle * np.exp(z * width / _NORMAL_95)
        case "se":
            return middle + z * _said(given.se, given)
        case "mean":
            row = observed.row(given.row)
            return middle + z * _said(row.sd, given) / np.sqrt(_said(row.n, given))
        case "percent":
            n = _said(observed.row(given.row).n, given)
            hits = n * middle / 100.0
            return 100.0 * rng.beta(hits + 0.5, n - hits + 0.5, draws)  # Jeffreys


def _said(value: float | int | None, given: Input) -> float:
    if value is None:
        raise ContractError(
            f"input {given.row or given.locator}", expected=f"its error as a {given.kind}",
            got=None, remedy="Correct derivations.toml.",
        )  # fmt: skip
    return float(value)
