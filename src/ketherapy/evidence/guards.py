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
from ketherapy.evidence.selection import COUNTED, Study
from ketherapy.evidence.trials import Control, Design, Kind, trials


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
    """Refuse midazolam together with what is not felt: people guess what they got from it."""
    kinds = {study.trial.control for study in studies}
    if Control.MIDAZOLAM in kinds and len(kinds) > 1:
        others = ", ".join(sorted(kinds - {Control.MIDAZOLAM}))
        return _refuse("mixed_controls", f"Midazolam is felt and {others} is not: pool them apart.")
    if len(kinds) > 1:
        return _warn("mixed_controls", f"Different controls together: {', '.join(sorted(kinds))}.")
    return None


def mixed_times(studies: Sequence[Study], _measure: Measure) -> Flag | None:
    """Refuse times of which the latest is far beyond the earliest; say so where they differ."""
    words = {study.outcome.timepoint for study in studies}
    if len(words) < 2:
        return None
    hours = [study.outcome.at for study in studies]
    known = [at for at in hours if at is not None]
    told = ", ".join(sorted(words))
    if len(known) == len(hours) and max(known) <= conventions().time_ratio.value * min(known):
        return _warn("mixed_times", f"The times differ: {told}.")
    return _refuse("mixed_times", f"The times cannot be looked at as one: {told}.")


def mixed_thresholds(studies: Sequence[Study], _measure: Measure) -> Flag | None:
    """Refuse responses or remissions that were counted by different limits."""
    limits = {
        (study.outcome.drop, study.outcome.at_most)
        for study in studies
        if study.outcome.kind in (Kind.RESPONSE, Kind.REMISSION, Kind.ANY_TIME)
    }
    if len(limits) < 2:
        return None
    told = sorted({study.outcome.definition or "no limit printed" for study in studies})
    return _refuse("mixed_thresholds", f"Counted by different limits: {'; '.join(told)}.")


def mixed_scales(studies: Sequence[Study], measure: Measure) -> Flag | None:
    """Refuse points of different scales in one difference; say so where people are counted."""
    scales = {study.outcome.scale for study in studies}
    if len(scales) < 2:
        return None
    told = ", ".join(sorted(scale or "no scale printed" for scale in scales))
    if measure in (Measure.MD, Measure.ROM):
        return _refuse("mixed_scales", f"Points of different scales ({told}): use the SMD.")
    return _warn("mixed_scales", f"Judged by different scales: {told}.")


def any_time(studies: Sequence[Study], _measure: Measure) -> Flag | None:
    """Refuse 'at any time' beside a fixed time; say so where it stands alone."""
    loose = [study for study in studies if study.outcome.kind is Kind.ANY_TIME]
    if not loose:
        return None
    if len(loose) < len(studies):
        return _refuse("any_time", f"{_names(loose)}: counted at any time, the others at one.")
    return _warn("any_time", "Counted at any time: more people qualify than at one time.")


def same_people(studies: Sequence[Study], _measure: Measure) -> Flag | None:
    """Refuse to count the same people twice: a shared control, or trials of one cohort."""
    used = Counter(
        (study.trial.id, "" if study.contrast is not None else study.outcome.id, arm)
        for study in studies
        for arm in (*study.treated, *study.control)
    )
    if twice := sorted({trial for (trial, _, _), times in used.items() if times > 1}):
        return _refuse("same_people", f"{', '.join(twice)}: a group is used twice; combine arms.")
    cohorts = Counter(study.trial.cohort for study in studies if study.trial.cohort)
    if shared := sorted(one for one, times in cohorts.items() if times > 1):
        return _refuse("same_people", f"Trials may share people: registered as {shared[0]}.")
    registered = {(study.trial.id, study.outcome.part) for study in studies}
    if len(registered) < len(studies) and len({s.outcome.id for s in studies}) > 1:
        per = Counter(study.trial.id for study in studies if not study.outcome.part)
        if many := [trial for trial, times in per.items() if times > 1]:
            return _refuse("same_people", f"{', '.join(many)}: its people would count twice.")
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
        "paired", f"{_names(found)}: a crossover counted as two groups; its weight is too small."
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
    mixed_controls, mixed_times, mixed_thresholds, mixed_scales, any_time, same_people, enriched,
    adjusted, paired, no_spread, nobody, single,
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
