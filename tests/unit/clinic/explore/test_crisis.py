"""Whom to call: only what an official page said, and only while that was read lately."""

from dataclasses import asdict
from datetime import date, timedelta

import pytest
from django.template.loader import render_to_string

from clinic.explore.crisis import Line, lines, longest_age
from ketherapy import records
from ketherapy.errors import DataFileError
from ketherapy.sources import source

READ = date(2026, 11, 23)
EVERY = lines(READ)


@pytest.mark.parametrize("line", EVERY, ids=lambda line: line.id)
def test_each_was_read_on_a_page_that_can_be_looked_up(line):
    assert line.checked_on == READ
    assert line.locator
    assert line.url.startswith("https://")
    assert source(line.source).url.startswith("http")


def test_a_line_is_shown_to_its_last_day_and_hidden_after_it():
    assert lines(READ + longest_age()) == EVERY != ()
    assert lines(READ + longest_age() + timedelta(days=1)) == ()


def test_a_number_is_dialled_without_its_spaces():
    assert all(line.dialled.isdigit() for line in EVERY)


@pytest.mark.parametrize("wrong", [{"status": "secondary"}, {"number": "call us"}])
def test_what_was_not_read_there_or_is_no_number_is_refused(wrong):
    entries = asdict(EVERY[0]) | wrong
    with pytest.raises(DataFileError):
        records.check(Line, entries, where="a row")


@pytest.mark.parametrize("shown", [EVERY, ()], ids=["lines", "no line"])
def test_the_emergency_services_are_always_named(shown):
    text = render_to_string("web/crisis.html", {"crisis": shown})
    assert "call your local emergency services" in text
    assert text.count('href="tel:') == len(shown)
    for line in shown:
        assert f"{line.checked_on:%-d %B %Y}" in text


def test_a_line_without_hours_says_nothing_that_reads_as_closed():
    assert any(not line.hours and line.kind == "crisis line" for line in EVERY)
    text = render_to_string("web/crisis.html", {"crisis": EVERY})
    assert "did not read" not in text


def test_a_number_for_calls_and_texts_stands_once():
    text = render_to_string("web/crisis.html", {"crisis": EVERY})
    both = [line for line in EVERY if line.text_number == line.number]
    assert text.count("call or text <a") == len(both) > 0
    assert "or text 988" not in text
