import csv

import pytest
from click.testing import CliRunner

from ketherapy.calibration import derived
from ketherapy.cli import main


def run(*arguments):
    return CliRunner().invoke(main, ["calibrate", *arguments])


def test_a_derived_model_is_recomputed_and_agrees():
    result = run("nmda_block")
    assert result.exit_code == 0
    assert "IC50_S [nmol/L]" in result.output
    assert "The shipped file agrees." in result.output


@pytest.mark.parametrize(
    "arguments", [("hope",), (), ("pressure", "--all")], ids=["unknown", "none", "one and all"]
)
def test_another_model_is_refused_with_the_list(arguments):
    result = run(*arguments)
    assert result.exit_code == 2
    assert "one of nmda_block" in result.output


@pytest.mark.parametrize("arguments", [("--draws", "0"), ("--chains", "0")])
def test_no_draws_and_no_chains_are_refused(arguments):
    result = run("pressure", *arguments)
    assert result.exit_code == 2
    assert "1 or more" in result.output


def test_what_is_refitted_is_written_to_a_folder_of_the_users(tmp_path):
    assert run("sedation", "--write", str(tmp_path / "refit")).exit_code == 0
    with (tmp_path / "refit" / "sedation.csv").open(newline="") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    assert float(rows["intercept"]["estimate"]) == pytest.approx(-0.632, abs=0.001)


def test_a_shipped_number_that_does_not_follow_ends_with_status_1(monkeypatch):
    how = derived.derivations().models["respiration"]["C_doubling"]
    other = {"printed": derived.Input(value=254.0, unit="ng/mL", locator="twice as much")}
    changed = derived.Derivation(
        rule=how.rule, unit=how.unit, within=how.within, inputs=other, says=how.says
    )
    monkeypatch.setitem(derived.derivations().models["respiration"], "C_doubling", changed)
    result = run("respiration")
    assert result.exit_code == 1
    assert "does not agree: C_doubling" in result.output
