"""A number moved by a tenth in any effect file is noticed.

Two nets: the printed effects of ``effects.csv``, and a second copy of every number, typed by itself
from the dossier (``effect_parameters.csv``). The file of mood is written by a fit, which has a
proof of its own; its numbers are moved here on the dossier's values.
"""

from __future__ import annotations

import csv
import math
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import expit, logit
from scipy.stats import norm

from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.catalog import Effect
from tests.reference.test_effects import DOSSIER, ROWS, dossier_mood, holds

MOVED = 1.1
FITTED = "mood"
FILES = [path for path in sorted(catalog.FOLDER.glob("*.toml")) if path.stem != FITTED]
with (Path(__file__).parent / "effect_parameters.csv").open(encoding="utf-8") as file:
    COPY = {(row["file"], row["number"]): row for row in csv.DictReader(file)}

# The rows that can notice an effect.
HELD_BY = {
    "nmda_block": ("block", "ic50", "ratio"),
    "mood": ("response", "sessions", "change"),
    "chronic_pain": ("site", "chronic", "half_time"),
    "pressure": ("acute", "largest", "noise", "half_time"),
    "dissociation": ("acute", "half_time"),
    "acute_pain": ("acute", "half_time"),
    "respiration": ("acute",),
    "sedation": ("sedation", "half_time"),
}
# What no published effect can see; the second copy alone guards it.
UNSEEN = {
    ("chronic_pain", "p_drug"): "it is itself what is printed: no curve rests on it",
    ("chronic_pain", "p_placebo"): "it is itself what is printed: no curve rests on it",
    ("pressure", "s_HR"): "a weak convention: no rise of heart rate was printed with its level",
    ("dissociation", "f"): "a convention: attenuation was reported without numbers",
    ("dissociation", "n0"): "a convention: attenuation was reported without numbers",
    ("sedation", "slope"): "a convention: the frequency is known at one level only",
    ("respiration", "t_half_ke0"): "it is zero: a tenth more of it is the same",
    ("mood", "tau_p1"): "over in hours, before the first printed time",
}


def numbers(path: Path) -> Iterator[tuple[str, float, str]]:
    """Give the key, value and unit of every number of the file that enters a prediction."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    for name, entry in data["printed"].items():
        yield f"printed.{name}", entry["value"], entry["unit"]
        for end in ("low", "high"):
            if end in entry:
                yield f"printed.{name}.{end}", entry[end], entry["unit"]
    for end in ("low", "high"):
        if "level" in data:
            yield f"level.{end}", data["level"][end], data["level"]["unit"]
    for block in data.get("spread", []):
        yield (
            f"spread.{'+'.join(block['parameters'])}.{block['level']}",
            block["value"],
            block["unit"],
        )


EVERY = {(path.stem, key): (value, unit) for path in FILES for key, value, unit in numbers(path)}


def test_the_second_copy_holds_every_number_and_no_other() -> None:
    assert set(COPY) == set(EVERY)


@pytest.mark.parametrize("key", EVERY, ids=lambda key: ".".join(key))
def test_every_number_is_that_of_the_second_copy(key: tuple[str, str]) -> None:
    value, unit = EVERY[key]
    assert (value, unit) == (float(COPY[key]["value"]), COPY[key]["unit"])


def test_only_a_fit_and_what_it_starts_from_is_left_out_of_the_second_copy() -> None:
    assert {path.stem for path in catalog.FOLDER.glob("*.toml")} - {p.stem for p in FILES} == {
        FITTED
    }


def shipped(effect_id: str) -> Effect:
    """Return the effect that is moved: for mood, on the dossier's numbers."""
    return dossier_mood() if effect_id == FITTED else catalog.effect(effect_id)


@lru_cache(maxsize=256)
def seen(effect_id: str, name: str) -> bool:
    """Return whether a tenth more of one number breaks a printed effect."""
    found = shipped(effect_id)
    number = found.printed[name]
    more = replace(found.printed[name], value=number.value * MOVED)
    moved = replace(found, printed={**found.printed, name: more})
    return is_noticed(moved)


def is_noticed(moved: Effect) -> bool:
    """Return whether an effect that was moved breaks a printed effect that held before."""
    rows = [row for row in ROWS if row["kind"] in HELD_BY[moved.id] and not row["why_not"]]
    return not all(holds(row, {moved.id: moved}) for row in rows)


