"""A forest plot for a telephone: the words of a study stand above its bar."""

from __future__ import annotations

from clinic.web.charts.forest_marks import Placed
from clinic.web.charts.forest_rows import Forest, Line, Row, Total, weight_words
from clinic.web.charts.forest_words import PREDICTION
from clinic.web.charts.hits import Sheet, stacked
from clinic.web.charts.lettering import bold, wrapped
from clinic.web.charts.markup import Markup, joined
from clinic.web.charts.pieces import rule, text

WIDTH, EDGE, SIZE, LEADING = 360.0, 6.0, 13.0, 17.0
SHEET = Sheet(width=WIDTH, height=0.0, size=SIZE, leading=LEADING)
PLOT = (EDGE + 16, WIDTH - EDGE - 16)  # half a tick's words stand out on either side
TICKS = 5
_ROOM = WIDTH - 2 * EDGE
_TOP, _BAR, _HEADING = 8.0, 26.0, 32.0
_PREDICTED = LEADING + 16.0

Words = tuple[tuple[str, str], ...]  # kind and words of lines under one another


def place(plot: Forest) -> tuple[Placed, ...]:
    """Return every line with its place under the one before."""
    top, found = head_height(plot), []
    for line in plot.lines():
        found.append(_placed(plot, line, top))
        top += found[-1].height
    return tuple(found)


def _placed(plot: Forest, line: Line, top: float) -> Placed:
    if isinstance(line, str):
        height = _HEADING + LEADING * (len(_headings(line)) - 1)
        return Placed(line=line, top=top, height=height, mark_y=top + height / 2)
    height = _TOP + LEADING * len(_lines(plot, line))
    bar = _BAR if line.effect else 8.0
    predicted = _PREDICTED if isinstance(line, Total) and line.prediction else 0.0
    return Placed(
        line=line,
        top=top,
        height=height + bar + predicted,
        mark_y=top + height + _BAR / 2 - 1,
        prediction_y=(top + height + bar + LEADING + 7) if predicted else 0.0,
    )


def _headings(line: str) -> tuple[str, ...]:
    return wrapped(line, _ROOM, SIZE / 0.85)


def _lines(plot: Forest, line: Row | Total) -> Words:
    """Return the words above a bar; without the effect where it fits beside the name."""
    name = "total-label" if isinstance(line, Total) else "row-label"
    first = [(name, one) for one in wrapped(line.label, _ROOM / 1.12, SIZE)]
    if line.effect and not _fits_beside(line):
        first += [("effect-text", one) for one in wrapped(line.effect.text, _ROOM, SIZE)]
    return (*first, *_under_name(plot, line))


def _fits_beside(line: Row | Total) -> bool:
    effect = bold(line.effect.text, SIZE) if line.effect else 0.0
    return bold(line.label, SIZE) + effect + 12 <= _ROOM


def _under_name(plot: Forest, line: Row | Total) -> Words:
    """Return what stands under the name of a line."""
    if isinstance(line, Total):
        return tuple(("soft", one) for one in wrapped(line.detail, _ROOM, SIZE))
    cells = [f"{head} {cell}" for head, cell in zip(plot.columns, line.cells, strict=True) if cell]
    weight = f"weight {weight_words(line)}" if line.weight is not None else ""
    facts = " · ".join(part for part in (line.sublabel, *cells, weight) if part)
    parts = (("soft", facts), ("mark-words", line.mark), ("mark-words", line.missing))
    return tuple((kind, one) for kind, part in parts for one in wrapped(part, _ROOM, SIZE))


def head_height(plot: Forest) -> float:
    """Return where the first line begins."""
    return LEADING * len(_heads(plot)) + 14


def _heads(plot: Forest) -> tuple[str, ...]:
    return wrapped(f"{plot.measure} ({plot.interval})", _ROOM / 1.12, SIZE)


def head(plot: Forest) -> Markup:
    """Return what the bars measure, above a rule."""
    bottom = head_height(plot) - 3
    return joined(
        stacked("column-head", _heads(plot), EDGE, LEADING, LEADING),
        rule("frame-rule", EDGE, bottom, WIDTH - EDGE, bottom),
    )


def words(plot: Forest, placed: Placed) -> Markup:
    """Return the words of one line, above its bar."""
    line, first = placed.line, placed.top + _TOP + LEADING - 5
    if isinstance(line, str):
        return stacked("heading", _headings(line), EDGE, placed.top + 22, LEADING)
    pieces = [
        text(kind, EDGE, first + n * LEADING, one)
        for n, (kind, one) in enumerate(_lines(plot, line))
    ]
    if line.effect and _fits_beside(line):
        kind = "total-text" if isinstance(line, Total) else "effect-text"
        pieces.append(text(kind, WIDTH - EDGE, first, line.effect.text, "end"))
    return joined(*pieces, _predicted(placed))


def _predicted(placed: Placed) -> Markup:
    line, y = placed.line, placed.prediction_y - 13
    if not isinstance(line, Total) or line.prediction is None:
        return Markup()
    return joined(
        text("soft", EDGE, y, PREDICTION),
        text("soft", WIDTH - EDGE, y, line.prediction.text, "end"),
    )


def between(placed: tuple[Placed, ...]) -> Markup:
    """Return a thin rule above each line but the first."""
    tops = (one.top for one in placed[1:])
    return joined(*(rule("row-rule", EDGE, top, WIDTH - EDGE, top) for top in tops))
