"""What the drawings of the guide show: both groups of everything, with where it is from."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.explore.findings import finding
from clinic.explore.guide_figures import (
    Ground,
    cited,
    cited_ground,
    finding_grounds,
    ground,
    once,
)
from clinic.explore.guide_records import Course, Days, Pairs, Row, Use, Visits
from ketherapy.dosing.protocol import protocol
from ketherapy.errors import ContractError
from ketherapy.evidence.conditions import Group, condition
from ketherapy.evidence.trials import Control, Given, trial, trials
from ketherapy.pharmacology.effects.frequencies import frequency

_WEEK = 7  # days


@dataclass(frozen=True, kw_only=True, slots=True)
class PairRow:
    """One thing counted or scored in two groups."""

    name: str
    treated: float  # in the unit of the drawing
    control: float
    note: str
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PairsDrawn:
    """Pairs of numbers on one scale."""

    title: str
    treated: str
    control: str
    highest: float
    unit: str
    rows: tuple[PairRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """The mean score of one group, day by day."""

    name: str
    points: tuple[tuple[float, float, int], ...]  # day, mean, people


@dataclass(frozen=True, kw_only=True, slots=True)
class DaysDrawn:
    """How two groups fared day by day."""

    title: str
    scale: str
    highest: float
    treated: Line
    control: Line
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitRow:
    """How often one goes, week by week."""

    name: str
    weeks: tuple[int, ...]  # visits in each week from the first
    note: str
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitsDrawn:
    """The visits of several courses."""

    title: str
    rows: tuple[VisitRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class UseRow:
    """What ketamine is used for: whether it is approved, and how much it was tried."""

    name: str
    approved: str
    trials: int  # of the data set, with a group to compare with


def pairs(asked: Pairs) -> PairsDrawn:
    """Return pairs of numbers with their names and sources.

    Errors  ContractError for a row without two numbers
    """
    return PairsDrawn(
        title=asked.title,
        treated=asked.treated,
        control=asked.control,
        highest=asked.highest,
        unit=asked.unit,
        rows=_counted(asked.counted) if asked.counted else tuple(_row(row) for row in asked.rows),
    )


def _counted(question_id: str) -> tuple[PairRow, ...]:
    """Return the shares of each trial by itself, where no one share stands for all of them."""
    grounds = finding_grounds(question_id)
    return tuple(
        PairRow(
            name=one.trial,
            treated=_share(one.treated),
            control=_share(one.control),
            note="{} of {} people beside {} of {}".format(*one.control, *one.treated),
            grounds=grounds,
        )
        for one in finding(question_id).counted
    )


def _share(counted: tuple[int, int]) -> float:
    """Return the share [%] of people with the event."""
    return 100.0 * counted[0] / counted[1]


def _row(row: Row) -> PairRow:
    treated, control, grounds = _numbers(row)
    note = "; ".join(filter(None, (row.note, _how_sure(row))))
    return PairRow(name=row.name, treated=treated, control=control, note=note, grounds=grounds)


def _how_sure(row: Row) -> str:
    """Return difference and certainty of a finding in a few words; of others nothing is known."""
    if not row.finding:
        return ""
    found = finding(row.finding)
    return f"{found.difference} ({found.uncertainty}); how sure: {found.certainty}"


def _numbers(row: Row) -> tuple[float, float, tuple[Ground, ...]]:
    if row.finding:
        shares = finding(row.finding).shares
        if shares is None:
            raise _alone(row)
        return shares.treated, shares.control, finding_grounds(row.finding)
    if row.frequency:
        found = frequency(row.frequency)
        if found.value is None or found.comparator_value is None:
            raise _alone(row)
        where = ground(found.source, found.locator, found.status)
        return found.value, found.comparator_value, (where,)
    both = (cited(row.treated), cited(row.control))
    return both[0].meant, both[1].meant, once(map(cited_ground, both))


def _alone(row: Row) -> ContractError:
    return ContractError(
        f"pair '{row.name}'", expected="a number of both groups", got="one alone, or none",
        remedy="Leave it out: a number of one group alone is not drawn.",
    )  # fmt: skip


def days(asked: Days) -> DaysDrawn:
    """Return the scores of both groups of a trial, day by day.

    Errors  ContractError where the trial has no such outcome
    """
    of = trial(asked.trial)
    outcomes = [of.outcome(key) for key in asked.outcomes]
    return DaysDrawn(
        title=asked.title,
        scale=asked.scale,
        highest=asked.highest,
        treated=_line(asked, asked.treated, asked.treated_name),
        control=_line(asked, asked.control, asked.control_name),
        grounds=once([ground(one.source, one.locator, one.status) for one in outcomes]),
    )


def _line(asked: Days, arm: str, name: str) -> Line:
    found = [(trial(asked.trial).outcome(key), key) for key in asked.outcomes]
    points = []
    for outcome, key in found:
        at, mean, n = outcome.at, outcome.results[arm].mean, outcome.results[arm].n
        if at is None or mean is None or n is None:
            raise ContractError(
                f"{asked.trial}, {key}, {arm}", expected="a time, a mean and people on each day",
                got=(at, mean, n), remedy="Leave that day out.",
            )  # fmt: skip
        points.append((at / 24.0, mean, n))
    return Line(name=name, points=tuple(points))


def visits(asked: Visits) -> VisitsDrawn:
    """Return how often one goes for each course, week by week.

    Errors  ContractError where there is no such protocol or number
    """
    return VisitsDrawn(title=asked.title, rows=tuple(_visits(course) for course in asked.courses))


def _visits(course: Course) -> VisitRow:
    weeks, grounds = _of_protocol(course.protocol) if course.protocol else _of_spells(course)
    return VisitRow(name=course.name, weeks=weeks, note=course.note, grounds=grounds)


def _of_protocol(protocol_id: str) -> tuple[tuple[int, ...], tuple[Ground, ...]]:
    found = protocol(protocol_id)
    course = found.course
    weeks = [
        sum(day // _WEEK == week for day in course.days)
        for week in range(course.days[-1] // _WEEK + 1)
    ]
    number, days = course.number, course.days_from
    return tuple(weeks), (
        ground(number.source or found.source, number.locator, number.status or found.status),
        ground(days.source, days.locator or days.text, days.status),
    )


def _of_spells(course: Course) -> tuple[tuple[int, ...], tuple[Ground, ...]]:
    spells = [(cited(often), cited(long)) for often, long in course.spells]
    weeks = [round(often.meant) for often, long in spells for _ in range(round(long.meant))]
    return tuple(weeks), once(cited_ground(one) for spell in spells for one in spell)


def use(asked: Use) -> UseRow:
    """Return what ketamine is used for, with how many trials set it against something else.

    Errors  ContractError where there is no such group of conditions
    """
    group = Group(asked.group)
    compared = [
        of
        for of in trials()
        if condition(of.condition).group is group
        and of.control is not Control.NONE
        and {arm.given for arm in of.arms.values()} & {Given.KETAMINE, Given.ESKETAMINE}
    ]
    return UseRow(name=asked.name, approved=asked.approved, trials=len(compared))
