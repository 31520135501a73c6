"""How far an effect may lie from its typical course, with each reason for it apart.

Three bands, each inside the next: how well the numbers are known; that and how trials differ;
those and how people differ. Where an effect has no trials, the second is the first.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from ketherapy.instruments.instrument import instrument
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.compartments import Param
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.catalog import Effect, Level
from ketherapy.pharmacology.effects.structures import Mood
from ketherapy.regimen import Regimen
from ketherapy.simulation import draws
from ketherapy.simulation.band import deviations
from ketherapy.simulation.draws import Stream
from ketherapy.simulation.effects import mood, numbers, scope
from ketherapy.simulation.effects.predict import Numbers, effects
from ketherapy.simulation.effects.scope import Asked

if TYPE_CHECKING:
    import xarray as xr


class Doubt(StrEnum):
    """What a band holds."""

    ESTIMATES = "estimates"  # how well the numbers are known
    TRIALS = "trials"  # and how trials differ
    PEOPLE = "people"  # and how people differ


_LEVELS = {
    Doubt.ESTIMATES: (Level.ESTIMATE,),
    Doubt.PEOPLE: (Level.ESTIMATE, Level.PERSON),
}
_MOOD = ("madrs", "madrs_control", "mood_drug_fraction")
PROBABILITIES = (0.05, 0.95)


def bands(
    model: PublishedModel,
    regimen: Regimen,
    t: Float[np.ndarray, " time"],
    *,
    asked: Asked,
    seed: int,
    person: Person | None = None,
    count: int = 128,
) -> xr.Dataset:
    """Return the 5th and 95th percentile of each effect, for each doubt.

    Dimensions ``doubt``, ``probability`` and ``time``. Where the model of levels records no
    variability, people differ in the effect alone.

    Units   t h; results as each variable says
    Source  ketherapy
    Errors  ContractError for an effect that cannot be predicted here, with the reason
    """
    import xarray as xr

    person = person or Person()
    eta = deviations(model, count, seed=seed)
    found = {}
    for doubt, levels in _LEVELS.items():
        rows = _numbers(asked, levels, count=count, seed=seed)
        found[doubt] = effects(
            model, regimen, t, asked=asked, person=person, numbers=rows,
            eta=eta if doubt is Doubt.PEOPLE else None,
        )  # fmt: skip
    found[Doubt.TRIALS] = found[Doubt.ESTIMATES]
    each = [
        _quantiles(_with_mood(found[doubt], doubt, asked, seed=seed, count=count))
        for doubt in Doubt
    ]
    data = xr.concat(each, dim="doubt", combine_attrs="override", join="exact")
    return data.assign_coords(doubt=[doubt.value for doubt in Doubt])


def _numbers(asked: Asked, levels: tuple[Level, ...], *, count: int, seed: int) -> Numbers:
    wanted = {effect.id: effect for effect in asked.effects}
    if "mood" in wanted:
        block = catalog.effect("nmda_block")
        wanted.setdefault(block.id, block)
    return {
        key: numbers.drawn(effect, count=count, seed=seed, levels=levels)
        for key, effect in wanted.items()
    }


def _quantiles(data: xr.Dataset) -> xr.Dataset:
    rows = data.sizes.get("patient", 1)
    same = {
        name: values.expand_dims(patient=rows)
        for name, values in data.items()
        if "patient" not in values.dims
    }
    low_high = data.assign(same).quantile(list(PROBABILITIES), dim="patient", keep_attrs=True)
    return low_high.rename(quantile="probability")


def _with_mood(
    data: xr.Dataset, doubt: Doubt, asked: Asked, *, seed: int, count: int
) -> xr.Dataset:
    """Return ``data`` with mood as far as this doubt goes: trials, people and their ratings."""
    for effect in asked.effects:
        if effect.settings:
            rows = _Rows(data, effect, asked, seed=seed, count=count)
            return data.assign(rows.at(doubt))
    return data


class _Rows:
    """Mood of many trials, and of one person of each."""

    def __init__(
        self, data: xr.Dataset, effect: Effect, asked: Asked, *, seed: int, count: int
    ) -> None:
        self._data, self._asked = data, asked
        self._trial = scope.kind_of_trial(effect, asked.setting)
        drawn = numbers.drawn(effect, count=count, seed=seed, levels=(Level.ESTIMATE,))
        structure = catalog.structure(effect, drawn)
        assert isinstance(structure, Mood)
        self._mood = structure
        self._setting = numbers.setting_numbers(effect, str(asked.setting), count=count, seed=seed)
        self._z = draws.normals(
            seed, stream=Stream.EFFECTS.of(0, 0, 0), first=0, count=count, width=5
        )
        self._noise = draws.normals(
            seed, stream=Stream.EFFECTS.of(0, 0, 1), first=0, count=count,
            width=data.sizes["time"],
        )  # fmt: skip

    def at(self, doubt: Doubt) -> dict[str, tuple[tuple[str, ...], np.ndarray, dict[str, object]]]:
        t = self._data["time"].values
        R = np.broadcast_to(self._data["mood_drug_fraction"].values, (len(self._z), len(t)))
        own = dict(self._setting)
        M0 = self._asked.baseline.get("madrs", self._trial.M0.meant)
        if doubt is not Doubt.ESTIMATES:
            Dmax = np.broadcast_to(self._mood.Dmax, len(self._z))
            other = mood.between_trials(Dmax, tau=self._mood.tau_D, u=self._z[:, 0])
            R = R * (other / Dmax)[:, None]
            own["p1"] = mood.between_trials(own["p1"], tau=self._mood.tau_p, u=self._z[:, 1])
        p = mood.placebo(t, setting=self._trial, mood=self._mood, **own)
        p = np.broadcast_to(p, R.shape)
        if doubt is Doubt.PEOPLE:
            p = _each(p, self._mood.omega_p, self._z[:, 2])
            R = _each(R, self._mood.omega_D, self._z[:, 3])
            if "madrs" not in self._asked.baseline:
                M0 = M0 + np.broadcast_to(self._mood.M0_sd, len(self._z)) * self._z[:, 4]
        return self._named(doubt, M0, p, R)

    def _named(
        self, doubt: Doubt, M0: float | np.ndarray, p: np.ndarray, R: np.ndarray
    ) -> dict[str, tuple[tuple[str, ...], np.ndarray, dict[str, object]]]:
        start = np.asarray(M0)[..., None]
        found = {
            "madrs": mood.scores(start, p, R),
            "madrs_control": mood.scores(start, p, np.zeros_like(R)),
            "mood_drug_fraction": R,
        }
        if doubt is Doubt.PEOPLE:
            sigma = np.broadcast_to(self._mood.sigma, len(self._z))[:, None]
            low, high = instrument("madrs").score_range
            for name in ("madrs", "madrs_control"):
                found[name] = np.clip(found[name] + sigma * self._noise, low, high)
        return {
            name: (("patient", "time"), np.broadcast_to(values, R.shape), self._data[name].attrs)
            for name, values in found.items()
        }


def _each(mean: np.ndarray, omega: Param, z: np.ndarray) -> np.ndarray:
    """Return each person's share; where the spread is itself uncertain, its own for each row."""
    if np.ndim(omega) == 0:
        return np.asarray(mood.shares(mean, float(np.asarray(omega)), z[:, None]))
    rows = np.broadcast_to(np.asarray(omega), len(z))
    return np.stack([mood.shares(mean[k], float(rows[k]), z[k]) for k in range(len(z))])
