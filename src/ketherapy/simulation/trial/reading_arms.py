"""The arms of a design: who is compared with whom, and what each is given when."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.pharmacology.effects.catalog import effect
from ketherapy.regimen import Drug, Regimen, Route
from ketherapy.simulation.mechanism.offered import offered
from ketherapy.simulation.request import Refusal, SimulationRequest, read_request
from ketherapy.simulation.request_person import chosen
from ketherapy.simulation.trial import reading_times
from ketherapy.simulation.trial.design import ArmDesign, TrialDesign
from ketherapy.simulation.trial.planned import Arm, Treatment, shared_out

_MOST_PEOPLE = 100_000
_MOST_DOSES = 400
_AS_TYPED = "70 kg"  # where people differ, a dose is checked as that of somebody of this weight


def arms(design: TrialDesign) -> tuple[Arm, ...]:
    """Return the arms, the control first.

    Errors  ContractError as ``treatment`` and ``counts``
    """
    found = [
        Arm(id=asked.id, text=_text(asked), n=n, treatment=treatment(design, k))
        for k, (asked, n) in enumerate(zip(design.arms, counts(design), strict=True))
    ]
    is_control = {asked.id: asked.control is not None for asked in design.arms}
    return tuple(sorted(found, key=lambda arm: not is_control[arm.id]))


def refuse_no_control(design: TrialDesign) -> None:
    """Refuse arms that are not told apart, or have no control or several.

    Errors  ContractError that says so
    """
    ids = [arm.id for arm in design.arms]
    controls = [arm.id for arm in design.arms if arm.control is not None]
    if len(controls) != 1 or len(ids) < 2 or len(set(ids)) != len(ids):
        raise ContractError(
            "arms", expected="two or more with ids of their own, one of them the control",
            got=f"{', '.join(ids) or 'no arm'}; control: {', '.join(controls) or 'none'}",
            remedy="Mark one with control = 'saline', 'midazolam', 'placebo spray', 'active' or"
            " 'open'.",
        )  # fmt: skip


def counts(design: TrialDesign) -> tuple[int, ...]:
    """Return how many people each arm gets, in the order of the design.

    Errors  ContractError for nobody, far too many, a ratio below one, or an empty arm
    """
    ratios = tuple(arm.ratio for arm in design.arms)
    if not 1 <= design.n <= _MOST_PEOPLE:
        raise ContractError(
            "n", expected=f"1 to {_MOST_PEOPLE:,} people", got=design.n, remedy="Correct it."
        )
    if not ratios or min(ratios) < 1:
        raise ContractError(
            "allocation", expected="a whole number from 1 for each arm", got=ratios,
            remedy="An arm without people is no arm: leave it out.",
        )  # fmt: skip
    found = shared_out(design.n, ratios)
    # two in each arm, and one more than there are means and slopes, so that a variance is left
    if min(found) < 2 or design.n < len(found) + 3:
        raise ContractError(
            "arms", expected="at least two people in each, and three more than there are arms",
            got=found, remedy="Randomise more people.",
        )  # fmt: skip
    return found


def treatment(design: TrialDesign, place: int) -> Treatment | None:
    """Return what the arm at ``place`` is given, or None for nothing that acts.

    Errors  ContractError for a drug that the mood model is not for, one in an inactive control,
            none in another arm, a route that mood was not studied for, sessions that overlap or
            come after the last visit, or a dose or schedule that cannot be
    """
    asked = design.arms[place]
    is_active = asked.control in (None, "active")
    typed = [name for name in ("drug", "route", "dose", "over") if getattr(asked, name)]
    if not is_active:
        if typed or asked.given or asked.every or asked.count is not None or asked.model:
            raise ContractError(
                f"arm {asked.id}", expected=f"nothing that acts: its control is {asked.control}",
                got=", ".join(typed) or "a schedule", remedy="Leave it out, or write 'active'.",
            )  # fmt: skip
        return None
    _refuse_other_drugs(asked)
    _refuse_other_routes(asked)
    one = _session(design, asked)
    starts = _starts(asked)
    _refuse_overlap(asked, starts, one.regimen)
    _refuse_late(asked, starts, reading_times.visits(design)[-1])
    doses = tuple(dose.later(start) for start in starts for dose in one.regimen.doses)
    return Treatment(regimen=Regimen(doses=doses), is_per_kg=_is_per_kg(asked), model=one.models[0])


def _refuse_other_drugs(asked: ArmDesign) -> None:
    if not asked.drug:
        raise ContractError(
            f"arm {asked.id}", expected="a drug, or control = 'saline' and the like", got=None,
            remedy="An empty arm is none: say what is given.",
        )  # fmt: skip
    mood = effect("mood")
    offered = ", ".join(drug.value for drug in mood.drugs)
    known = {drug.value for drug in Drug}
    if asked.drug not in known or chosen("drug", Drug, asked.drug) not in mood.drugs:
        raise ContractError(
            f"drug of arm {asked.id}", expected=f"one the mood model was made for: {offered}",
            got=asked.drug, remedy="Of any other nothing is predicted.",
        )  # fmt: skip


def _refuse_other_routes(asked: ArmDesign) -> None:
    """Refuse a route that mood was not studied for; a word that is no route is read later."""
    studied = [route.value for route in offered().ways]
    if asked.route in [route.value for route in Route] and asked.route not in studied:
        raise ContractError(
            f"route of arm {asked.id}", expected=" or ".join(studied), got=asked.route,
            remedy="Mood was studied for these two.",
        )  # fmt: skip


def _refuse_overlap(asked: ArmDesign, starts: tuple[float, ...], session: Regimen) -> None:
    lasts = max(dose.ends for dose in session.doses)
    if any(late < early + lasts - 1e-9 for early, late in pairwise(starts)):
        raise ContractError(
            f"schedule of arm {asked.id}", expected="sessions that end before the next one starts",
            got=", ".join(asked.given) or f"every {asked.every}",
            remedy=f"A session lasts {units.shown(lasts * 60.0)} min.",
        )  # fmt: skip


def _refuse_late(asked: ArmDesign, starts: tuple[float, ...], last: float) -> None:
    if starts[-1] >= last - 1e-9:
        raise ContractError(
            f"schedule of arm {asked.id}", expected="every session before the last visit",
            got=f"one after {units.shown(starts[-1] / reading_times.DAY)} days",
            remedy="Nobody would be rated after it: leave it out, or rate later.",
        )  # fmt: skip


def _is_per_kg(asked: ArmDesign) -> bool:
    _, unit = units.split(asked.dose, what=f"dose of arm {asked.id}", example="0.5 mg/kg")
    return units.same_kind(unit, "mg/kg")


def _session(design: TrialDesign, asked: ArmDesign) -> SimulationRequest:
    """Return one session, its amount per kg where the dose is written so."""
    typed = {"drug": asked.drug, "route": asked.route, "dose": asked.dose, "over": asked.over}
    is_per_kg = _is_per_kg(asked)
    typed["weight"] = design.population.weight or _AS_TYPED
    found = read_request(typed, models=[asked.model] if asked.model else ())
    if isinstance(found, Refusal):
        sentences = " ".join(problem.sentence for problem in found.problems)
        raise ContractError(
            f"arm {asked.id}", expected="a dose that can be given", got=asked.dose,
            remedy=sentences,
        )  # fmt: skip
    if is_per_kg:
        amount = units.read(asked.dose, what="dose", to="mg/kg", example="0.5 mg/kg")
        each = tuple(replace(dose, amount=amount) for dose in found.regimen.doses)
        found = replace(found, regimen=Regimen(doses=each))
    return found


def _starts(asked: ArmDesign) -> tuple[float, ...]:
    """Return when each session starts [h]."""
    what = f"schedule of arm {asked.id}"
    if bool(asked.given) == bool(asked.every or asked.count is not None):
        raise ContractError(
            what, expected="either 'given', or 'every' and 'count'",
            got="both" if asked.given else None, remedy="Write one of them.",
        )  # fmt: skip
    if asked.given:
        found = tuple(reading_times.hours(text, what=what) for text in asked.given)
    else:
        every = reading_times.hours(asked.every, what=what) if asked.every else math.nan
        found = tuple(k * every for k in range(asked.count or 0))
    in_order = all(early < late for early, late in pairwise(found))
    if not (1 <= len(found) <= _MOST_DOSES and found[0] == 0.0 and in_order):
        raise ContractError(
            what, expected=f"1 to {_MOST_DOSES} sessions in order, the first at 0",
            got=", ".join(asked.given) or f"every {asked.every or 'nothing'}, {asked.count} times",
            remedy="Time is counted from the first dose.",
        )  # fmt: skip
    return found


def _text(asked: ArmDesign) -> str:
    if asked.control not in (None, "active"):
        return str(asked.control)
    over = f" over {asked.over}" if asked.over else ""
    sessions = len(asked.given) or asked.count or 0
    beside = " (control)" if asked.control else ""
    times = "one session" if sessions == 1 else f"{sessions} sessions"
    return f"{asked.drug} {asked.dose} {asked.route}{over}, {times}{beside}"
