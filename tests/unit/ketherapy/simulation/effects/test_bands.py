import numpy as np
import pytest

from ketherapy.pharmacology.catalog import published
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects import catalog
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation.effects.bands import Doubt, bands
from ketherapy.simulation.effects.scope import Asked

MODEL, PERSON = published("otto2021_iv"), Person(weight=70.0, age=45.0)
DOSE = Dose(drug=Drug.KETAMINE, route=Route.IV, amount=35.0, over=2.0 / 3.0)
T = np.array([0.7, 4.0, 24.0, 168.0])


def found(words: str, seed: int = 5, **more):
    asked = Asked(effects=catalog.asked(words), is_site_waived=True, **more)
    return bands(MODEL, Regimen.of(DOSE), T, asked=asked, seed=seed, person=PERSON)


def width(values, doubt: Doubt) -> np.ndarray:
    one = values.sel(doubt=doubt.value)
    return one.sel(probability=0.95).values - one.sel(probability=0.05).values


def test_a_band_is_the_same_for_the_same_seed_and_another_for_another():
    first, again = found("mood", setting="midazolam"), found("mood", setting="midazolam")
    assert first.identical(again)
    other = found("mood", seed=6, setting="midazolam")
    assert not np.array_equal(first["madrs"], other["madrs"])


def test_an_effect_without_trials_has_no_more_doubt_about_trials():
    data = found("nmda")["nmda_block"]
    np.testing.assert_array_equal(width(data, Doubt.TRIALS), width(data, Doubt.ESTIMATES))


def test_trials_and_people_each_add_to_the_doubt_about_mood():
    data = found("mood", setting="midazolam")["madrs"]
    estimates, trials, people = (width(data, doubt)[2] for doubt in Doubt)
    assert estimates < 0.8 * trials < 0.8 * people


def test_what_is_given_changes_the_drug_s_score_and_not_the_control_s():
    asked = Asked(effects=catalog.asked("mood"), is_site_waived=True, setting="midazolam")
    once, twice = (
        bands(MODEL, Regimen(doses=given), T, asked=asked, seed=5, person=PERSON)
        for given in ((DOSE,), (DOSE, DOSE.later(48.0)))
    )
    np.testing.assert_array_equal(once["madrs_control"], twice["madrs_control"])
    one, two = (data["madrs"].sel(doubt=Doubt.ESTIMATES.value)[..., -1] for data in (once, twice))
    assert np.all(two < one)


def test_a_person_s_score_stays_on_its_scale():
    data = found("mood", setting="inpatient_suicidal", baseline={"madrs": 60.0})
    for name in ("madrs", "madrs_control"):
        assert data[name].min() >= 0.0
        assert data[name].max() <= 60.0


def test_a_known_baseline_is_no_doubt_at_the_start():
    asked = Asked(effects=catalog.asked("mood"), setting="midazolam", baseline={"madrs": 33.0})
    data = bands(MODEL, Regimen.of(DOSE), np.array([0.0, 1.0]), asked=asked, seed=5, person=PERSON)[
        "madrs"
    ]
    for doubt in (Doubt.ESTIMATES, Doubt.TRIALS):
        np.testing.assert_allclose(data.sel(doubt=doubt.value, time=0.0), 33.0)
    # a rating scatters around the person's own score all the same
    sigma = catalog.typical(catalog.effect("mood"))["sigma"]
    assert width(data, Doubt.PEOPLE)[0] == pytest.approx(2.0 * 1.645 * sigma, rel=0.25)


def test_the_factor_of_two_of_the_block_is_always_drawn():
    data = found("nmda")["nmda_block"].sel(doubt=Doubt.ESTIMATES.value)
    low, high = (data.sel(probability=p).values[0] for p in (0.05, 0.95))
    odds = high / (1.0 - high) * (1.0 - low) / low
    assert odds > 2.0 * 2.0
