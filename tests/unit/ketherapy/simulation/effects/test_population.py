"""Effects in many people: one or many by the same numbers, whatever the blocks."""

from functools import reduce
from itertools import pairwise

import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog as models
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.catalog import Level
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation.effects import numbers, population, predict
from ketherapy.simulation.effects.population import EffectsOfMany, Kept, kept, result, run
from ketherapy.simulation.effects.predict import effects
from ketherapy.simulation.effects.scope import Asked
from ketherapy.simulation.individuals import deviations
from ketherapy.simulation.people import Alike

INFUSION = Regimen.of(Dose(drug=Drug.KETAMINE, route=Route.IV, amount=35.0, over=0.7))
PEOPLE = Alike(person=Person(weight=71.0))
TIMES = (0.0, 0.35, 0.7, 1.0, 2.0, 4.0)


def many(n: int, words: str = "cadss", **more) -> EffectsOfMany:
    return EffectsOfMany(
        model=models.published("simons2022"), regimen=INFUSION, people=PEOPLE, n=n, seed=7,
        times=TIMES, asked=Asked(effects=catalog.asked(words), **more.pop("asks", {})), **more,
    )  # fmt: skip


def cut(n: int, chunks: int) -> list[tuple[int, int]]:
    edges = np.linspace(0, n, chunks + 1).astype(int).tolist()
    return [(a, b - a) for a, b in pairwise(edges)]


def in_chunks(asked: EffectsOfMany, chunks: int) -> Kept:
    parts = [kept(asked, first=first, count=count) for first, count in cut(asked.n, chunks)]
    return reduce(Kept.merged, parts)


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(population, "BLOCK", 32)


@pytest.mark.usefixtures("small_blocks")
def test_one_two_and_seven_chunks_agree():
    asked = many(150, "cadss,sbp", above={"cadss": 30.0})
    whole = result(asked, in_chunks(asked, 1))
    for chunks in (2, 7):
        parts = result(asked, in_chunks(asked, chunks))
        for name in whole.data_vars:
            np.testing.assert_allclose(parts[name], whole[name], rtol=1e-7, atol=1e-12)


def test_one_person_is_the_same_alone_and_among_others():
    asked = many(1)
    effect = catalog.effect("dissociation")
    alone = effects(
        asked.model, INFUSION, np.array(TIMES), asked=asked.asked, person=Person(weight=71.0),
        eta=deviations(asked.model, first=0, count=1, seed=7),
        numbers={effect.id: numbers.drawn(effect, count=1, seed=7, levels=(Level.PERSON,))},
    )  # fmt: skip
    found = run(asked)
    np.testing.assert_allclose(found["cadss"].sel(probability=0.5), alone["cadss"][0], rtol=1e-9)


@pytest.mark.usefixtures("small_blocks")
def test_no_more_people_than_a_block_are_ever_simulated_together(monkeypatch):
    sizes = []

    def watched(model, regimen, t, **rest):
        sizes.append(len(next(iter(rest["eta"].values()))))
        return predict.effects_and_highest(model, regimen, t, **rest)

    monkeypatch.setattr(population, "effects_and_highest", watched)
    run(many(100))
    assert (sum(sizes), max(sizes)) == (100, 32)


def test_shares_and_quantiles_agree_with_each_other():
    found = run(many(200, above={"cadss": 30.0}))
    highest = found["cadss_highest"].values
    share = float(found["cadss_ever_above"])
    assert 0.0 < share < 1.0
    assert np.all(np.diff(highest) > 0.0)
    assert (highest >= 30.0).sum() == sum(p > 1.0 - share for p in found["probability"].values)


def test_a_result_says_what_it_rests_on():
    attrs = run(many(20)).attrs
    for name in ("limits", "cautions", "sources", "people", "seed", "estimates", "rank_error"):
        assert name in attrs


