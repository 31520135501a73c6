"""Where the engine computes."""

from __future__ import annotations

from contextlib import AbstractContextManager

from ketherapy.errors import ContractError


def on(device: str) -> AbstractContextManager[object]:
    """Return the scope in which the engine computes on the first ``device`` of its kind.

    Errors  ContractError for a kind of device that this machine does not have
    """
    import jax

    try:
        return jax.default_device(jax.devices(device)[0])
    except RuntimeError as error:
        there = sorted({found.platform for found in jax.devices()} | {"cpu"})
        raise ContractError(
            "device", expected=f"one that is here: {', '.join(there)}", got=device,
            remedy="Choose one of these.",
        ) from error  # fmt: skip
