"""The marks of a forest plot: squares, whiskers, diamonds, and the lines they are read against."""

from __future__ import annotations

import math
from dataclasses import dataclass

from clinic.web.charts.effect_scale import Scale, linear, logarithmic, with_null
from clinic.web.charts.forest_rows import Effect, Forest, Line, Row, Total
from clinic.web.charts.hits import Box, Sheet, stacked, tick_words
from clinic.web.charts.lettering import wrapped
from clinic.web.charts.markup import Markup, coordinate, element, joined
from clinic.web.charts.pieces import rule

SIDE = 17.0  # side of the square of the heaviest study
HALF_DIAMOND = 8.0  # half its height
FURTHEST = 1e6  # an axis of ratios that goes further shows nothing else
_DOT, _HOLLOW, _ARROW, _BAR, _NOTCH = 4.5, 8.0, 7.0, 5.0, 5.0
_BESIDE = 10.0  # from the line of no difference to the words for its sides


@dataclass(frozen=True, kw_only=True, slots=True)
class Track:
    """The strip of the sheet on which effects lie."""

    scale: Scale
    left: float
    right: float

    def x(self, value: float) -> float:
        """Return the place of a value, at an end of the strip if it lies beyond."""
        share = min(max(self.scale.share(value), 0.0), 1.0)
        return self.left + share * (self.right - self.left)

    def is_below(self, value: float) -> bool:
        """Return whether a value lies off the lower end."""
        return self.scale.share(value) < -1e-9

    def is_above(self, value: float) -> bool:
        """Return whether a value lies off the upper end."""
        return self.scale.share(value) > 1 + 1e-9


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """One line of the plot, and where it stands."""

    line: Line
    top: float
    height: float
    mark_y: float
    prediction_y: float = 0.0  # of the bar of a diamond that has one

    def box(self, width: float) -> Box:
        """Return the area of the line across the whole sheet."""
        return Box(left=1.5, top=self.top, width=width - 3, height=self.height)


def scaled(plot: Forest, most: int) -> Scale:
    """Return the axis that holds every estimate, the overall diamonds and the null."""
    overall = [end for total in plot.totals for end in (total.effect.low, total.effect.high)]
    held = [effect.estimate for effect in plot.effects()]
    held += [end for end in overall if _is_held(end, plot.is_log)]
    reaching = [(effect.low, effect.high) for effect in plot.effects()]
    predictions = [total.prediction for total in plot.all_totals()]
    reaching += [(one.low, one.high) for one in predictions if one is not None]
    if plot.null is not None:
        held = list(with_null(held, plot.null, is_log=plot.is_log))
    return (logarithmic if plot.is_log else linear)(held, reaching, most=most)


def _is_held(end: float, is_log: bool) -> bool:
    """Return whether an axis is drawn as far as the end of a diamond, which else runs off it."""
    if not is_log:
        return math.isfinite(end)
    return 1.0 / FURTHEST < end < FURTHEST


def heaviest(plot: Forest) -> float:
    """Return the largest weight, which the squares are drawn beside."""
    return max((row.weight for row in plot.rows() if row.weight), default=1.0)


def marks(track: Track, placed: tuple[Placed, ...], most: float) -> Markup:
    """Return the marks of all lines."""
    return joined(*(_mark(track, one, most) for one in placed))


def _mark(track: Track, placed: Placed, most: float) -> Markup:
    match placed.line:
        case Row(effect=Effect() as effect) as row:
            return joined(whisker(track, effect, placed.mark_y), _point(track, row, placed, most))
        case Total() as total:
            return joined(diamond(track, total.effect, placed.mark_y), _predicted(track, placed))
        case _:
            return Markup()


def whisker(track: Track, effect: Effect, y: float) -> Markup:
    """Return the interval of a study; an end that runs off the axis is an arrow."""
    low, high = track.x(effect.low), track.x(effect.high)
    arrows = _arrows(track, (effect.low, effect.high), y)
    return element("g", {"class": "whisker"}, rule("interval", low, y, high, y), arrows)


def _arrows(track: Track, ends: tuple[float, float], y: float) -> Markup:
    pieces = []
    if track.is_below(ends[0]):
        pieces.append(_arrow(track.left, y, 1.0))
    if track.is_above(ends[1]):
        pieces.append(_arrow(track.right, y, -1.0))
    return joined(*pieces)


def _arrow(x: float, y: float, inward: float) -> Markup:
    back = x + inward * _ARROW
    return _polygon("arrow", ((x, y), (back, y - 4.5), (back, y + 4.5)))


