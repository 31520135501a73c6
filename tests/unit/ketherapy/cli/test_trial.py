"""``ketherapy trial``: says what it finds, writes whole files or none, refuses in one sentence."""

import pytest
from click.testing import CliRunner

from ketherapy.cli import main

DESIGN = """
id = "mine"
title = "A trial of mine"
setting = "midazolam"
n = 30
seed = 3
replicates = 40
[population]
weight = "70 kg"
[[arms]]
id = "ketamine"
drug = "ketamine"
route = "iv"
dose = "0.5 mg/kg"
over = "40 min"
given = ["0 day"]
[[arms]]
id = "midazolam"
control = "midazolam"
[visits]
at = ["1 day"]
[analysis]
primary = "1 day"
"""


@pytest.fixture
def path(tmp_path):
    found = tmp_path / "mine.toml"
    found.write_text(DESIGN)
    return found


def ask(*arguments):
    return CliRunner().invoke(main, ["trial", *map(str, arguments)])


def test_it_says_what_to_expect_and_where_the_numbers_are_from(path):
    found = ask(path, "--chance", "sampling", "--power", "60 %")
    assert found.exit_code == 0, found.output
    for words in (
        "A trial of mine", "15 people", "typical trial (power)", "positive trials",
        "Not this person", "Sources", "Predicted, not measured", "give power of",
    ):  # fmt: skip
        assert words in found.stdout


def test_the_notes_of_a_design_stand_before_the_cautions():
    found = ask("murrough2013", "--chance", "sampling", "--replicates", "1").stdout
    assert found.index("Weight is not printed") < found.index("Not this person")
    assert "Monte Carlo error not known" in found


def test_the_same_seed_says_the_same(path):
    one, two = (ask(path, "--chance", "sampling").stdout for _ in range(2))
    assert one == two
    assert ask(path, "--chance", "sampling", "--seed", "4").stdout != one


def test_files_are_written_whole(path, tmp_path):
    files = {name: tmp_path / f"out.{name}" for name in ("html", "csv", "nc")}
    found = ask(path, "--chance", "sampling", "--report", files["html"], "--csv", files["csv"],
                "--netcdf", files["nc"])  # fmt: skip
    assert found.exit_code == 0, found.output
    assert all(place.stat().st_size > 1000 for place in files.values())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine.toml", "out.csv", "out.html",
                                                          "out.nc"]  # fmt: skip


def test_a_report_may_go_into_a_folder(path, tmp_path):
    assert ask(path, "--chance", "sampling", "--report", tmp_path).exit_code == 0
    assert (tmp_path / "report.html").exists()


def test_stopped_it_leaves_no_half_file(path, tmp_path, monkeypatch):
    from ketherapy.simulation.trial import replicate

    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(replicate, "outcome", stopped)
    found = ask(path, "--csv", tmp_path / "out.csv", "--netcdf", tmp_path / "out.nc")
    assert found.exit_code == 1
    assert [p.name for p in tmp_path.iterdir()] == ["mine.toml"]


@pytest.mark.parametrize(
    ("words", "by", "said"),
    [
        ('n = 30', 'n = 0', "1 to 100,000 people"),
        ('weight = "70 kg"', 'weight = "70 kg"\nbaseline = "61 points"', "0 to 60 points"),
        ('setting = "midazolam"', 'setting = "ward"', "setting: expected one of"),
        ('drug = "ketamine"', 'drug = "arketamine"', "ketamine, esketamine"),
        ('id = "mine"', 'id = "mine"\ncolour = "red"', "colour: a design has no such key"),
        ('at = ["1 day"]', 'at = ["-1 day"]', "first dose"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_before_anything_is_simulated(path, words, by, said):
    path.write_text(DESIGN.replace(words, by))
    found = ask(path)
    assert found.exit_code == 2
    assert said in found.output
    assert "simulating" not in found.output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("none",), "a file, or one of"),
        (("none.toml",), "a file that is there"),
        (("murrough2013", "--power", "80"), "unit"),
        (("murrough2013", "--replicates", "20", "--power", "110 %"), "power"),
        (("murrough2013", "--power", "80 %", "--arm", "midazolam"), "one that is compared"),
        (("murrough2013", "--arm", "ketamine"), "--arm: expected --power beside it"),
        (("murrough2013", "--report", "nowhere"), "ends in .html"),
        (("murrough2013", "--n", "-3"), "people"),
    ],
)
def test_what_was_typed_wrongly_is_refused(options, said):
    found = ask(*options)
    assert found.exit_code == 2
    assert said in found.output


def test_a_repeated_measures_model_of_too_many_visits_is_refused_before_anything_is_said(path):
    path.write_text(
        DESIGN.replace('at = ["1 day"]', 'daily_until = "14 day"').replace("n = 30", "n = 12")
    )
    found = ask(path, "--mmrm")
    assert found.exit_code == 2
    assert "fewer visits than the 9 people" in found.output


def test_where_the_analysis_never_gives_an_answer_that_is_the_sentence(path):
    path.write_text(
        DESIGN.replace("[analysis]", '[missing]\nby_end = "95 %"\n[analysis]\nkind = "mmrm"')
    )
    found = ask(path, "--chance", "sampling", "--replicates", "5")
    assert found.exit_code == 2
    assert "a replicate whose analysis gave an answer" in found.output


def test_the_help_has_an_example_of_a_shipped_design():
    assert "ketherapy trial murrough2013" in ask("--help").stdout
