"""Which engine computes: the compiled kernel or JAX, on which device, in which precision."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ketherapy.errors import ContractError


class Kind(StrEnum):
    """What computes."""

    AUTOMATIC = "automatic"  # the kernel where there is a compiler, JAX otherwise
    COMPILED = "compiled"
    JAX = "jax"


class Precision(StrEnum):
    """How finely amounts are carried; times are 64-bit always."""

    FLOAT64 = "float64"
    FLOAT32 = "float32"


@dataclass(frozen=True, kw_only=True, slots=True)
class Engine:
    """One way to compute; the same results whichever, to the precision asked for."""

    kind: Kind = Kind.AUTOMATIC
    device: str = "cpu"  # a JAX platform: cpu, gpu, tpu
    precision: Precision = Precision.FLOAT64

    def __post_init__(self) -> None:
        needs_jax = self.device != "cpu" or self.precision is not Precision.FLOAT64
        if self.kind is Kind.COMPILED and needs_jax:
            raise ContractError(
                "engine",
                expected="the compiled kernel on the cpu in float64",
                got=f"{self.device}, {self.precision.value}",
                remedy="Use the JAX engine for another device or precision.",
            )

    @property
    def may_compile(self) -> bool:
        """Return whether the compiled kernel may be used."""
        is_plain = self.device == "cpu" and self.precision is Precision.FLOAT64
        return self.kind is not Kind.JAX and is_plain

    @property
    def text(self) -> str:
        """Return the choice in words."""
        return f"{self.kind.value}, {self.device}, {self.precision.value}"


AUTOMATIC = Engine()
