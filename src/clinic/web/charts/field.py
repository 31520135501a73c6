"""A plot with two axes: where a value lands, and the axes themselves."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.web.charts.effect_scale import Scale
from clinic.web.charts.hits import Sheet, stacked, tick_words
from clinic.web.charts.lettering import widest, width, wrapped
from clinic.web.charts.markup import Markup, coordinate, element, joined
from clinic.web.charts.pieces import rule, text
from clinic.web.charts.scene import Points

WIDE = Sheet(width=720.0, height=0.0, size=14.0, leading=18.0)
NARROW = Sheet(width=360.0, height=0.0, size=13.0, leading=17.0)
_EDGE, _RIGHT = 6.0, 14.0
_HEIGHTS = {WIDE.width: 330.0, NARROW.width: 270.0}  # of the plot, by the width of its sheet
TICKS = {WIDE.width: (9, 6), NARROW.width: (5, 5)}  # most ticks along x and y


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """The area of a plot, in drawing units, with the scales of its two axes."""

    left: float
    right: float
    top: float
    bottom: float
    x_scale: Scale
    y_scale: Scale
    is_inverted: bool = False  # whether the vertical axis grows downwards

    def x(self, value: float) -> float:
        """Return the horizontal place of a value, at an edge if it lies beyond."""
        return self.left + _held(self.x_scale.share(value)) * (self.right - self.left)

    def y(self, value: float) -> float:
        """Return the vertical place of a value, at an edge if it lies beyond."""
        share = _held(self.y_scale.share(value))
        down = share if self.is_inverted else 1.0 - share
        return self.top + down * (self.bottom - self.top)

    def places(self, points: Points) -> Points:
        """Return the places of many points."""
        return tuple((self.x(x), self.y(y)) for x, y in points)


def _held(share: float) -> float:
    return min(max(share, 0.0), 1.0)


def field(
    sheet: Sheet, x_scale: Scale, y_scale: Scale, *, y_label: str, is_inverted: bool = False
) -> Field:
    """Return the area that the words of the vertical axis leave on a sheet."""
    ticks = widest(tuple(tick.text for tick in y_scale.axis.ticks), sheet.size)
    top = sheet.leading * len(_title(sheet, y_label)) + 16
    return Field(
        left=_EDGE + ticks + 10,
        right=sheet.width - _RIGHT,
        top=top,
        bottom=top + _HEIGHTS[sheet.width],
        x_scale=x_scale,
        y_scale=y_scale,
        is_inverted=is_inverted,
    )


def _title(sheet: Sheet, label: str) -> tuple[str, ...]:
    return wrapped(label, (sheet.width - 2 * _EDGE) / 1.12, sheet.size)


def grid(plot: Field) -> Markup:
    """Return thin lines at the ticks of both axes."""
    across = (plot.y(tick.at) for tick in plot.y_scale.axis.ticks)
    up = (plot.x(tick.at) for tick in plot.x_scale.axis.ticks)
    return joined(
        *(rule("grid", plot.left, y, plot.right, y) for y in across),
        *(rule("grid", x, plot.top, x, plot.bottom) for x in up),
    )


def axes(plot: Field, sheet: Sheet, x_label: str, y_label: str) -> tuple[Markup, float]:
    """Return both axes with their ticks and titles, and where the words below end."""
    pieces = [
        rule("axis", plot.left, plot.bottom, plot.right, plot.bottom),
        rule("axis", plot.left, plot.top, plot.left, plot.bottom),
        stacked("axis-title", _title(sheet, y_label), _EDGE, sheet.leading - 2, sheet.leading),
    ]
    for tick in plot.y_scale.axis.ticks:
        pieces.append(text("tick", plot.left - 7, plot.y(tick.at) + 4.5, tick.text, "end"))
    for tick in plot.x_scale.axis.ticks:
        x = plot.x(tick.at)
        pieces.append(rule("notch", x, plot.bottom, x, plot.bottom + 5))
        pieces.append(tick_words(sheet, x, plot.bottom + 20, tick.text))
    lines, first = _title(sheet, x_label), plot.bottom + 42
    longest = max((width(line, sheet.size) for line in lines), default=0.0) * 1.12 / 2
    middle = min(max((plot.left + plot.right) / 2, longest), sheet.width - longest)
    pieces.append(stacked("axis-title", lines, middle, first, sheet.leading, "middle"))
    return joined(*pieces), first + sheet.leading * (len(lines) - 1)


def captions(
    sheet: Sheet, told: tuple[str, ...], y: float, kind: str = "soft"
) -> tuple[Markup, float]:
    """Return sentences below a plot, and where they end."""
    room = (sheet.width - 2 * _EDGE) / (1.0 if kind == "soft" else 1.12)
    lines = tuple(one for part in told for one in wrapped(part, room, sheet.size))
    drawn = stacked(kind, lines, _EDGE, y + sheet.leading + 4, sheet.leading)
    return drawn, y + (4 + sheet.leading * len(lines) if lines else 0)


def chart(kind: str, sheet: Sheet, name: str, *pieces: str) -> Markup:
    """Return a whole chart, whose parts can take the focus."""
    size = "wide" if sheet.width == WIDE.width else "narrow"
    return element(
        "svg",
        {
            "class": f"evidence evidence-{size} {kind}",
            "viewBox": f"0 0 {coordinate(sheet.width)} {coordinate(sheet.height)}",
            "role": "group",
            "aria-label": name,
        },
        *pieces,
    )


def hidden(*pieces: str) -> Markup:
    """Return pieces that listeners pass over: the parts that take the focus tell them."""
    return element("g", {"aria-hidden": "true"}, *pieces)
