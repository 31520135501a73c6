"""Whether an effect may be predicted here: drug, sampling site, level, setting, baselines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.errors import ContractError
from ketherapy.instruments.instrument import instrument, score
from ketherapy.pharmacology import interactions
from ketherapy.pharmacology.catalog import ConfidenceLevel, PublishedModel
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.catalog import STRUCTURES, Effect, Level, Setting
from ketherapy.records import RECORD
from ketherapy.regimen import Drug, Regimen, Route
from ketherapy.simulation.effects import studied
from ketherapy.sources import Cited, Status

# Baselines that may be given: the scale whose range holds them, or none for a vital sign.
_SCALES = {"madrs": "madrs", "nrs": "nrs"}
_SIGNS = ("sbp", "dbp", "hr")
_FIRST_PASS = frozenset({Route.ORAL, Route.SUBLINGUAL, Route.BUCCAL})  # swallowed, in part at least
_FILE = Path(__file__).parent.parent / "data" / "signs.toml"


@record(frozen=True, kw_only=True, config=RECORD)
class Signs:
    """Outside which a pressure or heart rate is a slip, not a reading."""

    source: str
    status: Status
    lowest: Cited  # [mmHg or 1/min]
    highest: Cited


@lru_cache(maxsize=1)
def signs() -> Signs:
    """Return what a pressure or heart rate may be.

    Errors  DataFileError naming the path and the key
    """
    return records.load(Signs, _FILE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Which effects are wanted, and what they need to know."""

    effects: tuple[Effect, ...]
    setting: str | None = None  # the kind of trial a mood curve is the average of
    baseline: Mapping[str, float] = field(default_factory=dict)  # madrs, nrs, sbp, dbp, hr
    is_site_waived: bool = False  # levels from another sampling site are accepted, and said

    def __post_init__(self) -> None:
        for what, value in self.baseline.items():
            _possible(what, value)
        if why := crossed(self.baseline):
            raise why
        for effect in self.effects:
            if effect.settings:
                kind_of_trial(effect, self.setting)


def _possible(what: str, value: float) -> None:
    if what in _SCALES:
        score(instrument(_SCALES[what]), value, what="baseline")
        return
    if what not in _SIGNS:
        raise ContractError(
            "baseline", expected=f"one of {', '.join((*_SCALES, *_SIGNS))}", got=what,
            remedy="Name one of these.",
        )  # fmt: skip
    possible_sign(f"baseline {what}", value)


def possible_sign(what: str, value: float) -> float:
    """Return a pressure or heart rate that a living person can have.

    Units   mmHg or 1/min
    Errors  ContractError for any other
    """
    low, high = signs().lowest.value, signs().highest.value
    if not low <= value <= high:
        raise ContractError(
            what, expected=f"{low:g} to {high:g}", got=value, remedy="Measure again."
        )
    return value


def crossed(baseline: Mapping[str, float]) -> ContractError | None:
    """Return why two pressures cannot be those of one reading, or None.

    Units   mmHg
    """
    sbp, dbp = baseline.get("sbp"), baseline.get("dbp")
    if sbp is None or dbp is None or sbp > dbp:
        return None
    return ContractError(
        "resting pressure", expected="a systolic one above the diastolic one",
        got=f"{units.shown(sbp)} over {units.shown(dbp)} mmHg",
        remedy="Look whether they changed places.",
    )  # fmt: skip


def kind_of_trial(effect: Effect, setting: str | None) -> Setting:
    """Return the setting asked for.

    Errors  ContractError where none is named, or none has that id
    """
    return catalog.setting(effect, setting or "not named")


