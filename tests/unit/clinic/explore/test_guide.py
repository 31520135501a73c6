"""The guide: every number has a source, no share stands alone, and the words are plain."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from clinic.explore import guide
from clinic.explore.findings import finding
from clinic.explore.guide import page, pages
from clinic.explore.guide_figures import filled, number, typed_numbers
from clinic.explore.guide_records import Block, Row
from ketherapy import records
from ketherapy.errors import ContractError, DataFileError
from ketherapy.evidence.analysis import answer
from ketherapy.evidence.claims import claim
from ketherapy.evidence.questions import question
from ketherapy.evidence.trials import trial
from ketherapy.pharmacology.effects.frequencies import frequency
from tests.reading import grade

HARDEST = 8.9  # the reading grade no page may pass
DRUGS = re.compile(
    r"\b(es|S-)?ketamine\b|\bmidazolam\b|\bmemantine\b|\bglutamate\b|\bserotonin\b|\bMADRS\b|"
    r"\bQIDS-SR\b|\bNMDA\b", re.IGNORECASE,
)  # fmt: skip
SHARE = re.compile(r"\bof (?:100|(?:a|every) hundred)\b|%|\bper ?cent\b")
COUNTED = re.compile(r"(?:\d+|fewer than 1|more than 99) of 100")
ALONE = re.compile(r"there was no comparison group|we read no comparison")
PAGES = pages()
EVERY = [(one.slug, piece) for one in PAGES for piece in one.pieces]


def texts(piece):
    found = [piece.says, *piece.points]
    return [*found, *([piece.people.sentence] if piece.people else [])]


def plain(one):
    return "\n".join(
        text for piece in one.pieces for text in texts(piece) if text
    )  # fmt: skip


def sentences(text):
    return re.split(r"(?<=[.!?:])\s+", text)


def test_there_are_seven_pages_in_their_order():
    assert [one.number for one in PAGES] == [1, 2, 3, 4, 5, 6, 7]
    assert len({one.slug for one in PAGES}) == len(PAGES)
    assert [page(one.slug) for one in PAGES] == list(PAGES)


@pytest.mark.parametrize("one", PAGES, ids=lambda one: one.slug)
def test_every_place_is_filled_and_everything_rests_on_a_source(one):
    assert not re.search(r"[{}]", plain(one))
    for piece in one.pieces:
        if piece.kind == "said" and not piece.uses:
            assert piece.grounds, piece.says
        for ground in piece.grounds:
            assert ground.words
            assert urlsplit(ground.address).scheme in {"https", "http", ""}
            assert ground.status.value != "verified" or ground.locator


@pytest.mark.parametrize(("slug", "piece"), EVERY)
def test_no_share_stands_alone(slug, piece):
    for text in texts(piece):
        for sentence in filter(SHARE.search, sentences(text)):
            both = len(COUNTED.findall(sentence)) > 1 and re.search(r"\bwith(out)?\b", sentence)
            of_clinics = "every hundred clinics" in sentence
            difference = sentence.startswith("That is ")
            assert both or ALONE.search(sentence) or of_clinics or difference, f"{slug}: {sentence}"


@pytest.mark.parametrize("one", PAGES, ids=lambda one: one.slug)
def test_nothing_is_promised_to_the_reader(one):
    promised = r"you will (?!measure|know)|you'll|guarantee|\bcure|works for you|safe for you\b"
    assert not re.search(promised, plain(one), re.IGNORECASE)


@pytest.mark.parametrize("one", PAGES, ids=lambda one: one.slug)
def test_the_words_are_plain(one):
    words = DRUGS.sub("it", plain(one))
    assert grade(words) <= HARDEST


def test_the_large_trials_that_found_nothing_are_told():
    success = plain(page("how-successful"))
    people = sum(one.n for one in trial("abdallah2022").outcome("n_randomised").results.values())
    assert f"with {people} people, found no difference" in success
    assert "because all were asleep. It found no clear gain either" in success
    ward = finding("ketamine_midazolam_response_course")
    assert ward.shares.low < 0 < ward.shares.high  # what "no clear gain" rests on
    asleep = finding("ketamine_asleep_response_day")
    assert asleep.shares.low < 0 < asleep.shares.high


def test_what_is_not_known_is_said():
    assert "Unknown is not none" in plain(page("is-it-safe"))
    unknown = {slug for slug, piece in EVERY if piece.kind == "unknown"}
    assert unknown >= {one.slug for one in PAGES} - {"what-it-is", "how-successful"}


@pytest.mark.parametrize(("slug", "piece"), [(s, p) for s, p in EVERY if p.pairs or p.people])
def test_every_drawing_has_both_groups(slug, piece):
    if piece.people:
        assert piece.people.shares is not None
        assert piece.people.certainty
        return
    assert piece.pairs.control != piece.pairs.treated
    assert all(0 <= row.control <= piece.pairs.highest for row in piece.pairs.rows)
    assert all(0 <= row.treated <= piece.pairs.highest for row in piece.pairs.rows)


def test_side_effects_are_those_of_the_label_in_both_columns():
    drawn = next(p.pairs for p in page("is-it-safe").pieces if p.pairs)
    found = [(row.treated, row.control) for row in drawn.rows]
    expected = [frequency(f"AE-{n:03d}") for n in range(1, 14)]
    assert found == [(row.value, row.comparator_value) for row in expected]


def test_a_large_rise_of_blood_pressure_is_drawn_for_both_ages():
    drawn = [p.pairs for p in page("is-it-safe").pieces if p.pairs and "blood" in p.pairs.title]
    for pairs, age in zip(drawn, ("", "-65"), strict=True):
        expected = [frequency(f"AE-{n}{age}") for n in ("016", "015", "018")]
        found = [(row.treated, row.control) for row in pairs.rows]
        assert found == [(row.value, row.comparator_value) for row in expected]


def test_drips_have_harms_and_what_staff_counted_stands_beside():
    safe = plain(page("is-it-safe"))
    (drip,) = [part for part in page("is-it-safe").parts if part.title == "With a drip"]
    points = [point for piece in drip.pieces for point in piece.points]
    assert "17 of 138 people" in points[0]  # Yale, 2024
    assert "12.6 mmHg" in points[1]  # Vankawala, 2021
    assert all(ALONE.search(point) is not None for point in points)
    assert "48 to 61 of 100 people were sleepy, 61 to 84 of 100 felt cut off" in safe  # label
    assert "Do not drive until the next day" in safe
    assert "mild to moderate" in safe  # as the maker's own words on the bladder have it


def test_the_review_stands_before_the_trial_that_found_most():
    (day,) = [p for p in page("fast-and-lasting").parts if p.title == "One day after one drip"]
    review, _, drawn, _ = day.pieces
    assert "in about 47 of 100 people with ketamine, and in 26 of 100" in review.says  # Cochrane
    assert "(How sure: very low.)" in review.says
    assert drawn.people.people_of_100 == (28, 64)  # Murrough, 2013


def test_pain_is_told_when_it_was_looked_at_and_how_sure_that_is():
    pain = plain(page("depression-or-pain"))
    assert "At the first check, up to about a week later" in pain
    assert pain.count("how sure: very low.") == 2
    assert "the gain could no longer be shown" in pain


def test_who_stood_behind_the_trials_of_the_spray_is_said_as_recorded():
    asked = ("esketamine_response_month", "esketamine_events", "esketamine_relapse_remitters")
    shown = [study.trial for key in asked for study in answer(question(key)).studies]
    assert all("industry" in one.bias_printed for one in shown)
    unclear = {"transform3": "not significant", "chen2023": "no significant difference on primary"}
    assert all(words in trial(key).bias_printed for key, words in unclear.items())
    assert "a company stood behind them" in plain(page("how-successful"))


def test_thoughts_of_suicide_are_told_with_what_was_not_shown():
    (part,) = [p for p in page("how-successful").parts if p.title == "Thoughts of suicide"]
    said = " ".join(piece.says for piece in part.pieces)
    assert "not shown to prevent suicide, or to make thoughts of suicide less" in said
    assert "6 of 100 had more such thoughts than before; there was no comparison group" in said


def test_each_small_trial_names_its_control():
    (part,) = [p for p in page("how-successful").parts if p.title == "Other conditions"]
    beside = {"PTSD": "a calming drug"}
    for row in part.pieces[0].pairs.rows:
        assert row.name.endswith(f"beside {beside.get(row.name[:4], 'salt water')}")


def test_clinics_are_counted_of_those_that_were_looked_at():
    where = plain(page("where-to-go"))
    assert "On 473 websites of clinics" in where
    assert "Of the 126 clinics that answered a survey, more than 40 of every hundred" in where


def test_days_are_those_of_the_trial():
    drawn = next(p.days for p in page("fast-and-lasting").pieces if p.days)
    for line, arm in ((drawn.treated, "ketamine"), (drawn.control, "saline")):
        for day, mean, n in line.points:
            result = trial("lii2023").outcome(f"score_madrs_day_{day:g}").results[arm]
            assert (mean, n) == (result.mean, result.n)


@pytest.mark.parametrize(
    ("text", "is_typed"),
    [
        ("{finding x treated} of 100 people", False),
        ("52 of 100 people", True),
        ("in 1962", True),
        ("of 1000 people", True),
        ("six weeks", False),
    ],
)
def test_a_typed_number_is_seen(text, is_typed):
    assert typed_numbers(text) is is_typed


@pytest.mark.parametrize(
    ("block", "why"),
    [
        ({"says": "It helps 52 of 100."}, "typed"),
        ({"says": "It helps."}, "nothing says where"),
        ({"says": "It helps.", "kind": "ours", "people": "x"}, "one drawing"),
        ({}, "one drawing"),
    ],
)
def test_words_without_a_ground_are_refused(block, why):
    with pytest.raises(DataFileError, match=why):
        records.check(Block, block, where="a block")


@pytest.mark.parametrize("given", [{"treated": "a"}, {"finding": "a", "frequency": "b"}, {}])
def test_a_row_of_one_group_is_refused(given):
    with pytest.raises(DataFileError):
        records.check(Row, {"name": "a row", **given}, where="a row")


@pytest.mark.parametrize(
    "place",
    ["memory 1", "finding no_such treated", "finding esketamine_response_month cured",
     "frequency AE-022 control", "number no_such", "trial lii2023 response_madrs_day_1 ketamine x"],
)  # fmt: skip
def test_a_place_that_names_no_number_is_refused(place):
    with pytest.raises(ContractError):
        number(place)


def test_a_share_is_told_in_whole_people_and_a_large_number_with_its_thousands():
    assert filled("{frequency AE-051 treated} of {number clinic_treated}").text == "8 of 9,016"
    assert filled("{number approved_sleep}").text == "1970"


def test_a_page_that_is_not_there_is_refused():
    with pytest.raises(ContractError, match="page of the guide"):
        page("no-such-page")


def test_words_on_a_claim_that_has_changed_say_so(monkeypatch):
    block = records.check(Block, {"says": "It is fast.", "claims": ["8"]}, where="a block")
    assert not guide._words(block).is_under_review
    changed = replace(claim("8"), fingerprint="another")
    monkeypatch.setattr(guide, "claim", lambda _: changed)
    assert guide._words(block).is_under_review


def test_a_claim_that_is_not_there_is_refused():
    block = records.check(Block, {"says": "It is fast.", "claims": ["99"]}, where="a block")
    with pytest.raises(ContractError):
        guide._words(block)
