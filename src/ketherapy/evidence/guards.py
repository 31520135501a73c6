"""What speaks against pooling some studies: refused where the result would mislead, else said.

A published synthesis is shown as its authors made it: there every refusal is a warning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import median

from ketherapy.evidence.conventions import conventions
from ketherapy.evidence.effects import Measure
from ketherapy.evidence.questions import COUNTED
from ketherapy.evidence.selection import Study
from ketherapy.evidence.trials import Design, Given, Kind, Outcome, trials


class Verdict(StrEnum):
    """What a flag does to a synthesis."""

    REFUSE = "refuse"
    WARN = "warn"


@dataclass(frozen=True, kw_only=True, slots=True)
class Flag:
    """One thing that speaks against a synthesis."""

    rule: str
    verdict: Verdict
    sentence: str


TOPICAL = "topical"

Guard = Callable[[Sequence[Study], Measure], Flag | None]


def flags(
    studies: Sequence[Study], measure: Measure, *, is_published: bool = False
) -> tuple[Flag, ...]:
    """Return everything that speaks against pooling these studies, refusals first.

    Source  ketherapy
    """
    found = [flag for guard in GUARDS if (flag := guard(studies, measure)) is not None]
    if is_published:
        found = [replace(flag, verdict=Verdict.WARN) for flag in found]
    return tuple(sorted(found, key=lambda flag: flag.verdict is not Verdict.REFUSE))


def mixed_controls(studies: Sequence[Study], _measure: Measure) -> Flag | None:
    """Refuse controls that are not alike to who gets them: felt, not felt, a treatment itself."""
    kinds = {study.trial.control for study in studies}
    told = ", ".join(sorted(kinds))
    if len({kind.group for kind in kinds}) > 1:
        return _refuse("mixed_controls", f"Controls that are not alike ({told}): pool them apart.")
    if len(kinds) > 1:
        return _warn("mixed_controls", f"Different controls together: {told}.")
    return None


def mixed_drugs(studies: Sequence[Study], _measure: Measure) -> Flag | None:
    """Refuse another drug beside ketamine; say where racemate and S-ketamine stand together."""
    arms = [study.trial.arms[arm] for study in studies for arm in study.treated]
    others = {arm.drug for arm in arms if arm.given is Given.OTHER}
    given = {arm.given for arm in arms}
    if others and (len(others) > 1 or len(given) > 1):
        told = ", ".join(sorted({arm.drug for arm in arms}))
        return _refuse("mixed_drugs", f"Different drugs ({told}): pool them apart.")
    if len(given) > 1:
        return _warn("mixed_drugs", "Ketamine and its S-form together.")
    return None


def mixed_routes(studies: Sequence[Study], _measure: Measure) -> Flag | None:
    """Refuse a cream beside what reaches the whole body; say where other routes are mixed."""
    routes = {
        route
        for study in studies
        for arm in study.treated
        if (route := study.trial.arms[arm].route)
    }
    if len(routes) < 2:
        return None
    told = f"Given in different ways: {', '.join(sorted(routes))}."
    return _refuse("mixed_routes", told) if TOPICAL in routes else _warn("mixed_routes", told)


def mixed_times(studies: Sequence[Study], _measure: Measure) -> Flag | None:
    """Refuse times of which the latest is far beyond the earliest; say so where they differ."""
    hours = [study.outcome.at for study in studies]
    words = {study.outcome.timepoint for study in studies}
    known = [at for at in hours if at is not None]
    if len(known) == len(hours):
        if len(set(known)) < 2:
            return None
        if max(known) <= conventions().time_ratio.value * min(known):
            return _warn("mixed_times", f"The times differ: {', '.join(sorted(words))}.")
    elif len(words) < 2:
        return None
    return _refuse("mixed_times", f"The times cannot be one: {', '.join(sorted(words))}.")


def mixed_thresholds(studies: Sequence[Study], _measure: Measure) -> Flag | None:
    """Refuse people who were counted by different limits; where none is read, by other words."""
    counted = [study.outcome for study in studies if study.outcome.kind in COUNTED]
    if len({_limit(outcome) for outcome in counted}) < 2:
        return None
    told = sorted({outcome.definition or outcome.outcome for outcome in counted})
    return _refuse("mixed_thresholds", f"Counted by different limits: {'; '.join(told)}.")


def _limit(outcome: Outcome) -> tuple[object, ...]:
    if outcome.drop is None and outcome.at_most is None:
        return (outcome.definition or outcome.outcome,)
    return (outcome.drop, outcome.at_most)


def mixed_scales(studies: Sequence[Study], measure: Measure) -> Flag | None:
    """Refuse points of different scales in one difference; say so where people are counted."""
    scales = {study.outcome.scale or study.outcome.outcome for study in studies}
    if len(scales) < 2:
        return None
    told = ", ".join(sorted(scales))
    if measure in (Measure.MD, Measure.ROM):
        return _refuse("mixed_scales", f"Points of different scales ({told}): use the SMD.")
    return _warn("mixed_scales", f"Judged by different scales: {told}.")


def mixed_kinds(studies: Sequence[Study], measure: Measure) -> Flag | None:
    """Refuse changes beside scores in standard deviations; say so of a plain difference."""
    kinds = {study.outcome.kind for study in studies}
    if not {Kind.SCORE, Kind.CHANGE} <= kinds:
        return None
    told = "Scores and changes from the beginning together."
    return _warn("mixed_kinds", told) if measure is Measure.MD else _refuse("mixed_kinds", told)


def any_time(studies: Sequence[Study], _measure: Measure) -> Flag | None:
    """Refuse 'at any time' beside a fixed time; say so where it stands alone."""
    loose = [study for study in studies if study.outcome.kind is Kind.ANY_TIME]
    if not loose:
        return None
    if len(loose) < len(studies):
        return _refuse("any_time", f"{_names(loose)}: counted at any time, the others at one.")
    return _warn("any_time", "Counted at any time: more people qualify than at one time.")


def same_people(studies: Sequence[Study], _measure: Measure) -> Flag | None:
    """Refuse to count the same people twice: a shared control, a part and its whole, one cohort."""
    used = Counter(
        (study.trial.id, study.outcome.part, arm)
        for study in studies
        for arm in (*study.treated, *study.control)
    )
    parts = {(study.trial.id, study.outcome.part) for study in studies}
    whole = {trial for trial, part in parts if not part}
    twice = {trial for (trial, _, _), times in used.items() if times > 1}
    twice |= {trial for trial, part in parts if part and trial in whole}
    if twice:
        return _refuse("same_people", f"{', '.join(sorted(twice))}: people would count twice.")
    cohorts = Counter(trial.cohort for trial in {s.trial.id: s.trial for s in studies}.values())
    if shared := sorted(one for one, times in cohorts.items() if one and times > 1):
        return _refuse("same_people", f"Trials may share people: registered as {shared[0]}.")
    return None


def enriched(studies: Sequence[Study], _measure: Measure) -> Flag | None:
    """Refuse withdrawal designs beside others: only those who had done well were randomised."""
    late = [study for study in studies if study.trial.design is Design.WITHDRAWAL]
    if not late:
        return None
    if len(late) < len(studies):
        return _refuse("enriched", f"{_names(late)}: only those who had done well took part.")
    return _warn("enriched", "Only people who had done well before took part.")


def paired(studies: Sequence[Study], _measure: Measure) -> Flag | None:
    """Say where a crossover stands as if its two periods were two groups."""
    found = [study for study in studies if study.trial.design is Design.CROSSOVER]
    if not found:
        return None
    return _warn(
        "paired", f"{_names(found)}: a crossover counted as two groups of different people."
    )


def no_spread(studies: Sequence[Study], _measure: Measure) -> Flag | None:
    """Refuse a deviation that is likely a standard error: a third of the others' and less."""
    wrong = [study for study in studies if _looks_like_an_error(study)]
    if not wrong:
        return None
    return _refuse("se_as_sd", f"{_names(wrong)}: the deviation looks like a standard error.")


