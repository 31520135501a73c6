"""Hand the work to the engine asked for: the compiled kernel for many people, JAX for the rest."""

from __future__ import annotations

import jax
import numpy as np
from jaxtyping import Float

from ketherapy.errors import ContractError
from ketherapy.pharmacology.compartments import Array
from ketherapy.simulation.engine import Engine, Kind, Precision
from ketherapy.simulation.solvers import compiled, exact, turnover
from ketherapy.simulation.solvers.inputs import Driven, Network, Pulses

# People from whom on the kernel is chosen: by number alone, so that what was compiled before on
# this machine changes no digit.
_MANY = 256

namespace = exact.namespace


def levels(
    network: Network,
    given: Pulses,
    t: Float[Array, " time"],
    *,
    driven: Driven | None = None,
    engine: Engine,
) -> tuple[Array, ...]:
    """Return each observed level and, where one is driven, the response; each (*patients, time).

    Units   t h; result as the network's scales make it
    Source  ketherapy
    Errors  ContractError where the kernel was asked for and cannot serve
    """
    if _is_compiled(network, given, t, engine):
        distinct, places = np.unique(t, return_inverse=True)
        found = compiled.levels(network, given, distinct, driven=driven)
        is_plain = len(distinct) == len(t) and bool((places == np.arange(len(t))).all())
        return tuple(found if is_plain else found[..., places])
    with jax.default_device(_device(engine.device)):
        return _by_jax(network, given, t, driven, engine.precision)


def _is_compiled(network: Network, given: Pulses, t: Array, engine: Engine) -> bool:
    if not engine.may_compile:
        return False
    is_traced = any(isinstance(x, jax.Array) for x in (*network.rates, given.amount, t))
    can_take = not is_traced and compiled.can_take(given, np.asarray(t))
    if engine.kind is Kind.AUTOMATIC:
        return can_take and _people(network, given) >= _MANY
    if not can_take:
        raise ContractError(
            "engine",
            expected="numpy arrays, common starts and a C++ compiler, as the kernel needs",
            got="others",
            remedy="Use the automatic or the JAX engine.",
        )
    return True


def _people(network: Network, given: Pulses) -> int:
    sizes = [np.size(x) for x in (*network.rates, *network.scales)]
    return max(*sizes, *(np.size(x) // len(given.state) for x in (given.amount, given.over)))


def _device(name: str) -> object:
    try:
        return jax.devices(name)[0]
    except RuntimeError as error:
        raise ContractError(
            "device",
            expected=f"one of {', '.join(sorted({d.platform for d in jax.devices()}))}",
            got=name,
            remedy="Install JAX for that device, or choose another.",
        ) from error


def _by_jax(
    network: Network, given: Pulses, t: Array, driven: Driven | None, precision: Precision
) -> tuple[Array, ...]:
    xp = exact.namespace(*network.rates, *network.scales, given.amount)
    amounts = exact.states(network.matrix(xp), given, t, precision=precision)
    found = []
    for place, scale in zip(network.seen, network.scales, strict=True):
        column = np.ndim(scale) > 0
        found.append(amounts[..., place] * (scale[..., None] if column else scale))  # pyright: ignore[reportIndexIssue]
    if driven is not None:
        distinct, places = np.unique(t, return_inverse=True)
        found.append(turnover.response(network, given, distinct, driven=driven)[..., places])
    return tuple(found)
