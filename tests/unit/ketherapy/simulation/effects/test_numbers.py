from dataclasses import replace

import numpy as np
import pytest

from ketherapy.errors import ContractError, DataFileError
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.catalog import Effect, Level, Scale
from ketherapy.simulation.draws import Stream
from ketherapy.simulation.effects import numbers

EVERY = pytest.mark.parametrize("effect", catalog.effects(), ids=lambda effect: effect.id)
ALL = tuple(Level)


@EVERY
def test_without_a_level_every_number_is_the_typical_one(effect):
    assert numbers.drawn(effect, count=5, seed=1, levels=()) == catalog.typical(effect)


@EVERY
def test_a_number_moves_only_at_a_level_that_moves_it(effect):
    drawn = numbers.drawn(effect, count=4, seed=1, levels=ALL)
    moving = {name for spread in effect.spread for name in spread.parameters}
    if not effect.posterior:
        assert {name for name, value in drawn.items() if np.ndim(value)} == moving


@EVERY
def test_a_draw_is_the_same_in_any_company(effect):
    together = numbers.drawn(effect, count=20, seed=9, levels=ALL)
    apart = numbers.drawn(effect, count=5, seed=9, levels=ALL, first=8)
    for name, values in apart.items():
        if np.ndim(values):
            np.testing.assert_array_equal(values, np.asarray(together[name])[8:13])


def dissociation(scale: Scale) -> Effect:
    """Return the effect with people spread on another scale."""
    found = catalog.effect("dissociation")
    spread = tuple(
        replace(one, scale=scale) if one.level is Level.PERSON else one for one in found.spread
    )
    return replace(found, spread=spread)


def test_one_level_more_moves_nothing_of_another():
    effect = dissociation(Scale.LOG)
    estimate = numbers.drawn(effect, count=50, seed=2, levels=(Level.ESTIMATE,))["scale"]
    person = numbers.drawn(effect, count=50, seed=2, levels=(Level.PERSON,))["scale"]
    both = numbers.drawn(effect, count=50, seed=2, levels=(Level.ESTIMATE, Level.PERSON))["scale"]
    np.testing.assert_allclose(both, np.asarray(estimate) * np.asarray(person) / 45.0, rtol=1e-12)


def test_people_stay_on_the_scale_and_have_the_printed_mean_and_spread():
    people = numbers.drawn(
        catalog.effect("dissociation"), count=100_000, seed=3, levels=(Level.PERSON,)
    )
    # at 88 ng/mL of S-ketamine, in Goldway 2025: 24.9 (SD 10.8)
    score = np.asarray(people["scale"]) * 88.0 / (71.0 + 88.0)
    assert np.mean(score) == pytest.approx(24.9, abs=0.15)
    assert np.std(score) == pytest.approx(10.8, rel=0.02)
    assert np.all((np.asarray(people["scale"]) > 0.0) & (np.asarray(people["scale"]) < 92.0))


def test_people_differ_around_the_estimate_that_was_drawn_and_stay_on_the_scale():
    effect = catalog.effect("dissociation")
    backwards = replace(effect, spread=effect.spread[::-1])
    for one in (effect, backwards):
        both = numbers.drawn(
            one, count=100_000, seed=3, levels=(Level.PERSON, Level.ESTIMATE)
        )["scale"]  # fmt: skip
        assert np.all(np.asarray(both) < 92.0)
        assert np.mean(both) == pytest.approx(45.0, rel=0.01)


def test_draws_have_the_printed_spread_around_the_printed_value():
    effect = catalog.effect("chronic_pain")
    drawn = numbers.drawn(effect, count=40_000, seed=4, levels=ALL)
    assert np.std(np.log(drawn["C50"])) == pytest.approx(0.403, rel=0.02)
    assert np.median(drawn["C50"]) == pytest.approx(0.0105, rel=0.01)
    odds = np.log(drawn["p_drug"] / (1.0 - drawn["p_drug"]))
    assert np.std(odds) == pytest.approx(0.45, rel=0.02)
    assert np.median(drawn["p_drug"]) == pytest.approx(0.67, rel=0.01)


def test_a_plain_spread_is_in_the_units_of_the_structure():
    effect = catalog.effect("pressure")
    drawn = numbers.drawn(effect, count=40_000, seed=4, levels=ALL)
    assert np.std(drawn["s_HR"]) == pytest.approx(15.0, rel=0.02)
    assert np.mean(drawn["s_HR"]) == pytest.approx(30.0, rel=0.01)


def test_numbers_moved_by_one_deviation_move_together():
    drawn = numbers.drawn(catalog.effect("nmda_block"), count=10, seed=3, levels=ALL)
    ratio = np.asarray(drawn["IC50_R"]) / np.asarray(drawn["IC50_S"])
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-12)


def test_effects_without_joint_draws_say_so():
    with pytest.raises(ContractError, match="joint draws of pressure"):
        numbers.joint_draws(catalog.effect("pressure"))


@pytest.fixture
def fitted(tmp_path, monkeypatch):
    """Return an effect with three joint draws of two of its numbers."""
    monkeypatch.setattr(catalog, "FOLDER", tmp_path)
    (tmp_path / "draws.csv").write_text("Dmax,A50,other\n0.1,1\n".replace("0.1,1", "0.1,1,9"))
    with (tmp_path / "draws.csv").open("a") as file:
        file.write("0.2,2,9\n0.3,3,9\n")
    return replace(catalog.effect("mood"), posterior="draws.csv")


def test_joint_draws_stay_together_and_take_the_place_of_independent_ones(fitted):
    drawn = numbers.drawn(fitted, count=300, seed=1, levels=ALL)
    np.testing.assert_allclose(np.asarray(drawn["A50"]), 10.0 * np.asarray(drawn["Dmax"]))
    assert set(np.asarray(drawn["A50"])) == {1.0, 2.0, 3.0}
    assert "other" not in drawn
    assert np.ndim(drawn["t_half_A"]) == 0  # its own spread would be counted twice


def test_a_cell_that_is_no_number_is_refused_with_its_file(tmp_path, monkeypatch):
    monkeypatch.setattr(catalog, "FOLDER", tmp_path)
    (tmp_path / "broken.csv").write_text("Dmax\n0.1\nmany\n")
    with pytest.raises(DataFileError, match=r"broken\.csv"):
        numbers.joint_draws(replace(catalog.effect("mood"), posterior="broken.csv"))


def test_effects_whose_ids_begin_alike_have_numbers_of_their_own():
    pain = catalog.effect("chronic_pain")
    like = replace(pain, id="chronic_cough")
    one, other = (numbers.drawn(e, count=5, seed=1, levels=ALL)["C50"] for e in (pain, like))
    assert not np.any(np.asarray(one) == np.asarray(other))


def test_each_spread_of_each_level_has_a_stream_of_its_own():
    found = [
        numbers._stream(effect, level, place)
        for effect in catalog.effects()
        for level in range(len(Level) + 1)
        for place in range(8)
    ]
    assert len(found) == len(set(found))


def test_the_stream_of_an_effect_is_that_of_its_id_on_every_machine():
    # CRC-32 of the letters "123456789", the check value that every description of it prints
    effect = replace(catalog.effect("pressure"), id="123456789")
    assert numbers._stream(effect, 0, 0) == Stream.EFFECTS.of(0xCBF4, 0x3926, 0)
