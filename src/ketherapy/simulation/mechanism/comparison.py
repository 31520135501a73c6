"""Ketamine and a reuptake inhibitor from minutes to weeks: what the body does, and mood.

The two lanes share a time axis and nothing else: their scores are points of two scales, and
neither is turned into the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ketherapy import units
from ketherapy.instruments.instrument import instrument
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.effects import catalog, conventional
from ketherapy.pharmacology.effects.catalog import Effect, Setting
from ketherapy.pharmacology.effects.conventional import Comparator, Conventional, Improvement
from ketherapy.simulation.band import band
from ketherapy.simulation.effects.bands import Doubt, bands
from ketherapy.simulation.effects.predict import effects
from ketherapy.simulation.effects.scope import Asked, kind_of_trial
from ketherapy.simulation.mechanism.course import (
    Course,
    Edges,
    Extent,
    Kind,
    Lane,
    Times,
    weakest,
)
from ketherapy.simulation.mechanism.offered import offered
from ketherapy.simulation.mechanism.question import Question
from ketherapy.simulation.moments import behind, distinct, input_edges
from ketherapy.simulation.solve import simulate
from ketherapy.sources import Cited

if TYPE_CHECKING:
    import xarray as xr

_SEED = 20260101  # the same draws each time: a band does not flicker
_DRAWS = 128
_DOUBTS = {Extent.ESTIMATES: Doubt.ESTIMATES, Extent.TRIALS: Doubt.TRIALS}
_CONTROLS = {  # what those without the drug were given, by the word of the setting
    "saline": "improvement on saline",
    "midazolam": "improvement on midazolam",
    "placebo spray": "improvement on placebo spray",
    "anaesthesia": "improvement under anaesthesia with saline",
    "open": "improvement without it",
}
_EVEN = 60  # even points on each stretch of the axis
# [h] What tables read: close at first, then by days and weeks.
READ = (0, 1 / 6, 2 / 6, 4 / 6, 1, 2, 4, 12, 24, 48, 72, 120, 168, 240, 336, 504, 672, 1008, 1344)


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Both lanes, and what must be said with them."""

    question: Question
    comparator: Comparator
    t: Times  # [h] after the first dose of either
    courses: tuple[Course, ...]
    model: PublishedModel  # of levels
    setting_text: str  # the kind of trial ketamine's mood is the average of
    baseline: float  # mean score there at the start [points]
    cautions: tuple[str, ...]
    limits: Mapping[Lane, tuple[str, ...]]

    def lane(self, lane: Lane) -> tuple[Course, ...]:
        """Return the courses of one lane, in the order of what they are courses of."""
        return tuple(course for course in self.courses if course.lane is lane)

    def sources(self, lane: Lane) -> tuple[str, ...]:
        """Return the ids of what one lane rests on, each once."""
        return tuple(dict.fromkeys(key for course in self.lane(lane) for key in course.sources))

    def course(self, key: str) -> Course:
        """Return the course with this key."""
        return next(course for course in self.courses if course.key == key)


def compare(question: Question) -> Comparison:
    """Return both lanes for ``question``, from the first dose to the end of the horizon.

    Units   t h; levels ng/mL, block and occupancy %, mood points better than at the start
    Source  ketherapy
    Errors  ContractError for an effect that cannot be predicted here, with the reason
    """
    found = conventional.comparator(offered().comparator)
    told = _told(question)
    about = conventional.conventional()
    said = told.typical.attrs
    return Comparison(
        question=question,
        comparator=found,
        t=told.t,
        courses=(_level(told), _block(told), *_mood(told), *_reuptake(found, told.t)),
        model=told.model,
        setting_text=told.trial.text,
        baseline=told.trial.M0.meant,
        cautions=_cautions(told),
        limits={
            Lane.KETAMINE: tuple(str(said["limits"]).splitlines()),
            Lane.REUPTAKE: (*about.limits, *filter(None, [found.not_known])),
        },
    )


def _cautions(told: _Told) -> tuple[str, ...]:
    levels = simulate(
        told.model, told.question.regimen, told.t, person=told.question.session.person
    )
    found = [*str(levels.attrs["cautions"]).splitlines()]
    found += str(told.typical.attrs["cautions"]).splitlines()
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Told:
    """What every course of the first lane needs."""

    question: Question
    trial: Setting
    t: Times
    typical: xr.Dataset  # of effects
    spread: xr.Dataset  # their bands, by doubt

    @property
    def model(self) -> PublishedModel:
        return self.question.session.models[0]

    def edges(self, name: str, extent: Extent) -> Edges:
        low, high = self.spread[name].sel(doubt=_DOUBTS[extent].value).values
        return Edges(low=low, high=high)


def _told(question: Question) -> _Told:
    model, regimen = question.session.models[0], question.regimen
    person, t = question.session.person, _times(question)
    asked = Asked(effects=catalog.asked("nmda_block,mood"), setting=question.setting)
    return _Told(
        question=question,
        trial=kind_of_trial(catalog.effect("mood"), question.setting),
        t=t,
        typical=effects(model, regimen, t, asked=asked, person=person),
        spread=bands(model, regimen, t, asked=asked, person=person, seed=_SEED, count=_DRAWS),
    )


