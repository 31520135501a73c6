"""The effect models: a structure with its cited numbers, their uncertainty, and their limits."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.errors import ContractError
from ketherapy.pharmacology.catalog import ConfidenceLevel, Range
from ketherapy.pharmacology.compartments import Param
from ketherapy.pharmacology.effects.structures import (
    AbstractEffect,
    AcutePain,
    ChronicPain,
    Dissociation,
    Mood,
    Pressure,
    ReceptorBlock,
    Respiration,
    Sedation,
)
from ketherapy.records import RECORD
from ketherapy.regimen import Drug, Route
from ketherapy.sources import Cited, Status

FOLDER = Path(__file__).parent.parent / "data" / "effects"

STRUCTURES: dict[str, type[AbstractEffect]] = {
    "receptor_block": ReceptorBlock,
    "pressure": Pressure,
    "dissociation": Dissociation,
    "sedation": Sedation,
    "acute_pain": AcutePain,
    "chronic_pain": ChronicPain,
    "respiration": Respiration,
    "mood": Mood,
}


class Level(StrEnum):
    """What a number differs between, or why it is not sure."""

    ESTIMATE = "estimate"  # it is not known better
    TRIAL = "trial"  # trials differ
    PERSON = "person"  # people differ
    VISIT = "visit"  # one reading differs from the next


class Scale(StrEnum):
    """On which scale a deviation is added."""

    LOG = "log"
    LOGIT = "logit"
    PLAIN = "plain"
    SHARE = "share"  # the logit of the share of a scale's highest score, the mean left where it is


@record(frozen=True, kw_only=True, config=RECORD)
class Spread:
    """How far some numbers may lie from their typical value, all moved by one deviation."""

    parameters: tuple[str, ...]
    level: Level
    scale: Scale
    value: float  # standard deviation on that scale
    unit: str  # 1, or that of the parameter on the plain scale
    locator: str
    of: str = ""  # the instrument whose highest score a share is one of
    status: Status | None = None
    source: str | None = None
    note: str = ""


@record(frozen=True, kw_only=True, config=RECORD)
class Output:
    """One thing that an effect predicts, as a reader meets it."""

    name: str
    unit: str
    instrument: str = ""  # the scale whose points it is in


@record(frozen=True, kw_only=True, config=RECORD)
class Studied:
    """What the people on the drug were given in one session of the trials of a setting."""

    drug: Drug
    route: Route
    lowest: Cited  # [mg or mg/kg of body weight]
    highest: Cited  # in the same unit

    @property
    def text(self) -> str:
        """Return what was given, as a person reads it."""
        low, high = (units.shown(dose.meant) for dose in (self.lowest, self.highest))
        doses = low if low == high else f"{low} to {high}"
        return f"{self.drug.value} {self.route.value} {doses} {self.lowest.unit}"


@record(frozen=True, kw_only=True, config=RECORD)
class Setting:
    """The kind of trial a mood curve is the average of: who, where, against what."""

    text: str
    control: Literal["saline", "midazolam", "placebo spray", "anaesthesia", "open"]
    p1: Cited  # share of the baseline that improves at once, whatever is given
    p2: Cited  # share that improves over weeks
    M0: Cited  # mean baseline of the trials it is drawn from
    overshoot: Cited | None = None  # extra improvement of the first hours that does not last
    overshoot_tau: Cited | None = None  # time constant with which that passes
    trials: tuple[str, ...]  # those it is drawn from
    studied: tuple[Studied, ...]  # beyond it every prediction says so
    caution: str = ""  # said wherever a curve of the setting is


@record(frozen=True, kw_only=True, config=RECORD)
class Reference:
    """The session whose exposure is counted as one."""

    drug: Drug
    route: Route
    amount: Cited  # [mg/kg]
    over: Cited


@record(frozen=True, kw_only=True, config=RECORD)
class Effect:
    """One effect model."""

    id: str
    name: str
    title: str
    asked: tuple[str, ...]  # the words by which it may be asked for
    structure: str
    source: str
    status: Status
    confidence: str
    confidence_level: ConfidenceLevel
    drugs: tuple[Drug, ...]
    site: Literal["venous", "arterial", "not stated"]  # of the levels it was calibrated on
    outputs: dict[str, Output]
    limits: tuple[str, ...]  # known failures and limits, shown wherever the model is
    not_for: tuple[str, ...]
    printed: dict[str, Cited]
    also: tuple[str, ...] = ()
    level: Range | None = None  # S-ketamine levels it may be used for
    beyond: Literal["refused", "said"] = "said"  # what happens above them
    reference: Reference | None = None
    spread: tuple[Spread, ...] = ()
    not_drawn: dict[str, str] = Field(default_factory=dict)  # numbers in no band, and why
    settings: dict[str, Setting] = Field(default_factory=dict)
    posterior: str = ""  # file of joint draws of the estimates, beside this one

    @property
    def label(self) -> str:
        """Return the name, which says so where confidence is low."""
        is_low = self.confidence_level is ConfidenceLevel.LOW
        return f"{self.name} (low confidence)" if is_low else self.name


@lru_cache(maxsize=1)
def effects() -> tuple[Effect, ...]:
    """Return every effect model, in the order of their ids."""
    return tuple(read_effect(path) for path in sorted(FOLDER.glob("*.toml")))


def read_effect(path: Path) -> Effect:
    """Return the effect model in the file at ``path``.

    Errors  DataFileError naming the path and the key
    """
    return records.load(Effect, path)


def effect(effect_id: str) -> Effect:
    """Return the effect model with this id.

    Errors  ContractError where none has it
    """
    for found in effects():
        if found.id == effect_id:
            return found
    raise ContractError(
        "effect", expected=f"one of {', '.join(e.id for e in effects())}", got=effect_id,
        remedy="'ketherapy effects' lists them.",
    )  # fmt: skip


def asked(words: str) -> tuple[Effect, ...]:
    """Return the effects that comma-separated ``words`` ask for, each once, in that order.

    Errors  ContractError for a word that no effect knows
    """
    found: list[Effect] = []
    for word in (word.strip() for word in words.split(",")):
        fitting = [e for e in effects() if word in e.asked]
        if not fitting:
            raise ContractError(
                "effects", expected=f"among {', '.join(w for e in effects() for w in e.asked)}",
                got=word, remedy="Correct it; commas stand between several.",
            )  # fmt: skip
        found += [e for e in fitting if e not in found]
    return tuple(found)


def typical(model: Effect) -> dict[str, float]:
    """Return the printed numbers in the canonical units of the structure.

    Units   those of the structure
    Source  ketherapy
    """
    wanted = STRUCTURES[model.structure].units
    return {
        name: units.convert(number.meant, number.unit, to=wanted[name])
        for name, number in model.printed.items()
    }


def structure(model: Effect, values: Mapping[str, Param]) -> AbstractEffect:
    """Return the equations of ``model`` with these numbers.

    Units   those of the structure
    Errors  ContractError where a number is missing or unknown
    """
    kind = STRUCTURES[model.structure]
    if set(values) != set(kind.units):
        raise ContractError(
            f"numbers of {model.id}", expected=", ".join(kind.units), got=", ".join(values),
            remedy="Start from the typical ones.",
        )  # fmt: skip
    return kind(**values)


def setting(model: Effect, setting_id: str) -> Setting:
    """Return a setting of ``model``.

    Errors  ContractError where it has none of that id
    """
    if setting_id not in model.settings:
        raise ContractError(
            "setting", expected=f"one of {', '.join(model.settings) or 'none'}", got=setting_id,
            remedy="A curve belongs to a kind of trial: name one of these.",
        )  # fmt: skip
    return model.settings[setting_id]
