"""How a level acts: turnover behind a sigmoid Emax link (an indirect response)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from ketherapy.errors import ContractError
from ketherapy.pharmacology.compartments import Param


@final
@dataclass(frozen=True, kw_only=True, slots=True)
class Turnover:
    """A response that is made at a rate and lost at a rate, its making stimulated by a level.

    dR/dt = kin (1 + Emax H(C)) - kout R with H(C) = C^gamma / (EC50^gamma + C^gamma); it starts at
    kin / kout.
    """

    driver: str  # the observed role whose level drives it
    kin: Param  # [response/h]
    kout: Param  # [1/h]
    Emax: Param  # [1]
    EC50: Param  # [mg/L]
    gamma: Param  # Hill exponent [1]

    def __post_init__(self) -> None:
        for name in ("kin", "kout", "EC50", "gamma"):
            value = getattr(self, name)
            if not np.all(np.isfinite(value) & (np.asarray(value) > 0.0)):
                raise ContractError(
                    name, expected="more than zero", got=value, remedy="Correct it."
                )
        if not np.all(np.isfinite(self.Emax) & (np.asarray(self.Emax) >= -1.0)):
            raise ContractError(
                "Emax", expected="-1 or more, so that nothing is unmade", got=self.Emax,
                remedy="Correct it.",
            )  # fmt: skip
