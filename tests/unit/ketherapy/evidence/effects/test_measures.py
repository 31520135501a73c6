import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.evidence.effects import Measure
from tests.evidence import effects

RATIOS = {Measure.RR, Measure.OR, Measure.HR, Measure.ROM}


@pytest.mark.parametrize("measure", Measure)
def test_what_is_shown_is_analysed_as_it_was(measure):
    x = np.array([0.1, 0.4, 0.7])
    np.testing.assert_allclose(measure.analysed(measure.shown(x)), x)


@pytest.mark.parametrize("measure", Measure)
def test_no_effect_is_1_for_ratios_0_for_differences_and_none_for_one_group(measure):
    assert measure.is_ratio == (measure in RATIOS)
    if measure.is_proportion:
        assert measure.null is None
    else:
        assert measure.shown(0.0) == measure.null == (1.0 if measure in RATIOS else 0.0)


@pytest.mark.parametrize(
    ("y", "v", "said"),
    [
        ([0.1, np.nan], [1.0, 1.0], "y of study 2"),
        ([0.1, np.inf], [1.0, 1.0], "y of study 2"),
        ([0.1, 0.2], [1.0, 0.0], "v of study 2"),
        ([0.1, 0.2], [-1.0, 1.0], "v of study 1"),
        ([0.1, 0.2], [np.nan, 1.0], "v of study 1"),
        ([], [], "at least one study"),
    ],
)
def test_effects_that_cannot_be_right_are_refused_by_field_and_study(y, v, said):
    with pytest.raises(ContractError, match=said):
        effects(y, v)
