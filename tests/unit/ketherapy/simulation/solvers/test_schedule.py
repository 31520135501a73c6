import numpy as np
import pytest

from ketherapy.simulation.solvers.inputs import Pulses
from ketherapy.simulation.solvers.schedule import has_common_starts, is_clear, planned


def pulses(*doses: tuple[float, float]) -> Pulses:
    """Return pulses of 1 mg into the first state, each (start, over)."""
    start, over = np.array(doses).T
    return Pulses(state=(0,) * len(doses), amount=np.ones(len(doses)), start=start, over=over)


def test_equal_intervals_with_one_input_are_one_run():
    found = planned(pulses((0.0, 1.0)), np.arange(1, 121) / 30.0)
    assert found.unit == pytest.approx(1 / 30)
    assert [(r.steps, r.units, r.is_recorded, r.on) for r in found.runs] == [
        (1, 1, False, (0,)),  # nobody asked for zero
        (29, 1, True, (0,)),
        (90, 1, True, ()),
        (1, 0, True, ()),  # the last look, from which nothing moves on
    ]


def test_a_wait_is_one_interval_of_many_units():
    found = planned(pulses((0.0, 0.0), (48.0, 0.0)), np.array([1.0, 49.0]))
    assert [(r.units, r.jumps) for r in found.runs] == [(1, (0,)), (47, ()), (1, (1,)), (0, ())]


def test_every_time_is_recorded_once_and_in_order():
    t = np.array([0.0, 0.7, 0.7000000001, 31.0])
    found = planned(pulses((0.25, 3.0)), t)
    assert sum(r.steps for r in found.runs if r.is_recorded) == 4
    assert found.places == (0, 1, 2, 3)


def test_times_within_a_nanosecond_are_one():
    found = planned(pulses((0.0, 1.0)), np.array([1e-30, 2e-30, 1.0]))
    assert found.places == (0, 0, 1)


def test_lengths_add_up_to_the_last_instant():
    found = planned(pulses((0.123, 0.4), (7.0, 0.0)), np.array([0.5, 1.234567, 90.0]))
    assert sum(r.steps * r.length for r in found.runs) == pytest.approx(90.0 - 0.123, rel=1e-12)


def test_an_end_of_ones_own_keeps_the_pulse_on_until_all_have_ended():
    own = Pulses(
        state=(0,), amount=np.ones((2, 1)), start=np.zeros(1), over=np.array([[0.11], [0.52]])
    )
    found = planned(own, np.array([1.0]))
    assert found.own_end == (True,)
    assert [(r.on, r.start) for r in found.runs if r.units] == [
        ((0,), 0.0),
        ((), pytest.approx(32 / 60)),  # 0.52 h, on the next whole minute
    ]


def test_starts_that_differ_between_people_are_told():
    starts = np.array([[0.0], [1.0]])
    apart = Pulses(state=(0,), amount=np.ones((2, 1)), start=starts, over=np.ones((2, 1)))
    assert not has_common_starts(apart)
    assert has_common_starts(pulses((0.0, 1.0)))


@pytest.mark.parametrize(
    ("look", "is_fine"), [(1.0, True), (np.nextafter(1.0, 0.0), False), (0.999, True)]
)
def test_a_look_a_hair_before_an_instant_dose_is_told(look, is_fine):
    assert is_clear(pulses((1.0, 0.0)), np.array([look])) is is_fine
