"""Read a drawing back: its elements by class, and what of it lies outside its sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from clinic.web.charts.lettering import width

_ROUNDING = 0.06  # coordinates are written to a tenth
_SIZE = {"evidence-wide": 14.0, "evidence-narrow": 13.0}


def parsed(markup: str) -> Element:
    """Return the drawing as a tree."""
    return ElementTree.fromstring(markup)


def of_class(root: Element, name: str) -> list[Element]:
    """Return the elements of a class, in the order of the drawing."""
    return [e for e in root.iter() if name in e.get("class", "").split()]


def number(element: Element, name: str) -> float:
    """Return one of the numbers of an element."""
    return float(element.attrib[name])


def corners(polygon: Element) -> list[tuple[float, float]]:
    """Return the corners of a polygon."""
    pairs = (pair.split(",") for pair in polygon.attrib["points"].split())
    return [(float(x), float(y)) for x, y in pairs]


def words(root: Element) -> str:
    """Return everything that is written on the drawing."""
    return " ".join(e.text or "" for e in root.iter("text"))


def outside(root: Element) -> list[str]:
    """Return what lies outside the sheet, letters as wide as they may be."""
    _, _, right, bottom = map(float, root.attrib["viewBox"].split())
    return [
        f"{e.get('class')} {e.text or ''} at {x:.1f} {y:.1f}"
        for e in root.iter()
        for x, y in _places(root, e)
        if not (-_ROUNDING <= x <= right + _ROUNDING and -_ROUNDING <= y <= bottom + _ROUNDING)
    ]


def _places(root: Element, e: Element) -> Iterator[tuple[float, float]]:
    match e.tag:
        case "rect":
            x, y = number(e, "x"), number(e, "y")
            yield from ((x, y), (x + number(e, "width"), y + number(e, "height")))
        case "line":
            yield from ((number(e, "x1"), number(e, "y1")), (number(e, "x2"), number(e, "y2")))
        case "circle":
            x, y, r = (number(e, name) for name in ("cx", "cy", "r"))
            yield from ((x - r, y - r), (x + r, y + r))
        case "polygon":
            yield from corners(e)
        case "path":
            for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", e.attrib["d"]):
                yield float(x), float(y)
        case "text":
            yield from _text_places(root, e)
        case _:
            return


def _text_places(root: Element, e: Element) -> Iterator[tuple[float, float]]:
    size = next(size for name, size in _SIZE.items() if name in root.attrib["class"])
    long = width(e.text or "", size)
    left = (
        number(e, "x") - {"start": 0.0, "middle": 0.5, "end": 1.0}[e.attrib["text-anchor"]] * long
    )
    yield from ((left, number(e, "y") - 0.7 * size), (left + long, number(e, "y") + 0.2 * size))


def overlaps(root: Element) -> list[str]:
    """Return pairs of words that are written over one another; notes may lie over anything."""
    notes = {id(e) for note in of_class(root, "note") for e in note.iter()}
    written = [e for e in root.iter("text") if id(e) not in notes and e.text]
    boxes = [(e.text, *_text_places(root, e)) for e in written]
    return [
        f"{first} / {second}"
        for n, (first, (left, top), (right, bottom)) in enumerate(boxes)
        for second, (other_left, other_top), (other_right, other_bottom) in boxes[:n]
        if left < other_right and other_left < right and top < other_bottom and other_top < bottom
    ]
