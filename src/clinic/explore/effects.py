"""Effects for pages: strips, answers and refusals, in the units a screen shows.

Everything here is computed by ``ketherapy``; a strip is in minutes and in the unit of its effect.
No patient data passes through it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinic.explore.effect_answers import Answers, answers, has_people
from clinic.explore.names import EFFECTS
from clinic.explore.predictions import Choice, Problem, Refusal
from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog as models
from ketherapy.pharmacology.catalog import ConfidenceLevel, PublishedModel
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.catalog import Effect
from ketherapy.simulation import domain
from ketherapy.simulation.effects import entries as science
from ketherapy.simulation.effects import together as joint
from ketherapy.simulation.effects.entries import EffectsRequest, read_effects
from ketherapy.simulation.effects.together import Together
from ketherapy.simulation.request import SimulationRequest
from ketherapy.sources import cite

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["FIELDS", "Answers", "EffectsPicture", "Refused", "Strip", "choices", "picture", "read"]

FIELDS = (*science.FIELDS, "driver")
LONG = 14 * 24.0  # [h] at least, for what goes on over days
_LASTING = ("mood", "chronic_pain")  # what goes on over days
_POINTS = {False: 180, True: 120}  # points of a strip, by whether it goes on over days
_BAND_POINTS = {False: 48, True: 40}
_SEED = 20260101  # the same virtual people each time: a band does not flicker
_MIN = 60.0  # minutes in an hour
_DOUBTS = ("people", "trials", "estimates")  # the widest first


@dataclass(frozen=True, kw_only=True, slots=True)
class Edges:
    """A 5th and a 95th percentile at ``Strip.band_minutes``."""

    doubt: str  # people, trials or estimates
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """One line of a strip."""

    output: str  # as the science calls it
    name: str
    values: tuple[float, ...]  # at Strip.minutes
    edges: tuple[Edges, ...]  # the widest first; none for a line that is only a comparison


@dataclass(frozen=True, kw_only=True, slots=True)
class Strip:
    """One effect on a small axis of its own."""

    effect: str
    name: str
    unit: str
    minutes: tuple[float, ...]
    band_minutes: tuple[float, ...]
    courses: tuple[Course, ...]
    rule: float | None  # a value that was asked about, in the unit of the strip
    nature: str  # what a curve is, where it is not of this person
    warnings: tuple[str, ...]  # a few words each, to stand at the strip itself
    spread: str  # what the bands are


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What stands beside an effect wherever it is shown."""

    effect: str
    name: str
    driver: str  # the model of levels behind it
    site: str
    confidence_level: str
    cautions: tuple[str, ...]
    limits: tuple[str, ...]
    not_for: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """One effect that is not predicted, and why."""

    name: str
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EffectsPicture:
    """What a page draws of effects."""

    dosing: tuple[float, float]  # [min]
    strips: tuple[Strip, ...]
    abouts: tuple[About, ...]  # one for each effect that is predicted
    refused: tuple[Refused, ...]
    answers: Answers


@dataclass(frozen=True, kw_only=True, slots=True)
class EffectChoices:
    """What the form offers about effects."""

    effects: tuple[Choice, ...]
    settings: tuple[Choice, ...]
    drivers: tuple[Choice, ...]


def choices() -> EffectChoices:
    """Return what the form offers, read from the effect models."""
    first = Choice(value="", label="The first drawn that fits each effect")
    return EffectChoices(
        effects=tuple(Choice(value=name, label=label) for name, label in EFFECTS.items()),
        settings=tuple(
            Choice(value=name, label=setting.text)
            for name, setting in catalog.effect("mood").settings.items()
        ),
        drivers=(first, *(Choice(value=m.id, label=m.label) for m in _adult_models())),
    )


def _adult_models() -> tuple[PublishedModel, ...]:
    return tuple(model for model in models.models() if domain.is_for_adults(model))


def read(entries: Mapping[str, Sequence[str]]) -> EffectsRequest | Refusal:
    """Return what the form's entries ask of effects, or every reason why they cannot be used."""
    single = {name: values[0] for name, values in entries.items() if values}
    single.pop("driver", None)
    single["effects"] = ",".join(entries.get("effects", ()))
    if not single["effects"]:
        single.pop("setting", None)  # nothing would be drawn of it
    found = read_effects(single)
    if isinstance(found, Refusal):
        return found
    if unknown := [name for name in entries.get("effects", ()) if name not in EFFECTS]:
        sentence = f"Effects: expected among {', '.join(EFFECTS)}. {unknown[0][:40]} is not drawn."
        return Refusal(problems=(Problem(field="effects", sentence=sentence),))
    return found


