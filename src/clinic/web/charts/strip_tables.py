"""Words and tables of effects: what was asked, and the twin of each strip."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from clinic.explore.effect_answers import Answers, Crossing, Leaving, Peak, Share
from clinic.explore.effects import Strip
from clinic.web.charts.strips import DAY, amount, figure, length
from clinic.web.charts.words import listed, number, ward_times

_PEAKS = {
    "sbp": "Systolic pressure",
    "sbp_change": "Rise of systolic pressure",
    "dbp": "Diastolic pressure",
    "dbp_change": "Rise of diastolic pressure",
    "cadss": "Expected CADSS",
    "nrs_acute": "Acute pain (NRS)",
    "acute_relief": "Acute pain taken away",
    "madrs": "Mean MADRS of the setting",
    "nrs_chronic": "Chronic pain (NRS), if it responds",
    "chronic_relief": "Chronic pain taken away, if it responds",
}
_LEAST = 0.001  # a chance that is said as a number


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """One answer: what was asked, the number, and what belongs beside it."""

    key: str
    about: str
    answer: str
    beside: str
    exact: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One number of a table, and exactly."""

    text: str
    exact: float


@dataclass(frozen=True, kw_only=True, slots=True)
class StripRow:
    """Every line of a strip at one time, each with its people."""

    time: str
    cells: tuple[Cell, ...]
    spans: tuple[str, ...]  # 5th to 95th percentile of people, or nothing

    @property
    def pairs(self) -> tuple[tuple[Cell, str], ...]:
        """Return each line with its people."""
        return tuple(zip(self.cells, self.spans, strict=True))


def heads(strip: Strip) -> tuple[str, ...]:
    """Return the name of each column: a line, with what stands in brackets."""
    return tuple(
        f"{course.name} ({strip.unit})" + (", in brackets the outer band" if course.edges else "")
        for course in strip.courses
    )


def rows(strip: Strip, end: float) -> tuple[StripRow, ...]:
    """Return the lines at the computed times nearest to those a ward would look at."""
    last = strip.minutes[-1]
    times = ward_times(last, end) if last < 4 * DAY else _days(last)
    places = dict.fromkeys(_nearest(strip.minutes, at) for at in times)
    return tuple(_row(strip, place) for place in places)


def _days(last: float) -> list[float]:
    early = [0.0, 60.0, 120.0, 240.0, 480.0]
    return [*early, *(day * DAY for day in range(1, int(last // DAY) + 1))]


def _nearest(minutes: tuple[float, ...], at: float) -> int:
    after = min(max(bisect_left(minutes, at), 1), len(minutes) - 1)
    return min((after - 1, after), key=lambda place: abs(minutes[place] - at))


def _row(strip: Strip, place: int) -> StripRow:
    at = strip.minutes[place]
    return StripRow(
        time=length(at),
        cells=tuple(
            Cell(text=figure(c.values[place], strip.unit), exact=c.values[place])
            for c in strip.courses
        ),
        spans=tuple(_people(strip, n, at) for n in range(len(strip.courses))),
    )


def _people(strip: Strip, n: int, at: float) -> str:
    edges = strip.courses[n].edges
    if not edges:
        return ""
    low, high = (_between(strip.band_minutes, row, at) for row in (edges[0].low, edges[0].high))
    return f"{figure(low, strip.unit)} to {figure(high, strip.unit)}"


def _between(minutes: tuple[float, ...], values: tuple[float, ...], at: float) -> float:
    after = min(max(bisect_left(minutes, at), 1), len(minutes) - 1)
    t0, t1 = minutes[after - 1], minutes[after]
    share = (at - t0) / (t1 - t0)
    return values[after - 1] + share * (values[after] - values[after - 1])


def answers(found: Answers) -> tuple[Said, ...]:
    """Return everything that was asked, in words."""
    return (
        *(_peak(peak) for peak in found.peaks if peak.effect == "pressure"),
        *(_crossing(found.crossing) if found.crossing else ()),
        *(_peak(peak) for peak in found.peaks if peak.effect == "dissociation"),
        *(_sedation(found.sedation) if found.sedation else ()),
        *(_leaving(one) for one in found.leaving),
        *(_peak(p) for p in found.peaks if p.effect not in ("pressure", "dissociation")),
        *(_responders(found.responders) if found.responders else ()),
    )


def _peak(peak: Peak) -> Said:
    word = "lowest" if peak.is_lowest else "highest"
    at = "still going on at the end" if peak.is_at_end else f"at {length(peak.minutes)}"
    span = f"{figure(peak.low, peak.unit)} to {figure(peak.high, peak.unit)}"
    whose = "not this person; " if peak.output == "madrs" else ""
    return Said(
        key=f"peak-{peak.output}",
        about=_PEAKS[peak.output],
        answer=f"{word} {amount(peak.value, peak.unit)} {at}",
        beside=f"{whose}{_people_words(span, is_known=peak.is_people_known)}",
        exact=peak.value,
    )


def _people_words(span: str, *, is_known: bool) -> str:
    if is_known:
        return f"people {span}, 5th to 95th percentile"
    return f"{span} by what is known; people differ more, by how much is not known"


def percent(share: float) -> str:
    """Return a share as a percentage; below a tenth of one no figure could be trusted."""
    if share < _LEAST:
        return "less than 0.1 %"
    return f"{number(float(f'{100.0 * share:.2g}'))} %"


def _crossing(found: Crossing) -> Iterator[Said]:
    least, most = percent(found.least), percent(found.most)
    span = least if least == most else f"between {least} and {most}"
    yield Said(
        key="crossing",
        about=f"Systolic at or above {number(found.limit)} mmHg",
        answer=span,
        beside=f"without drug {percent(found.without)}; at one of the readings below",
        exact=found.most,
    )


def _sedation(share: Share) -> Iterator[Said]:
    yield Said(
        key="sedation",
        about="Any sedation in the session",
        answer=percent(share.value),
        beside=f"{percent(share.low)} to {percent(share.high)}, 5th to 95th percentile",
        exact=share.value,
    )


def _leaving(one: Leaving) -> Said:
    what = "Level" if one.what == "level" else "CADSS"
    typical = _from(one.typical, one.horizon)
    people = (
        f"in 95 of 100 people {_from(one.people, one.horizon)}"
        if one.is_people_known
        else "how people differ is not known"
    )
    return Said(
        key=f"leaving-{one.what}",
        about=f"{what} at or below {amount(one.limit, one.unit)}",
        answer=f"{typical}, typical person",
        beside=f"{people}; {one.driver}",
        exact=one.typical,
    )


def _from(minutes: float | None, horizon: float) -> str:
    if minutes is None:
        return f"not within {length(horizon)} of the last input"
    return "all the time" if minutes == 0.0 else f"from {length(minutes)}"


def _responders(found: tuple[float, float]) -> Iterator[Said]:
    drug, placebo = found
    yield Said(
        key="responders",
        about="Chronic pain: who responds at all",
        answer=f"{percent(drug)} of people",
        beside=f"placebo {percent(placebo)}; one stands in place of the other",
        exact=drug,
    )


def reading_words(found: Answers) -> str:
    """Return when pressure is taken to be read; nothing where no limit was asked about."""
    if found.crossing is None:
        return ""
    times = listed([number(at) for at in found.crossing.readings])
    of = f"session {found.crossing.session} of {found.crossing.sessions}"
    return f"{times} min after the start of {of}"
