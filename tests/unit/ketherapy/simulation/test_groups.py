"""Subgroups: everybody is in exactly one of each grouping, and the unknown is not guessed."""

import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.pharmacology.covariates import Ancestry, Person
from ketherapy.simulation.groups import By, Grouping, labels


def test_a_band_holds_its_lower_edge():
    bands = Grouping(by=By.AGE, edges=(40.0, 65.0))
    person = Person(age=np.array([39.9, 40.0, 64.9, 65.0]))
    assert labels(bands, person, 4).tolist() == [
        "age: below 40 year", "age: 40 to below 65 year",
        "age: 40 to below 65 year", "age: 65 year or more",
    ]  # fmt: skip


def test_people_alike_share_a_group():
    person = Person(ancestry=Ancestry.JAPANESE)
    found = labels(Grouping(by=By.ANCESTRY), person, 3)
    assert found.tolist() == ["ancestry: japanese"] * 3


def test_what_the_population_does_not_say_cannot_divide_it():
    with pytest.raises(ContractError, match="whose weight is described"):
        labels(Grouping(by=By.WEIGHT, edges=(80.0,)), Person(age=30.0), 1)


@pytest.mark.parametrize(
    ("by", "edges"),
    [
        pytest.param(By.AGE, (), id="no edges"),
        pytest.param(By.WEIGHT, (80.0, 60.0), id="not in order"),
        pytest.param(By.WEIGHT, (60.0, 60.0), id="twice the same"),
        pytest.param(By.SEX, (1.0,), id="sex has no edges"),
    ],
)
def test_edges_that_make_no_bands_are_refused(by, edges):
    with pytest.raises(ContractError, match="edges"):
        Grouping(by=by, edges=edges)
