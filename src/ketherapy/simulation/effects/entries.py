"""From what was typed about effects to what is predicted of them, or every reason why not.

The command line and the page read their entries here, so that both accept and refuse the same.
Nothing is assumed: a baseline that is not given is not known, a limit that is not given is none.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.instruments.instrument import instrument, score
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.catalog import Effect
from ketherapy.simulation.effects import scope
from ketherapy.simulation.effects.scope import Asked
from ketherapy.simulation.request import Problem, Refusal

SCORES = ("madrs", "nrs")  # baselines in points
SIGNS = {"sbp": "120 mmHg", "dbp": "80 mmHg"}  # baselines in mmHg, as an example writes them
LIMITS = ("sbp_limit", "leaving_level", "leaving_cadss")
FIELDS = ("effects", "setting", *SCORES, *SIGNS, *LIMITS, "other_site")
# The outputs that an entry is for: without an effect that gives one of them it does nothing.
_USED_BY = {
    "setting": ("madrs",),
    "madrs": ("madrs",),
    "nrs": ("nrs_acute", "nrs_chronic"),
    "sbp": ("sbp",),
    "dbp": ("dbp",),
    "sbp_limit": ("sbp",),
    "leaving_cadss": ("cadss",),
}
_RESTING = {"sbp": "resting systolic pressure", "dbp": "resting diastolic pressure"}
_LONGEST = 40  # characters of an entry that are put back into a sentence

Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True, slots=True)
class EffectsRequest:
    """Which effects are wanted, from which baselines, and which limits are asked about."""

    effects: tuple[Effect, ...]
    setting: str | None = None
    baseline: Mapping[str, float] = field(default_factory=dict)  # madrs, nrs [points]; sbp, dbp
    sbp_limit: float | None = None  # [mmHg]
    leaving_level: float | None = None  # [mg/L]
    leaving_cadss: float | None = None  # [points]
    is_site_waived: bool = False

    def asked(self, *effects: Effect) -> Asked:
        """Return the question about some of the effects, or about all where none is named."""
        return Asked(
            effects=effects or self.effects,
            setting=self.setting,
            baseline=self.baseline,
            is_site_waived=self.is_site_waived,
        )

    def only(self, *effects: Effect) -> EffectsRequest:
        """Return the request for some of the effects."""
        return replace(self, effects=effects)


def read_effects(entries: Mapping[str, str]) -> EffectsRequest | Refusal:
    """Return the request in ``entries``, or every problem with it.

    ``entries`` may hold the FIELDS, each as typed; an absent or empty one is not given.

    Errors  ContractError for a field that is none of these: a slip of the caller
    """
    if unknown := sorted(set(entries) - set(FIELDS)):
        raise ContractError(
            "entries", expected=f"among {', '.join(FIELDS)}", got=unknown, remedy="Correct it."
        )
    return _Reading(entries).request()


def unused(given: Collection[str], effects: Collection[Effect]) -> tuple[Problem, ...]:
    """Return a problem for each of the entries ``given`` that none of ``effects`` uses."""
    there = {name for effect in effects for name in effect.outputs}
    return tuple(
        Problem(field=name, sentence=_idle(name, outputs))
        for name, outputs in _USED_BY.items()
        if name in given and there.isdisjoint(outputs)
    )


def _idle(name: str, outputs: tuple[str, ...]) -> str:
    users = [e.id for e in catalog.effects() if not set(outputs).isdisjoint(e.outputs)]
    error = ContractError(
        name.replace("_", " "),
        expected=f"only beside the effect it belongs to: {' or '.join(users)}",
        got="other effects", remedy="Ask for that effect too, or leave this out.",
    )  # fmt: skip
    return str(error)


class _Reading:
    """One reading of one set of entries; collects problems as it goes."""

    def __init__(self, entries: Mapping[str, str]) -> None:
        self._typed = {name: text.strip(" ") for name, text in entries.items()}
        self._problems: dict[str, str] = {}

    def request(self) -> EffectsRequest | Refusal:
        effects = self._read("effects", lambda text: catalog.asked(text[:200])) or ()
        found = EffectsRequest(
            effects=effects,
            setting=self._setting(effects),
            baseline=self._baseline(),
            sbp_limit=self._read("sbp_limit", lambda text: _pressure(text, "limit of pressure")),
            leaving_level=self._read("leaving_level", _level),
            leaving_cadss=self._read("leaving_cadss", lambda text: _points("cadss", text)),
            is_site_waived=self._read("other_site", _waived) or False,
        )
        self._needed(found)
        if self._problems:
            pairs = self._problems.items()
            return Refusal(problems=tuple(Problem(field=f, sentence=s) for f, s in pairs))
        return found

    def _read(self, name: str, read: Callable[[str], Value]) -> Value | None:
        typed = self._typed.get(name, "")
        if not typed:
            return None
        try:
            return read(typed)
        except ContractError as error:
            self._problems.setdefault(name, str(error))
            return None

    def _setting(self, effects: tuple[Effect, ...]) -> str | None:
        mood = next((effect for effect in effects if effect.settings), None)
        if mood is not None and not self._typed.get("setting"):
            self._typed["setting"] = "not named"  # refused with the list: none is assumed
        known = mood or catalog.effect("mood")

        def read(text: str) -> str:
            scope.kind_of_trial(known, text[:_LONGEST])
            return text

        return self._read("setting", read)

    def _baseline(self) -> dict[str, float]:
        found = {name: self._read(name, _reader(name)) for name in (*SCORES, *SIGNS)}
        known = {name: value for name, value in found.items() if value is not None}
        if why := scope.crossed(known):
            self._problems.setdefault("sbp", str(why))
        return known

    def _needed(self, found: EffectsRequest) -> None:
        """Refuse a limit that nothing can be said about, because its baseline is not known."""
        asks_pressure = any("sbp" in effect.outputs for effect in found.effects)
        if found.sbp_limit is None or not asks_pressure or self._typed.get("sbp"):
            return
        error = ContractError(
            _RESTING["sbp"], expected="a value, because a limit is asked about", got="",
            remedy="Give it with its unit, or leave the limit out.",
        )  # fmt: skip
        self._problems.setdefault("sbp", str(error))


def _reader(name: str) -> Callable[[str], float]:
    if name in SCORES:
        return lambda text: _points(name, text)
    return lambda text: _pressure(text, _RESTING[name], example=SIGNS[name])


def _points(scale: str, text: str) -> float:
    example = units.shown(instrument(scale).score_range[1] / 2.0)
    number = text.removesuffix("points").strip(" ")[:_LONGEST]
    value = units.read_number(number, what=scale, example=example)
    return score(instrument(scale), value, what="score")


def _pressure(text: str, what: str, *, example: str = "180 mmHg") -> float:
    return scope.possible_sign(what, units.read(text, what=what, to="mmHg", example=example))


def _level(text: str) -> float:
    value = units.read(text, what="leaving level", to="mg/L", example="50 ng/mL")
    if not (math.isfinite(value) and value > 0.0):
        raise ContractError(
            "leaving level", expected="more than zero", got=text, remedy="Correct it."
        )
    return value


def _waived(text: str) -> bool:
    if text != "yes":
        raise ContractError(
            "other sampling site",
            expected="'yes' or nothing",
            got=text[:_LONGEST],
            remedy="Correct it.",
        )
    return True
