"""The comparison as tables, as a tidy file and as a figure."""

import csv

import pytest

from ketherapy.simulation.mechanism import figure, report
from ketherapy.simulation.mechanism.comparison import Comparison, compare
from ketherapy.simulation.mechanism.question import read_question


@pytest.fixture(scope="module")
def found() -> Comparison:
    return compare(read_question({}))


def test_the_tidy_file_holds_every_value_once_for_each_extent(found, tmp_path):
    path = tmp_path / "both.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        report.write_csv(found, file)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wanted = sum(max(len(course.edges), 1) for course in found.courses) * len(found.t)
    assert len(rows) == wanted
    course = found.course("madrs")
    read = {float(r["time_h"]): float(r["value"]) for r in rows if r["course"] == "madrs"}
    assert read == pytest.approx(dict(zip(found.t.tolist(), course.values.tolist(), strict=True)))
    assert {r["unit"] for r in rows if r["course"] == "level"} == {"ng/mL"}


def test_the_report_never_lets_one_scale_stand_for_the_other(found):
    said = report.report(found)
    assert report.NOT_ONE_SCALE in said
    assert report.NOT_A_PERSON in said
    assert "MADRS points" in said
    assert "HAMD-17 points" in said


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0.0, "0 min"), (1 / 6, "10 min"), (1.0, "1 h"), (24.0, "1 d"), (36.0, "36 h"),
     (168.0, "7 d"), (336.0, "2 weeks"), (1344.0, "8 weeks")],
)  # fmt: skip
def test_a_time_is_said_as_people_say_it(hours, words):
    assert report.spoken(hours) == words


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [("level", 0.04, "< 0.1"), ("level", 160.07, "160"), ("level", 0.0, "0"),
     ("nmda_block", 0.04, "< 0.1"), ("nmda_block", 21.34, "21.3"), ("madrs", 14.63, "14.6")],
)  # fmt: skip
def test_a_value_has_as_many_digits_as_mean_something(found, key, value, words):
    assert report.printed(found.course(key), value) == words


def test_the_figure_names_both_scales_and_what_it_is_not(found, tmp_path):
    path = tmp_path / "both.svg"
    figure.draw(found, path)
    drawn = path.read_text(encoding="utf-8")
    for words in (
        "MADRS points better",
        "HAMD-17 points better",
        report.NOT_A_PERSON,
        "NOT MEASURED",
    ):
        assert words in drawn
