"""The options that commands share: what they offer, and that they reach the science."""

import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner, Result

from ketherapy.cli import main
from ketherapy.pharmacology.covariates import LABELLED
from ketherapy.pharmacology.interactions import interacting_drugs
from ketherapy.regimen import Drug, Route

SWALLOWED = (
    "--drug", "esketamine", "--route", "oral", "--dose", "84 mg", "--weight", "70 kg",
    "--age", "40 years",
)  # fmt: skip
RIFAMPICIN = ("--with-drug", "rifampicin")
MANY = ("--n", "16", "--seed", "1", "--every", "30 min")
COMMANDS = [
    pytest.param("simulate", (), id="simulate"),
    pytest.param("compare", (), id="compare"),
    pytest.param("population", MANY, id="population"),
]


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Keep checkpoints out of the tree."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("command", ["simulate", "compare", "population"])
def test_the_help_lists_every_value_there_is(command):
    said = " ".join(run(command, "--help").output.split())
    for offered in (Drug, Route, *LABELLED.values(), interacting_drugs()):
        assert ", ".join(offered) in said


@pytest.mark.parametrize(("command", "more"), COMMANDS)
def test_what_is_typed_of_the_person_is_said_with_its_sources(command, more):
    typed = (*SWALLOWED, *more, "--sex", "female", "--kidney", "mild", "--liver", "severe")
    found = run(command, *typed, "--ancestry", "other", *RIFAMPICIN)
    assert found.exit_code == 0, found.output
    for said in (
        "rifampicin: its measured effect", "-86 %", "Peltoniemi", "Rule INT-015",
        "everybody changes alike", "not predicted: esnorketamine",
        "Impaired kidney", "Impaired liver",
        "sex is given and changes nothing",
    ):  # fmt: skip
        assert said in found.output, said
    assert "ancestry not given" not in found.output


@pytest.mark.parametrize(("command", "more"), COMMANDS)
@pytest.mark.parametrize(
    ("option", "typed", "says"),
    [
        ("--sex", "F", "sex: expected one of female, male"),
        ("--ancestry", "?", "ancestry: expected one of"),
        ("--kidney", "poor", "kidney: expected one of normal"),
        ("--liver", "poor", "liver: expected one of normal"),
        ("--with-drug", "aspirin", "among rifampicin, ticlopidine"),
    ],
)
def test_what_is_not_offered_is_a_sentence_and_exit_code_2(command, more, option, typed, says):
    found = run(command, *SWALLOWED, *more, option, typed)
    assert found.exit_code == 2
    assert says in found.stderr


@pytest.mark.parametrize(("command", "more"), COMMANDS)
def test_two_drugs_that_act_on_one_route_are_refused(command, more):
    found = run(command, *SWALLOWED, *more, *RIFAMPICIN, "--with-drug", "clarithromycin")
    assert found.exit_code == 2
    assert "What two do together was not measured" in found.stderr


def test_everybody_of_a_population_takes_the_drug_and_the_result_says_so():
    for name, drugs in (("alone", ()), ("beside", RIFAMPICIN)):
        found = run("population", *SWALLOWED, *MANY, *drugs, "--netcdf", f"{name}.nc")
        assert found.exit_code == 0, found.output
    alone, beside = (
        xr.load_dataset(f"{name}.nc", engine="h5netcdf") for name in ("alone", "beside")
    )
    np.testing.assert_allclose(
        beside["esketamine_AUC"], 0.14 * alone["esketamine_AUC"], rtol=1e-9
    )  # Peltoniemi 2012, Abstract: 86 % less
    assert beside.attrs["people"].endswith("weight 70 kg, age 40 year, taking rifampicin")
    assert "esnorketamine" in alone
    assert "esnorketamine" not in beside


@pytest.mark.parametrize(
    "shared", [("--sex", "male"), ("--liver", "mild"), RIFAMPICIN], ids=lambda x: x[0]
)
def test_a_described_population_shares_nothing_that_is_typed(shared):
    regimen = SWALLOWED[:6]
    found = run("population", *regimen, *MANY, "--population", "otto2021_volunteers", *shared)
    assert found.exit_code == 2
    assert "what everybody shares" in found.stderr
