"""A table of new trials: every row is reported, and what is written loads with the same numbers."""

from __future__ import annotations

import csv
import io
import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ketherapy import records
from ketherapy.errors import ContractError
from ketherapy.evidence.check import check, check_table
from ketherapy.evidence.import_cells import COLUMNS
from ketherapy.evidence.import_words import hours
from ketherapy.evidence.imports import Outcome, read, read_text
from ketherapy.evidence.problems import Severity
from ketherapy.evidence.trials import Trial

COLLECTED = Path(__file__).parents[3] / "reference" / "evidence" / "trials.csv"
ROW = {
    "trial_id": "smith2030", "first_author": "Smith", "year": "2030", "nct": "NCT99999998",
    "pmid": "", "doi": "", "country": "UK", "design": "parallel RCT double-blind",
    "indication": "TRD", "population": "adults", "arm": "ketamine", "drug": "racemic ketamine",
    "route": "IV", "dose": "0.5 mg/kg", "schedule": "single", "control_type": "midazolam",
    "outcome": "response", "scale": "MADRS", "definition": ">=50% reduction", "timepoint": "24 h",
    "n": "47", "events": "30", "mean": "", "sd": "", "source_url": "murrough2013 (table 2)",
    "status": "verified", "notes": "",
}  # fmt: skip
CONTROL = ROW | {"arm": "midazolam", "drug": "midazolam", "dose": "0.045 mg/kg", "n": "25",
                 "events": "7"}  # fmt: skip
SCORE = {"outcome": "depression score", "definition": "observed", "events": ""}
SCORED = [ROW | SCORE | {"mean": "14.8", "sd": "11.7"},
          CONTROL | SCORE | {"mean": "22.7", "sd": "10.6"}]  # fmt: skip


