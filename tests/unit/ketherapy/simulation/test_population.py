"""Runs of many people: laws in closed form, and the same digits however the work is shared."""

import math
import pickle
from dataclasses import replace

import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.pharmacology.catalog import published
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.variability import Level, Residual, Scale, Variability
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation import individuals, planned, population
from ketherapy.simulation.engine import Engine, Precision
from ketherapy.simulation.groups import EVERYONE, By, Grouping
from ketherapy.simulation.people import AbstractPeople, Alike
from ketherapy.simulation.people_table import PeopleTable
from ketherapy.simulation.population import PopulationRequest
from ketherapy.simulation.solve import simulate
from ketherapy.sources import Status

OTTO = published("otto2021_iv")
ADULT = Person(weight=70.0, age=30.0)
CV = 40.0  # [%] assumed for CL alone in the laws below
ONLY_CL = replace(
    OTTO,
    variability=(
        Variability(
            parameters=("CL",), level=Level.SUBJECT, scale=Scale.LOG, cv=CV, unit="%",
            locator="assumed here, to have a law in closed form",
        ),
    ),
)  # fmt: skip
DOSE = 20.0  # [mg]


class Weighed(AbstractPeople):
    """People whose weight follows from their number: 50, 51 … 89 kg and again."""

    text = "people of known weights"
    source = "ketherapy"
    status = Status.CONVENTION
    size = None

    def take(self, first: int, count: int, *, seed: int) -> Person:
        weight = 50.0 + np.arange(first, first + count) % 40
        return Person(weight=weight, age=np.full(count, 30.0))


def infusion(amount: float = DOSE) -> Regimen:
    return Regimen.of(Dose(drug=Drug.ESKETAMINE, route=Route.IV, amount=amount, over=2.0 / 3.0))


