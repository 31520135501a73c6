from dataclasses import replace

import pytest

from clinic.web.charts.levels import (
    letters,
    levels_scene,
    measured_words,
    rise_words,
    style,
    visible,
)
from tests.unit.clinic.web.invented import NAMED


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


def test_models_are_lettered_in_the_order_of_the_catalogue():
    assert letters(["veined", "pulsing"]) == {"veined": "A", "pulsing": "B"}


def test_a_model_keeps_letter_and_looks_whichever_others_are_drawn(prediction):
    alone = tuple(c for c in prediction.curves if c.model_id == "pulsing")
    kept = {line.key: (line.tag, line.style) for line in lines(prediction)}
    for line in lines(replace(prediction, curves=alone)):
        assert (line.tag, line.style) == kept[line.key]
        assert line.tag.startswith("B ")


def lines(prediction):
    return levels_scene(prediction, NAMED).lines


def test_no_two_models_of_a_long_catalogue_look_alike(prediction):
    styles = {style(prediction.curves[0], letter) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXY"}
    assert len(styles) == 25


def test_a_peak_is_told_with_its_percentiles_where_there_is_a_band(prediction):
    banded, bare = prediction.curves[0], prediction.curves[5]
    told = {line.key: line.note.spoken for line in lines(prediction)}
    low, high = f"{0.7 * banded.peak:.0f}", f"{1.4 * banded.peak:.0f}"
    assert f"peak 184 ng/mL ({low} to {high}) at 40 min" in told[banded.key]
    assert "5th to 95th percentile" in told[banded.key]
    assert "(" not in told[bare.key].split(" at 40 min")[0].split("peak")[1]


def test_the_end_of_the_window_is_not_called_a_peak(prediction):
    rising = replace(prediction.curves[5], peak=64.8, peak_at=360.0)
    words = lines(replace(prediction, curves=(rising,)))[0].note.lines[0]
    assert words == "Predicted still rising at the end: 64.8 ng/mL at 6 h"


def test_a_level_of_nothing_does_not_rise(prediction):
    flat = replace(prediction.curves[0], peak=0.0, peak_at=360.0)
    assert rise_words(flat, 360.0) == "peak"


def test_the_axis_reaches_the_top_of_every_band(prediction):
    highest = max(max(c.high) for c in prediction.curves if c.high)
    assert levels_scene(prediction, NAMED).y_high == pytest.approx(highest)


def test_a_measured_point_above_all_curves_is_on_the_plot(prediction):
    high = replace(prediction.measured[0], level=900.0)
    assert levels_scene(replace(prediction, measured=(high,)), NAMED).y_high == 900.0


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
