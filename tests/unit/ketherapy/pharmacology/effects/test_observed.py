import math

import pytest

from ketherapy.errors import ContractError
from ketherapy.pharmacology.effects.observed import observed, row
from ketherapy.sources import bibliography


def test_a_row_is_found_by_its_id():
    found = row("P001")
    assert (found.trial, found.mean, found.n) == ("murrough2013", -16.5, 47)


def test_an_unknown_id_is_refused():
    with pytest.raises(ContractError, match="P001"):
        row("P9999")


def test_no_two_rows_share_an_id():
    ids = [found.id for found in observed()]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("found", observed(), ids=lambda found: found.id)
def test_a_row_has_source_locator_and_numbers_that_can_be(found):
    assert found.source in bibliography()
    assert found.trial
    assert found.endpoint
    assert found.mean is None or math.isfinite(found.mean)
    assert found.sd is None or found.sd >= 0.0
    assert found.n is None or found.n > 0
    assert found.time is None or found.time_unit
