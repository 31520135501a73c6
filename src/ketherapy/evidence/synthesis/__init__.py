"""Pooling of effects: what several studies found together, and how much they differ."""

from ketherapy.evidence.synthesis.bayes import (
    Posterior,
    Prior,
    bayes,
    default_prior,
    posterior_density,
)
from ketherapy.evidence.synthesis.influence import (
    Subgroups,
    cumulative,
    leave_one_out,
    subgroups,
)
from ketherapy.evidence.synthesis.pool import pool
from ketherapy.evidence.synthesis.pooled import Interval, Pooled, Prediction, Printed, Weighting
from ketherapy.evidence.synthesis.regression import Regression, meta_regression
from ketherapy.evidence.synthesis.tables import mantel_haenszel, peto
from ketherapy.evidence.synthesis.tau2 import Tau2

__all__ = [
    "Interval",
    "Pooled",
    "Posterior",
    "Prediction",
    "Printed",
    "Prior",
    "Regression",
    "Subgroups",
    "Tau2",
    "Weighting",
    "bayes",
    "cumulative",
    "default_prior",
    "leave_one_out",
    "mantel_haenszel",
    "meta_regression",
    "peto",
    "pool",
    "posterior_density",
    "subgroups",
]
