"""Pooling of effects: what several studies found together, and how much they differ."""

from ketherapy.evidence.synthesis.bayes import (
    Posterior,
    Prior,
    bayes,
    default_prior,
    posterior_density,
)
from ketherapy.evidence.synthesis.bootstrap import Bootstrap, Redraw, bootstrap
from ketherapy.evidence.synthesis.exact import Exact, beta_binomial, hypergeometric_normal
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
    "Bootstrap",
    "Exact",
    "Interval",
    "Pooled",
    "Posterior",
    "Prediction",
    "Printed",
    "Prior",
    "Redraw",
    "Regression",
    "Subgroups",
    "Tau2",
    "Weighting",
    "bayes",
    "beta_binomial",
    "bootstrap",
    "cumulative",
    "default_prior",
    "hypergeometric_normal",
    "leave_one_out",
    "mantel_haenszel",
    "meta_regression",
    "peto",
    "pool",
    "posterior_density",
    "subgroups",
]
