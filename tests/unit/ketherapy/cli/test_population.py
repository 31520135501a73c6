"""The population command: whole files or none, and a stopped run goes on to the same digits."""

import csv
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner, Result

from ketherapy.cli import main
from ketherapy.cli.population_entries import heaviest
from ketherapy.simulation import people, planned, population, population_files
from ketherapy.simulation.engine import Kind

USUAL = [
    "--drug", "esketamine", "--route", "iv", "--dose", "20 mg", "--over", "40 min",
    "--weight", "70 kg", "--age", "30 years", "--n", "160", "--seed", "3", "--every", "30 min",
    "--model", "otto2021_iv",
]  # fmt: skip
GIVEN = ["--drug", "ketamine", "--route", "iv", "--over", "40 min", "--seed", "1"]


def but(*options: str) -> list[str]:
    """Return USUAL without these options."""
    pairs = zip(USUAL[::2], USUAL[1::2], strict=True)
    return [word for pair in pairs if pair[0] not in options for word in pair]


def run(*typed: str) -> Result:
    return CliRunner().invoke(main, ["population", *typed])


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Cut 160 people into five tasks, in a folder of their own."""
    monkeypatch.setattr(planned, "BLOCK", 8)
    monkeypatch.setattr(population, "buffer_size", lambda n: 8)
    monkeypatch.chdir(tmp_path)


def stopped_after(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Ctrl-C be pressed while task number ``count`` is at work."""
    summarise = population.summarise

    def stops(plan, task):
        if task.number == count:
            raise KeyboardInterrupt
        return summarise(plan, task)

    monkeypatch.setattr(population, "summarise", stops)


def test_all_is_said_of_the_result():
    found = run(*USUAL, "--above", "50 ng/mL")
    assert found.exit_code == 0, found.output
    for said in (
        "160 people", "20 mg iv over 40 min", "Predicted, not measured", "seed 3",
        "rank error at most", "as published with the model", "Otto", "esketamine Cmax",
        "esketamine above 50 ng/mL",
    ):  # fmt: skip
        assert said in found.output


def test_the_memory_a_run_can_need_is_said():
    assert re.search(r"simulating in up to 0\.[0-9]+ GiB", run(*USUAL).output)


