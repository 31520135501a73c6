"""The table twin of a chart and its legend: the same content for reading, print and listeners."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

from clinic.explore.disagreement import Disagreement, disagreements
from clinic.explore.predictions import Curve, Measured, Prediction
from clinic.web.charts.drawing import mark_swatch, swatch
from clinic.web.charts.levels import (
    Letters,
    caveat,
    dash,
    measured_words,
    peak_span,
    rise_words,
    sign,
    span_words,
    style,
)
from clinic.web.charts.markup import Markup
from clinic.web.charts.words import duration, level, listed, ward_times


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One curve in the legend and in the tables."""

    curve: Curve
    letter: str
    caveat: str  # "low confidence", or nothing
    swatch: Markup
    short: str
    lead: str  # "peak", or what to say where the highest level is only the end of the window
    peak: str
    span: str  # its 5th to 95th percentile; empty without a band
    peak_at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """One model in the legend: what is true of all its curves is said once."""

    letter: str
    title: str
    caveat: str
    entries: tuple[Entry, ...]
    facts: tuple[tuple[str, str], ...]  # name and text


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """The levels of every curve at one time."""

    time: str
    minutes: float
    is_end_of_dosing: bool
    cells: tuple[str, ...]
    between: tuple[str, ...]  # lowest to highest of the models that disagree


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasuredRow:
    """One published measurement with its words."""

    point: Measured
    time: str
    words: str
    statistic: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasuredGroup:
    """Measurements of one publication that differ in nothing but time and level."""

    point: Measured  # any one of them: what they share
    swatch: Markup
    words: str
    statistic: str


def points(prediction: Prediction) -> tuple[MeasuredRow, ...]:
    """Return the published measurements, earliest first."""
    ordered = sorted(prediction.measured, key=lambda point: point.minutes)
    return tuple(
        MeasuredRow(
            point=point,
            time=duration(point.minutes),
            words=measured_words(point),
            statistic=point.statistic,
        )
        for point in ordered
    )


def measured_groups(rows: tuple[MeasuredRow, ...]) -> tuple[MeasuredGroup, ...]:
    """Return the measurements as a legend lists them: what several share is said once."""
    groups: dict[tuple[str, ...], list[MeasuredRow]] = {}
    for row in rows:
        p = row.point
        key = (sign(p), p.analyte, p.site, row.statistic, p.population, p.source, p.status, p.note)
        groups.setdefault(key, []).append(row)
    return tuple(
        MeasuredGroup(
            point=group[0].point,
            swatch=mark_swatch(sign(group[0].point)),
            words=", ".join(f"{row.words} at {row.time}" for row in group),
            statistic=group[0].statistic,
        )
        for group in groups.values()
    )


def entries(prediction: Prediction, named: Letters) -> tuple[Entry, ...]:
    """Return every curve with its words."""
    return tuple(_entry(prediction, curve, named[curve.model_id]) for curve in prediction.curves)


def _entry(prediction: Prediction, curve: Curve, letter: str) -> Entry:
    return Entry(
        curve=curve,
        letter=letter,
        caveat=caveat(curve),
        swatch=swatch(style(curve, letter)),
        short=dash(curve.analyte)[1],
        lead=rise_words(curve, prediction.minutes[-1]),
        peak=level(curve.peak),
        span=peak_span(prediction, curve),
        peak_at=duration(curve.peak_at),
    )


def models(shown: tuple[Entry, ...]) -> tuple[Model, ...]:
    """Return the legend, model by model."""
    ids = dict.fromkeys(entry.curve.model_id for entry in shown)
    facts = [fact for fact in _FACTS if fact[0] != "Spread" or not shared_spread(shown)]
    return tuple(
        _model([e for e in shown if e.curve.model_id == model_id], facts) for model_id in ids
    )


def shared_spread(shown: tuple[Entry, ...]) -> str:
    """Return what the bands are where that is one thing for every curve, else nothing."""
    found = {entry.curve.spread for entry in shown}
    return found.pop() if len(found) == 1 else ""


def source_words(curve: Curve) -> str:
    """Return where a curve comes from and how it was read."""
    return f"{curve.source.rstrip('.')} ({curve.status})"


Fact = tuple[str, Callable[[Curve], str]]  # its name, and how it is read off a curve

_FACTS: tuple[Fact, ...] = (
    ("Sampled from", lambda curve: curve.site),
    ("Spread", lambda curve: curve.spread),
    ("Source", source_words),
)


def _model(group: list[Entry], facts: list[Fact]) -> Model:
    curves = [entry.curve for entry in group]
    return Model(
        letter=group[0].letter,
        title=group[0].curve.model_title,
        caveat=group[0].caveat,
        entries=tuple(group),
        facts=tuple(fact for name, read in facts for fact in _said_once(name, read, curves)),
    )


def _said_once(
    name: str, read: Callable[[Curve], str], curves: list[Curve]
) -> list[tuple[str, str]]:
    """Return a fact once for all curves that share it, naming them only where they differ."""
    by_text: dict[str, list[str]] = {}
    for curve in curves:
        by_text.setdefault(read(curve), []).append(curve.analyte_name)
    if len(by_text) == 1:
        return [(name, text) for text in by_text]
    return [(f"{name}, {listed(names)}", text) for text, names in by_text.items()]


def rows(prediction: Prediction) -> tuple[Row, ...]:
    """Return the levels at the times of a ward, and at the end of dosing."""
    found = disagreements(prediction.curves)
    times = ward_times(prediction.minutes[-1], prediction.dosing[1])
    return tuple(_row(prediction, found, at) for at in times)


def _row(prediction: Prediction, found: tuple[Disagreement, ...], at: float) -> Row:
    start, end = prediction.dosing
    levels = {curve.key: level_at(prediction, curve, at) for curve in prediction.curves}
    return Row(
        time=duration(at),
        minutes=at,
        is_end_of_dosing=at == end > start,
        cells=tuple(_cell(levels[curve.key]) for curve in prediction.curves),
        between=tuple(
            _range([levels[curve.key] for curve in prediction.curves if curve.key in one.members])
            for one in found
        ),
    )


def _range(levels: list[float]) -> str:
    return span_words(min(levels), max(levels))


def level_at(prediction: Prediction, curve: Curve, at: float) -> float:
    """Return the level [ng/mL]: between computed times straight if rising, else exponential."""
    minutes = prediction.minutes
    after = min(max(bisect_left(minutes, at), 1), len(minutes) - 1)
    t0, t1 = minutes[after - 1], minutes[after]
    share = (at - t0) / (t1 - t0)
    before, then = curve.level[after - 1], curve.level[after]
    if 0 < then < before:
        return before * (then / before) ** share
    return before + share * (then - before)


def _cell(value: float) -> str:
    return level(value).removesuffix(" ng/mL")


def series(prediction: Prediction, named: Letters) -> dict[str, object]:
    """Return the numbers behind the read-out under the pointer, to three significant figures."""
    return {
        "times": [duration(at) for at in prediction.minutes],
        "minutes": [round(at, 3) for at in prediction.minutes],
        "curves": [
            {
                "key": curve.key,
                "name": f"{named[curve.model_id]} {dash(curve.analyte)[1]}",
                "levels": [_cell(value) for value in curve.level],
                "spans": _spans(curve),
            }
            for curve in prediction.curves
        ],
    }


def _spans(curve: Curve) -> list[str]:
    """Return the 5th to 95th percentile at each time; nothing without a band."""
    if curve.low is None or curve.high is None:
        return []
    return [span_words(low, high) for low, high in zip(curve.low, curve.high, strict=True)]
