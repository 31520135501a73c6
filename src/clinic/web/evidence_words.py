"""Numbers and sentences of the evidence pages."""

from __future__ import annotations

import math

from clinic.explore.evidence_answer import Answer
from clinic.explore.evidence_pools import PoolLine
from clinic.explore.evidence_studies import Difference, Extent, Figures
from clinic.web.charts.words import listed, number

_PLACES = 2  # decimals of an effect
_MOST, _LEAST = 1000.0, 0.01  # beyond which decimals say too much or too little
MINUS = "\u2212"


def effect(value: float) -> str:
    """Return an effect as it is printed: two decimals where they say something."""
    if not math.isfinite(value):
        return "not known"
    size = abs(value)
    text = f"{size:.{_PLACES}f}" if size == 0.0 or _LEAST <= size < _MOST else number(size)
    is_negative = value < 0.0 and float(text) != 0.0
    return f"{MINUS}{text}" if is_negative else text


def extent(found: Extent) -> str:
    """Return an effect with its interval: "1.38 (0.95 to 2.00)"."""
    return f"{effect(found.estimate)} ({span(found.low, found.high)})"


def span(low: float, high: float) -> str:
    """Return the two ends of an interval."""
    return f"{effect(low)} to {effect(high)}"


def figure(value: float) -> str:
    """Return a printed number as it is printed, without idle digits."""
    text = f"{abs(value):.6g}"
    return f"{MINUS}{text}" if value < 0.0 else text


def figures(groups: tuple[Figures, ...]) -> str:
    """Return the printed numbers of one side, group by group; of none, that none is printed."""
    return "; ".join(_figures(one) for one in groups) or "not printed"


def _figures(one: Figures) -> str:
    if one.events is not None and one.people is not None:
        return _counted(one.events, one.people, one.counted)
    if one.mean is None:
        return f"n = {one.people}" if one.people is not None else "not printed"
    spread = f" (SD {figure(one.sd)})" if one.sd is not None else ""
    error = f" (SE {figure(one.se)})" if one.se is not None else ""
    return f"{figure(one.mean)}{spread}{error}"


def _counted(events: int, people: int, counted: str) -> str:
    """Return a count; events are no people and give no share of them."""
    match counted:
        case "people":
            return f"{events} of {people}"
        case "sessions":
            return f"{events} of {people} sessions"
        case _:
            return f"{events} {counted} among {people} people"


def numbers(one: Figures) -> str:
    """Return every printed number of one group: a count, a mean or a share."""
    if one.events is not None or one.mean is not None or one.percent is None:
        return _figures(one)
    return f"{figure(one.percent)} % (no count printed)"


def people(pair: tuple[int | None, int | None]) -> str:
    """Return how many people were treated and how many were not."""
    treated, control = pair
    if treated is None or control is None:
        return "people not printed beside it"
    return f"{treated} v {control} people"


def level(share: float) -> str:
    """Return the level of an interval: "95 %"."""
    return f"{100.0 * share:.4g} %"


def difference(one: Difference) -> str:
    """Return a printed difference with its interval or error; a share never without the other."""
    error = f" (SE {figure(one.se)})" if one.se is not None and one.low is None else ""
    if one.low is not None and one.high is not None:
        error = f" ({figure(one.low)} to {figure(one.high)})"
    unit = f" {one.unit}" if one.unit not in ("", "1", "of 100 people") else ""
    share = " of 100 people" if one.unit == "of 100 people" else ""
    p = f", p {one.p}" if one.p else ""
    return f"{figure(one.estimate)}{error}{unit}{share}{p}"


def pool(line: PoolLine) -> str:
    """Return the printed result of a pool; a share of one group is not told in a list."""
    if line.is_share:
        return "share of one group, without a control"
    return f"{_pool(line)}{'' if line.has_control else ', no control group'}"


def _pool(line: PoolLine) -> str:
    if line.low is not None and line.high is not None:
        whole = f"{figure(line.low)} to {figure(line.high)}"
        whole = f"{whole}, lowest and highest of several times" if line.is_range else whole
        return f"{figure(line.estimate)} ({whole})" if line.estimate is not None else whole
    if line.estimate is not None:
        return f"{figure(line.estimate)} (interval not read)"
    return "not read" if line.gap else "not printed; computed here"


def better(found: Answer) -> tuple[str, str]:
    """Return what stands below and above no difference."""
    treated, control = f"favours {found.sides.treated}", f"favours {found.sides.control}"
    match found.favourable:
        case "above":
            return control, treated
        case "below":
            return treated, control
        case _:
            return f"lower with {found.sides.treated}", f"higher with {found.sides.treated}"


def when(found: Answer) -> str:
    """Return the times of the studies in words."""
    return listed(list(found.times)) if found.times else "at a time that is not printed"


def by(found: Answer) -> str:
    """Return the scales of the studies in words."""
    return listed(list(found.scales)) if found.scales else ""


def probability(share: float) -> str:
    """Return a probability as people say it; never as certain as 0 or 100 %."""
    if share < 0.01:
        return "less than 1 %"
    return "more than 99 %" if share > 0.99 else f"{100.0 * share:.0f} %"


def chance(p: float) -> str:
    """Return a p value: "p 0.03"."""
    return "p below 0.001" if p < 0.001 else f"p {p:.2g}"
