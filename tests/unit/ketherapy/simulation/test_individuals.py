"""Individuals: printed covariances come back, each part has its own stream, unknown stays so."""

import math
from dataclasses import replace

import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.catalog import published
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.variability import Level, Residual
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation import domain
from ketherapy.simulation.individuals import (
    AssumedVariability,
    deviations,
    estimates,
    lower_root,
    residual,
)
from ketherapy.simulation.solve import simulate

OTTO, SIMONS = published("otto2021_iv"), published("simons2022")
PEREZ, DOMINO = published("perezruixo2021"), published("domino1984_iv")
MANY = 40_000
ASSUMED = AssumedVariability(label="a test, without evidence", cv={"V1": 40.0, "k10": 25.0})


@pytest.mark.parametrize("model", [OTTO, SIMONS, PEREZ], ids=lambda model: model.id)
def test_the_covariance_of_the_draws_is_the_printed_one(model):
    eta = deviations(model, first=0, count=MANY, seed=5)
    for block in model.variability:
        if (
            sum(
                set(block.parameters) & set(other.parameters) != set()
                for other in model.variability
            )
            > 1
        ):
            continue  # a parameter that varies between people and between occasions: below
        found = np.atleast_2d(np.cov([eta[name] for name in block.parameters]))
        scale = np.sqrt(np.outer(np.diag(block.omega2()), np.diag(block.omega2())))
        # five standard errors of a variance
        np.testing.assert_allclose(
            found / scale, block.omega2() / scale, atol=5.0 * (2.0 / MANY) ** 0.5
        )


def test_between_subject_and_between_occasion_add_up():
    both = {
        block.level: block.omega2()[0, 0]
        for block in SIMONS.variability
        if block.parameters == ("MTT_nk",)
    }
    eta = deviations(SIMONS, first=0, count=MANY, seed=5)["MTT_nk"]
    assert set(both) == set(Level)
    assert eta.var() == pytest.approx(sum(both.values()), rel=5.0 * (2.0 / MANY) ** 0.5)


def test_blocks_are_unrelated_to_each_other():
    eta = deviations(OTTO, first=0, count=MANY, seed=5)
    found = np.corrcoef([eta["V1"], eta["CL"], eta["V_nk"], eta["CL_nk"]])
    np.testing.assert_allclose(found[:2, 2:], 0.0, atol=5.0 / MANY**0.5)


def test_individual_clearances_have_the_moments_of_a_log_normal():
    eta = deviations(OTTO, first=0, count=MANY, seed=8)
    CL = catalog.structure(OTTO, Person(weight=70.0), drug=OTTO.drug, eta=eta).CL
    omega2 = 0.026048
    mean = 95.2 * math.exp(omega2 / 2.0)
    cv = math.sqrt(math.exp(omega2) - 1.0)
    assert CL.mean() == pytest.approx(mean, rel=5.0 * cv / MANY**0.5)
    assert CL.std() / CL.mean() == pytest.approx(cv, rel=0.02)
    assert np.median(CL) == pytest.approx(95.2, rel=0.005)


def test_a_printed_cv_is_the_cv_of_the_individuals():
    eta = deviations(PEREZ, first=0, count=MANY, seed=8)
    V1 = catalog.structure(PEREZ, Person(), drug=PEREZ.drug, eta=eta).V1
    assert V1.std() / V1.mean() == pytest.approx(0.275, rel=0.025)


def test_a_fraction_stays_one_and_has_the_printed_spread_on_its_logit():
    eta = deviations(PEREZ, first=0, count=MANY, seed=8)
    FRn = catalog.structure(PEREZ, Person(), drug=PEREZ.drug, eta=eta).FRn
    assert 0.0 < FRn.min() < FRn.max() < 1.0
    logit = np.log(FRn / (1.0 - FRn))
    assert logit.std() == pytest.approx(0.708, rel=5.0 * (0.5 / MANY) ** 0.5)
    assert logit.mean() == pytest.approx(math.log(0.54 / 0.46), abs=5.0 * 0.708 / MANY**0.5)


@pytest.mark.parametrize("model", [OTTO, SIMONS, PEREZ], ids=lambda model: model.id)
@pytest.mark.parametrize("chunks", [1, 2, 7])
def test_a_person_is_the_same_in_any_chunks(model, chunks):
    whole = deviations(model, first=0, count=210, seed=3)
    size = 210 // chunks
    parts = {
        k: deviations(model, first=k * size, count=size, seed=3) for k in reversed(range(chunks))
    }
    for name, values in whole.items():
        joined = np.concatenate([parts[k][name] for k in range(chunks)])
        np.testing.assert_array_equal(joined, values)


def test_another_occasion_changes_only_what_varies_between_occasions():
    one, two = (deviations(SIMONS, first=0, count=50, seed=3, occasion=k) for k in (1, 2))
    changing = {
        name for b in SIMONS.variability if b.level is Level.OCCASION for name in b.parameters
    }
    assert {name for name in one if not np.array_equal(one[name], two[name])} == changing


