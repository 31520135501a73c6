"""The studies of an analysis as a page shows them: both groups, the effect, where each was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

from clinic.explore.evidence_bias import Bias, of_trial
from clinic.explore.evidence_words import CONTROLS
from clinic.explore.origins import STATUS_WORDS, Reference, reference
from ketherapy.evidence.analysis import Analysis
from ketherapy.evidence.effects import Effects, Measure
from ketherapy.evidence.questions import COUNTED, Question
from ketherapy.evidence.selection import Excluded
from ketherapy.evidence.selection import Study as Selected
from ketherapy.evidence.trials import Contrast, Design, Outcome, Result, Trial, trials
from ketherapy.evidence.windows import window_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Extent:
    """An effect with its interval, on the printed scale."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """The printed numbers of one group."""

    label: str
    people: int | None
    events: int | None = None
    mean: float | None = None
    sd: float | None = None
    se: float | None = None
    percent: float | None = None
    counted: str = "people"  # what the events are: people, or events or sessions of them
    remarks: tuple[str, ...] = ()  # how it was read, and what is said beside it


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One difference that a document prints without the groups it is made of."""

    trial: str
    label: str
    contrast: str
    outcome: str
    scale: str
    timepoint: str
    measure: str
    unit: str
    estimate: float
    low: float | None
    high: float | None
    se: float | None
    p: str
    status: str
    source: Reference
    locator: str
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Study:
    """One study of an analysis."""

    trial: str  # id, which is its address
    label: str
    year: int
    treated: tuple[Figures, ...]
    control: tuple[Figures, ...]
    persons: int | None  # different people; None where that is not printed
    effect: Extent | None  # None: dropped, or nothing was computed
    y: float | None  # on the analysis scale
    se: float | None
    weight: float | None  # 0 to 1
    timepoint: str
    scale: str
    definition: str
    design: str
    masking: str
    control_words: str
    bias: Bias
    note: str
    status: str
    source: Reference
    locator: str
    printed: Difference | None = None  # where only the difference of the groups is printed

    @property
    def people(self) -> tuple[int | None, int | None]:
        """Return how many people either side counts; None where that is not printed."""
        return _people(self.treated), _people(self.control)


@dataclass(frozen=True, kw_only=True, slots=True)
class Left:
    """One outcome that is not in the analysis, and why."""

    trial: str
    label: str
    outcome: str
    why: str


def _people(figures: tuple[Figures, ...]) -> int | None:
    known = [one.people for one in figures if one.people is not None]
    return sum(known) if known and len(known) == len(figures) else None


