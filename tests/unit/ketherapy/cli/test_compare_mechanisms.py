"""The command that sets two mechanisms side by side."""

import csv

import pytest
from click.testing import CliRunner

from ketherapy.cli import main


def run(*words: str):
    return CliRunner().invoke(main, ["compare-mechanisms", *words])


def test_it_prints_both_lanes_and_writes_what_it_prints(tmp_path):
    path = tmp_path / "both.csv"
    result = run(
        "--route", "intranasal", "--dose", "28 mg", "--weight", "70 kg", "--csv", str(path)
    )
    assert result.exit_code == 0, result.output
    assert "esketamine 28 mg, intranasal" in result.output
    assert "Predicted, not measured" in result.output
    with path.open(encoding="utf-8", newline="") as file:
        lanes = {row["lane"] for row in csv.DictReader(file)}
    assert lanes == {"ketamine", "reuptake inhibitor"}


@pytest.mark.parametrize(
    ("words", "piece"),
    [
        pytest.param(("--sessions", "9"), "1 to 8", id="too many sessions"),
        pytest.param(("--setting", "spa"), "setting", id="an unknown setting"),
        pytest.param(("--dose", "0.5 mg/kg"), "body weight", id="no weight is assumed"),
        pytest.param(("--dose", "2 mg/kg", "--weight", "70 kg"), "0.1 to 1 mg/kg", id="dose"),
    ],
)
def test_bad_input_ends_in_a_sentence_and_writes_nothing(tmp_path, words, piece):
    path = tmp_path / "both.csv"
    result = run(*words, "--csv", str(path))
    assert result.exit_code == 2
    assert piece in result.output
    assert not path.exists()
