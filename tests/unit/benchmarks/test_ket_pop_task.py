from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.linalg import expm

from benchmarks.ket_pop import reference
from benchmarks.ket_pop import task as tasks

TASK = tasks.load()


def test_the_task_asks_for_720_times_after_six_starts():
    assert TASK.times == 720
    assert TASK.starts == (0.0, 48.0, 96.0, 168.0, 216.0, 264.0)
    assert sum(len(segment.times) for segment in tasks.segments(TASK)) == 720


def test_every_start_gives_35_mg_over_40_minutes():
    infused = [s for s in tasks.segments(TASK) if s.infused > 0.0]
    assert [s.start for s in infused] == list(TASK.starts)
    assert [s.infused * s.length for s in infused] == pytest.approx([35.0] * 6)
    assert [s.length * 60.0 for s in infused] == pytest.approx([40.0] * 6)


def test_segments_follow_one_another_without_a_gap():
    found = tasks.segments(TASK)
    ends = [s.start + s.length for s in found]
    assert [s.start for s in found[1:]] == pytest.approx(ends[:-1])
    assert ends[-1] == pytest.approx(264.0 + 4.0)


def test_a_smaller_draw_begins_a_larger_one():
    few, many = tasks.subjects(TASK, 10), tasks.subjects(TASK, 1000)
    assert np.array_equal(few, many[:10])


def test_the_draw_is_log_normal_with_30_percent():
    eta = np.log(tasks.subjects(TASK, 100_000) / np.array(list(TASK.typical.values())))
    assert eta.std(axis=0) == pytest.approx(np.full(6, 0.3), rel=0.02)
    assert eta.mean(axis=0) == pytest.approx(np.zeros(6), abs=0.005)


def test_the_checked_subjects_hold_the_extreme_ones():
    places = reference.sampled(TASK, 50, 1000)
    of_each = tasks.rates(TASK, tasks.subjects(TASK, 1000))
    assert len(places) == 50
    assert set(of_each.argmax(axis=0)) | set(of_each.argmin(axis=0)) <= set(places)


@pytest.fixture(scope="module")
def two():
    return tasks.subjects(TASK, 2)


def test_the_reference_is_the_matrix_exponential_where_all_is_linear(two):
    twice = replace(
        TASK, starts=TASK.starts[:2]
    )  # one wait between, and it takes seconds, not many
    linear = reference.linear(twice, two[:1])
    solved = reference.solve(twice, two[:1])
    assert tasks.largest_error(TASK, solved[:3], linear) < TASK.reference


@pytest.mark.parametrize("gamma", [2.0, 1.7])
def test_the_response_is_the_integral_of_its_input_for_any_exponent(two, gamma):
    task = replace(TASK, fixed=TASK.fixed | {"gamma": gamma}, starts=(0.0,))
    solved = reference.solve(task, two[1:])[3, 0]
    for place in (0, 19, 119):
        assert solved[place] == pytest.approx(_response(task, two[1], task.window[place]), rel=1e-9)


def _response(task, params, t):
    """The response written as an integral over the effect site, itself a matrix exponential."""
    (of_one,) = tasks.rates(task, params[None])
    K = np.zeros((7, 7))
    K[:6, :6] = reference._linear(task, of_one)
    K[0, 6] = of_one[6] * task.dose / task.over
    (over, k), at_end = (task.over, tasks.constants(task)), np.zeros(7)
    at_end[:6] = (expm(K * over) @ np.eye(7)[6])[:6]

    def driven(s):
        y = expm(K * s) @ np.eye(7)[6] if s <= over else expm(K * (s - over)) @ at_end
        x = y[5] ** k["gamma"]
        effect = k["Emax"] * x / (k["EC50"] ** k["gamma"] + x)
        return k["kout"] * effect * np.exp(-k["kout"] * (t - s))

    edges = [0.0, min(t, over), t]  # smooth between them, so that 40 points are exact
    return 1.0 + sum(_integral(driven, *piece) for piece in pairwise(edges))


def _integral(slope, start, end):
    at, weights = np.polynomial.legendre.leggauss(40)
    half = (end - start) / 2.0
    return half * sum(w * slope(start + half * (1.0 + x)) for x, w in zip(at, weights, strict=True))


def test_an_error_past_the_promise_is_seen_and_one_within_is_not():
    true = np.ones((4, 2, 3))
    found = true.copy()
    found[2, 1, 0] += 2e-6
    assert tasks.largest_error(TASK, found, true) == pytest.approx(2e-6)
    assert tasks.largest_error(TASK, true * (1 + 5e-7), true) < TASK.relative


def test_a_value_near_zero_is_held_to_a_part_of_its_peak():
    true = np.array([[[1.0, 1e-9]]])
    found = np.array([[[1.0, 2e-9]]])
    assert tasks.largest_error(TASK, found, true) == pytest.approx(1e-3)


def test_what_is_not_a_number_is_no_small_error():
    true = np.ones((1, 1, 2))
    assert tasks.largest_error(TASK, np.array([[[1.0, np.nan]]]), true) == np.inf
