"""Ketherapy: ketamine therapy as working software; this package is the science.

Public names resolve on first use, so that importing the package stays cheap.
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0"

_PLACES = {
    "ContractError": "errors",
    "Dose": "regimen",
    "Drug": "regimen",
    "KetherapyError": "errors",
    "Person": "pharmacology.covariates",
    "Regimen": "regimen",
    "Route": "regimen",
    "answer": "evidence.analysis",
    "cite": "sources",
    "exposure": "simulation.exposure",
    "models": "pharmacology.catalog",
    "published": "pharmacology.catalog",
    "question": "evidence.questions",
    "questions": "evidence.questions",
    "simulate": "simulation.solve",
    "trial": "evidence.trials",
    "trials": "evidence.trials",
}

__all__ = [*_PLACES, "__version__"]


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module 'ketherapy' has no attribute {name!r}")
    module = import_module(f"ketherapy.{_PLACES[name]}")
    return module if name == "exposure" else getattr(module, name)


def __dir__() -> list[str]:
    return sorted(__all__)
