"""What the usual dose of a protocol is predicted to do, for a body weight that a reader chose."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from clinic.explore.predictions import Refusal
from clinic.web import predict, predict_effects
from clinic.web.charts.words import number
from ketherapy.dosing.protocol import Protocol, protocol, regimen
from ketherapy.errors import ContractError
from ketherapy.regimen import Route
from ketherapy.units import convert, read

USUAL_WEIGHT = "71 kg"  # what a page opens with: of nobody
_EFFECTS = ("pressure", "dissociation")


@dataclass(frozen=True, kw_only=True, slots=True)
class NotDrawn:
    """Why there are no curves, and whether the weight that was typed is the reason."""

    sentence: str
    is_of_weight: bool = False


def curves(protocol_id: str, weight: str) -> dict[str, object] | NotDrawn:
    """Return the curves of the first phase's usual dose, or why there are none."""
    try:
        kg = read(weight, what="weight", to="kg", example=USUAL_WEIGHT)
        given = regimen(protocol(protocol_id), weight=kg)
    except ContractError as error:
        return NotDrawn(sentence=f"Expected {error.expected}. {error.remedy}", is_of_weight=True)
    return _drawn(protocol_id, kg, given.total)


@lru_cache(maxsize=64)
def _drawn(protocol_id: str, kg: float, amount: float) -> dict[str, object] | NotDrawn:
    entries = _entries(protocol(protocol_id), kg, amount)
    outcome = predict.asked(entries)
    if isinstance(outcome, Refusal):
        return NotDrawn(sentence=" ".join(one.sentence for one in outcome.problems))
    found = protocol(protocol_id)
    said = f"the usual dose of {found.title}, for {number(kg)} kg"  # and no mg of anybody
    page = predict.drawn(replace(outcome, regimen=said), entries)
    page |= predict_effects.part(entries, predict.of_levels(entries), is_inline=True)
    picture = page.get("picture")
    if isinstance(picture, dict):  # nobody types limits here
        page["picture"] = picture | {"asks_nothing": False}
    return page | {"weight": number(kg)}


def _entries(found: Protocol, kg: float, amount: float) -> predict.Entries:
    over = found.dose.over
    hours = 0.0 if over is None else convert(over.value, over.unit, to="h")
    text = f"{60.0 * hours:.10g} min" if hours else "bolus"
    given = {
        "drug": found.drug.value, "route": found.route.value, "dose": f"{amount:.10g} mg",
        "over": text if found.route is Route.IV else "", "weight": f"{kg:.10g} kg",
    }  # fmt: skip
    empty: predict.Entries = dict.fromkeys(predict.WORKED_EXAMPLE, ())
    shown = {"show": ("total",), "effects": _EFFECTS, "setting": ("midazolam",)}
    return {**empty, **shown, **{name: (value,) for name, value in given.items() if value}}
