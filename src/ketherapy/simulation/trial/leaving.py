"""The hazard of leaving with which the share that a design names has left by the last visit.

Where those who are worse leave more, people differ in their risk by what was rated before, and
the hazard follows from the scores that the trial produces.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import optimize

from ketherapy.errors import ContractError
from ketherapy.simulation.trial.planned import World
from ketherapy.simulation.trial.run_request import RunRequest
from ketherapy.simulation.trial.scores import rated, risks


def hazard(request: RunRequest, found: World) -> float:
    """Return the hazard at the baseline with which ``by_end`` of all people leave, as expected.

    The expectation is over the people of the first replicate of ``request``, all arms together;
    over when each of them leaves it is exact.

    Units   1/h
    Source  ketherapy
    Errors  ContractError where risks differ so much that no hazard can be told
    """
    wanted = found.trial.leaving.by_end
    assert wanted is not None
    staying = replace(found.trial, leaving=replace(found.trial.leaving, hazard=0.0))
    seen = rated(request, replace(found, trial=staying), first=0, count=1)
    with np.errstate(over="ignore"):
        *_, risk = risks(staying, seen.baseline, seen.score, seen.is_rated)
    least, most = float(risk.min()), float(risk.max())
    if not (least > 0.0 and np.isfinite(most)):
        raise ContractError(
            "drop-out", expected="a hazard ratio with which a share by the end can be met",
            got=staying.leaving.worse, remedy="Write a hazard in place of by_end.",
        )  # fmt: skip

    def beyond(log_hazard: float) -> float:
        return float(np.mean(-np.expm1(-np.exp(log_hazard) * risk))) - wanted

    # with everybody at the most, or the least, risk there is
    ends = [np.log(-np.log1p(-wanted) / time) for time in (most * (1 + 1e-9), least * (1 - 1e-9))]
    met = optimize.root_scalar(beyond, bracket=ends, xtol=1e-10)
    return float(np.exp(met.root))
