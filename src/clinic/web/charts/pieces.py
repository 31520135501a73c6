"""Small pieces that every drawing is made of: a word and a straight line."""

from __future__ import annotations

from clinic.web.charts.markup import Markup, element


def text(kind: str, x: float, y: float, words: str, anchor: str = "start") -> Markup:
    """Return words at a place."""
    return element("text", {"class": kind, "x": x, "y": y, "text-anchor": anchor}, words)


def rule(kind: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    """Return a straight line."""
    return element("line", {"class": kind, "x1": x1, "y1": y1, "x2": x2, "y2": y2})
