"""Which groups of which trials answer a question, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from ketherapy.errors import ContractError
from ketherapy.evidence.effects import Counts, Means, combined_counts, combined_means
from ketherapy.evidence.questions import COUNTED, Question
from ketherapy.evidence.reviews import Input
from ketherapy.evidence.trials import (
    Arm,
    Contrast,
    Control,
    Design,
    Kind,
    Outcome,
    Result,
    Trial,
    trial,
    trials,
)
from ketherapy.evidence.windows import window_of
from ketherapy.sources import Status

PART = "a part of the people"


@dataclass(frozen=True, kw_only=True, slots=True)
class Study:
    """Two sides of one trial at one time; several groups of a side count as one.

    Where only their difference is printed the outcome holds no groups, and ``contrast`` is it.
    """

    trial: Trial
    outcome: Outcome
    treated: tuple[str, ...]
    control: tuple[str, ...]
    contrast: Contrast | None = None

    @property
    def label(self) -> str:
        """Return the name a reader knows it by, with its part where it is one."""
        part = f", {self.outcome.part}" if self.outcome.part else ""
        return f"{self.trial.name}{part}"

    @property
    def people(self) -> tuple[int, int]:
        """Return how many people either side counts; none where that is not printed."""
        return self._n(self.treated), self._n(self.control)

    @property
    def status(self) -> Status:
        """Return how well the worst known of its numbers is known."""
        found = [one.status or self.outcome.status for one in self._results()]
        return max(found or [self.outcome.status], key=list(Status).index)

    def counts(self) -> tuple[Counts, Counts]:
        """Return the people with the event and all people, treated and control.

        Errors  ContractError where a count is not printed
        """
        return self._counts(self.treated), self._counts(self.control)

    def means(self) -> tuple[Means, Means]:
        """Return people, mean and deviation, treated and control.

        Errors  ContractError where one of them is not printed
        """
        return self._means(self.treated), self._means(self.control)

    def _results(self) -> Iterator[Result]:
        held = self.outcome.results
        yield from (held[arm] for arm in (*self.treated, *self.control) if arm in held)

    @property
    def persons(self) -> int | None:
        """Return how many different people took part, or None where that is not printed.

        In a crossover the same people are on both sides.
        """
        if self.contrast is not None:
            return self.contrast.people
        treated, control = self.people
        if self.trial.design is Design.CROSSOVER:
            return max(treated, control)
        return treated + control

    def _n(self, arms: Sequence[str]) -> int:
        held = self.outcome.results
        return sum(held[arm].n or 0 for arm in arms if arm in held)

    def _counts(self, arms: Sequence[str]) -> Counts:
        return combined_counts(*(self._count(arm) for arm in arms))

    def _count(self, arm: str) -> Counts:
        found = self._result(arm)
        if found.events is None or found.n is None:
            raise self._lacks(arm, "a count of people and of those with the event")
        return Counts(found.events, found.n)

    def _means(self, arms: Sequence[str]) -> Means:
        return combined_means(*(self._mean(arm) for arm in arms))

    def _mean(self, arm: str) -> Means:
        found = self._result(arm)
        if found.n is None or found.mean is None or (found.sd is None and found.se is None):
            raise self._lacks(arm, "people, mean and standard deviation")
        # A standard error that is printed as one is turned into the deviation it stands for.
        spread = found.sd if found.sd is not None else (found.se or 0.0) * float(found.n) ** 0.5
        return Means(found.n, found.mean, spread)

    def _result(self, arm: str) -> Result:
        if arm not in self.outcome.results:
            raise self._lacks(arm, "the numbers of the group")
        return self.outcome.results[arm]

    def _lacks(self, arm: str, expected: str) -> ContractError:
        return ContractError(
            f"{self.trial.id}, {self.outcome.id}, {arm}", expected=expected, got=None,
            remedy="It cannot be pooled: leave it out, or find the number in its source.",
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Excluded:
    """An outcome that was looked at and does not enter, and why."""

    trial: Trial
    outcome: Outcome
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """The studies that answer a question, and those that nearly do."""

    studies: tuple[Study, ...]
    excluded: tuple[Excluded, ...]


def selected(asked: Question) -> Selection:
    """Return the studies whose people, drugs, outcome and time are those of the question.

    An outcome of the right people, kind and subject that cannot enter is listed with the reason;
    what is about something else is not.
    """
    studies: list[Study] = []
    excluded: list[Excluded] = []
    for study in _candidates(asked):
        why = _why_not(study, asked)
        if why:
            excluded.append(Excluded(trial=study.trial, outcome=study.outcome, why=why))
        else:
            studies.append(study)
    return Selection(studies=tuple(studies), excluded=tuple(excluded))


def _candidates(asked: Question) -> Iterator[Study]:
    """Give what is of the question's people, kind and subject."""
    for found in trials():
        if asked.conditions and found.condition not in asked.conditions:
            continue
        if asked.trials and found.id not in asked.trials:
            continue
        if asked.printed == "groups":
            ours = (one for one in found.outcomes if _is_of_kind(one, asked))
            yield from (_study(found, outcome, asked) for outcome in ours)
        else:
            printed = (one for one in found.contrasts if _is_of_kind(one, asked))
            yield from (_contrasted(found, contrast, asked) for contrast in printed)


