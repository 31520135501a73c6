"""From what was typed after ``ketherapy population`` to a request, or every reason why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ketherapy import units
from ketherapy.cli.output import Sentence
from ketherapy.errors import ContractError

if TYPE_CHECKING:
    from ketherapy.pharmacology.catalog import PublishedModel
    from ketherapy.regimen import Regimen
    from ketherapy.simulation.engine import Engine
    from ketherapy.simulation.groups import Grouping
    from ketherapy.simulation.people import AbstractPeople
    from ketherapy.simulation.population import PopulationRequest
    from ketherapy.simulation.request import SimulationRequest

_STEP = "1 min"  # of an even grid, where none is asked for
_MOST = 20_000  # times of a grid: more is a slip of the unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Entries:
    """What was typed, as it was typed."""

    regimen: Mapping[str, str]  # what is given, and to whom where all are alike
    model: str
    n: int
    seed: int
    people: Path | None
    population: str
    above: Sequence[str]
    by: Sequence[str]
    every: str
    times: str
    assume_cv: Sequence[str]
    assume_label: str
    engine: str
    precision: str
    device: str
    analyte: Sequence[str]
    assay_error: bool
    memory: str


def read(entries: Entries) -> PopulationRequest:
    """Return the request that was typed.

    Errors  ContractError or a sentence on the command line for what cannot be run
    """
    from ketherapy.simulation.population import PopulationRequest

    _refuse_two_grids(entries)
    listed = _listed(entries)
    one = _one(entries, listed)
    per_kg = _per_kg(entries)
    return PopulationRequest(
        model=_assumed(one.models[0], entries),
        regimen=one.regimen if per_kg is None else _with_amount(one.regimen, per_kg),
        is_per_kg=per_kg is not None,
        people=listed or _alike(one),
        n=entries.n,
        seed=entries.seed,
        times=_times(entries, one),
        analytes=tuple(dict.fromkeys(entries.analyte)),
        with_residual=entries.assay_error,
        memory=units.read(entries.memory, what="memory", to="GiB", example="2 GiB"),
        levels=tuple(
            sorted(
                {units.read(x, what="above", to="mg/L", example="100 ng/mL") for x in entries.above}
            )
        ),
        groupings=tuple(_grouping(text) for text in entries.by),
        engine=_engine(entries),
    )


def _refuse_two_grids(entries: Entries) -> None:
    """Refuse a step or an end beside times that are typed: one of the two would be passed over."""
    beside = {"--until": entries.regimen["until"], "--every": entries.every}
    typed = [f"{name} {text!r}" for name, text in beside.items() if text]
    if entries.times and typed:
        raise ContractError(
            "times", expected="--times, or --until and --every, not both",
            got=f"--times with {' and '.join(typed)}",
            remedy="Leave one of the two out: --times is the whole grid and its own end.",
        )  # fmt: skip


def _engine(entries: Entries) -> Engine:
    from ketherapy.simulation.engine import Engine, Kind, Precision

    return Engine(
        kind=Kind(entries.engine),
        device=entries.device,
        precision=Precision(entries.precision),
    )


def _listed(entries: Entries) -> AbstractPeople | None:
    """Return the people of a table or a description, or None where all are alike."""
    from ketherapy.simulation.people import population
    from ketherapy.simulation.people_table import read_people
    from ketherapy.simulation.request_person import PERSON_FIELDS

    typed = [name for name in PERSON_FIELDS if entries.regimen[name]]
    given = [*typed[:1], *filter(None, (entries.people and "people", entries.population))]
    if len(given) > 1:
        raise ContractError(
            "who is simulated",
            expected="a table, a described population, or what everybody shares",
            got=", ".join(map(str, given)), remedy="Choose one of them.",
        )  # fmt: skip
    if entries.people:
        return read_people(entries.people)
    return population(entries.population) if entries.population else None


def _alike(one: SimulationRequest) -> AbstractPeople:
    """Return people who share all that was typed of one, and say what that is."""
    from ketherapy.simulation.people import Alike
    from ketherapy.simulation.request_person import described

    shared = described(one.person)
    text = f"{Alike.text}: {shared}" if shared else Alike.text
    return Alike(person=one.person, text=text)


def _one(entries: Entries, listed: AbstractPeople | None) -> SimulationRequest:
    """Read the regimen as for one person, so that both commands refuse the same.

    Of listed people that is the first, as heavy as the heaviest: nobody may get too much.
    """
    from ketherapy.simulation.request import Refusal, read_request

    typed = dict(entries.regimen)
    if listed is not None:
        age, most = listed.take(0, 1, seed=entries.seed).age, heaviest(listed)
        if age is not None:
            typed["age"] = f"{float(np.ravel(age)[0]):.6f} year"
        if most is not None:
            typed["weight"] = f"{most:.6f} kg"
    found = read_request(typed, models=[entries.model] if entries.model else ())
    if isinstance(found, Refusal):
        raise Sentence("\n".join(problem.sentence for problem in found.problems))
    return found


def heaviest(listed: AbstractPeople) -> float | None:
    """Return the weight of the heaviest of a table, or that none of a description can pass.

    None where weights are not known.

    Units   kg
    """
    from ketherapy.simulation.people import DescribedPeople, PeopleTable

    match listed:
        case DescribedPeople():
            return max(spread.numbers("kg")[-1] for spread in listed.weight.values())
        case PeopleTable() if listed.person.weight is not None:
            return float(np.max(np.asarray(listed.person.weight)))
    return None


def _per_kg(entries: Entries) -> float | None:
    dose, example = entries.regimen["dose"], "0.5 mg/kg"
    if not units.same_kind(units.split(dose, what="dose", example=example)[1], "mg/kg"):
        return None
    if entries.regimen["route"] == "intranasal":
        raise ContractError(
            "dose", expected="whole devices in mg: no spray is divided by weight", got=dose,
            remedy="Write for instance '56 mg'.",
        )  # fmt: skip
    return units.read(dose, what="dose", to="mg/kg", example=example)


def _with_amount(regimen: Regimen, amount: float) -> Regimen:
    from ketherapy.regimen import Regimen

    share = amount / len(regimen.doses)
    return Regimen(doses=tuple(replace(dose, amount=share) for dose in regimen.doses))


def _times(entries: Entries, one: SimulationRequest) -> tuple[float, ...]:
    """Return the grid: as typed, or even, with every instant at which an input changes."""
    from ketherapy.simulation.moments import distinct, input_edges

    if entries.times:
        typed = entries.times.split(",")
        return tuple(units.read(x.strip(), what="times", to="h", example="30 min") for x in typed)
    step = units.read(entries.every or _STEP, what="every", to="h", example=_STEP)
    if not 0.0 < step <= one.until <= _MOST * step:
        raise ContractError(
            "every", expected=f"a step of 1 to {_MOST:,} in the time simulated",
            got=entries.every or _STEP, remedy="Check the number and its unit.",
        )  # fmt: skip
    even = np.arange(0.0, one.until + step / 2.0, step)
    edges = input_edges(one.models[0], one.regimen, one.person)
    found = distinct(np.concatenate([even, edges, [one.until]]))
    return tuple(found[found <= one.until].tolist())


def _grouping(text: str) -> Grouping:
    from ketherapy.simulation.groups import By, Grouping

    name, _, rest = text.partition(":")
    if name not in {by.value for by in By}:
        raise ContractError(
            "by", expected=f"one of {', '.join(by.value for by in By)}", got=text,
            remedy="Write for instance 'sex' or 'age:40,65'.",
        )  # fmt: skip
    edges = [units.read_number(x, what="by", example="40") for x in rest.split(",")] if rest else []
    return Grouping(by=By(name), edges=tuple(edges))


def _assumed(model: PublishedModel, entries: Entries) -> PublishedModel:
    from ketherapy.simulation.individuals import AssumedVariability

    if not entries.assume_cv and not entries.assume_label:
        return model
    cv = {}
    for text in entries.assume_cv:
        name, _, value = text.partition("=")
        cv[name.strip()] = 100.0 * units.read(
            value.strip(), what=f"assumed CV of {name}", to="1", example="30 %"
        )
    return AssumedVariability(label=entries.assume_label, cv=cv).on(model)