def request(**changed) -> PopulationRequest:
    usual = PopulationRequest(
        model=OTTO, regimen=infusion(), people=Alike(person=ADULT), n=320, seed=7,
        times=(0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0, 2.0, 4.0), levels=(0.05,),
    )  # fmt: skip
    return replace(usual, **changed)


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut a few hundred people into many tasks."""
    monkeypatch.setattr(planned, "BLOCK", 16)
    monkeypatch.setattr("ketherapy.simulation.sketch.SMALLEST", 16)
    monkeypatch.setattr("ketherapy.simulation.population.buffer_size", lambda n: 16)


def in_chunks(count: int):
    """Return a map that works on ``count`` chunks of tasks, the last chunk first."""

    def through(work, tasks):
        chunks = np.array_split(np.arange(len(tasks)), count)
        done = {
            place: pickle.loads(pickle.dumps(work(tasks[place])))
            for chunk in reversed(chunks)
            for place in chunk
        }
        return [done[place] for place in range(len(tasks))]

    return through


@pytest.mark.usefixtures("small_blocks")
def test_chunks_and_their_order_change_no_digit():
    asked = request(groupings=(Grouping(by=By.WEIGHT, edges=(60.0, 75.0)),), people=Weighed())
    one, two, seven = (population.run(asked, through=in_chunks(count)) for count in (1, 2, 7))
    assert list(one) == list(two) == list(seven)
    assert float(one[EVERYONE].attrs["rank_error"]) > 0.0
    for name, data in one.items():
        assert data.identical(two[name])
        assert data.identical(seven[name])


def test_each_quantile_is_that_of_the_people_themselves():
    asked = request()
    found = population.run(asked)[EVERYONE]
    eta = population.blocks.deviations(OTTO, first=0, count=320, seed=7)
    each = simulate(OTTO, infusion(), np.array(asked.times), person=ADULT, eta=eta)
    for analyte in each.data_vars:
        levels = each[analyte].values
        expected = np.quantile(levels, asked.probabilities, axis=0, method="inverted_cdf")
        np.testing.assert_allclose(found[analyte], expected, rtol=1e-12)
        np.testing.assert_allclose(found[f"{analyte}_mean"], levels.mean(axis=0), rtol=1e-12)
        np.testing.assert_allclose(found[f"{analyte}_variance"], levels.var(axis=0), rtol=1e-9)
        above = (levels > 0.05).mean(axis=0)
        np.testing.assert_array_equal(found[f"{analyte}_above"][0], above)
        ever = (levels > 0.05).any(axis=1).mean()
        assert float(found[f"{analyte}_ever_above"][0]) == ever
        assert int(found[f"{analyte}_Cmax_counts"].sum()) == 320
    assert found.attrs["rank_error"] == "0"


def test_the_area_has_the_distribution_that_clearance_gives_it():
    # After 1,000 h the area is dose / CL: log-normal, with the median of the typical person.
    n, until = 6_144, 1000.0
    found = population.run(request(model=ONLY_CL, n=n, times=(0.0, until)))[EVERYONE]
    CL = float(OTTO.printed["CL"].meant)
    omega2 = math.log1p((CV / 100.0) ** 2)
    median, mean = DOSE / CL, DOSE / CL * math.exp(omega2 / 2.0)
    probabilities = found["probability"].values.tolist()
    quantile = dict(zip(probabilities, found["esketamine_AUC"].values, strict=True))
    # five standard errors of a median, a mean and a variance of n log-normal values
    assert quantile[0.5] == pytest.approx(median, rel=5 * math.sqrt(omega2 * math.pi / 2 / n))
    assert float(found["esketamine_AUC_mean"]) == pytest.approx(
        mean, rel=5 * math.sqrt(math.expm1(omega2) / n)
    )
    variance = mean**2 * math.expm1(omega2)
    assert float(found["esketamine_AUC_variance"]) == pytest.approx(variance, rel=0.2)
    z = 1.6448536269514722  # 95th percentile of the standard normal
    assert quantile[0.95] == pytest.approx(median * math.exp(z * math.sqrt(omega2)), rel=0.06)


TRUE = ("esketamine_AUC", "esketamine_Cmax", "esketamine_Tmax", "esketamine_time_above",
        "esketamine_above", "esketamine_ever_above", "esketamine_Cmax_counts")  # fmt: skip


def test_the_assay_reads_the_levels_and_leaves_the_exposures():
    true, read = (population.run(request(with_residual=x))[EVERYONE] for x in (False, True))
    for name in TRUE:
        np.testing.assert_array_equal(true[name], read[name])
    assert "are of true levels" in read.attrs["residual_error"]
    assert read.attrs["levels"] == read["esketamine"].attrs["long_name"].split(", ")[1]
    assert true.attrs["levels"] == "in the body"


def test_a_reading_varies_by_the_published_error_on_top_of_the_people():
    # Otto's error is proportional: reading = level (1 + sigma z), so E[reading^2] grows by sigma^2
    n = 20_480
    true, read = (population.run(request(with_residual=x, n=n))[EVERYONE] for x in (False, True))
    sigma = OTTO.residual["parent"].proportional.meant
    m, v = (true[f"esketamine_{of}"].values[1:] for of in ("mean", "variance"))
    expected = v + sigma**2 * (v + m**2)
    np.testing.assert_allclose(read["esketamine_variance"].values[1:], expected, rtol=0.05)
    error = 5.0 * np.sqrt(expected / n)
    assert np.all(np.abs(read["esketamine_mean"].values[1:] - m) < error)


@pytest.mark.usefixtures("small_blocks")
def test_readings_are_the_same_digits_however_the_work_is_shared():
    asked = request(with_residual=True, groupings=(Grouping(by=By.WEIGHT, edges=(60.0,)),),
                    people=Weighed())  # fmt: skip
    one, seven = (population.run(asked, through=in_chunks(count)) for count in (1, 7))
    assert all(data.identical(seven[name]) for name, data in one.items())


def test_the_readings_are_those_of_the_people_themselves():
    asked = request(with_residual=True)
    found = population.run(asked)[EVERYONE]
    eta = individuals.deviations(OTTO, first=0, count=320, seed=7)
    each = simulate(OTTO, infusion(), np.array(asked.times), person=ADULT, eta=eta)
    true = {str(name): each[name].values for name in each.data_vars}
    for analyte, levels in individuals.residual(OTTO, true, first=0, seed=7).items():
        expected = np.quantile(levels, asked.probabilities, axis=0, method="inverted_cdf")
        np.testing.assert_allclose(found[analyte], expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("model", "analytes", "said"),
    [
        pytest.param("otto2021_iv", (), "arketamine", id="one half has no published error"),
        pytest.param("otto2021_iv", ("ketamine",), "total of enantiomers", id="a total"),
        pytest.param("domino1984_iv", (), "none", id="no error at all"),
    ],
)
def test_an_error_that_is_not_published_is_not_added(model, analytes, said):
    racemate = Dose(drug=Drug.KETAMINE, route=Route.IV, amount=35.0, over=2.0 / 3.0)
    asked = request(
        model=published(model), regimen=Regimen.of(racemate), analytes=analytes, with_residual=True
    )
    with pytest.raises(ContractError, match=said):
        population.plan(asked)


def test_the_error_of_one_half_of_a_racemate_can_be_asked_for():
    racemate = Dose(drug=Drug.KETAMINE, route=Route.IV, amount=35.0, over=2.0 / 3.0)
    asked = request(regimen=Regimen.of(racemate), analytes=("esketamine",), with_residual=True)
    assert population.plan(asked).analytes == ("esketamine",)


def test_an_analyte_without_parts_of_an_error_is_not_measurable():
    silent = replace(OTTO, residual={"parent": Residual()})
    with pytest.raises(ContractError, match="residual error is published: none"):
        population.plan(request(model=silent, with_residual=True))


def test_a_dose_per_kg_follows_each_weight():
    per_kg = request(regimen=infusion(0.3), is_per_kg=True, people=Weighed())
    found = population.run(replace(per_kg, model=published("domino1984_iv"), levels=(),
        regimen=Regimen.of(Dose(drug=Drug.KETAMINE, route=Route.IV, amount=0.5, over=2.0 / 3.0)),
    ))[EVERYONE]  # fmt: skip
    # this model's volumes are per kg, so that a dose per kg gives everyone the same level
    levels = found["ketamine"].values
    np.testing.assert_allclose(levels, levels[[0]].repeat(len(levels), axis=0), rtol=1e-12)
    assert "0.5 mg/kg" in found.attrs["regimen"]


def test_a_dose_per_kg_needs_weights():
    with pytest.raises(ContractError, match="weight"):
        population.plan(request(is_per_kg=True, people=Alike(person=Person(age=30.0))))


def test_a_model_without_variability_gets_no_invented_band():
    asked = request(model=published("domino1984_iv"), regimen=Regimen.of(
        Dose(drug=Drug.KETAMINE, route=Route.IV, amount=35.0, over=0.5)))  # fmt: skip
    found = population.run(asked)[EVERYONE]
    levels = found["ketamine"].values
    np.testing.assert_array_equal(levels[0], levels[-1])
    assert "none is invented" in found.attrs["variability"]


def test_subgroups_add_up_to_everyone():
    asked = request(people=Weighed(), groupings=(Grouping(by=By.WEIGHT, edges=(60.0, 75.0)),))
    found = population.run(asked)
    assert next(iter(found)) == EVERYONE
    parts = [data for name, data in found.items() if name != EVERYONE]
    assert sum(int(data.attrs["n"]) for data in parts) == 320
    whole = found[EVERYONE]["esketamine_Cmax_counts"].values
    np.testing.assert_array_equal(sum(d["esketamine_Cmax_counts"].values for d in parts), whole)


@pytest.mark.parametrize(
    ("curve", "hours"),
    [
        pytest.param([2.0, 2.0, 2.0], 2.0, id="always above"),
        pytest.param([1.0, 1.0, 1.0], 0.0, id="at the level is not above it"),
        pytest.param([0.0, 2.0, 0.0], 1.0, id="up and down"),
        pytest.param([3.0, 0.0, 0.0], 2.0 / 3.0, id="falling"),
        pytest.param([0.0, 0.0, 4.0], 0.75, id="rising"),
    ],
)
def test_time_above_a_level_of_straight_lines(curve, hours):
    found = population.blocks.time_above(
        np.array(curve)[:, None], np.array([0.0, 1.0, 2.0]), level=1.0
    )
    assert found[0] == pytest.approx(hours)


def test_short_floats_say_what_they_cost():
    long, short = (
        population.run(request(engine=Engine(precision=precision)))[EVERYONE]
        for precision in Precision
    )
    error = float(short.attrs["precision_error"])
    assert float(long.attrs["precision_error"]) == 0.0
    assert 0.0 < error < 1e-4
    apart = np.abs(short["esketamine"] - long["esketamine"]).max()
    assert apart < 2.0 * error * long["esketamine"].max()


def test_cautions_speak_of_the_heaviest_and_the_dose_they_get():
    found = population.run(request(regimen=infusion(5.0), is_per_kg=True, people=Weighed()))
    assert "445 mg is outside" in found[EVERYONE].attrs["cautions"]


def test_a_plan_says_itself_apart_from_any_other():
    one, same = population.plan(request()), population.plan(request())
    assert one.fingerprint == same.fingerprint
    for change in ({"seed": 8}, {"n": 321}, {"levels": ()}, {"regimen": infusion(21.0)}):
        assert population.plan(request(**change)).fingerprint != one.fingerprint


def test_one_person_among_thousands_makes_another_run():
    weights = np.full(5_000, 70.0)
    other = weights.copy()
    other[2_500] = 71.0
    prints = {
        population.plan(request(people=table(weight))).fingerprint for weight in (weights, other)
    }
    assert len(prints) == 2


def table(weight: np.ndarray) -> PeopleTable:
    person = Person(weight=weight, age=np.full(len(weight), 30.0))
    return PeopleTable(person=person, text="a table", source="a table", status=Status.CONVENTION)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"n": 0}, "people", id="nobody"),
        pytest.param({"seed": -1}, "seed", id="seed below zero"),
        pytest.param({"occasion": 0}, "occasion", id="occasion zero"),
        pytest.param({"times": (0.0,)}, "times", id="one time"),
        pytest.param({"times": (0.0, 0.0)}, "times", id="twice the same time"),
        pytest.param({"times": (-1.0, 1.0)}, "times", id="before the start"),
        pytest.param({"times": (0.0, math.nan)}, "times", id="not a time"),
        pytest.param({"levels": (0.0,)}, "levels", id="level zero"),
        pytest.param({"probabilities": (0.5, 1.5)}, "probabilities", id="above certain"),
        pytest.param({"probabilities": ()}, "probabilities", id="no quantile"),
        pytest.param({"analytes": ("caffeine",)}, "analyte", id="not described"),
        pytest.param({"engine": Engine(device="tpu")}, "device", id="no such device"),
        pytest.param(
            {"groupings": (Grouping(by=By.SEX),)}, "sex is described", id="group not described"
        ),
    ],
)
def test_what_cannot_be_run_is_refused(changed, said):
    with pytest.raises(ContractError, match=said):
        population.plan(request(**changed))


def test_more_people_than_there_are_is_refused():
    class Few(Weighed):
        size = 10

    with pytest.raises(ContractError, match="at most 10"):
        request(people=Few(), n=11)


@pytest.mark.usefixtures("small_blocks")
def test_summaries_out_of_order_or_missing_are_refused():
    plan = population.plan(request())
    first, _, third = (population.summarise(plan, task) for task in plan.tasks[:3])
    with pytest.raises(ContractError, match="task 1"):
        first.merged(third)
    with pytest.raises(ContractError, match="all"):
        population.together(plan, [first])


def said(person: Person, **changed) -> str:
    people = PeopleTable(person=person, text="t", source="t", status=Status.CONVENTION)
    size = int(np.size(person.weight))
    found = population.run(request(people=people, n=size, **changed))
    return found[EVERYONE].attrs["cautions"]


@pytest.mark.parametrize("row", [0, 1, 2])
def test_what_one_person_has_is_cautioned_wherever_that_person_stands(row):
    kidney, liver = np.full(3, "normal", "<U8"), np.full(3, "normal", "<U8")
    kidney[row] = liver[row] = "severe"
    three = Person(weight=np.full(3, 70.0), age=np.full(3, 30.0), kidney=kidney, liver=liver)
    cautions = said(three)
    assert "Impaired liver" in cautions
    assert "kidney" in cautions.lower()


def test_a_high_level_is_cautioned_though_the_parent_is_not_asked_for():
    person = Person(weight=np.full(2, 70.0), age=np.full(2, 30.0))
    assert "is above those it was fitted to" in said(
        person, regimen=infusion(200.0), analytes=("esnorketamine",)
    )


@pytest.mark.parametrize(
    ("model", "route", "word"),
    [
        ("perezruixo2021", Route.INTRANASAL, "kmet, whose spread is a convention"),
        ("depot_im_sc", Route.IM, "KA 2 to 9"),
        ("depot_im_sc", Route.IM, "on which the model is built"),
    ],
)
def test_what_is_not_published_of_the_spread_is_not_called_so(model, route, word):
    regimen = Regimen.of(Dose(drug=Drug.ESKETAMINE, route=route, amount=28.0))
    found = population.run(request(model=published(model), regimen=regimen, n=2))
    assert word in found[EVERYONE].attrs["variability"]


def test_areas_of_short_floats_are_those_of_long_ones():
    """An area is a difference of amounts, of which short floats would leave little at first."""
    early = {"model": published("simons2022"), "times": (0.0, 0.025, 0.05), "n": 8}
    long, short = (
        population.run(request(engine=Engine(precision=p), **early))[EVERYONE]
        for p in (Precision.FLOAT64, Precision.FLOAT32)
    )
    for name in ("esketamine_AUC", "eshydroxynorketamine_AUC"):
        np.testing.assert_allclose(short[name], long[name], rtol=1e-6)
