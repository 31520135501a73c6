"""How many of a trial respond and remit: treated and control together, with how trials differ.

Response and remission are those of the instrument's file. A lone rate is never given: each comes
with the control's and with the difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from ketherapy.instruments.instrument import instrument, remitted, responded
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.catalog import Level, Setting
from ketherapy.pharmacology.effects.structures import Mood
from ketherapy.regimen import Regimen
from ketherapy.simulation import draws
from ketherapy.simulation.draws import Stream
from ketherapy.simulation.effects import mood, numbers, scope
from ketherapy.simulation.effects.predict import effects
from ketherapy.simulation.effects.scope import Asked

if TYPE_CHECKING:
    import xarray as xr

_PEOPLE = 512  # of each trial
_PROBABILITIES = (0.05, 0.5, 0.95)  # of trials
_RATES = ("response", "remission")
_ARMS = ("treated", "control", "difference")


def rates(
    model: PublishedModel,
    regimen: Regimen,
    t: Float[np.ndarray, " time"],
    *,
    asked: Asked,
    seed: int,
    person: Person | None = None,
    trials: int = 96,
) -> xr.Dataset:
    """Return the rates of response and remission over trials of the setting asked for.

    Dimensions ``arm`` (treated, control, difference), ``probability`` (5, 50 and 95 % of trials,
    whose numbers are not known better) and ``time``.

    Units   t h; result 1
    Source  the model's file
    Errors  ContractError for a setting, drug or model that mood cannot be predicted for
    """
    import xarray as xr

    effect = catalog.effect("mood")
    trial = scope.kind_of_trial(effect, asked.setting)
    drawn = numbers.drawn(effect, count=trials, seed=seed, levels=(Level.ESTIMATE,))
    structure = catalog.structure(effect, drawn)
    assert isinstance(structure, Mood)
    only = Asked(effects=(effect,), setting=asked.setting, baseline=asked.baseline)
    found = effects(model, regimen, t, asked=only, person=person, numbers={effect.id: drawn})
    R = np.broadcast_to(found["mood_drug_fraction"].values, (trials, len(t)))
    each = _by_trial(structure, trial, R, t, asked=asked, seed=seed)
    data = xr.Dataset(
        {
            name: (
                ("arm", "probability", "time"),
                np.moveaxis(np.quantile(each[name], _PROBABILITIES, axis=0), 0, 1),
                {"units": "1", "long_name": f"share of a trial in {name}"},
            )
            for name in _RATES
        },
        coords={"arm": list(_ARMS), "probability": list(_PROBABILITIES), "time": ("time", t)},
    )
    return data.assign_attrs(found.attrs | {"setting_text": trial.text, "control": trial.control})


def _by_trial(
    structure: Mood,
    trial: Setting,
    R: Float[np.ndarray, "trial time"],
    t: Float[np.ndarray, " time"],
    *,
    asked: Asked,
    seed: int,
) -> dict[str, Float[np.ndarray, "trial arm time"]]:
    """Return the rates of each trial, by arm."""
    between = draws.normals(seed, stream=Stream.EFFECTS.of(0, 1, 0), first=0, count=len(R), width=2)
    Dmax = np.broadcast_to(structure.Dmax, len(R))
    other = mood.between_trials(Dmax, tau=structure.tau_D, u=between[:, 0])
    own = numbers.setting_numbers(
        catalog.effect("mood"), str(asked.setting), count=len(R), seed=seed
    )
    own["p1"] = mood.between_trials(own["p1"], tau=structure.tau_p, u=between[:, 1])
    p = np.broadcast_to(mood.placebo(t, setting=trial, mood=structure, **own), R.shape)
    R = R * (other / Dmax)[:, None]
    found = [_of_one(structure, trial, p[k], R[k], k, asked, seed) for k in range(len(R))]
    return {name: np.stack([each[name] for each in found]) for name in _RATES}


def _of_one(
    structure: Mood,
    trial: Setting,
    p: Float[np.ndarray, " time"],
    R: Float[np.ndarray, " time"],
    place: int,
    asked: Asked,
    seed: int,
) -> dict[str, Float[np.ndarray, "arm time"]]:
    """Return the rates in one trial."""
    scale = instrument("madrs")
    z = draws.normals(
        seed, stream=Stream.EFFECTS.of(0, 2, 0), first=0, count=_PEOPLE, width=3 + 2 * len(p)
    )
    spread = {
        name: float(np.broadcast_to(getattr(structure, name), place + 1)[place])
        if np.ndim(getattr(structure, name))
        else float(getattr(structure, name))
        for name in ("omega_p", "omega_D", "sigma", "M0_sd")
    }
    M0 = np.full(_PEOPLE, asked.baseline.get("madrs", trial.M0.meant))
    if "madrs" not in asked.baseline:
        M0 = np.clip(M0 + spread["M0_sd"] * z[:, 2], 1.0, scale.score_range[1])
    mine = np.asarray(mood.shares(p, spread["omega_p"], z[:, [0]]))
    drug = np.asarray(mood.shares(R, spread["omega_D"], z[:, [1]]))
    noise = spread["sigma"] * z[:, 3:].reshape(_PEOPLE, 2, len(p))
    left = np.stack(
        [mood.scores(M0[:, None], mine, drug), mood.scores(M0[:, None], mine, 0.0 * drug)], axis=1
    )
    now = np.clip(left + noise, *scale.score_range)
    counted = {
        "response": responded(scale, M0[:, None, None], now),
        "remission": remitted(scale, now),
    }
    return {name: _with_difference(hits.mean(axis=0)) for name, hits in counted.items()}


def _with_difference(rate: Float[np.ndarray, "two time"]) -> Float[np.ndarray, "arm time"]:
    return np.concatenate([rate, rate[:1] - rate[1:]])