def _is_of_kind(one: Outcome | Contrast, asked: Question) -> bool:
    is_close = asked.kind is Kind.RESPONSE and one.kind is Kind.ANY_TIME
    return (one.kind is asked.kind or is_close) and one.about is asked.about


def of_inputs(inputs: Sequence[Input]) -> tuple[Study, ...]:
    """Return the studies a published synthesis was made of.

    Errors  ContractError where a trial, outcome or group is not in the data set
    """
    return tuple(_of_input(one) for one in inputs)


def _of_input(one: Input) -> Study:
    found = trial(one.trial)
    outcome = found.outcome(one.outcome)
    for arm in (*one.treated, *one.control):
        if arm not in outcome.results:
            raise ContractError(
                f"{found.id}, {outcome.id}", expected=f"one of {', '.join(outcome.results)}",
                got=arm, remedy="Mend the inputs of the review.",
            )  # fmt: skip
    return Study(trial=found, outcome=outcome, treated=one.treated, control=one.control)


def _study(found: Trial, outcome: Outcome, asked: Question) -> Study:
    treated = tuple(arm for arm in outcome.results if _is_treated(found.arms[arm], asked))
    control = tuple(arm for arm in outcome.results if found.arms[arm].role == "control")
    return Study(trial=found, outcome=outcome, treated=treated, control=control)


def _contrasted(found: Trial, contrast: Contrast, asked: Question) -> Study:
    """Return a printed difference as a study without groups."""
    names = (contrast.treated,) if contrast.treated else ()
    outcome = Outcome(
        id=contrast.id, kind=contrast.kind, about=contrast.about, outcome=contrast.outcome,
        scale=contrast.scale, instrument=contrast.instrument, timepoint=contrast.timepoint,
        at=contrast.at, part=contrast.part, source=contrast.source, locator=contrast.locator,
        status=contrast.status, results={}, note=contrast.note,
    )  # fmt: skip
    return Study(
        trial=found,
        outcome=outcome,
        treated=tuple(arm for arm in names if _is_treated(found.arms[arm], asked)),
        control=(contrast.control,) if contrast.control else (),
        contrast=contrast,
    )


def _is_treated(arm: Arm, asked: Question) -> bool:
    return (
        arm.role == "treated"
        and (not asked.given or arm.given in asked.given)
        and (not asked.routes or arm.route in asked.routes)
    )


def _why_not(study: Study, asked: Question) -> str:
    """Return the first reason against a study, or nothing."""
    outcome, kind = study.outcome, study.trial.control
    window = window_of(outcome.at, outcome.timepoint)
    reasons = (
        (not study.treated, _not_treated(study)),
        (kind is Control.NONE, "no control group at this time"),
        (not study.control, "the numbers of the control group are not printed"),
        (bool(asked.controls) and kind not in asked.controls, f"another control: {kind}"),
        (bool(asked.scales) and outcome.scale not in asked.scales, f"scale: {outcome.scale}"),
        (bool(asked.windows) and window.id not in asked.windows, f"time: {outcome.timepoint}"),
        (
            bool(asked.timepoints) and outcome.timepoint not in asked.timepoints,
            f"time: {outcome.timepoint}",
        ),
        (outcome.part != asked.part, f"{PART}: {outcome.part or 'everybody'}"),
        (outcome.kind is not asked.kind, f"counted otherwise: {outcome.kind}"),
        (outcome.counted != "people" and outcome.kind in COUNTED, f"{outcome.counted}, not people"),
        (not _has_numbers(study), "the numbers needed are not printed"),
        (_is_of_another_measure(study, asked), "printed as another measure"),
        (_is_turned(study, asked), "printed with the other sign"),
        (bool(asked.contrasts) and outcome.id not in asked.contrasts, "another analysis of it"),
    )
    return next((why for applies, why in reasons if applies), "")


def _not_treated(study: Study) -> str:
    if study.contrast is not None and not study.contrast.treated:
        return "its groups are not those of this trial alone"
    return "another drug or route"


def _is_turned(study: Study, asked: Question) -> bool:
    return study.contrast is not None and study.contrast.favourable != asked.favourable


def _is_of_another_measure(study: Study, asked: Question) -> bool:
    return study.contrast is not None and study.contrast.measure != asked.measure.name


def _has_numbers(study: Study) -> bool:
    if study.contrast is not None:
        return study.contrast.se is not None or study.contrast.low is not None
    results = [study.outcome.results[arm] for arm in (*study.treated, *study.control)]
    if study.outcome.kind in COUNTED:
        return all(one.n is not None and one.events is not None for one in results)
    spread = (one.sd if one.sd is not None else one.se for one in results)
    return all(
        None not in (one.n, one.mean, width) for one, width in zip(results, spread, strict=True)
    )


def together(studies: Sequence[Study]) -> tuple[int, int]:
    """Return how many people all treated and all control groups count.

    Source  ketherapy
    """
    pairs = [study.people for study in studies]
    return reduce(lambda a, b: (a[0] + b[0], a[1] + b[1]), pairs, (0, 0))


def persons(studies: Sequence[Study]) -> int | None:
    """Return how many different people took part, or None where one document does not say.

    Source  ketherapy
    """
    each = [study.persons for study in studies]
    known = [one for one in each if one is not None]
    return sum(known) if len(known) == len(each) else None
