"""Draw a strip: one thing against time in stretches, with its areas, lines, words and notes."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace

from clinic.web.charts import shapes
from clinic.web.charts.drawing import note_box
from clinic.web.charts.frame import NARROW, WIDE, Frame
from clinic.web.charts.markup import Markup, coordinate, element, joined
from clinic.web.charts.pieces import rule, text
from clinic.web.charts.scene import Axis, Edges, Note, Points
from clinic.web.charts.stretches import BrokenPlane, Stretch, stretches
from clinic.web.charts.ticks import level_axis

WIDE_STRIP = replace(
    WIDE, width=760, height=236, left=52, right=110, top=34, bottom=44, y_ticks=4, letters=56
)
NARROW_STRIP = replace(
    NARROW, width=340, height=244, left=32, right=101, top=34, bottom=44, y_ticks=4, letters=28
)
_GAPS = {"wide": 16.0, "narrow": 10.0}
_TALLER = 90.0  # drawing units that a tall strip has more
_STRAY = 0.0004  # of the highest value that a drawn line may stray
_ROOM = 15.0  # drawing units that a word needs between two edges
_TAG_LETTERS = 11
_GLYPH_EVERY = 70.0


@dataclass(frozen=True, kw_only=True, slots=True)
class StripArea:
    """An area around a line, with the words that stand on it."""

    key: str
    label: str
    edges: Edges


@dataclass(frozen=True, kw_only=True, slots=True)
class StripLine:
    """One line; those without the drug are dashed and grey, and their area is an outline."""

    key: str
    tag: str
    caveat: str  # what must stand under the tag; empty where nothing must
    hue: str  # "ketamine", "reuptake" or "without"
    glyph: str
    points: Points
    areas: tuple[StripArea, ...]  # the widest last
    note: Note


@dataclass(frozen=True, kw_only=True, slots=True)
class StripScene:
    """One whole strip."""

    name: str  # what a listener hears first
    title: str  # what the values are, above the axis
    y_high: float
    is_whole: bool  # the axis ends at y_high itself: the end of a scale, or half of it
    ends: tuple[float, ...]  # [min] of the stretches
    given: tuple[float, ...]  # [min] when a session begins; empty where there is none
    label_at: float  # [min] where areas are named
    is_tall: bool
    lines: tuple[StripLine, ...]


def draw(scene: StripScene) -> tuple[Markup, Markup]:
    """Return the strip for a desk and for a telephone."""
    taller = _TALLER if scene.is_tall else 0.0
    wide, narrow = (
        replace(frame, height=frame.height + taller) for frame in (WIDE_STRIP, NARROW_STRIP)
    )
    return _drawn(scene, wide), _drawn(scene, narrow)


def _drawn(scene: StripScene, frame: Frame) -> Markup:
    plane = BrokenPlane(
        frame=frame,
        stretches=stretches(frame, scene.ends, gap=_GAPS[frame.name]),
        y_axis=_y_axis(scene, frame),
    )
    attributes = {
        "class": f"chart strip-chart chart-{frame.name}",
        "viewBox": f"0 0 {coordinate(frame.width)} {coordinate(frame.height)}",
        "role": "group",
        "aria-label": scene.name,
    }
    return element(
        "svg",
        attributes,
        _axes(plane),
        joined(*(_areas(plane, line) for line in scene.lines)),
        _given(plane, scene.given),
        joined(*(_area_names(plane, line, scene.label_at) for line in scene.lines)),
        _tags(plane, scene.lines),
        joined(*(_line(plane, line) for line in scene.lines)),
    )


def _y_axis(scene: StripScene, frame: Frame) -> Axis:
    axis = level_axis(scene.y_high, most=frame.y_ticks, label=scene.title)
    if not scene.is_whole:
        return axis
    marks = tuple(tick for tick in axis.ticks if tick.at <= scene.y_high)
    return replace(axis, high=scene.y_high, ticks=marks)


def _axes(plane: BrokenPlane) -> Markup:
    """Return ground, grid, ticks and titles; hidden from listeners, who have the table."""
    frame = plane.frame
    pieces = [text("title", 2, 14, plane.y_axis.label)]
    for tick in plane.y_axis.ticks:
        pieces.append(text("tick", frame.left - 7, plane.y(tick.at) + 4, tick.text, "end"))
    for stretch in plane.stretches:
        pieces += _ground(plane, stretch)
    return element("g", {"class": "axes", "aria-hidden": "true"}, *pieces)


def _ground(plane: BrokenPlane, stretch: Stretch) -> list[Markup]:
    top, bottom = plane.frame.top, plane.frame.plot_bottom
    box = {
        "class": "ground",
        "x": stretch.left,
        "y": top,
        "width": stretch.right - stretch.left,
        "height": bottom - top,
    }
    middle = 0.5 * (stretch.left + stretch.right)
    pieces = [element("rect", box), text("title", middle, bottom + 36, stretch.name, "middle")]
    for tick in plane.y_axis.ticks:
        y = plane.y(tick.at)
        pieces.append(rule("grid", stretch.left, y, stretch.right, y))
    for tick in stretch.ticks:
        x = stretch.x(tick.at)
        pieces += [rule("notch", x, bottom, x, bottom + 5)]
        pieces += [text("tick", x, bottom + 19, tick.text, "middle")]
    pieces += [rule("axis", stretch.left, bottom, stretch.right, bottom)]
    pieces += [rule("axis", stretch.left, top, stretch.left, bottom)]
    return pieces


def _areas(plane: BrokenPlane, line: StripLine) -> Markup:
    """Return the areas of a line, the widest first so that the others lie on it."""
    found = []
    for place, area in enumerate(reversed(line.areas)):
        way = "".join(_outline(plane, area.edges, stretch) for stretch in plane.stretches)
        kind = f"area area-{'outer' if place == 0 and len(line.areas) > 1 else 'inner'}"
        found.append(element("path", {"class": f"{kind} hue-{line.hue}", "d": way}))
    return joined(*found)


def _outline(plane: BrokenPlane, edges: Edges, stretch: Stretch) -> str:
    low, high = (plane.places(_thin(plane, plane.within(edge, stretch)), stretch) for edge in edges)
    return shapes.outline(low, high)


def _thin(plane: BrokenPlane, points: Points) -> Points:
    return shapes.thinned(points, tolerance=_STRAY * plane.y_axis.high)


def _given(plane: BrokenPlane, given: tuple[float, ...]) -> Markup:
    """Return a wedge above the plot wherever a session begins."""
    y = plane.frame.top - 7
    marks = [
        shapes.glyph("wedge", stretch.x(at), y)
        for stretch in plane.stretches
        for at in given
        if stretch.holds(at)
    ]
    return element("g", {"class": "given", "aria-hidden": "true"}, *marks)


def _area_names(plane: BrokenPlane, line: StripLine, at: float) -> Markup:
    """Return the words on each area, under its upper edge where they fit, else above it."""
    stretch = next(stretch for stretch in plane.stretches if stretch.holds(at))
    tops = [plane.y(_at(area.edges[1], at)) for area in line.areas]
    below = [plane.y(_at(line.points, at)), *tops][: len(tops)]
    words = []
    for area, top, inner in zip(line.areas, tops, below, strict=True):
        if area.label:
            y = top + 13 if inner - top >= _ROOM else top - 5
            words.append(text("area-name", stretch.x(at), y, area.label))
    return element("g", {"class": f"hue-{line.hue}", "aria-hidden": "true"}, *words)


def _at(points: Points, minutes: float) -> float:
    return min(points, key=lambda point: abs(point[0] - minutes))[1]


def _tags(plane: BrokenPlane, lines: tuple[StripLine, ...]) -> Markup:
    """Return the names at the ends of the lines, moved apart, each tied to its line."""
    frame = plane.frame
    ends = [plane.y(line.points[-1][1]) for line in lines]
    words = [
        [("tag-text", word) for word in textwrap.wrap(line.tag, _TAG_LETTERS)]
        + [("caveat", word) for word in textwrap.wrap(line.caveat, _TAG_LETTERS)]
        for line in lines
    ]
    places = shapes.apart(
        ends,
        heights=[frame.leading * len(one) for one in words],
        low=frame.top + 4,
        high=frame.plot_bottom + frame.leading,
    )
    return joined(
        *(
            _tag(frame, line, one, end, y)
            for line, one, end, y in zip(lines, words, ends, places, strict=True)
        )
    )


def _tag(
    frame: Frame, line: StripLine, words: list[tuple[str, str]], end: float, y: float
) -> Markup:
    right = frame.plot_right
    return element(
        "g",
        {"class": f"tag hue-{line.hue}", "aria-hidden": "true"},
        element("path", {"class": "leader", "d": shapes.path(((right, end), (right + 8, y)))}),
        *(
            text(kind, right + 11, y + 4 + n * frame.leading, word)
            for n, (kind, word) in enumerate(words)
        ),
    )


def _line(plane: BrokenPlane, line: StripLine) -> Markup:
    """Return one line that can take the focus, with its note."""
    ways = [
        plane.places(_thin(plane, plane.within(line.points, stretch)), stretch)
        for stretch in plane.stretches
    ]
    way = "".join(map(shapes.path, ways))
    signs = [
        sign
        for places, stretch in zip(ways, plane.stretches, strict=True)
        for sign in shapes.riding(places, every=_GLYPH_EVERY, start=stretch.left + 24)
    ]
    attributes = {
        "class": f"item curve hue-{line.hue}",
        "data-key": line.key,
        "tabindex": "0",
        "role": "img",
        "aria-label": line.note.spoken,
    }
    return element(
        "g",
        attributes,
        element("path", {"class": "reach", "d": way}),
        element("path", {"class": "stroke", "d": way}),
        joined(*(shapes.glyph(line.glyph, x, y, 3.4) for x, y in signs)),
        note_box(plane.frame, line.note),
    )
