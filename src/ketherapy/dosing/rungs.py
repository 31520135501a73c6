"""What each cap leaves of a dose: one function for each rung of the limit ladder.

A rung that does not apply is not there; one that applies and is not set, or cannot be known,
leaves nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from pydantic.dataclasses import dataclass as record

from ketherapy import units
from ketherapy.dosing.planned import Cap, Given, PlannedDose
from ketherapy.dosing.protocol import Protocol, in_mg
from ketherapy.dosing.protocol_parts import LIMITS, Phase
from ketherapy.records import RECORD
from ketherapy.sources import Status

_WEEK = timedelta(days=7)


class Owner(StrEnum):
    """Whose a cap is."""

    PROTOCOL = "protocol"
    CLINIC = "clinic"
    PRESCRIBER = "prescriber"
    PERSON = "person"
    HISTORY = "history"
    PREDICTION = "prediction"
    STOCK = "stock"


@record(frozen=True, kw_only=True, config=RECORD)
class Step:
    """One rung as the ladder lists it, before anybody stands on it."""

    id: str
    owner: Owner
    title: str
    changed_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Rung:
    """What one cap leaves for this visit."""

    step: Step
    left: float | None  # [mg]; None: the cap is not set, or cannot be known
    says: str
    source: str = ""
    locator: str = ""
    status: Status = Status.CONVENTION

    @property
    def forbids(self) -> bool:
        """Return whether nothing can be given: the cap was not set, or cannot be known."""
        return self.left is None


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """The person and the moment that a dose is planned for."""

    weight: float | None  # [kg]
    age: float | None  # [year]
    now: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What every rung looks at."""

    protocol: Protocol
    phase: Phase
    dose: PlannedDose
    visit: Visit

    @property
    def over(self) -> float:
        """Return the hours over which the dose is given; nothing for one given at once."""
        usual = self.phase.dose.over
        if self.dose.over is not None:
            return self.dose.over
        return 0.0 if usual is None else units.convert(usual.value, usual.unit, to="h")

    @property
    def longest(self) -> float:
        """Return the hours that the phase gives at most; nothing for what it gives at once."""
        usual = self.phase.dose.over
        if usual is None:
            return 0.0
        most = usual.value if usual.high is None else usual.high
        return units.convert(most, usual.unit, to="h")

    @property
    def counted(self) -> float:
        """Return the hours that a cap by the hour is counted over.

        To plan a longer time than the phase has buys no mg, and makes no injection an infusion.
        """
        return min(self.over, self.longest)

    def limit(self, name: str) -> float | None:
        """Return a limit of the protocol that holds now, in its canonical unit."""
        found = self.protocol.in_force(name, self.visit.now.date())
        return None if found is None else units.convert(found.value, found.unit, to=LIMITS[name])

    def rung(self, step: Step, left: float | None, says: str, limit: str = "") -> Rung:
        """Return a rung that stands on a limit of the protocol, or on its phase."""
        found = self.protocol.limits.get(limit)
        given = self.phase.dose.given
        return Rung(
            step=step, left=left, says=says,
            source=(found or given).source or self.protocol.source,
            locator=(found or given).locator,
            status=(found or given).status or self.protocol.status,
        )  # fmt: skip

    def mg(self, dose: float) -> float | None:
        """Return a dose of the phase in mg; None where that needs a weight nobody knows."""
        if self.phase.dose.is_per_kg and self.visit.weight is None:
            return None
        return in_mg(self.phase.dose, dose, weight=self.visit.weight or 1.0, over=self.counted)


def _age(step: Step, asked: Asked) -> Rung:
    low, high = asked.protocol.age_from, asked.protocol.age_below
    if low is None:
        return asked.rung(step, None, "the protocol does not say from which age on it is")
    fits = f"from {units.shown(low.value)} {low.unit}s on"
    if high is not None:
        fits += f", below {units.shown(high.value)} {high.unit}s"
    age, is_in = asked.visit.age, False
    if age is not None:
        ends = math.inf if high is None else units.convert(high.value, high.unit, to="year")
        is_in = units.convert(low.value, low.unit, to="year") <= age < ends
    left = None if age is None else math.inf if is_in else 0.0
    return Rung(
        step=step, left=left, says=fits if age is not None else f"{fits}; the age is not known",
        source=low.source or asked.protocol.source, locator=low.locator,
        status=low.status or asked.protocol.status,
    )  # fmt: skip


def _protocol_visit(step: Step, asked: Asked) -> Rung:
    most = asked.limit("amount_per_visit_max")
    says = "not set by the protocol" if most is None else f"{units.shown(most)} mg in a visit"
    return asked.rung(step, most, says, "amount_per_visit_max")