def test_a_person_keeps_the_own_part_of_what_varies_on_both_levels():
    days = [deviations(SIMONS, first=0, count=2000, seed=3, occasion=k)["MTT_nk"] for k in (1, 2)]
    # the covariance of two occasions is what lies between people: 0.021 of 0.772
    assert np.cov(days)[0, 1] == pytest.approx(0.021, abs=5.0 * 0.772 / 2000**0.5)
    fixed = replace(
        SIMONS, variability=tuple(b for b in SIMONS.variability if b.level is Level.SUBJECT)
    )
    own = deviations(fixed, first=0, count=2000, seed=3, occasion=2)
    np.testing.assert_array_equal(
        own["CL"], deviations(SIMONS, first=0, count=2000, seed=3, occasion=1)["CL"]
    )


@pytest.mark.parametrize("occasion", [0, -1])
def test_occasions_count_from_one(occasion):
    with pytest.raises(ContractError, match="occasion"):
        deviations(OTTO, first=0, count=1, seed=1, occasion=occasion)


def test_a_model_without_variability_has_no_deviations():
    assert deviations(DOMINO, first=0, count=10, seed=1) == {}


def test_an_assumption_is_drawn_and_named_wherever_it_is_used():
    eta = deviations(DOMINO, first=0, count=MANY, seed=1, assumed=ASSUMED)
    assert set(eta) == {"V1", "k10"}
    assert eta["V1"].var() == pytest.approx(math.log1p(0.4**2), rel=0.03)
    model = ASSUMED.on(DOMINO)
    infusion = Regimen.of(Dose(drug=Drug.KETAMINE, route=Route.IV, amount=35.0, over=0.5))
    few = {name: values[:3] for name, values in eta.items()}
    data = simulate(model, infusion, np.array([1.0]), person=Person(weight=70.0), eta=few)
    assert "assumed, not published: a test, without evidence" in data.attrs["uncertainty"]
    assert "assumed, not published: a test, without evidence" in domain.spread(model)
    assert len(np.unique(data["ketamine"].values)) == 3


def test_no_shipped_model_carries_an_assumption():
    assert [model.assumed for model in catalog.models()] == [""] * len(catalog.models())


def test_published_variability_is_never_replaced_by_an_assumption():
    with pytest.raises(ContractError, match="because it is published"):
        deviations(OTTO, first=0, count=1, seed=1, assumed=replace(ASSUMED, cv={"CL": 30.0}))


@pytest.mark.parametrize(
    ("label", "cv", "match"),
    [
        pytest.param(" ", {"V1": 30.0}, "label", id="no label"),
        pytest.param("mine", {"V1": 0.0}, "more than zero", id="zero"),
        pytest.param("mine", {"V1": -5.0}, "more than zero", id="negative"),
        pytest.param("mine", {"V1": math.inf}, "more than zero", id="infinite"),
        pytest.param("mine", {"CL": 30.0}, "parameters among", id="no such parameter"),
    ],
)
def test_an_unclear_assumption_is_refused(label, cv, match):
    with pytest.raises(ContractError, match=match):
        AssumedVariability(label=label, cv=cv).on(DOMINO)


@pytest.mark.parametrize(
    "omega2",
    [
        np.array([[0.084177, 0.02261], [0.02261, 0.026048]]),
        np.array([[4.0, 2.0, 0.6], [2.0, 5.0, 1.1], [0.6, 1.1, 3.0]]),
    ],
)
def test_the_root_times_itself_is_the_covariance(omega2):
    root = lower_root(omega2)
    np.testing.assert_allclose(root @ root.T, omega2, rtol=1e-14)
    np.testing.assert_allclose(root, np.linalg.cholesky(omega2), rtol=1e-14)


def test_what_is_no_covariance_is_refused():
    with pytest.raises(ContractError, match="covariance"):
        lower_root(np.array([[1.0, 2.0], [2.0, 1.0]]))


LEVEL = np.full((MANY, 2), 0.05)  # mg/L, 50 ng/mL


def test_a_proportional_error_has_the_printed_size():
    found = residual(OTTO, {"esketamine": LEVEL, "esnorketamine": LEVEL}, first=0, seed=4)
    for analyte, sd in (("esketamine", 0.2361), ("esnorketamine", 0.1426)):
        error = found[analyte] / 0.05 - 1.0
        assert error.std() == pytest.approx(sd, rel=0.015)
        assert error.mean() == pytest.approx(0.0, abs=0.005)
    one, other = (found[name][:, 0] for name in ("esketamine", "esnorketamine"))
    assert np.corrcoef(one, other)[0, 1] == pytest.approx(0.0, abs=0.03)
    assert np.corrcoef(found["esketamine"].T)[0, 1] == pytest.approx(0.0, abs=0.03)


