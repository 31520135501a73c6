"""A dose planned under a protocol: the limit ladder, what was predicted, what looks like a slip.

The server decides here whether there is a plan: a page that offers no button is not the barrier.
mg come first: a volume exists for a chosen vial alone. Nothing is stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from clinic.care.planning_entries import NO_WEIGHT, Entered, read
from clinic.care.refusals import Entries, Problem, Refusal
from ketherapy.dosing import arithmetic, slips
from ketherapy.dosing.arithmetic import Infusion, Injection, Spraying
from ketherapy.dosing.decision import Decision, decide, decision_json
from ketherapy.dosing.dose_check import climbed, order_of
from ketherapy.dosing.double_check import double_check
from ketherapy.dosing.findings import Finding, Severity, ordered
from ketherapy.dosing.ladder import Ladder, asked_of
from ketherapy.dosing.planned import Caps, PlannedDose, Predicted
from ketherapy.dosing.prediction import NotPredicted, predicted
from ketherapy.dosing.products import Spray, Vial, in_unit, product
from ketherapy.dosing.question import Question, read_question
from ketherapy.dosing.rungs import Visit
from ketherapy.errors import ContractError
from ketherapy.pharmacology.covariates import Person
from ketherapy.regimen import Route

FOUR_WEEKS = timedelta(weeks=4)
NO_VOLUME = "No volume is shown for a dose that cannot be planned."
_IN_DECISION = frozenset({"slip.dose", "slip.own_doses", "slip.weight_missing"})
CapsOf = Callable[[str], Caps]
Preparation = Infusion | Injection | Spraying


@dataclass(frozen=True, kw_only=True, slots=True)
class Cumulative:
    """What four weeks come to with this visit."""

    before: float | None  # [mg]; None: not known
    visits: int | None

    def with_dose(self, amount: float) -> float | None:
        """Return the mg of four weeks with ``amount`` given now; None where it is not known."""
        return None if self.before is None else self.before + amount


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """Everything that the planner shows, and whether it is a plan."""

    entered: Entered
    decision: Decision
    ladder: Ladder
    over: float  # [h]
    peak: Predicted | NotPredicted
    slips: tuple[Finding, ...]
    cumulative: Cumulative
    preparation: Preparation | None = None
    not_prepared: str = ""  # why there is no volume, where a vial was chosen
    preparing: tuple[Finding, ...] = ()  # what stands against how it is prepared

    @property
    def amount(self) -> float | None:
        """Return the mg that were asked for."""
        return self.entered.amount

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """Return what stops it: beyond the ladder, a cap not set, a slip, a hold.

        A hold is passed by name and on the record. Nothing is recorded here, so none is passed.
        """
        certain = (one for one in self.preparing if one.severity is Severity.BLOCK)
        typed = (one for one in self.slips if one.stops)
        return (*self.decision.standing, *typed, *certain)

    @property
    def may_be_planned(self) -> bool:
        """Return whether an amount was asked for that nothing stands against."""
        return self.amount is not None and not self.blocking

    @property
    def text(self) -> str:
        """Return the decision as the file that can be replayed."""
        return decision_json(self.decision)

    @property
    def sha256(self) -> str:
        """Return the fingerprint of that file."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def look(entries: Entries, *, caps_of: CapsOf, now: datetime) -> Plan | Refusal:
    """Return what stands for and against the dose that was entered, or why it cannot be read."""
    entered = read(entries, now=now)
    return entered if isinstance(entered, Refusal) else _looked(entered, caps_of, now)


def plan(entries: Entries, *, caps_of: CapsOf, now: datetime) -> Plan | Refusal:
    """Return the plan, or every reason why there is none."""
    found = look(entries, caps_of=caps_of, now=now)
    if isinstance(found, Refusal):
        return found
    problems = tuple(_against(found))
    return Refusal(problems=problems) if problems else found


def _against(found: Plan) -> list[Problem]:
    said = [_problem("amount", "Dose asked for", _sentence(one)) for one in found.blocking]
    if found.amount is None:
        said.append(_problem("amount", "Dose asked for", "Enter the mg that are to be planned."))
    return said


def _sentence(one: Finding) -> str:
    return f"{one.says} {one.limit + '. ' if one.limit else ''}{one.resolves}"


def _problem(field: str, label: str, sentence: str) -> Problem:
    return Problem(field=field, label=label, sentence=sentence)


def _looked(entered: Entered, caps_of: CapsOf, now: datetime) -> Plan:
    visit = Visit(weight=entered.weight, age=entered.age, now=now)
    dose = _dose(entered, caps_of(entered.protocol.id))
    peak = _peak(entered, dose, visit)
    if isinstance(peak, Predicted):
        dose = replace(dose, predicted=peak)
    question = _question(entered, dose, now)
    found = Plan(
        entered=entered, decision=decide(question), ladder=climbed(question), peak=peak,
        over=asked_of(entered.protocol, dose, visit).over,
        slips=ordered(_slips(entered, visit, dose)), cumulative=_cumulative(entered, now),
    )  # fmt: skip
    return _with_preparation(found)


