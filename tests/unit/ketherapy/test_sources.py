"""Sources: each entry of the bibliography can be cited, as text and as BibTeX."""

import re

import pytest

from ketherapy import sources
from ketherapy.errors import ContractError, DataFileError
from ketherapy.records import check
from ketherapy.sources import Cited, ErrorScale

EVERY = sorted(sources.bibliography())


def fields(bibtex: str) -> dict[str, str]:
    """Read one BibTeX entry: a head, then a line "name = {value}," for each field."""
    assert re.match(r"@(article|misc)\{[a-z0-9_]+,\n", bibtex)
    body = bibtex.split("\n", 1)[1].rsplit("\n}", 1)[0]
    found = dict(re.findall(r"^  (\w+) = \{(.*)\},$", body, re.MULTILINE))
    assert len(found) == len(body.splitlines())
    return found


@pytest.mark.parametrize("key", EVERY)
def test_every_source_is_cited_as_one_line(key):
    assert re.fullmatch(r"[^\n]+\.", sources.cite(key))


@pytest.mark.parametrize("key", EVERY)
def test_every_bibtex_entry_reads_back(key):
    found = fields(sources.bibtex(key))
    entry = sources.source(key)
    assert (found.get("doi", ""), found.get("url", "")) == (entry.doi, entry.url)


@pytest.mark.parametrize("key", EVERY)
def test_the_braces_of_every_bibtex_entry_pair(key):
    depth = 0
    for character in sources.bibtex(key):
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0


@pytest.mark.parametrize("key", EVERY)
def test_no_bibtex_entry_holds_a_bare_command_character_of_tex(key):
    found = fields(sources.bibtex(key))
    prose = " ".join(value for name, value in found.items() if name not in {"doi", "url"})
    assert not re.search(r"(?<!\\)[&%$#_]", prose)


def test_an_article_is_cited_with_journal_year_volume_pages_and_doi():
    assert sources.cite("otto2021").endswith(
        "Eur J Clin Pharmacol 2021;77:1181-1192. doi:10.1007/s00228-021-03104-1."
    )


def test_authors_are_turned_round_for_bibtex():
    author = fields(sources.bibtex("otto2021"))["author"]
    assert author == "Otto, ME and Bergmann, KR and Jacobs, G and van Esdonk, MJ"


def test_a_group_of_authors_keeps_its_name_for_bibtex():
    assert fields(sources.bibtex("nlmixr2lib"))["author"] == "{nlmixr2 contributors}"


def test_further_authors_are_others_for_bibtex():
    assert fields(sources.bibtex("domino1984"))["author"] == "Domino, EF and others"


def test_a_range_of_pages_has_two_dashes_in_bibtex():
    assert fields(sources.bibtex("fanta2015"))["pages"] == "441--447"


def test_an_unknown_source_is_refused():
    with pytest.raises(ContractError, match=r"source: expected an id of data/sources\.toml"):
        sources.cite("nobody2020")


@pytest.mark.parametrize(
    ("text", "unit", "scale", "value"),
    [
        ("fixed", "L", ErrorScale.FIXED, 0.0),
        ("3.77 %", "L", ErrorScale.RELATIVE, 0.0377),
        ("RSE 9.8 %", "1/h", ErrorScale.RELATIVE, 0.098),
        ("0.9", "L", ErrorScale.ABSOLUTE, 0.9),
        ("SEE 1.2 percentage points", "%", ErrorScale.ABSOLUTE, 1.2),
        ("5 %", "%", ErrorScale.RELATIVE, 0.05),
    ],
)
def test_a_printed_standard_error_is_read(text, unit, scale, value):
    found = Cited(value=26.3, unit=unit, se=text).standard_error
    assert found is not None
    assert (found.scale, found.value) == (scale, pytest.approx(value))


def test_no_printed_standard_error_is_none():
    assert Cited(value=26.3, unit="L").standard_error is None


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        pytest.param("about 5 %", "L", id="a remark"),
        pytest.param("1.2", "%", id="per cent of what"),
        pytest.param("1.2 percentage points", "L", id="points of a volume"),
        pytest.param("4-6", "L", id="an interval"),
        pytest.param("-1", "L", id="negative"),
    ],
)
def test_an_unclear_standard_error_is_refused_with_its_file(text, unit):
    with pytest.raises(DataFileError, match="standard error"):
        check(Cited, {"value": 26.3, "unit": unit, "se": text}, where="a file")
