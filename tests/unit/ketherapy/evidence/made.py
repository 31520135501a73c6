"""Small trials that tests change one thing of at a time."""

from __future__ import annotations

from dataclasses import replace

from ketherapy.evidence.selection import Study
from ketherapy.evidence.trials import (
    About,
    Arm,
    Contrast,
    Control,
    Design,
    Given,
    Kind,
    Masking,
    Outcome,
    Result,
    Trial,
)
from ketherapy.sources import Status

TREATED = Arm(label="ketamine", role="treated", given=Given.KETAMINE, drug="racemic ketamine",
              route="IV")  # fmt: skip
CONTROL = Arm(label="saline", role="control", drug="saline", route="IV")
COUNTED = {"treated": Result(n=20, events=10), "control": Result(n=20, events=5)}
MEASURED = {
    "treated": Result(n=20, mean=14.0, sd=11.0), "control": Result(n=20, mean=20.0, sd=11.0)
}  # fmt: skip
TRIAL = Trial(
    id="one2030", first_author="One", year=2030, source="murrough2013", status=Status.VERIFIED,
    design=Design.PARALLEL, masking=Masking.DOUBLE, condition="major_depression",
    condition_printed="MDD", control=Control.SALINE, control_printed="saline",
    arms={"treated": TREATED, "control": CONTROL},
)  # fmt: skip
OUTCOME = Outcome(
    id="response", kind=Kind.RESPONSE, about=About.DEPRESSION, outcome="response", scale="MADRS",
    definition=">=50% reduction", drop=0.5, timepoint="24 h", at=24.0, source="murrough2013",
    locator="table 2", status=Status.VERIFIED, results=COUNTED,
)  # fmt: skip
CONTRAST = Contrast(
    id="change", contrast="ketamine - saline", treated="treated", control="control",
    kind=Kind.CHANGE, about=About.DEPRESSION, outcome="change", timepoint="24 h", at=24.0,
    measure="MD", favourable="below", printed_measure="MD", estimate=-4.0, low=-8.0, high=0.0,
    source="murrough2013", locator="abstract", status=Status.VERIFIED,
)  # fmt: skip


def study(name: str = "one2030", *, arm: dict[str, object] | None = None, **changed) -> Study:
    """Return a study of its own trial; keys of the outcome and of the trial may be changed."""
    contrast = changed.pop("contrast", None)
    kept = ("id", "source", "status", "note")  # of both: these are the outcome's
    of_trial = {key: changed.pop(key) for key in list(changed) if hasattr(TRIAL, key)
                and key not in kept}  # fmt: skip
    arms = {"treated": replace(TREATED, **(arm or {})), "control": CONTROL}
    trial = replace(TRIAL, id=name, first_author=name, arms=arms, **of_trial)
    outcome = replace(OUTCOME, **changed)
    return Study(trial=trial, outcome=outcome, treated=("treated",), control=("control",),
                 contrast=contrast)  # fmt: skip


def score(name: str = "one2030", **changed) -> Study:
    """Return a study that measured a score."""
    usual = {"kind": Kind.SCORE, "drop": None, "definition": "observed", "results": MEASURED}
    return study(name, **(usual | changed))
