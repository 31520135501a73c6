"""Products: what the label prints, each number cited, codes only where they were read."""

import pytest

from ketherapy.dosing.products import Spray, Vial, in_unit, product, products
from ketherapy.errors import ContractError
from ketherapy.regimen import Drug
from ketherapy.sources import Cited, Status, source


@pytest.mark.parametrize(
    ("vial_id", "mg_per_ml", "ml"),
    [
        pytest.param("ketamine_10", 10.0, 20.0, id="PR-060: 200 mg in 20 mL"),
        pytest.param("ketamine_50", 50.0, 10.0, id="PR-060: 500 mg in 10 mL"),
        pytest.param("ketamine_100", 100.0, 5.0, id="PR-060: 500 mg in 5 mL"),
    ],
)
def test_the_vials_of_the_label(vial_id, mg_per_ml, ml):
    vial = product(vial_id)
    assert isinstance(vial, Vial)
    assert vial.drug is Drug.KETAMINE
    assert in_unit(vial.concentration, "mg/mL") == mg_per_ml
    assert vial.strength == 1000.0 * mg_per_ml
    assert in_unit(vial.volume, "mL") == pytest.approx(ml)
    assert vial.concentration.status is vial.volume.status is Status.VERIFIED


def test_the_spray_of_the_label():
    spray = product("esketamine_28")
    assert isinstance(spray, Spray)
    assert spray.drug is Drug.ESKETAMINE
    assert (spray.amount.value, spray.amount.unit) == (28.0, "mg")
    assert (spray.volume.value, spray.volume.unit) == (0.2, "mL")
    assert (spray.sprays.value, spray.most.value) == (2.0, 3.0)
    assert (spray.rest.value, spray.rest.unit) == (5.0, "min")
    assert "current label" in spray.stale
    assert [code.code for code in spray.codes] == ["50458-028-00", "50458-028-02", "50458-028-03"]


def test_only_codes_that_were_read_are_shipped():
    codes = [code for vial in products().vials.values() for code in vial.codes]
    assert [(code.system, code.code) for code in codes] == [
        ("NDC", "42023-113-10"),
        ("RxNorm", "238083"),
    ]
    assert {code.status for code in codes} == {Status.VERIFIED}


def test_the_bags_and_what_is_only_our_choice():
    bags = products().bags
    assert [(bag.value, bag.unit) for bag in bags] == [
        (1.0, "mg/mL"), (2.0, "mg/mL"), (5.0, "mg/mL"), (10.0, "mg/mL"),
    ]  # fmt: skip
    assert [bag.status for bag in bags] == [Status.SECONDARY, Status.SECONDARY, None, None]
    assert products().status is Status.CONVENTION
    vein = products().into_a_vein
    assert (vein.push_shortest.status, vein.anaesthetic_from.status) == (Status.VERIFIED,) * 2
    for ours in (vein.peripheral_most, vein.bolus_below):
        assert (ours.source, ours.status) == ("ketherapy", Status.CONVENTION)


def test_syringes_stand_from_small_to_large():
    held = [in_unit(one.volume, "mL") for one in products().syringes]
    assert held == sorted(held)


def test_every_citation_is_in_the_bibliography():
    numbers = [*products().bags, *vars(products().into_a_vein).values()]
    for vial in products().vials.values():
        numbers += [vial.concentration, vial.volume, *vial.codes]
    for spray in products().sprays.values():
        numbers += [spray.amount, spray.volume, spray.rest, *spray.remarks, *spray.codes]
    assert {one.source for one in numbers if one.source} >= {"ketalar_uspi", "openfda_spravato"}
    for one in numbers:
        source(one.source or products().source)


def test_an_unknown_product_is_refused_and_the_known_ones_are_named():
    with pytest.raises(ContractError) as refused:
        product("ketamine_500")
    assert str(refused.value) == (
        "product: expected one of ketamine_10, ketamine_50, ketamine_100, esketamine_28, got"
        " 'ketamine_500'. Choose what lies on the table; none is assumed."
    )


def test_a_cited_number_in_another_unit():
    assert in_unit(Cited(value=2.0, unit="h"), "min") == 120.0
