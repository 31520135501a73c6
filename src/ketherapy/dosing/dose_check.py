"""What the limit ladder and the protocol have to say of a planned dose, as findings."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from ketherapy import units
from ketherapy.dosing.facts import NONE, Facts, Observation
from ketherapy.dosing.findings import Finding, Severity
from ketherapy.dosing.ladder import Ladder, asked_of, climb
from ketherapy.dosing.planned import PlannedDose
from ketherapy.dosing.protocol import Protocol, advised, protocol
from ketherapy.dosing.question import Checked, Question
from ketherapy.dosing.rulebook import profile
from ketherapy.dosing.rungs import Asked, Rung, Visit
from ketherapy.dosing.slips import Order, Span, order_slips
from ketherapy.dosing.version import Jurisdiction, used
from ketherapy.dosing.weighing import Weighing, weight_slips
from ketherapy.errors import ContractError

_OF_NOBODY = frozenset({Jurisdiction.CONSENSUS, Jurisdiction.CLINIC})
_HOLDS_IN = {  # the text of the European protocols was read in the United Kingdom's
    Jurisdiction.US: {Jurisdiction.US},
    Jurisdiction.EU: {Jurisdiction.EU, Jurisdiction.UK},
    Jurisdiction.UK: {Jurisdiction.UK},
    Jurisdiction.CH: {Jurisdiction.CH},
}
_EQUAL = 1e-9  # relative: an amount that was multiplied and divided again is the same amount


def dose_checked(question: Question) -> Checked:
    """Return what stands against the planned dose, and nothing where none is planned.

    Errors  ContractError for a protocol that is not about the case, or a phase it does not have
    """
    if question.dose is None:
        return Checked()
    asked = _asked(question, question.dose)
    found, reached = asked.protocol, climb(asked)
    findings = [*_unset(found, reached), *_beyond(asked, reached)]
    findings += [*_longer(asked), *_dose_of_phase(asked), *_advice(asked)]
    findings += _slips(question, asked)
    return Checked(findings=tuple(findings), used=(used(found, question.now),))


def climbed(question: Question) -> Ladder:
    """Return the ladder of the planned dose; one without rungs where none is planned.

    Errors  ContractError for a protocol that is not about the case, or a phase it does not have
    """
    if question.dose is None:
        return Ladder(rungs=())
    return climb(_asked(question, question.dose))


def _asked(question: Question, dose: PlannedDose) -> Asked:
    found = protocol(dose.protocol)
    refuse_other_case(question, found, "dose.protocol")
    return asked_of(found, dose, visit_of(question))


def visit_of(question: Question) -> Visit:
    """Return the person and the moment that a dose is planned for."""
    return Visit(
        weight=_number(question.facts, "weight"),
        age=_number(question.facts, "age"),
        now=question.now,
    )


def _number(facts: Facts, name: str) -> float | None:
    seen = facts.get(name)
    return None if seen is None else float(str(seen.value))


def _before_now(facts: Facts) -> float | Literal["none"] | None:
    """Return the weight at an earlier visit, or that there was none; None where nobody knows."""
    seen = facts.get("weight_before")
    if seen is not None and seen.value == NONE:
        return "none"
    return _number(facts, "weight_before")


def refuse_other_case(question: Question, found: Protocol, what: str) -> None:
    """Refuse a protocol that is not about the case of the question.

    Errors  ContractError naming ``what`` named it
    """
    if found.case != question.case:
        raise ContractError(
            what, expected="a protocol for the drug, route, use and setting of the case",
            got=found.id, remedy="Name the protocol that this case is treated under.",
        )  # fmt: skip
    theirs = profile(question.profile).jurisdiction
    if found.jurisdiction not in _OF_NOBODY and theirs not in _HOLDS_IN[found.jurisdiction]:
        raise ContractError(
            what, expected=f"a protocol that holds where the rules of {theirs} do", got=found.id,
            remedy="Two jurisdictions are never merged: choose the rules, or the protocol, anew.",
        )  # fmt: skip


def _unset(found: Protocol, reached: Ladder) -> Iterator[Finding]:
    for rung in reached.unset:
        yield _finding(
            found, rung, Severity.HOLD,
            says=f"No dose can be planned while this is not set or known: {rung.step.title}.",
            observed=rung.says, asks=(rung.step.id,),
        )  # fmt: skip


def _beyond(asked: Asked, reached: Ladder) -> Iterator[Finding]:
    amount = asked.dose.amount
    if amount is None or reached.unset or amount <= reached.most * (1.0 + _EQUAL):
        return
    for rung in reached.binding:
        yield _finding(
            asked.protocol, rung, Severity.BLOCK,
            says=f"No more than {units.shown(reached.most)} mg may be planned for this visit.",
            observed=f"{units.shown(amount)} mg planned",
        )  # fmt: skip


def _finding(
    found: Protocol,
    rung: Rung,
    severity: Severity,
    *,
    says: str,
    observed: str,
    asks: tuple[str, ...] = (),
) -> Finding:
    return Finding(
        rule=f"limit.{rung.step.id}", severity=severity, says=says, observed=observed,
        limit=f"{rung.step.title}: {rung.says}",
        resolves=f"Who may change it: {rung.step.changed_by}.",
        source=rung.source or "ketherapy", locator=rung.locator, status=rung.status,
        jurisdiction=found.jurisdiction if rung.source else Jurisdiction.CLINIC, asks=asks,
    )  # fmt: skip


def _dose_of_phase(asked: Asked) -> Iterator[Finding]:
    """Give what is said of a dose that is none of those the phase offers."""
    giving, amount = asked.phase.dose, asked.dose.amount
    known = [mg for one in giving.choices if (mg := asked.mg(one)) is not None]
    if amount is None or not known:  # without a weight the ladder asks for it
        return
    observed, unit = f"{units.shown(amount)} mg planned", giving.given.unit
    if giving.choices and not any(_equal(amount, mg) for mg in known):
        said = ", ".join(units.shown(one) for one in giving.choices)
        yield _of_protocol(
            asked, "dose.choices", Severity.BLOCK, observed=observed,
            says=f"Only {said} {unit} can be given under this protocol.",
            limit=f"{said} {unit}", locator=giving.given.locator,
        )  # fmt: skip


def _longer(asked: Asked) -> Iterator[Finding]:
    """Give that the time planned is longer than the phase has: slower, or hours for minutes."""
    planned, longest = (
        units.convert(hours, "h", to="min") for hours in (asked.over, asked.longest)
    )
    if asked.over > asked.longest * (1.0 + _EQUAL):
        giving = asked.phase.dose
        yield _of_protocol(
            asked, "dose.over", Severity.HOLD,
            says="The time planned is longer than the protocol has it.",
            observed=f"over {units.shown(planned)} min planned",
            limit=f"over {units.shown(longest)} min" if giving.over else "at once",
            locator=(giving.over or giving.given).locator,
        )  # fmt: skip


def _equal(one: float, other: float) -> bool:
    return abs(one - other) <= _EQUAL * other


def _advice(asked: Asked) -> Iterator[Finding]:
    """Give what the protocol tells a plan of: an amount too small to expect much of, and such."""
    amount = asked.dose.amount
    if amount is None:
        return
    said = advised(asked.protocol, amount=amount, over=asked.over, weight=asked.visit.weight)
    for place, one in enumerate(said, start=1):
        yield Finding(
            rule=one.rule or f"dose.advice.{place}", severity=Severity.CAUTION, says=one.says,
            observed=f"{units.shown(amount)} mg over {units.shown(asked.over)} h planned",
            limit=f"{one.of.replace('_', ' ')} {one.is_} {units.shown(one.value)} {one.unit}",
            resolves="Plan otherwise, or go on knowing it.", source=one.source,
            locator=one.locator, status=one.status, jurisdiction=asked.protocol.jurisdiction,
        )  # fmt: skip


def _slips(question: Question, asked: Asked) -> Iterator[Finding]:
    """Give what looks like a slip of the hand in the dose, or in the weight that it rests on."""
    giving, weight = asked.phase.dose, question.facts.get("weight")
    if giving.is_per_kg:
        yield from weight_slips(
            None if weight is None else _weighing(weight, question.now),
            again=_number(question.facts, "weight_again"),
            before=_before_now(question.facts),
        )
    if asked.dose.amount is not None and not (giving.is_per_kg and weight is None):
        yield from order_slips(order_of(asked, asked.dose.amount))


def order_of(asked: Asked, amount: float, *, stated: float | None = None) -> Order:
    """Return a dose of ``amount`` as the checks of slips see it.

    Units   amount mg, stated mg/kg as it was typed beside
    """
    giving = asked.phase.dose
    hours = asked.counted if giving.is_rate else 1.0
    unit = f"mg{'/kg' if giving.is_per_kg else ''}{'/h' if giving.is_rate else ''}"
    low, high = (units.convert(end, giving.given.unit, to=unit) * hours for end in giving.span)
    return Order(
        dose=amount, allowed=Span(low=low, high=high), is_per_kg=giving.is_per_kg,
        weight=asked.visit.weight, most=_most(asked), stated=stated, before=_before(asked),
    )  # fmt: skip


def _weighing(weight: Observation, now: datetime) -> Weighing:
    """Return a weight and its age; one of unknown age is as old as can be."""
    ago = math.inf if weight.at is None else (now - weight.at) / timedelta(hours=1)
    return Weighing(weight=float(str(weight.value)), ago=ago)


def _most(asked: Asked) -> float | None:
    """Return the least of the protocol's own caps on a visit, whatever the dose by weight."""
    rate = asked.limit("rate_max")
    caps = [asked.limit("amount_per_visit_max"), None if rate is None else rate * asked.counted]
    return min((one for one in caps if one is not None), default=None)


def _before(asked: Asked) -> tuple[float, ...]:
    """Return the mg of the person's own doses that are known, the latest last."""
    given = sorted(asked.dose.given or (), key=lambda one: one.at)
    return tuple(one.amount for one in given if one.amount is not None)


def _of_protocol(
    asked: Asked,
    rule: str,
    severity: Severity,
    *,
    says: str,
    observed: str,
    limit: str,
    locator: str,
) -> Finding:
    return Finding(
        rule=rule, severity=severity, says=says, observed=observed, limit=limit,
        resolves="Plan another dose, or treat under another protocol.",
        source=asked.protocol.source, locator=locator, status=asked.protocol.status,
        jurisdiction=asked.protocol.jurisdiction,
    )  # fmt: skip
