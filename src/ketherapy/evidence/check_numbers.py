"""What can be wrong with the numbers of a trial's file, each rule on all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from ketherapy.evidence.conventions import asymmetry, conventions
from ketherapy.evidence.effects import Measure
from ketherapy.evidence.guards import looks_like_an_error
from ketherapy.evidence.problems import (
    Group,
    Problem,
    Severity,
    Table,
    groups,
    named,
    number,
    words,
)
from ketherapy.evidence.scales import scales
from ketherapy.evidence.trials import Kind

_OF_GROUP = ("n", "events", "mean", "sd", "se", "percent")
_OF_OUTCOME = ("drop", "at_most", "at")
_OF_CONTRAST = ("at", "estimate", "se", "low", "high")
_COMPARE = "Compare the number with the document it was read in."


def not_numbers(trial: Table) -> Iterator[Problem]:
    """Give the numbers that are written as text, as yes or no, or beyond all bounds."""
    for key, table, fields in _places(trial):
        for field in fields:
            found = table.get(field)
            if found is not None and number(table, field) is None:
                yield Problem(key=f"{key}{field}", expected="a number",
                              got=found if isinstance(found, str) else str(found),
                              remedy=_written(found))  # fmt: skip


def _places(trial: Table) -> Iterator[tuple[str, Table, tuple[str, ...]]]:
    yield "", trial, ("year",)
    for key, outcome in named(trial, "outcomes"):
        yield f"{key}.", outcome, _OF_OUTCOME
    for group in groups(trial):
        yield f"{group.key}.", group.numbers, _OF_GROUP
    for key, contrast in named(trial, "contrasts"):
        yield f"{key}.", contrast, _OF_CONTRAST


def _written(found: object) -> str:
    if not isinstance(found, str):
        return _COMPARE
    if "," in found:
        return "Write it with a point and without quotation marks, such as 1.5."
    return "Write it without quotation marks; leave the key out where nothing is printed."


def impossible(trial: Table) -> Iterator[Problem]:
    """Give the people, counts, deviations and shares that cannot be."""
    for group in groups(trial):
        yield from _people(group)
        yield from _events(group)
        yield from _spread(group)
        yield from _share(group)


def _people(group: Group) -> Iterator[Problem]:
    n, most = number(group.numbers, "n"), conventions().most_people.value
    if n is not None and not 1 <= n <= most:
        yield Problem(key=f"{group.key}.n", expected=f"people: 1 to {most:,.0f}", got=n,
                      remedy=_COMPARE)  # fmt: skip


def _events(group: Group) -> Iterator[Problem]:
    n, events = number(group.numbers, "n"), number(group.numbers, "events")
    if events is None:
        return
    if n is None:
        yield Problem(key=f"{group.key}.n", expected="the people that events are counted of",
                      got=None, remedy="Add n, or leave events out and give percent.")  # fmt: skip
    elif not 0 <= events <= n:
        yield Problem(key=f"{group.key}.events", got=events,
                      expected=f"between 0 and the {n:g} of the arm",
                      remedy="Are the numbers of two arms exchanged? " + _COMPARE)  # fmt: skip


def _spread(group: Group) -> Iterator[Problem]:
    numbers = group.numbers
    for field in ("sd", "se"):
        found = number(numbers, field)
        if found is not None and found <= 0.0:
            yield Problem(key=f"{group.key}.{field}", expected="more than 0: people differ",
                          got=found, remedy="Leave it out where it is not printed.")  # fmt: skip
    if number(numbers, "sd") is not None and number(numbers, "se") is not None:
        yield Problem(key=f"{group.key}.se", expected="sd or se, as printed", got="both",
                      remedy="Keep the one that the document prints.")  # fmt: skip


def off_the_scale(trial: Table) -> Iterator[Problem]:
    """Give the means and deviations that the scale they are on does not hold."""
    for group in groups(trial):
        reach = scales().get(words(group.outcome, "scale"))
        kind = words(group.outcome, "kind")
        if reach is None or kind not in (Kind.SCORE, Kind.BASELINE, Kind.CHANGE):
            continue
        low, high = reach
        wide = high - low
        ends = (-wide, wide) if kind == Kind.CHANGE else (low, high)
        mean, sd = number(group.numbers, "mean"), number(group.numbers, "sd")
        if mean is not None and not ends[0] <= mean <= ends[1]:
            yield Problem(key=f"{group.key}.mean", expected=f"{ends[0]:g} to {ends[1]:g} points",
                          got=mean, remedy="Is it of this scale? " + _COMPARE)  # fmt: skip
        if sd is not None and sd > wide:
            yield Problem(key=f"{group.key}.sd", expected=f"at most the {wide:g} points of the"
                          " scale", got=sd, remedy="Is it of this scale? " + _COMPARE)  # fmt: skip


def _share(group: Group) -> Iterator[Problem]:
    share = number(group.numbers, "percent")
    if share is None:
        return
    if not 0.0 <= share <= 100.0:
        yield Problem(key=f"{group.key}.percent", expected="0 to 100", got=share, remedy=_COMPARE)
        return
    n, events = number(group.numbers, "n"), number(group.numbers, "events")
    if n is None or events is None or n <= 0:
        return
    counted = 100.0 * events / n
    if abs(counted - share) > _half_a_digit(share):
        yield Problem(key=f"{group.key}.percent",
                      expected=f"the share of its counts, {counted:.3g} %", got=share,
                      remedy="One of events, n and percent is not that of this group.")  # fmt: skip


def _half_a_digit(share: float) -> float:
    """Return by how much a share may be rounded away from its counts."""
    decimals = len(f"{share:.10f}".rstrip("0").partition(".")[2])
    return 0.5 * 10.0**-decimals + 1e-9


def error_as_deviation(trial: Table) -> Iterator[Problem]:
    """Give the deviations that are so small that they are likely standard errors."""
    for group in groups(trial):
        sd, n = number(group.numbers, "sd"), number(group.numbers, "n")
        scale = words(group.outcome, "scale")
        if sd is None or n is None or sd <= 0.0 or not 1 <= n <= conventions().most_people.value:
            continue
        if looks_like_an_error(sd, int(n), scale):
            yield Problem(key=f"{group.key}.sd",
                          expected=f"a deviation of the people on {scale}", got=sd,
                          remedy="It looks like a standard error: if the document means one,"
                          " write it as se.", severity=Severity.WARNING)  # fmt: skip


def exchanged(trial: Table) -> Iterator[Problem]:
    """Give the outcomes in which the people of two arms seem to stand in each other's place."""
    sizes = _sizes(trial)
    for key, (part, own) in sizes.items():
        others = [found for other, (p, found) in sizes.items() if other != key and p == part]
        for one, two in combinations(own, 2):
            yield from _turned(key, own, others, (one, two))


