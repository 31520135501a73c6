"""When checks are due, as it is drawn: each look a mark at its time."""

import re

import pytest

from clinic.web.charts.due import DueAt, DueLine, due_drawings, due_table, spoken


def row(when, *, begins=0.0, minutes=0.0, ends=None):
    return DueAt(
        name="Pulse", when=when, words=f"{when} words", begins=begins, minutes=minutes, ends=ends
    )


def line(*rows, over=40.0, until=100.0):
    return DueLine(title="Checks", over=over, until=until, rows=rows)


def marks(one, **changed):
    wide, _ = due_drawings(line(one, **changed))
    return [float(x) for x in re.findall(r'<circle class="due" cx="([\d.]+)"', wide)]


@pytest.mark.parametrize(
    ("one", "count"),
    [
        (row("before"), 1),
        (row("leaving"), 1),
        (row("at", minutes=40.0), 1),
        (row("every", minutes=10.0, ends=40.0), 4),
        (row("every", begins=40.0, minutes=15.0), 4),
        (row("every", minutes=0.1), 59),
    ],
)
def test_there_is_a_mark_for_each_look_and_never_a_crowd(one, count):
    assert len(marks(one)) == pytest.approx(count, abs=1 if count > 50 else 0)


def test_a_look_lies_at_its_time():
    at, leaving = marks(row("at", minutes=50.0))[0], marks(row("leaving"))[0]
    (early,) = marks(row("at", minutes=25.0))
    assert leaving - at == pytest.approx(2 * (at - early), abs=0.3)
    assert marks(row("before"))[0] < early


def test_a_watch_is_a_bar():
    wide, narrow = due_drawings(line(row("throughout")))
    assert '<rect class="due"' in wide
    assert '<rect class="due"' in narrow


def test_it_is_said_and_stands_in_a_table():
    asked = line(row("before"))
    assert "The dose is given over 40 min. The least stay is 100 min." in spoken(asked)
    assert "Given at once." in spoken(line(row("before"), over=0.0))
    assert due_table(asked).rows == (("Pulse", "before words"),)
