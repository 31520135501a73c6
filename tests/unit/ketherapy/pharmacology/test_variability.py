"""Variability: omega from what is printed, deviations on their scale, nothing unknown."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.variability import Level, Scale, Variability, deviate

EVERY = [
    pytest.param(block, id=f"{model.id} {block.level.value} {'+'.join(block.parameters)}")
    for model in catalog.models()
    for block in model.variability
]


def block(*parameters: str, scale: Scale = Scale.LOG, **printed) -> Variability:
    return Variability(
        parameters=parameters or ("CL",),
        level=Level.SUBJECT,
        scale=scale,
        unit="1",
        locator="invented",
        **printed,
    )


@pytest.mark.parametrize(
    ("cv", "variance"),
    [
        # ln(1 + CV^2), by hand
        (30.0, 0.0861777),
        (61.5, 0.320797),
        (100.0, 0.693147),
        (132.0, 1.008834),
    ],
)
def test_the_variance_of_a_printed_cv_is_ln_one_plus_its_square(cv, variance):
    assert block(cv=cv).omega2()[0, 0] == pytest.approx(variance, rel=1e-4)


@given(cv=st.floats(1.0, 200.0))
def test_the_cv_comes_back_from_the_variance(cv):
    omega2 = block(cv=cv).omega2()[0, 0]
    assert 100.0 * math.sqrt(math.exp(omega2) - 1.0) == pytest.approx(cv, rel=1e-9)


def test_a_printed_covariance_is_taken_as_it_is():
    otto = catalog.published("otto2021_iv").variability[0]
    assert otto.parameters == ("V1", "CL")
    np.testing.assert_array_equal(otto.omega2(), [[0.084177, 0.02261], [0.02261, 0.026048]])


def test_a_block_that_prints_neither_is_refused():
    with pytest.raises(ContractError, match="a covariance or a cv"):
        block().omega2()


@pytest.mark.parametrize("entry", EVERY)
def test_every_recorded_block_is_a_covariance(entry):
    omega2 = entry.omega2()
    assert omega2.shape == (len(entry.parameters),) * 2
    np.testing.assert_array_equal(omega2, omega2.T)
    assert np.linalg.eigvalsh(omega2).min() > 0.0


def test_a_deviation_on_the_log_scale_multiplies():
    found = deviate({"CL": 95.2, "V1": 133.0}, (block(cv=30.0),), {"CL": math.log(2.0)})
    assert found == pytest.approx({"CL": 190.4, "V1": 133.0})


def test_a_deviation_on_the_logit_scale_multiplies_the_odds():
    # odds 0.54 / 0.46 doubled: 1.08 / 1.54
    nasal = (block("FRn", scale=Scale.LOGIT, covariance=((0.5,),)),)
    found = deviate({"FRn": 0.54}, nasal, {"FRn": math.log(2.0)})
    assert found["FRn"] == pytest.approx(1.08 / 1.54, rel=1e-12)


@given(fraction=st.floats(0.01, 0.99), eta=st.floats(-12.0, 12.0))
def test_a_fraction_stays_a_fraction(fraction, eta):
    nasal = (block("FRn", scale=Scale.LOGIT, covariance=((0.5,),)),)
    assert 0.0 < deviate({"FRn": fraction}, nasal, {"FRn": eta})["FRn"] < 1.0


@given(eta=st.floats(-5.0, 5.0))
def test_a_deviation_there_and_back_changes_nothing(eta):
    blocks = (block("CL", cv=30.0), block("FRn", scale=Scale.LOGIT, covariance=((0.5,),)))
    typical = {"CL": 95.2, "FRn": 0.54}
    there = deviate(typical, blocks, dict.fromkeys(typical, eta))
    assert deviate(there, blocks, dict.fromkeys(typical, -eta)) == pytest.approx(typical, rel=1e-9)


@pytest.mark.parametrize("eta", [{}, {"CL": 0.0}])
def test_no_deviation_is_the_typical_person(eta):
    assert deviate({"CL": 95.2}, (block(cv=30.0),), eta) == {"CL": 95.2}


@pytest.mark.parametrize(
    ("model_id", "name"),
    [
        pytest.param("otto2021_iv", "Q2", id="a parameter that does not vary"),
        pytest.param("otto2021_iv", "nobody", id="a parameter there is not"),
        pytest.param("domino1984_iv", "CL", id="a model that records none"),
    ],
)
def test_an_unknown_deviation_is_refused(model_id, name):
    model = catalog.published(model_id)
    with pytest.raises(ContractError, match="deviations: expected"):
        catalog.structure(model, Person(weight=70.0), drug=model.drug, eta={name: 0.1})


def test_the_extension_uses_the_deviations_of_its_base():
    model, person, eta = catalog.published("otto2021_iv"), Person(weight=70.0), {"CL": 0.2}
    own, other = (
        catalog.structure(model, person, drug=drug, eta=eta)
        for drug in catalog.drugs(model, next(iter(model.domain.routes)))[1:]
    )
    assert pytest.approx(0.86 * own.CL, rel=1e-12) == other.CL
