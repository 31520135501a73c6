"""A published pool stands as printed; where its trials are known ours stands beside it."""

from dataclasses import replace

import pytest

from clinic.explore import evidence_pools as pools
from clinic.explore.evidence_open import Computed, published
from ketherapy.evidence.reviews import reviews

EVERY = [(review, pool) for review in reviews() for pool in review.pools]
COMPUTABLE = [(review, pool) for review, pool in EVERY if pool.inputs]


@pytest.mark.parametrize(("review", "pool"), COMPUTABLE, ids=lambda one: one.id)
def test_what_is_printed_is_reproduced_to_its_digits(review, pool):
    rows = pools.beside(review, pool)
    assert rows
    assert [row.name for row in rows if not row.is_match] == []


def test_another_printed_value_is_found_not_to_agree():
    review, pool = pools.find("eskd28", "pm_hksj")
    wrong = replace(pool, estimate=-3.3437)
    rows = {row.name: row.is_match for row in pools.beside(review, wrong)}
    assert rows["Estimate"] is False
    assert rows["Upper end"] is True


@pytest.mark.parametrize(("review", "pool"), EVERY, ids=lambda one: one.id)
def test_every_pool_opens_and_is_computed_only_where_its_trials_were_read(review, pool):
    opened = published(review.id, pool.id, {})
    assert opened is not None
    assert opened.printed is not None
    assert isinstance(opened.outcome, Computed) == bool(pool.inputs)
    assert (opened.offered is None) == (not pool.inputs)


def test_the_printed_method_is_the_one_it_opens_with():
    opened = published("ferraro2025", "1_1", {})
    assert opened is not None
    assert opened.offered is not None
    assert opened.offered.chosen["tau2"] == "DL"
    assert opened.offered.chosen["interval"] == "WALD"
    assert opened.outcome.answer.together.extent.estimate == pytest.approx(-15.7911, abs=5e-5)


def test_the_columns_stay_the_printed_method_when_another_is_chosen():
    usual = published("ferraro2025", "1_1", {})
    other = published("ferraro2025", "1_1", {"tau2": "REML", "interval": "HKSJ"})
    assert usual.beside == other.beside
    assert usual.outcome.answer.together != other.outcome.answer.together


def test_midazolam_in_a_published_pool_is_said():
    opened = published("ferraro2025", "1_1", {})
    assert any("not alike" in one for one in opened.outcome.answer.warnings)


@pytest.mark.parametrize(("review", "pool"), [("nonsense", "1_1"), ("ferraro2025", "nonsense")])
def test_an_unknown_one_is_none(review, pool):
    assert published(review, pool, {}) is None


def test_a_share_of_one_group_has_no_control():
    line = pools.line(*pools.find("alnefeesi2022", "resp"))
    assert not line.has_control


@pytest.mark.parametrize(
    ("review", "pool", "whose"),
    [
        ("marchi2022", "dep", True),
        ("vankawala2021", "sbp", True),
        ("dean2021", "midazolam24", False),
    ],
)
def test_totals_of_a_review_are_not_shown_as_those_of_a_pool(review, pool, whose):
    line = pools.line(*pools.find(review, pool))
    assert bool(line.people_of) == whose
