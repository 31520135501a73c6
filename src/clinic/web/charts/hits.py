"""What takes the focus or the pointer on a chart of evidence, and the note it then shows.

These lie over the finished drawing, so that no later piece is painted over a note.
"""

from __future__ import annotations

from dataclasses import dataclass

from clinic.web.charts.lettering import bold, width, wrapped
from clinic.web.charts.markup import Markup, element, joined
from clinic.web.charts.pieces import text
from clinic.web.charts.scene import Note

_MARGIN, _PAD, _BESIDE = 4.0, 10.0, 5.0
_ELSEWHERE = "… more in the table"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """What a drawing is made on: its size and its letters, in drawing units."""

    width: float
    height: float
    size: float  # font size of words
    leading: float  # distance of two lines of words


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """A rectangle of the drawing."""

    left: float
    top: float
    width: float
    height: float

    def attributes(self) -> dict[str, float]:
        """Return it as the attributes of a rectangle."""
        return {"x": self.left, "y": self.top, "width": self.width, "height": self.height}


def hit(sheet: Sheet, box: Box, note: Note) -> Markup:
    """Return an area that takes the focus, speaks, and shows its note if it has lines."""
    attributes = {
        "class": "hit",
        "tabindex": "0",
        "role": "img",
        "aria-label": note.spoken,
    }
    area = element("rect", {"class": "hit-area", **box.attributes(), "rx": 4.0})
    return element("g", attributes, area, _note(sheet, box, note) if note.lines else "")


def _note(sheet: Sheet, box: Box, note: Note) -> Markup:
    """Return the note below its area, above it where there is more room, always on the sheet."""
    room = sheet.width - 2 * (_MARGIN + _PAD)
    heads = wrapped(note.heading, room / 1.12, sheet.size)
    told = tuple(row for line in note.lines for row in wrapped(line, room, sheet.size))
    below = sheet.height - _MARGIN - box.top - box.height - _BESIDE
    above = box.top - _BESIDE - _MARGIN
    most = int((sheet.height - 2 * _MARGIN - _PAD) // sheet.leading) - len(heads)
    shown = told if len(told) <= most else (*told[: max(most - 1, 0)], _ELSEWHERE)
    height = sheet.leading * (len(heads) + len(shown)) + _PAD
    top = box.top + box.height + _BESIDE
    if height > below:
        top = box.top - _BESIDE - height if height <= above else sheet.height - _MARGIN - height
    wide = max(*(bold(one, sheet.size) for one in heads), *(width(o, sheet.size) for o in shown))
    left = min(max(box.left, _MARGIN), sheet.width - _MARGIN - wide - 2 * _PAD)
    frame = Box(left=left, top=max(top, 0.0), width=wide + 2 * _PAD, height=height)
    return element(
        "g",
        {"class": "note", "aria-hidden": "true"},
        element("rect", {"class": "note-box", **frame.attributes(), "rx": 6.0}),
        stacked("note-heading", heads, left + _PAD, frame.top + sheet.leading, sheet.leading),
        stacked(
            "note-text",
            shown,
            left + _PAD,
            frame.top + sheet.leading * (1 + len(heads)),
            sheet.leading,
        ),
    )


def stacked(
    kind: str, lines: tuple[str, ...], x: float, y: float, leading: float, anchor: str = "start"
) -> Markup:
    """Return lines of words under one another, the first with its baseline at ``y``."""
    return joined(*(text(kind, x, y + n * leading, line, anchor) for n, line in enumerate(lines)))


def tick_words(sheet: Sheet, x: float, y: float, words: str) -> Markup:
    """Return the words of a tick under it, moved as little as keeps them on the sheet."""
    half = width(words, sheet.size) / 2
    return text("tick", min(max(x, half), sheet.width - half), y, words, "middle")


def sentence(*parts: str) -> str:
    """Return parts as sentences behind one another, as a listener hears them."""
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)
