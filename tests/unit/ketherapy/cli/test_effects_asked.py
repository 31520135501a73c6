"""Effects on the command line: rows, files, cautions and refusals."""

import csv

import pytest
import xarray as xr
from click.testing import CliRunner, Result

from ketherapy.cli import main
from ketherapy.pharmacology.effects import catalog

INFUSION = (
    "--drug", "ketamine", "--route", "iv", "--dose", "0.5 mg/kg", "--over", "40 min",
    "--weight", "71 kg", "--until", "4 h",
)  # fmt: skip


def simulate(*words: str, given=INFUSION) -> Result:
    return CliRunner().invoke(main, ["simulate", *given, *words])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("effects")
    result = simulate(
        "--effects", "sbp,cadss,mood", "--setting", "midazolam", "--sbp", "150 mmHg",
        "--sbp-limit", "160 mmHg", "--leaving-level", "50 ng/mL", "--leaving-cadss", "10",
        "--csv", str(folder / "e.csv"), "--netcdf", str(folder / "e.nc"),
        "--plot", str(folder / "e.svg"),
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    return folder, result.output


def test_the_tables_carry_cautions_limits_and_what_a_mood_curve_is(made):
    said = made[1]
    assert "average of a trial setting, not this person" in said
    for name in ("pressure", "dissociation", "mood"):
        effect = catalog.effect(name)
        for line in effect.limits:
            assert line in said
    assert "low confidence" in said
    assert "dissociation, driven by simons2022 (arterial plasma)" in said
    assert "pressure, driven by otto2021_iv (venous plasma)" in said


def test_the_answers_that_were_asked_for_are_given(made):
    said = made[1]
    assert "Systolic pressure at or above 160 mmHg" in said
    assert "session 1 of 1 (at 0, 15, 30, 40, 60, 90, 120, 150 min after its start)" in said
    assert "ketamine at or below 50 ng/mL from" in said
    assert "dissociation score at or below 10 points from" in said


def test_the_csv_and_the_netcdf_hold_the_same_effects(made):
    folder = made[0]
    with (folder / "e.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["analyte"] == "cadss"]
    with xr.open_datatree(folder / "e.nc", engine="h5netcdf") as tree:
        cadss = tree["effects/dissociation/cadss"].values
        assert set(tree["levels"].children) == {"otto2021_iv", "simons2022"}
    assert {row["unit"] for row in rows} == {"points"}
    assert [float(row["value"]) for row in rows] == pytest.approx(cadss.tolist())


def test_the_figure_labels_mood_and_its_confidence(made):
    drawn = (made[0] / "e.svg").read_text(encoding="utf-8")
    assert "not this person" in drawn
    assert "LOW CONFIDENCE" in drawn


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("--effects", "mood"), "inpatient_suicidal", id="mood without a setting"),
        pytest.param(("--effects", "mood", "--setting", "x"), "midazolam", id="unknown setting"),
        pytest.param(
            ("--effects", "mood", "--setting", "midazolam", "--madrs", "61"),
            "0 to 60", id="a MADRS of 61",
        ),
        pytest.param(
            ("--effects", "mood", "--setting", "midazolam", "--madrs", "-5"),
            "0 to 60", id="a negative baseline",
        ),
        pytest.param(("--effects", "flying"), "cadss", id="unknown effect"),
        pytest.param(("--sbp", "120 mmHg"), "--sbp", id="a baseline that nothing uses"),
        pytest.param(
            ("--effects", "cadss", "--model", "otto2021_iv"), "arterial", id="another site"
        ),
    ],
)  # fmt: skip
def test_bad_input_ends_in_a_sentence(words, said):
    result = simulate(*words)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("given", "words", "said"),
    [
        pytest.param(
            ("--drug", "arketamine", "--route", "iv", "--dose", "35 mg", "--over", "40 min",
             "--weight", "71 kg"),
            ("--effects", "sbp"), "not calibrated for this drug", id="another drug",
        ),
        pytest.param(
            ("--drug", "esketamine", "--route", "iv", "--dose", "100 mg", "--over", "10 min",
             "--weight", "71 kg"),
            ("--effects", "sbp"), "320 ng/mL", id="a level beyond the range",
        ),
    ],
)  # fmt: skip
def test_an_effect_that_does_not_fit_is_refused(given, words, said):
    result = simulate(*words, given=given)
    assert result.exit_code == 2
    assert said in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--sbp", "130 mmHg"), "sbp: expected only beside the effect it belongs to: pressure"),
        (("--dbp", "80 mmHg"), "dbp: expected only beside the effect it belongs to: pressure"),
        (("--sbp-limit", "160 mmHg"), "sbp limit: expected only beside the effect"),
        (("--setting", "midazolam"), "setting: expected only beside the effect it belongs to"),
        (("--madrs", "30"), "madrs: expected only beside the effect it belongs to: mood"),
        (("--nrs", "6"), "acute_pain or chronic_pain"),
    ],
)  # fmt: skip
def test_an_entry_of_an_effect_that_was_not_asked_for_is_refused(words, said):
    result = simulate("--effects", "cadss", *words)
    assert result.exit_code == 2
    assert said in result.output


def test_every_entry_that_does_nothing_is_named_at_once():
    words = ("--sbp", "130 mmHg", "--setting", "midazolam", "--leaving-cadss", "4")
    result = simulate("--effects", "acute_pain", *words)
    assert result.exit_code == 2
    for name in ("sbp", "setting", "leaving cadss"):
        assert f"{name}: expected only beside" in result.output


def test_a_leaving_level_belongs_to_no_effect():
    assert simulate("--effects", "cadss", "--leaving-level", "50 ng/mL").exit_code == 0


def test_another_site_is_accepted_when_told_and_said():
    result = simulate("--effects", "cadss", "--model", "otto2021_iv", "--other-site")
    assert result.exit_code == 0, result.output
    assert "calibrated on arterial levels and used with venous plasma" in result.output


def test_effects_are_listed_with_confidence_outputs_drugs_site_and_limits():
    listed = CliRunner().invoke(main, ["effects"]).output
    for effect in catalog.effects():
        assert f"{effect.id}: {effect.title}" in listed
        for line in (*effect.limits, *effect.not_for, *effect.outputs, *effect.settings):
            assert line in listed
    assert "fitted to arterial ones" in listed
