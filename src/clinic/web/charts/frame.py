"""The sheet a chart is drawn on: its size, its margins, and where a value lands."""

from __future__ import annotations

from dataclasses import dataclass, replace

from clinic.web.charts.scene import Axis, Points


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """A sheet: lengths in drawing units, which are pixels at the size it is meant for."""

    name: str  # also a CSS class
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    stamp: float  # baseline of the first sentence that is said on the drawing itself
    leading: float  # distance of two lines of text
    letters: int  # letters in a line of a note
    letter: float  # width of one such letter
    x_ticks: int
    y_ticks: int
    caveat_letters: int  # letters in a line of a caveat behind a curve
    caveat_right: float  # right margin where there are caveats

    def with_caveats(self) -> Frame:
        """Return this frame with room for caveats at the ends of the curves."""
        return replace(self, right=self.caveat_right)

    @property
    def plot_right(self) -> float:
        """Return where the plot ends on the right."""
        return self.width - self.right

    @property
    def plot_bottom(self) -> float:
        """Return where the plot ends below."""
        return self.height - self.bottom


# Two sheets, since text that is right on a desk is unreadable when shrunk to a telephone.
WIDE = Frame(
    name="wide",
    width=880,
    height=440,
    left=58,
    right=84,
    top=46,
    bottom=52,
    stamp=60.4,
    leading=18,
    letters=58,
    letter=7.6,
    x_ticks=8,
    y_ticks=6,
    caveat_letters=14,
    caveat_right=114,
)
NARROW = Frame(
    name="narrow",
    width=360,
    height=450,
    left=40,
    right=74,
    top=96,  # the stamp stands above the plot: there is no room between the curves
    bottom=48,
    stamp=14,
    leading=15.5,
    letters=34,
    letter=7.2,
    x_ticks=6,
    y_ticks=6,
    caveat_letters=10,
    caveat_right=86,
)

# Strips stand under the level chart: same margins, so that the same time lies below the same time.
STRIP_WIDE = replace(WIDE, height=214, bottom=46, stamp=14, y_ticks=4)
STRIP_NARROW = replace(NARROW, height=226, top=86, bottom=46, stamp=12, y_ticks=4)


@dataclass(frozen=True, kw_only=True, slots=True)
class Plane:
    """A frame with its two axes: turns values into places."""

    frame: Frame
    x_axis: Axis
    y_axis: Axis

    def x(self, value: float) -> float:
        """Return the horizontal place of a value."""
        share = (value - self.x_axis.low) / (self.x_axis.high - self.x_axis.low)
        return self.frame.left + share * (self.frame.plot_right - self.frame.left)

    def y(self, value: float) -> float:
        """Return the vertical place of a value."""
        share = (value - self.y_axis.low) / (self.y_axis.high - self.y_axis.low)
        return self.frame.plot_bottom - share * (self.frame.plot_bottom - self.frame.top)

    def places(self, points: Points) -> Points:
        """Return the places of many points."""
        left, bottom = self.x(0.0), self.y(0.0)
        right, up = self.x(1.0) - left, self.y(1.0) - bottom
        return tuple((left + x * right, bottom + y * up) for x, y in points)
