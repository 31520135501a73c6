"""What a refit found, beside what is shipped, as findings and as tables."""

from __future__ import annotations

from ketherapy.calibration.derived import Finding
from ketherapy.calibration.mood.fit import Estimate, Fit, estimates
from ketherapy.pharmacology.effects import catalog

_ALIKE = 0.5  # posterior SDs by which a shipped number may differ from the median


def shipped_mood() -> dict[str, float]:
    """Return the shipped numbers by the names of the draws.

    Units   those of the structure
    """
    mood = catalog.effect("mood")
    settings = {
        f"{part}.{key}": number.value
        for key, one in mood.settings.items()
        for part, number in (("p1", one.p1), ("p2", one.p2), ("overshoot", one.overshoot))
        if number is not None
    }
    return catalog.typical(mood) | settings


def mood_findings(fit: Fit) -> tuple[Finding, ...]:
    """Return each number of the mood model that was fitted, beside the shipped one.

    Units   those of the structure
    """
    shipped = shipped_mood()
    return tuple(_mood_finding(estimate, shipped[estimate.name]) for estimate in estimates(fit))


def _mood_finding(estimate: Estimate, shipped: float) -> Finding:
    return Finding(
        name=estimate.name,
        unit=estimate.unit,
        shipped=shipped,
        estimate=estimate.median,
        sd=estimate.sd,
        low=estimate.low,
        high=estimate.high,
        identifiability=f"{estimate.identifiability} ({estimate.contraction:.2f} of the prior's"
        " variance gone)",
        tolerance=f"{_ALIKE:g} posterior SD",
        agrees=abs(estimate.median - shipped) <= _ALIKE * estimate.sd,
    )


def table(findings: tuple[Finding, ...]) -> str:
    """Return findings as a table to read."""
    from tabulate import tabulate

    rows = [
        (
            f"{found.name} [{found.unit}]",
            _shown(found.estimate),
            _shown(found.sd),
            f"{_shown(found.low)} to {_shown(found.high)}" if found.low is not None else "none",
            _shown(found.shipped),
            f"{'yes' if found.agrees else 'NO'} ({found.tolerance})",
            found.identifiability,
        )
        for found in findings
    ]
    heads = ("number", "estimate", "SD", "90 % interval", "shipped", "agrees (within)", "known")
    return tabulate(rows, headers=heads, maxcolwidths=[None] * 6 + [36], disable_numparse=True)


def _shown(value: float | None) -> str:
    return "none" if value is None else f"{value:.4g}"


def diagnostics(fit: Fit) -> str:
    """Return how well the sampler converged, as a table to read."""
    from tabulate import tabulate

    rows = [
        (one.name, f"{one.r_hat:.3f}", f"{one.ess_bulk:.0f}", f"{one.ess_tail:.0f}")
        for one in estimates(fit)
    ]
    found = tabulate(rows, headers=("number", "R-hat", "ESS bulk", "ESS tail"),
                     disable_numparse=True)  # fmt: skip
    return f"{found}\n\nDivergences {fit.divergences}; smallest E-BFMI {fit.e_bfmi:.2f}"
