"""The numbers of a run: typical, drawn apart, or drawn together from a fit."""

from dataclasses import replace

import numpy as np
import pytest

from ketherapy.pharmacology.effects import catalog
from ketherapy.simulation.effects.mood import placebo
from ketherapy.simulation.trial.estimates import certain, uncertain

MOOD = replace(catalog.effect("mood"), posterior="")


def test_what_is_certain_is_the_printed_number():
    found = certain(MOOD, MOOD.settings["midazolam"])
    assert found.count == 1
    assert found.values["Dmax"][0] == MOOD.printed["Dmax"].meant
    assert found.setting["p1"][0] == MOOD.settings["midazolam"].p1.meant


def test_without_joint_draws_each_number_has_the_spread_that_is_stated():
    found = uncertain(MOOD, "midazolam", count=4000, seed=5)
    for block in (block for block in MOOD.spread if block.level.value == "estimate"):
        (name,) = block.parameters
        logs = np.log(found.values[name])
        assert np.std(logs) == pytest.approx(block.value, rel=0.05)
    assert np.all(found.setting["p1"] == MOOD.settings["midazolam"].p1.meant)


def test_joint_draws_stay_joint_and_those_of_the_setting_with_them(tmp_path, monkeypatch):
    monkeypatch.setattr(catalog, "FOLDER", tmp_path)
    rows = "\n".join(f"{0.1 + k / 100},{k / 10},{0.2 + k / 100},0.4" for k in range(20))
    (tmp_path / "draws.csv").write_text(f"Dmax,A50,p1.midazolam,p1.anaesthesia\n{rows}\n")
    fitted = replace(MOOD, posterior="draws.csv")
    found = uncertain(fitted, "midazolam", count=200, seed=5)
    k = (found.values["Dmax"] - 0.1) * 100
    assert len(np.unique(k.round())) > 10
    np.testing.assert_allclose(found.values["A50"], k / 10, atol=1e-9)
    np.testing.assert_allclose(found.setting["p1"], 0.2 + k / 100, atol=1e-9)
    assert np.all(found.setting["p2"] == MOOD.settings["midazolam"].p2.meant)
    assert "joint draws" in found.text


def test_a_trial_has_the_placebo_of_its_own_numbers():
    setting = MOOD.settings["outpatient_spray"]
    t = np.array([2.0, 24.0, 168.0])
    each = {"p1": np.array([0.1, 0.3]), "p2": np.array([0.0, 0.2]), "overshoot": np.array([0, 0.2])}
    mood = catalog.structure(MOOD, catalog.typical(MOOD))
    both = placebo(t, setting=setting, mood=mood, **each)
    for k in range(2):
        own = {name: float(values[k]) for name, values in each.items()}
        np.testing.assert_allclose(both[k], placebo(t, setting=setting, mood=mood, **own))
    printed = {"p1": setting.p1.meant, "p2": setting.p2.meant, "overshoot": setting.overshoot.meant}
    np.testing.assert_allclose(
        placebo(t, setting=setting, mood=mood, **printed), placebo(t, setting=setting, mood=mood)
    )
