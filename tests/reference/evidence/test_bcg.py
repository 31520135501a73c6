"""The BCG vaccine trials (Colditz 1994), as Stata's metan pools them.

The thirteen tables are the classic example of the field; the pooled numbers are Stata's, printed to
four digits in the tests of the R package metafor.
"""

from __future__ import annotations

import numpy as np
import pytest

from ketherapy.evidence.effects import Counts, Measure, odds_ratio, risk_ratio
from ketherapy.evidence.synthesis import Interval, Pooled, Tau2, mantel_haenszel, peto, pool

# with tuberculosis and without it: the vaccinated, then the others
TABLES = np.array(
    [
        (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619),
        (33, 5036, 47, 5761), (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892),
        (29, 7470, 45, 7232), (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338),
        (27, 16886, 29, 17825),
    ]
)  # fmt: skip
a, b, c, d = TABLES.T
TREATED, CONTROL = Counts(a, a + b), Counts(c, c + d)


def check(found: Pooled, estimate: float, low: float, high: float) -> None:
    told = [float(x) for x in (found.estimate, found.low, found.high)]
    assert told == pytest.approx([estimate, low, high], abs=5.1e-5)


def test_a_common_risk_ratio():
    found = pool(risk_ratio(TREATED, CONTROL), tau2=Tau2.COMMON, interval=Interval.WALD)
    check(found, -0.4303, -0.5097, -0.3509)
    assert float(found.Q) == pytest.approx(152.2330, abs=5.1e-5)


def test_a_random_risk_ratio_by_dersimonian_and_laird():
    found = pool(risk_ratio(TREATED, CONTROL), tau2=Tau2.DL, interval=Interval.WALD)
    check(found, -0.7141, -1.0644, -0.3638)


def test_mantel_and_haenszel_and_peto():
    check(mantel_haenszel(Measure.RR, TREATED, CONTROL), -0.4537, -0.5308, -0.3766)
    check(mantel_haenszel(Measure.OR, TREATED, CONTROL), -0.4734, -0.5538, -0.3930)
    check(peto(TREATED, CONTROL), -0.4744, -0.5541, -0.3948)


def test_maximum_likelihood_finds_less_spread_than_its_restricted_form():
    effects = odds_ratio(TREATED, CONTROL)
    assert pool(effects, tau2=Tau2.ML).tau2 < pool(effects, tau2=Tau2.REML).tau2
