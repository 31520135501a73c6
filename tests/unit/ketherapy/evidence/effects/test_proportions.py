import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketherapy.errors import ContractError
from ketherapy.evidence.effects import Counts, Measure, harmonic_n, miller, proportion
from ketherapy.evidence.synthesis import Tau2, pool


def test_the_logit_of_a_share_has_the_variance_of_its_two_counts():
    found = proportion(Counts([30, 0, 12], [40, 10, 12]))
    assert found.y.tolist() == pytest.approx([math.log(3.0), math.log(0.5 / 10.5), math.log(25.0)])
    assert float(found.v[0]) == pytest.approx(1 / 30 + 1 / 10)


@given(n=st.integers(1, 200), data=st.data())
def test_millers_inverse_is_exact_for_the_group_itself(n, data):
    events = data.draw(st.integers(0, n))
    y = proportion(Counts(events, n), measure=Measure.PFT).y
    assert float(miller(y, float(n))[0]) == pytest.approx(events / n, abs=1e-6)


def test_beyond_nobody_is_nobody():
    assert miller(0.0, 20.0) == pytest.approx(0.0, abs=1e-9)
    assert miller(math.pi / 2, 20.0) == pytest.approx(1.0, abs=1e-9)


def test_the_harmonic_mean_can_mislead_and_the_logit_does_not():
    """The published warning: groups of very unequal size, all with few events."""
    counts = Counts([11, 3, 1, 85], [29_000, 760, 53_000, 21_000_000])
    shares = np.array([11, 3, 1, 85]) / np.array([29_000, 760, 53_000, 21_000_000])
    logit = pool(proportion(counts), tau2=Tau2.COMMON).printed.estimate
    assert shares.min() <= logit <= shares.max()
    arcsine = pool(proportion(counts, measure=Measure.PFT), tau2=Tau2.COMMON)
    assert miller(arcsine.estimate, harmonic_n(counts)) < shares.min()
    assert any("as for large groups" in note for note in arcsine.notes)


def test_in_a_large_group_both_inverses_agree():
    y = proportion(Counts(400_000, 1_000_000), measure=Measure.PFT).y
    assert float(Measure.PFT.shown(y)[0]) == pytest.approx(0.4, abs=1e-5)


def test_a_comparison_is_no_proportion_and_nobody_no_group():
    with pytest.raises(ContractError, match="PLO or PFT"):
        proportion(Counts(1, 2), measure=Measure.RR)
    with pytest.raises(ContractError, match="n: expected"):
        miller(0.5, 0.0)


def test_an_interval_below_nobody_is_shown_as_nobody():
    found = pool(proportion(Counts([0, 1, 0], [8, 9, 7]), measure=Measure.PFT))
    assert found.low < 0.0
    assert found.printed.low == 0.0
    assert found.printed.low < found.printed.estimate < found.printed.high
