"""What a page says of one question: the answer, how sure it is, and everything it rests on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from clinic.explore import evidence_words as words
from clinic.explore.evidence_pools import PoolLine, find, line
from clinic.explore.evidence_studies import (
    Difference,
    Extent,
    Left,
    Study,
    differences,
    left_out,
    studies,
)
from clinic.explore.origins import Reference, reference
from ketherapy.evidence.analysis import Absolute, Analysis
from ketherapy.evidence.effects import Measure
from ketherapy.evidence.questions import Question
from ketherapy.evidence.synthesis import Pooled
from ketherapy.evidence.trials import About, Arm, Control, Given, Kind, condition_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """How much the trials differ; None where it cannot be told."""

    I2: float | None  # [%]
    tau2: float | None  # on the analysis scale
    tau2_low: float | None
    tau2_high: float | None
    Q: float | None
    p_Q: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Together:
    """What the studies come to, on the printed scale."""

    extent: Extent
    prediction: tuple[float, float] | None
    p: float | None
    spread: Spread
    y: float  # on the analysis scale
    is_sure: bool  # the interval does not hold "no difference"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sides:
    """What the two groups were given, in words."""

    treated: str
    control: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sure:
    """How sure one can be, who says so, and why not more."""

    level: str
    by: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """How a question that is refused can be asked instead."""

    label: str
    field: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """Everything a page shows of one question."""

    id: str
    title: str
    plain: str
    note: str
    kind: Kind
    about: About
    measure: Measure
    measure_name: str
    favourable: str
    sides: Sides
    studies: tuple[Study, ...]
    excluded: tuple[Left, ...]
    differences: tuple[Difference, ...]
    refusals: tuple[str, ...]
    ways: tuple[Way, ...]
    warnings: tuple[str, ...]
    together: Together | None
    absolute: Absolute | None
    sure: Sure | None
    people: tuple[int, int]  # on either side; in a crossover the same people are on both
    persons: int | None  # different people
    beside: tuple[PoolLine, ...]  # published pools that a reader must see with it
    level: float  # of intervals, 0 to 1
    sources: tuple[Reference, ...]

    @property
    def is_single(self) -> bool:
        """Return whether one study is all there is, so that nothing is pooled."""
        return len(self.studies) == 1

    @property
    def times(self) -> tuple[str, ...]:
        """Return the printed times of the studies, each once."""
        return _once(study.timepoint for study in self.studies)

    @property
    def scales(self) -> tuple[str, ...]:
        """Return the printed scales of the studies, each once."""
        return _once(study.scale for study in self.studies)

    @property
    def definitions(self) -> tuple[str, ...]:
        """Return how it was counted, each definition once."""
        return _once(study.definition for study in self.studies)


def _once(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in found if one))


def shown(found: Analysis, asked: Question) -> Answer:
    """Return the analysis of a question as a page shows it."""
    beside = tuple(line(*find(*one.split("/"))) for one in asked.beside)
    return _answer(found, asked, asked.plain, asked.note, differences(asked), beside)


def shown_again(found: Analysis, kind: Kind, about: About) -> Answer:
    """Return a published pool, computed again, as a page shows it."""
    return _answer(found, _Asked(kind=kind, about=about), "", "", (), ())


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    kind: Kind
    about: About


def _answer(
    found: Analysis,
    asked: Question | _Asked,
    plain: str,
    note: str,
    printed: tuple[Difference, ...],
    beside: tuple[PoolLine, ...],
) -> Answer:
    sources = dict.fromkeys(study.outcome.source for study in found.studies)
    return Answer(
        id=found.id, title=found.title, plain=plain, note=note, kind=asked.kind, about=asked.about,
        measure=found.measure, measure_name=words.MEASURES[found.measure],
        favourable=found.favourable, sides=sides(found), studies=studies(found),
        excluded=left_out(found.excluded), differences=printed, refusals=found.refusals,
        ways=_ways(found), warnings=_warnings(found), together=_together(found),
        absolute=found.absolute, sure=_sure(found), people=found.people,
        persons=found.persons, beside=beside,
        level=found.choices.level, sources=tuple(reference(key) for key in sources),
    )  # fmt: skip


def sides(found: Analysis) -> Sides:
    """Return what was given to either side, in words."""
    drugs, controls = set[str](), set[str]()
    for study in found.studies:
        drugs |= {drug_words(study.trial.arms[arm]) for arm in study.treated}
        controls.add(_control_words(study.trial.control, study.trial.control_printed))
    return Sides(
        treated=words.given_words(drugs) or "the drug",
        control=" or ".join(sorted(controls)) or "control",
    )


def drug_words(arm: Arm) -> str:
    """Return what a treated group was given: ketamine and esketamine by their names."""
    return arm.drug if arm.given in (None, Given.OTHER) else arm.given.value


def _control_words(control: Control, printed: str) -> str:
    if control is Control.ECT:
        return "ECT"
    return control.value if control is not Control.NONE else printed


def _warnings(found: Analysis) -> tuple[str, ...]:
    """Return what a reader must know; that one study stands alone is said once."""
    said = [one for one in found.warnings if not one.startswith("A single study stands")]
    return tuple(dict.fromkeys((*_mixed(found), *said)))


def _mixed(found: Analysis) -> Iterator[str]:
    """Give conditions that differ between the studies although a question let them through."""
    held = {condition_of(study.trial).name for study in found.studies}
    if len(held) > 1:
        yield f"Different conditions together: {', '.join(sorted(held))}."


def _together(found: Analysis) -> Together | None:
    pooled = found.pooled
    if pooled is None:
        return None
    printed = pooled.printed
    estimate, low, high = (float(x) for x in (printed.estimate, printed.low, printed.high))
    ends = _known(printed.prediction_low), _known(printed.prediction_high)
    return Together(
        extent=Extent(estimate=estimate, low=low, high=high),
        prediction=None if ends[0] is None or ends[1] is None else (ends[0], ends[1]),
        p=_known(pooled.p),
        spread=_spread(pooled),
        y=float(pooled.estimate),
        is_sure=not float(pooled.low) <= 0.0 <= float(pooled.high),
    )


def _spread(pooled: Pooled) -> Spread:
    return Spread(
        I2=_known(pooled.I2), tau2=_known(pooled.tau2), tau2_low=_known(pooled.tau2_low),
        tau2_high=_known(pooled.tau2_high), Q=_known(pooled.Q), p_Q=_known(pooled.p_Q),
    )  # fmt: skip


def _known(x: float | np.ndarray) -> float | None:
    value = float(x)
    return value if math.isfinite(value) else None


def _sure(found: Analysis) -> Sure | None:
    graded = found.certainty
    if graded is None:
        return None
    return Sure(level=graded.level, by=graded.by, reasons=graded.reasons)


def _ways(found: Analysis) -> tuple[Way, ...]:
    """Return how a refused question can be narrowed until it can be answered."""
    if not found.refusals or len(found.studies) < 2:
        return ()
    options = {
        "control": {s.trial.control.value for s in found.studies},
        "timepoint": {s.outcome.timepoint for s in found.studies},
        "scale": {s.outcome.scale for s in found.studies},
    }
    return tuple(
        Way(label=value, field=field, value=value)
        for field, values in options.items()
        if len(values) > 1
        for value in sorted(values)
        if value
    )
