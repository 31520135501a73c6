"""The form of the planner: each field as it was filled in, with a refusal beside it."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.care.planning import Plan
from clinic.care.planning_entries import FIELDS, offered_products
from clinic.care.refusals import Entries, Refusal
from clinic.explore.predictions import Choice
from clinic.web.fields import ListField, Option, TextField, echo, options
from ketherapy.dosing.arithmetic import Vein
from ketherapy.dosing.products import products
from ketherapy.dosing.protocol import Protocol, protocol, protocols
from ketherapy.errors import ContractError
from ketherapy.regimen import Route

HINTS = {
    "weight": "as 71 kg, measured and not asked",
    "weighed_at": "as 2026-01-31 09:05",
    "weight_again": "as 71 kg, by somebody else",
    "weight_before": "as 71 kg, or none where nobody has weighed the person here before",
    "age": "as 45 years",
    "zone": "of the times here, as Europe/Zurich",
    "amount": "in mg of base, as 35 mg",
    "per_kg": "optional, as 0.5 mg/kg: a second way to the same dose",
    "over": "empty: as the protocol has it",
    "vials": "a whole number",
}
PERSONS = (("first", "First person"), ("second", "Second person"))
_LONGEST = 4000  # characters of several lines that are put back


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """The phases of one protocol, as a list offers them."""

    title: str
    phases: tuple[Option, ...]


def form(entries: Entries, outcome: Plan | Refusal | None) -> dict[str, object]:
    """Return the form as it was sent, each refusal beside its field."""
    errors = dict.fromkeys(FIELDS, "")
    if isinstance(outcome, Refusal):
        for one in outcome.problems:
            errors[one.field] = f"{errors.get(one.field, '')} {one.sentence}".strip()
    texts = {name: _text(name, entries, errors) for name in HINTS}
    of = _protocol(echo(entries.get("phase", ())))
    return {
        "groups": _groups(echo(entries.get("phase", ()))),
        "errors": errors,
        "person_texts": [
            texts[n]
            for n in ("weight", "weighed_at", "weight_again", "weight_before", "age", "zone")
        ],
        "dose_texts": [texts[n] for n in ("amount", "per_kg", "over")],
        "given": _lines(entries.get("given", ())),
        "is_first_visit": "yes" in entries.get("first_visit", ()),
        "vial_list": _vials(of, entries, errors),
        "vials_text": texts["vials"],
        "bag_lists": _bags(of, entries, errors),
        "is_vial_chosen": bool(echo(entries.get("vial", ()))),
        "persons": _persons(entries, errors),
    }


def _text(name: str, entries: Entries, errors: dict[str, str]) -> TextField:
    value = echo(entries.get(name, ()))
    return TextField(
        name=name, label=FIELDS[name], hint=HINTS[name], value=value, error=errors[name]
    )


def _lines(values: object) -> str:
    """Return several lines as they came, or nothing where no field could hold them."""
    value = str(values[0]) if isinstance(values, (tuple, list)) and values else ""
    is_text = all(line.isprintable() for line in value.splitlines())
    return value if len(value) <= _LONGEST and is_text else ""


def _protocol(chosen: str) -> Protocol | None:
    try:
        return protocol(chosen.partition("/")[0])
    except ContractError:
        return None


def _groups(chosen: str) -> list[Group]:
    return [
        Group(
            title=one.title,
            phases=tuple(options(
                [Choice(value=f"{one.id}/{p.id}", label=p.title) for p in one.phase], [chosen])),
        )
        for one in protocols()
    ]  # fmt: skip


def _vials(of: Protocol | None, entries: Entries, errors: dict[str, str]) -> ListField | None:
    """Return what the dose can be prepared from; None where nothing is, or nothing was chosen."""
    offered = offered_products(of) if of is not None else {}
    if not offered:
        return None
    choices = [Choice(value="", label="None chosen: mg alone"),
               *(Choice(value=key, label=name) for key, name in offered.items())]  # fmt: skip
    return ListField(
        name="vial", label=FIELDS["vial"], error=errors["vial"],
        options=options(choices, entries.get("vial", ("",))),
    )  # fmt: skip


def _bags(of: Protocol | None, entries: Entries, errors: dict[str, str]) -> list[ListField]:
    if of is None or of.route is not Route.IV:
        return []
    written = [f"{one.value:g} {one.unit}" for one in products().bags]
    bags = [Choice(value="", label="Not chosen"), *(Choice(value=w, label=w) for w in written)]
    veins = [Choice(value=one.value, label=one.value.capitalize()) for one in Vein]
    return [
        ListField(name=name, label=FIELDS[name], error=errors[name],
                  options=options(choices, entries.get(name, ("",))))
        for name, choices in (("bag", bags), ("vein", veins))
    ]  # fmt: skip


def _persons(entries: Entries, errors: dict[str, str]) -> list[tuple[str, list[TextField]]]:
    """Return the fields in which two persons write what each came to."""
    parts = (("by", "Name", ""), ("mg", "mg drawn", "as 35 mg"), ("ml", "mL drawn", "as 0.7 mL"))
    return [
        (
            title,
            [
                TextField(
                    name=f"{who}_{part}", label=label, hint=hint,
                    value=echo(entries.get(f"{who}_{part}", ())), error=errors[f"{who}_{part}"],
                )
                for part, label, hint in parts
            ],
        )
        for who, title in PERSONS
    ]  # fmt: skip
