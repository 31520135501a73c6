"""The shipped mood model is the shipped posterior, and the posterior is one that can be drawn."""

import numpy as np
import pytest

from ketherapy import units
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.structures import Mood
from ketherapy.simulation.effects import numbers

MOOD = catalog.effect("mood")
DRAWS = numbers.joint_draws(MOOD)
SETTINGS = [name for name in DRAWS if "." in name]
ROUNDED = 6e-3  # three digits


@pytest.mark.parametrize("name", [name for name in DRAWS if "." not in name])
def test_a_printed_number_is_the_median_of_its_draws(name):
    printed = MOOD.printed[name]
    shipped = units.convert(printed.value, printed.unit, to=Mood.units[name])
    assert shipped == pytest.approx(np.median(DRAWS[name]), rel=ROUNDED)


@pytest.mark.parametrize("column", SETTINGS)
def test_a_number_of_a_setting_is_the_median_of_its_draws(column):
    name, setting = column.split(".")
    shipped = getattr(MOOD.settings[setting], name)
    assert shipped.value == pytest.approx(np.median(DRAWS[column]), rel=ROUNDED, abs=6e-4)


def test_every_setting_draws_its_quick_share():
    assert {name.split(".")[1] for name in SETTINGS if name.startswith("p1.")} == set(MOOD.settings)


def test_every_draw_can_be_simulated():
    for name, values in DRAWS.items():
        assert np.isfinite(values).all(), name
        assert (values > 0.0).all(), name
    assert (DRAWS["Dmax"] < 1.0).all()


def test_the_draws_are_joint_and_not_shuffled():
    # how large the effect may be and how it is approached are told apart only together
    together = np.corrcoef(np.log(DRAWS["Dmax"]), np.log(DRAWS["A50"]))[0, 1]
    assert together > 0.3