def test_mood_is_refused_because_it_is_no_effect_on_a_person():
    with pytest.raises(ContractError, match="average of a kind of trial"):
        many(5, "mood", asks={"setting": "midazolam"})


@pytest.mark.parametrize("wrong", [{"n": 0}, {"times": ()}], ids=["nobody", "no time"])
def test_nothing_to_simulate_is_refused(wrong):
    given = {"n": 5, "times": TIMES} | wrong
    with pytest.raises(ContractError, match="at least one person"):
        EffectsOfMany(
            model=models.published("simons2022"), regimen=INFUSION, people=PEOPLE, seed=1,
            asked=Asked(effects=catalog.asked("cadss")), **given,
        )  # fmt: skip


def test_a_threshold_of_nothing_is_refused():
    with pytest.raises(ContractError, match="madrs"):
        run(many(5, above={"madrs": 10.0}))


def test_people_are_merged_in_their_order():
    asked = many(40)
    parts = [kept(asked, first=first, count=count) for first, count in cut(40, 2)]
    with pytest.raises(ContractError, match="order"):
        parts[1].merged(parts[0])


def pressed(amount: float, *, n: int = 64) -> EffectsOfMany:
    return EffectsOfMany(
        model=models.published("otto2021_iv"), n=n, seed=7, times=TIMES, people=PEOPLE,
        regimen=Regimen.of(Dose(drug=Drug.KETAMINE, route=Route.IV, amount=amount, over=40 / 60)),
        asked=Asked(effects=catalog.asked("pressure")),
    )  # fmt: skip


def test_no_person_is_refused_alone_where_all_are_accepted():
    asked = pressed(140.0)
    whole = run(asked)
    for number in range(20):
        kept(asked, first=number, count=1)
    assert "of the people simulated" in whole.attrs["cautions"]


def test_everybody_is_refused_where_the_typical_person_is():
    asked = pressed(400.0)
    for first, count in ((0, 64), (0, 1), (17, 1)):
        with pytest.raises(ContractError, match="up to 320 ng/mL"):
            kept(asked, first=first, count=count)


@pytest.mark.usefixtures("small_blocks")
def test_the_share_beyond_the_studied_levels_is_that_of_the_people_one_by_one():
    asked = pressed(140.0)
    alone = [
        float(predict.highest_levels(
            asked.model, asked.regimen, person=Person(weight=71.0),
            eta=deviations(asked.model, first=number, count=1, seed=7),
        )[0]) for number in range(asked.n)
    ]  # fmt: skip
    count = sum(level > 0.320 for level in alone)
    assert 0 < count < asked.n
    for chunks in (1, 3):
        found = result(asked, in_chunks(asked, chunks))
        assert f"({count} of {asked.n})" in found.attrs["people_beyond"]


def test_nobody_beyond_the_studied_levels_is_no_caution():
    assert run(pressed(20.0)).attrs["people_beyond"] == ""


def test_no_effect_is_refused():
    with pytest.raises(ContractError, match="at least one effect"):
        EffectsOfMany(
            model=models.published("simons2022"), regimen=INFUSION, people=PEOPLE, n=5, seed=1,
            times=TIMES, asked=Asked(effects=()),
        )  # fmt: skip


def test_nobody_of_thousands_leaves_the_dissociation_scale_and_their_mean_is_the_typical_score():
    model, effect = models.published("simons2022"), catalog.effect("dissociation")
    own = {effect.id: numbers.drawn(effect, count=4096, seed=7, levels=(Level.PERSON,))}
    asked = Asked(effects=(effect,))
    t = np.array([0.35, 0.7, 1.0])
    found = effects(model, INFUSION, t, asked=asked, person=PEOPLE.person, numbers=own)["cadss"]
    typical = effects(model, INFUSION, t, asked=asked, person=PEOPLE.person)["cadss"]
    assert float(found.max()) < 92.0
    np.testing.assert_allclose(found.mean("patient"), typical, rtol=0.02)