def test_csv_and_netcdf_hold_the_same_numbers():
    found = run(*USUAL, "--csv", "out.csv", "--netcdf", "out.nc", "--above", "50 ng/mL")
    assert found.exit_code == 0, found.output
    data = xr.load_dataset("out.nc", engine="h5netcdf")
    with Path("out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    levels = [float(row["value"]) for row in rows if row["quantity"] == "esketamine"]
    np.testing.assert_allclose(levels, data["esketamine"].values.ravel() * 1000.0)
    above = [row for row in rows if row["quantity"] == "esketamine_above"]
    assert {row["level"] for row in above} == {"50.0"}
    assert {row["unit"] for row in above} == {"1"}
    assert all(row["group"] == "everyone" and row["people"] == "160" for row in rows)


def test_subgroups_are_groups_of_the_file():
    Path("people.csv").write_text(
        "weight_kg,age_year\n" + "".join(f"{50 + k % 40},{20 + k % 50}\n" for k in range(160)),
        encoding="utf-8",
    )
    typed = but("--weight", "--age")
    found = run(*typed, "--people", "people.csv", "--by", "weight:60,75", "--netcdf", "out.nc")
    assert found.exit_code == 0, found.output
    with xr.open_datatree("out.nc", engine="h5netcdf") as tree:
        sizes = {name: int(tree[name].attrs["n"]) for name in tree.children}
        assert int(tree.attrs["n"]) == 160
    assert sizes == {
        "weight: below 60 kg": 40, "weight: 60 to below 75 kg": 60, "weight: 75 kg or more": 60,
    }  # fmt: skip


@pytest.mark.parametrize("after", [1, 3])
def test_a_stopped_run_leaves_no_half_file_and_goes_on_to_the_same_digits(after, monkeypatch):
    assert run(*USUAL, "--netcdf", "straight.nc").exit_code == 0
    with monkeypatch.context() as stopping:
        stopped_after(after, stopping)
        stopped = run(*USUAL, "--netcdf", "out.nc", "--csv", "out.csv")
    assert stopped.exit_code == 1
    assert "--resume goes on" in stopped.output
    left = sorted(path.name for path in Path().iterdir())
    assert left == [*[n for n in left if n.endswith(".checkpoint")], "straight.nc"]
    assert len(left) == 2
    resumed = run(*USUAL, "--netcdf", "out.nc", "--resume")
    assert resumed.exit_code == 0, resumed.output
    one, other = (xr.load_dataset(name, engine="h5netcdf") for name in ("straight.nc", "out.nc"))
    assert one.identical(other)
    assert sorted(path.name for path in Path().iterdir()) == ["out.nc", "straight.nc"]


def test_a_run_stopped_before_anything_is_known_leaves_nothing(monkeypatch):
    stopped_after(0, monkeypatch)
    assert run(*USUAL, "--netcdf", "out.nc").exit_code == 1
    assert list(Path().iterdir()) == []


def test_a_checkpoint_of_another_run_is_refused(monkeypatch):
    with monkeypatch.context() as stopping:
        stopped_after(2, stopping)
        run(*USUAL, "--checkpoint", "kept")
    found = run(*USUAL, "--above", "10 ng/mL", "--checkpoint", "kept", "--resume")
    assert found.exit_code == 2
    assert "one of another" in found.output


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04 cut off"])
def test_a_damaged_checkpoint_is_refused(content):
    Path("kept").write_bytes(content)
    found = run(*USUAL, "--checkpoint", "kept", "--resume")
    assert found.exit_code == 2
    assert "damaged" in found.output


def test_there_must_be_something_to_go_on_from():
    found = run(*USUAL, "--resume")
    assert found.exit_code == 2
    assert "begin again" in found.output


def test_a_file_that_was_there_stays_when_the_run_stops(monkeypatch):
    Path("out.csv").write_text("older", encoding="utf-8")
    stopped_after(2, monkeypatch)
    run(*USUAL, "--csv", "out.csv")
    assert Path("out.csv").read_text(encoding="utf-8") == "older"


def test_the_fan_chart_says_what_it_is():
    found = run(*USUAL, "--plot", "fan.svg", "--above", "50 ng/mL")
    assert found.exit_code == 0, found.output
    words = Path("fan.svg").read_text(encoding="utf-8")
    for said in (
        "160 simulated people",
        "PREDICTED, NOT MEASURED",
        "median",
        "50 ng/mL",
        "S-ketamine",
    ):
        assert said in words


def test_the_assay_error_is_said_and_one_analyte_can_be_chosen():
    found = run(*USUAL, "--assay-error", "--analyte", "esketamine")
    assert found.exit_code == 0, found.output
    assert "assay error: added as published" in found.output
    assert "esnorketamine" not in found.output


def test_uncertainty_is_printed_drawn_and_written_beside_the_variability():
    typed = [*but("--every"), "--times", "0 min, 40 min, 2 h"]
    assert run(*typed, "--csv", "plain.csv").exit_code == 0
    found = run(
        *typed, "--estimate-draws", "20", "--csv", "out.csv", "--netcdf", "out.nc",
        "--plot", "fan.svg",
    )  # fmt: skip
    assert found.exit_code == 0, found.output
    assert "5 to 95 % of 20 draws" in found.output
    assert "which the authors fixed" in found.output
    assert "over 20 draws of the estimates" in Path("fan.svg").read_text(encoding="utf-8")
    plain, both = (
        list(csv.DictReader(Path(name).read_text(encoding="utf-8").splitlines()))
        for name in ("plain.csv", "out.csv")
    )
    assert plain == [row for row in both if not row["over_draws"]]
    assert {row["over_draws"] for row in both} == {"", "0.05", "0.95"}
    with xr.open_datatree("out.nc", engine="h5netcdf") as tree:
        (unsure,) = tree.children.values()
        assert unsure.attrs["draws"] == "20"
        low, high = unsure["esnorketamine"].values[:, :, -1]
        median = tree["esnorketamine"].values[2, -1]
    assert low[2] < median < high[2]


def test_a_model_without_printed_errors_has_no_uncertainty_to_draw():
    typed = [*USUAL[:-1], "domino1984_iv", "--drug", "ketamine"]
    found = run(*typed, "--estimate-draws", "20", "--csv", "out.csv")
    assert found.exit_code == 2
    assert "standard error" in found.output
    assert not Path("out.csv").exists()


def test_an_assumption_is_said_to_be_one():
    found = run(
        *USUAL[:-1], "domino1984_iv", "--drug", "ketamine",
        "--assume-cv", "V1=30 %", "--assume-label", "our own guess, for teaching",
    )  # fmt: skip
    assert found.exit_code == 0, found.output
    assert "invented" not in found.output


@pytest.mark.parametrize(
    ("more", "said"),
    [
        pytest.param(("--n", "0"), "people", id="nobody"),
        pytest.param(("--above", "50"), "above", id="level without a unit"),
        pytest.param(("--by", "height"), "by", id="unknown grouping"),
        pytest.param(("--by", "age"), "edges", id="bands without edges"),
        pytest.param(("--by", "sex"), "sex is described", id="nothing known of sex"),
        pytest.param(("--every", "0 min"), "every", id="no step"),
        pytest.param(("--every", "1 s", "--until", "7 day"), "every", id="too fine a grid"),
        pytest.param(("--times", "1 h, 2 h"), "--every", id="a grid and its step"),
        pytest.param(("--engine", "abacus"), "engine", id="no such engine"),
        pytest.param(
            ("--engine", "compiled", "--precision", "float32"), "JAX engine", id="kernel in float32"
        ),
        pytest.param(("--weight", "7 kg"), "weight", id="weight out of range"),
        pytest.param(("--population", "nobody_described"), "Choose one", id="two sources"),
        pytest.param(("--device", "quantum"), "device", id="no such device"),
        pytest.param(("--csv", "nowhere/out.csv"), "output", id="no such folder"),
        pytest.param(("--memory", "100 MiB"), "up to", id="more memory than is allowed"),
        pytest.param(("--memory", "2"), "unit", id="memory without a unit"),
        pytest.param(("--analyte", "caffeine"), "analyte", id="no such analyte"),
        pytest.param(
            ("--model", "domino1984_iv", "--drug", "ketamine", "--assay-error"),
            "assay error",
            id="no published error",
        ),
        pytest.param(("--plot", "fan.gif"), "plot", id="no such format"),
    ],
)
def test_what_cannot_be_run_is_one_sentence(more, said):
    found = run(*USUAL, *more)
    assert found.exit_code == 2, found.output
    assert said in found.output
    assert "Traceback" not in found.output
    assert list(Path().iterdir()) == []


def test_no_spray_is_divided_by_weight():
    found = run(
        "--drug", "esketamine", "--route", "intranasal", "--dose", "0.4 mg/kg", "--weight", "70 kg",
        "--n", "8", "--seed", "1",
    )  # fmt: skip
    assert found.exit_code == 2
    assert "whole devices" in found.output


@pytest.mark.parametrize("rows", ["70\n250\n", "250\n70\n"])
def test_a_dose_is_refused_that_is_too_much_for_the_heaviest_wherever_they_stand(rows):
    Path("people.csv").write_text(f"weight_kg\n{rows}", encoding="utf-8")
    found = run(*GIVEN, "--dose", "5 mg/kg", "--people", "people.csv", "--n", "2")
    assert found.exit_code == 2, found.output
    assert "250 kg = 1250 mg" in found.output


def test_the_heaviest_of_a_table_and_of_a_description():
    both = people.PeopleTable(
        person=people.population("invented_adults").take(0, 300, seed=1),
        text="a few", source="ketherapy", status=people.Status.CONVENTION,
    )  # fmt: skip
    weights = np.asarray(both.person.weight)
    assert heaviest(both) == weights.max() > weights[0]
    for described in people.populations():
        ends = [spread.high for spread in described.weight.values()]
        assert {end.unit for end in ends} == {"kg"}
        assert heaviest(described) == max(end.value for end in ends)


@pytest.mark.parametrize("option", [("--every", "5 min"), ("--until", "4 h")])
def test_a_grid_that_is_typed_has_no_step_or_end_of_its_own(option):
    found = run(*but("--every"), "--times", "0 min, 1 h", *option)
    assert found.exit_code == 2, found.output
    assert option[0] in found.output
    assert option[1] in found.output


def test_times_that_are_not_in_order_are_refused():
    found = run(*but("--every"), "--times", "2 h, 1 h")
    assert found.exit_code == 2
    assert "each later than the one before" in found.output


@pytest.mark.parametrize(("n", "said"), [("1", True), ("2", False)])
def test_people_of_a_table_who_are_left_out_are_a_caution(n, said):
    Path("a.csv").write_text("weight_kg,age_year\n70,30\n80,40\n", encoding="utf-8")
    found = run(*but("--weight", "--age", "--n"), "--people", "a.csv", "--n", n)
    assert found.exit_code == 0, found.output
    caution = "caution:     The first 1 of 2 people were simulated and the others left out."
    assert (caution in found.output) is said
    assert ("people:      the first 1 of the 2 people of a.csv (" in found.output) is said


def nobody(*_: object) -> None:
    raise AssertionError("nobody should be simulated")


def test_the_place_of_the_checkpoint_nobody_named_is_refused_beforehand(monkeypatch):
    with monkeypatch.context() as stopping:
        stopped_after(1, stopping)
        run(*USUAL)
    (kept,) = Path().glob("*.checkpoint")
    kept.unlink()
    kept.mkdir()
    monkeypatch.setattr(population, "summarise", nobody)
    found = run(*USUAL)
    assert found.exit_code == 2, found.output
    assert kept.name in found.output


@pytest.mark.parametrize("last", [(), ("--estimate-draws", "20")])
def test_results_that_could_not_be_written_cost_no_run(last, monkeypatch):
    assert run(*USUAL, "--netcdf", "straight.nc").exit_code == 0

    def full(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as failing:
        failing.setattr(population_files, "write_netcdf", full)
        lost = run(*USUAL, *last, "--netcdf", "out.nc")
    assert lost.exit_code == 2
    assert "--resume goes on" in lost.output
    (kept,) = Path().glob("*.checkpoint")
    monkeypatch.setattr(population, "summarise", nobody)
    found = run(*USUAL, "--netcdf", "out.nc", "--resume", "--checkpoint", kept.name)
    assert found.exit_code == 0, found.output
    one, other = (xr.load_dataset(name, engine="h5netcdf") for name in ("straight.nc", "out.nc"))
    assert one.identical(other)
    assert not kept.exists()


def test_a_run_is_not_lost_to_a_checkpoint_that_could_not_be_written(monkeypatch):
    from ketherapy.cli import checkpoint, output

    def full(*_: object) -> None:
        raise output.unwritable("kept", "refused by the system")

    monkeypatch.setattr(checkpoint, "write", full)
    found = run(*USUAL, "--csv", "out.csv")
    assert found.exit_code == 0, found.output
    assert "not kept" in found.output
    assert Path("out.csv").exists()


def test_every_engine_can_be_asked_for_and_all_agree():
    medians = {}
    for kind in Kind:
        found = run(*USUAL, "--engine", kind.value, "--netcdf", "out.nc")
        assert found.exit_code == 0, found.output
        medians[kind] = xr.load_dataset("out.nc", engine="h5netcdf")["esketamine"].values
    np.testing.assert_allclose(medians[Kind.JAX], medians[Kind.COMPILED], rtol=1e-9)
    np.testing.assert_allclose(medians[Kind.JAX], medians[Kind.AUTOMATIC], rtol=1e-9)


def test_what_the_refused_kernel_advises_works():
    found = run(*USUAL, "--engine", "jax", "--precision", "float32")
    assert found.exit_code == 0, found.output
    assert "float32" in found.output


def test_the_table_says_model_site_and_confidence_in_every_row():
    given = ["--drug", "ketamine", "--route", "oral", "--dose", "100 mg", "--weight", "70 kg"]
    found = run(*given, "--n", "8", "--seed", "1", "--every", "30 min", "--model", "oral_racemic",
                "--csv", "out.csv", "--plot", "fan.svg")  # fmt: skip
    assert found.exit_code == 0, found.output
    with Path("out.csv").open(encoding="utf-8", newline="") as file:
        told = {(row["model"], row["site"], row["confidence"]) for row in csv.DictReader(file)}
    assert told == {("oral_racemic", "venous", "low")}
    assert "low confidence" in " ".join(Path("fan.svg").read_text(encoding="utf-8").split())


@pytest.mark.parametrize(
    "places",
    [
        pytest.param(("--csv", "x.out", "--checkpoint", "x.out"), id="results and checkpoint"),
        pytest.param(("--csv", "x.out", "--netcdf", "./x.out"), id="two results, in two spellings"),
        pytest.param(("--people", "x.out", "--csv", "x.out"), id="the table that is read"),
    ],
)
def test_no_file_is_written_over_another_or_removed_with_it(tmp_path, monkeypatch, places):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.out").write_text("weight_kg\n70\n", encoding="utf-8")
    typed = ("population", "--drug", "esketamine", "--route", "iv", "--dose", "20 mg", "--over",
             "40 min", "--n", "1", "--seed", "1")  # fmt: skip
    weight = () if "--people" in places else ("--weight", "70 kg")
    found = CliRunner().invoke(main, [*typed, *weight, *places])
    assert found.exit_code == 2
    assert "named twice" in found.output
    assert (tmp_path / "x.out").read_text(encoding="utf-8") == "weight_kg\n70\n"
