"""Rating scales: their range, and what response and remission mean on each."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float
from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.errors import ContractError
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

_DATA = Path(__file__).parent / "data"

Scores = float | Float[np.ndarray, "..."]
Answers = Bool[np.ndarray, "..."]


@record(frozen=True, kw_only=True, config=RECORD)
class Instrument:
    """One rating scale."""

    id: str
    name: str
    source: str
    status: Status
    rater: Literal["clinician", "self"]
    score_range: tuple[float, float]  # of the total
    higher_is: Literal["worse", "better"]
    response: Cited | None = None  # drop from baseline that counts as response [fraction]
    remission: Cited | None = None  # total at or below which a person is in remission
    note: str = ""


@lru_cache(maxsize=1)
def instruments() -> tuple[Instrument, ...]:
    """Return every instrument, in the order of their ids."""
    return tuple(records.load(Instrument, path) for path in sorted(_DATA.glob("*.toml")))


def instrument(instrument_id: str) -> Instrument:
    """Return the instrument with this id.

    Errors  ContractError where none has it
    """
    for found in instruments():
        if found.id == instrument_id:
            return found
    raise ContractError(
        "instrument", expected=f"one of {', '.join(i.id for i in instruments())}",
        got=instrument_id, remedy="Choose one of these, or add its file.",
    )  # fmt: skip


def score(scale: Instrument, value: float, *, what: str = "score") -> float:
    """Return ``value`` where it is a possible total of ``scale``.

    Units   points
    Source  ketherapy
    Errors  ContractError outside the range of the scale
    """
    low, high = scale.score_range
    if not (math.isfinite(value) and low <= value <= high):
        raise ContractError(
            f"{what} on the {scale.id}", expected=f"{low:g} to {high:g} points", got=value,
            remedy="Correct it: no total lies outside the scale.",
        )  # fmt: skip
    return value


def responded(scale: Instrument, baseline: Scores, now: Scores) -> Answers:
    """Return whether each score is a response against its baseline.

    Units   points
    Source  ketherapy
    Errors  ContractError for a score that is missing or off the scale, for a baseline with nothing
            to improve, and where response is not defined on the scale
    """
    drop = _defined(scale, scale.response, "response").value
    before = _totals(scale, baseline, "baseline")
    if np.any(before <= scale.score_range[0]):
        raise ContractError(
            f"baseline on the {scale.id}", expected=f"more than {scale.score_range[0]:g} points",
            got=float(np.min(before)), remedy="Nothing can improve there: leave the person out.",
        )  # fmt: skip
    return np.asarray(_totals(scale, now, "score") <= (1.0 - drop) * before)


def remitted(scale: Instrument, now: Scores) -> Answers:
    """Return whether each score is in remission.

    Units   points
    Source  ketherapy
    Errors  ContractError for a score that is missing or off the scale, and where remission is not
            defined on it
    """
    limit = _defined(scale, scale.remission, "remission").value
    return np.asarray(_totals(scale, now, "score") <= limit)


def _totals(scale: Instrument, values: Scores, what: str) -> Float[np.ndarray, ...]:
    """Return the totals, each of which a rating could have given: none is missing."""
    found = np.asarray(values, float)
    for end in (found.min(), found.max()) if found.size else ():
        score(scale, float(end), what=what)  # nan is both ends of what holds one
    return found


def _defined(scale: Instrument, rule: Cited | None, what: str) -> Cited:
    if scale.higher_is != "worse":
        raise ContractError(
            f"{what} on the {scale.id}", expected="a scale on which more is worse",
            got=scale.higher_is, remedy="A drop is no improvement there: use another instrument.",
        )  # fmt: skip
    if rule is None:
        raise ContractError(
            f"{what} on the {scale.id}", expected="a definition in its file", got=None,
            remedy="Use another instrument.",
        )  # fmt: skip
    return rule