def refusal(
    effect: Effect, model: PublishedModel, regimen: Regimen, asked: Asked
) -> ContractError | None:
    """Return why ``effect`` cannot be predicted for this drug on this model, or None."""
    if regimen.drug not in effect.drugs:
        return ContractError(
            effect.name, expected=" or ".join(drug.value for drug in effect.drugs),
            got=regimen.drug.value,
            remedy="It was not calibrated for this drug: leave the effect out.",
        )  # fmt: skip
    if effect.site == "arterial" and model.site != "arterial" and not asked.is_site_waived:
        return ContractError(
            effect.name, expected="arterial levels, which it was calibrated on",
            got=f"{model.site_text} ({model.id})",
            remedy="Choose a model of arterial levels, or accept another site; during an infusion "
            "arterial levels can be twice the venous ones.",
        )  # fmt: skip
    if is_first_passed(regimen) and _is_short_of_norketamine(effect, model):
        return ContractError(
            effect.name, expected="a model that describes norketamine", got=model.id,
            remedy="Of ketamine swallowed or held in the mouth most reaches the blood as "
            "norketamine, which acts too: leave the effect out, or choose such a model.",
        )  # fmt: skip
    return None


def is_first_passed(regimen: Regimen) -> bool:
    """Return whether some of it goes through gut and liver before the blood is sampled."""
    return bool(regimen.routes & _FIRST_PASS)


def is_reading_norketamine(effect: Effect) -> bool:
    """Return whether ``effect`` counts norketamine beside the drug."""
    return any("norketamine" in name for name in STRUCTURES[effect.structure].reads)


def _is_short_of_norketamine(effect: Effect, model: PublishedModel) -> bool:
    return is_reading_norketamine(effect) and "norketamine" not in model.analytes


def too_high(effect: Effect, highest: float) -> ContractError | None:
    """Return why ``effect`` cannot be predicted at this S-ketamine level, or None.

    Units   highest mg/L
    """
    if effect.beyond == "said" or not is_above(effect, highest):
        return None
    assert effect.level is not None
    unit = effect.level.unit
    return ContractError(
        effect.name, expected=f"S-ketamine up to {units.shown(effect.level.high)} {unit}",
        got=f"{units.shown(units.convert(highest, 'mg/L', to=unit))} {unit}",
        remedy="Beyond that it was not studied: leave the effect out, or lower the dose.",
    )  # fmt: skip


def is_above(effect: Effect, highest: float) -> bool:
    """Return whether an S-ketamine level is above those that ``effect`` rests on.

    Units   highest mg/L
    """
    return effect.level is not None and not effect.level.holds(highest, "mg/L")


def cautions(
    effect: Effect,
    model: PublishedModel,
    regimen: Regimen,
    *,
    is_split: bool,
    highest: float,
    asked: Asked,
    person: Person,
) -> Iterator[str]:
    """Give every way in which the prediction of ``effect`` is less than it seems.

    Units   highest S-ketamine level mg/L
    """
    if effect.level is not None and is_above(effect, highest):
        yield (
            f"{effect.name}: extrapolated. It rests on S-ketamine up to"
            f" {units.shown(effect.level.high)} {effect.level.unit}; here it is higher."
        )
    if effect.confidence_level is ConfidenceLevel.LOW:
        yield f"{effect.name}: low confidence. {effect.confidence}"
    if effect.site == "arterial" and model.site != "arterial":
        yield (
            f"{effect.name}: calibrated on arterial levels and used with {model.site_text}; during"
            " an infusion the true effect comes earlier and stronger."
        )
    if effect.site == "venous" and model.site == "arterial":
        yield (
            f"{effect.name}: calibrated on venous levels and used with {model.site_text}; during an"
            " infusion more is predicted than is true."
        )
    if regimen.drug is Drug.KETAMINE and not is_split:
        yield (
            f"{effect.name}: {model.name} does not tell S from R; half of the whole is taken as S."
        )
    beside = interactions.applied(regimen, person) if is_reading_norketamine(effect) else ()
    if _is_short_of_norketamine(effect, model) or beside:
        yield (
            f"{effect.name}: norketamine is not predicted by {model.name}"
            f"{' beside another drug' if beside else ''} and counts as none; it acts too, and how"
            " much that changes is not known."
        )
    if not effect.settings and not any(one.level is Level.PERSON for one in effect.spread):
        yield (
            f"{effect.name}: how people differ at the same level is not known; a band of people"
            " shows how their levels differ."
        )
    if effect.settings:
        trial = kind_of_trial(effect, asked.setting)
        yield from (f"{effect.name}: {line}" for line in studied.cautions(trial, regimen, person))
