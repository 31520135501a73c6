import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.pharmacology.effects.turnover import Turnover

USUAL = {"driver": "parent", "kin": 1.0, "kout": 1.0, "Emax": 0.3, "EC50": 0.2, "gamma": 2.0}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kin", 0.0),
        ("kout", -1.0),
        ("EC50", np.nan),
        ("gamma", np.array([1.0, 0.0])),
        ("Emax", -1.1),
        ("Emax", np.inf),
    ],
)
def test_an_impossible_response_is_refused(name, value):
    with pytest.raises(ContractError, match=name):
        Turnover(**USUAL | {name: value})


def test_a_response_that_is_wholly_inhibited_is_possible():
    assert Turnover(**USUAL | {"Emax": -1.0}).Emax == -1.0
