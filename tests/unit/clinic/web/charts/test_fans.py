from dataclasses import replace
from xml.etree import ElementTree

import pytest

from clinic.explore.population_results import Fan, PopulationResult
from clinic.web.charts import fans
from clinic.web.charts.drawing import draw
from clinic.web.charts.frame import NARROW, WIDE
from tests.unit.clinic.web.charts.test_drawing import of_class
from tests.unit.clinic.web.invented import MINUTES, origin, shape

PROBABILITIES = (0.05, 0.25, 0.5, 0.75, 0.95)


@pytest.fixture
def result() -> PopulationResult:
    return PopulationResult(
        regimen="ketamine 35.5 mg, intravenous, over 40 min",
        n=20000,
        seed=7,
        people="people who exist only in this test",
        people_from="nobody (convention)",
        origin=origin("veined", "venous plasma"),
        dosing=(0.0, 40.0),
        quantiles_are="lower empirical quantiles, exact",
        variability="as published",
        cautions=(),
        analytes=(("ketamine", "S + R ketamine"),),
    )


@pytest.fixture
def fan() -> Fan:
    return Fan(
        analyte="ketamine",
        analyte_name="S + R ketamine",
        minutes=MINUTES,
        probabilities=PROBABILITIES,
        quantiles=tuple(shape(top, 25, 35) for top in (120, 160, 200, 240, 300)),
        exposures=(),
        level=150.0,
        ever_above=0.64,
        above_minutes=(0.0, 0.0, 7.0, 15.0, 30.0),
    )


def drawn(result, fan, frame=WIDE):
    return ElementTree.fromstring(draw(fans.fan_scene(result, fan), frame))


def test_the_widest_band_lies_outside_and_the_median_is_the_line(result, fan):
    outer, inner = fans.fan_scene(result, fan).lines[0].bands
    assert max(y for _, y in outer[1]) == pytest.approx(max(fan.quantiles[4]))
    assert max(y for _, y in inner[0]) == pytest.approx(max(fan.quantiles[1]))
    assert max(y for _, y in fans.fan_scene(result, fan).lines[0].points) == pytest.approx(
        max(fan.quantiles[2])
    )
    assert len(of_class(drawn(result, fan), "band")) == 2


def test_the_plot_says_that_it_is_predicted_and_for_how_many(result, fan):
    words = [e.text for e in of_class(drawn(result, fan, NARROW), "stamp")]
    assert words == ["predicted, not measured", "20\u202f000 simulated people"]


def test_the_level_asked_about_is_on_the_plot_also_above_every_curve(result, fan):
    high = replace(fan, level=900.0)
    assert fans.fan_scene(result, high).y_high == 900.0
    assert [e.text for e in of_class(drawn(result, high), "asked-label")] == ["asked: 900 ng/mL"]
    assert of_class(drawn(result, replace(fan, level=None)), "asked") == []


def test_the_median_tells_model_and_people_to_those_who_listen(result, fan):
    (curve,) = of_class(drawn(result, fan), "curve")
    for words in ("Median", "Invented model of veined", "who exist only in this test"):
        assert words in curve.get("aria-label")


def test_low_confidence_stands_at_the_curve(result, fan):
    low = replace(result, origin=origin("veined", "venous plasma", confidence_level="low"))
    assert "low confidence" in " ".join(e.text for e in of_class(drawn(low, fan), "caveat"))


def test_the_table_reads_the_computed_times_and_holds_every_quantile(fan):
    rows = fans.fan_rows(fan, (0.0, 40.0))
    at_end = next(row for row in rows if row.time == "40 min")
    place = MINUTES.index(40.0)
    assert at_end.cells == tuple(f"{row[place]:.3g}" for row in fan.quantiles)
    assert fans.heads(fan) == ("5th", "25th", "median", "75th", "95th")
    assert all(len(row.cells) == 5 for row in rows)


def test_the_read_out_has_every_quantile_at_every_time(fan):
    held = fans.fan_series(fan)
    assert [curve["name"] for curve in held["curves"]] == list(fans.heads(fan))
    assert {len(curve["levels"]) for curve in held["curves"]} == {len(MINUTES)}
