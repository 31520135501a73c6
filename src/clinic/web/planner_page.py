"""What the planner shows of a dose: its ladder, what was found, what it is predicted to do."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.care.planning import Plan
from clinic.care.practice_caps import leaving_level
from clinic.explore.predictions import Refusal
from clinic.web import predict, predict_effects
from clinic.web.charts.rungs import Cap, CapLadder, ladder_drawings, ladder_table
from clinic.web.charts.words import duration, level, number
from ketherapy.dosing.arithmetic import Infusion, Spraying
from ketherapy.dosing.findings import Finding, Severity
from ketherapy.dosing.planned import Predicted
from ketherapy.dosing.rungs import Rung
from ketherapy.regimen import Route
from ketherapy.sources import cite

_NG, _MIN, _ML = 1000.0, 60.0, 1000.0
WORDS = {
    Severity.BLOCK: ("Stopped", "block"),
    Severity.HOLD: ("Held: look again", "hold"),
    Severity.CAUTION: ("Mind", "caution"),
    Severity.INFO: ("Told", "info"),
}
_OWNERS = {
    "protocol": "the protocol", "clinic": "this clinic", "prescriber": "the prescriber",
    "person": "this person", "history": "what was given before",
    "prediction": "the prediction", "stock": "the cupboard",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """One finding, with the words and the shape of its gravity."""

    finding: Finding
    word: str
    kind: str
    citation: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """The ladder drawn, with its table."""

    key: str
    charts: tuple[str, ...]
    table: object


def shown(plan: Plan) -> dict[str, object]:
    """Return everything that the page shows of a dose."""
    ladder = _ladder(plan)
    findings = (*plan.decision.findings, *plan.slips, *plan.preparing)
    return {
        "plan": plan,
        "ladder": Drawn(key="ladder", charts=ladder_drawings(ladder), table=ladder_table(ladder)),
        "binding": [cap for cap in ladder.caps if cap.is_binding],
        "most": f"{number(plan.ladder.most, digits=4)} mg",
        "asked": _asked(plan),
        "findings": [_said(one) for one in sorted(findings, key=lambda one: -one.severity)],
        "readouts": list(_readouts(plan)),
        "preparation": plan.preparation,
        "volume": _volume(plan),
        **_predicted(plan),
    }


def _asked(plan: Plan) -> str:
    return "" if plan.amount is None else f"{number(plan.amount, digits=4)} mg"


def _ladder(plan: Plan) -> CapLadder:
    caps = tuple(_cap(one, is_binding=one in plan.ladder.binding) for one in plan.ladder.rungs)
    return CapLadder(caps=caps, asked=plan.amount)


def _cap(one: Rung, *, is_binding: bool) -> Cap:
    where = f", {one.locator}" if one.locator else ""
    return Cap(
        title=one.step.title, left=one.left, says=one.says, owner=_OWNERS[one.step.owner],
        source=f"{cite(one.source)}{where} ({one.status})" if one.source else f"({one.status})",
        changed_by=one.step.changed_by, is_binding=is_binding,
        is_set=not one.says.startswith("not set"),
    )  # fmt: skip


def _said(one: Finding) -> Said:
    word, kind = WORDS[one.severity]
    return Said(finding=one, word=word, kind=kind, citation=cite(one.source))


def _readouts(plan: Plan) -> list[tuple[str, str, str]]:
    """Return what is read out of the plan: a title, a value, and what is beside it."""
    peak, told = plan.peak, plan.cumulative
    found: list[tuple[str, str, str]] = []
    if isinstance(peak, Predicted):
        ends = f"{number(_NG * peak.low)} to {level(_NG * peak.high)}"
        beside = f"predicted for {number(peak.amount, digits=4)} mg; {peak.band}; {peak.model}"
        found.append(("Highest level", ends, f"{beside}; {peak.engine}"))
    else:
        found.append(("Highest level", "not predicted", peak.reason))
    if plan.amount is not None:
        total = told.with_dose(plan.amount)
        words = "not known" if total is None else f"{number(total, digits=4)} mg"
        visits = "" if told.visits is None else f"after {told.visits} visits in these weeks"
        found.append(("In four weeks, with this visit", words, visits))
    return found


def _volume(plan: Plan) -> list[tuple[str, str]]:
    """Return the volumes and rates of a preparation; nothing before a vial was chosen."""
    made = plan.preparation
    if made is None:
        return []
    if isinstance(made, Spraying):
        at = ", ".join(f"{number(_MIN * start)} min" for start in made.starts)
        return [("Devices", str(len(made.starts))), ("Each begins at", at)]
    found = [
        ("Draw", f"{number(_ML * made.drawn.volume, digits=4)} mL of {made.vial.name}"),
        ("That is", f"{number(made.drawn.amount, digits=4)} mg"),
    ]
    if isinstance(made, Infusion):
        found += [
            ("Fill up to", f"{number(_ML * made.total, digits=4)} mL"),
            ("Pump", f"{number(_ML * made.rate, digits=4)} mL/h for {duration(_MIN * made.over)}"),
        ]
    return found


def _predicted(plan: Plan) -> dict[str, object]:
    """Return the predicted curves of the dose, or why there are none."""
    if plan.amount is None:
        return {"no_curves": "Curves are drawn once a dose is asked for."}
    entries = _entries(plan, plan.amount)
    outcome = predict.asked(entries)
    if isinstance(outcome, Refusal):
        return {"no_curves": " ".join(one.sentence for one in outcome.problems)}
    page = predict.drawn(outcome, entries)
    page |= predict_effects.part(entries, predict.of_levels(entries), is_inline=True)
    return {f"{name}": value for name, value in page.items() if name != "problems"}


def _entries(plan: Plan, amount: float) -> predict.Entries:
    entered, limit = plan.entered, leaving_level()
    over = f"{_MIN * plan.over:.10g} min" if plan.over else "bolus"
    given = {
        "drug": entered.protocol.drug.value,
        "route": entered.protocol.route.value,
        "dose": f"{amount:.10g} mg",
        "over": over if entered.protocol.route is Route.IV else "",
        "weight": "" if entered.weight is None else f"{entered.weight:.10g} kg",
        "age": "" if entered.age is None else f"{entered.age:.10g} years",
        "until": "",
        "leaving_level": f"{limit.value:g} {limit.unit}",
    }
    empty: predict.Entries = dict.fromkeys(predict.WORKED_EXAMPLE, ())
    return {
        **empty,
        "show": ("total",),
        "effects": ("pressure", "dissociation"),
        "setting": ("midazolam",),
        **{name: (value,) if value else () for name, value in given.items()},
    }
