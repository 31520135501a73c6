"""Public trials: the printed numbers are those of the rows, and nothing that fails is hidden."""

import math

import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.pharmacology.effects.observed import row
from ketherapy.simulation.trial import public
from ketherapy.simulation.trial.design import design, designs


@pytest.fixture(scope="module")
def found():
    """Two trials, simulated with few replicates."""
    with pytest.MonkeyPatch.context() as patch:
        for name, few in (("_POOL", 8), ("_DRAWS", 16)):
            patch.setattr(public, name, few)
        simulated = public.simulated
        patch.setattr(public, "simulated", lambda d, c: simulated(d, c, replicates=300))
        return {
            (r.design.id, r.arm, r.at): r
            for trial in ("murrough2013", "lii2023", "singh2016_twice")
            for r in public._of(design(trial))
        }


def test_at_least_six_public_trials_are_reproduced():
    assert len({d.trial for d in designs() if d.reported}) >= 6


def test_every_printed_number_is_that_of_its_row():
    for shipped in designs():
        for entry in shipped.reported:
            for key in filter(None, public._keys(entry)):
                assert row(key).mean is not None
                assert row(key).trial == shipped.trial, key


def test_the_arms_are_as_large_as_the_rows_print():
    for shipped in designs():
        n = {arm.id: arm.ratio for arm in shipped.arms}
        assert not shipped.reported or shipped.n == sum(n.values())
        for entry in shipped.reported:
            printed = row(entry.change).n if entry.change and not entry.before else None
            assert printed in (None, n[entry.arm]), shipped.id


def test_a_difference_is_that_of_the_printed_changes(found):
    murrough = found["murrough2013", "ketamine", "24 h"]
    assert murrough.printed == pytest.approx(-16.5 + 8.8)
    assert murrough.se == pytest.approx(math.hypot(10.97 / math.sqrt(47), 9.5 / 5.0))
    lii = found["lii2023", "ketamine", "1 day"]  # scores are printed there, not changes
    assert lii.printed == pytest.approx((12.7 - 25.1) - (16.4 - 29.9))


def test_a_trial_that_made_the_model_is_marked(found):
    assert found["murrough2013", "ketamine", "24 h"].is_in_sample
    assert not found["singh2016_twice", "ketamine", "15 day"].is_in_sample


def test_the_interval_holds_the_typical_difference(found):
    for one in found.values():
        assert one.interval[0] < one.typical < one.interval[1]


def test_the_rule_is_that_of_its_file(found):
    one = found["murrough2013", "ketamine", "24 h"]
    far = 2.0 * math.hypot(one.se, 3.0)
    assert one.is_accepted == (abs(one.printed - one.typical) <= far)
    assert public.wanted() == pytest.approx(0.9)


def test_rates_are_shares(found):
    rate = found["lii2023", "ketamine", "1 day"].response
    assert rate.printed == pytest.approx(0.6)
    assert 0.0 <= rate.interval[0] <= rate.predicted <= rate.interval[1] <= 1.0


def test_a_design_that_is_not_shipped_is_refused():
    with pytest.raises(ContractError, match="a file, or one of"):
        design("none")
    assert np.all([d.source for d in designs()])
