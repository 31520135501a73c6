"""Covariates: what a model retained is applied, nothing else; what it needs is never assumed."""

import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.covariates import (
    Ancestry,
    Factor,
    Function,
    LinearAbove,
    Person,
    Power,
    Sex,
    has,
    is_known,
)
from ketherapy.regimen import Drug
from ketherapy.sources import Cited

WEIGHTS = [40.0, 70.0, 71.0, 140.0]
ASIAN, JAPANESE = Ancestry.ASIAN, Ancestry.JAPANESE


def structure(model_id: str, **person):
    model = catalog.published(model_id)
    return catalog.structure(model, Person(**person), drug=model.drug)


def number(value: float, unit: str) -> Cited:
    return Cited(value=value, unit=unit, locator="invented")


@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.parametrize(("name", "at_70"), [("V1", 133.0), ("V_nk", 98.638)])
def test_the_volumes_of_otto_are_proportional_to_weight(name, at_70, weight):
    found = getattr(structure("otto2021_iv", weight=weight), name)
    assert found == pytest.approx(at_70 * weight / 70.0, rel=1e-12)


@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.parametrize(("name", "at_70"), [("CL", 95.2), ("CL_nk", 57.72)])
def test_the_clearances_of_otto_go_with_weight_to_three_quarters(name, at_70, weight):
    found = getattr(structure("otto2021_iv", weight=weight), name)
    assert found == pytest.approx(at_70 * (weight / 70.0) ** 0.75, rel=1e-12)


@pytest.mark.parametrize("name", ["Q2", "V2", "Q3", "V3", "Q2_nk", "V2_nk"])
def test_the_peripheral_parameters_of_otto_do_not_depend_on_weight(name):
    light, heavy = structure("otto2021_iv", weight=40.0), structure("otto2021_iv", weight=140.0)
    assert getattr(light, name) == getattr(heavy, name)


def test_doubling_the_weight_doubles_volumes_and_not_times_in_simons():
    light, heavy = structure("simons2022", weight=50.0), structure("simons2022", weight=100.0)
    ratios = [getattr(heavy, name) / getattr(light, name) for name in ("V1", "V3", "CL", "MTT_nk")]
    assert ratios == pytest.approx([2.0, 2.0, 2.0**0.75, 1.0], rel=1e-12)


def test_domino_is_proportional_to_weight_throughout():
    light, heavy = structure("domino1984_iv", weight=50.0), structure("domino1984_iv", weight=100.0)
    ratios = [getattr(heavy, name) / getattr(light, name) for name in ("V1", "V2", "V3", "CL")]
    assert ratios == pytest.approx([2.0] * 4, rel=1e-12)


def test_weight_has_no_effect_in_perezruixo():
    assert structure("perezruixo2021", weight=40.0) == structure("perezruixo2021", weight=160.0)


@pytest.mark.parametrize("model_id", ["otto2021_iv", "simons2022", "domino1984_iv"])
def test_a_missing_weight_is_an_error_and_not_70_kg(model_id):
    with pytest.raises(ContractError, match="weight: expected a weight, which this model needs"):
        structure(model_id)


@pytest.mark.parametrize(
    ("age", "Qh"),
    [
        pytest.param(18.0, 151.0, id="young"),
        pytest.param(59.9, 151.0, id="below the knee"),
        pytest.param(60.0, 151.0, id="at the knee"),
        pytest.param(61.0, 148.81, id="one year above: 2.19 L/h less"),
        pytest.param(80.0, 107.2, id="twenty years above"),
        pytest.param(None, 151.0, id="not known: stated as a caution, not refused"),
    ],
)
def test_liver_flow_falls_with_age_above_sixty_only(age, Qh):
    assert structure("perezruixo2021", age=age).Qh == pytest.approx(Qh, rel=1e-12)


@pytest.mark.parametrize(
    ("ancestry", "name", "value"),
    [
        (None, "kel", 1.11),
        (ASIAN, "kel", 1.11 * 0.36),
        (JAPANESE, "kel", 1.11 * 0.36),
        (None, "CL_nk", 38.0),
        (ASIAN, "CL_nk", 38.0 * 0.81),
        (JAPANESE, "CL_nk", 38.0 * 0.81),
        (None, "FRn", 0.54),
        (ASIAN, "FRn", 0.54),
        (JAPANESE, "FRn", 0.54 * 1.34),
    ],
)
def test_a_factor_applies_to_the_people_it_was_found_in(ancestry, name, value):
    found = getattr(structure("perezruixo2021", ancestry=ancestry), name)
    assert found == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("model_id", ["otto2021_iv", "simons2022"])
def test_age_and_ancestry_have_no_effect_where_none_was_found(model_id):
    plain = structure(model_id, weight=70.0)
    assert structure(model_id, weight=70.0, age=85.0, ancestry=JAPANESE) == plain


