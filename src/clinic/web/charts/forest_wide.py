"""A forest plot in columns, as on a desk or in a journal."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.web.charts.forest_marks import Placed
from clinic.web.charts.forest_rows import Effect, Forest, Line, Row, Total, weight_words
from clinic.web.charts.forest_words import PREDICTION
from clinic.web.charts.hits import Sheet, stacked
from clinic.web.charts.lettering import bold, widest, wrapped
from clinic.web.charts.markup import Markup, joined
from clinic.web.charts.pieces import rule, text

WIDTH, EDGE, SIZE, LEADING = 900.0, 8.0, 14.0, 18.0
SHEET = Sheet(width=WIDTH, height=0.0, size=SIZE, leading=LEADING)
TICKS = 7
_GUTTER = 20.0  # between two columns
_PLOT = 270.0  # what the plot keeps for itself
_LABEL_LEAST, _CELL_MOST, _EFFECT_MOST = 130.0, 112.0, 172.0
_ROW, _HEADING, _PAD = 32.0, 34.0, 12.0
_PREDICTED = 24.0
_DETAIL = 250.0  # what the details of a diamond may ask for where no other column lends room
_BASE = 5.0  # from the middle of a line of letters down to its baseline

Block = tuple[tuple[str, str], ...]  # kind and words of lines under one another


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    """Where each column ends; labels begin at the edge, everything else ends flush right."""

    label: float
    cells: tuple[float, ...]
    plot: tuple[float, float]
    weight: float
    effect: float
    effect_room: float


def columns(plot: Forest) -> Columns:
    """Return columns as wide as their words, the rest for the plot."""
    cells = tuple(_cell_width(plot, n) + _GUTTER for n in range(len(plot.columns)))
    weight = bold("Weight", SIZE) + _GUTTER if plot.has_weights() else 0.0
    effect = _effect_width(plot)
    most = WIDTH - 2 * EDGE - sum(cells) - weight - effect - _PLOT - _GUTTER
    label = EDGE + max(min(_label_width(plot), most), _LABEL_LEAST)
    ends = [label]
    for one in cells:
        ends.append(ends[-1] + one)
    right = WIDTH - EDGE - effect
    return Columns(
        label=label,
        cells=tuple(ends[1:]),
        plot=(ends[-1] + _GUTTER + 6, right - weight - _GUTTER),
        weight=right,
        effect=WIDTH - EDGE,
        effect_room=effect,
    )


def _label_width(plot: Forest) -> float:
    totals = plot.all_totals()
    rows = [end for row in plot.rows() for end in (row.label, row.sublabel, row.mark)]
    names = [plot.label_head, PREDICTION, *(total.label for total in totals)]
    if not plot.columns:
        rows += [line for total in totals for line in wrapped(total.detail, _DETAIL, SIZE)]
    return max(widest(tuple(rows), SIZE), *(bold(name, SIZE) for name in names))


def _cell_width(plot: Forest, n: int) -> float:
    words = [row.cells[n] for row in plot.rows()]
    heads = wrapped(plot.columns[n], _CELL_MOST / 1.12, SIZE)
    lines = [line for one in words for line in wrapped(one, _CELL_MOST, SIZE)]
    return max(widest(tuple(lines), SIZE), *(bold(head, SIZE) for head in heads))


def _effect_width(plot: Forest) -> float:
    told = [effect.text for effect in plot.effects()]
    told += [total.prediction.text for total in plot.all_totals() if total.prediction]
    lines = tuple(line for one in told for line in wrapped(one, _EFFECT_MOST, SIZE))
    return max(widest(lines, SIZE) * 1.12, *(bold(head, SIZE) for head in _effect_head(plot)))


def _effect_head(plot: Forest) -> tuple[str, ...]:
    return (*wrapped(plot.measure, _EFFECT_MOST / 1.12, SIZE), f"({plot.interval})")


def place(plot: Forest, at: Columns) -> tuple[Placed, ...]:
    """Return every line with its place under the one before."""
    top, found = head_height(plot, at), []
    for line in plot.lines():
        found.append(_placed(line, at, top))
        top += found[-1].height
    return tuple(found)


def _placed(line: Line, at: Columns, top: float) -> Placed:
    if isinstance(line, str):
        lines = len(wrapped(line, WIDTH - 2 * EDGE, SIZE / 0.9))
        height = _HEADING + (lines - 1) * LEADING
        return Placed(line=line, top=top, height=height, mark_y=top + height / 2)
    height = max(_ROW, LEADING * _lines_high(line, at) + _PAD)
    predicted = _PREDICTED if isinstance(line, Total) and line.prediction else 0.0
    return Placed(
        line=line,
        top=top,
        height=height + predicted,
        mark_y=top + height / 2,
        prediction_y=(top + height + predicted / 2 - 3) if predicted else 0.0,
    )


def _lines_high(line: Row | Total, at: Columns) -> int:
    effect = _effect_lines(line.effect, at)
    cells = [wrapped(cell, _CELL_MOST, SIZE) for cell in getattr(line, "cells", ())]
    missing = wrapped(line.missing, at.plot[1] - at.plot[0], SIZE) if isinstance(line, Row) else ()
    return max(len(_block(line, at)), len(effect), len(missing), *map(len, cells), 0)


def _effect_lines(effect: Effect | None, at: Columns) -> tuple[str, ...]:
    return wrapped(effect.text, at.effect_room, SIZE) if effect else ()


def _block(line: Row | Total, at: Columns) -> Block:
    """Return the words at the left of a line."""
    room = at.label - EDGE
    if isinstance(line, Total):
        room = at.plot[0] - EDGE - _GUTTER  # nothing stands in the other columns
        names, soft = wrapped(line.label, room / 1.12, SIZE), wrapped(line.detail, room, SIZE)
        return (*(("total-label", one) for one in names), *(("soft", one) for one in soft))
    parts = (("label", line.label), ("soft", line.sublabel), ("mark-words", line.mark))
    return tuple((kind, one) for kind, words in parts for one in wrapped(words, room, SIZE))


def head_height(plot: Forest, at: Columns) -> float:
    """Return where the first line begins."""
    return LEADING * max(len(lines) for _, lines, _ in _heads(plot, at)) + 18


def _heads(plot: Forest, at: Columns) -> list[tuple[float, tuple[str, ...], str]]:
    heads = [(EDGE, wrapped(plot.label_head, (at.label - EDGE) / 1.12, SIZE), "start")]
    for head, end in zip(plot.columns, at.cells, strict=True):
        heads.append((end, wrapped(head, _CELL_MOST / 1.12, SIZE), "end"))
    if plot.has_weights():
        heads.append((at.weight - _GUTTER, ("Weight",), "end"))
    return [*heads, (at.effect, _effect_head(plot), "end")]


def head(plot: Forest, at: Columns) -> Markup:
    """Return the heads of the columns between two rules."""
    bottom = head_height(plot, at)
    pieces = [rule("frame-rule", EDGE, 4, WIDTH - EDGE, 4)]
    pieces.append(rule("frame-rule", EDGE, bottom - 4, WIDTH - EDGE, bottom - 4))
    for x, lines, anchor in _heads(plot, at):
        first = bottom - 12 - LEADING * (len(lines) - 1)
        pieces.append(stacked("column-head", lines, x, first, LEADING, anchor))
    return joined(*pieces)


def words(placed: Placed, at: Columns) -> Markup:
    """Return the words of one line in their columns."""
    line, y = placed.line, placed.mark_y
    if isinstance(line, str):
        heads = wrapped(line, WIDTH - 2 * EDGE, SIZE / 0.9)
        return stacked("heading", heads, EDGE, placed.top + 22, LEADING)
    kind = "total-text" if isinstance(line, Total) else "effect-text"
    pieces = [
        _blocks(_block(line, at), y),
        _centred(kind, _effect_lines(line.effect, at), at.effect, y),
    ]
    if isinstance(line, Total):
        return joined(*pieces, _predicted(line, at, placed.prediction_y))
    for cell, end in zip(line.cells, at.cells, strict=True):
        pieces.append(_centred("effect-text", wrapped(cell, _CELL_MOST, SIZE), end, y))
    pieces.append(_centred("effect-text", (weight_words(line),), at.weight - _GUTTER, y))
    return joined(*pieces, _missing(line, at, y))


def _blocks(block: Block, y: float) -> Markup:
    first = y + _BASE - LEADING * (len(block) - 1) / 2
    return joined(
        *(text(kind, EDGE, first + n * LEADING, one) for n, (kind, one) in enumerate(block))
    )


def _centred(kind: str, lines: tuple[str, ...], x: float, y: float) -> Markup:
    return stacked(kind, lines, x, y + _BASE - LEADING * (len(lines) - 1) / 2, LEADING, "end")


def _missing(row: Row, at: Columns, y: float) -> Markup:
    lines = wrapped(row.missing, at.plot[1] - at.plot[0], SIZE)
    first = y + _BASE - LEADING * (len(lines) - 1) / 2
    return stacked("mark-words", lines, sum(at.plot) / 2, first, LEADING, "middle")


def _predicted(total: Total, at: Columns, y: float) -> Markup:
    if total.prediction is None:
        return Markup()
    return joined(
        text("soft", EDGE, y + _BASE, PREDICTION),
        text("soft", at.effect, y + _BASE, total.prediction.text, "end"),
    )
