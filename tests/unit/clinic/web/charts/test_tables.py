import math
from dataclasses import replace

import pytest

from clinic.web.charts import tables
from tests.unit.clinic.web.invented import NAMED


def test_rows_are_close_at_first_and_hold_the_end_of_dosing(prediction):
    rows = tables.rows(replace(prediction, dosing=(0.0, 37.0)))
    times = [row.minutes for row in rows]
    assert times[:5] == [0, 10, 20, 30, 37]
    assert times[-2:] == [330, 360]
    assert [row.minutes for row in rows if row.is_end_of_dosing] == [37]


def test_between_two_computed_times_a_rise_is_straight_and_a_fall_exponential(prediction):
    curve = replace(prediction.curves[0], level=(0.0, 8.0, 1.0), low=None, high=None)
    coarse = replace(prediction, minutes=(0.0, 40.0, 70.0), curves=(curve,))
    assert [row.cells[0] for row in tables.rows(coarse)] == ["0", "2", "4", "6", "8", "4", "2", "1"]


def test_a_fall_to_nothing_is_read_straight(prediction):
    curve = replace(prediction.curves[0], level=(8.0, 0.0))
    assert tables.level_at(replace(prediction, minutes=(0.0, 10.0)), curve, 5.0) == 4.0


@pytest.mark.parametrize("fall", [60.0, 600.0])
def test_rows_of_a_long_window_are_within_one_percent(prediction, fall):
    def level(minutes):
        return 200 * (0.7 * math.exp(-minutes / fall) + 0.3 * math.exp(-minutes / (8 * fall)))

    minutes = tuple(9.0 * n for n in range(481))
    curve = replace(prediction.curves[5], level=tuple(map(level, minutes)))
    long = replace(prediction, minutes=minutes, curves=(curve,))
    for row in tables.rows(long):
        read = tables.level_at(long, curve, row.minutes)
        assert read == pytest.approx(level(row.minutes), rel=0.01)


def test_a_legend_entry_holds_the_percentiles_of_its_peak(prediction):
    found = tables.entries(prediction, NAMED)
    assert (found[0].peak, found[0].span) == ("184 ng/mL", "128 to 257")
    assert {entry.span for entry in found[5:]} == {""}


def test_the_read_out_holds_the_percentiles_at_every_time(prediction):
    held = tables.series(prediction, NAMED)["curves"]
    assert held[0]["spans"][40] == "128 to 257"
    assert held[5]["spans"] == []


def test_a_cell_is_the_level_at_its_time(prediction):
    row = next(row for row in tables.rows(prediction) if row.minutes == 40)
    assert row.cells[0] == "184"


def test_what_all_curves_of_a_model_share_is_said_once(prediction):
    model = tables.models(tables.entries(prediction, NAMED))[0]
    names = [name for name, _ in model.facts]
    assert names.count("Sampled from") == 1
    assert "Source, S + R ketamine, S-ketamine and S-norketamine" in names
    assert "Source, R-ketamine and R-norketamine" in names


def test_a_source_never_stands_without_its_status(prediction):
    for curve in prediction.curves:
        assert tables.source_words(curve).endswith(f"({curve.status})")


def test_the_read_out_has_every_curve_at_every_time(prediction):
    held = tables.series(prediction, NAMED)
    assert len(held["minutes"]) == len(prediction.minutes)
    assert [c["key"] for c in held["curves"]] == [c.key for c in prediction.curves]


def test_measurements_of_one_publication_share_their_source(prediction):
    first = prediction.measured[0]
    first = replace(first, statistic="median, 17 people")
    later = replace(first, minutes=90.0, level=80.0, statistic="median, 17 people")
    elsewhere = replace(first, site="arterial plasma")
    rows = tables.points(replace(prediction, measured=(first, later, elsewhere)))
    groups = [group.words for group in tables.measured_groups(rows)]
    assert rows[0].statistic == "median, 17 people"
    assert groups == ["185 ng/mL at 40 min, 80 ng/mL at 90 min", "185 ng/mL at 40 min"]


def test_measurements_stand_in_order_of_time(prediction):
    turned = replace(prediction, measured=prediction.measured[::-1])
    assert [row.time for row in tables.points(turned)] == ["40 min", "110 min"]
