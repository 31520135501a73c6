"""Turn a scene into SVG: axes, the shaded span, bands, lines, marks and their notes."""

from __future__ import annotations

import textwrap

from clinic.web.charts import shapes
from clinic.web.charts.frame import Frame, Plane
from clinic.web.charts.markup import Markup, coordinate, element, joined
from clinic.web.charts.pieces import rule, text
from clinic.web.charts.scene import Edges, Gap, Line, Mark, Note, Rule, Scene, Span, Style
from clinic.web.charts.ticks import calendar_axis, level_axis, time_axis

GLYPH_EVERY = 112.0  # drawing units between two signs on one line
GLYPH_SHIFT = 23.0  # by which the signs of neighbouring lines are staggered
LONG = 4 * 1440.0  # [min] beyond which a strip is marked in days
SWATCH = (54.0, 16.0)
HATCH = 7.0  # drawing units between two strokes of a hatching
SLANTS = (45.0, 135.0, 0.0, 90.0)  # [degree] of the hatchings, one after the other


def draw(scene: Scene, frame: Frame) -> Markup:
    """Return the whole chart as one SVG element."""
    frame = frame.with_caveats() if any(line.caveat for line in scene.lines) else frame
    plane = Plane(
        frame=frame,
        x_axis=scene.x_axis or time_axis(scene.x_high, most=frame.x_ticks, label=scene.x_label),
        y_axis=level_axis(scene.y_high, most=frame.y_ticks, label=scene.y_label),
    )
    attributes = {
        "class": f"chart chart-{frame.name}",
        "viewBox": f"0 0 {coordinate(frame.width)} {coordinate(frame.height)}",
        "role": "group",
        "aria-label": scene.name,
        "data-left": frame.left,
        "data-right": frame.plot_right,
        "data-top": frame.top,
        "data-bottom": frame.plot_bottom,
        "data-last": coordinate(plane.x_axis.high),
    }
    return element(
        "svg",
        attributes,
        joined(*(_span(plane, span) for span in (scene.span, *scene.again))),
        _axes(plane),
        joined(*(_bands(plane, line) for line in scene.lines)),
        joined(*(_gap(plane, gap) for gap in scene.gaps)),
        joined(*(_level(plane, asked) for asked in scene.rules)),
        _stamp(frame, scene.stamp),
        _tags(plane, scene.lines),
        joined(*(_line(plane, line, n) for n, line in enumerate(scene.lines))),
        joined(*(_mark(plane, mark) for mark in scene.marks)),
    )


def draw_strip(scene: Scene, frame: Frame) -> Markup:
    """Return a small chart as one SVG image: it speaks as a whole, its numbers are in a table."""
    axis = calendar_axis if scene.x_high > LONG else time_axis
    plane = Plane(
        frame=frame,
        x_axis=axis(scene.x_high, most=frame.x_ticks, label=scene.x_label),
        y_axis=level_axis(
            scene.y_high, lowest=scene.y_low, most=frame.y_ticks, label=scene.y_label
        ),
    )
    attributes = {
        "class": f"strip strip-{frame.name}",
        "viewBox": f"0 0 {coordinate(frame.width)} {coordinate(frame.height)}",
        "role": "img",
        "aria-label": scene.name,
    }
    return element(
        "svg",
        attributes,
        _span(plane, scene.span),
        _axes(plane),
        joined(*(_bands(plane, line) for line in scene.lines)),
        joined(*(_level(plane, asked) for asked in scene.rules)),
        _stamp(frame, scene.stamp),
        _tags(plane, scene.lines),
        joined(*(_stroke(plane, line) for line in scene.lines)),
    )


def _stroke(plane: Plane, line: Line) -> Markup:
    way = {"class": "stroke", "d": shapes.path(plane.places(line.points))}
    return element("g", {"class": _classes(line.style)}, element("path", way))


def swatch(style: Style) -> Markup:
    """Return a short sample of a line, as a legend shows it."""
    width, height = SWATCH
    middle = height / 2
    return element(
        "svg",
        {
            "class": f"swatch {_classes(style)}",
            "viewBox": f"0 0 {coordinate(width)} {coordinate(height)}",
            "aria-hidden": "true",
        },
        element("path", {"class": "stroke", "d": shapes.path(((1, middle), (width - 1, middle)))}),
        shapes.glyph(style.glyph, width / 2, middle),
    )


