"""Draw the scores of two groups day by day: measured, so each a mark and never a line."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.web.charts.hits import sentence, stacked
from clinic.web.charts.lettering import wrapped
from clinic.web.charts.markup import Markup, coordinate, element, joined
from clinic.web.charts.pieces import rule, text
from clinic.web.charts.twin import Twin
from clinic.web.charts.words import number

_STEPS = 6  # of the vertical scale
_BESIDE = 5.0  # how far two marks of one day stand apart from its middle
_MARK = 5.5  # radius

Scores = tuple[tuple[float, float, int], ...]  # day, mean, people


@dataclass(frozen=True, kw_only=True, slots=True)
class TwoGroups:
    """The mean score of two groups on the same days."""

    title: str
    scale: str  # "depression score (MADRS); lower is better"
    highest: float  # of the scale, which begins at nothing
    control: str  # names
    treated: str
    controls: Scores
    treateds: Scores

    def __post_init__(self) -> None:
        """Refuse groups that were not measured on the same days."""
        if not self.controls or [d for d, *_ in self.controls] != [d for d, *_ in self.treateds]:
            raise ValueError(f"days of '{self.title}': expected the same days of both groups.")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sheet:
    name: str
    width: float
    plot: float  # height of the plot
    size: float
    leading: float
    left: float
    right: float


_WIDE = _Sheet(name="wide", width=860, plot=250, size=14, leading=19, left=44, right=24)
_NARROW = _Sheet(name="narrow", width=360, plot=230, size=13, leading=17, left=34, right=14)


def day_marks(groups: TwoGroups) -> tuple[Markup, Markup]:
    """Return the drawing twice, for a wide and for a narrow sheet."""
    return _drawn(groups, _WIDE), _drawn(groups, _NARROW)


def _drawn(groups: TwoGroups, sheet: _Sheet) -> Markup:
    legend, top = _legend(groups, sheet)
    bottom = top + sheet.plot
    return element(
        "svg",
        {
            "class": f"evidence evidence-{sheet.name} days",
            "viewBox": f"0 0 {coordinate(sheet.width)} {coordinate(bottom + 46)}",
            "role": "img",
            "aria-label": spoken(groups),
        },
        legend,
        _axes(groups, sheet, top),
        _marks(groups, sheet, top),
    )


def _legend(groups: TwoGroups, sheet: _Sheet) -> tuple[Markup, float]:
    pieces, y = [], 4.0
    for kind, name in (("control", groups.control), ("treated", groups.treated)):
        pieces.append(_mark(kind, 16, y + sheet.leading / 2))
        pieces.append(text("label", 32, y + sheet.leading - 5, name))
        y += sheet.leading + 2
    lines = wrapped(groups.scale, sheet.width - 12, sheet.size)
    pieces.append(stacked("soft", lines, 6, y + sheet.leading - 3, sheet.leading))
    return joined(*pieces), y + sheet.leading * len(lines) + 16


def _axes(groups: TwoGroups, sheet: _Sheet, top: float) -> Markup:
    bottom, right = top + sheet.plot, sheet.width - sheet.right
    pieces = []
    for n in range(_STEPS + 1):
        value = groups.highest * n / _STEPS
        y = _y(groups, sheet, top, value)
        pieces.append(rule("grid" if n else "axis", sheet.left, y, right, y))
        pieces.append(text("tick", sheet.left - 7, y + 4, number(value), "end"))
    days = [day for day, *_ in groups.controls]
    apart = 30.0
    last = -apart
    for day in days:
        x = _x(groups, sheet, day)
        pieces.append(rule("notch", x, bottom, x, bottom + 5))
        if x - last >= apart:
            pieces.append(text("tick", x, bottom + 20, number(day), "middle"))
            last = x
    middle = (sheet.left + right) / 2
    pieces.append(text("axis-title", middle, bottom + 39, "days after the dose", "middle"))
    return joined(*pieces)


def _marks(groups: TwoGroups, sheet: _Sheet, top: float) -> Markup:
    return joined(
        *(
            _mark(
                kind,
                _x(groups, sheet, day) + aside,
                _y(groups, sheet, top, mean),
            )
            for kind, aside, scores in (
                ("control", -_BESIDE, groups.controls),
                ("treated", _BESIDE, groups.treateds),
            )
            for day, mean, _ in scores
        )
    )


def _x(groups: TwoGroups, sheet: _Sheet, day: float) -> float:
    last = groups.controls[-1][0]
    return sheet.left + (sheet.width - sheet.right - sheet.left - 12) * day / last


def _y(groups: TwoGroups, sheet: _Sheet, top: float, value: float) -> float:
    return top + sheet.plot * (1.0 - value / groups.highest)


def _mark(kind: str, x: float, y: float) -> Markup:
    """Return a hollow square for the others and a full circle for the treated."""
    if kind == "treated":
        return element("circle", {"class": "day-treated", "cx": x, "cy": y, "r": _MARK})
    side = 2 * _MARK - 1
    place = {"x": x - side / 2, "y": y - side / 2, "width": side, "height": side}
    return element("rect", {"class": "day-control", **place})


def spoken(groups: TwoGroups) -> str:
    """Return everything the drawing says, for who listens."""
    rows = (
        f"Day {number(day)}: {number(control)} with {groups.control}, "
        f"{number(treated)} with {groups.treated}"
        for (day, control, _), (_, treated, _) in zip(groups.controls, groups.treateds, strict=True)
    )
    return sentence(f"{groups.title}; {groups.scale}", *rows)


def days_table(groups: TwoGroups) -> Twin:
    """Return the same numbers as a table."""
    return Twin(
        caption=f"{groups.title}: {groups.scale}. Mean of each group, and how many people.",
        headers=("Day", f"With {groups.control}", f"With {groups.treated}"),
        rows=tuple(
            (number(day), f"{number(control)} ({n})", f"{number(treated)} ({m})")
            for (day, control, n), (_, treated, m) in zip(
                groups.controls, groups.treateds, strict=True
            )
        ),
    )