def _dose(entered: Entered, caps: Caps) -> PlannedDose:
    return PlannedDose(
        protocol=entered.protocol.id, phase=entered.phase.id, amount=entered.amount,
        over=entered.over, given=entered.given, caps=caps, on_hand=_on_hand(entered),
    )  # fmt: skip


def _on_hand(entered: Entered) -> float | None:
    if not entered.vial or entered.vials is None:
        return None
    chosen = product(entered.vial)
    if isinstance(chosen, Spray):
        return entered.vials * in_unit(chosen.amount, "mg")
    return entered.vials * chosen.strength * in_unit(chosen.volume, "L")


def _peak(entered: Entered, dose: PlannedDose, visit: Visit) -> Predicted | NotPredicted:
    person = Person(weight=entered.weight, age=entered.age)
    return predicted(entered.protocol, dose, person, visit=visit)


def _question(entered: Entered, dose: PlannedDose, now: datetime) -> Question:
    """Return the question about the dose alone: of the person it asks nothing else."""
    protocol, facts = entered.protocol, {}
    if entered.weight is not None and entered.weighed_at is not None:
        at = entered.weighed_at.isoformat()
        facts["weight"] = {"value": entered.weight, "unit": "kg", "at": at}
    if entered.weight_again is not None:
        facts["weight_again"] = {"value": entered.weight_again, "unit": "kg"}
    if entered.weight_before == NO_WEIGHT:
        facts["weight_before"] = NO_WEIGHT
    elif entered.weight_before is not None:
        facts["weight_before"] = {"value": entered.weight_before, "unit": "kg"}
    if entered.age is not None:
        facts["age"] = {"value": entered.age, "unit": "year"}
    case = protocol.case
    asked = read_question({
        "case": {"drug": case.drug, "route": case.route, "use": case.use, "setting": case.setting},
        "stages": [], "profile": protocol.profile, "now": now.isoformat(), "facts": facts,
    })  # fmt: skip
    return replace(asked, dose=dose)


def _slips(entered: Entered, visit: Visit, dose: PlannedDose) -> tuple[Finding, ...]:
    """Return what the decision is not told of: mg that are not the mg/kg typed beside them."""
    if entered.amount is None or entered.per_kg is None:
        return ()
    asked = asked_of(entered.protocol, dose, visit)
    order = order_of(asked, entered.amount, stated=entered.per_kg)
    return tuple(one for one in slips.order_slips(order) if one.rule not in _IN_DECISION)


def _with_preparation(found: Plan) -> Plan:
    """Return the plan with how it is prepared from what was chosen, or why no volume is shown."""
    entered, amount = found.entered, found.amount
    if amount is None or not entered.vial:
        return found
    if found.blocking:
        return replace(found, not_prepared=NO_VOLUME)
    try:
        made = _prepared(entered, amount, found.over, product(entered.vial))
    except ContractError as error:
        return replace(found, not_prepared=f"Expected {error.expected}. {error.remedy}")
    return replace(found, preparation=made, preparing=ordered(_preparing(entered, made)))


def _prepared(entered: Entered, amount: float, over: float, chosen: Vial | Spray) -> Preparation:
    if isinstance(chosen, Spray):
        return arithmetic.spraying(amount, chosen)
    if entered.protocol.route is not Route.IV:
        return arithmetic.injection(amount, chosen)
    if entered.bag is None or entered.weight is None:
        raise ContractError(
            "preparation", expected="the bag it is filled up to, and a weight", got="none",
            remedy="Choose the concentration of the bag; no volume is shown without it.",
        )  # fmt: skip
    return arithmetic.infusion(
        amount, over, weight=entered.weight, vial=chosen, bag=entered.bag, vein=entered.vein
    )


def _preparing(entered: Entered, made: Preparation) -> tuple[Finding, ...]:
    """Return what stands against the preparation, and what two persons came to."""
    if isinstance(made, Spraying):
        return made.findings
    drawn = made.drawn
    read = (
        found for one in entered.computed
        for found in slips.syringe_slips(
            drawn.amount, one.volume, vial=made.vial, syringe=drawn.syringe)
    )  # fmt: skip
    return (*made.findings, *read, *double_check(drawn.amount, drawn.volume, entered.computed))


def _cumulative(entered: Entered, now: datetime) -> Cumulative:
    if entered.given is None:
        return Cumulative(before=None, visits=None)
    recent = [one for one in entered.given if now - one.at < FOUR_WEEKS]
    known = [one.amount for one in recent if one.amount is not None]
    is_known = len(known) == len(recent)
    return Cumulative(before=sum(known, 0.0) if is_known else None, visits=len(recent))
