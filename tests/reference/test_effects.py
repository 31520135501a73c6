"""Effects computed or printed by others, beside ours (``effects.csv``).

Within 1 % and the rounding of the printed number. Numbers of mood are those of the dossier
(``effect_dossier.toml``): its vectors belong to them, the shipped ones are those of a fit. What
does not follow from its own parameters stands in the file with the reason, and is shown not to.
"""

from __future__ import annotations

import csv
import itertools
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr

from ketherapy.pharmacology.catalog import published
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.catalog import Effect, Setting
from ketherapy.pharmacology.effects.structures import (
    AbstractAcuteEffect,
    AbstractEffect,
    Mood,
    ReceptorBlock,
    Sedation,
    molar_mass_of,
    rate_of,
)
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation.effects import courses, mood
from ketherapy.simulation.effects.courses import Drive, Sampled
from ketherapy.simulation.effects.upstream import upstream
from ketherapy.simulation.solvers import cascade
from ketherapy.sources import Cited
from tests.science import PERSON

HERE = Path(__file__).parent
with (HERE / "effects.csv").open(encoding="utf-8") as file:
    ROWS = list(csv.DictReader(file))
DOSSIER = tomllib.loads((HERE / "effect_dossier.toml").read_text(encoding="utf-8"))
DAY = 24.0
BURST = 1e-4  # [h] a session so short that its trace is there at once
Changed = dict[str, Effect]


def dossier_mood() -> Effect:
    """Return the effect on mood with the numbers of the dossier."""
    shipped = catalog.effect("mood")
    own = {name: Cited(**entry) for name, entry in DOSSIER["printed"].items()}
    settings = {
        key: replace(_plain(shipped.settings[key]), **{n: Cited(**v) for n, v in entry.items()})
        for key, entry in DOSSIER["settings"].items()
    }
    return replace(shipped, printed={**shipped.printed, **own}, settings=settings, posterior="")


def _plain(setting: Setting) -> Setting:
    return replace(setting, overshoot=None, overshoot_tau=None)


def effect(effect_id: str, changed: Changed) -> Effect:
    """Return the effect that rows are computed with."""
    if effect_id in changed:
        return changed[effect_id]
    return dossier_mood() if effect_id == "mood" else catalog.effect(effect_id)


def structure(effect_id: str, changed: Changed) -> AbstractEffect:
    """Return its equations with its numbers."""
    found = effect(effect_id, changed)
    return catalog.structure(found, catalog.typical(found))


def receptor(changed: Changed) -> ReceptorBlock:
    """Return the block of the receptor."""
    found = structure("nmda_block", changed)
    assert isinstance(found, ReceptorBlock)
    return found


def block(row: dict[str, str], changed: Changed) -> float:
    """Return the fraction blocked at levels in ng/mL."""
    pairs = (part.split("=") for part in row["given"].split())
    levels = {name: np.array([float(level) / 1000.0]) for name, level in pairs}
    return float(receptor(changed).block(levels)[0])


def ic50(row: dict[str, str], changed: Changed) -> float:
    """Return the unbound level [nmol/L] of a racemate that blocks half, by bisection."""
    names = {"IC50_S IC50_R": ("esketamine", "arketamine")}.get(
        row["given"], ("esnorketamine", "arnorketamine")
    )
    found = receptor(changed)
    unbound = np.geomspace(1e-5, 1e-1, 200_001)  # mmol/L
    levels = {name: 0.5 * unbound * molar_mass_of(name) / found.fu for name in names}
    return float(np.interp(0.5, found.block(levels), unbound)) * 1e6


def ratio(row: dict[str, str], changed: Changed) -> float:
    """Return by how much one potency is the other."""
    above, below = row["given"].split()
    found = receptor(changed)
    return getattr(found, above) / getattr(found, below)