def driving(request: SimulationRequest, chosen: str) -> tuple[PublishedModel, ...] | Refusal:
    """Return the drawn models that may drive effects: the chosen one, or all of them."""
    if not chosen:
        return request.models
    found = tuple(model for model in request.models if model.id == chosen)
    if found:
        return found
    drawn = ", ".join(model.name for model in request.models)
    sentence = (
        f"Level model behind the effects: it is not among those drawn ({drawn}). Draw it too."
    )
    return Refusal(problems=(Problem(field="driver", sentence=sentence),))


def picture(
    request: SimulationRequest, wanted: EffectsRequest, drivers: Sequence[PublishedModel]
) -> EffectsPicture:
    """Return the strips, the answers, and a sentence in place of each effect that is refused."""
    short = [effect for effect in wanted.effects if effect.id not in _LASTING]
    lasting = [effect for effect in wanted.effects if effect.id in _LASTING]
    parts = [
        _Part(request, wanted.only(*group), drivers, is_lasting=is_lasting)
        for group, is_lasting in ((short, False), (lasting, True))
        if group
    ]
    by_id = {name: part for part in parts for name in part.found.found}
    refusals = {name: why for part in parts for name, why in part.found.refused.items()}
    ordered = [effect for effect in wanted.effects if effect.id in by_id]
    return EffectsPicture(
        dosing=_dosing(request),
        strips=tuple(
            strip for effect in ordered if (strip := by_id[effect.id].strip(effect)) is not None
        ),
        abouts=tuple(by_id[effect.id].about(effect) for effect in ordered),
        refused=tuple(
            Refused(name=EFFECTS.get(name, name), sentence=str(why))
            for name, why in refusals.items()
        ),
        answers=answers(request, wanted, [(p.found, p.band) for p in parts], seed=_SEED),
    )


def _dosing(request: SimulationRequest) -> tuple[float, float]:
    doses = request.regimen.doses
    return min(dose.at for dose in doses) * _MIN, max(dose.ends for dose in doses) * _MIN


class _Part:
    """The effects that share a time axis."""

    def __init__(
        self,
        request: SimulationRequest,
        wanted: EffectsRequest,
        drivers: Sequence[PublishedModel],
        *,
        is_lasting: bool,
    ) -> None:
        until = max(request.until, LONG) if is_lasting else request.until
        self._wanted = wanted
        t = joint.band_times(request, until, count=_POINTS[is_lasting])
        around = joint.band_times(request, until, count=_BAND_POINTS[is_lasting])
        typical = joint.together(request, wanted, t, models=drivers)
        self.band = joint.bands_together(request, wanted, typical, around, seed=_SEED)
        self.found = _with_bands(typical, self.band)

    def strip(self, effect: Effect) -> Strip | None:
        """Return the strip of an effect; none where it is only a number."""
        outputs = _outputs(effect, self._wanted)
        if not outputs:
            return None
        data, band = self.found.found[effect.id], self.band[effect.id]
        return Strip(
            effect=effect.id,
            name=EFFECTS[effect.id],
            unit=_unit(data[outputs[0][0]]),
            minutes=tuple((data["time"].values * _MIN).tolist()),
            band_minutes=tuple((band["time"].values * _MIN).tolist()),
            courses=tuple(_course(effect, data, band, *one) for one in outputs),
            rule=_rule(effect, self._wanted),
            nature=str(data[outputs[0][0]].attrs.get("nature", "")),
            warnings=tuple(_warnings(effect, data)),
            spread=_spread(effect, data),
        )

    def about(self, effect: Effect) -> About:
        """Return what must stand beside an effect."""
        data, model = self.found.found[effect.id], self.found.drivers[effect.id]
        return About(
            effect=effect.id,
            name=EFFECTS.get(effect.id, effect.name),
            driver=model.name,
            site=model.site_text,
            confidence_level=effect.confidence_level.value,
            cautions=tuple(_without(effect.name, str(data.attrs["cautions"]).splitlines())),
            limits=effect.limits,
            not_for=effect.not_for,
            sources=tuple(cite(key) for key in (effect.source, *effect.also)),
        )


