"""How far a population's quantiles move with the estimates: uncertainty, apart from variability.

The same people with the same deviations are simulated again for each draw of the typical values.
What differs between draws is then how little is known, and nothing of how people differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ketherapy.errors import ContractError
from ketherapy.simulation import population
from ketherapy.simulation.individuals import Estimates, estimates
from ketherapy.simulation.planned import Plan, PopulationRequest
from ketherapy.simulation.population import Summary

if TYPE_CHECKING:
    import xarray as xr

BOUNDS = (0.05, 0.95)  # of the draws, for each quantile of the people
FEWEST = 20  # draws: the twentieth part of them is one

Computed = Callable[[Plan], Iterable[Summary]]


def here(plan: Plan) -> Iterable[Summary]:
    """Return the summaries of a plan's tasks in order, computed one after another.

    Source  ketherapy
    """
    return (population.summarise(plan, task) for task in plan.tasks)


def uncertain(request: PopulationRequest, *, draws: int, through: Computed = here) -> xr.Dataset:
    """Return the 5th and 95th percentile, over draws of the estimates, of each population quantile.

    Those of everyone, in curves and exposures. ``through`` computes a plan, here or elsewhere.

    Units   as each variable says
    Source  the model's file; ``estimates`` says how they are drawn
    Errors  ContractError for too few draws, or where the model prints no standard error
    """
    known = drawable(request, draws)
    plan = population.plan(replace(request, groupings=(), estimate_draw=0))
    found = [_quantiles(_at(plan, draw), through) for draw in range(draws)]
    return _bounds(found).assign_attrs(_said(plan, found, known))


def drawable(request: PopulationRequest, draws: int) -> Estimates:
    """Return the first draw, which names what is drawn and what is held.

    Units   L, L/h, 1/h, h, 1 or L/kg
    Source  the model's file
    Errors  ContractError for too few draws, or where the model prints no standard error
    """
    model = request.model
    if draws < FEWEST:
        raise ContractError(
            "draws of the estimates", expected=f"{FEWEST} or more: the twentieth part is wanted",
            got=draws, remedy="Ask for more.",
        )  # fmt: skip
    found = estimates(model, draw=0, seed=request.seed)
    if not found.drawn:
        raise ContractError(
            f"uncertainty of the estimates of {model.id}",
            expected="a printed standard error of one of them at least", got="none",
            remedy="Leave it out: no width would look like certainty.",
        )  # fmt: skip
    return found


def _at(plan: Plan, draw: int) -> Plan:
    return replace(plan, request=replace(plan.request, estimate_draw=draw))


def _quantiles(plan: Plan, through: Computed) -> xr.Dataset:
    data = population.result(plan, population.together(plan, through(plan)))
    names = [name for name in data.data_vars if "probability" in data[name].dims]
    return data[names]


def _bounds(found: list[xr.Dataset]) -> xr.Dataset:
    import xarray as xr

    first = found[0]
    variables = {}
    for name, values in first.data_vars.items():
        each = np.stack([data[name].values for data in found])
        low_high = np.quantile(each, BOUNDS, axis=0, method="inverted_cdf")
        said = {"units": values.attrs["units"], "long_name": _long_name(values)}
        variables[name] = (("over_draws", *values.dims), low_high, said)
    over = ("over_draws", np.array(BOUNDS), {"units": "1", "long_name": "fraction of the draws"})
    return xr.Dataset(variables, coords={**first.coords, "over_draws": over})


def _long_name(values: xr.DataArray) -> str:
    return f"percentiles over draws of the estimates: {values.attrs['long_name']}"


def _said(plan: Plan, found: list[xr.Dataset], known: Estimates) -> dict[str, str]:
    still = [
        name for name in plan.analytes
        if all(np.array_equal(data[name], found[0][name]) for data in found)
    ]  # fmt: skip
    return plan.attrs | {
        "n": str(plan.request.n),
        "draws": str(len(found)),
        "estimates": known.text,
        "unmoved": ", ".join(still),
        "unmoved_said": (
            f"No estimate that was drawn acts on {', '.join(still)}: no width there means that"
            " its uncertainty is not known, not that it is certain."
            if still
            else ""
        ),
        "people_said": (
            "The same people with the same deviations in every draw. How well the variances"
            " themselves are known is not in it, so that the outer quantiles are less sure than"
            " this says."
        ),
    }
