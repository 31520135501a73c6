import numpy as np

from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation.effects import sessions


def spray(at: float) -> Dose:
    return Dose(drug=Drug.ESKETAMINE, route=Route.INTRANASAL, amount=28.0, at=at)


COURSE = Regimen.of(spray(48.0), spray(0.0), spray(0.2), spray(11.9), spray(24.0))


def test_doses_without_a_longer_pause_than_twelve_hours_are_one_session():
    np.testing.assert_array_equal(sessions.starts(COURSE), [0.0, 24.0, 48.0])
    apart = Regimen.of(spray(0.0), spray(12.0), spray(24.1))
    np.testing.assert_array_equal(sessions.starts(apart), [0.0, 24.1])


def test_a_time_belongs_to_the_session_that_began_last():
    later = Regimen.of(spray(5.0), spray(29.0))
    t = np.array([0.0, 4.999, 5.0, 28.9, 29.0, 500.0])
    np.testing.assert_array_equal(sessions.number(later, t), [0, 0, 1, 1, 2, 2])


def test_the_first_session_is_whole_and_later_ones_wear_off_to_a_share():
    n = np.array([0, 1, 2, 5, 1000])
    found = sessions.worn(n, f=0.5, n0=4.0)
    np.testing.assert_allclose(found[:2], 1.0)
    np.testing.assert_allclose(found[3], 0.5 + 0.5 * np.exp(-1.0))
    np.testing.assert_allclose(found[4], 0.5)
    assert np.all(np.diff(found) <= 0.0)


def test_people_wear_off_each_with_their_own_numbers():
    f, n0, n = np.array([0.2, 1.0]), np.array([1.0, 3.0]), np.array([1, 2])
    found = sessions.worn(n, f=f, n0=n0)
    np.testing.assert_allclose(found, [[1.0, 0.2 + 0.8 * np.exp(-1.0)], [1.0, 1.0]])


def test_the_highest_level_is_that_of_each_session():
    level = np.array([[9.0, 1.0, 3.0, 2.0, 5.0], [8.0, 2.0, 1.0, 4.0, 0.0]])
    session = np.array([0, 1, 1, 2, 2])
    np.testing.assert_array_equal(sessions.highest(level, session), [[3.0, 5.0], [2.0, 4.0]])


def test_before_any_session_nothing_is_highest():
    np.testing.assert_array_equal(sessions.highest(np.array([3.0, 2.0]), np.array([0, 0])), [0.0])
