"""What the evidence cites leads to the document, by its own title or by ours in brackets."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import ketherapy.evidence
from ketherapy.sources import bibliography, cite

DATA = Path(ketherapy.evidence.__file__).parent / "data"


def named(entry: object) -> Iterator[str]:
    """Give every source that a data file names, at any depth."""
    if isinstance(entry, dict):
        found = entry.get("source")
        if isinstance(found, str):
            yield found
        for inner in entry.values():
            yield from named(inner)
    elif isinstance(entry, list):
        for inner in entry:
            yield from named(inner)


def cited() -> list[str]:
    files = [*DATA.glob("trials/*.toml"), *DATA.glob("reviews/*.toml")]
    return sorted({key for path in files for key in named(tomllib.loads(path.read_text("utf-8")))})


@pytest.mark.parametrize("key", cited())
def test_a_source_leads_somewhere(key: str):
    entry = bibliography()[key]
    is_ours = key == "ketherapy"
    leads = entry.doi or entry.url or "doi:" in entry.title or "PMC" in entry.title
    assert is_ours or leads or (entry.container and entry.volume)


@pytest.mark.parametrize("key", cited())
def test_an_article_stands_in_its_journal_or_its_title_is_called_ours(key: str):
    entry = bibliography()[key]
    if entry.kind == "article":
        assert entry.title
        assert entry.container or entry.title.startswith("[") or entry.doi


@pytest.mark.parametrize("key", cited())
def test_no_address_is_a_home_page_or_a_catalogue_under_test(key: str):
    url = bibliography()[key].url
    assert url.rstrip("/").count("/") != 2  # a host alone
    assert "vufind-test" not in url


# Read at the paper, its record or a bibliography that holds it: title begins, where it leads.
READ = [
    ("elektd", "Ketamine versus ECT for Nonpsychotic", "doi:10.1056/NEJMoa2302399"),
    ("chen2023", "Efficacy and Safety of Flexibly Dosed Esketamine", "doi:10.2147/NDT.S391096"),
    ("lii2023", "Randomized trial of ketamine masked by", "doi:10.1038/s44220-023-00140-x"),
    ("abdallah2022", "Dose-related effects of ketamine", "doi:10.1038/s41386-022-01266-9"),
    ("murrough2013", "Antidepressant Efficacy of", "doi:10.1176/appi.ajp.2013.13030392"),
    ("feder2021", "A Randomized Controlled Trial of", "doi:10.1176/appi.ajp.2020.20050596"),
    ("transform2", "Efficacy and Safety of Flexibly", "doi:10.1176/appi.ajp.2019.19020172"),
    ("canuso2018", "Efficacy and Safety of Intranasal", "doi:10.1176/appi.ajp.2018.17060720"),
    ("grunebaum2018", "Ketamine for Rapid Reduction of", "doi:10.1176/appi.ajp.2017.17060647"),
    ("wilkinson2018", "The Effect of a Single Dose of", "doi:10.1176/appi.ajp.2017.17040472"),
    ("taylor2018", "Ketamine for Social Anxiety Disorder", "/PMC5729569"),
    ("ptsd_meta", "So how special is special K?", "doi:10.1080/20008066.2023.2299124"),
]


@pytest.mark.parametrize(("key", "title", "where"), READ)
def test_a_title_that_was_read_is_the_title_that_is_cited(key: str, title: str, where: str):
    assert bibliography()[key].title.startswith(title)
    assert where in cite(key)


@pytest.mark.parametrize(
    ("key", "where"),
    [("karmadep2", "PMID 41123905"), ("aspire1_abstract", "J Clin Psychiatry 2020;81(3):19m13191")],
)
def test_an_identifier_that_was_not_read_is_not_printed(key: str, where: str):
    entry = bibliography()[key]
    assert entry.doi == ""
    assert where in f"{cite(key)} {entry.note}"


def test_a_title_of_ours_is_in_brackets():
    shown = bibliography()
    for key in ("carlsson2004", "rybakowski2013", "bahji2022", "mcgirr2015", "si_meta"):
        assert shown[key].title.startswith("[")
        assert shown[key].title.endswith("]")


def test_the_lost_signs_of_a_printed_interval_are_said():
    assert "minus signs" in bibliography()["bedroc2024"].note
