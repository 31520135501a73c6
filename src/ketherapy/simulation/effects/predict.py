"""The effects of one regimen, labelled: beside each curve what it is, whence, and its limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.compartments import Array, Param
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.catalog import Effect
from ketherapy.pharmacology.effects.structures import (
    HALVES,
    AbstractAcuteEffect,
    AbstractEffect,
    Dissociation,
    Mood,
    ReceptorBlock,
    Sedation,
)
from ketherapy.regimen import Regimen, dose_text
from ketherapy.simulation import domain
from ketherapy.simulation.effects import courses, mood, scope, sessions
from ketherapy.simulation.effects.conventions import horizon_end
from ketherapy.simulation.effects.courses import Drive, Sampled
from ketherapy.simulation.effects.reference import reference_area
from ketherapy.simulation.effects.scope import Asked
from ketherapy.simulation.effects.upstream import Upstream, upstream
from ketherapy.simulation.solve import ENGINE
from ketherapy.sources import cite

if TYPE_CHECKING:
    import xarray as xr

Numbers = Mapping[str, Mapping[str, Param]]  # by effect id


@dataclass(frozen=True, kw_only=True, slots=True)
class _Told:
    """What every output of one computation needs."""

    up: Upstream
    whole: Sampled  # every session up to its highest level, whatever times are asked for
    samples: Sampled
    drive: Drive | None
    t: Float[np.ndarray, " time"]
    asked: Asked
    person: Person


def effects(
    model: PublishedModel,
    regimen: Regimen,
    t: Float[np.ndarray, " time"],
    *,
    asked: Asked,
    person: Person | None = None,
    eta: Mapping[str, Param] | None = None,
    numbers: Numbers | None = None,
) -> xr.Dataset:
    """Return the predicted effects of ``regimen``, the drug's levels driving them.

    ``numbers`` stand in place of the typical ones of an effect: draws of them, arrays over
    patients. Mood is the mean of a kind of trial, not of this person. A level that is too high
    refuses a dose, not somebody at the edge of a population: it is that of ``person`` without
    ``eta``; of many, the middle one. ``people_beyond`` of the result says
    how many of the people simulated are beyond it.

    Shapes  each variable is (*patients, time)
    Units   t h; results as each variable says
    Source  ketherapy
    Errors  ContractError for an effect that cannot be predicted here, with the reason
    """
    return effects_and_highest(
        model, regimen, t, asked=asked, person=person, eta=eta, numbers=numbers
    )[0]


def effects_and_highest(
    model: PublishedModel,
    regimen: Regimen,
    t: Float[np.ndarray, " time"],
    *,
    asked: Asked,
    person: Person | None = None,
    eta: Mapping[str, Param] | None = None,
    numbers: Numbers | None = None,
    typical: Person | None = None,
    times: Param = 1.0,
) -> tuple[xr.Dataset, Array]:
    """Return what ``effects`` returns, and the highest S-ketamine level of each person.

    Whether a level is too high is decided by ``typical``, where others decide than are simulated.
    Each dose is ``times`` as large: of one number, or of one for each person.

    Units   t h; times 1; levels mg/L; results as each variable says
    Source  ketherapy
    Errors  ContractError for an effect that cannot be predicted here, with the reason
    """
    person, t = person or Person(), _times(t)
    for effect in asked.effects:
        if why := scope.refusal(effect, model, regimen, asked):
            raise why
    up = upstream(model, regimen, person=person, eta=eta, times=times)
    structures = _structures(asked, numbers or {})
    drive = _drive(structures, model, person)
    whole = courses.sampled(up, horizon_end(up.edges))
    samples = _reaching(whole, up, t, drive=drive)
    told = _Told(up=up, whole=whole, samples=samples, drive=drive, t=t, asked=asked, person=person)
    highest = highest_typical(model, regimen, person=typical or person, times=times)
    found: dict[str, tuple[Effect, Array]] = {}
    for effect in asked.effects:
        if why := scope.too_high(effect, highest):
            raise why
        for name, values in _outputs(effect, structures[effect.id], told).items():
            found[name] = (effect, values)
    data = _labelled(found, told, highest=highest)
    levels = _highest(up, whole)
    return data.assign_attrs(people_beyond=_people_beyond(asked, levels)), levels


def _structures(asked: Asked, numbers: Numbers) -> dict[str, AbstractEffect]:
    wanted = {effect.id: effect for effect in asked.effects}
    if "mood" in wanted:
        wanted.setdefault("nmda_block", catalog.effect("nmda_block"))
    return {
        key: catalog.structure(effect, numbers.get(key, catalog.typical(effect)))
        for key, effect in wanted.items()
    }


def _reaching(
    whole: Sampled, up: Upstream, t: Float[np.ndarray, " time"], *, drive: Drive | None
) -> Sampled:
    """Return samples that hold every time asked for, and resolve the links to mood if driven."""
    last = float(np.max(t)) + 1e-6
    if drive is None and last <= whole.over.end:
        return whole
    return courses.sampled(up, max(last, whole.over.end), drive=drive)


def _times(t: np.ndarray) -> np.ndarray:
    if t.size == 0 or not np.all(np.isfinite(t) & (t >= 0.0)):
        raise ContractError(
            "times", expected="finite hours from zero on", got=t, remedy="Correct them."
        )
    return t


def highest_levels(
    model: PublishedModel,
    regimen: Regimen,
    *,
    person: Person,
    eta: Mapping[str, Param] | None = None,
    times: Param = 1.0,
) -> Array:
    """Return the highest S-ketamine level of each person, however far somebody looks.

    Units   times 1; result mg/L
    Source  ketherapy
    """
    up = upstream(model, regimen, person=person, eta=eta, times=times)
    return _highest(up, courses.sampled(up, horizon_end(up.edges)))


def highest_typical(
    model: PublishedModel, regimen: Regimen, *, person: Person, times: Param = 1.0
) -> float:
    """Return the highest S-ketamine level of a person without deviations; of many, the middle one.

    Units   times 1; result mg/L
    Source  ketherapy
    """
    return float(np.median(highest_levels(model, regimen, person=person, times=times)))


def _highest(up: Upstream, whole: Sampled) -> Array:
    if HALVES[0] not in whole.levels:
        return np.zeros(1)
    # at the nodes, and at the edges, where a dose at once is highest
    inside = np.reshape(whole.levels[HALVES[0]], (-1, whole.over.nodes.size))
    edges = np.atleast_2d(up.levels(up.edges)[HALVES[0]])
    return np.maximum(inside.max(axis=-1), edges.max(axis=-1))


def _people_beyond(asked: Asked, highest: Array) -> str:
    """Return in a line for each effect how many people are beyond it; nothing for one person."""
    if highest.size == 1:
        return ""
    return "\n".join(beyond_lines(asked, beyond(asked, highest), highest.size))


def beyond(asked: Asked, highest: Array) -> dict[str, int]:
    """Return how many people have a level above those that an effect rests on, by its id.

    Units   highest mg/L
    Source  ketherapy
    """
    return {
        effect.id: sum(scope.is_above(effect, float(level)) for level in highest)
        for effect in asked.effects
        if effect.level is not None
    }


def beyond_lines(asked: Asked, counts: Mapping[str, int], n: int) -> list[str]:
    """Return a sentence for each effect that some of ``n`` people are beyond."""
    return [
        f"{effect.name}: {units.shown(100.0 * counts[effect.id] / n)} % of the people simulated"
        f" ({counts[effect.id]} of {n}) reach S-ketamine levels above"
        f" {units.shown(effect.level.high)} {effect.level.unit}; it was not studied there."
        for effect in asked.effects
        if effect.level is not None and counts.get(effect.id)
    ]


def _drive(
    structures: Mapping[str, AbstractEffect], model: PublishedModel, person: Person
) -> Drive | None:
    found, block = structures.get("mood"), structures.get("nmda_block")
    if not isinstance(found, Mood) or not isinstance(block, ReceptorBlock):
        return None
    return Drive(block=block, mood=found, session=reference_area(model, person, block=block))


def _outputs(effect: Effect, structure: AbstractEffect, told: _Told) -> dict[str, Array]:
    """Return the outputs of one effect by name, those from a baseline among them."""
    match structure:
        case ReceptorBlock():
            return {"nmda_block": courses.blocked(told.up, told.t, block=structure)}
        case Mood():
            return _mood(effect, structure, told)
        case Sedation():
            return {"sedation_chance": _sedation(structure, told)}
        case Dissociation():
            return _dissociation(structure, told)
        case AbstractAcuteEffect():
            found = courses.acute(told.up, told.samples, told.t, effect=structure)
            return found | _from_baseline(found, told.asked.baseline)
    raise TypeError(structure)


def _mood(effect: Effect, structure: Mood, told: _Told) -> dict[str, Array]:
    assert told.drive is not None
    trial = scope.kind_of_trial(effect, told.asked.setting)
    baseline = told.asked.baseline.get("madrs", trial.M0.meant)
    R = np.asarray(courses.drug_share(told.samples, told.t, drive=told.drive))
    p = np.asarray(mood.placebo(told.t, setting=trial, mood=structure))
    return {
        "madrs": np.asarray(mood.scores(baseline, p, R)),
        "madrs_control": np.asarray(mood.scores(baseline, p, np.zeros_like(R))),
        "mood_drug_fraction": R,
    }


def _dissociation(structure: Dissociation, told: _Told) -> dict[str, Array]:
    found = courses.acute(told.up, told.samples, told.t, effect=structure)
    worn = sessions.worn(sessions.number(told.up.regimen, told.t), f=structure.f, n0=structure.n0)
    return {"high": found["high"], "cadss": found["cadss"] * worn}


def _sedation(structure: Sedation, told: _Told) -> Array:
    """Return the chance of the session that each time belongs to."""
    nodes = told.whole.over.nodes.ravel()
    Ce = courses.site(told.up, told.whole, nodes, t_half_ke0=structure.t_half_ke0)
    highest = sessions.highest(np.asarray(Ce), sessions.number(told.up.regimen, nodes))
    now = sessions.number(told.up.regimen, told.t)
    wide = replace(
        structure,
        **{
            name: np.asarray(value)[:, None] if np.ndim(value) else value
            for name in ("intercept", "slope", "reference")
            for value in [getattr(structure, name)]
        },
    )
    chance = courses.sedation_chance(highest, effect=wide)
    return np.where(now > 0, chance[..., np.maximum(now - 1, 0)], 0.0)


# What a baseline turns into the thing itself: output, baseline it needs, rise or share taken away.
_ABSOLUTE = {
    "sbp_change": ("sbp", "sbp"),
    "dbp_change": ("dbp", "dbp"),
    "hr_change": ("hr", "hr"),
    "acute_relief": ("nrs", "nrs_acute"),
    "chronic_relief": ("nrs", "nrs_chronic"),
}


def _from_baseline(found: Mapping[str, Array], baseline: Mapping[str, float]) -> dict[str, Array]:
    out = {}
    for name, (sign, absolute) in _ABSOLUTE.items():
        if name in found and sign in baseline:
            is_share = sign == "nrs"
            out[absolute] = (
                baseline[sign] * (1.0 - found[name]) if is_share else baseline[sign] + found[name]
            )
    return out


def _labelled(
    found: Mapping[str, tuple[Effect, Array]], told: _Told, *, highest: float
) -> xr.Dataset:
    import xarray as xr

    variables = {
        name: (_dims(values), values, _said(name, effect, told.asked))
        for name, (effect, values) in found.items()
    }
    hours = {"units": "h", "long_name": "time since the start of the regimen"}
    data = xr.Dataset(variables, coords={"time": ("time", told.t, hours)})
    return data.assign_attrs(_provenance(told, highest))


def _dims(values: Array) -> tuple[str, ...]:
    return ("patient", "time") if np.ndim(values) == 2 else ("time",)


def _said(name: str, effect: Effect, asked: Asked) -> dict[str, str]:
    output = effect.outputs[name]
    said = {
        "units": output.unit,
        "long_name": output.name,
        "effect": effect.id,
        "status": effect.status.value,
        "confidence": effect.confidence_level.value,
        "instrument": output.instrument,
    }
    if effect.settings:
        trial = scope.kind_of_trial(effect, asked.setting)
        said["nature"] = f"average of a trial setting, not this person: {trial.text}"
    return said


def _provenance(told: _Told, highest: float) -> dict[str, str]:
    up, asked = told.up, told.asked
    keys = [key for e in asked.effects for key in (e.source, *e.also)]
    said = [
        line
        for effect in asked.effects
        for line in scope.cautions(
            effect,
            up.model,
            up.regimen,
            is_split=up.is_split,
            highest=highest,
            asked=asked,
            person=told.person,
        )
    ]
    return {
        "model": up.model.id,
        "effects": ", ".join(effect.id for effect in asked.effects),
        "setting": asked.setting or "",
        "regimen": "; ".join(f"{dose_text(d)} at {d.at:g} h" for d in up.regimen.doses),
        "sampling_site": up.model.site_text,
        "cautions": "\n".join(dict.fromkeys(said)),
        "model_cautions": "\n".join(
            domain.cautions(up.model, up.regimen, person=told.person, until=float(np.max(told.t)))
        ),
        "limits": "\n".join(f"{e.name}: {line}" for e in asked.effects for line in e.limits),
        "sources": "\n".join(cite(key) for key in dict.fromkeys([*keys, up.model.source])),
        "engine": ENGINE,
        "nature": "predicted, not measured; a simulation, not a dose order",
    }
