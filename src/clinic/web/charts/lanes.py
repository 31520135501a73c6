"""Describe the two lanes as strips: what each line is, how it is told apart, what its note says."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from clinic.explore.mechanism import LaneView, Line, Picture, Strip
from clinic.web.charts.lane_drawing import StripArea, StripLine, StripScene, draw
from clinic.web.charts.markup import Markup
from clinic.web.charts.scene import Note, Points
from clinic.web.charts.words import HOUR

_BOXED = 110  # letters of the sources that fit into the box beside a line
_PERCENT = 100.0
_LABELLED = {  # [h] where areas are named: right of the peak, or where there is room
    "ketamine-level": 1.0,
    "ketamine-target": 1.0,
    "ketamine-mood": 30.0,
    "reuptake-target": 30.0,
    "reuptake-mood": 30.0,
}
_TOO_NARROW = ("interval",)  # areas that no eye can tell from the line: named in words alone
_TITLES = {
    "ketamine-level": "predicted level in the blood (ng/mL)",
    "ketamine-target": "predicted NMDA receptors blocked (%)",
    "reuptake-target": "predicted transporters occupied (%)",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawnStrip:
    """A strip as the page shows it: its key, for the words beside it, and its drawings."""

    key: str
    charts: tuple[Markup, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawnLane:
    """A lane as the page shows it."""

    lane: LaneView
    strips: tuple[DrawnStrip, ...]


def lanes(picture: Picture) -> tuple[DrawnLane, ...]:
    """Return both lanes, drawn."""
    return tuple(
        DrawnLane(
            lane=lane,
            strips=tuple(
                DrawnStrip(key=strip.key, charts=draw(scene(picture, lane, strip)))
                for strip in lane.strips
            ),
        )
        for lane in picture.lanes
    )


def scene(picture: Picture, lane: LaneView, strip: Strip) -> StripScene:
    """Return the scene of one strip."""
    title = title_of(strip)
    return StripScene(
        name=f"{lane.name}: {title}, from minutes to eight weeks. "
        "The same values are in the table.",
        title=title,
        y_high=_top(strip),
        is_whole=strip.unit != "ng/mL",
        ends=picture.ends,
        given=picture.sessions if lane.key == "ketamine" else (),
        label_at=_LABELLED[strip.key] * HOUR,
        is_tall=strip.kind == "mood",
        lines=tuple(_line(picture, lane, strip, line) for line in strip.lines),
    )


def title_of(strip: Strip) -> str:
    """Return what the values of a strip are, with their unit and, of a score, its scale."""
    if strip.scale:
        return f"predicted mood: points better of {strip.scale_most:g} ({strip.scale})"
    return _TITLES[strip.key]


def _top(strip: Strip) -> float:
    """Return where the axis ends: both scores at half of their scale, neither stretched."""
    if strip.scale:
        return 0.5 * strip.scale_most
    if strip.unit == "%":
        return _PERCENT
    areas = [area.high for line in strip.lines for area in line.areas]
    return max(max(values) for values in (*areas, *(line.values for line in strip.lines)))


def _line(picture: Picture, lane: LaneView, strip: Strip, line: Line) -> StripLine:
    areas = line.areas[-1:] if line.is_without_drug else line.areas
    return StripLine(
        key=line.key,
        tag=_tag(picture, lane, strip, line),
        caveat="" if line.is_without_drug else line.caveat,
        hue="without" if line.is_without_drug else lane.key,
        glyph="square" if line.is_without_drug else "circle",
        points=_points(picture, line.values),
        areas=tuple(
            StripArea(
                key=area.key,
                label="" if line.is_without_drug or area.key in _TOO_NARROW else area.name,
                edges=(_points(picture, area.low), _points(picture, area.high)),
            )
            for area in areas
        ),
        note=_note(picture, strip, line),
    )


def _tag(picture: Picture, lane: LaneView, strip: Strip, line: Line) -> str:
    if line.is_without_drug:
        return picture.control if lane.key == "ketamine" else "placebo"
    if strip.kind == "target":
        return "blocked" if lane.key == "ketamine" else "occupied"
    return lane.name.lower() if lane.key == "ketamine" else picture.comparator


def _points(picture: Picture, values: tuple[float, ...]) -> Points:
    return tuple(zip(picture.minutes, values, strict=True))


def _note(picture: Picture, strip: Strip, line: Line) -> Note:
    heading = line.name[0].upper() + line.name[1:]
    heading += f" · {line.caveat}" if line.caveat else ""
    unit = f"{strip.scale} points" if strip.scale else strip.unit
    first = f"Predicted a day after the start: {picture.day[line.key]} {unit}"
    areas = [f"Area: {area.meaning}" for area in line.areas[-1:]]
    source = f"Source ({line.status}): {'; '.join(line.short)}"
    kept = textwrap.shorten(source, _BOXED, placeholder=" …")
    spoken = ". ".join((heading, first, *areas, source))
    return Note(heading=heading, lines=(first, *areas, kept), spoken=f"{spoken}.")
