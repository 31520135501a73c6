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


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--draws", "0", "draws: expected 40 to 100,000"),
        ("--draws", "1", "draws: expected 40 to 100,000"),
        ("--draws", "39", "draws: expected 40 to 100,000"),
        ("--draws", "999999999", "draws: expected 40 to 100,000"),
        ("--chains", "0", "chains: expected 1 to 64"),
        ("--chains", "65", "chains: expected 1 to 64"),
        ("--seed", "-1", "seed: expected 0 to 4,294,967,295"),
        ("--seed", "4294967296", "seed: expected 0 to 4,294,967,295"),
    ],
)
def test_what_cannot_be_drawn_is_refused(option, value, said):
    result = run("pressure", option, value)
    assert result.exit_code == 2
    assert said in result.output


@pytest.mark.parametrize("draws", ["40", "100000"])
def test_the_fewest_and_the_most_draws_are_taken(draws):
    assert "--draws" not in run("nmda_block", "--draws", draws, "--seed", "0").output
    assert "agree" in run("nmda_block", "--draws", draws, "--seed", "4294967295").output


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
