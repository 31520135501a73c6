"""A forest plot in words: for who listens, and as the table that says the same."""

from __future__ import annotations

from clinic.web.charts.forest_rows import Forest, Line, Row, Total, weight_words
from clinic.web.charts.hits import sentence
from clinic.web.charts.scene import Note
from clinic.web.charts.twin import Twin

PREDICTION = "Prediction interval"


def notes(plot: Forest) -> tuple[Note, ...]:
    """Return what each study and each diamond says when it has the focus, in reading order."""
    found: list[Note] = []
    for group in plot.groups:
        found += [_note(row, _row_spoken(plot, group.heading, row)) for row in group.rows]
        found += [_note(total, _total_spoken(plot, total)) for total in group.totals]
    return (*found, *(_note(total, _total_spoken(plot, total)) for total in plot.totals))


def _note(line: Row | Total, spoken: str) -> Note:
    return Note(heading=line.label, lines=line.notes, spoken=spoken)


def _row_spoken(plot: Forest, heading: str, row: Row) -> str:
    cells = [f"{head} {cell}" for head, cell in zip(plot.columns, row.cells, strict=True) if cell]
    told = f"{plot.measure} {row.effect.text}" if row.effect else row.missing
    weight = f"weight {weight_words(row)}" if row.weight is not None else ""
    return sentence(row.label, heading, row.sublabel, *cells, told, weight, row.mark, *row.notes)


def _total_spoken(plot: Forest, total: Total) -> str:
    told = f"{plot.measure} {total.effect.text}"
    predicted = f"{PREDICTION} {total.prediction.text}" if total.prediction else ""
    return sentence(total.label, told, total.detail, predicted, *total.notes)


def forest_table(plot: Forest) -> Twin:
    """Return every line of the plot as a table."""
    return Twin(
        caption=plot.name,
        headers=(
            plot.label_head,
            "People",
            *plot.columns,
            f"{plot.measure} ({plot.interval})",
            *(("Weight",) if plot.has_weights() else ()),
            "Remarks",
        ),
        rows=tuple(row for line in plot.lines() for row in _table_rows(plot, line)),
    )


def _table_rows(plot: Forest, line: Line) -> list[tuple[str, ...]]:
    blank = ("",) * len(plot.columns)
    if isinstance(line, str):
        return [_table_row(plot, (line, "", *blank, ""), "", "")]
    if isinstance(line, Row):
        told = line.effect.text if line.effect else line.missing
        first = (line.label, line.sublabel, *line.cells, told)
        return [_table_row(plot, first, weight_words(line), sentence(line.mark, *line.notes))]
    first = (line.label, "", *blank, line.effect.text)
    rows = [_table_row(plot, first, "", sentence(line.detail, *line.notes))]
    if line.prediction:
        predicted = (f"{PREDICTION}, {line.label}", "", *blank, line.prediction.text)
        rows.append(_table_row(plot, predicted, "", ""))
    return rows


def _table_row(plot: Forest, first: tuple[str, ...], weight: str, remarks: str) -> tuple[str, ...]:
    return (*first, *((weight,) if plot.has_weights() else ()), remarks)