def _point(track: Track, row: Row, placed: Placed, most: float) -> Markup:
    if row.effect is None:
        return Markup()
    x, y = track.x(row.effect.estimate), placed.mark_y
    if row.weight is not None:
        notch = rule("notch-of-study", x, y - _NOTCH, x, y + _NOTCH)
        return joined(notch, _square("square", x, y, SIDE * math.sqrt(row.weight / most)))
    if row.is_pooled:
        return element("circle", {"class": "dot", "cx": x, "cy": y, "r": _DOT})
    return _square("hollow", x, y, _HOLLOW)


def _square(kind: str, x: float, y: float, side: float) -> Markup:
    # Written to a thousandth: at a tenth, the areas of small squares would not be their weights.
    corner = {"x": f"{x - side / 2:.3f}", "y": f"{y - side / 2:.3f}"}
    return element(
        "rect", {"class": kind, **corner, "width": f"{side:.3f}", "height": f"{side:.3f}"}
    )


def diamond(track: Track, effect: Effect, y: float) -> Markup:
    """Return the diamond of a total, as long as its interval."""
    low, middle, high = (track.x(at) for at in (effect.low, effect.estimate, effect.high))
    corners = ((low, y), (middle, y - HALF_DIAMOND), (high, y), (middle, y + HALF_DIAMOND))
    arrows = _arrows(track, (effect.low, effect.high), y)
    return joined(_polygon("diamond", corners), arrows)


def _predicted(track: Track, placed: Placed) -> Markup:
    """Return the thin bar of a prediction interval."""
    if not isinstance(placed.line, Total) or placed.line.prediction is None:
        return Markup()
    ends, y = (placed.line.prediction.low, placed.line.prediction.high), placed.prediction_y
    low, high = track.x(ends[0]), track.x(ends[1])
    bar = {"x": low, "y": y - _BAR / 2, "width": high - low, "height": _BAR}
    return joined(element("rect", {"class": "predicted", **bar}), _arrows(track, ends, y))


def _polygon(kind: str, corners: tuple[tuple[float, float], ...]) -> Markup:
    places = " ".join(f"{coordinate(x)},{coordinate(y)}" for x, y in corners)
    return element("polygon", {"class": kind, "points": places})


def backdrop(plot: Forest, track: Track, top: float, bottom: float) -> Markup:
    """Return what marks are read against: grid, no difference, and the overall estimate."""
    places = (track.x(tick.at) for tick in track.scale.axis.ticks)
    pieces = [rule("grid", x, top, x, bottom) for x in places]
    if plot.null is not None:
        pieces.append(rule("null", track.x(plot.null), top, track.x(plot.null), bottom))
    if plot.totals:
        x = track.x(plot.totals[0].effect.estimate)
        pieces.append(rule("overall", x, top, x, bottom))
    return joined(*pieces)


def axis(track: Track, y: float, sheet: Sheet) -> Markup:
    """Return the axis with its ticks, their words below it and on the sheet."""
    pieces = [rule("axis", track.left, y, track.right, y)]
    for tick in track.scale.axis.ticks:
        x = track.x(tick.at)
        pieces += [rule("notch", x, y, x, y + 5), tick_words(sheet, x, y + 19, tick.text)]
    return joined(*pieces)


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """Words for one side of no difference: where they begin or end, and their room."""

    words: str
    x: float
    anchor: str
    room: float

    def lines(self, sheet: Sheet) -> tuple[str, ...]:
        """Return the words in lines that fit."""
        return wrapped(self.words, self.room, sheet.size)


def beside_null(plot: Forest, track: Track, width: float) -> tuple[Side, ...]:
    """Return the words for the two sides, left and right of the line of no difference."""
    if plot.null is None:
        return ()
    x = track.x(plot.null)
    return (
        Side(words=_leftward(plot), x=x - _BESIDE, anchor="end", room=x - 2 * _BESIDE),
        Side(words=_rightward(plot), x=x + _BESIDE, anchor="start", room=width - x - 2 * _BESIDE),
    )


def at_ends(plot: Forest, track: Track) -> tuple[Side, ...]:
    """Return the words for the two sides, at the two ends of the axis."""
    room = (track.right - track.left) / 2 - _BESIDE
    return (
        Side(words=_leftward(plot), x=track.left, anchor="start", room=room),
        Side(words=_rightward(plot), x=track.right, anchor="end", room=room),
    )


def _leftward(plot: Forest) -> str:
    return f"← {plot.left}" if plot.left else ""


def _rightward(plot: Forest) -> str:
    return f"{plot.right} →" if plot.right else ""


def sides_drawn(sides: tuple[Side, ...], sheet: Sheet, y: float) -> tuple[Markup, float]:
    """Return the words for the two sides, and where they end."""
    every = [side.lines(sheet) for side in sides]
    drawn = (
        stacked("side", lines, side.x, y, sheet.leading, side.anchor)
        for side, lines in zip(sides, every, strict=True)
    )
    return joined(*drawn), y + sheet.leading * (max(map(len, every), default=0) - 1)