PRINTED = [
    (effect.id, name)
    for effect in catalog.effects()
    for name in (DOSSIER["printed"] if effect.id == FITTED else effect.printed)
]


@pytest.mark.parametrize(("effect_id", "name"), PRINTED)
def test_a_printed_number_moved_by_a_tenth_is_noticed(effect_id: str, name: str) -> None:
    assert seen(effect_id, name) != ((effect_id, name) in UNSEEN)


SETTINGS = [
    (setting, name)
    for setting, entry in DOSSIER["settings"].items()
    for name in entry
    if (setting, name) != ("midazolam", "p2")  # a hundredth of the baseline, weeks later
]


@pytest.mark.parametrize(("setting", "name"), SETTINGS)
def test_a_number_of_a_setting_moved_by_a_tenth_is_noticed(setting: str, name: str) -> None:
    found = shipped(FITTED)
    number = getattr(found.settings[setting], name)
    more = replace(found.settings[setting], **{name: replace(number, value=number.value * MOVED)})
    assert is_noticed(replace(found, settings={**found.settings, setting: more}))


WIDTH = 2.0 * 1.96  # of a 95 % interval in standard deviations
QUARTILES = 2.0 * 0.6745  # of an interquartile range


def between(low: float, high: float) -> float:
    """Return the standard deviation on the logarithm of a 95 % interval."""
    return math.log(high / low) / WIDTH


def on_the_logit(mean: float, cv: float) -> float:
    """Return the standard deviation on the logit of shares with this mean and CV."""

    def moment(median: float, sd: float, power: int) -> float:
        def weighted(z: float) -> float:
            return norm.pdf(z) * expit(median + sd * z) ** power

        return quad(weighted, -9.0, 9.0)[0]

    def miss(sd: float) -> float:
        median = brentq(lambda m: moment(m, sd, 1) - mean, -9.0, 9.0)
        return math.sqrt(moment(median, sd, 2) / mean**2 - 1.0) - cv

    return brentq(miss, 0.1, 4.0)


# Each spread beside the printed interval or error that it was made from.
SPREADS = {
    "nmda_block.IC50_S+IC50_R+IC50_SN+IC50_RN": math.hypot(between(990, 2140), 0.4),
    "nmda_block.fu": (logit(0.75) - logit(0.53)) / WIDTH,
    "pressure.t_half_ke0": math.log(12 / 6) / 1.96,
    "dissociation.t_half_ke0": math.log(12 / 6) / 1.96,
    "sedation.t_half_ke0": math.log(12 / 6) / 1.96,
    "pressure.s_SBP": between(0.035, 0.09),
    "pressure.s_DBP": between(0.034, 0.048),
    "pressure.s_HR": 0.06 / WIDTH,
    "pressure.s_CO": between(0.125, 0.156),
    "acute_pain.C50": between(150, 400),
    "chronic_pain.t_half_ke0": between(5.3, 20.5),
    "chronic_pain.C50": between(4.37, 21.2),
    "chronic_pain.p_drug": 0.10 / (0.67 * 0.33),
    "chronic_pain.p_placebo": 0.09 / (0.23 * 0.77),
    "respiration.C_doubling": math.log(191 / 84) / QUARTILES,
    "dissociation.scale.person": on_the_logit(45.0 / 92.0, 10.8 / 24.9),
    "dissociation.scale.estimate": 10.8 / math.sqrt(33) / 24.9,
}
ASSUMED = {"sedation.slope"}  # a convention without an interval


def spreads() -> Iterator[tuple[str, str, float]]:
    """Give the name, longer name and value of every spread outside mood."""
    for effect in catalog.effects():
        for spread in effect.spread:
            name = f"{effect.id}.{'+'.join(spread.parameters)}"
            if effect.id != FITTED:
                yield name, f"{name}.{spread.level.value}", spread.value


@pytest.mark.parametrize(("name", "longer", "value"), list(spreads()), ids=str)
def test_a_spread_is_that_of_its_printed_interval(name: str, longer: str, value: float) -> None:
    if name in ASSUMED:
        return
    expected = SPREADS.get(longer, SPREADS.get(name))
    assert value == pytest.approx(expected, rel=0.03)
    assert value * MOVED != pytest.approx(expected, rel=0.03)
