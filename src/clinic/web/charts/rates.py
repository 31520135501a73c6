"""Draw two rates together, of the treated and of those who were not: never one of them alone."""

from __future__ import annotations

from clinic.web.charts.markup import Markup, coordinate, element, joined
from clinic.web.charts.pieces import text
from clinic.web.charts.words import number

_WIDTH, _ROW, _BAR = 330.0, 26.0, 14.0
_LEFT, _RIGHT = 88.0, 60.0  # room for the names, and for the numbers behind the bars
_FULL = 100.0  # [%]

Rate = tuple[str, float]  # name of the group, and its rate [%]


def rate_bars(what: str, groups: tuple[Rate, Rate]) -> Markup:
    """Return two bars on a scale of a hundred people, the treated first."""
    said = "; ".join(f"{name} {number(rate)} %" for name, rate in groups)
    height = _ROW * len(groups) + 4
    return element(
        "svg",
        {
            "class": "rates",
            "viewBox": f"0 0 {coordinate(_WIDTH)} {coordinate(height)}",
            "role": "img",
            "aria-label": f"{what}: {said}",
        },
        joined(*(_bar(n, name, rate) for n, (name, rate) in enumerate(groups))),
    )


def _bar(n: int, name: str, rate: float) -> Markup:
    top, full = 4 + n * _ROW, _WIDTH - _LEFT - _RIGHT
    place = {"x": _LEFT, "y": top, "height": _BAR}
    kind = "treated" if n == 0 else "control"
    length = full * rate / _FULL
    return element(
        "g",
        {"class": f"rate rate-{kind}"},
        element("rect", {"class": "rate-all", **place, "width": full}),
        element("rect", {"class": "rate-bar", **place, "width": length}),
        text("rate-name", _LEFT - 8, top + _BAR - 2, name, "end"),
        text("rate-number", _LEFT + full + 6, top + _BAR - 2, f"{number(rate)} %"),
    )
