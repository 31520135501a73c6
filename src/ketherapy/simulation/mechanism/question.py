"""From what a person typed to what is compared, or every reason why not.

The command line and the page read their entries here, so that both accept and refuse the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.pharmacology.effects import catalog
from ketherapy.regimen import Regimen, Route
from ketherapy.simulation.mechanism.offered import Way, offered
from ketherapy.simulation.request import Problem, Refusal, SimulationRequest, read_request
from ketherapy.sources import Cited

FIELDS = ("route", "dose", "sessions", "weight", "setting")
_LONGEST = 40  # characters of a refused entry that are said again


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What is compared: sessions of one drug, and the kind of trial that mood is drawn for."""

    session: SimulationRequest  # the first one
    sessions: int
    setting: str

    @property
    def regimen(self) -> Regimen:
        """Return all sessions."""
        first = self.session.regimen
        every = offered().apart
        return first if self.sessions == 1 else first.repeated(self.sessions, every=every)

    @property
    def text(self) -> str:
        """Return what is given, as a person reads it."""
        if self.sessions == 1:
            return f"{self.session.text}; one session"
        apart = units.shown(units.convert(offered().apart, "h", to="day"))
        return f"{self.session.text}; {self.sessions} sessions, {apart} days apart"


def read_question(entries: Mapping[str, str]) -> Question | Refusal:
    """Return the question in ``entries``, or every problem with it.

    ``entries`` may hold the fields of FIELDS as typed; what is absent or empty is as the example
    of the route. Where a dose is typed, no weight is assumed.

    Errors  ContractError for a field that is none of these: a slip of the caller
    """
    if unknown := sorted(set(entries) - set(FIELDS)):
        raise ContractError(
            "entries", expected=f"among {', '.join(FIELDS)}", got=unknown, remedy="Correct it."
        )
    typed = {field: entries.get(field, "").strip(" ") for field in FIELDS}
    problems: dict[str, str] = {}
    route = _route(typed["route"] or Route.IV.value, problems)
    sessions = _sessions(typed["sessions"] or "1", problems)
    # what does not depend on the route is read even where that is refused: all reasons at once
    way = offered().ways[route or Route.IV]
    setting = typed["setting"] or way.setting
    _try(problems, "setting", lambda: catalog.setting(catalog.effect("mood"), setting[:_LONGEST]))
    session = _session(route, typed, problems) if route else None
    if problems or session is None or sessions is None:
        return Refusal(problems=tuple(Problem(field=f, sentence=s) for f, s in problems.items()))
    return Question(session=session, sessions=sessions, setting=setting)


def _try(problems: dict[str, str], field: str, read: Callable[[], object]) -> None:
    try:
        read()
    except ContractError as error:
        problems.setdefault(field, str(error))


def _route(typed: str, problems: dict[str, str]) -> Route | None:
    ways = offered().ways
    found = next((route for route in ways if route.value == typed), None)
    if found is None:
        problems["route"] = str(
            ContractError(
                "route", expected=" or ".join(route.value for route in ways),
                got=typed[:_LONGEST], remedy="Mood was studied for these two.",
            )
        )  # fmt: skip
    return found


def _sessions(typed: str, problems: dict[str, str]) -> int | None:
    most = offered().most
    if typed in {str(n) for n in range(1, most + 1)}:
        return int(typed)
    problems["sessions"] = str(
        ContractError(
            "sessions", expected=f"a whole number from 1 to {most}", got=typed[:_LONGEST],
            remedy="Correct it.",
        )
    )  # fmt: skip
    return None


def _session(
    route: Route, typed: Mapping[str, str], problems: dict[str, str]
) -> SimulationRequest | None:
    way = offered().ways[route]
    read = read_request(_entries(route, way, typed))
    if isinstance(read, Refusal):
        problems |= {problem.field: problem.sentence for problem in read.problems}
        return None
    _try(problems, "dose", lambda: _studied(way, typed["dose"]))
    return read


def _entries(route: Route, way: Way, typed: Mapping[str, str]) -> dict[str, str]:
    """Return one session as a request of levels reads it."""
    entries = {
        "drug": way.drug.value,
        "route": route.value,
        "dose": typed["dose"] or _said(way.amount),
        "over": _said(way.over) if way.over else "",
        "weight": typed["weight"],
    }
    if not (typed["dose"] or typed["weight"]):
        entries["weight"] = _said(way.weight)
    return entries


def _said(number: Cited) -> str:
    return f"{units.shown(number.meant)} {number.unit}"


def _studied(way: Way, typed: str) -> None:
    """Raise for a dose beyond those whose effect on mood was studied."""
    if not typed:
        return
    value, unit = units.split(typed, what="dose", example=_said(way.amount))
    low, high = way.lowest, way.highest
    expected = f"{units.shown(low.value)} to {units.shown(high.value)} {low.unit}"
    if not units.same_kind(unit, low.unit):
        raise ContractError(
            "dose", expected=f"one in {low.unit}", got=typed,
            remedy=f"Write it as '{_said(way.amount)}'.",
        )  # fmt: skip
    if not low.value <= units.convert(value, unit, to=low.unit) <= high.value:
        raise ContractError(
            "dose", expected=expected, got=typed,
            remedy="Beyond these the effect on mood was not studied in the trials used here.",
        )  # fmt: skip
