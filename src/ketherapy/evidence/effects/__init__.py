"""Effect measures of one study each: what its arms printed becomes an effect and its variance."""

from ketherapy.evidence.effects.arms import Counts, Means, combined_counts, combined_means
from ketherapy.evidence.effects.binary import (
    ZeroCells,
    odds_ratio,
    risk_difference,
    risk_ratio,
)
from ketherapy.evidence.effects.continuous import (
    mean_difference,
    ratio_of_means,
    standardised_mean_difference,
)
from ketherapy.evidence.effects.measures import Dropped, Effects, Measure
from ketherapy.evidence.effects.paired import mcnemar_odds_ratio, paired_counts, paired_means
from ketherapy.evidence.effects.printed import generic, hazard_ratio
from ketherapy.evidence.effects.proportions import harmonic_n, miller, proportion

__all__ = [
    "Counts",
    "Dropped",
    "Effects",
    "Means",
    "Measure",
    "ZeroCells",
    "combined_counts",
    "combined_means",
    "generic",
    "harmonic_n",
    "hazard_ratio",
    "mcnemar_odds_ratio",
    "mean_difference",
    "miller",
    "odds_ratio",
    "paired_counts",
    "paired_means",
    "proportion",
    "ratio_of_means",
    "risk_difference",
    "risk_ratio",
    "standardised_mean_difference",
]
