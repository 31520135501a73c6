"""Interactions: each printed magnitude by its own route, nothing where nothing was measured."""

import math

import numpy as np
import pytest

from ketherapy.errors import ContractError, DataFileError
from ketherapy.pharmacology import catalog, interactions
from ketherapy.pharmacology.catalog import published
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.interactions import Interaction, Kind
from ketherapy.records import check
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation import exposure
from ketherapy.simulation.solve import simulate

OTTO, PEREZ, DOMINO = map(published, ("otto2021_iv", "perezruixo2021", "domino1984_iv"))
T = np.array([0.5, 1.0, 4.0])


def dose(route: Route, drug: Drug = Drug.ESKETAMINE, at: float = 0.0) -> Regimen:
    over = 40.0 / 60.0 if route is Route.IV else 0.0
    return Regimen.of(Dose(drug=drug, route=route, amount=28.0, at=at, over=over))


ORAL, IV, NASAL = map(dose, (Route.ORAL, Route.IV, Route.INTRANASAL))


def said(regimen: Regimen, **person) -> str:
    return simulate(PEREZ, regimen, T, person=Person(age=40.0, **person)).attrs["cautions"]


@pytest.mark.parametrize(
    ("drug", "regimen", "fold"),
    [
        pytest.param("rifampicin", ORAL, 0.14, id="INT-015: oral AUC less 86 %"),
        pytest.param("rifampicin", IV, 0.86, id="INT-015: intravenous AUC less 14 %"),
        pytest.param("ticlopidine", ORAL, 2.4, id="INT-012: oral AUC 2.4-fold"),
        pytest.param("clarithromycin", ORAL, 2.6, id="INT-013: oral AUC 2.6-fold"),
        pytest.param("itraconazole", ORAL, 1.0, id="INT-014: no change of oral AUC"),
        pytest.param("ticlopidine", IV, 1.0, id="not measured by this route"),
        pytest.param("clarithromycin", IV, 1.0, id="nor this"),
        pytest.param("rifampicin", NASAL, 1.0, id="nor by the nose"),
    ],
)
def test_the_area_changes_as_printed_for_the_route(drug, regimen, fold):
    areas = [
        exposure.AUC(PEREZ, regimen, "esketamine", interval=(0.0, math.inf), person=person)
        for person in (Person(age=40.0, drugs=(drug,)), Person(age=40.0))
    ]
    assert areas[0] / areas[1] == pytest.approx(fold, rel=1e-9)


def test_each_route_of_one_regimen_changes_by_its_own_magnitude():
    later = dose(Route.IV, at=6.0)
    person = Person(age=40.0, drugs=("rifampicin",))
    t = np.array([1.0, 7.0, 12.0])
    both = simulate(PEREZ, ORAL + later, t, person=person)["esketamine"].values
    oral, iv = (
        simulate(PEREZ, one, t, person=Person(age=40.0))["esketamine"].values
        for one in (ORAL, later)
    )
    np.testing.assert_allclose(both, 0.14 * oral + 0.86 * iv, rtol=1e-9, atol=1e-12)


def test_metabolites_are_not_predicted_beside_a_drug_that_acts():
    beside, alone = (
        simulate(PEREZ, ORAL, T, person=Person(age=40.0, drugs=drugs))
        for drugs in (("ticlopidine",), ())
    )
    assert set(beside.data_vars) == {"esketamine"}
    assert set(alone.data_vars) == {"esketamine", "esnorketamine"}
    with pytest.raises(ContractError, match="esnorketamine"):
        exposure.AUC(
            PEREZ, ORAL, "esnorketamine", interval=(0.0, 24.0),
            person=Person(drugs=("ticlopidine",)),
        )  # fmt: skip


def test_what_is_applied_is_said_with_its_source_and_its_assumption():
    text = said(ORAL, drugs=("ticlopidine",))
    for part in ("× 2.4", "INT-012", "10.1038/clpt.2011.140", "keeps its shape", "Metabolites"):
        assert part in text


def test_a_peak_that_changes_otherwise_is_said():
    assert "× 3.6" in said(ORAL, drugs=("clarithromycin",))
    assert "peak" not in said(ORAL, drugs=("ticlopidine",))


def test_what_was_not_measured_is_said_and_left_out():
    assert "ticlopidine: its effect on iv doses was not found and is left out" in said(
        IV, drugs=("ticlopidine",)
    )


def test_the_dose_shown_is_the_one_given():
    data = simulate(PEREZ, ORAL, T, person=Person(age=40.0, drugs=("ticlopidine",)))
    assert "esketamine 28 mg oral" in data.attrs["regimen"]
    assert "67" not in data.attrs["regimen"]
    assert "Oral S-ketamine with ticlopidine" in data.attrs["sources"]


def test_a_racemate_is_told_that_the_s_form_was_measured():
    racemate = dose(Route.IV, Drug.KETAMINE)
    data = simulate(OTTO, racemate, T, person=Person(weight=70.0, drugs=("rifampicin",)))
    assert "measured with esketamine only" in data.attrs["cautions"]
    assert set(data.data_vars) == {"esketamine", "arketamine", "ketamine"}


