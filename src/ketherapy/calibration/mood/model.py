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
Response = Callable[[str, np.ndarray], Array]
Number = Param | Array
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


def is_spread(name: str) -> bool:
    """Return whether the number is an SD between trials, of which only the size is known."""
    return priors().numbers[name.partition(".")[0]].form == "half_normal"


def from_deviate(name: str, z: Number) -> Number:
    """Return the number whose prior deviate is ``z``, standard normal; of an SD, with its sign.

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
    numbers: Mapping[str, Number], trial: Trial, t: Array, *, v: Number, given: Held
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


def responses(numbers: Mapping[str, Number], over: Mapping[str, Drive]) -> Response:
    """Return what gives the response of a regimen for a Dmax of one at times it was rated.

    Units   1
    Source  ketherapy
    """
    three = {key: numbers[key] for key in ("A50", "t_half_A", "t_half_onset")}
    rows = {key: unit_response(drive, **three) for key, drive in over.items()}

    def response(regimen: str, t: np.ndarray) -> Array:
        return rows[regimen][np.searchsorted(over[regimen].t, t)]

    return response


def parts(
    numbers: Mapping[str, Number],
    trial: Trial,
    response: Response,
    *,
    u: Number,
    v: Number,
    given: Held,
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Return the mean placebo part of each arm and the drug's of each that had it.

    ``u`` and ``v`` are the trial's own deviations of Dmax and of the quick placebo share.

    Units   1
    Source  ketherapy
    """
    import jax
    import jax.numpy as jnp

    Dmax = numbers["Dmax"]
    Dmax = jax.nn.sigmoid(jnp.log(Dmax / (1.0 - Dmax)) + numbers["tau_D"] * u)
    p, R = {}, {}
    for key, arm in trial.arms.items():
        name = f"{trial.id}.{key}"
        p[name] = placebo(numbers, trial, jnp.asarray(arm.t), v=v, given=given)
        if arm.regimen:
            R[name] = jnp.minimum(Dmax * response(arm.regimen, arm.t), _MOST)
    return p, R


def hierarchical(trials: tuple[Trial, ...]) -> Callable[[], None]:
    """Return the NumPyro model of these trials.

    Errors  ContractError where NumPyro is not installed, or no trial is given
    """
    numpyro = extras.numpyro()
    if not trials:
        raise ContractError(
            "trials", expected="one or more", got=0, remedy="Name some in mood_evidence.toml."
        )
    wanted, given, over, pool = names(trials), held(), drives(), evidence().duration

    def model() -> None:
        numbers = _numbers(wanted)
        response = responses(numbers, over)
        late = response(pool.regimen, duration_times(pool))
        numpyro.factor("duration", likelihood.log_duration(pool, late))
        p: dict[str, Array] = {}
        R: dict[str, Array] = {}
        baselines: dict[str, Number] = {}
        for trial in trials:
            u, v = (_normal(f"{of}.{trial.id}") for of in ("u", "v"))
            baselines[trial.id] = _baseline(trial, given)
            more = parts(numbers, trial, response, u=u, v=v, given=given)
            p, R = p | more[0], R | more[1]
        spread = likelihood.Spread(*(numbers[key] for key in ("omega_p", "omega_D", "sigma")))
        found = likelihood.people(p, R, spread)
        every = []
        for trial in trials:
            arms = {key: found[f"{trial.id}.{key}"] for key in trial.arms}
            every += likelihood.pieces(
                trial, arms, M0=baselines[trial.id], M0_sd=given.M0_sd, sigma=spread.sigma
            )
        numpyro.factor("printed", likelihood.log_likelihood(every))

    return model


def _numbers(wanted: tuple[str, ...]) -> dict[str, Number]:
    numpyro = extras.numpyro()
    found: dict[str, Number] = {}
    for name in wanted:
        found[name] = from_deviate(name, _normal(f"z.{name}"))
        # an SD may be drawn negative, as the trials' own deviations turn with it: a bound at
        # nothing, where much of it lies, would be a corner that the sampler is slow to leave
        numpyro.deterministic(name, abs(found[name]) if is_spread(name) else found[name])
    return found


def _normal(name: str) -> Array:
    numpyro = extras.numpyro()
    return numpyro.sample(name, numpyro.distributions.Normal(0.0, 1.0))


def _baseline(trial: Trial, given: Held) -> Number:
    """Return the baseline that stands where an arm's own was not read."""
    middle = given.M0[trial.study.setting]
    if any(arm.baseline is not None for arm in trial.arms.values()):
        return middle
    return middle + from_deviate("M0", _normal(f"z.M0.{trial.id}"))
