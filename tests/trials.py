"""A small design that tests change one thing of at a time."""

from dataclasses import replace

from ketherapy.simulation.trial.design import (
    AnalysisDesign,
    ArmDesign,
    MissingDesign,
    PopulationDesign,
    TrialDesign,
    VisitDesign,
)
from ketherapy.simulation.trial.run_request import Chance, RunRequest

KETAMINE = ArmDesign(
    id="ketamine", drug="ketamine", route="iv", dose="0.5 mg/kg", over="40 min", given=("0 day",)
)
CONTROL = ArmDesign(id="control", control="midazolam")
SMALL = TrialDesign(
    id="small",
    title="A small trial",
    setting="midazolam",
    n=40,
    arms=(KETAMINE, CONTROL),
    visits=VisitDesign(at=("1 day", "3 day", "7 day")),
    analysis=AnalysisDesign(primary="7 day"),
    population=PopulationDesign(weight="70 kg", entry="20 points"),
    missing=MissingDesign(),
    seed=11,
)


def changed(**values) -> TrialDesign:
    """Return the small design with some of its entries, or of its tables, changed."""
    tables = ("population", "visits", "missing", "analysis")
    given = {
        name: replace(getattr(SMALL, name), **value) if name in tables else value
        for name, value in values.items()
    }
    return replace(SMALL, **given)


def request(design=SMALL, **values) -> RunRequest:
    """Return a short run of a design."""
    usual = {"replicates": 60, "chance": Chance.SAMPLING, "pool": 8, "draws": 4}
    return RunRequest(design=design, **(usual | values))
