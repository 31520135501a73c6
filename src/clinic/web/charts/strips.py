"""Describe one effect as a strip: a small chart under the level, with its bands."""

from __future__ import annotations

from clinic.explore.effects import Course, Edges, Strip
from clinic.web.charts.levels import STAMP, STRAY, span_of
from clinic.web.charts.scene import Line, Note, Points, Rule, Scene, Style
from clinic.web.charts.shapes import thinned
from clinic.web.charts.words import HOUR, duration, number

DAY = 24 * HOUR  # [min]
_TAGS = {"systolic": "SBP", "diastolic": "DBP"}  # what fits at the end of a line
_DASHES = ("solid", "long")
_NOT_THIS_PERSON = "average of a trial setting, not this person"
_ROUNDED = ("mmHg", "points", "%")
_WHOLE_FROM = 20.0  # [mmHg] below it is a rise and not a pressure
_MARGIN = 0.1  # of what is drawn, below it


def strip_scene(strip: Strip, dosing: tuple[float, float]) -> Scene:
    """Return the scene of a strip; its name says what a listener would see."""
    low, high = _extent(strip)
    return Scene(
        name=spoken(strip),
        stamp=(_stamp(strip),),
        x_label="time since the start",
        y_label=axis_label(strip),
        x_high=strip.minutes[-1],
        y_high=high,
        y_low=low - _MARGIN * (high - low) if _is_pressure(strip) else 0.0,
        span=span_of(dosing),
        lines=tuple(_line(strip, course, n) for n, course in enumerate(strip.courses)),
        rules=_rules(strip),
    )


def _is_pressure(strip: Strip) -> bool:
    """Return whether pressure itself is drawn: its zero means nothing, that of a score does."""
    return any(course.output in ("sbp", "dbp") for course in strip.courses)


def _stamp(strip: Strip) -> str:
    return _NOT_THIS_PERSON if strip.nature else STAMP


def axis_label(strip: Strip) -> str:
    """Return what the axis measures, with its unit."""
    unit = "%" if strip.unit == "%" else strip.unit
    rise = "rise, " if any(c.output.endswith("_change") for c in strip.courses) else ""
    taken = "taken away, " if any(c.output.endswith("_relief") for c in strip.courses) else ""
    return f"{rise}{taken}{unit}"


def _extent(strip: Strip) -> tuple[float, float]:
    values = [value for course in strip.courses for value in course.values]
    edges = [e for course in strip.courses for e in course.edges]
    values += [value for edge in edges for row in (edge.low, edge.high) for value in row]
    values += [] if strip.rule is None else [strip.rule]
    return min(values), max(values)


def _line(strip: Strip, course: Course, n: int) -> Line:
    return Line(
        key=f"{strip.effect}-{course.output}",
        tag=_TAGS.get(course.name, course.name),
        caveat="",
        style=Style(hue=n, dash=_DASHES[n % len(_DASHES)], glyph="circle"),
        points=_points(strip.minutes, course.values),
        bands=tuple(_band(strip, edges) for edges in course.edges),
        note=Note(heading=course.name, lines=(), spoken=course.name),
    )


def _band(strip: Strip, edges: Edges) -> tuple[Points, Points]:
    return _points(strip.band_minutes, edges.low), _points(strip.band_minutes, edges.high)


def _points(minutes: tuple[float, ...], values: tuple[float, ...]) -> Points:
    every = tuple(zip(minutes, values, strict=True))
    return thinned(every, tolerance=STRAY * max(max(values), 1e-9))


def _rules(strip: Strip) -> tuple[Rule, ...]:
    if strip.rule is None:
        return ()
    return (Rule(at=strip.rule, label=f"asked: {amount(strip.rule, strip.unit)}"),)


def figure(value: float, unit: str) -> str:
    """Return a value as its unit is read: pressures whole, points and shares to a tenth."""
    places = 0 if unit == "mmHg" and abs(value) >= _WHOLE_FROM else 1
    return number(round(value, places)) if unit in _ROUNDED else number(value)


def amount(value: float, unit: str) -> str:
    """Return a value with its unit."""
    return f"{figure(value, unit)} {unit}"


def spoken(strip: Strip) -> str:
    """Return a strip in words: where each line begins and where it is farthest from there."""
    parts = [f"{strip.name}, predicted over {length(strip.minutes[-1])}"]
    for course in strip.courses:
        start = course.values[0]
        far = max(range(len(course.values)), key=lambda n: abs(course.values[n] - start))
        parts.append(
            f"{course.name}: from {amount(start, strip.unit)} to"
            f" {amount(course.values[far], strip.unit)} at {length(strip.minutes[far])}"
        )
    parts += [strip.nature] if strip.nature else []
    return ". ".join([*parts, "The same values are in the table"]) + "."


def length(minutes: float) -> str:
    """Return a time [min], in days where it is long."""
    if minutes >= 4 * DAY:
        return f"{number(minutes / DAY)} days"
    return duration(round(minutes) if minutes < DAY / 2 else HOUR * round(minutes / HOUR))