def _sizes(trial: Table) -> dict[str, tuple[str, dict[str, float]]]:
    """Return the people of each arm, outcome by outcome, and which part of them it counts."""
    found: dict[str, tuple[str, dict[str, float]]] = {}
    for group in groups(trial):
        n = number(group.numbers, "n")
        if n is not None:
            key = group.key.rpartition(".results.")[0]
            found.setdefault(key, (words(group.outcome, "part"), {}))[1][group.arm] = n
    return found


def _turned(
    key: str, own: Mapping[str, float], others: list[dict[str, float]], pair: tuple[str, str]
) -> Iterator[Problem]:
    elsewhere = {arm: {one[arm] for one in others if arm in one} for arm in pair}
    wrong = [
        arm
        for arm, other in (pair, pair[::-1])
        if own[arm] in elsewhere[other] and elsewhere[arm] and own[arm] not in elsewhere[arm]
    ]
    both = len(wrong) == 2
    for arm in wrong:
        usual = ", ".join(f"{n:g}" for n in sorted(elsewhere[arm]))
        yield Problem(key=f"{key}.results.{arm}.n", expected=f"as elsewhere in the file: {usual}",
                      got=own[arm], remedy="That is the other arm's number: are they exchanged?",
                      severity=Severity.ERROR if both else Severity.WARNING)  # fmt: skip


def intervals(trial: Table) -> Iterator[Problem]:
    """Give the printed intervals that do not hold their estimate, or hold it off their middle."""
    for key, contrast in named(trial, "contrasts"):
        found = [number(contrast, field) for field in ("low", "estimate", "high")]
        if (found[0] is None) != (found[2] is None):
            lacking = "low" if found[0] is None else "high"
            yield Problem(key=f"{key}.{lacking}", expected="the other end of the interval",
                          got=None, remedy="Give both ends, or none.")  # fmt: skip
        se = number(contrast, "se")
        if se is not None and se <= 0.0:
            yield Problem(key=f"{key}.se", expected="more than 0", got=se, remedy=_COMPARE)
        low, estimate, high = found
        if low is not None and estimate is not None and high is not None:
            yield from _interval(key, words(contrast, "measure"), (low, estimate, high))


def _interval(key: str, name: str, ends: tuple[float, float, float]) -> Iterator[Problem]:
    low, estimate, high = ends
    if not low <= estimate <= high:
        yield Problem(key=f"{key}.estimate", expected=f"one in its interval, {low:g} to {high:g}",
                      got=estimate, remedy="Look for a lost sign. " + _COMPARE)  # fmt: skip
        return
    if name not in Measure.__members__ or low == high:
        return
    measure = Measure[name]
    if measure.is_ratio and low <= 0.0:
        yield Problem(key=f"{key}.low", expected=f"above 0, as each {name} is", got=low,
                      remedy=_COMPARE)  # fmt: skip
        return
    low, estimate, high = (float(measure.analysed(end)) for end in ends)
    off = abs((high - estimate) - (estimate - low)) / (high - low)
    if off > asymmetry():
        scale = "its logarithms" if measure.is_ratio else "it"
        yield Problem(key=f"{key}.estimate",
                      expected=f"about the middle of {scale}: {ends[0]:g} to {ends[2]:g}",
                      got=ends[1], remedy="It cannot be pooled as it stands. " + _COMPARE,
                      severity=Severity.WARNING)  # fmt: skip


NUMBERS = (not_numbers, impossible, off_the_scale, error_as_deviation, exchanged, intervals)
