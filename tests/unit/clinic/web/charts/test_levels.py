from dataclasses import replace

import pytest

from clinic.web.charts.levels import letters, levels_scene, measured_words, visible


def test_only_ticked_kinds_are_visible(prediction):
    shown = visible(prediction, {"norketamine"})
    assert {curve.group for curve in shown.curves} == {"norketamine"}
    assert shown.measured == ()


def test_measured_points_appear_with_their_analyte_alone(prediction):
    assert len(visible(prediction, {"total", "measured"}).measured) == 2
    assert visible(prediction, {"norketamine", "measured"}).measured == ()


def test_what_was_measured_after_the_time_shown_is_left_out(prediction):
    late = replace(prediction.measured[0], minutes=361.0)
    shown = visible(replace(prediction, measured=(late,)), {"total", "measured"})
    assert shown.measured == ()


def test_a_pure_enantiomer_is_its_own_total(prediction):
    pure = tuple(c for c in prediction.curves if c.analyte in {"esketamine", "esnorketamine"})
    shown = visible(replace(prediction, curves=pure), {"total"})
    assert {curve.analyte for curve in shown.curves} == {"esketamine"}


def test_models_are_lettered_in_their_order(prediction):
    assert letters(prediction.curves) == {"veined": "A", "pulsing": "B"}


def test_the_axis_reaches_the_top_of_every_band(prediction):
    highest = max(max(c.high) for c in prediction.curves if c.high)
    assert levels_scene(prediction).y_high == pytest.approx(highest)


def test_a_measured_point_above_all_curves_is_on_the_plot(prediction):
    high = replace(prediction.measured[0], level=900.0)
    assert levels_scene(replace(prediction, measured=(high,))).y_high == 900.0


@pytest.mark.parametrize(
    ("value", "low", "high", "words"),
    [
        (185.0, None, None, "185 ng/mL"),
        (185.0, 120.0, 250.0, "185 ng/mL (120 to 250 ng/mL)"),
        (None, 50.0, 80.0, "50 to 80 ng/mL"),
        (None, None, None, "no value published"),
    ],
)
def test_a_measurement_has_unit_and_range(prediction, value, low, high, words):
    point = replace(prediction.measured[0], level=value, low=low, high=high)
    assert measured_words(point) == words
