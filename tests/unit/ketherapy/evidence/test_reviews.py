"""What a review prints is kept for what it is: whose people, which interval, compared or not."""

from dataclasses import asdict

import pytest

from ketherapy import records
from ketherapy.errors import DataFileError
from ketherapy.evidence.reviews import PeopleOf, PublishedPool, Span, review, reviews

POOLS = [pytest.param(pool, id=f"{of.id}-{pool.id}") for of in reviews() for pool in of.pools]
# As the documents print them: review, pool, estimate, ends, trials, people.
PRINTED = [
    ("borgogna2024", "active", 0.24, -0.30, 0.78, None, None),
    ("borgogna2024", "adjusted", 0.20, -0.08, 0.48, None, None),
    ("borgogna2024", "24h", 0.35, 0.06, 0.64, None, None),
    ("dean2021", "midazolam24", -0.49, -0.87, -0.10, 4, 297),
    ("dean2021", "midazolam_resp24", 2.48, 1.00, 6.18, 4, 296),
    ("marchi2022", "anx", -0.42, -0.84, 0.003, 6, None),
]
GRADES = [
    ("ferraro2025", "1_1", "very low"),
    ("ferraro2025", "1_9", "low"),
    ("dean2021", "midazolam24", "very low"),
]


@pytest.mark.parametrize(("of", "pool_id", "estimate", "low", "high", "k", "people"), PRINTED)
def test_what_speaks_less_for_the_drug_is_kept_too(of, pool_id, estimate, low, high, k, people):
    pool = review(of).pool(pool_id)
    assert (pool.estimate, pool.low, pool.high) == (estimate, low, high)
    assert (pool.own_k, pool.own_people) == (k, people)


@pytest.mark.parametrize(("of", "pool_id", "printed"), GRADES)
def test_certainty_is_no_vaguer_than_printed(of, pool_id, printed):
    assert review(of).pool(pool_id).certainty == printed


@pytest.mark.parametrize("pool", POOLS)
def test_certainty_is_one_level_of_grade(pool: PublishedPool):
    assert pool.certainty in ("", "very low", "low", "moderate", "high")


@pytest.mark.parametrize("pool", POOLS)
def test_what_compares_nothing_is_marked(pool: PublishedPool):
    alone = any(words in pool.comparison for words in ("pre-post", "arm only"))
    assert pool.is_uncontrolled == (alone or pool.measure == "proportion")


@pytest.mark.parametrize(
    ("of", "pool_id"),
    [
        ("nikolin2023", "rachigh"), ("bahji2022", "resp"), ("marchi2022", "dep"),
        ("alnefeesi2022", "resp"), ("vankawala2021", "sbp"),
    ],
)  # fmt: skip
def test_totals_of_a_review_and_treatments_are_not_the_people_of_a_pool(of, pool_id):
    pool = review(of).pool(pool_id)
    assert pool.people is not None
    assert pool.people_of in (PeopleOf.REVIEW, PeopleOf.TREATMENTS)
    assert pool.own_people is None


def test_trials_of_a_whole_review_are_not_those_of_a_pool():
    assert review("marchi2022").pool("dep").own_k is None
    assert review("marchi2022").pool("anx_noect").own_k == 5


@pytest.mark.parametrize(
    ("of", "pool_id"), [("wilkinson2018", "range"), ("mcgirr2015", "rem24"), ("rhee2022", "smd")]
)
def test_what_has_no_confidence_interval_says_so(of, pool_id):
    assert not review(of).pool(pool_id).has_interval


def test_a_range_over_times_is_no_interval():
    pool = review("wilkinson2018").pool("range")
    assert (pool.interval, pool.low, pool.high) == (Span.TIMES, 0.48, 0.85)


@pytest.mark.parametrize(
    ("of", "pool_id", "changed", "said"),
    [
        ("han2016", "resp24", {"is_uncontrolled": False}, "compares nothing"),
        ("alnefeesi2022", "g", {"favourable": "above"}, "no favourable"),
        ("wilkinson2018", "range", {"interval": "confidence"}, "range over times"),
        ("nikolin2023", "rachigh", {"people_of": None}, "people_of"),
        ("newport2015", "rem24", {"people_of": "pool"}, "people_of"),
        ("newport2015", "rem24", {"low": None}, "both"),
        ("newport2015", "rem24", {"estimate": 1.0}, "lies in its interval"),
        ("newport2015", "rem24", {
            "certainty_read": {"source": "han2016", "locator": "abstract", "status": "secondary"},
        }, "needs the certainty"),
    ],
)  # fmt: skip
def test_a_pool_that_could_be_misread_is_refused(of, pool_id, changed, said):
    entries = asdict(review(of).pool(pool_id)) | changed
    with pytest.raises(DataFileError, match=said):
        records.check(PublishedPool, entries, where="a pool")
