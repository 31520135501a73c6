"""One regimen under several models: levels at the moments promised, sites never mixed."""

import math

import numpy as np
import pytest
from click.testing import CliRunner

from ketherapy.cli import main
from ketherapy.simulation import comparison
from ketherapy.simulation.comparison import compare, geometric_CV, read_comparison
from ketherapy.simulation.request import Refusal, SimulationRequest
from ketherapy.simulation.solve import simulate

IV = {
    "drug": "ketamine",
    "route": "iv",
    "dose": "0.5 mg/kg",
    "over": "40 min",
    "weight": "70 kg",
    "age": "30 years",
}
CHILDREN_AND_ICU = {"herd2007a", "hornik2018", "hijazi2003"}


def read(entries=IV, models=(), **changed) -> SimulationRequest:
    request = read_comparison({**entries, **changed}, models=models)
    assert isinstance(request, SimulationRequest), request
    return request


@pytest.fixture(scope="module")
def found() -> comparison.Comparison:
    return compare(read(models=("otto2021_iv", "simons2022", "clements1981", "domino1984_iv")))


def test_without_a_name_every_model_of_adults_is_taken():
    request = read()
    assert {m.id for m in request.models} == {
        "otto2021_iv", "simons2022", "domino1984_iv", "clements1981", "herd2007b",
    }  # fmt: skip
    assert {m.id for m in comparison.fitting(request)} >= CHILDREN_AND_ICU


def test_a_model_of_children_is_compared_where_it_is_named_and_cautioned():
    request = read(models=["otto2021_iv", "herd2007a"])
    told = " ".join(compare(request).cautions)
    assert "made in children; not for adults" in told
    assert "Herd 2007a (children): low confidence" in told


def test_the_look_reaches_24_hours_unless_an_end_is_given():
    assert read().until == 24.0
    assert read(until="2 h").until == 2.0
    assert read(over="48 h").until == 96.0


def test_readings_are_what_a_simulation_says(found):
    by_key = {(r.model.id, r.analyte, r.moment): r for r in found.readings}
    for model in found.request.models:
        t = np.array([1.0, 4.0, 24.0])
        data = simulate(model, found.request.regimen, t, person=found.request.person)
        for hour, level in zip((1, 4, 24), data["ketamine"].values, strict=True):
            assert by_key[model.id, "ketamine", f"{hour} h"].level == pytest.approx(level)
        top = by_key[model.id, "ketamine", "peak"]
        assert top.at == pytest.approx(2.0 / 3.0, rel=1e-6)


def test_two_published_numbers_stand_at_the_peak(found):
    peaks = {r.model.id: r.level * 1000.0 for r in found.readings
             if (r.analyte, r.moment) == ("ketamine", "peak")}  # fmt: skip
    assert peaks["otto2021_iv"] == pytest.approx(160.0, rel=0.005)  # venous, dossier
    assert peaks["simons2022"] == pytest.approx(298.0, rel=0.005)  # arterial


def test_disagreement_is_the_highest_over_the_lowest_of_one_site(found):
    (top,) = [d for d in found.disagreements if (d.analyte, d.moment) == ("ketamine", "peak")]
    assert set(top.models) == {"otto2021_iv", "clements1981"}
    levels = [
        r.level
        for r in found.readings
        if r.moment == "peak" and r.analyte == "ketamine" and r.model.site == "venous"
    ]
    assert top.ratio == pytest.approx(max(levels) / min(levels))
    assert top.geometric_CV == pytest.approx(geometric_CV(levels))


def test_no_figure_mixes_sites_or_holds_an_unstated_one(found):
    site = {model.id: model.site for model in found.request.models}
    for d in found.disagreements:
        assert {site[model] for model in d.models} == {d.site}
        assert d.site != "not stated"


def test_the_geometric_cv_is_that_of_the_textbook():
    # two values a factor e apart: variance of the logs 1/2
    assert geometric_CV([1.0, math.e]) == pytest.approx(100.0 * math.sqrt(math.expm1(0.5)))
    assert geometric_CV([3.0, 3.0, 3.0]) == 0.0


def test_a_moment_after_the_end_is_not_read():
    moments = {r.moment for r in compare(read(until="2 h", models=["otto2021_iv"])).readings}
    assert moments == {"peak", "1 h"}


def test_every_problem_is_refused_as_when_simulating():
    refusal = read_comparison({**IV, "dose": "35", "age": "7 years"})
    assert isinstance(refusal, Refusal)
    assert {problem.field for problem in refusal.problems} == {"dose", "age"}


def test_the_report_says_that_sites_are_apart_and_who_is_left_out(found):
    text = comparison.report(found)
    assert comparison.SITES_APART in text
    assert all(model in text for model in CHILDREN_AND_ICU)
    assert "low confidence" in text


def test_the_table_has_a_row_for_each_reading_in_ng_per_ml(found, tmp_path):
    path = tmp_path / "readings.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        comparison.write_csv(found, file)
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    assert tuple(rows[0]) == comparison.COLUMNS
    assert len(rows) == 1 + len(found.readings)
    assert {row[-1] for row in rows[1:]} == {"ng/mL"}


def test_the_command_prints_writes_and_draws(tmp_path):
    words = [word for key, value in IV.items() for word in (f"--{key}", value)]
    plot, table = tmp_path / "overlay.svg", tmp_path / "levels.csv"
    result = CliRunner().invoke(
        main,
        ["compare", *words, "--model", "otto2021_iv", "--model", "domino1984_iv",
         "--until", "8 h", "--plot", str(plot), "--csv", str(table)],
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "Predicted, not measured" in result.output
    drawn = plot.read_text(encoding="utf-8")
    assert "Domino 1984 (low confidence)" in drawn
    assert "PREDICTED, NOT MEASURED" in drawn
    assert table.read_text(encoding="utf-8").startswith("moment,analyte,site,model")


def test_the_command_refuses_with_a_sentence():
    result = CliRunner().invoke(main, ["compare", "--drug", "x", "--route", "iv", "--dose", "1 mg"])
    assert result.exit_code == 2
    assert "one of ketamine" in result.stderr


def test_a_level_above_those_studied_is_cautioned():
    entries = {
        "drug": "ketamine",
        "route": "iv",
        "dose": "500 mg",
        "over": "40 min",
        "weight": "70 kg",
    }
    request = comparison.read_comparison(entries, models=("otto2021_iv",))
    assert "is above those it was fitted to" in "\n".join(comparison.compare(request).cautions)