@pytest.mark.parametrize("name", ["rifampicine", "Rifampicin", "grapefruit", ""])
def test_a_drug_nothing_is_known_of_is_refused(name):
    with pytest.raises(ContractError, match="other drugs: expected among rifampicin"):
        simulate(PEREZ, ORAL, T, person=Person(drugs=(name,)))


def test_two_drugs_that_act_on_one_route_are_refused():
    both = Person(age=40.0, drugs=("rifampicin", "clarithromycin"))
    with pytest.raises(ContractError, match="not measured"):
        simulate(PEREZ, ORAL, T, person=both)
    # by the vein one of them has no known effect
    found = simulate(PEREZ, IV, T, person=both)["esketamine"].values
    alone = simulate(PEREZ, IV, T, person=Person(age=40.0))["esketamine"].values
    np.testing.assert_allclose(found, 0.86 * alone, rtol=1e-9)


def test_a_drug_named_twice_acts_once():
    twice = Person(age=40.0, drugs=("ticlopidine", "ticlopidine"))
    assert len(interactions.applied(ORAL, twice)) == 1


@pytest.mark.parametrize("kidney", ["mild", "moderate", "severe", np.array(["normal", "mild"])])
def test_an_impaired_kidney_is_a_printed_range_and_not_a_number(kidney):
    text = said(NASAL, kidney=kidney)
    for part in ("+13 to +36 %", "+20 to +26 %", "not applied", "renal impairment"):
        assert part in text
    plain, impaired = (
        simulate(PEREZ, NASAL, T, person=Person(age=40.0, kidney=k))["esketamine"].values
        for k in (None, kidney)
    )
    np.testing.assert_array_equal(np.broadcast_to(plain, impaired.shape), impaired)


def test_an_impaired_kidney_by_a_route_without_numbers_is_said():
    assert "Impaired kidney: its effect on iv doses was not found" in said(IV, kidney="mild")


def test_an_impaired_liver_is_never_quantified():
    text = said(NASAL, liver="moderate")
    assert "Impaired liver: no numbers on levels were found" in text
    assert "Spravato" in text


@pytest.mark.parametrize("organ", ["kidney", "liver"])
@pytest.mark.parametrize("label", [None, "normal"])
def test_a_healthy_organ_says_nothing(organ, label):
    assert "Impaired" not in said(NASAL, **{organ: label})


@pytest.mark.parametrize(("genotype", "factor"), [("CYP2B6 *1/*6", 0.60), ("CYP2B6 *6/*6", 0.32)])
@pytest.mark.parametrize("model", [OTTO, DOMINO], ids=lambda model: model.id)
def test_a_genotype_changes_clearance_only_when_asked_to(model, genotype, factor):
    person = Person(weight=70.0)
    built, plain = (
        catalog.structure(model, person, drug=model.drug, values=values)
        for values in (interactions.sensitivity(model, genotype), None)
    )
    assert pytest.approx(factor, rel=1e-12) == built.CL / plain.CL
    assert built.V1 == plain.V1


def test_a_genotype_nothing_is_known_of_is_refused():
    with pytest.raises(ContractError, match="one of CYP2B6"):
        interactions.sensitivity(OTTO, "*6/*6")


def test_a_model_without_a_clearance_takes_no_genotype():
    with pytest.raises(ContractError, match="clearance of perezruixo2021"):
        interactions.sensitivity(PEREZ, "CYP2B6 *6/*6")


@pytest.mark.parametrize("row", interactions.interactions(), ids=lambda row: row.id)
def test_every_row_can_be_laid_beside_its_source(row):
    assert row.cited
    assert row.printed
    assert row.locator
    assert row.status.value in {"verified", "derived"}
    assert bool(row.rule) == (row.kind is Kind.DRUG)


RIGHT = {
    "id": "x", "kind": "drug", "agent": "x", "drug": "esketamine", "route": "oral",
    "metric": "AUC", "form": "change", "unit": "%", "value": "-86", "design": "a trial",
    "source": "ketherapy", "locator": "Abstract", "status": "verified",
}  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"value": "-100"}, id="nothing left"),
        pytest.param({"low": "1", "high": "2"}, id="a value and a range"),
        pytest.param({"value": None}, id="neither"),
        pytest.param({"value": None, "low": "1"}, id="half a range"),
        pytest.param({"kind": "food"}, id="an unknown kind"),
        pytest.param({"unit": "mg"}, id="a unit that is no ratio"),
    ],
)
def test_a_row_that_cannot_be_is_refused(wrong):
    assert check(Interaction, RIGHT, where="x").factor(-86.0) == pytest.approx(0.14)
    with pytest.raises(DataFileError):
        check(Interaction, RIGHT | wrong, where="x")


def test_a_range_is_not_a_number():
    (row,) = interactions.rows(Kind.KIDNEY, agent="impaired kidney", route=Route.INTRANASAL)
    with pytest.raises(ContractError, match="a range"):
        row.factor(row.value)
