"""Which level model drives an effect: the first that fits, by preference of the same site."""

import pytest

from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog as models
from ketherapy.pharmacology.effects import catalog
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation.effects.driving import driver
from ketherapy.simulation.effects.entries import EffectsRequest

VENOUS, ARTERIAL = models.published("otto2021_iv"), models.published("simons2022")
INFUSION = Regimen.of(Dose(drug=Drug.KETAMINE, route=Route.IV, amount=35.0, over=0.7))


def asked(effect_id: str, **more: object) -> EffectsRequest:
    return EffectsRequest(effects=(catalog.effect(effect_id),), **more)


def drives(effect_id: str, *drawn, regimen: Regimen = INFUSION, **more: object) -> str:
    return driver(
        catalog.effect(effect_id), drawn, regimen, asked=asked(effect_id, **more)
    ).id  # fmt: skip


@pytest.mark.parametrize("drawn", [(VENOUS, ARTERIAL), (ARTERIAL, VENOUS)], ids=str)
def test_a_model_of_the_site_it_was_fitted_to_comes_first(drawn):
    assert drives("dissociation", *drawn) == ARTERIAL.id
    assert drives("pressure", *drawn) == VENOUS.id


def test_an_effect_without_a_site_takes_the_first():
    assert drives("mood", ARTERIAL, VENOUS, setting="midazolam") == ARTERIAL.id


@pytest.mark.parametrize(
    ("effect_id", "more"),
    [("mood", {"setting": "midazolam"}), ("nmda_block", {}), ("sedation", {})],
    ids=str,
)
def test_a_site_that_nobody_stated_is_not_preferred_for_it(effect_id, more):
    unstated = models.published("domino1984_iv")
    assert unstated.site == catalog.effect(effect_id).site == "not stated"
    assert drives(effect_id, VENOUS, unstated, **more) == VENOUS.id
    assert drives(effect_id, unstated, VENOUS, **more) == unstated.id


def test_the_site_is_kept_to_even_where_another_is_accepted():
    assert drives("dissociation", VENOUS, ARTERIAL, is_site_waived=True) == ARTERIAL.id
    assert drives("dissociation", VENOUS, is_site_waived=True) == VENOUS.id


def test_an_arterial_effect_refuses_venous_levels_unless_told():
    with pytest.raises(ContractError, match="accept another site"):
        drives("dissociation", VENOUS)


def test_a_drug_it_was_not_calibrated_for_is_refused():
    given = Regimen.of(Dose(drug=Drug.ARKETAMINE, route=Route.IV, amount=35.0, over=0.7))
    with pytest.raises(ContractError, match="not calibrated for this drug"):
        drives("pressure", VENOUS, regimen=given)


def test_nothing_drives_where_nothing_is_drawn():
    with pytest.raises(ContractError, match="Draw one"):
        drives("pressure")