def _with_bands(typical: Together, band: Mapping[str, xr.Dataset]) -> Together:
    """Return what is predicted together with its band; what has none is refused."""
    lacking = [name for name in typical.found if name not in band]
    return Together(
        found={name: data for name, data in typical.found.items() if name in band},
        drivers=typical.drivers,
        refused={**typical.refused, **{name: _beyond(name) for name in lacking}},
    )


def _beyond(name: str) -> ContractError:
    return ContractError(
        EFFECTS.get(name, name), expected="levels that people reach within those it was studied at",
        got="higher ones in half of them", remedy="Leave the effect out, or lower the dose.",
    )  # fmt: skip


def _outputs(effect: Effect, wanted: EffectsRequest) -> tuple[tuple[str, str], ...]:
    """Return what is drawn of an effect, and the word at each line."""
    match effect.id:
        case "mood":
            return (("madrs", "drug"), ("madrs_control", "no drug"))
        case "pressure" if {"sbp", "dbp"} <= set(wanted.baseline):
            return (("sbp", "systolic"), ("dbp", "diastolic"))
        case "pressure":
            return (("sbp_change", "systolic"), ("dbp_change", "diastolic"))
        case "dissociation":
            return (("cadss", "CADSS"),)
        case "acute_pain" | "chronic_pain":
            kind = effect.id.removesuffix("_pain")
            has_baseline = "nrs" in wanted.baseline
            return ((f"nrs_{kind}", "NRS"),) if has_baseline else ((f"{kind}_relief", "relief"),)
    return ()


def _unit(values: xr.DataArray) -> str:
    unit = str(values.attrs["units"])
    return "%" if unit == "1" else unit


def _course(effect: Effect, data: xr.Dataset, band: xr.Dataset, output: str, name: str) -> Course:
    scale = 100.0 if _unit(data[output]) == "%" else 1.0
    edges = []
    doubts = _DOUBTS if effect.settings else ("people", "estimates")
    for doubt in () if output == "madrs_control" else doubts:
        low, high = band[output].sel(doubt=doubt).values * scale
        edges.append(Edges(doubt=doubt, low=tuple(low.tolist()), high=tuple(high.tolist())))
    values = tuple((data[output].values * scale).tolist())
    return Course(output=output, name=name, values=values, edges=tuple(edges))


def _rule(effect: Effect, wanted: EffectsRequest) -> float | None:
    match effect.id:
        case "pressure" if {"sbp", "dbp"} <= set(wanted.baseline):
            return wanted.sbp_limit
        case "dissociation":
            return wanted.leaving_cadss
    return None


def _warnings(effect: Effect, data: xr.Dataset) -> list[str]:
    said = str(data.attrs["cautions"])
    found = ["low confidence"] if effect.confidence_level is ConfidenceLevel.LOW else []
    if "extrapolated" in said:
        found.append("extrapolated")
    if f"calibrated on {effect.site} levels" in said:
        found.append(f"calibrated on {effect.site} levels")
    return found


def _spread(effect: Effect, data: xr.Dataset) -> str:
    """Return what the bands hold, and what they cannot."""
    model = models.published(str(data.attrs["model"]))
    levels = "how levels differ between people" if model.variability else ""
    own = "how people differ in the effect" if has_people(effect) else ""
    between = " and ".join(part for part in (levels, own) if part)
    outside = (
        f"with {between} as well" if between else "the same, as how people differ is not known"
    )
    trials = " Between them: with how trials differ as well." if effect.settings else ""
    # how people differ at one level, where that is not known, is said by the effect's cautions
    missing = "" if levels else " Not in it, because not known: how levels differ between people."
    return (
        "Bands, 5th to 95th percentile. Inner: how well the numbers are known."
        f"{trials} Outer: {outside}.{missing}"
    )


def _without(name: str, lines: Sequence[str]) -> list[str]:
    """Return cautions without the name of the effect they stand under, each a sentence."""
    rests = [line.removeprefix(f"{name}: ") for line in lines]
    return [rest[:1].upper() + rest[1:] for rest in rests]
