"""The comparison of two mechanisms in words, as a table and as a tidy file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TextIO

import numpy as np

from ketherapy import units
from ketherapy.simulation.mechanism.comparison import READ, Comparison
from ketherapy.simulation.mechanism.course import Course, Edges, Kind, Lane
from ketherapy.sources import cite

COLUMNS = ("time_h", "lane", "course", "name", "unit", "scale", "value", "extent", "low", "high",
           "status", "confidence")  # fmt: skip
_STEPS = {"ng/mL": 0.1, "%": 0.1, "points": 0.1}  # smaller is said to be smaller
NOT_ONE_SCALE = (
    "MADRS and HAMD-17 are two scales: a point of one is not a point of the other, and neither is "
    "turned into the other."
)
NOT_A_PERSON = (
    "Each mood curve is the average of a kind of trial, not of this person. No dose is better or "
    "worse by it."
)


def spoken(hours: float) -> str:
    """Return a time as people say it: "40 min", "4 h", "3 d", "2 weeks".

    Units   hours h
    """
    if hours < 1.0:
        return f"{units.shown(hours * 60.0)} min"
    if hours < 24.0 or hours % 24.0:
        return f"{units.shown(hours)} h"
    days = hours / 24.0
    if days < 14.0 or days % 7.0:
        return f"{units.shown(days)} d"
    return f"{units.shown(days / 7.0)} weeks"


def places(found: Comparison) -> tuple[int, ...]:
    """Return where in ``found`` the times stand at which a table reads."""
    return tuple(int(np.argmin(np.abs(found.t - at))) for at in READ)


def report(found: Comparison) -> str:
    """Return both lanes as tables, with what must be said beside them."""
    return "\n".join(
        [
            f"Ketamine: {found.question.text}",
            f"Mood: {found.setting_text} (mean score at the start {found.baseline:g} points).",
            _table(found, Lane.KETAMINE),
            "",
            f"Beside it: {found.comparator.name}, at the smallest therapeutic dose, every day.",
            _table(found, Lane.REUPTAKE),
            "",
            NOT_A_PERSON,
            NOT_ONE_SCALE,
            "In brackets: " + "; ".join(_extents(found)) + ".",
            *(f"caution: {line}" for line in found.cautions),
            "",
            "Limits",
            *(f"  {line}" for lane in Lane for line in found.limits[lane]),
            "",
            "Sources",
            *(f"  {cite(key)}" for key in _sources(found)),
        ]
    )


def _sources(found: Comparison) -> list[str]:
    return list(dict.fromkeys(key for lane in Lane for key in found.sources(lane)))


def _extents(found: Comparison) -> Iterator[str]:
    for course in found.courses:
        if course.widest is not None:
            yield f"{course.name}: {course.widest[0].value}"


def _table(found: Comparison, lane: Lane) -> str:
    from tabulate import tabulate

    courses = found.lane(lane)
    heads = ["after", *(_head(course) for course in courses)]
    rows = [
        [spoken(float(found.t[k])), *(_cell(course, k) for course in courses)]
        for k in places(found)
    ]
    return tabulate(rows, headers=heads, disable_numparse=True, colalign=["right"] * len(heads))


def _head(course: Course) -> str:
    unit = course.unit if course.kind is not Kind.MOOD else f"{short_scale(course)} points"
    return f"{course.name} ({', '.join(filter(None, (unit, course.caveat)))})"


def short_scale(course: Course) -> str:
    """Return the short name of the scale of a mood course."""
    return {"madrs": "MADRS", "hamd17": "HAMD-17"}[course.key.partition("_")[0]]


def _cell(course: Course, place: int) -> str:
    words = printed(course, float(course.values[place]))
    if course.widest is None:
        return words
    return f"{words} ({between(course, course.widest[1], place)})"


def between(course: Course, edges: Edges, place: int) -> str:
    """Return both edges at one place, as "12 to 14"."""
    low, high = (printed(course, float(edge[place])) for edge in (edges.low, edges.high))
    return f"{low} to {high}"


def printed(course: Course, value: float) -> str:
    """Return a value of ``course`` with as many digits as mean something.

    Units   value in the unit of the course
    """
    step = _STEPS[course.unit]
    if 0.0 < abs(value) < 0.5 * step:
        return f"< {units.shown(step)}"
    if course.unit == "ng/mL":
        return units.shown(value)
    return f"{value:.1f}"


def tidy(found: Comparison) -> Iterator[tuple[object, ...]]:
    """Give one row for each time, course and extent; a course without one has one row a time.

    Units   time h; values in the unit beside them
    """
    for course in found.courses:
        for place, hour in enumerate(found.t.tolist()):
            first = (hour, course.lane.value, course.key, course.name, course.unit, course.scale,
                     float(course.values[place]))  # fmt: skip
            if not course.edges:
                yield (*first, "", "", "", course.status, course.confidence)
            for extent, edges in course.edges.items():
                low, high = float(edges.low[place]), float(edges.high[place])
                yield (*first, extent.value, low, high, course.status, course.confidence)


def write_csv(found: Comparison, file: TextIO) -> None:
    """Write the tidy table to an open text file."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(tidy(found))
