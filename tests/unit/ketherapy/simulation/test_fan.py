"""The fan chart: all of the title is on the picture, and each analyte has a panel."""

import numpy as np
import pytest
import xarray as xr
from matplotlib.backends.backend_agg import FigureCanvasAgg

from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation import fan

INFUSION = Regimen.of(Dose(drug=Drug.KETAMINE, route=Route.IV, amount=35.0, over=2.0 / 3.0))
LONG = "people of a clinic whose description goes on and on, as descriptions of people may, " * 2


def invented(*names: str, until: float = 2.0, people: str = "a few people") -> xr.Dataset:
    """Return a result that rises and falls, the higher the quantile the higher."""
    t, probability = np.linspace(0.0, until, 25), np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    levels = probability[:, None] * t * np.exp(-t)
    return xr.Dataset(
        {name: (("probability", "time"), levels) for name in names},
        coords={"time": t, "probability": probability, "level": [0.05]},
        attrs={
            "model": "simons2022", "n": "1000", "regimen": "ketamine 35 mg iv over 40 min at 0 h",
            "people": people, "variability": "as published", "levels": "in the body",
        },
    )  # fmt: skip


@pytest.mark.parametrize("people", ["a few people", LONG])
@pytest.mark.parametrize(
    "names",
    [
        pytest.param(("esketamine",), id="one analyte"),
        pytest.param(("esketamine", "esnorketamine", "eshydroxynorketamine"), id="three"),
    ],
)
def test_the_whole_title_is_on_the_picture_and_above_the_panels(names, people):
    figure = fan.picture(invented(*names, people=people), INFUSION)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    title = figure.texts[0].get_window_extent(canvas.get_renderer())
    assert title.x0 >= 0.0
    assert title.x1 <= figure.bbox.x1
    assert title.y1 <= figure.bbox.y1
    assert all(axes.get_window_extent().y1 < title.y0 for axes in figure.axes)
    assert all(axes.get_window_extent().height > 0.4 * figure.bbox.y1 for axes in figure.axes)


@pytest.mark.parametrize(
    ("until", "label"), [(2.0, "time since start (min)"), (24.0, "time since start (h)")]
)
def test_the_axis_says_its_unit_and_the_curve_is_drawn_in_it(until, label):
    axes = fan.picture(invented("esketamine", until=until), INFUSION).axes[0]
    assert axes.get_xlabel() == label
    per_hour = 60.0 if "min" in label else 1.0
    assert axes.get_xlim()[1] == pytest.approx(until * per_hour)
    assert float(np.max(axes.lines[0].get_xdata())) == pytest.approx(until * per_hour)


def test_readings_below_zero_are_on_the_picture_too():
    data = invented("esketamine", "esnorketamine")
    data["esnorketamine"][0] = -0.002
    figure = fan.picture(data.assign_attrs(levels="as an assay would read them"), INFUSION)
    assert {axes.get_ylim()[0] for axes in figure.axes} == {-2.0}
    assert "as an assay would read them" in " ".join(figure.texts[0].get_text().split())


def test_how_well_the_median_is_known_is_dashed_and_never_a_line_without_width():
    data = invented("esketamine", "esnorketamine")
    wide = xr.concat([0.9 * data, 1.1 * data], "over_draws")
    unsure = wide.assign_attrs(draws="20", unmoved="esketamine")
    still, moved = fan.picture(data, INFUSION, uncertain=unsure).axes
    labels = [axes.get_legend_handles_labels()[1][-1] for axes in (still, moved)]
    assert labels == [
        "how well this is known: not known",
        "the median, over 20 draws of the estimates",
    ]
    low, high = moved.lines[-2:]
    assert low.get_linestyle() == high.get_linestyle() == "--"
    np.testing.assert_allclose(low.get_ydata(), 0.9e3 * data["esnorketamine"][2], rtol=1e-12)
    np.testing.assert_allclose(high.get_ydata(), 1.1e3 * data["esnorketamine"][2], rtol=1e-12)


def test_each_analyte_that_a_model_describes_has_a_panel():
    names = ("esketamine", "esnorketamine", "eshydroxynorketamine")
    assert len(fan.picture(invented(*names), INFUSION).axes) == 3


def test_the_halves_of_a_metabolite_are_not_drawn_beside_the_whole():
    names = ("ketamine", "esketamine", "arketamine", "norketamine", "esnorketamine")
    assert len(fan.picture(invented(*names), INFUSION).axes) == 4


@pytest.mark.parametrize(("model", "is_low"), [("oral_racemic", True), ("otto2021_iv", False)])
def test_a_model_of_low_confidence_is_called_so_in_the_title(model, is_low):
    data = invented("esketamine").assign_attrs(model=model)
    title = " ".join(fan.picture(data, INFUSION).texts[0].get_text().split())
    assert ("low confidence" in title) is is_low
