"""A trial file is checked whole: each fault by file and key, what was expected, what came."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketherapy import records
from ketherapy.evidence.check import check, check_table, shipped
from ketherapy.evidence.problems import Severity
from ketherapy.evidence.trials import Trial

GOOD = """
id = "mine2030"
first_author = "Mine"
year = 2030
source = "murrough2013"
status = "verified"
registry = "NCT99999999"
design = "parallel"
masking = "double"
condition = "resistant_depression"
condition_printed = "TRD"
control = "midazolam"
control_printed = "midazolam"

[arms.ketamine]
label = "ketamine"
role = "treated"
given = "ketamine"
drug = "racemic ketamine"

[arms.midazolam]
label = "midazolam"
role = "control"
drug = "midazolam"

[[outcomes]]
id = "response"
kind = "response"
about = "depression"
outcome = "response"
scale = "MADRS"
instrument = "madrs"
drop = 0.5
timepoint = "24 h"
at = 24.0
source = "murrough2013"
locator = "table 2"
status = "verified"
results.ketamine = { n = 47, events = 30, percent = 63.8 }
results.midazolam = { n = 25, events = 7 }

[[outcomes]]
id = "score"
kind = "score"
about = "depression"
outcome = "score"
scale = "MADRS"
timepoint = "24 h"
at = 24.0
source = "murrough2013"
locator = "table 2"
status = "verified"
results.ketamine = { n = 47, mean = 14.8, sd = 11.7 }
results.midazolam = { n = 25, mean = 22.7, sd = 10.6 }