def mark_swatch(sign: str) -> Markup:
    """Return a sample of a measured point, as a legend shows it."""
    return element(
        "svg",
        {"class": "swatch mark", "viewBox": "19 0 16 16", "aria-hidden": "true"},
        _cross(sign, 27, 8),
    )


def gap_swatch(slant: int) -> Markup:
    """Return a sample of a hatching, as a legend shows it."""
    width, height = SWATCH
    name = f"hatch-swatch-{slant}"
    box = {"class": "gap", "x": 1, "y": 1, "width": width - 2, "height": height - 2}
    return element(
        "svg",
        {
            "class": "swatch",
            "viewBox": f"0 0 {coordinate(width)} {coordinate(height)}",
            "aria-hidden": "true",
        },
        _hatch(name, slant),
        element("rect", box | {"fill": f"url(#{name})"}),
    )


def _classes(style: Style) -> str:
    return f"hue-{style.hue} dash-{style.dash}"


def _axes(plane: Plane) -> Markup:
    """Return grid, ticks and axis titles; hidden from listeners, who have the table."""
    frame = plane.frame
    left, right, top, bottom = frame.left, frame.plot_right, frame.top, frame.plot_bottom
    pieces = [
        text("title", 2, top - 32, plane.y_axis.label),
        text("title", (left + right) / 2, frame.height - 8, plane.x_axis.label, "middle"),
    ]
    for tick in plane.y_axis.ticks:
        y = plane.y(tick.at)
        pieces += [
            rule("grid", left, y, right, y),
            text("tick", left - 7, y + 4, tick.text, "end"),
        ]
    for tick in plane.x_axis.ticks:
        x = plane.x(tick.at)
        pieces += [rule("notch", x, bottom, x, bottom + 5)]
        pieces += [text("tick", x, bottom + 20, tick.text, "middle")]
    pieces += [rule("axis", left, bottom, right, bottom), rule("axis", left, top, left, bottom)]
    return element("g", {"class": "axes", "aria-hidden": "true"}, *pieces)


def _stamp(frame: Frame, sentences: tuple[str, ...]) -> Markup:
    """Return what must be said on the drawing itself, at its upper right."""
    right, first = frame.plot_right - 4, frame.stamp
    lines = enumerate(sentences)
    return joined(
        *(text("stamp", right, first + n * frame.leading, words, "end") for n, words in lines)
    )


def _span(plane: Plane, span: Span) -> Markup:
    frame = plane.frame
    start, end = plane.x(span.start), plane.x(min(span.end, plane.x_axis.high))
    area = {
        "class": "span",
        "x": start,
        "y": frame.top - 6,
        "width": max(end - start, 1.5),
        "height": frame.plot_bottom - frame.top + 6,
    }
    return joined(element("rect", area), text("span-label", start, frame.top - 11, span.label))


def _bands(plane: Plane, line: Line) -> Markup:
    return joined(
        *(
            element(
                "path",
                {
                    "class": f"band band-{n} {_classes(line.style)}",
                    "d": _area(plane, edges),
                    "data-key": line.key,
                },
            )
            for n, edges in enumerate(line.bands)
        )
    )


def _area(plane: Plane, edges: Edges) -> str:
    lower, upper = (plane.places(edge) for edge in edges)
    return shapes.outline(lower, upper)


def _gap(plane: Plane, gap: Gap) -> Markup:
    """Return the hatched area between models; legend and tables say what it is."""
    name = f"hatch-{plane.frame.name}-{gap.slant}"
    way = {"class": "gap", "d": _area(plane, gap.edges), "fill": f"url(#{name})"}
    return element(
        "g",
        {"data-key": gap.key, "aria-hidden": "true"},
        _hatch(name, gap.slant),
        element("path", way),
    )


def _hatch(name: str, slant: int) -> Markup:
    """Return a hatching to fill an area with; an attribute names it, since no style may."""
    tile = {
        "id": name,
        "width": HATCH,
        "height": HATCH,
        "patternUnits": "userSpaceOnUse",
        "patternTransform": f"rotate({coordinate(SLANTS[slant % len(SLANTS)])})",
    }
    return element("pattern", tile, rule("hatch", HATCH / 2, 0, HATCH / 2, HATCH))


def _level(plane: Plane, asked: Rule) -> Markup:
    """Return a line across the plot at a level that was asked about, and its words."""
    frame, y = plane.frame, plane.y(asked.at)
    return joined(
        rule("asked", frame.left, y, frame.plot_right, y),
        text("asked-label", frame.plot_right - 4, y - 5, asked.label, "end"),
    )


