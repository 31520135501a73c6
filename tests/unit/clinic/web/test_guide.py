"""The guide without a browser: its pages, what stands on each, and what it never does."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.http import Http404
from django.test import RequestFactory

from clinic.accounts.gate import PUBLIC, declared
from clinic.explore import crisis
from clinic.explore import guide as pages_of
from clinic.explore.crisis import lines
from clinic.explore.findings import finding
from clinic.explore.lay_words import phrases
from clinic.web import guide
from clinic.web.guide_page import shown
from ketherapy.evidence.questions import questions

PAGES = pages_of.pages()
SLUGS = [page.slug for page in PAGES]


def get(view, *args):
    return unescape(view(RequestFactory().get("/guide/"), *args).content.decode())


def words(text):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


@pytest.mark.parametrize("view", [guide.contents, guide.page, guide.whole])
def test_it_is_for_everybody(view):
    assert declared(view) == PUBLIC


def test_the_contents_hold_every_page_with_its_answer():
    text = get(guide.contents)
    for page in PAGES:
        assert f"/guide/{page.slug}/" in text
        assert page.answer.says in text


@pytest.mark.parametrize("slug", SLUGS)
def test_every_sentence_of_a_page_stands_on_it_and_on_the_whole(slug):
    text, whole = get(guide.page, slug), get(guide.whole)
    for piece in pages_of.page(slug).pieces:
        for said in filter(None, (piece.says, *piece.points)):
            assert said in text
            assert said in whole


@pytest.mark.parametrize("slug", SLUGS)
def test_every_number_of_a_source_leads_to_that_source(slug):
    text = get(guide.page, slug)
    asked = set(re.findall(r'href="#(source-[a-z0-9-]+)"', text))
    there = set(re.findall(r'id="(source-[a-z0-9-]+)"', text))
    assert asked == there != set()
    for ground in pages_of.page(slug).grounds:
        assert ground.words in text


def test_no_name_of_the_whole_guide_is_there_twice():
    ids = re.findall(r' id="([^"]+)"', get(guide.whole))
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("slug", SLUGS)
def test_every_page_says_whom_to_call_and_leads_on(slug):
    text = words(get(guide.page, slug))
    assert "call your local emergency services" in text
    assert f"Page {SLUGS.index(slug) + 1} of {len(SLUGS)}" in text


def test_old_numbers_are_hidden_and_the_emergency_services_stay(monkeypatch):
    late = datetime(2036, 1, 1, tzinfo=UTC)
    assert lines(late.date()) == ()
    monkeypatch.setattr(guide.timezone, "now", lambda: late)
    text = get(guide.contents)
    assert "tel:" not in text
    assert "call your local emergency services" in words(text)


def test_numbers_read_lately_are_shown(monkeypatch):
    read = datetime(2026, 11, 24, tzinfo=UTC)
    monkeypatch.setattr(guide.timezone, "now", lambda: read)
    text = get(guide.contents)
    for line in crisis.lines(read.date()):
        assert f'href="tel:{line.dialled}"' in text


def test_another_page_is_not_there():
    with pytest.raises(Http404):
        get(guide.page, "no-such-page")


@pytest.mark.parametrize(
    "view", [(guide.contents,), (guide.whole,), *((guide.page, s) for s in SLUGS)]
)
def test_nothing_needs_a_script_or_a_style_in_the_page(view):
    text = get(*view)
    assert "<script" not in text
    assert "style=" not in text
    for anchor in re.findall(r"<a [^>]*https?://[^>]*>", text):
        assert 'rel="noreferrer noopener"' in anchor


@pytest.mark.parametrize("slug", SLUGS)
def test_every_drawing_has_a_table_that_says_the_same(slug):
    text = get(guide.page, slug)
    for part in shown(pages_of.page(slug)).parts:
        for block in part.blocks:
            if block.figure:
                assert block.figure.twin.caption in text
                assert len(block.figure.charts) == 2
                for row in block.figure.twin.rows:
                    assert all(cell in text for cell in row)


def test_doubts_are_told_in_plain_words():
    whole = words(get(guide.whole))
    assert "by one of them there may be no difference" in whole
    assert "whether bad results stayed unpublished" in whole
    for said in phrases():
        assert said not in whole


def test_every_phrase_put_plainly_is_one_that_the_rules_say():
    found = [finding(one.id) for one in questions() if one.words is not None]
    told = "\n".join(t for f in found for t in (*f.reasons, *f.warnings, f.certainty_by))
    assert all(said in told for said in phrases())


def test_the_last_page_leads_to_a_sheet_of_questions():
    text = get(guide.page, "where-to-go")
    assert 'href="/self-check/">Make your own sheet of questions (one page)</a>' in text


def test_what_must_be_said_is_said():
    whole = words(get(guide.whole))
    for said in (
        "This guide cannot tell whether it is right for you",
        "Unknown is not none",
        "off-label",
        "Two groups, always",
        "no expert panel has rated it",
    ):
        assert said in whole


def test_a_difference_that_is_not_sure_is_said_to_be():
    drawn = [
        (block.figure.finding, block.figure.doubt)
        for page in pages_of.pages()
        for section in shown(page).parts
        for block in section.blocks
        if block.figure is not None and block.figure.finding is not None
    ]
    assert any(said for _, said in drawn)
    for found, said in drawn:
        assert bool(said) != found.shows_a_difference
        assert said in unescape(words(get(guide.whole)))
