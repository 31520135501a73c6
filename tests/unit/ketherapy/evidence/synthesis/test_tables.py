import numpy as np
import pytest
from statsmodels.stats.contingency_tables import StratifiedTable

from ketherapy.errors import ContractError
from ketherapy.evidence.effects import Counts, Measure, risk_ratio
from ketherapy.evidence.synthesis import Weighting, mantel_haenszel, peto, pool

TREATED, CONTROL = Counts([8, 3, 12], [40, 22, 50]), Counts([4, 2, 9], [38, 25, 55])


def strata():
    (a, n1), (c, n2) = TREATED.read(), CONTROL.read()
    cells = np.array([[a, n1 - a], [c, n2 - c]])
    return StratifiedTable(cells)


def test_the_odds_ratio_is_that_of_statsmodels():
    found, peer = mantel_haenszel(Measure.OR, TREATED, CONTROL), strata()
    assert found.estimate == pytest.approx(peer.logodds_pooled)
    assert found.se == pytest.approx(peer.logodds_pooled_se)
    assert found.printed.estimate == pytest.approx(peer.oddsratio_pooled)
    assert found.weighting is Weighting.MANTEL_HAENSZEL


def test_the_risk_ratio_is_that_of_statsmodels():
    found = mantel_haenszel(Measure.RR, TREATED, CONTROL)
    assert found.printed.estimate == pytest.approx(strata().riskratio_pooled)


def test_the_risk_difference_of_one_study_is_its_own():
    found = mantel_haenszel(Measure.RD, Counts(8, 40), Counts(4, 38))
    assert found.estimate == pytest.approx(8 / 40 - 4 / 38)
    v = 0.2 * 0.8 / 40 + (4 / 38) * (34 / 38) / 38
    assert found.se == pytest.approx(v**0.5)


def test_a_study_without_events_changes_no_ratio_and_is_named():
    more = Counts([8, 3, 12, 0], [40, 22, 50, 30]), Counts([4, 2, 9, 0], [38, 25, 55, 30])
    for measure in (Measure.RR, Measure.OR):
        one, other = mantel_haenszel(measure, TREATED, CONTROL), mantel_haenszel(measure, *more)
        assert other.estimate == one.estimate
        assert other.se == one.se
        assert any("study 4 is left out" in note for note in other.notes)


def test_an_empty_cell_needs_no_correction_beside_others():
    found = mantel_haenszel(Measure.OR, Counts([0, 5], 20), Counts([2, 3], 20))
    assert np.isfinite([found.estimate, found.se]).all()


@pytest.mark.parametrize("measure", [Measure.RR, Measure.OR])
def test_a_ratio_without_events_in_one_arm_of_all_studies_is_refused(measure):
    with pytest.raises(ContractError, match="some in each arm"):
        mantel_haenszel(measure, Counts([2, 5], 20), Counts([0, 0], 20))


@pytest.mark.parametrize("measure", [Measure.MD, Measure.HR])
def test_other_measures_are_refused(measure):
    with pytest.raises(ContractError, match="RR, OR or RD"):
        mantel_haenszel(measure, TREATED, CONTROL)


def test_no_event_anywhere_is_refused():
    with pytest.raises(ContractError, match="some people had the event"):
        peto(Counts([0, 0], 20), Counts([0, 0], 20))


def test_peto_says_nothing_against_rare_events_in_arms_alike():
    found = peto(Counts([3, 4], [500, 400]), Counts([2, 4], [500, 410]))
    assert found.notes == ()
    assert found.weighting is Weighting.PETO


@pytest.mark.parametrize(
    ("treated", "control", "said"),
    [
        pytest.param((4, 900), (2, 400), "unequal size: B", id="unequal arms"),
        pytest.param((60, 400), (50, 400), "rare events: B", id="common events"),
        pytest.param((39, 400), (1, 400), "biased towards 1", id="a large effect"),
    ],
)
def test_peto_says_where_it_should_not_be_used(treated, control, said):
    found = peto(
        Counts([3, treated[0]], [500, treated[1]]), Counts([3, control[0]], [500, control[1]]),
        labels=["A", "B"],
    )  # fmt: skip
    (note,) = found.notes
    assert said in note


@pytest.mark.parametrize(
    "method",
    [
        lambda *arms: mantel_haenszel(Measure.RR, *arms),
        lambda *arms: mantel_haenszel(Measure.OR, *arms),
        lambda *arms: mantel_haenszel(Measure.RD, *arms),
        peto,
        lambda *arms: pool(risk_ratio(*arms)),
    ],
)
def test_many_syntheses_at_once_are_those_one_by_one(method):
    rng = np.random.default_rng(3)
    a, c = rng.integers(1, 9, (2, 3, 5)), rng.integers(1, 9, (2, 3, 5))
    together = method(Counts(a, 20), Counts(c, np.array([18, 25, 30, 22, 19])))
    for place in np.ndindex(2, 3):
        alone = method(Counts(a[place], 20), Counts(c[place], np.array([18, 25, 30, 22, 19])))
        for field in ("k", "estimate", "se", "low", "high", "p", "Q", "I2"):
            assert getattr(together, field)[place] == pytest.approx(
                getattr(alone, field), nan_ok=True
            ), field
        np.testing.assert_allclose(together.weights[place], alone.weights)