def nobody(studies: Sequence[Study], _measure: Measure) -> Flag | None:
    """Refuse counts where nobody had the event anywhere: there is nothing to compare."""
    counted = [study for study in studies if study.contrast is None]
    if not counted or any(study.outcome.kind not in COUNTED for study in counted):
        return None
    sides = [count.read()[0].sum() for study in counted for count in study.counts()]
    if sum(sides) > 0:
        return None
    return _refuse("no_events", "Nobody had the event in any group: show the counts.")


def single(studies: Sequence[Study], _measure: Measure) -> Flag | None:
    """Say where one trial is all there is."""
    if len(studies) != 1:
        return None
    return _warn("single", "One trial: nothing is pooled, and how trials differ is not known.")


def adjusted(studies: Sequence[Study], _measure: Measure) -> Flag | None:
    """Refuse adjusted differences beside raw means; say so where all are adjusted."""
    found = [study for study in studies if study.contrast is not None]
    if not found:
        return None
    if len(found) < len(studies):
        return _refuse("adjusted", f"{_names(found)}: adjusted by a model, the others are raw.")
    return _warn("adjusted", "Differences as printed, adjusted by each trial's own model.")


GUARDS: tuple[Guard, ...] = (
    mixed_controls, mixed_drugs, mixed_routes, mixed_kinds, mixed_times, mixed_thresholds,
    mixed_scales, any_time, same_people, enriched, adjusted, paired, no_spread, nobody, single,
)  # fmt: skip


def usual_deviation(scale: str) -> float | None:
    """Return the median printed deviation of a scale over all trials, or None for too few.

    Units   points of the scale
    Source  ketherapy
    """
    found = [
        result.sd
        for trial in trials()
        for outcome in trial.outcomes
        if outcome.scale == scale and scale
        for result in outcome.results.values()
        if result.sd is not None
    ]
    return median(found) if len(found) >= int(conventions().deviations.value) else None


def looks_like_an_error(sd: float, n: int, scale: str) -> bool:
    """Return whether a printed deviation is so small that it is likely a standard error.

    Units   sd in points of the scale
    Source  ketherapy
    """
    usual = usual_deviation(scale)
    if usual is None:
        return False
    limits = conventions()
    fits = limits.error_fit.value
    return sd < limits.small_deviation.value * usual and usual / fits < sd * n**0.5 < usual * fits


def _looks_like_an_error(study: Study) -> bool:
    arms = () if study.contrast is not None else (*study.treated, *study.control)
    results = [study.outcome.results[arm] for arm in arms]
    return any(
        one.sd is not None and one.n is not None and one.mean is not None
        and looks_like_an_error(one.sd, one.n, study.outcome.scale)
        for one in results
    )  # fmt: skip


def _names(studies: Sequence[Study]) -> str:
    return ", ".join(study.label for study in studies)


def _refuse(rule: str, sentence: str) -> Flag:
    return Flag(rule=rule, verdict=Verdict.REFUSE, sentence=sentence)


def _warn(rule: str, sentence: str) -> Flag:
    return Flag(rule=rule, verdict=Verdict.WARN, sentence=sentence)
