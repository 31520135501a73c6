import sys

import pytest

from ketherapy.calibration import extras
from ketherapy.errors import ContractError


@pytest.mark.parametrize("name", ["numpyro", "arviz"])
def test_a_missing_library_is_named_with_the_extra_that_brings_it(monkeypatch, name):
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ContractError, match=r'pip install "ketherapy\[calibration\]"'):
        getattr(extras, name)()


@pytest.mark.parametrize("name", ["numpyro", "arviz"])
def test_a_library_that_is_there_is_returned(name):
    assert getattr(extras, name)().__name__ == name
