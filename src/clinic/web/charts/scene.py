"""What a chart holds, in the units of the reader and without a pixel."""

from __future__ import annotations

from dataclasses import dataclass

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tick:
    """One marked place on an axis."""

    at: float
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Axis:
    """One axis: what it measures, from where to where, and its marks."""

    label: str
    low: float
    high: float
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """What is said about one thing when it has the focus or the pointer."""

    heading: str
    lines: tuple[str, ...]  # as the box beside the curve shows them: what fits
    spoken: str  # everything at once, for those who listen


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """How a line differs from its neighbours, in three ways, so that colour is never alone."""

    hue: int  # which colour family
    dash: str  # which dash, by name
    glyph: str  # which small sign rides on the line


Edges = tuple[Points, Points]  # the lower and the upper edge of an area


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One predicted curve, with the bands around it where they are known."""

    key: str
    tag: str  # the few letters at the end of the line
    caveat: str  # what must stand beside those letters; empty where nothing must
    style: Style
    points: Points
    bands: tuple[Edges, ...]  # of people; the widest first
    note: Note


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """What lies between models: hatched, so that nobody takes it for people."""

    key: str
    slant: int  # which direction of hatching
    edges: Edges


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A level that somebody asked about, drawn across the plot."""

    at: float
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """One measured value, or the range that was published instead of one."""

    key: str
    x: float
    y: float | None
    low: float | None
    high: float | None
    sign: str  # "cross", "plus" or "bar": the drug itself, a metabolite, only a range
    note: Note


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A named stretch of the horizontal axis; an instant where both ends are one."""

    start: float
    end: float
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """One whole chart."""

    name: str  # what a listener hears first
    stamp: tuple[str, ...]  # said on the plot itself
    x_label: str
    y_label: str
    x_high: float
    y_high: float
    span: Span
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...] = ()
    x_axis: Axis | None = None  # where minutes and hours do not serve
    again: tuple[Span, ...] = ()  # the same span at later times, without words of their own
    gaps: tuple[Gap, ...] = ()
    rules: tuple[Rule, ...] = ()
    y_low: float = 0.0  # where the axis may begin; a strip of pressures need not show zero
