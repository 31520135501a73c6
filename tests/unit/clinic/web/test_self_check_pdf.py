"""The sheet to take along: always one page, whatever was answered, and it can be read back."""

from __future__ import annotations

import random
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from clinic.explore.crisis import lines
from clinic.explore.origins import Reference, reference
from clinic.explore.self_check import Result, check
from clinic.explore.self_check_content import YES, content
from clinic.explore.self_check_entries import CONDITIONS, TOLD, choices
from clinic.web import self_check_pdf
from clinic.web.charts.icons import people_words
from clinic.web.self_check_pdf import (
    NO_VERDICT,
    NOT_STORED,
    OWN_LETTERS,
    Sources,
    described,
    sheet,
    short,
)
from ketherapy.sources import source

TODAY = date(2026, 11, 23)
CONTENT = content()
EVERYTHING = {
    CONDITIONS: tuple(one.id for one in CONTENT.conditions),
    **{row.id: (YES,) for row in CONTENT.health},
    "age": ("age_young",),
    "medicines": ("none",),
    **dict.fromkeys(("ect", "talking", "before"), (YES,)),
    TOLD: ("W" * CONTENT.longest_told,),
}
UNDER_18 = EVERYTHING | {"age": ("age_child",)}
EMPTY: dict[str, tuple[str, ...]] = {}


def of(entries) -> Result:
    found = check(entries)
    assert isinstance(found, Result)
    return found


def read(entries):
    return PdfReader(BytesIO(sheet(of(entries), TODAY, crisis=lines(TODAY))))


def text(reader: PdfReader) -> str:
    """Return the words of the sheet with every gap as one space."""
    return " ".join(reader.pages[0].extract_text().replace("\xa0", " ").split())


@pytest.mark.parametrize(
    "entries", [EMPTY, EVERYTHING, UNDER_18], ids=["nothing", "everything", "under 18"]
)
def test_it_is_one_page_with_title_language_and_date(entries):
    reader = read(entries)
    assert len(reader.pages) == 1
    assert [round(float(x)) for x in reader.pages[0].mediabox[2:]] == [595, 842]  # A4
    assert reader.metadata is not None
    assert reader.metadata.title == self_check_pdf.PAGE_TITLE
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    told = text(reader)
    assert "23 November 2026" in told
    assert NOT_STORED in told
    assert NO_VERDICT in told
    assert "Not cleared" in told


def test_every_finding_names_both_groups_in_numbers():
    told, outcome = text(read(EVERYTHING)), of(EVERYTHING)
    for one in outcome.found:
        for found in one.findings:
            assert found.words.time in told
            if found.shares is not None:
                for name, share in (
                    (found.words.control, found.shares.control),
                    (found.words.treated, found.shares.treated),
                ):
                    assert f"{name} {people_words(share)} of 100" in told
            else:
                assert f"{found.words.treated} against {found.words.control}" in told


def test_everything_of_the_page_that_was_answered_is_on_it():
    told, outcome = text(read(EVERYTHING)), of(EVERYTHING)
    for words in (
        *(one.label for one in outcome.found),
        *(one.short for one in outcome.told_yes),
        *(said.text for said in outcome.course),
        *(said.text for one in outcome.found for said in one.facts),
        *outcome.tried,
        *outcome.ask,
        *outcome.cannot_tell,
    ):
        assert words in told, words


def test_under_18_it_is_said_before_all_findings():
    told = text(read({"age": ("age_child",)}))
    assert told.index("approved for adults only") < told.index("What trials found")


@pytest.mark.parametrize("key", CONTENT.named)
def test_a_source_whose_address_does_not_say_it_is_named(key):
    found = reference(key)
    assert found.address
    assert described(found) == f"{CONTENT.named[key]}: {short(found)}"


def test_every_label_that_is_told_of_is_named():
    told = [*CONTENT.health, *CONTENT.ages, *CONTENT.facts]
    kinds = {key: source(key).kind for row in told for key in row.keys}
    assert {key for key, kind in kinds.items() if kind in {"label", "monograph"}} <= {
        *CONTENT.named
    }


def test_what_was_not_answered_is_on_it():
    told = text(read(EMPTY))
    assert "Not answered: ask about" in told
    assert all(words in told for words in of(EMPTY).unanswered)


@pytest.mark.parametrize("entries", [EVERYTHING, {"suicide": ("no",)}], ids=["all", "a plain no"])
def test_help_stands_before_all_findings_whatever_was_answered(entries):
    told = text(read(entries))
    assert told.index("ending your life") < told.index("What trials found")
    assert "local emergency services" in told
    for line in lines(TODAY):
        assert f"{line.place}: {line.number}" in told
    assert "988 (call or text)" in told


def test_help_without_a_line_still_names_the_emergency_services():
    told = text(PdfReader(BytesIO(sheet(of(EMPTY), TODAY, crisis=()))))
    assert "your local emergency services" in told


def test_signs_beyond_plain_letters_are_there():
    assert "– ≥ ≤ é ß œ ½ “so”" in text(read({TOLD: ("– ≥ ≤ é ß œ ½ “so”",)}))


@pytest.mark.parametrize("words", ["Боль", "疼痛", "sad 😞"])
def test_letters_that_the_font_lacks_are_said_to_be_left_out(words):
    told = text(read({TOLD: (words,)}))
    assert OWN_LETTERS in told


def test_what_was_typed_is_never_markup():
    assert "<b>x</b> & <font size=50>y" in text(read({TOLD: ("<b>x</b> & <font size=50>y",)}))


@pytest.mark.parametrize("seed", range(12))
def test_any_answers_fit_on_one_page(seed):
    chance = random.Random(seed)
    entries = {
        name: (chance.choice(offered),) for name, offered in choices().items() if name != CONDITIONS
    }
    entries[CONDITIONS] = tuple(one.id for one in CONTENT.conditions if chance.random() < seed / 8)
    entries[TOLD] = ("mine " * 100,)
    assert len(read(entries).pages) == 1


def test_the_same_answers_on_the_same_day_make_the_same_bytes():
    first, again = (sheet(of(EVERYTHING), TODAY, crisis=lines(TODAY)) for _ in range(2))
    assert first == again


def test_too_much_for_a_page_is_our_fault_and_is_not_cut_off(monkeypatch):
    monkeypatch.setattr(self_check_pdf, "_SIZES", (40.0,))
    with pytest.raises(LookupError, match="too full"):
        sheet(of(EVERYTHING), TODAY, crisis=lines(TODAY))


def test_sources_are_numbered_once_and_runs_are_short():
    named = Sources()
    a, b, c, d = (Reference(words=x, address=f"https://www.{x}.org/") for x in "abcd")
    own = Reference(words="ours", address="")
    assert named.marks((a, b, own)) == "\xa0[1, 2]"
    assert named.marks((d, c, b, a)) == "\xa0[1–4]"
    assert named.marks((own,)) == ""
    assert named.listed().startswith("[1]\xa0a.org  [2]\xa0b.org")
