"""The figure: what is drawn says that it is predicted, from which model, and how sure."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import xarray as xr

from ketherapy.errors import ContractError
from ketherapy.simulation import figure
from ketherapy.simulation.request import SimulationRequest, read_request

ENTRIES = {
    "drug": "ketamine",
    "route": "iv",
    "dose": "0.5 mg/kg",
    "over": "40 min",
    "weight": "71 kg",
}
NAMES = ("esketamine", "arketamine", "ketamine", "esnorketamine", "arnorketamine", "norketamine")


def request() -> SimulationRequest:
    read = read_request(ENTRIES, models=["otto2021_iv", "domino1984_iv"])
    assert isinstance(read, SimulationRequest)
    return read


def invented(model: str, *names: str) -> xr.Dataset:
    """Return a prediction that rises and falls."""
    t = np.linspace(0.0, 8.0, 9)
    variables = {name: ("time", 0.1 * t * np.exp(-t)) for name in names}
    return xr.Dataset(variables, coords={"time": t}).assign_attrs(model=model)


def band(data: xr.Dataset) -> xr.Dataset:
    return xr.concat([0.5 * data, 2.0 * data], "probability").assign_attrs(data.attrs)


@pytest.fixture(scope="module")
def words(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("figure") / "curve.svg"
    data = {
        "otto2021_iv": invented("otto2021_iv", *NAMES),
        "domino1984_iv": invented("domino1984_iv", "ketamine"),
    }
    figure.draw(request(), data, {"otto2021_iv": band(data["otto2021_iv"])}, path)
    return " ".join(ElementTree.parse(path).getroot().itertext())


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("PREDICTED, NOT MEASURED", id="its nature"),
        pytest.param("not a dose order", id="what it is not"),
        pytest.param("ketamine 35.5 mg", id="the dose"),
        pytest.param("over 40 min", id="its duration"),
        pytest.param("Otto 2021", id="the first model"),
        pytest.param("Domino 1984", id="the second model"),
        pytest.param("venous plasma", id="where the blood was taken"),
        pytest.param("sampling site not stated", id="where that is not known"),
        pytest.param("5th to 95th percentile", id="what the band is"),
        pytest.param("no band: variability between people is not known", id="why none is drawn"),
        pytest.param("S-ketamine", id="the S enantiomer"),
        pytest.param("R-ketamine", id="the R enantiomer"),
        pytest.param("S + R ketamine", id="their sum"),
        pytest.param("norketamine", id="the metabolite"),
        pytest.param("plasma concentration (ng/mL)", id="the unit of the levels"),
        pytest.param("time since start (min)", id="the unit of time"),
    ],
)
def test_the_figure_says(words, said):
    assert said in words


@pytest.mark.parametrize("name", ["curve.png", "curve.PNG"])
def test_a_png_is_a_png(tmp_path, name):
    path = tmp_path / name
    figure.draw(request(), {"otto2021_iv": invented("otto2021_iv", "ketamine")}, {}, path)
    assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize("name", ["curve.gif", "curve", "curve.svg.txt", ".svg"])
def test_another_format_is_refused_with_those_there_are(tmp_path, name):
    with pytest.raises(ContractError, match=r"ending in \.svg, \.png, \.pdf"):
        figure.draw(
            request(), {"otto2021_iv": invented("otto2021_iv", "ketamine")}, {}, tmp_path / name
        )
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["curve.svg", "CURVE.PDF", "a.b.png"])
def test_an_offered_format_is_not_refused(name):
    figure.refuse_format(Path(name))
