"""People: from a table, described or alike; a number is a person, whoever is asked for beside."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ketherapy import records
from ketherapy.errors import ContractError, DataFileError
from ketherapy.pharmacology.covariates import Person, Sex
from ketherapy.simulation.people import (
    Alike,
    DescribedPeople,
    PeopleTable,
    Spread,
    people,
    population,
    populations,
)
from ketherapy.sources import Cited, Status

TABLE = PeopleTable(
    person=Person(
        weight=np.array([60.0, 75.0, 90.0]),
        age=np.array([30.0, 40.0, 50.0]),
        sex=np.array(["female", "", "male"]),
        drugs=("rifampicin",),
    ),
    text="three people",
    source="a test",
    status=Status.CONVENTION,
)
ALIKE = Alike(person=Person(weight=70.0, sex=Sex.FEMALE))
MANY = 40_000


def number(value: float, unit: str) -> Cited:
    return Cited(value=value, unit=unit, locator="invented")


def spread(mean, sd, low, high, unit, form="normal") -> Spread:
    numbers = dict(zip(("mean", "sd", "low", "high"), (mean, sd, low, high), strict=True))
    return Spread(**{name: number(v, unit) for name, v in numbers.items()}, form=form)


def described(rho: float = 0.5, form: str = "normal", **ends) -> DescribedPeople:
    weight = spread(75.0, 12.0, ends.get("low", 30.0), ends.get("high", 200.0), "kg", form)
    return DescribedPeople(
        id="invented",
        text="invented people",
        source="ketherapy",
        status=Status.CONVENTION,
        women=number(60.0, "%"),
        age=spread(50.0, 5.0, 20.0, 80.0, "year"),
        weight={Sex.FEMALE: weight, Sex.MALE: weight},
        correlation=number(rho, "1"),
    )


EVERY = [TABLE, ALIKE, *populations()]


@pytest.mark.parametrize("origin", EVERY, ids=lambda origin: type(origin).__name__)
def test_every_source_says_what_its_people_are(origin):
    found = people(origin, first=1, count=2, seed=1)
    assert (found.first, found.count, found.person.shape) == (1, 2, (2,))
    assert found.text
    assert found.source
    assert isinstance(found.status, Status)


@pytest.mark.parametrize("origin", EVERY, ids=lambda origin: type(origin).__name__)
def test_a_person_is_the_same_whoever_is_asked_for_beside(origin):
    whole, last = origin.take(0, 3, seed=5), origin.take(2, 1, seed=5)
    for name in ("weight", "age", "sex"):
        if getattr(whole, name) is not None:
            assert getattr(last, name)[0] == getattr(whole, name)[2]
        else:
            assert getattr(last, name) is None


@pytest.mark.parametrize("chunks", [1, 2, 7])
def test_a_population_is_the_same_in_any_chunks(chunks):
    origin = population("invented_adults")
    whole, size = origin.take(0, 140, seed=2), 140 // chunks
    rows = [origin.take(k * size, size, seed=2) for k in range(chunks)]
    for name in ("weight", "age", "sex"):
        joined = np.concatenate([getattr(row, name) for row in rows])
        np.testing.assert_array_equal(joined, getattr(whole, name))


@pytest.mark.parametrize("origin", EVERY, ids=lambda origin: type(origin).__name__)
@pytest.mark.parametrize(("first", "count"), [(-1, 2), (0, 0)])
def test_people_that_cannot_be_are_refused(origin, first, count):
    with pytest.raises(ContractError, match="people: expected"):
        origin.take(first, count, seed=1)


def test_a_table_never_repeats_anybody():
    assert TABLE.size == 3
    with pytest.raises(ContractError, match="at most 3, got 4"):
        TABLE.take(2, 2, seed=1)


def test_people_of_a_table_come_in_its_order_whatever_the_seed():
    found = TABLE.take(1, 2, seed=99)
    np.testing.assert_array_equal(found.weight, [75.0, 90.0])
    np.testing.assert_array_equal(found.sex, ["", "male"])
    assert found.drugs == ("rifampicin",)
    assert found.kidney is None


def test_people_who_are_alike_share_every_covariate():
    found = ALIKE.take(10, 4, seed=1)
    np.testing.assert_array_equal(found.weight, np.full(4, 70.0))
    np.testing.assert_array_equal(found.sex, ["female"] * 4)
    assert found.age is None
    assert ALIKE.size is None


def test_many_people_are_not_alike():
    with pytest.raises(ContractError, match="one person"):
        Alike(person=TABLE.person)


def test_described_people_have_the_described_moments():
    found = described(rho=0.5).take(0, MANY, seed=3)
    error = 5.0 / MANY**0.5
    assert np.mean(found.sex == "female") == pytest.approx(0.6, abs=error * 0.5)
    assert found.age.mean() == pytest.approx(50.0, abs=error * 5.0)
    assert found.age.std() == pytest.approx(5.0, rel=error)
    assert found.weight.mean() == pytest.approx(75.0, abs=error * 12.0)
    assert found.weight.std() == pytest.approx(12.0, rel=error)
    assert np.corrcoef(found.age, found.weight)[0, 1] == pytest.approx(0.5, abs=error)
    assert found.ancestry is found.kidney is found.liver is None


def test_a_log_normal_weight_has_the_described_mean_and_sd():
    found = described(rho=0.3, form="log_normal").take(0, MANY, seed=3).weight
    assert found.mean() == pytest.approx(75.0, rel=0.01)
    assert found.std() == pytest.approx(12.0, rel=0.03)
    assert np.log(found).mean() == pytest.approx(np.log(75.0) - 0.5 * np.log1p(0.0256), abs=0.005)


def test_ends_are_cut_as_the_truncated_normal_has_it():
    found = described(rho=0.0, low=70.0, high=90.0).take(0, MANY, seed=3).weight
    peer = stats.truncnorm((70.0 - 75.0) / 12.0, (90.0 - 75.0) / 12.0, loc=75.0, scale=12.0)
    assert 70.0 <= found.min() < found.max() <= 90.0
    assert found.mean() == pytest.approx(peer.mean(), abs=5.0 * peer.std() / MANY**0.5)
    assert stats.kstest(found, peer.cdf).statistic < 2.2 / MANY**0.5


@given(seed=st.integers(0, 2**64 - 1), rho=st.floats(-0.9, 0.9))
def test_nobody_is_beyond_the_ends(seed, rho):
    found = described(rho=rho, low=70.0, high=71.0).take(0, 20, seed=seed)
    assert np.all((found.weight >= 70.0) & (found.weight <= 71.0))
    assert np.all((found.age >= 20.0) & (found.age <= 80.0))


@pytest.mark.parametrize("entry", populations(), ids=lambda entry: entry.id)
def test_every_shipped_population_says_what_is_invented(entry):
    assert entry.notes
    if entry.source == "ketherapy":
        assert entry.status is Status.CONVENTION
        assert "invented" in entry.text


def test_an_unknown_population_is_refused_with_those_there_are():
    with pytest.raises(ContractError, match="invented_adults, otto2021_volunteers"):
        population("everybody")


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"women": {"value": 120, "unit": "%"}}, id="more women than people"),
        pytest.param({"correlation": {"value": 1.0, "unit": "1"}}, id="weight follows from age"),
        pytest.param({"height": 1.7}, id="a key there is not"),
        pytest.param(
            {"age": {"mean": {"value": 50, "unit": "kg"}}}, id="an incomplete spread"
        ),
        pytest.param(
            {"age": {k: {"value": v, "unit": "year"} for k, v in
                     (("mean", 50), ("sd", 5), ("low", 60), ("high", 40))}},
            id="ends the wrong way round",
        ),
        pytest.param(
            {"age": {"mean": {"value": 50, "unit": "year"}, "sd": {"value": 5, "unit": "kg"},
                     "low": {"value": 20, "unit": "year"}, "high": {"value": 80, "unit": "year"}}},
            id="two kinds of unit",
        ),
    ],
)  # fmt: skip
def test_a_description_that_cannot_be_is_refused(wrong):
    weight = {k: {"value": v, "unit": "kg"} for k, v in
              (("mean", 75), ("sd", 12), ("low", 40), ("high", 150))}  # fmt: skip
    right = {
        "id": "x", "text": "x", "source": "ketherapy", "status": "convention",
        "women": {"value": 50, "unit": "%"},
        "age": weight | {k: {"value": v, "unit": "year"} for k, v in
                         (("mean", 45), ("sd", 12), ("low", 20), ("high", 80))},
        "weight": {"female": weight, "male": weight},
        "correlation": {"value": 0.1, "unit": "1"},
    }  # fmt: skip
    assert records.check(DescribedPeople, right, where="x").id == "x"
    with pytest.raises(DataFileError):
        records.check(DescribedPeople, right | wrong, where="x")


def test_a_weight_for_one_sex_only_is_refused():
    one = described()
    with pytest.raises(ValueError, match="each sex"):
        replace(one, weight={Sex.FEMALE: one.weight[Sex.FEMALE]})