def table(*rows: dict[str, str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def changed(**cells: str):
    """Return the report of the good table after cells of its first row were changed."""
    return read_text(table(ROW | cells, CONTROL, *SCORED))


def refusals(report) -> list[tuple[int, str]]:
    return [(one.line, remark.field) for one in report.rows for remark in one.remarks
            if remark.is_refusal]  # fmt: skip


def test_a_good_table_becomes_a_file_that_passes_the_check_and_holds_its_numbers(tmp_path):
    report = changed()
    assert [one.outcome for one in report.rows] == [Outcome.ACCEPTED] * 4
    path = tmp_path / "smith2030.toml"
    path.write_text(report.files["smith2030"], encoding="utf-8")
    assert check(path) == ()
    found = records.load(Trial, path)
    response, score = found.outcomes
    assert (response.results["ketamine"].events, response.results["midazolam"].n) == (30, 25)
    assert (score.results["ketamine"].mean, score.results["midazolam"].sd) == (14.8, 10.6)
    assert (response.at, response.drop, response.instrument) == (24.0, 0.5, "madrs")
    assert (response.source, response.locator) == ("murrough2013", "table 2")
    assert (found.design, found.masking, found.control) == ("parallel", "double", "midazolam")


@pytest.mark.parametrize(
    ("cells", "field", "said"),
    [
        ({"trial_id": "Smith 2030"}, "trial_id", "small letters"),
        ({"trial_id": "../smith2030"}, "trial_id", "small letters"),
        ({"year": "soon"}, "year", "a number"),
        ({"year": "2030.5"}, "year", "a whole number"),
        ({"design": "a kind of study"}, "design", "words.toml"),
        ({"indication": "sadness"}, "indication", "words.toml"),
        ({"drug": "vitamins"}, "drug", "words.toml"),
        ({"control_type": "water"}, "control_type", "words.toml"),
        ({"outcome": "happiness"}, "outcome", "words.toml"),
        ({"scale": "of my own"}, "scale", "words.toml"),
        ({"timepoint": "one fine day"}, "timepoint", "a window"),
        ({"n": "forty"}, "n", "a number"),
        ({"n": "47,0"}, "n", "comma"),
        ({"n": "47.5"}, "n", "a whole number"),
        ({"n": "0"}, "n", "people: 1 to"),
        ({"n": ""}, "n", "counted of"),
        ({"n": "9" * 400}, "n", "at most 40 characters"),
        ({"n": "1000000001"}, "n", "a whole number"),
        ({"events": "48"}, "events", "between 0 and the 47"),
        ({"events": "-1"}, "events", "between 0"),
        ({"events": "NaN"}, "events", "a number"),
        ({"n": "", "events": ""}, "n", "at least one number"),
        ({"mean": "3"}, "mean", "people are counted"),
        ({"outcome": "depression score"}, "events", "a score is measured"),
        ({"outcome": "response (percent only)", "events": "", "mean": "103"}, "mean", "0 to 100"),
        ({"outcome": "response (percent only)", "events": "", "mean": "50", "sd": "1"}, "sd",
         "beside a share"),
        ({"source_url": "https://example.org/unknown"}, "source_url", "Add the document"),
        ({"source_url": "murrough2013"}, "source_url", "where it is printed"),
        ({"source_url": "murrough2013 (table 9)"}, None, "another"),
        ({"status": "recalled"}, "status", "[[gaps]]"),
        ({"status": "sure"}, "status", "verified"),
        ({"nct": "NCT00768430"}, None, "both files"),
        ({"country": "France"}, None, "belongs to the whole trial"),
        ({"arm": "midazolam"}, None, "twice"),
        ({"arm": ""}, "arm", "something here"),
        ({"notes": "two\nlines"}, "notes", "on one line"),
        ({"notes": "x" * 1001}, "notes", "1000"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_refused_by_line_and_field_and_nothing_is_written(cells, field, said):
    report = changed(**cells)
    lines = [remark for one in report.rows for remark in one.remarks if remark.is_refusal]
    assert any(said in remark.sentence for remark in lines), lines
    if field is not None:
        assert (2, field) in refusals(report)
    assert "smith2030" not in report.files
    assert report.is_refused


def test_a_deviation_of_nothing_is_refused_and_a_standard_error_for_one_is_flagged():
    none = read_text(table(ROW, CONTROL, SCORED[0] | {"sd": "0"}, SCORED[1]))
    assert refusals(none) == [(4, "sd")]
    small = read_text(table(ROW, CONTROL, SCORED[0] | {"sd": "1.7"}, SCORED[1]))
    assert [(one.line, one.outcome) for one in small.rows if one.remarks] == [(4, Outcome.FLAGGED)]
    assert "standard error" in small.text


def test_exchanged_denominators_are_refused():
    report = read_text(table(ROW, CONTROL, SCORED[0] | {"n": "25"}, SCORED[1] | {"n": "47"}))
    assert {(4, "n"), (5, "n")} <= set(refusals(report))


def test_two_new_trials_of_one_registry_number_are_refused():
    twin = [row | {"trial_id": "smith2031"} for row in (ROW, CONTROL)]
    report = read_text(table(ROW, CONTROL, *twin))
    assert {(4, "nct"), (5, "nct")} <= set(refusals(report))
    assert list(report.files) == ["smith2030"]


def test_one_trial_refused_does_not_stop_another():
    other = [row | {"trial_id": "jones2030", "nct": "", "first_author": "Jones"}
             for row in (ROW, CONTROL)]  # fmt: skip
    report = read_text(table(ROW | {"n": "x"}, CONTROL, *other))
    assert list(report.files) == ["jones2030"]


def test_every_row_is_reported_with_its_line_and_what_became_of_it():
    report = changed(n="x", definition="as we liked")
    assert [one.line for one in report.rows] == [2, 3, 4, 5]
    assert "line 2: refused (smith2030, ketamine)" in report.text
    assert "3 accepted, 0 flagged, 1 refused; 0 trials can be written." in report.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a line of column names"),
        (";".join(COLUMNS), "semicolons"),
        (",".join(COLUMNS[:-1]), "missing: notes"),
        (",".join((*COLUMNS, "colour")), "unknown: colour"),
        (",".join((*COLUMNS, "notes")), "twice: notes"),
        (table() + '"open', "cells that can be read"),
    ],
)
def test_what_is_no_such_table_is_refused_as_a_whole(text, said):
    with pytest.raises(ContractError, match=said):
        read_text(text)


def test_a_row_of_another_length_is_refused():
    report = read_text(table(ROW, CONTROL) + "smith2030,Smith\n")
    assert (4, "row") in refusals(report)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_change_nothing(tmp_path, ends, mark):
    path = tmp_path / "new.csv"
    path.write_bytes((mark + table(ROW, CONTROL).replace("\n", ends)).encode())
    assert read(path).files == read_text(table(ROW, CONTROL)).files


def test_another_encoding_is_refused_by_its_line(tmp_path):
    path = tmp_path / "new.csv"
    path.write_bytes(table(ROW | {"first_author": "Müller"}, CONTROL).encode("latin-1"))
    with pytest.raises(ContractError, match="line 2 is in another encoding"):
        read(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ContractError, match="can be read"):
        read(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("words", "at"),
    [("24 h", 24.0), ("day 28", 672.0), ("week 4", 672.0), ("40 min", 0.666667), ("10 d", 240.0),
     ("day 0", None), ("day -1", None), ("3 months", None), ("24 h-6 months", None)],
)  # fmt: skip
def test_hours_are_read_from_words_that_say_them(words, at):
    assert hours(words) == at


def test_the_collected_rows_of_a_trial_come_back_with_the_numbers_of_its_shipped_file():
    """The table the shipped files were made from, under ids and registries of its own."""
    with COLLECTED.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["trial_id"] == "grunebaum2018"]
    fresh = [row | {"trial_id": "again2018", "nct": "", "pmid": "", "status": "verified",
                    "source_url": "grunebaum2018 (abstract)"} for row in rows]  # fmt: skip
    report = read_text(table(*fresh))
    assert not report.is_refused, report.text
    from ketherapy.evidence.trials import trial

    (mine,) = tomllib.loads(report.files["again2018"])["outcomes"]
    shipped = trial("grunebaum2018").outcomes[0]
    for arm, result in mine["results"].items():
        assert (result["n"], result["events"]) == (
            shipped.results[arm].n, shipped.results[arm].events
        )  # fmt: skip
    assert (mine["at"], mine["drop"], mine["about"]) == (shipped.at, shipped.drop, shipped.about)


def test_the_whole_collected_table_is_reported_row_by_row():
    report = read(COLLECTED)
    assert len(report.rows) == 269
    assert report.files == {}  # every trial is in the data set already
    assert report.is_refused


hostile = st.sampled_from(
    ["", "1,5", "NaN", "inf", "1e400", "9" * 500, "-0", "0", "007", '"', "\\", "'", ";", "\t",
     "\x00", "\r", "\x7f", "é", "\u2028", "[[gaps]]", "= 3", "#", "recalled", "verified (x"]
) | st.text(max_size=12)  # fmt: skip


@given(column=st.sampled_from(COLUMNS), cell=hostile)
@example(column="notes", cell='a "quoted" \\ word')
@example(column="population", cell="'''")
def test_no_cell_however_hostile_makes_a_file_that_does_not_load(column, cell):
    try:
        text = table(ROW | {column: cell}, CONTROL | {column: cell}, *SCORED)
        report = read_text(text)
    except ContractError:
        return
    assert len(report.rows) >= 4
    for written in report.files.values():
        read_back = tomllib.loads(written)
        errors = [one for one in check_table(read_back) if one.severity is Severity.ERROR]
        assert errors == []
        records.check(Trial, read_back, where="written")


@given(content=st.binary(max_size=200))
def test_no_file_however_strange_does_more_than_be_refused(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "strange.csv"
    path.write_bytes(content)
    try:
        assert read(path).files == {}
    except ContractError:
        return
