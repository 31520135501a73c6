"""The mood model of all trials together: parameters, trials and people, each with its spread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ketherapy.calibration import extras
from ketherapy.calibration.mood import likelihood
from ketherapy.calibration.mood.drive import Drive, drives, unit_response
from ketherapy.calibration.mood.evidence import duration_times, evidence
from ketherapy.calibration.mood.priors import centre, priors
from ketherapy.calibration.mood.trials import Trial
from ketherapy.errors import ContractError
from ketherapy.pharmacology.compartments import Array, Param
from ketherapy.pharmacology.effects import catalog
from ketherapy.sources import Status
from ketherapy.units import convert

STRUCTURE = (
    "Dmax", "A50", "t_half_A", "t_half_onset", "tau_p2",
    "omega_p", "omega_D", "sigma", "tau_D", "tau_p",
)  # fmt: skip
_MOST = 0.98  # of a share, so that its logit is finite wherever the sampler goes


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """What the fit takes as given."""

    tau_p1: float  # [h]
    t_overshoot: float  # [h]
    M0_sd: float  # [points]
    M0: Mapping[str, float]  # of each setting [points]
    p2: Mapping[str, float]  # of the settings where it is a convention


def held() -> Held:
    """Return what the fit takes as given, from the shipped file and the priors.

    Units   h, points
    """
    mood = catalog.effect("mood")
    typical = catalog.typical(mood)
    wait = priors().fixed["t_overshoot"]
    return Held(
        tau_p1=typical["tau_p1"],
        t_overshoot=convert(wait.value, wait.unit, to="h"),
        M0_sd=typical["M0_sd"],
        M0={key: one.M0.value for key, one in mood.settings.items()},
        p2={
            key: one.p2.value
            for key, one in mood.settings.items()
            if one.p2.status is Status.CONVENTION
        },
    )


def names(trials: tuple[Trial, ...]) -> tuple[str, ...]:
    """Return the numbers that describe every trial: of the structure, then of settings."""
    mood = catalog.effect("mood")
    quick = dict.fromkeys(trial.study.p1_setting for trial in trials)
    settings = dict.fromkeys(trial.study.setting for trial in trials)
    return (
        *STRUCTURE,
        *(f"p1.{key}" for key in quick),
        *(f"p2.{key}" for key in settings if key not in held().p2),
        *(f"overshoot.{key}" for key in settings if mood.settings[key].overshoot),
    )


def from_deviate(name: str, z: Param) -> Param:
    """Return the number whose prior deviate is ``z``: standard normal, or its positive half.

    Units   that of the number
    Source  ketherapy
    """
    import jax
    import jax.numpy as jnp

    kind = name.partition(".")[0]
    prior, middle = priors().numbers[kind], centre(kind)
    match prior.form:
        case "log":
            return middle * jnp.exp(prior.sd * z)
        case "logit":
            return jax.nn.sigmoid(jnp.log(middle / (1.0 - middle)) + prior.sd * z)
        case "half_normal" | "plain":
            return middle + prior.sd * z


def placebo(
    numbers: Mapping[str, Param], trial: Trial, t: Array, *, v: Param, given: Held
) -> Array:
    """Return the mean placebo part of ``trial`` at times ``t``, its own deviation being ``v``.

    Units   t h; result 1
    Source  ketherapy
    """
    import jax
    import jax.numpy as jnp

    setting, early = trial.study.setting, 1.0 - jnp.exp(-t / given.tau_p1)
    p1 = numbers[f"p1.{trial.study.p1_setting}"]
    p1 = jax.nn.sigmoid(jnp.log(p1 / (1.0 - p1)) + numbers["tau_p"] * v)
    p2 = numbers[f"p2.{setting}"] if setting not in given.p2 else given.p2[setting]
    found = p1 * early + p2 * (1.0 - jnp.exp(-t / numbers["tau_p2"]))
    if f"overshoot.{setting}" in numbers:
        found += numbers[f"overshoot.{setting}"] * jnp.exp(-t / given.t_overshoot) * early
    return jnp.minimum(found, _MOST)


def responses(numbers: Mapping[str, Param], over: Mapping[str, Drive]) -> dict[str, Array]:
    """Return the response of each regimen for a Dmax of one, at the times it was rated.

    Units   1
    Source  ketherapy
    """
    three = {key: numbers[key] for key in ("A50", "t_half_A", "t_half_onset")}
    return {key: unit_response(drive, **three) for key, drive in over.items()}


def arms_of(
    numbers: Mapping[str, Param],
    trial: Trial,
    unit: Mapping[str, Array],
    *,
    u: Param,
    v: Param,
    given: Held,
) -> dict[str, likelihood.People]:
    """Return how the people of each arm lie, the trial's deviations being ``u`` and ``v``.

    Units   1
    Source  ketherapy
    """
    import jax.numpy as jnp

    spread = likelihood.Spread(*(numbers[key] for key in ("omega_p", "omega_D", "sigma")))
    Dmax = numbers["Dmax"] * jnp.exp(numbers["tau_D"] * u)
    found = {}
    for key, arm in trial.arms.items():
        R = None
        if arm.regimen:
            places = np.searchsorted(drives()[arm.regimen].t, arm.t)
            R = jnp.minimum(Dmax * unit[arm.regimen][places], _MOST)
        p = placebo(numbers, trial, jnp.asarray(arm.t), v=v, given=given)
        found[key] = likelihood.people(p, R, spread)
    return found


def hierarchical(trials: tuple[Trial, ...]) -> Callable[[], None]:
    """Return the NumPyro model of these trials.

    Errors  ContractError where NumPyro is not installed, or no trial is given
    """
    numpyro = extras.numpyro()
    if not trials:
        raise ContractError(
            "trials", expected="one or more", got=0, remedy="Name some in mood_evidence.toml."
        )
    wanted, given, over = names(trials), held(), drives()
    pool = evidence().duration
    places = np.searchsorted(over[pool.regimen].t, duration_times(pool))

    def model() -> None:
        normal = numpyro.distributions.Normal(0.0, 1.0)
        half = numpyro.distributions.HalfNormal(1.0)
        numbers = {}
        for name in wanted:
            is_half = priors().numbers[name.partition(".")[0]].form == "half_normal"
            z = numpyro.sample(f"z.{name}", half if is_half else normal)
            numbers[name] = numpyro.deterministic(name, from_deviate(name, z))
        unit = responses(numbers, over)
        numpyro.factor("duration", likelihood.log_duration(pool, unit[pool.regimen][places]))
        for trial in trials:
            u, v = (numpyro.sample(f"{of}.{trial.id}", normal) for of in ("u", "v"))
            M0 = given.M0[trial.study.setting]
            if all(arm.baseline is None for arm in trial.arms.values()):
                M0 += from_deviate("M0", numpyro.sample(f"z.M0.{trial.id}", normal))
            arms = arms_of(numbers, trial, unit, u=u, v=v, given=given)
            numpyro.factor(
                f"printed.{trial.id}",
                likelihood.log_likelihood(
                    trial, arms, M0=M0, M0_sd=given.M0_sd, sigma=numbers["sigma"]
                ),
            )

    return model
