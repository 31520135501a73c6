import itertools

import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.pharmacology.catalog import published
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.structures import AcutePain, ReceptorBlock, Sedation
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation.effects import courses
from ketherapy.simulation.effects.upstream import Upstream, upstream

T = np.array([0.0, 0.3, 0.7, 1.0, 4.0])


def driven(drug: Drug = Drug.ESKETAMINE) -> Upstream:
    dose = Dose(drug=drug, route=Route.IV, amount=17.5, over=0.7)
    return upstream(
        published("otto2021_iv"), Regimen.of(dose), person=Person(weight=70.0, age=45.0)
    )


def typical(effect_id: str):
    effect = catalog.effect(effect_id)
    return catalog.structure(effect, catalog.typical(effect))


def test_without_a_way_the_site_is_the_level_itself():
    up = driven()
    samples = courses.sampled(up, 5.0)
    found = courses.site(up, samples, T, t_half_ke0=0.0)
    np.testing.assert_array_equal(found, up.levels(T)["esketamine"])


def test_a_short_way_is_nearly_none_and_a_longer_one_lags():
    up = driven()
    samples = courses.sampled(up, 5.0)
    level = up.levels(T)["esketamine"]
    short = courses.site(up, samples, T, t_half_ke0=1e-5)
    np.testing.assert_allclose(short, level, rtol=2e-3, atol=1e-6)
    long = courses.site(up, samples, T, t_half_ke0=0.5)
    assert long[1] < level[1]
    assert long[4] > level[4]


def test_people_with_and_without_a_way_stand_side_by_side():
    up = driven()
    samples = courses.sampled(up, 5.0)
    both = courses.site(up, samples, T, t_half_ke0=np.array([0.0, 0.2]))
    np.testing.assert_array_equal(both[0], up.levels(T)["esketamine"])
    np.testing.assert_allclose(both[1], courses.site(up, samples, T, t_half_ke0=0.2), rtol=1e-12)


def test_r_ketamine_alone_reaches_no_site_of_s():
    up = driven(Drug.ARKETAMINE)
    with pytest.raises(ContractError, match="holds S-ketamine"):
        courses.site(up, courses.sampled(up, 5.0), T, t_half_ke0=0.1)


def test_block_at_half_potency_is_half():
    block = typical("nmda_block")
    assert isinstance(block, ReceptorBlock)
    level = block.IC50_S * 237.7 / block.fu
    found = block.block({"esketamine": np.array([0.0, level, 1e9])})
    np.testing.assert_allclose(found, [0.0, 0.5, 1.0], atol=2e-3)


def test_blockers_compete_and_do_not_add():
    """Two that block half alone block two thirds together, not all."""
    block = typical("nmda_block")
    assert isinstance(block, ReceptorBlock)
    S = block.IC50_S * 237.725 / block.fu
    R = block.IC50_R * 237.725 / block.fu
    found = block.block({"esketamine": np.array([S]), "arketamine": np.array([R])})
    assert found[0] == pytest.approx(2.0 / 3.0, rel=1e-3)


def test_relief_at_its_c50_is_half():
    found = AcutePain(t_half_ke0=0.0, C50=0.29).outputs(np.array([0.29]))
    assert found["acute_relief"][0] == pytest.approx(0.5)


def test_the_chance_of_sedation_rises_with_the_logarithm_of_the_level():
    sedation = typical("sedation")
    assert isinstance(sedation, Sedation)
    levels = np.array([0.0, 0.04, 0.08, 0.16])
    chance = courses.sedation_chance(levels, effect=sedation)
    assert chance[0] == pytest.approx(0.0, abs=1e-9)
    odds = np.log(chance[1:] / (1.0 - chance[1:]))
    np.testing.assert_allclose(np.diff(odds), 1.5 * np.log(2.0), rtol=1e-9)
    assert odds[1] == pytest.approx(-0.62)


def test_the_area_of_a_session_is_that_of_fine_steps():
    up, block = driven(), typical("nmda_block")
    assert isinstance(block, ReceptorBlock)
    edges = np.array([0.0, 0.7, 3.0, 30.0, 240.0])
    t = np.unique(np.concatenate([np.linspace(a, b, 4001) for a, b in itertools.pairwise(edges)]))
    stepped = np.trapezoid(courses.blocked(up, t, block=block), t)
    assert courses.session_area(up, block=block) == pytest.approx(stepped, rel=1e-5)