def _times(question: Question) -> Times:
    ends = offered().ends
    starts = (0.0, *ends[:-1])
    even = [np.linspace(a, b, _EVEN + 1) for a, b in zip(starts, ends, strict=True)]
    model, person = question.session.models[0], question.session.person
    near = behind(input_edges(model, question.regimen, person), ends[-1], growth=2.0)
    return distinct(np.concatenate([*even, near, np.array(READ, float)]))


def _level(told: _Told) -> Course:
    model, regimen, person = told.model, told.question.regimen, told.question.session.person
    analyte, factor = regimen.drug.value, units.factor("mg/L", "ng/mL")
    values = simulate(model, regimen, told.t, person=person)[analyte].values * factor
    people = band(model, regimen, told.t, person=person, seed=_SEED)
    edges = {}
    if people is not None:
        low, high = people[analyte].values * factor
        edges[Extent.PEOPLE] = Edges(low=low, high=high)
    return Course(
        key="level", lane=Lane.KETAMINE, kind=Kind.LEVEL, name=f"{analyte} in {model.site_text}",
        unit="ng/mL", scale="", values=values, edges=edges, status=model.status.value,
        confidence=model.confidence_level.value,
        sources=(model.source,),
    )  # fmt: skip


def _block(told: _Told) -> Course:
    block = told.typical["nmda_block"]
    found = told.edges("nmda_block", Extent.ESTIMATES)
    percent = Edges(low=found.low * 100.0, high=found.high * 100.0)
    return Course(
        key="nmda_block", lane=Lane.KETAMINE, kind=Kind.TARGET, name=str(block.attrs["long_name"]),
        unit="%", scale="", values=block.values * 100.0, edges={Extent.ESTIMATES: percent},
        status=_status(catalog.effect("nmda_block")), sources=_behind("nmda_block"),
        confidence=catalog.effect("nmda_block").confidence_level.value,
    )  # fmt: skip


def _mood(told: _Told) -> tuple[Course, ...]:
    """Return the improvement of the setting with the drug, and in its control group."""
    return (
        _improvement(told, "madrs", "improvement with ketamine", tuple(_DOUBTS)),
        _improvement(told, "madrs_control", _CONTROLS[told.trial.control], (Extent.TRIALS,)),
    )


def _improvement(told: _Told, key: str, name: str, extents: tuple[Extent, ...]) -> Course:
    start = told.trial.M0.meant
    found = {extent: told.edges(key, extent) for extent in extents}
    # a higher score is worse: the edges of the improvement change places
    better = {e: Edges(low=start - f.high, high=start - f.low) for e, f in found.items()}
    return Course(
        key=key, lane=Lane.KETAMINE, kind=Kind.MOOD, name=name, unit="points",
        scale=instrument("madrs").name, values=start - told.typical[key].values, edges=better,
        is_without_drug=key == "madrs_control", sources=_behind("mood"),
        status=_status(catalog.effect("mood"), told.trial),
        confidence=catalog.effect("mood").confidence_level.value,
    )  # fmt: skip


def _status(effect: Effect, trial: Setting | None = None) -> str:
    own = (trial.p1, trial.p2, trial.M0, trial.overshoot) if trial else ()
    return weakest(effect.status, *effect.printed.values(), *(n for n in own if n is not None))


def _behind(effect_id: str) -> tuple[str, ...]:
    effect = catalog.effect(effect_id)
    return tuple(key for key in (effect.source, *effect.also) if key != "ketherapy")


def _reuptake(found: Comparator, t: Times) -> tuple[Course, ...]:
    about = conventional.conventional()
    return (_occupancy(found, t), *_of_scores(about, conventional.improvement(t)))


def _occupancy(found: Comparator, t: Times) -> Course:
    at = conventional.occupied(found, offered().comparator_dose.value, t)
    about = conventional.conventional()
    known = about.occupancy
    return Course(
        key="occupancy", lane=Lane.REUPTAKE, kind=Kind.TARGET,
        name="serotonin transporters occupied", unit="%", scale="", values=at.typical * 100.0,
        edges={Extent.DRUGS: Edges(low=at.low * 100.0, high=at.high * 100.0)},
        status=weakest(about.status, known.maximum, known.at_minimum_dose, known.t_half_rise),
        sources=_named(known.at_minimum_dose, also=(found.source,)),
    )  # fmt: skip


def _of_scores(about: Conventional, better: Improvement) -> tuple[Course, ...]:
    score, scale = about.score, instrument(about.instrument).name
    on_placebo = (score.placebo, score.tau_placebo)
    drug = Course(
        key="hamd17", lane=Lane.REUPTAKE, kind=Kind.MOOD, name="improvement with the drug",
        unit="points", scale=scale, values=better.drug,
        edges={Extent.INTERVAL: Edges(low=better.drug_low, high=better.drug_high)},
        status=weakest(about.status, *on_placebo, score.difference, score.tau_difference),
        sources=_named(score.tau_difference, also=(about.source,)),
    )  # fmt: skip
    placebo = Course(
        key="hamd17_placebo", lane=Lane.REUPTAKE, kind=Kind.MOOD, name="improvement on placebo",
        unit="points", scale=scale, values=better.placebo, is_without_drug=True,
        status=weakest(about.status, *on_placebo),
        sources=_named(score.tau_placebo, also=(about.source,)),
    )  # fmt: skip
    return drug, placebo


def _named(number: Cited, *, also: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for key in (*also, number.source) if key))