def _protocol_dose(step: Step, asked: Asked) -> Rung:
    giving = asked.phase.dose
    unit, high = giving.given.unit, giving.span[1]
    says = f"{units.shown(high)} {unit} is the highest dose of {asked.phase.title.lower()}"
    left = asked.mg(high)
    return asked.rung(step, left, says if left is not None else f"{says}; the weight is not known")


def _protocol_first(step: Step, asked: Asked) -> Rung | None:
    begins, first = asked.protocol.phase[0], asked.phase.dose.first
    if asked.dose.given:
        return None
    if asked.phase is not begins:
        return asked.rung(step, 0.0, f"a course begins with {begins.title.lower()}")
    if not first:
        return None
    says = f"{units.shown(max(first))} {asked.phase.dose.given.unit} at the first visit"
    return asked.rung(step, asked.mg(max(first)), says)


def _protocol_step(step: Step, asked: Asked) -> Rung | None:
    furthest, given = asked.phase.dose.step, asked.dose.given
    if furthest is None or not given:
        return None
    last, more = _last_amount(given), asked.mg(furthest.value)
    left = None if last is None or more is None else last + more
    says = f"{units.shown(furthest.value)} {furthest.unit} above the last dose"
    return Rung(
        step=step, left=left, says=says if last is not None else f"{says}, which is not known",
        source=furthest.source or asked.protocol.source, locator=furthest.locator,
        status=furthest.status or asked.protocol.status,
    )  # fmt: skip


def _last_amount(given: tuple[Given, ...]) -> float | None:
    """Return the mg of the last dose; of several at that moment the lowest, None if one is."""
    at = max(one.at for one in given)
    amounts = [one.amount for one in given if one.at == at]
    known = [amount for amount in amounts if amount is not None]
    return min(known) if len(known) == len(amounts) else None


def _weight(step: Step, asked: Asked) -> Rung | None:
    """Return the lower of what the weight leaves of a visit, and of a dose given at once."""
    names = ["amount_per_visit_per_kg_max", *(["bolus_per_kg_max"] if asked.counted == 0.0 else [])]
    found = [(most, name) for name in names if (most := asked.limit(name)) is not None]
    if not found:
        return None
    most, name = min(found)
    weight = asked.visit.weight
    says = f"{units.shown(most)} mg/kg" + ("; the weight is not known" if weight is None else "")
    return asked.rung(step, None if weight is None else most * weight, says, name)


def _rate(step: Step, asked: Asked) -> Rung | None:
    """Return the lower of what the fastest rate leaves, by the hour or by the hour and kg."""
    weight, by_kg = asked.visit.weight, asked.limit("rate_per_kg_max")
    flat = asked.limit("rate_max")
    if flat is None and by_kg is None:
        return None
    if by_kg is not None and weight is None:
        says = f"{units.shown(by_kg)} mg/kg/h; the weight is not known"
        return asked.rung(step, None, says, "rate_per_kg_max")
    rates = {} if flat is None else {"rate_max": flat}
    if by_kg is not None:
        rates["rate_per_kg_max"] = by_kg * (weight or 0.0)
    name = min(rates, key=rates.__getitem__)
    minutes = units.convert(asked.counted, "h", to="min")
    says = f"{units.shown(rates[name])} mg/h over {units.shown(minutes)} min"
    return asked.rung(step, rates[name] * asked.counted, says, name)


def _time(step: Step, asked: Asked) -> Rung | None:
    shortest = asked.limit("over_min")
    if shortest is None:
        return None
    says = f"over {units.shown(units.convert(shortest, 'h', to='min'))} min or longer"
    # an hour divided and multiplied again is not quite an hour
    is_long = asked.over >= shortest * (1.0 - 1e-9)
    return asked.rung(step, math.inf if is_long else 0.0, says, "over_min")


def _apart(step: Step, asked: Asked) -> Rung | None:
    least, given = asked.limit("apart_min"), asked.dose.given
    if least is None or given == ():
        return None
    if given is None:
        return asked.rung(step, None, "what was given before is not known", "apart_min")
    last = max(one.at for one in given)
    may_from = last + timedelta(hours=least)
    says = f"{units.shown(least)} h from the last visit, so from {may_from:%Y-%m-%d %H:%M %Z}"
    return asked.rung(step, math.inf if asked.visit.now >= may_from else 0.0, says, "apart_min")


def _week_amount(step: Step, asked: Asked) -> Rung | None:
    return _cumulative(step, asked, "amount_per_week_max", _WEEK)


def _course_amount(step: Step, asked: Asked) -> Rung | None:
    return _cumulative(step, asked, "amount_per_course_max", None)


def _cumulative(step: Step, asked: Asked, name: str, within: timedelta | None) -> Rung | None:
    most = asked.limit(name)
    if most is None:
        return None
    so_far = _so_far(asked, within)
    return asked.rung(step, _left(most, so_far), _of(most, so_far), name)


def _week_visits(step: Step, asked: Asked) -> Rung | None:
    return _counted(step, asked, "visits_per_week_max", _WEEK)