def response_to(sessions: dict[float, float], at: float, changed: Changed) -> float:
    """Return the drug's share ``at`` days behind traces that come at once, by day."""
    found = structure("mood", changed)
    assert isinstance(found, Mood)
    drive = Drive(block=receptor(changed), mood=found, session=0.5 * BURST)
    starts = np.array(sorted(sessions)) * DAY
    edges = np.unique(np.concatenate([[0.0], starts, starts + BURST]))
    half = molar_mass_of("esketamine") * drive.block.IC50_S / drive.block.fu  # blocks half

    def level(t: np.ndarray) -> np.ndarray:
        found = np.zeros_like(t)
        for day, size in sessions.items():
            is_on = (t >= day * DAY) & (t < day * DAY + BURST)
            # a trace of ``size`` is left where the block is size / 2
            found[is_on] = half * 0.5 * size / (1.0 - 0.5 * size)
        return found

    over = cascade.panels(edges, at * DAY + 1.0)
    while over.width.max() > 1.0:
        over = cascade.halved(over, np.flatnonzero(over.width > 1.0))
    levels = level(over.nodes.ravel()).reshape(over.nodes.shape)
    samples = Sampled(over=over, levels={"esketamine": levels})
    return float(courses.drug_share(samples, np.array([at * DAY]), drive=drive)[0])


def response(row: dict[str, str], changed: Changed) -> float:
    """Return the drug's share behind one session of the given size."""
    size = float(row["given"])
    if size > 1.0:  # two at once, each of a size that a block can have
        return response_to({0.0: size / 2.0, BURST / DAY: size / 2.0}, float(row["at"]), changed)
    return response_to({0.0: size}, float(row["at"]), changed)


def sessions(row: dict[str, str], changed: Changed) -> float:
    """Return the drug's share behind sessions on the given days."""
    days = dict.fromkeys(map(float, row["given"].split()), 1.0)
    return response_to(days, float(row["at"]), changed)


def change(row: dict[str, str], changed: Changed) -> float:
    """Return the change of the score in a setting, with sessions on the given days or none."""
    setting, *days = row["given"].split()
    at, trial = float(row["at"]), effect("mood", changed).settings[setting]
    numbers = structure("mood", changed)
    assert isinstance(numbers, Mood)
    before = {float(day): 1.0 for day in days if float(day) < at}
    R = response_to(before, at, changed) if before else 0.0
    p = mood.placebo(np.array([at * DAY]), setting=trial, mood=numbers)
    return float(mood.scores(trial.M0.meant, p, np.array([R]))[0]) - trial.M0.meant


def _chronic_site(row: dict[str, str], changed: Changed) -> float:
    """Return the level at the site [mg/L]; plasma is rate over a clearance of 80 L/h at once."""
    rate, over_h, *starts = map(float, row["given"].split())
    begun = np.array(starts or [0.0])
    edges = np.unique(np.concatenate([begun, begun + over_h]))
    panels = cascade.panels(edges, float(row["at"]) + 1.0)
    is_on = (panels.nodes[..., None] >= begun) & (panels.nodes[..., None] < begun + over_h)
    found = structure("chronic_pain", changed)
    assert isinstance(found, AbstractAcuteEffect)
    ke0 = rate_of(found.t_half_ke0)
    level = rate / 80.0 * is_on.any(axis=-1)
    return float(cascade.filtered(panels, ke0 * level, ke0).at(np.array([float(row["at"])]))[0])


def site(row: dict[str, str], changed: Changed) -> float:
    """Return the level at the site of chronic pain [ng/mL]."""
    return 1000.0 * _chronic_site(row, changed)


def chronic(row: dict[str, str], changed: Changed) -> float:
    """Return the share of chronic pain taken away."""
    found = structure("chronic_pain", changed)
    assert isinstance(found, AbstractAcuteEffect)
    return float(found.outputs(np.array([_chronic_site(row, changed)]))["chronic_relief"][0])


def acute(row: dict[str, str], changed: Changed) -> float:
    """Return one output at a steady level in ng/mL."""
    effect_id, output = row["given"].split()
    found = structure(effect_id, changed)
    assert isinstance(found, AbstractAcuteEffect)
    return float(found.outputs(np.array([float(row["at"]) / 1000.0]))[output][0])


def sedation(row: dict[str, str], changed: Changed) -> float:
    """Return the chance of sedation at a highest level in ng/mL."""
    found = structure("sedation", changed)
    assert isinstance(found, Sedation)
    return float(courses.sedation_chance(float(row["at"]) / 1000.0, effect=found))


