"""Pooling of effects: what several studies found together, and how much they differ."""

from ketherapy.evidence.synthesis.pool import pool
from ketherapy.evidence.synthesis.pooled import Interval, Pooled, Prediction, Printed, Weighting
from ketherapy.evidence.synthesis.tables import mantel_haenszel, peto
from ketherapy.evidence.synthesis.tau2 import Tau2

__all__ = [
    "Interval",
    "Pooled",
    "Prediction",
    "Printed",
    "Tau2",
    "Weighting",
    "mantel_haenszel",
    "peto",
    "pool",
]
