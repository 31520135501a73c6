"""What a file says of scores: thresholds, definitions, bands, triggers, and the licence.

A rule may be a convention of ours that nobody has read in a source. It is then off until a clinic
adopts it by its key, ``ymrs.rise``; what a source says is on.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping, Set
from enum import StrEnum
from typing import Literal

from pydantic.dataclasses import dataclass as record

from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

Bounds = tuple[float, float]  # the lowest and the highest value that is still possible
Sex = Literal["female", "male"]
Adopted = Set[str]  # keys of the conventions that a clinic has made its own

_DIGITS = 9  # means of whole numbers do not come out even; no threshold is that fine


class Comparator(StrEnum):
    """How a value must stand to the number of a rule."""

    AT_LEAST = ">="
    AT_MOST = "<="
    ABOVE = ">"
    BELOW = "<"


_COMPARE: Mapping[Comparator, Callable[[float, float], bool]] = {
    Comparator.AT_LEAST: operator.ge,
    Comparator.AT_MOST: operator.le,
    Comparator.ABOVE: operator.gt,
    Comparator.BELOW: operator.lt,
}


class Of(StrEnum):
    """Of what a rule speaks."""

    SCORE = "score"
    IMPROVEMENT = "improvement"  # points better than the baseline
    WORSENING = "worsening"  # points worse than the baseline
    SHARE = "share"  # improvement over the baseline [1]


class Kind(StrEnum):
    """What it means to meet a definition."""

    RESPONSE = "response"
    REMISSION = "remission"
    RELIABLE = "reliable"  # a change larger than chance gives
    MEANINGFUL = "meaningful"  # a change that people notice
    POSITIVE = "positive"  # a positive screen
    DISCHARGE = "discharge"  # recovered, as far as this scale can say


class Weight(StrEnum):
    """How much a trigger weighs, from the least."""

    CAUTION = "caution"
    HOLD = "hold"
    BLOCK = "block"


@record(frozen=True, kw_only=True, config=RECORD)
class Threshold:
    """One number, how a value must stand to it, and whose it is."""

    of: Of = Of.SCORE
    must_be: Comparator
    value: float
    unit: str
    locator: str
    status: Status | None = None  # None: that of the file
    source: str | None = None  # None: that of the file
    needs_adoption: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if self.needs_adoption and self.status is not Status.CONVENTION:
            raise ValueError("only a convention waits for adoption")


@record(frozen=True, kw_only=True, config=RECORD)
class Definition:
    """One meaning of response, remission and the like; a scale may have several."""

    id: str
    kind: Kind
    text: str
    rule: Threshold
    is_default: bool = False
    in_trials: bool = False  # the models of trials use this one
    sex: Sex | None = None  # None: everybody


@record(frozen=True, kw_only=True, config=RECORD)
class Trigger:
    """One answer or score upon which something must happen."""

    id: str
    rule: Threshold
    item: str = ""  # empty: the score, or its change
    weight: Weight
    act: str  # what must happen, as a sentence
    asks_suicide: bool = False  # such a trigger is on, whatever a clinic has adopted


@record(frozen=True, kw_only=True, config=RECORD)
class Band:
    """One name for a stretch of scores, from above the band before it."""

    name: str
    up_to: float


@record(frozen=True, kw_only=True, config=RECORD)
class Bands:
    """The names of all scores, from the lowest; without gap or overlap by their form."""

    bands: tuple[Band, ...]
    locator: str
    status: Status
    source: str
    note: str = ""


class Shipped(StrEnum):
    """How much of an instrument's text is here."""

    VERBATIM = "verbatim"
    REWORDED = "reworded"
    NUMBERS = "numbers only"


@record(frozen=True, kw_only=True, config=RECORD)
class Licence:
    """What may be reproduced, and where that was read."""

    shipped: Shipped
    text: str
    locator: str = ""
    status: Status
    source: str


@record(frozen=True, kw_only=True, config=RECORD)
class Cluster:
    """Items of which some must be scored high enough."""

    name: str
    items: tuple[str, ...]
    at_least: int  # so many of them


@record(frozen=True, kw_only=True, config=RECORD)
class SymptomRule:
    """Enough items in each cluster, each at least at one number."""

    item_at_least: Cited
    clusters: tuple[Cluster, ...]


@record(frozen=True, kw_only=True, config=RECORD)
class Review:
    """One item from which all points may come, and what that asks for."""

    item: str
    text: str
    locator: str
    status: Status
    source: str


@record(frozen=True, kw_only=True, config=RECORD)
class Codes:
    """Codes of a terminology, each read in a source: of the score, or of an item."""

    system: Literal["LOINC"]
    codes: dict[str, str]
    locator: str
    status: Status
    source: str


def key(owner: str, rule_id: str) -> str:
    """Return the key by which a clinic adopts a rule of an instrument."""
    return f"{owner}.{rule_id}"


def holds(rule: Threshold, within: Bounds | None) -> bool | None:
    """Return whether every value ``within`` meets the rule, None where some do or none is known.

    Units   as the rule's
    Source  ketherapy
    """
    if within is None:
        return None
    meets = _COMPARE[rule.must_be]
    first, last = (meets(round(end, _DIGITS), rule.value) for end in within)
    return first if first is last else None


def agreed(verdicts: Collection[bool | None]) -> bool | None:
    """Return the one answer that all verdicts give, None where they differ or nobody knows."""
    found = set(verdicts)
    return found.pop() if len(found) == 1 else None
