"""How a reader wants trials pooled: read from what was sent, or refused beside its field."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clinic.explore.evidence_words import INTERVALS, MEASURES, PREDICTIONS, TAU2
from clinic.explore.predictions import Choice
from ketherapy.evidence.effects import Measure
from ketherapy.evidence.synthesis import Interval, Prediction, Tau2
from ketherapy.evidence.synthesis.pooled import Choices
from ketherapy.simulation.request import Problem

FIELDS = ("measure", "tau2", "interval", "prediction", "level", "beyond", "spread")
LEAST, MOST = 50.0, 99.9  # [%] of an interval that a reader may ask for
_LONGEST = 12  # characters of a number
Entries = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """What was chosen, complete."""

    measure: Measure
    choices: Choices
    beyond: float | None = None  # difference the reader asks about, on the printed scale
    spread: float | None = None  # how far trials may plausibly differ: scale of the prior of tau


@dataclass(frozen=True, kw_only=True, slots=True)
class Offered:
    """What the form of a page offers, and what stands in it."""

    measures: tuple[Choice, ...]
    tau2: tuple[Choice, ...]
    intervals: tuple[Choice, ...]
    predictions: tuple[Choice, ...]
    chosen: Mapping[str, str]


def offered(entries: Entries, measures: Sequence[Measure], usual: Method) -> Offered:
    """Return what the form offers; what was sent stands in it, else the usual."""
    standing = written(usual)
    return Offered(
        measures=tuple(
            Choice(value=one.value, label=f"{MEASURES[one]} ({one.value})") for one in measures
        ),
        tau2=_listed(TAU2),
        intervals=_listed(INTERVALS),
        predictions=_listed(PREDICTIONS),
        chosen={field: entries.get(field, "") or standing[field] for field in FIELDS},
    )


def _listed(names: Mapping[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(value=value, label=label) for value, label in names.items())


def written(method: Method) -> dict[str, str]:
    """Return a method as an address holds it."""
    choices = method.choices
    return {
        "measure": method.measure.value,
        "tau2": choices.tau2.name,
        "interval": choices.interval.name,
        "prediction": choices.prediction.name,
        "level": f"{100.0 * choices.level:.6g}",
        "beyond": "" if method.beyond is None else f"{method.beyond:.6g}",
        "spread": "" if method.spread is None else f"{method.spread:.6g}",
    }


def read(
    entries: Entries, measures: Sequence[Measure], usual: Method
) -> Method | tuple[Problem, ...]:
    """Return the method that was asked for, or everything that is wrong with it."""
    standing = written(usual)
    told = {field: entries.get(field, "").strip() or standing[field] for field in FIELDS}
    problems = tuple(_problems(told, measures))
    if problems:
        return problems
    return Method(
        measure=Measure(told["measure"]),
        choices=Choices(
            tau2=Tau2[told["tau2"]],
            interval=Interval[told["interval"]],
            prediction=Prediction[told["prediction"]],
            level=float(told["level"]) / 100.0,
        ),
        beyond=float(told["beyond"]) if told["beyond"] else None,
        spread=float(told["spread"]) if told["spread"] else None,
    )


def _problems(told: Entries, measures: Sequence[Measure]) -> Iterator[Problem]:
    lists = {
        "measure": [one.value for one in measures], "tau2": list(TAU2),
        "interval": list(INTERVALS), "prediction": list(PREDICTIONS),
    }  # fmt: skip
    names = {"measure": "Measure", "tau2": "Estimator of tau²", "interval": "Interval",
             "prediction": "Prediction interval"}  # fmt: skip
    for field, values in lists.items():
        if told[field] not in values:
            sentence = f"{names[field]}: expected one of {', '.join(values)}."
            yield Problem(field=field, sentence=sentence)
    yield from _numbers(told)


def _numbers(told: Entries) -> Iterator[Problem]:
    level, spread = number(told["level"]), number(told["spread"])
    if level is None or not LEAST <= level <= MOST:
        sentence = f"Level: expected a number from {LEAST:g} to {MOST:g} %, such as 95."
        yield Problem(field="level", sentence=sentence)
    if told["beyond"] and not _is_effect(number(told["beyond"]), told["measure"]):
        yield Problem(field="beyond", sentence=_beyond_words(told["measure"]))
    if told["spread"] and (spread is None or spread <= 0.0):
        sentence = "How far trials may differ: expected a number above 0, such as 0.5."
        yield Problem(field="spread", sentence=sentence)


def _is_effect(value: float | None, measure: str) -> bool:
    """Return whether a number is a difference: not "no difference", and a ratio above 0."""
    if value is None:
        return False
    return value > 0.0 and value != 1.0 if _is_ratio(measure) else value != 0.0


def _is_ratio(measure: str) -> bool:
    return measure in {one.value for one in Measure} and Measure(measure).is_ratio


def _beyond_words(measure: str) -> str:
    if _is_ratio(measure):
        return "Difference that matters: expected a ratio above 0 other than 1, such as 1.25."
    return "Difference that matters: expected a number other than 0, such as -2."


def number(text: str) -> float | None:
    """Return a plain decimal number, or nothing where the text is none."""
    plain = text.removeprefix("-")
    if len(text) > _LONGEST or not plain.isascii() or plain.count(".") > 1:
        return None
    whole, _, rest = plain.partition(".")
    if not whole.isdigit() or (rest and not rest.isdigit()) or plain.endswith("."):
        return None
    value = float(text)
    return value if math.isfinite(value) else None
