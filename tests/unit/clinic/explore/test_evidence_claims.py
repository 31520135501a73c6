"""Claims as a page shows them: nothing stale, nothing unfilled, no share alone."""

import re

import pytest

from clinic.explore.evidence_claims import cards
from clinic.explore.evidence_open import published, standing
from clinic.explore.evidence_trial import find
from ketherapy.evidence import claims

CARDS = cards()


def test_every_claim_is_shown_in_order():
    assert [card.id for card in CARDS] == [one.id for one in claims.claims()]


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_texts_are_filled_and_the_verdict_is_reasoned(card):
    assert not re.search(r"[{}]", card.plain + card.clinician)
    assert card.verdict
    assert card.would_change
    assert card.sources


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_each_number_says_how_it_is_got_and_leads_to_a_page_that_exists(card):
    for number in card.numbers:
        assert number.how
        assert number.sources
        if number.question:
            assert standing(number.question, {}) is not None
        if number.review:
            assert published(number.review, number.pool, {}) is not None
        if number.trial:
            assert find(number.trial) is not None


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_a_share_of_treated_people_has_its_control_beside_it(card):
    (claim,) = [one for one in claims.claims() if one.id == card.id]
    controls = {number.control for number in claim.numbers.values()}
    for line, (name, number) in zip(card.numbers, claim.numbers.items(), strict=True):
        if claims.is_share(number) and name not in controls:
            assert "control group" in line.beside or line.beside == claims.ALONE


def test_a_changed_number_is_shown_as_under_review(monkeypatch):
    monkeypatch.setattr(claims, "fingerprint", lambda _numbers: "another")
    assert all("under review" in card.notice for card in cards())