[[contrasts]]
id = "change"
contrast = "ketamine - midazolam"
treated = "ketamine"
control = "midazolam"
kind = "change"
about = "depression"
outcome = "change"
timepoint = "24 h"
at = 24.0
measure = "MD"
favourable = "below"
printed_measure = "MD"
estimate = -7.95
low = -13.2
high = -2.71
source = "murrough2013"
locator = "abstract"
status = "verified"
"""
COUNTED = "outcomes.response.results.ketamine"
SCORED = "outcomes.score.results.ketamine"


@pytest.fixture
def found(tmp_path):
    """Return what is wrong with the good file after some words were replaced by others."""

    def changed(words: str = "", by: str = ""):
        assert words in GOOD
        path = tmp_path / "mine2030.toml"
        path.write_text(GOOD.replace(words, by, 1) if words else GOOD, encoding="utf-8")
        return check(path)

    return changed


def test_a_good_file_has_no_problem_and_loads(found, tmp_path):
    assert found() == ()
    assert records.load(Trial, tmp_path / "mine2030.toml").id == "mine2030"


def test_every_file_that_ships_has_no_error():
    wrong = [one.sentence for path in shipped() for one in check(path)
             if one.severity is Severity.ERROR]  # fmt: skip
    assert len(shipped()) > 50
    assert wrong == []


@pytest.mark.parametrize(
    ("words", "by", "key", "said"),
    [
        ("n = 47, events = 30, percent = 63.8", "n = 47, events = 48", f"{COUNTED}.events", "47"),
        ("events = 7", "events = -1", "outcomes.response.results.midazolam.events", "between 0"),
        ("n = 47, events = 30, percent = 63.8", "events = 30", f"{COUNTED}.n", "people"),
        ("n = 47, mean", "n = 0, mean", f"{SCORED}.n", "people: 1 to"),
        ("n = 47, mean", f"n = 1{'0' * 400}, mean", f"{SCORED}.n", "a number"),
        ("n = 47, mean", "n = 47.5, mean", f"{SCORED}.n", "valid integer"),
        ("sd = 11.7", "sd = 0.0", f"{SCORED}.sd", "people differ"),
        ("sd = 11.7", "sd = -1", f"{SCORED}.sd", "people differ"),
        ("sd = 11.7", "se = 0", f"{SCORED}.se", "people differ"),
        ("sd = 11.7", "sd = 11.7, se = 1.7", f"{SCORED}.se", "sd or se"),
        ("mean = 14.8", "mean = 61", f"{SCORED}.mean", "0 to 60"),
        ("mean = 14.8", "mean = -1", f"{SCORED}.mean", "0 to 60"),
        ("sd = 11.7", "sd = 61", f"{SCORED}.sd", "60 points"),
        ("percent = 63.8", "percent = 103", f"{COUNTED}.percent", "0 to 100"),
        ("percent = 63.8", "percent = 64.8", f"{COUNTED}.percent", "its counts, 63.8 %"),
        ("sd = 11.7", 'sd = "11,7"', f"{SCORED}.sd", "with a point"),
        ("sd = 11.7", 'sd = "11.7"', f"{SCORED}.sd", "without quotation marks"),
        ("sd = 11.7", "sd = true", f"{SCORED}.sd", "a number"),
        ("sd = 11.7", "sd = nan", f"{SCORED}.sd", "a number"),
        ("sd = 11.7", "sd = [1]", f"{SCORED}.sd", "a number"),
        ("at = 24.0", 'at = "24 h"', "outcomes.response.at", "a number"),
        ("year = 2030", 'year = "2030"', "year", "a number"),
        ("results.ketamine = { n = 47, ev", "results.ketamin = { n = 47, ev",
         "outcomes.response.results.ketamin", "an arm of the file: ketamine, midazolam"),
        ('treated = "ketamine"', 'treated = "other"', "contrasts.change.treated", "an arm"),
        ('instrument = "madrs"', 'instrument = "madsr"', "outcomes.response.instrument", "madrs"),
        ('locator = "abstract"', 'locator = ""', "contrasts.change.locator", "Verified means"),
        ('source = "murrough2013"\nstatus', 'source = "murough2013"\nstatus', "source",
         "an id of data/sources.toml"),
        ('condition = "resistant_depression"', 'condition = "sadness"', "condition", "crps"),
        ('status = "verified"\nregistry', 'status = "recalled"\nregistry', "status", "[[gaps]]"),
        ('given = "ketamine"\n', "", "arms.ketamine.given", "a drug for the treated"),
        ('given = "ketamine"', 'given = "esketamine"', "arms.ketamine.given", "racemate"),
        ('control = "midazolam"\ncontrol_p', 'control = "saline"\ncontrol_p', "control", "felt"),
        ("at = 24.0", "at = -24.0", "outcomes.response.at", "a window"),
        ('timepoint = "24 h"\nat = 24.0', 'timepoint = "one fine day"',
         "outcomes.response.timepoint", "a window"),
        ('id = "score"', 'id = "response"', "response", "an id of its own"),
        ('first_author = "Mine"', 'first_author = ""', "first_author", "an acronym"),
        ("estimate = -7.95", "estimate = 7.95", "contrasts.change.estimate", "lost sign"),
        ("low = -13.2\n", "", "contrasts.change.low", "other end"),
        ("year = 2030", "", "year", "this key"),
        ("year = 2030", "year = 2030\ncolour = 3", "colour", "no such key"),
        ('kind = "score"', 'kind = "skore"', "outcomes.score.kind", "'score'"),
        ('id = "mine2030"', 'id = "yours2030"', "id", "the name of the file"),
        ('id = "mine2030"', 'id = "mine2030', "", "readable TOML"),
        ('registry = "NCT99999999"', 'registry = "NCT00768430"', "cohort", "both files"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_file_and_key(found, words, by, key, said):
    errors = [one for one in found(words, by) if one.severity is Severity.ERROR]
    assert [one.key for one in errors] == [key], [one.sentence for one in errors]
    assert errors[0].file == "mine2030.toml"
    assert said in errors[0].sentence


@pytest.mark.parametrize(
    ("words", "by", "key", "said"),
    [
        ("sd = 11.7", "sd = 1.7", f"{SCORED}.sd", "a standard error"),
        ("estimate = -7.95", "estimate = -3", "contrasts.change.estimate", "the middle"),
        ('registry = "NCT99999999"', 'pmid = "23982301"', "pmid", "murrough2013"),
    ],
)
def test_what_looks_wrong_is_a_warning(found, words, by, key, said):
    (one,) = found(words, by)
    assert (one.severity, one.key) == (Severity.WARNING, key)
    assert said in one.sentence


def test_the_standard_error_of_the_crps_trial_given_as_a_deviation_is_flagged(found):
    """Its report prints 2.68 +- 0.51 of 30 people, on 0 to 10: 26.8 and 5.1 on 0 to 100."""
    pain = GOOD.replace('scale = "MADRS"\ntimepoint', 'scale = "0-100 pain"\ntimepoint')
    words = pain[pain.index('id = "score"') : pain.index("[[contrasts]]")]
    by = words.replace("n = 47, mean = 14.8, sd = 11.7", "n = 30, mean = 26.8, sd = 5.1")
    original = GOOD[GOOD.index('id = "score"') : GOOD.index("[[contrasts]]")]
    told = found(original, by)
    assert f"{SCORED}.sd" in [one.key for one in told if "standard error" in one.sentence]


def test_exchanged_people_of_two_arms_are_an_error_in_both_places(found):
    told = found("n = 47, mean = 14.8, sd = 11.7 }\nresults.midazolam = { n = 25,",
                 "n = 25, mean = 14.8, sd = 11.7 }\nresults.midazolam = { n = 47,")  # fmt: skip
    keys = [one.key for one in told if one.severity is Severity.ERROR]
    assert f"{SCORED}.n" in keys
    assert "outcomes.score.results.midazolam.n" in keys
    assert all("exchanged" in one.sentence for one in told)


def test_one_number_of_the_other_arm_is_a_warning(found):
    (one,) = found("n = 47, mean", "n = 25, mean")
    assert (one.severity, one.key) == (Severity.WARNING, f"{SCORED}.n")


def test_everything_is_said_at_once(tmp_path):
    path = tmp_path / "mine2030.toml"
    text = GOOD
    for words, by in (
        ("n = 47, events = 30", "n = 47, events = 300"), ("sd = 11.7", "sd = 0"),
        ('about = "depression"', 'about = "rain"'), ("year = 2030", ""),
        ('instrument = "madrs"', 'instrument = "m"'),
    ):  # fmt: skip
        text = text.replace(words, by, 1)
    path.write_text(text, encoding="utf-8")
    keys = {one.key for one in check(path)}
    assert keys >= {
        f"{COUNTED}.events", f"{SCORED}.sd", "outcomes.response.about", "year",
        "outcomes.response.instrument",
    }  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"\x00", b"a = " + b"[" * 5000, b"a = " + b"9" * 5000, b"\xef\xbb\xbf"],
)
def test_a_file_that_is_none_is_a_problem_and_no_crash(tmp_path, content):
    path = tmp_path / "mine2030.toml"
    path.write_bytes(content)
    assert any(one.severity is Severity.ERROR for one in check(path))


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir()])
def test_a_file_that_is_not_there_is_a_problem(tmp_path, make):
    path = tmp_path / "mine2030.toml"
    make(path)
    (one,) = check(path)
    assert one.severity is Severity.ERROR


things = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
KEYS = ("id", "arms", "outcomes", "contrasts", "status", "source", "registry", "year", "control")


@given(table=st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), things))
def test_no_table_however_strange_stops_the_check(table):
    for one in check_table(table):
        assert one.sentence