def half_time(row: dict[str, str], changed: Changed) -> float:
    """Return minutes until the site holds half of a level that is steady."""
    t_half_ke0 = catalog.typical(effect(row["given"], changed))["t_half_ke0"]
    dose = Dose(drug=Drug.ESKETAMINE, route=Route.IV, amount=10_000.0, over=1000.0)
    up = upstream(published("otto2021_iv"), Regimen.of(dose), person=PERSON)
    t = np.linspace(0.0, 900.0, 300_001) if t_half_ke0 > 10.0 else np.linspace(0.0, 1.0, 100_001)
    over = cascade.panels(np.array([0.0]), float(t[-1]) + 1e-3)
    steady = np.full(over.nodes.shape, 0.1)
    found = courses.site(
        up, Sampled(over=over, levels={"esketamine": steady}), t, t_half_ke0=t_half_ke0
    )
    return float(np.interp(0.05, found, t)) * 60.0


def largest(row: dict[str, str], changed: Changed) -> float:
    """Return the share of people above a rise, of a normal distribution with this mean."""
    name, mean = row["given"].split()
    sd = catalog.typical(effect("pressure", changed))[name]
    return float(1.0 - ndtr((float(row["at"]) - float(mean)) / sd))


def noise(row: dict[str, str], changed: Changed) -> float:
    """Return the mean of the highest of five readings, by quadrature."""
    sd = catalog.typical(effect("pressure", changed))[row["given"]]
    above, _ = quad(lambda z: 1.0 - ndtr(z) ** 5, 0.0, 9.0)
    below, _ = quad(lambda z: ndtr(z) ** 5, -9.0, 0.0)
    return float(sd * (above - below))


COMPUTED: dict[str, Callable[[dict[str, str], Changed], float]] = {
    f.__name__: f
    for f in (
        block, ic50, ratio, response, sessions, change, site, chronic, acute, sedation,
        half_time, largest, noise,
    )
}  # fmt: skip


def computed(row: dict[str, str], changed: Changed | None = None) -> float:
    """Return our number for the row, with some effects changed."""
    return COMPUTED[row["kind"]](row, changed or {})


def holds(row: dict[str, str], changed: Changed | None = None) -> bool:
    """Return whether ours is the printed number, within 1 % and its rounding."""
    printed = float(row["printed"])
    rounding = 0.5 * 10.0 ** -len(row["printed"].partition(".")[2])
    return abs(computed(row, changed) - printed) <= 0.01 * abs(printed) + rounding


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['kind']}: {row['case']}")
def test_a_printed_effect_is_ours_or_is_said_not_to_follow(row: dict[str, str]) -> None:
    assert holds(row) == (not row["why_not"]), computed(row)


def independent(sizes: dict[float, float], at: float) -> float:
    """Return the drug's share by adaptive quadrature of the response to each instant's target."""
    printed = DOSSIER["printed"]
    Dmax, A50, half, onset = (
        printed[name]["value"] for name in ("Dmax", "A50", "t_half_A", "t_half_onset")
    )
    kA, kon = np.log(2.0) / half, np.log(2.0) / onset * DAY

    def due(s: float) -> float:
        A = sum(size * np.exp(-kA * (s - day)) for day, size in sizes.items() if s >= day)
        return float(kon * np.exp(-kon * (at - s)) * Dmax * A / (A50 + A))

    marks = sorted({day for day in sizes if day < at} | {at} | {max(at - 1.5, 0.0)})
    return sum(
        quad(due, a, b, epsabs=1e-13, epsrel=1e-11, limit=400)[0]
        for a, b in itertools.pairwise(marks)
    )


@pytest.mark.parametrize(
    "row", [r for r in ROWS if r["kind"] in ("response", "sessions")], ids=lambda r: r["case"]
)
def test_another_route_gives_our_response_and_not_what_is_said_not_to_follow(row) -> None:
    days = (
        {0.0: float(row["given"])} if row["kind"] == "response"
        else dict.fromkeys(map(float, row["given"].split()), 1.0)
    )  # fmt: skip
    assert computed(row) == pytest.approx(independent(days, float(row["at"])), rel=1e-4)


def test_the_day_14_of_a_trial_is_what_one_day_behind_a_session_gives() -> None:
    """The exception of TRANSFORM-1: its schedule, not its arithmetic, is what is not known."""
    (row,) = [r for r in ROWS if r["kind"] == "change" and r["why_not"]]
    shifted = {**row, "given": "outpatient_new_antidepressant 0 3 6 10 13"}
    assert holds({**shifted, "at": "14"})
