"""Effects by dose: what is drawn stands in the table, and how little it tells stands beside it."""

from dataclasses import replace
from functools import cache

import pytest
from django.template.loader import render_to_string

from clinic.explore.evidence_open import Computed, standing
from clinic.web.charts import field as fields
from clinic.web.charts.bubble import bubble_table, drawn
from clinic.web.evidence_dose_plot import dose_plot, dose_words
from clinic.web.evidence_page import answered
from tests.unit.clinic.web.charts.drawn import of_class, outside, overlaps, parsed, words

TODAY = "Too few doses for a curve"


@cache
def computed(**entries):
    opened = standing("esketamine_response_month", entries)
    assert opened is not None
    assert isinstance(opened.outcome, Computed)
    return opened.outcome


def plot():
    found = computed()
    return dose_plot(found.answer, found.more.line)


def page(**entries):
    held = answered(computed(**entries), {}, "/evidence/")
    return render_to_string("web/evidence_doubt.html", held)


@pytest.mark.parametrize("sheet", [fields.WIDE, fields.NARROW], ids=["wide", "narrow"])
def test_both_doses_and_the_line_lie_on_the_sheet(sheet):
    root = parsed(drawn(plot(), sheet))
    assert outside(root) == overlaps(root) == []
    assert len(of_class(root, "hit")) == 2
    assert len(of_class(root, "fit-line")) == len(of_class(root, "fit-band")) == 1
    assert "k = 1" in words(root)
    assert "Risk ratio" in words(root)


def test_the_table_has_the_effects_of_the_trial_and_the_line():
    table, line = bubble_table(plot()), computed().more.line
    rows = {row[0]: row for row in table.rows}
    for dose, (events, people) in {56: (60, 111), 84: (52, 98)}.items():
        (row,) = (row for name, row in rows.items() if name.endswith(f", {dose} mg"))
        assert row[1] == f"{people} v 108 people"
        assert row[3].startswith(f"{events / people / (42 / 108):.2f} (")
    fitted = [row for row in table.rows if row[0] == "fitted line"]
    assert [fitted[0][2], fitted[-1][2]] == ["56", "84"]
    assert len(fitted) < len(line.fit)


def test_the_page_shows_the_chart_its_table_and_how_little_one_trial_tells():
    shown = page()
    assert 'id="table-by-dose"' in shown
    assert 'class="fit-line"' in shown
    assert "One trial with two doses (k = 1) tells little" in shown
    assert TODAY not in shown


def test_where_no_line_is_drawn_the_doses_stand_for_themselves():
    shown = page(measure="RD")
    assert 'id="doses"' in shown
    assert TODAY in shown
    assert 'id="table-by-dose"' not in shown


def test_more_trials_are_counted():
    line = replace(computed().more.line, k=3)
    assert "3 trials with 2 doses (k = 3)" in dose_words(line)
    assert "tells little" not in dose_words(line)
