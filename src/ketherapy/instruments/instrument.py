"""Rating scales: their range, and what response and remission mean on each."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float
from pydantic import Field
from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.errors import ContractError
from ketherapy.instruments.rules import (
    Bands,
    Codes,
    Definition,
    Kind,
    Licence,
    Review,
    SymptomRule,
    Threshold,
    Trigger,
)
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

_DATA = Path(__file__).parent / "data"

Scores = float | Float[np.ndarray, "..."]
Answers = Bool[np.ndarray, "..."]


@record(frozen=True, kw_only=True, config=RECORD)
class Instrument:
    """One rating scale: its items, how they make a score, and what scores mean."""

    id: str
    name: str
    source: str
    status: Status
    locator: str = ""
    also: tuple[str, ...] = ()  # further sources of items, ranges and texts
    rater: Literal["clinician", "self"]
    recall: str  # the time that the answers speak of
    items: tuple[str, ...]  # those that count
    unscored: tuple[str, ...] = ()  # on the form, and never counted
    item_range: tuple[int, int]
    item_ranges: dict[str, tuple[int, int]] = Field(default_factory=dict)  # where it differs
    reversed: tuple[str, ...] = ()  # the lowest answer has the most points
    domains: tuple[tuple[str, ...], ...] = ()  # of each, the highest item counts alone
    scoring: Literal["sum", "mean"] = "sum"
    times: Cited | None = None  # the sum is multiplied by this
    score_range: tuple[float, float]
    higher_is: Literal["worse", "better", "neither"]
    licence: Licence
    texts: dict[str, str] = Field(default_factory=dict)  # of items, where they may be shown
    answers: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # of items, lowest first
    bands: Bands | None = None
    definitions: tuple[Definition, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    symptom_rule: SymptomRule | None = None
    review: Review | None = None
    codes: tuple[Codes, ...] = ()
    note: str = ""

    def range_of(self, item: str) -> tuple[int, int]:
        """Return the lowest and the highest answer to an item."""
        return self.item_ranges.get(item, self.item_range)

    def in_trials(self, kind: Kind) -> Threshold | None:
        """Return the rule by which the models of trials count, None where there is none."""
        for definition in self.definitions:
            if definition.in_trials and definition.kind is kind:
                return definition.rule
        return None


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
    """Return whether each score is a response against its baseline, as trials count it.

    Units   points
    Source  ketherapy
    Errors  ContractError for a score that is missing or off the scale, for a baseline with nothing
            to improve, and where response is not defined on the scale
    """
    drop = _defined(scale, Kind.RESPONSE).value
    before = _totals(scale, baseline, "baseline")
    if np.any(before <= scale.score_range[0]):
        raise ContractError(
            f"baseline on the {scale.id}", expected=f"more than {scale.score_range[0]:g} points",
            got=float(np.min(before)), remedy="Nothing can improve there: leave the person out.",
        )  # fmt: skip
    return np.asarray(_totals(scale, now, "score") <= (1.0 - drop) * before)


def remitted(scale: Instrument, now: Scores) -> Answers:
    """Return whether each score is in remission, as trials count it.

    Units   points
    Source  ketherapy
    Errors  ContractError for a score that is missing or off the scale, and where remission is not
            defined on it
    """
    limit = _defined(scale, Kind.REMISSION).value
    return np.asarray(_totals(scale, now, "score") <= limit)


def _totals(scale: Instrument, values: Scores, what: str) -> Float[np.ndarray, ...]:
    """Return the totals, each of which a rating could have given: none is missing."""
    found = np.asarray(values, float)
    for end in (found.min(), found.max()) if found.size else ():
        score(scale, float(end), what=what)  # nan is both ends of what holds one
    return found


def _defined(scale: Instrument, kind: Kind) -> Threshold:
    if scale.higher_is != "worse":
        raise ContractError(
            f"{kind.value} on the {scale.id}", expected="a scale on which more is worse",
            got=scale.higher_is, remedy="A drop is no improvement there: use another instrument.",
        )  # fmt: skip
    rule = scale.in_trials(kind)
    if rule is None:
        raise ContractError(
            f"{kind.value} on the {scale.id}", expected="a definition for trials in its file",
            got=None, remedy="Use another instrument.",
        )  # fmt: skip
    return rule