def test_an_error_on_the_log_scale_never_goes_below_zero():
    found = residual(PEREZ, {"esketamine": LEVEL}, first=0, seed=4)["esketamine"]
    assert np.log(found / 0.05).std() == pytest.approx(0.276, rel=0.015)
    assert found.min() > 0.0


def test_additive_and_proportional_error_add_their_variances():
    found = residual(SIMONS, {"esnorketamine": LEVEL}, first=0, seed=4)["esnorketamine"]
    additive = 0.058 * 223.70 * 1e-3  # nmol/mL times g/mol is ng/mL; mg/L
    expected = math.hypot(0.102 * 0.05, additive)
    assert found.std() == pytest.approx(expected, rel=0.015)


def test_errors_belong_to_the_person_and_the_occasion():
    levels = {"esketamine": np.full((20, 3), 0.05)}
    whole = residual(OTTO, levels, first=0, seed=4)["esketamine"]
    tail = residual(OTTO, {"esketamine": np.full((5, 3), 0.05)}, first=15, seed=4)["esketamine"]
    np.testing.assert_array_equal(whole[15:], tail)
    again = residual(OTTO, levels, first=0, seed=4, occasion=2)["esketamine"]
    assert not np.any(again == whole)


def test_an_analyte_without_a_printed_error_is_left_out():
    assert residual(DOMINO, {"ketamine": LEVEL}, first=0, seed=4) == {}
    assert set(residual(OTTO, {"ketamine": LEVEL, "esketamine": LEVEL}, first=0, seed=4)) == {
        "esketamine"
    }


def test_a_model_without_parts_of_an_error_measures_exactly():
    silent = replace(OTTO, residual={"parent": Residual()})
    np.testing.assert_array_equal(
        residual(silent, {"esketamine": LEVEL}, first=0, seed=4)["esketamine"], LEVEL
    )


def drawn(model, name, n=500):
    return np.array([estimates(model, draw=k, seed=9).values[name] for k in range(n)])


@pytest.mark.parametrize(
    ("model", "name", "value", "rse"),
    [
        pytest.param(OTTO, "V2_nk", 160.04, 0.176, id="relative"),
        pytest.param(SIMONS, "CL", 1.48 * 60.0, 0.06 / 1.48, id="absolute, in another unit"),
        pytest.param(SIMONS, "F1", 0.263, 1.2 / 26.3, id="percentage points"),
        pytest.param(SIMONS, "MTT_hnk", 1.12 / 60.0, 0.51 / 1.12, id="large: never below zero"),
    ],
)
def test_estimates_are_drawn_from_the_printed_standard_error(model, name, value, rse):
    found = drawn(model, name)
    assert found.min() > 0.0
    assert np.median(found) == pytest.approx(value, rel=5.0 * rse * 1.2533 / 500**0.5)
    sd = np.log(found).std()
    assert sd == pytest.approx(math.sqrt(math.log1p(rse**2)), rel=5.0 * (0.5 / 500) ** 0.5)


def test_what_the_authors_fixed_and_what_they_do_not_print_is_not_drawn():
    otto, perez, domino = (estimates(model, draw=1, seed=9) for model in (OTTO, PEREZ, DOMINO))
    assert otto.fixed == ("V1", "CL", "Q2", "V2", "Q3", "V3")
    assert otto.drawn == ("V_nk", "CL_nk", "Q2_nk", "V2_nk")
    assert perez.drawn == ("Qh", "Vh")
    assert domino.drawn == domino.fixed == ()
    assert domino.values == catalog.typical(DOMINO)
    assert "not known and not drawn for V1, k10" in domino.text
    assert otto.values["CL"] == 95.2


def test_each_draw_is_its_own_and_comes_again():
    one, again, other = (estimates(SIMONS, draw=k, seed=9).values["CL"] for k in (3, 3, 4))
    assert one == again != other


def test_an_estimate_is_simulated_for_everyone_and_said():
    infusion = Regimen.of(Dose(drug=Drug.ESKETAMINE, route=Route.IV, amount=20.0, over=0.5))
    values = catalog.typical(OTTO) | {"CL": 2.0 * 95.2}
    data, plain = (
        simulate(OTTO, infusion, np.array([4.0]), person=Person(weight=70.0), values=v)
        for v in (values, None)
    )
    assert float(data["esketamine"][0]) < float(plain["esketamine"][0])
    assert "values" in data.attrs
    assert "values" not in plain.attrs


def test_values_must_be_all_of_the_models_own():
    with pytest.raises(ContractError, match="values of otto2021_iv"):
        catalog.structure(OTTO, Person(weight=70.0), drug=OTTO.drug, values={"CL": 1.0})


def test_uncertainty_and_variability_do_not_share_their_draws():
    spread = deviations(OTTO, first=0, count=200, seed=9)["V_nk"]
    unsure = np.log([estimates(OTTO, draw=k, seed=9).values["V_nk"] for k in range(200)])
    assert np.corrcoef(spread, unsure)[0, 1] == pytest.approx(0.0, abs=5.0 / 200**0.5)
