"""The dossier's mood vectors (section 12), with the dossier's own numbers."""

from pathlib import Path

import numpy as np
import pytest

from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.structures import rate_of
from ketherapy.simulation.solvers import cascade

DOSSIER = catalog.typical(catalog.read_effect(Path(__file__).parent / "mood_dossier.toml"))
DAY = 24.0


def response(t, trace):
    """Return R at one time after an impulse that leaves ``trace`` reference sessions."""
    over = cascade.panels(np.array([0.0]), 30.0 * DAY)
    A = trace * np.exp(-rate_of(DOSSIER["t_half_A"]) * over.nodes)
    D = DOSSIER["Dmax"] * A / (DOSSIER["A50"] + A)
    kon = rate_of(DOSSIER["t_half_onset"])
    return float(cascade.filtered(over, kon * D, kon).at(np.array([t]))[0])


@pytest.mark.parametrize(
    ("t", "printed"),
    [
        pytest.param(2.0, 0.196, id="2 h"),
        pytest.param(4.0, 0.243, id="4 h"),
        pytest.param(1 * DAY, 0.250, id="1 d"),
        pytest.param(2 * DAY, 0.238, id="2 d"),
        pytest.param(3 * DAY, 0.223, id="3 d"),
        pytest.param(5 * DAY, 0.184, id="5 d"),
        pytest.param(7 * DAY, 0.138, id="7 d"),
        pytest.param(14 * DAY, 0.025, id="14 d"),
        pytest.param(21 * DAY, 0.003, id="21 d"),
    ],
)
def test_one_reference_session_gives_the_printed_response(t, printed):
    # 1 %, and half of the last digit printed
    assert abs(response(t, 1.0) - printed) <= 0.01 * printed + 0.0005


@pytest.mark.parametrize(
    ("t", "printed", "exact"),
    [
        pytest.param(40.0 / 60.0, 0.100, 0.0958, id="40 min"),
        pytest.param(10 * DAY, 0.075, 0.0733, id="10 d"),
    ],
)
def test_two_printed_responses_do_not_follow_from_the_printed_numbers(t, printed, exact):
    # The other nine do. Nothing was changed to meet these two.
    assert abs(response(t, 1.0) - exact) <= 0.0001
    assert abs(response(t, 1.0) - printed) > 0.01 * printed + 0.0005


@pytest.mark.parametrize(
    ("trace", "t", "printed"),
    [
        pytest.param(0.5, 1 * DAY, 0.219, id="half a session, 1 d"),
        pytest.param(0.5, 7 * DAY, 0.090, id="half a session, 7 d"),
        pytest.param(2.0, 1 * DAY, 0.268, id="two sessions, 1 d"),
        pytest.param(2.0, 7 * DAY, 0.186, id="two sessions, 7 d"),
    ],
)
def test_other_exposures_give_the_printed_response(trace, t, printed):
    assert abs(response(t, trace) - printed) <= 0.01 * printed + 0.0005