def test_a_thousand_people_are_computed_as_one_is():
    weights = np.array(WEIGHTS)
    together = structure("otto2021_iv", weight=weights).CL
    apart = [structure("otto2021_iv", weight=weight).CL for weight in WEIGHTS]
    np.testing.assert_allclose(together, apart, rtol=1e-14)


def test_the_extension_scales_with_weight_as_its_base_does():
    model = catalog.published("otto2021_iv")
    built = catalog.structure(model, Person(weight=140.0), drug=Drug.ARKETAMINE)
    assert pytest.approx(0.86 * 95.2 * 2.0**0.75, rel=1e-12) == built.CL


def test_a_reference_in_another_unit_is_the_same_reference():
    exponent = number(1.0, "1")
    kg, lb = (
        Power(form="power", parameters=("V1",), of="weight", reference=reference, exponent=exponent)
        for reference in (number(70.0, "kg"), number(70.0 / 0.45359237, "lb"))
    )
    person = Person(weight=71.0)
    assert lb.apply(133.0, person) == pytest.approx(kg.apply(133.0, person), rel=1e-9)


def test_a_slope_in_another_unit_is_the_same_slope():
    knee = number(60.0, "year")
    hours, minutes = (
        LinearAbove(form="linear_above", parameters=("Qh",), of="age", reference=knee, slope=slope)
        for slope in (number(-2.19, "L/h/year"), number(-36.5, "mL/min/year"))
    )
    person = Person(age=80.0)
    assert minutes.apply(151.0, person) == pytest.approx(hours.apply(151.0, person), rel=1e-9)


def test_an_unnamed_group_keeps_the_parameter():
    factor = Factor(
        form="factor", parameters=("kel",), of="ancestry", in_=(JAPANESE,), factor=number(2.0, "1")
    )
    assert factor.apply(1.11, Person(ancestry=ASIAN)) == 1.11


MIXED = np.array(["asian", None, "japanese", "", "other"], object)


@pytest.mark.parametrize(
    ("name", "typical", "factors"),
    [
        ("kel", 1.11, [0.36, 1.0, 0.36, 1.0, 1.0]),
        ("CL_nk", 38.0, [0.81, 1.0, 0.81, 1.0, 1.0]),
        ("FRn", 0.54, [1.0, 1.0, 1.34, 1.0, 1.0]),
    ],
)
def test_a_factor_applies_person_by_person(name, typical, factors):
    found = getattr(structure("perezruixo2021", ancestry=MIXED), name)
    np.testing.assert_allclose(found, typical * np.array(factors), rtol=1e-12)


def test_labels_of_many_are_texts_and_unknown_is_empty():
    person = Person(ancestry=MIXED, sex=np.array([Sex.FEMALE] * 5), liver=None)
    np.testing.assert_array_equal(person.ancestry, ["asian", "", "japanese", "", "other"])
    np.testing.assert_array_equal(person.sex, ["female"] * 5)
    assert person.shape == (5,)


def test_one_label_is_a_member_whether_written_or_named():
    assert Person(sex="female").sex is Sex.FEMALE
    assert Person(kidney=Function.MILD).kidney is Function.MILD
    assert Person(liver="").liver is None
    assert Person(weight=70.0).shape == ()


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"sex": "f"}, id="an abbreviation"),
        pytest.param({"ancestry": "Asian"}, id="another spelling"),
        pytest.param({"kidney": "failing"}, id="another word"),
        pytest.param({"liver": np.array(["normal", "bad"])}, id="one of many"),
        pytest.param({"age": np.array([40.0, np.nan])}, id="not a number"),
        pytest.param({"weight": np.array([70.0, 0.0])}, id="no weight"),
        pytest.param({"age": np.ones(2), "sex": np.array(["male"] * 3)}, id="two and three people"),
    ],
)
def test_a_person_that_cannot_be_is_refused(wrong):
    with pytest.raises(ContractError, match=r"^(person|weight|age|sex|ancestry|kidney|liver)"):
        Person(**wrong)


@pytest.mark.parametrize(
    ("value", "known"),
    [
        (None, False),
        (40.0, True),
        (Sex.MALE, True),
        (np.array([1.0, 2.0]), True),
        (np.array(["male", "female"]), True),
        (np.array(["male", ""]), False),
    ],
)
def test_a_covariate_is_known_where_it_is_known_of_everyone(value, known):
    assert is_known(value) is known


def test_labels_of_nobody_and_of_one_are_answered():
    assert has(None, (Sex.MALE,)) is False
    assert has(Sex.MALE, (Sex.MALE,)) is True
    np.testing.assert_array_equal(has(np.array(["male", ""]), (Sex.MALE,)), [True, False])


@pytest.mark.parametrize(
    "model_id", ["otto2021_iv", "simons2022", "domino1984_iv", "perezruixo2021"]
)
def test_sex_kidney_and_liver_are_in_no_model(model_id):
    plain = structure(model_id, weight=70.0)
    assert structure(model_id, weight=70.0, sex="female", kidney="mild", liver="mild") == plain
