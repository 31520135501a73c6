"""Hand the work to the engine asked for: the compiled kernel where there is one, else JAX."""

from __future__ import annotations

import jax
import numpy as np
from jaxtyping import Float

from ketherapy.errors import ContractError
from ketherapy.pharmacology.compartments import Array
from ketherapy.simulation.engine import Engine, Kind, Precision
from ketherapy.simulation.solvers import compiled, exact, turnover
from ketherapy.simulation.solvers.inputs import Driven, Network, Pulses
from ketherapy.simulation.solvers.kernel import build

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
    if _is_compiled(network, given, t, driven, engine):
        return _by_kernel(network, given, np.asarray(t), driven)
    with jax.default_device(_device(engine.device)):
        return _by_jax(network, given, t, driven, engine.precision)


def serving(engine: Engine) -> Kind:
    """Return which engine serves on this machine where ``engine`` is asked for."""
    if engine.kind is not Kind.AUTOMATIC:
        return engine.kind
    return Kind.COMPILED if engine.may_compile and build.works() else Kind.JAX


def _is_compiled(
    network: Network, given: Pulses, t: Array, driven: Driven | None, engine: Engine
) -> bool:
    if not engine.may_compile:
        return False
    why = _refusal(network, given, t, driven)
    if engine.kind is Kind.COMPILED and why:
        raise ContractError(
            "compiled kernel",
            expected="one axis of people, common starts and a GNU C++ compiler",
            got=why,
            remedy="Use the automatic or the JAX engine.",
        )
    return not why


def _refusal(network: Network, given: Pulses, t: Array, driven: Driven | None) -> str:
    if any(isinstance(x, jax.Array) for x in (*network.rates, given.amount, t)):
        return "JAX arrays, whose gradients may be wanted"
    if max(_axes(network, given, driven)) > 1:
        return "several axes of people"
    return compiled.refusal(given, np.asarray(t))


def _axes(network: Network, given: Pulses, driven: Driven | None) -> list[int]:
    """Return how many axes of people each number has: none for one person, one for several."""
    numbers = (*network.rates, *network.scales, *(tuple(driven)[1:] if driven else ()))
    return [np.ndim(x) for x in numbers] + [np.ndim(x) - 1 for x in (given.amount, given.over)]


def _by_kernel(
    network: Network, given: Pulses, t: np.ndarray, driven: Driven | None
) -> tuple[Array, ...]:
    distinct, places = np.unique(t, return_inverse=True)
    found = compiled.levels(network, given, distinct, driven=driven)
    if max(_axes(network, given, driven)) == 0:
        found = found[:, 0]
    is_plain = len(distinct) == len(t) and bool((places == np.arange(len(t))).all())
    return tuple(found if is_plain else found[..., places])


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
