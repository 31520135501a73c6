"""What an answer owes to single trials, to their order and to their doses, and who is missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clinic.explore.evidence_belief import Asymmetry, Belief, asymmetry, believed
from clinic.explore.evidence_doses import DoseLine, DoseRow, dose_line, doses
from clinic.explore.evidence_method import Method
from clinic.explore.evidence_studies import Extent, Study
from ketherapy.evidence.analysis import Analysis
from ketherapy.evidence.effects import Effects
from ketherapy.evidence.synthesis import Pooled, Prediction, cumulative, leave_one_out

FEWEST_TO_LEAVE_ONE = 3
FEWEST_FOR_ASYMMETRY = 10  # below it a funnel says little and no test of it is made


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """The pooled result of some of the studies."""

    label: str
    extent: Extent
    people: int | None  # different people; None where one document does not say


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One study of a funnel plot: its effect as printed, its standard error as analysed."""

    label: str
    estimate: float
    y: float
    se: float


@dataclass(frozen=True, kw_only=True, slots=True)
class More:
    """The further looks at an answer."""

    by_year: tuple[Step, ...]
    one_out: tuple[Step, ...]
    funnel: tuple[Point, ...]
    doses: tuple[DoseRow, ...]
    line: DoseLine | None  # through the doses in mg
    belief: Belief | str  # or why there is none
    asymmetry: Asymmetry | None

    @property
    def says_little(self) -> bool:
        """Return whether there are too few studies for a funnel to say much."""
        return len(self.funnel) < FEWEST_FOR_ASYMMETRY


def more(found: Analysis, shown: tuple[Study, ...], method: Method) -> More:
    """Return the further looks at an answer; nothing where it is refused."""
    effects = found.effects
    if effects is None:
        return More(
            by_year=(), one_out=(), funnel=(), doses=(), line=None, belief="", asymmetry=None
        )
    used = [study for study in shown if study.effect is not None]
    return More(
        by_year=_by_year(found, effects, used),
        one_out=_one_out(found, effects, used),
        funnel=tuple(_points(used)),
        doses=doses(found),
        line=dose_line(found),
        belief=believed(found, method),
        asymmetry=asymmetry(effects),
    )


def _by_year(found: Analysis, effects: Effects, used: list[Study]) -> tuple[Step, ...]:
    """Return the pooled result as it stood after each trial."""
    if effects.k < 2:
        return ()
    order = sorted(range(effects.k), key=lambda at: (used[at].year, used[at].label))
    choices = found.choices
    pooled = cumulative(
        effects, order, tau2=choices.tau2, interval=choices.interval,
        prediction=Prediction.NONE, level=choices.level,
    )  # fmt: skip
    totals = [_together([used[at] for at in order[: n + 1]]) for n in range(len(order))]
    labels = [_with_year(used[at]) for at in order]
    return _steps(pooled, [labels[0], *(f"+ {one}" for one in labels[1:])], totals)


def _with_year(study: Study) -> str:
    year = str(study.year)
    return study.label if year in study.label else f"{study.label} ({year})"


def _one_out(found: Analysis, effects: Effects, used: list[Study]) -> tuple[Step, ...]:
    """Return the pooled result without each study in turn."""
    if effects.k < FEWEST_TO_LEAVE_ONE:
        return ()
    choices = found.choices
    pooled = leave_one_out(
        effects, tau2=choices.tau2, interval=choices.interval, prediction=Prediction.NONE,
        level=choices.level,
    )  # fmt: skip
    labels = [f"without {study.label}" for study in used]
    rest = [_together([*used[:at], *used[at + 1 :]]) for at in range(len(used))]
    return _steps(pooled, labels, rest)


def _together(used: list[Study]) -> int | None:
    """Return how many different people took part, or None where one document does not say."""
    known = [study.persons for study in used if study.persons is not None]
    return sum(known) if len(known) == len(used) else None


def _steps(pooled: Pooled, labels: list[str], people: list[int | None]) -> tuple[Step, ...]:
    printed = pooled.printed
    ends = [np.asarray(one, float) for one in (printed.estimate, printed.low, printed.high)]
    return tuple(
        Step(
            label=label,
            extent=Extent(
                estimate=float(ends[0][at]), low=float(ends[1][at]), high=float(ends[2][at])
            ),
            people=people[at],
        )
        for at, label in enumerate(labels)
    )


def _points(used: list[Study]) -> list[Point]:
    return [
        Point(label=one.label, estimate=one.effect.estimate, y=one.y, se=one.se)
        for one in used
        if one.effect is not None and one.y is not None and one.se is not None
    ]
