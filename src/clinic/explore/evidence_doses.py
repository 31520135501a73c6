"""The doses of an answer: each against its own control, and the line through those in mg."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clinic.explore.evidence_studies import Extent, Figures, extent, figures
from ketherapy.evidence.analysis import Analysis, effects_of
from ketherapy.evidence.dose_response import DoseTrial, dose_counts, dose_response, own_slopes
from ketherapy.evidence.effects import Counts, Measure
from ketherapy.evidence.selection import Study as Selected
from ketherapy.evidence.trials import Design

_MG = re.compile(r"(\d+(?:\.\d+)?) mg")  # the whole of a dose: never mg/kg, nor a range
_PLACES = 15  # of the line; it is straight on the scale of the analysis


@dataclass(frozen=True, kw_only=True, slots=True)
class DoseRow:
    """One dose of a trial with several, against the control they share."""

    trial: str
    label: str
    dose: str
    treated: Figures
    control: tuple[Figures, ...]
    effect: Extent


@dataclass(frozen=True, kw_only=True, slots=True)
class DosePoint:
    """One dose in mg of one trial, its own effect, and its share of the whole weight."""

    label: str
    dose: float  # [mg]
    people: tuple[int, int]  # treated and control; the control is the same for each dose
    effect: Extent
    weight: float  # 0 to 1, by the variance of its own effect


@dataclass(frozen=True, kw_only=True, slots=True)
class DoseLine:
    """A line through the control at no dose, and where it lies within the doses given."""

    k: int  # trials
    points: tuple[DosePoint, ...]
    fit: tuple[tuple[float, Extent], ...]  # dose [mg] and effect against control


def doses(found: Analysis) -> tuple[DoseRow, ...]:
    """Return each dose of the trials that gave several, against the same control group."""
    return tuple(
        _dose_row(found, study, arm) for study in _with_several(found) for arm in study.treated
    )


def _with_several(found: Analysis) -> list[Selected]:
    told = [[study.trial.arms[arm].dose for arm in study.treated] for study in found.studies]
    return [
        study
        for study, given in zip(found.studies, told, strict=True)
        if len(set(given)) > 1 and all(given)
    ]


def _dose_row(found: Analysis, study: Selected, arm: str) -> DoseRow:
    return DoseRow(
        trial=study.trial.id,
        label=study.label,
        dose=study.trial.arms[arm].dose,
        treated=figures(study.trial, study.outcome, arm),
        control=tuple(figures(study.trial, study.outcome, one) for one in study.control),
        effect=_against_control(found, study, arm)[0],
    )


def _alone(study: Selected, arm: str) -> Selected:
    return Selected(trial=study.trial, outcome=study.outcome, treated=(arm,), control=study.control)


def _against_control(found: Analysis, study: Selected, arm: str) -> tuple[Extent, float]:
    """Return the effect of one dose, and its standard error on the analysis scale."""
    effects = effects_of((_alone(study, arm),), found.measure)
    y, se = float(effects.y[0]), float(effects.se[0])
    return extent(found.measure, y, se, found.choices.level), se


def dose_line(found: Analysis) -> DoseLine | None:
    """Return the dose-response of counted people; None where no line can be drawn.

    A line needs a trial with at least two doses printed in mg, of one drug by one route, and a
    measure whose covariance is known (risk or odds ratio).
    """
    if found.measure not in (Measure.RR, Measure.OR):
        return None
    studies = [study for study in _with_several(found) if _is_in_mg(study)]
    if len({_drug(study, arm) for study in studies for arm in study.treated}) != 1:
        return None
    return DoseLine(
        k=len(studies),
        points=_points(found, studies),
        fit=_fit(found, [_dose_trial(found.measure, study) for study in studies]),
    )


def _is_in_mg(study: Selected) -> bool:
    """Return whether every group got a dose in mg as planned, and people were counted in it."""
    results = [study.outcome.results.get(arm) for arm in study.treated]
    return (
        study.contrast is None
        and study.trial.design is not Design.CROSSOVER  # its groups are the same people
        and study.outcome.counted == "people"
        and all(_MG.fullmatch(study.trial.arms[arm].dose) for arm in study.treated)
        and all(one is not None and not one.dose and not one.schedule for one in results)
        and all(0.0 < events < n for events, n in _counts(study))
    )


def _drug(study: Selected, arm: str) -> tuple[str, str, str, str]:
    one = study.trial.arms[arm]
    return str(one.given), one.drug, one.route, one.schedule


def _mg(study: Selected, arm: str) -> float:
    return float(study.trial.arms[arm].dose.removesuffix(" mg"))


def _counts(study: Selected) -> list[tuple[float, float]]:
    """Return events and people of the control, then of each dose."""
    _, control = study.counts()
    sides = (control, *(_alone(study, arm).counts()[0] for arm in study.treated))
    return [(float(np.sum(one.events)), float(np.sum(one.n))) for one in sides]


def _dose_trial(measure: Measure, study: Selected) -> DoseTrial:
    events, n = zip(*_counts(study), strict=True)
    mg = [0.0, *(_mg(study, arm) for arm in study.treated)]
    return dose_counts(study.label, measure, Counts(list(events), list(n)), mg)


def _points(found: Analysis, studies: Sequence[Selected]) -> tuple[DosePoint, ...]:
    arms = [(study, arm) for study in studies for arm in study.treated]
    each = [_against_control(found, study, arm) for study, arm in arms]
    whole = sum(se**-2 for _, se in each)
    return tuple(
        DosePoint(
            label=study.label,
            dose=_mg(study, arm),
            people=_alone(study, arm).people,
            effect=effect,
            weight=se**-2 / whole,
        )
        for (study, arm), (effect, se) in zip(arms, each, strict=True)
    )


def _fit(found: Analysis, trials: Sequence[DoseTrial]) -> tuple[tuple[float, Extent], ...]:
    """Return the line between the lowest and the highest dose that anybody was given."""
    given = np.concatenate([trial.doses for trial in trials])
    # Both ends as printed: a step may round past the highest dose, where no line is drawn.
    inner = np.linspace(given.min(), given.max(), _PLACES)[1:-1]
    places = [float(given.min()), *map(float, inner), float(given.max())]
    if len(trials) == 1:
        return _own_line(found, trials[0], places)
    choices = found.choices
    pooled = dose_response(
        trials, tau2=choices.tau2, interval=choices.interval, level=choices.level
    )
    ends = [pooled.effect(mg) for mg in places]
    return tuple(
        (mg, Extent(estimate=estimate, low=low, high=high))
        for mg, (estimate, low, high) in zip(places, ends, strict=True)
    )


def _own_line(
    found: Analysis, trial: DoseTrial, places: Sequence[float]
) -> tuple[tuple[float, Extent], ...]:
    """Return the line of one trial with its normal interval: one trial has no spread to pool."""
    slope = own_slopes([trial])
    y, se = float(slope.y[0]), float(slope.se[0])
    return tuple((mg, extent(found.measure, mg * y, mg * se, found.choices.level)) for mg in places)
