"""``ketherapy evidence check`` and ``import``: what is said, what is written, the exit status."""

from __future__ import annotations

import csv

import pytest
from click.testing import CliRunner

from ketherapy.cli import main
from ketherapy.evidence.check import shipped
from ketherapy.evidence.import_cells import COLUMNS

ROW = dict.fromkeys(COLUMNS, "") | {
    "trial_id": "smith2030", "first_author": "Smith", "year": "2030",
    "design": "parallel RCT double-blind", "indication": "TRD", "arm": "ketamine",
    "drug": "racemic ketamine", "control_type": "saline", "outcome": "response", "scale": "MADRS",
    "definition": ">=50% reduction", "timepoint": "24 h", "n": "20", "events": "9",
    "source_url": "murrough2013 (table 2)", "status": "verified",
}  # fmt: skip
CONTROL = ROW | {"arm": "saline", "drug": "saline", "events": "4"}


@pytest.fixture
def table(tmp_path):
    """Return what writes a table and gives its place."""

    def written(*rows):
        path = tmp_path / "new.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        return path

    return written


def ask(*words: object):
    return CliRunner().invoke(main, ["evidence", *map(str, words)])


def test_without_a_file_all_that_ship_are_checked():
    found = ask("check")
    assert found.exit_code == 0, found.output
    assert f"{len(shipped())} files, 0 errors" in found.output


def test_an_error_is_said_and_the_exit_status_is_1(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(shipped()[0].read_text(encoding="utf-8").replace("n = 54", "n = 0"))
    found = ask("check", path)
    assert found.exit_code == 1
    assert "error: mine.toml, outcomes.n_randomised.results.placebo.n: expected people" in (
        found.output
    )


def test_a_file_is_written_that_passes_the_check(table, tmp_path):
    found = ask("import", table(ROW, CONTROL))
    assert found.exit_code == 0, found.output
    assert "2 accepted, 0 flagged, 0 refused; 1 trial can be written." in found.output
    assert ask("check", tmp_path / "smith2030.toml").exit_code == 0


def test_a_dry_run_writes_nothing(table, tmp_path):
    assert ask("import", table(ROW, CONTROL), "--dry-run").exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["new.csv"]


def test_a_refused_row_writes_nothing_of_its_trial(table, tmp_path):
    found = ask("import", table(ROW | {"n": "2 0"}, CONTROL))
    assert found.exit_code == 1
    assert "line 2: refused (smith2030, ketamine)" in found.output
    assert [path.name for path in tmp_path.iterdir()] == ["new.csv"]


def test_a_file_that_is_there_stays_unless_it_is_told(table, tmp_path):
    place = tmp_path / "smith2030.toml"
    place.write_text("mine")
    found = ask("import", table(ROW, CONTROL))
    assert found.exit_code == 2
    assert "--overwrite" in found.output
    assert place.read_text() == "mine"
    assert ask("import", table(ROW, CONTROL), "--overwrite").exit_code == 0
    assert place.read_text() != "mine"


def test_files_go_where_they_are_told_to(table, tmp_path):
    assert ask("import", table(ROW, CONTROL), "--into", tmp_path / "none").exit_code == 2
    (tmp_path / "there").mkdir()
    assert ask("import", table(ROW, CONTROL), "--into", tmp_path / "there").exit_code == 0
    assert (tmp_path / "there" / "smith2030.toml").exists()


def test_what_is_no_table_is_refused(tmp_path):
    path = tmp_path / "new.csv"
    path.write_text("a;b\n1;2\n")
    found = ask("import", path)
    assert found.exit_code == 2
    assert "semicolons" in found.output


def test_no_word_of_a_table_is_run_by_a_spreadsheet():
    from ketherapy.cli.evidence_csv import _safe

    assert _safe({"part": "=cmd()", "estimate": -1.5}) == {"part": "'=cmd()", "estimate": -1.5}
