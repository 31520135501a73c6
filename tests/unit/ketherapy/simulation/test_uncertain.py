"""Uncertainty of estimates: in closed form for one parameter, and kept apart from variability."""

from dataclasses import replace

import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.pharmacology.catalog import published
from ketherapy.pharmacology.covariates import Person
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation import population
from ketherapy.simulation.individuals import deviations, estimates
from ketherapy.simulation.people import Alike
from ketherapy.simulation.population import PopulationRequest
from ketherapy.simulation.solve import simulate
from ketherapy.simulation.uncertain import uncertain

OTTO = published("otto2021_iv")
ADULT = Person(weight=70.0, age=30.0)
DOSE, DRAWS = 20.0, 40


def request(**changed) -> PopulationRequest:
    infusion = Dose(drug=Drug.ESKETAMINE, route=Route.IV, amount=DOSE, over=2.0 / 3.0)
    usual = PopulationRequest(
        model=OTTO, regimen=Regimen.of(infusion), people=Alike(person=ADULT), n=32, seed=7,
        times=(0.0, 2.0 / 3.0, 4.0),
    )  # fmt: skip
    return replace(usual, **changed)


def with_errors(model, **errors):
    """Return ``model`` with these printed standard errors and no others."""
    printed = {name: replace(n, se=errors.get(name, "")) for name, n in model.printed.items()}
    return replace(model, printed=printed)


def test_the_area_of_everybody_moves_as_clearance_does():
    # After 1,000 h the area is dose / CL. Nobody varies, so that the span is that of CL alone.
    model = replace(with_errors(OTTO, CL="10 %"), variability=())
    asked = request(model=model, times=(0.0, 1000.0), n=4)
    found = uncertain(asked, draws=DRAWS)["esketamine_AUC"]
    CL = [estimates(model, draw=k, seed=7).values["CL"] for k in range(DRAWS)]
    areas = np.sort(DOSE / np.array(CL))
    # by the definition of the lower quantile: 2 of 40 draws are at or below the first, 38 the other
    for place, rank in enumerate((2, 38)):
        np.testing.assert_allclose(found[place], areas[rank - 1], rtol=1e-9)
    assert found.dims == ("over_draws", "probability")


def test_each_draw_has_the_same_people():
    asked = request(estimate_draw=3)
    found = population.run(asked)["everyone"]
    eta = deviations(OTTO, first=0, count=32, seed=7)
    values = estimates(OTTO, draw=3, seed=7).values
    each = simulate(
        OTTO, asked.regimen, np.array(asked.times), person=ADULT, eta=eta, values=values
    )
    expected = np.quantile(
        each["esnorketamine"], asked.probabilities, axis=0, method="inverted_cdf"
    )
    np.testing.assert_allclose(found["esnorketamine"], expected, rtol=1e-12)


def test_what_is_held_is_said_and_has_no_width():
    # Otto's parent drug is Fanta's, fixed; only the metabolite was estimated with errors
    found = uncertain(request(), draws=20)
    parent, metabolite = (found[name] for name in ("esketamine", "esnorketamine"))
    np.testing.assert_array_equal(parent[0], parent[1])
    assert np.all(metabolite[0, :, 1:] < metabolite[1, :, 1:])
    assert "none for V1, CL, Q2, V2, Q3, V3, which the authors fixed" in found.attrs["estimates"]
    assert found.attrs["unmoved"] == "esketamine"
    assert "not that it is certain" in found.attrs["unmoved_said"]


def test_an_estimate_without_a_printed_error_is_named():
    found = uncertain(request(model=with_errors(OTTO, CL_nk="10 %")), draws=20)
    assert "not known and not drawn for V1" in found.attrs["estimates"]


def test_uncertainty_leaves_the_variability_alone():
    plain = population.run(request())["everyone"]
    uncertain(request(), draws=20)
    assert population.run(request())["everyone"].identical(plain)
    assert "is not in these quantiles" in plain.attrs["estimates"]


def test_spans_are_the_same_again_whoever_computes_them():
    def backwards(plan):
        done = {task.number: population.summarise(plan, task) for task in reversed(plan.tasks)}
        return [done[task.number] for task in plan.tasks]

    one, other = (uncertain(request(), draws=20), uncertain(request(), draws=20, through=backwards))
    assert one.identical(other)


@pytest.mark.parametrize(
    ("model", "draws", "said"),
    [
        pytest.param(OTTO, 19, "20 or more", id="too few for a twentieth"),
        pytest.param(with_errors(OTTO), 20, "standard error", id="no error is printed"),
    ],
)
def test_a_span_that_would_mislead_is_refused(model, draws, said):
    with pytest.raises(ContractError, match=said):
        uncertain(request(model=model), draws=draws)


def test_a_draw_is_counted_from_zero():
    with pytest.raises(ContractError, match="draw"):
        request(estimate_draw=-1)