def studies(found: Analysis) -> tuple[Study, ...]:
    """Return every study, with its effect and its weight where it has one."""
    effects = list(_effects(found))
    return tuple(
        _study(study, effect) for study, effect in zip(found.studies, effects, strict=True)
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Effect:
    y: float
    se: float
    weight: float | None
    shown: Extent


def _effects(found: Analysis) -> Iterator[_Effect | None]:
    """Give the effect of each study; None of one that the measure cannot use."""
    at = 0
    for study in found.studies:
        computed = found.effects
        if computed is None or at >= computed.k or computed.labels[at] != study.label:
            yield None
            continue
        weight = None if found.pooled is None else float(found.pooled.weights[at])
        yield _effect(computed, at, found.choices.level, weight)
        at += 1


def _effect(effects: Effects, at: int, level: float, weight: float | None) -> _Effect:
    y, se = float(effects.y[at]), float(effects.se[at])
    return _Effect(y=y, se=se, weight=weight, shown=extent(effects.measure, y, se, level))


def extent(measure: Measure, y: float, se: float, level: float) -> Extent:
    """Return an effect of the analysis scale with its normal interval, as printed."""
    wide = NormalDist().inv_cdf(0.5 + 0.5 * level) * se
    estimate, low, high = (float(measure.shown(x)) for x in (y, y - wide, y + wide))
    return Extent(estimate=estimate, low=low, high=high)


def _study(study: Selected, effect: _Effect | None) -> Study:
    trial, outcome = study.trial, study.outcome
    return Study(
        trial=trial.id,
        label=study.label,
        year=trial.year,
        treated=tuple(figures(trial, outcome, arm) for arm in study.treated),
        control=tuple(figures(trial, outcome, arm) for arm in study.control),
        persons=study.persons,
        effect=effect.shown if effect else None,
        y=effect.y if effect else None,
        se=effect.se if effect else None,
        weight=effect.weight if effect else None,
        timepoint=outcome.timepoint,
        scale=outcome.scale,
        definition=outcome.definition,
        design=design_words(trial),
        masking=trial.masking.value,
        control_words=CONTROLS[trial.control],
        bias=of_trial(trial, outcome.id),
        note=outcome.note,
        status=STATUS_WORDS[study.status],
        source=reference(outcome.source),
        locator=outcome.locator,
        printed=None if study.contrast is None else difference(trial, study.contrast),
    )


def design_words(trial: Trial) -> str:
    """Return how people came to be treated; a design that was not read says so."""
    if trial.design is Design.AS_REVIEWED:
        return "as a review used it; its design was not read"
    return trial.design.value


def figures(trial: Trial, outcome: Outcome, arm: str) -> Figures:
    """Return the printed numbers of one group, with every remark on them.

    A group of which only its difference to another is printed has none.
    """
    if arm not in outcome.results:
        return Figures(label=trial.arms[arm].label, people=None)
    found = outcome.results[arm]
    return Figures(
        label=trial.arms[arm].label,
        people=found.n,
        events=found.events,
        mean=found.mean,
        sd=found.sd,
        se=found.se,
        percent=found.percent,
        counted=outcome.counted,
        remarks=tuple(_remarks(found)),
    )


def _remarks(found: Result) -> Iterator[str]:
    if found.dose or found.schedule:
        yield f"given here: {' '.join(part for part in (found.dose, found.schedule) if part)}"
    if found.how:
        yield found.how
    if found.note:
        yield found.note
    if found.status is not None:
        yield STATUS_WORDS[found.status]


def left_out(excluded: tuple[Excluded, ...]) -> tuple[Left, ...]:
    """Return what was looked at and does not enter, with the reason."""
    return tuple(
        Left(
            trial=one.trial.id,
            label=one.trial.name,
            outcome=outcome_line(one.outcome),
            why=one.why,
        )
        for one in excluded
    )


def outcome_line(outcome: Outcome) -> str:
    """Return an outcome in one line: what, by which scale, when, in whom."""
    parts = (outcome.outcome, outcome.scale, outcome.timepoint, outcome.part)
    return ", ".join(part for part in parts if part)


def differences(asked: Question) -> tuple[Difference, ...]:
    """Return the printed differences that fit a question and are not pooled."""
    return tuple(
        difference(trial, contrast)
        for trial in trials()
        if not asked.conditions or trial.condition in asked.conditions
        for contrast in trial.contrasts
        if _fits(trial, contrast, asked)
    )


def _fits(trial: Trial, contrast: Contrast, asked: Question) -> bool:
    window = window_of(contrast.at, contrast.timepoint)
    treated = trial.arms.get(contrast.treated)
    given = {arm.given for arm in trial.arms.values()} if treated is None else {treated.given}
    if asked.printed == "contrasts":  # they are the studies themselves, or excluded
        return False
    is_counted = contrast.kind in COUNTED
    return (
        contrast.about is asked.about
        and (contrast.kind is asked.kind if is_counted else asked.kind not in COUNTED)
        and (not asked.controls or trial.control in asked.controls)
        and (not asked.given or bool(given & set(asked.given)))
        and (not asked.windows or window.id in asked.windows)
        and contrast.part == asked.part
    )


def difference(trial: Trial, contrast: Contrast) -> Difference:
    """Return one printed difference as a page shows it."""
    return Difference(
        trial=trial.id,
        label=trial.name,
        contrast=contrast.contrast,
        outcome=contrast.outcome,
        scale=contrast.scale,
        timepoint=contrast.timepoint,
        measure=contrast.printed_measure,
        unit=contrast.unit,
        estimate=contrast.estimate,
        low=contrast.low,
        high=contrast.high,
        se=contrast.se,
        p=contrast.p,
        status=STATUS_WORDS[contrast.status],
        source=reference(contrast.source),
        locator=contrast.locator,
        note=contrast.note,
    )
