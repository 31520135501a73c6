from dataclasses import replace

import numpy as np
import pytest

from ketherapy.errors import ContractError, DataFileError
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.structures import molar_mass_of, rate_of

FILE = catalog.FOLDER / "respiration.toml"


def test_every_file_is_an_effect_with_its_name():
    assert [effect.id for effect in catalog.effects()] == [
        path.stem for path in sorted(catalog.FOLDER.glob("*.toml"))
    ]


def test_effects_are_found_by_id_and_by_the_words_people_use():
    assert catalog.effect("pressure").id == "pressure"
    found = catalog.asked("cadss, sbp,dbp , mood")
    assert [effect.id for effect in found] == ["dissociation", "pressure", "mood"]


def test_an_unknown_id_is_refused_with_those_there_are():
    with pytest.raises(ContractError, match="expected one of acute_pain, chronic_pain"):
        catalog.effect("happiness")


def test_typical_numbers_are_in_the_units_of_the_structure():
    found = catalog.typical(catalog.effect("acute_pain"))
    assert found["C50"] == pytest.approx(0.290)
    assert found["t_half_ke0"] == pytest.approx(11.8 / 60.0)
    block = catalog.typical(catalog.effect("nmda_block"))
    assert block["IC50_S"] == pytest.approx(862e-6)
    pressure = catalog.typical(catalog.effect("pressure"))
    assert pressure["s_SBP"] == pytest.approx(60.0)
    assert pressure["s_CO"] == pytest.approx(1.4)


def test_a_number_missing_or_unknown_is_refused():
    effect = catalog.effect("acute_pain")
    values = catalog.typical(effect)
    with pytest.raises(ContractError, match="numbers of acute_pain"):
        catalog.structure(effect, {"C50": values["C50"]})
    with pytest.raises(ContractError, match="numbers of acute_pain"):
        catalog.structure(effect, {**values, "gamma": 1.0})


EVERY_NUMBER = [
    pytest.param(effect, name, id=f"{effect.id} {name}")
    for effect in catalog.effects()
    for name in effect.printed
]


@pytest.mark.parametrize(("effect", "name"), EVERY_NUMBER)
def test_a_number_that_the_equations_have_no_meaning_for_is_refused(effect, name):
    kind = catalog.STRUCTURES[effect.structure]
    wrong = [float("nan"), float("inf"), -float("inf"), np.array([0.1, np.nan])]
    wrong += [] if name in kind.signed else [-0.29]
    wrong += [0.0] if name in kind.positive else []
    wrong += [1.01] if name in kind.shares else []
    for value in wrong:
        with pytest.raises(ContractError, match=f"{name} of "):
            catalog.structure(effect, {**catalog.typical(effect), name: value})


@pytest.mark.parametrize("kind", catalog.STRUCTURES.values())
def test_what_is_said_of_a_number_is_said_once_and_of_one_there_is(kind):
    said = [*kind.positive, *kind.shares, *kind.signed]
    assert len(said) == len(set(said))
    assert set(said) <= set(kind.units)


def test_a_unit_of_another_kind_is_refused():
    effect = catalog.effect("acute_pain")
    wrong = replace(effect.printed["C50"], unit="min")
    with pytest.raises(ContractError):
        catalog.typical(replace(effect, printed={**effect.printed, "C50": wrong}))


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('confidence_level = "low"', 'confidence_level = "perfect"', "confidence_level"),
        ('level = "person"', 'level = "planet"', "level"),
        ('scale = "log"', 'scale = "cubic"', "scale"),
        ('site = "not stated"', 'site = "somewhere"', "site"),
        ('drugs = ["esketamine"]', 'drugs = ["aspirin"]', "drugs"),
        ("[outputs]", 'extra = "no such key"\n\n[outputs]', "extra"),
    ],
)
def test_a_broken_file_is_refused_with_path_and_key(tmp_path, old, new, key):
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / "broken.toml"
    broken.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataFileError, match=key):
        catalog.read_effect(broken)


def test_an_unknown_setting_is_refused_with_those_there_are():
    with pytest.raises(ContractError, match="midazolam"):
        catalog.setting(catalog.effect("mood"), "somewhere")
    with pytest.raises(ContractError, match="one of none"):
        catalog.setting(catalog.effect("pressure"), "midazolam")


def test_low_confidence_is_part_of_the_name():
    assert catalog.effect("mood").label == "Mood (MADRS) (low confidence)"
    assert catalog.effect("dissociation").label == "Dissociation"


@pytest.mark.parametrize("effect", catalog.effects(), ids=lambda effect: effect.id)
def test_a_number_of_many_people_gives_equations_of_many(effect):
    wide = {name: np.full(3, value) for name, value in catalog.typical(effect).items()}
    found = catalog.structure(effect, wide)
    for name in type(found).units:
        assert np.shape(getattr(found, name)) == (3,)


def test_a_half_life_is_half_left():
    assert np.exp(-rate_of(3.0) * 3.0) == pytest.approx(0.5)


def test_the_molar_mass_is_that_of_the_drug_or_of_norketamine():
    assert molar_mass_of("arketamine") == pytest.approx(237.73, abs=0.02)
    assert molar_mass_of("esnorketamine") == pytest.approx(223.70, abs=0.02)