def _line(plane: Plane, line: Line, n: int) -> Markup:
    """Return one curve that can take the focus, with its note."""
    places = plane.places(line.points)
    start = plane.frame.left + GLYPH_SHIFT * (1 + n % 4)
    signs = shapes.riding(places, every=GLYPH_EVERY, start=start)
    attributes = {
        "class": f"item curve {_classes(line.style)}",
        "data-key": line.key,
        "tabindex": "0",
        "role": "img",
        "aria-label": line.note.spoken,
    }
    way = shapes.path(places)
    return element(
        "g",
        attributes,
        element("path", {"class": "reach", "d": way}),
        element("path", {"class": "stroke", "d": way}),
        joined(*(shapes.glyph(line.style.glyph, x, y) for x, y in signs)),
        _note(plane.frame, line.note),
    )


def _tags(plane: Plane, lines: tuple[Line, ...]) -> Markup:
    """Return the names at the ends of the lines, moved apart, each tied to its line."""
    frame = plane.frame
    ends = [plane.y(line.points[-1][1]) for line in lines]
    words = [(line.tag, *textwrap.wrap(line.caveat, frame.caveat_letters)) for line in lines]
    places = shapes.apart(
        ends,
        heights=[frame.leading * len(one) for one in words],
        low=frame.top + 8,
        high=frame.plot_bottom + frame.leading,
    )
    every = zip(lines, words, ends, places, strict=True)
    return joined(*(_tag(frame, line, told, end, y) for line, told, end, y in every))


def _tag(frame: Frame, line: Line, words: tuple[str, ...], end: float, y: float) -> Markup:
    right = frame.plot_right
    kinds = ["tag-text"] + ["caveat"] * (len(words) - 1)
    return element(
        "g",
        {"class": f"tag {_classes(line.style)}", "data-key": line.key, "aria-hidden": "true"},
        element("path", {"class": "leader", "d": shapes.path(((right, end), (right + 12, y)))}),
        *(
            text(kind, right + 15, y + 4 + n * frame.leading, told)
            for n, (kind, told) in enumerate(zip(kinds, words, strict=True))
        ),
    )


def _mark(plane: Plane, mark: Mark) -> Markup:
    """Return one measured value, or the bar of a published range, with its note."""
    x = plane.x(mark.x)
    pieces = []
    if mark.low is not None and mark.high is not None:
        low, high = plane.y(mark.low), plane.y(mark.high)
        pieces += [rule("range", x, low, x, high)]
        pieces += [rule("range", x - 5, end, x + 5, end) for end in (low, high)]
    if mark.y is not None:
        pieces.append(_cross(mark.sign, x, plane.y(mark.y)))
    attributes = {
        "class": "item mark",
        "tabindex": "0",
        "role": "img",
        "aria-label": mark.note.spoken,
    }
    return element("g", attributes, *pieces, _note(plane.frame, mark.note))


def _cross(sign: str, x: float, y: float) -> Markup:
    """Return the sign of a measurement, unlike any sign that rides on a prediction."""
    strokes = (tuple((x + a, y + b) for a, b in ends) for ends in shapes.STROKES[sign])
    ways = "".join(map(shapes.path, strokes))
    return joined(
        element("path", {"class": "cross-edge", "d": ways}),
        element("path", {"class": "cross", "d": ways}),
    )


def _note(frame: Frame, note: Note) -> Markup:
    """Return the box that tells the source while its curve has the focus or the pointer."""
    heads = textwrap.wrap(note.heading, frame.letters - 4)
    rows = [row for line in note.lines for row in textwrap.wrap(line, frame.letters)]
    width = min(frame.letters * frame.letter + 20, frame.plot_right - frame.left)
    left, top = frame.plot_right - width, frame.top + 2
    kinds = ["note-heading"] * len(heads) + ["note-text"] * len(rows)
    texts = [
        text(kind, left + 10, top + frame.leading * n, row)
        for n, (kind, row) in enumerate(zip(kinds, heads + rows, strict=True), 1)
    ]
    height = frame.leading * len(texts) + 10
    box = {"class": "note-box", "x": left, "y": top, "width": width, "height": height, "rx": 6.0}
    return element("g", {"class": "note"}, element("rect", box), *texts)