def _course_visits(step: Step, asked: Asked) -> Rung | None:
    return _counted(step, asked, "visits_per_course_max", None)


def _counted(step: Step, asked: Asked, name: str, within: timedelta | None) -> Rung | None:
    most, given = asked.limit(name), asked.dose.given
    if most is None:
        return None
    if given is None:
        return asked.rung(step, None, "what was given before is not known", name)
    seen = len([one for one in given if _is_within(one.at, asked.visit.now, within)])
    says = f"{seen} of {units.shown(most)} visits used"
    return asked.rung(step, math.inf if seen < most else 0.0, says, name)


def _clinic_visit(step: Step, asked: Asked) -> Rung:
    return _capped(step, asked.dose.caps.clinic_visit, 0.0)


def _clinic_week(step: Step, asked: Asked) -> Rung:
    return _capped(step, asked.dose.caps.clinic_week, _so_far(asked, _WEEK))


def _clinic_course(step: Step, asked: Asked) -> Rung:
    return _capped(step, asked.dose.caps.clinic_course, _so_far(asked, None))


def _prescriber_visit(step: Step, asked: Asked) -> Rung:
    return _capped(step, asked.dose.caps.prescriber_visit, 0.0)


def _capped(step: Step, cap: Cap | None, so_far: float | None) -> Rung:
    """Return what somebody's own cap leaves; one that nobody set leaves nothing."""
    if cap is None:
        return Rung(step=step, left=None, says="not set")
    by = f"by {cap.set_by}: {cap.reason}"
    if cap.most is None:
        return Rung(step=step, left=math.inf, says=f"none, {by}")
    return Rung(step=step, left=_left(cap.most, so_far), says=f"{_of(cap.most, so_far)}, {by}")


def _predicted_peak(step: Step, asked: Asked) -> Rung:
    cap, predicted = asked.dose.caps.peak, asked.dose.predicted
    if cap is None or cap.most is None:
        return _capped(step, cap, 0.0)
    most = units.shown(1000.0 * cap.most)
    if predicted is None:
        return Rung(step=step, left=None, says=f"{most} ng/mL, and no peak was predicted")
    if not math.isclose(predicted.over, asked.over, rel_tol=1e-9):
        return Rung(step=step, left=None, says=f"{most} ng/mL, and predicted over another time")
    # levels are proportional to the dose in every model that predicts them here
    left = predicted.amount * cap.most / predicted.high
    says = (
        f"{most} ng/mL; {units.shown(predicted.amount)} mg is predicted to reach "
        f"{units.shown(1000.0 * predicted.low)} to {units.shown(1000.0 * predicted.high)} ng/mL "
        f"({predicted.band}, {predicted.model}), by {cap.set_by}: {cap.reason}"
    )
    return Rung(step=step, left=left, says=says, status=Status.DERIVED)


def _vial(step: Step, asked: Asked) -> Rung | None:
    held = asked.dose.on_hand
    return (
        None
        if held is None
        else Rung(step=step, left=held, says=f"{units.shown(held)} mg in the chosen vials")
    )


def _so_far(asked: Asked, within: timedelta | None) -> float | None:
    """Return the mg given within that time before now, or ever; None where any is not known."""
    given = asked.dose.given
    if given is None:
        return None
    amounts = [one.amount for one in given if _is_within(one.at, asked.visit.now, within)]
    known = [amount for amount in amounts if amount is not None]
    # exact, so that the order in which doses are told changes nothing
    return math.fsum(known) if len(known) == len(amounts) else None


def _is_within(at: datetime, now: datetime, within: timedelta | None) -> bool:
    return within is None or now - at < within


def _left(most: float, so_far: float | None) -> float | None:
    return None if so_far is None else max(0.0, most - so_far)


def _of(most: float, so_far: float | None) -> str:
    if so_far is None:
        return f"{units.shown(most)} mg, less what was given before, which is not known"
    return f"{units.shown(most)} mg" + (f", less {units.shown(so_far)} mg given" if so_far else "")


RUNGS: Mapping[str, Callable[[Step, Asked], Rung | None]] = MappingProxyType(
    {
        "age": _age,
        "protocol_visit": _protocol_visit,
        "protocol_dose": _protocol_dose,
        "protocol_first": _protocol_first,
        "protocol_step": _protocol_step,
        "weight": _weight,
        "rate": _rate,
        "time": _time,
        "apart": _apart,
        "week_amount": _week_amount,
        "week_visits": _week_visits,
        "course_amount": _course_amount,
        "course_visits": _course_visits,
        "clinic_visit": _clinic_visit,
        "clinic_week": _clinic_week,
        "clinic_course": _clinic_course,
        "prescriber_visit": _prescriber_visit,
        "predicted_peak": _predicted_peak,
        "vial": _vial,
    }
)
