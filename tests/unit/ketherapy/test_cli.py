"""The command line: what the README shows runs, and bad input ends in a sentence."""

import csv
import re
import shlex
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner, Result

from ketherapy import __version__
from ketherapy.cli import main
from ketherapy.pharmacology import catalog
from ketherapy.simulation.effects.entries import FIELDS, EffectsRequest, read_effects
from ketherapy.simulation.request import SimulationRequest, read_request

INFUSION = {
    "--drug": "ketamine",
    "--route": "iv",
    "--dose": "0.5 mg/kg",
    "--over": "40 min",
    "--weight": "71 kg",
}
SPRAY = {"--drug": "esketamine", "--route": "intranasal", "--dose": "84 mg"}
ENANTIOMERS = {"esketamine", "arketamine", "esnorketamine", "arnorketamine"}


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def simulate(options=INFUSION, *more: str, **changed: str) -> Result:
    given = {**options, **{f"--{name}": value for name, value in changed.items()}}
    return run("simulate", *(word for pair in given.items() for word in pair), *more)


def in_a_shell(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from ketherapy.cli import main; main(prog_name='ketherapy')"]
    return subprocess.run(
        [*command, *words], capture_output=True, text=True, check=False, env=environment or None
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """Return the folder with every file of the usual infusion, and what was said."""
    folder = tmp_path_factory.mktemp("made")
    files = {"csv": "levels.csv", "netcdf": "levels.nc", "plot": "curve.svg"}
    result = simulate(**{name: str(folder / file) for name, file in files.items()})
    assert result.exit_code == 0, result.output
    (folder / "said.txt").write_text(result.output, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def rows(made) -> list[dict[str, str]]:
    with (made / "levels.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def said(made) -> str:
    return (made / "said.txt").read_text(encoding="utf-8")


def series(rows: list[dict[str, str]], model: str, analyte: str) -> dict[float, float]:
    return {
        float(row["time_h"]): float(row["value"])
        for row in rows
        if (row["model"], row["analyte"]) == (model, analyte)
    }


# The tidy table.


def test_the_header_of_the_csv_is_exactly_as_promised(made):
    first = (made / "levels.csv").read_bytes().split(b"\n")[0]
    assert first == b"time_h,model,analyte,site,value,unit"


def test_the_csv_holds_both_recommended_models_at_their_sites(rows):
    sites = {(row["model"], row["site"]) for row in rows}
    assert sites == {("otto2021_iv", "venous"), ("simons2022", "arterial")}


def test_the_csv_holds_both_enantiomers_their_metabolites_and_the_sums(rows):
    found = {row["analyte"] for row in rows if row["model"] == "otto2021_iv"}
    assert found == ENANTIOMERS | {"ketamine", "norketamine"}


def test_every_level_is_in_ng_per_ml_and_not_negative(rows):
    assert {row["unit"] for row in rows} == {"ng/mL"}
    assert min(float(row["value"]) for row in rows) >= 0.0


@pytest.mark.parametrize("model", ["otto2021_iv", "simons2022"])
def test_the_times_of_each_curve_are_every_minute_once(rows, model):
    minutes = 60.0 * np.array(list(series(rows, model, "ketamine")))
    np.testing.assert_allclose(minutes, np.arange(481.0), atol=1e-9)


def test_no_row_comes_twice(rows):
    keys = [(row["time_h"], row["model"], row["analyte"]) for row in rows]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("model", ["otto2021_iv", "simons2022"])
def test_ketamine_is_s_plus_r(rows, model):
    S, R = series(rows, model, "esketamine"), series(rows, model, "arketamine")
    for time, total in series(rows, model, "ketamine").items():
        assert total == pytest.approx(S[time] + R[time], rel=1e-12)


@pytest.mark.parametrize("model", ["otto2021_iv", "simons2022"])
def test_an_infusion_peaks_when_it_ends(rows, model):
    levels = series(rows, model, "ketamine")
    assert max(levels, key=levels.__getitem__) * 60 == pytest.approx(40.0)


def test_an_edge_between_two_minutes_is_a_row_of_its_own(tmp_path):
    path = tmp_path / "levels.csv"
    assert simulate(over="90 s", until="10 min", csv=str(path)).exit_code == 0
    with path.open(encoding="utf-8") as file:
        times = {float(row["time_h"]) * 3600 for row in csv.DictReader(file)}
    assert sorted(np.round(list(times), 6)) == sorted([*range(0, 601, 60), 90])


# The figure.


def test_the_figure_says_predicted_not_measured(made):
    words = " ".join(ElementTree.parse(made / "curve.svg").getroot().itertext())
    assert "predicted, not measured" in words.lower()


def test_the_figure_says_what_its_band_is(made):
    words = " ".join(ElementTree.parse(made / "curve.svg").getroot().itertext())
    assert words.count("5th to 95th percentile") == 2


def test_a_model_without_known_variability_says_so(tmp_path):
    path = tmp_path / "curve.svg"
    result = simulate(INFUSION, "--model", "domino1984_iv", plot=str(path), until="1 h")
    assert "variability is not known" in result.output
    assert "no band" in " ".join(ElementTree.parse(path).getroot().itertext())


def test_a_png_is_a_png(tmp_path):
    path = tmp_path / "curve.png"
    assert simulate(INFUSION, "--model", "domino1984_iv", plot=str(path)).exit_code == 0
    assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


# Labelled arrays.


@pytest.mark.parametrize("model", ["otto2021_iv", "simons2022"])
def test_the_arrays_are_labelled(made, model):
    with xr.open_dataset(made / "levels.nc", group=model, engine="h5netcdf") as data:
        attributes = {"model", "sources", "sampling_site", "engine", "nature", "cautions"}
        assert attributes <= set(data.attrs)
        assert (data["ketamine"].attrs["units"], data["time"].attrs["units"]) == ("mg/L", "h")
        assert data["ketamine"].attrs["sampling_site"] in {"venous", "arterial"}


def test_the_arrays_are_the_table_in_mg_per_litre(made, rows):
    with xr.open_dataset(made / "levels.nc", group="otto2021_iv", engine="h5netcdf") as data:
        table = list(series(rows, "otto2021_iv", "ketamine").values())
        np.testing.assert_allclose(data["ketamine"].values * 1000.0, table, rtol=1e-12)


# What is said.


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("Predicted, not measured", id="its nature"),
        pytest.param("ketamine 35.5 mg (0.5 mg/kg × 71 kg)", id="what was understood"),
        pytest.param("derived, not published", id="that the R part is derived"),
        pytest.param("10.1007/s00228-021-03104-1", id="the source of the first model"),
        pytest.param("10.3389/fpain.2022.946486", id="the source of the second"),
        pytest.param("ng/mL", id="the unit"),
    ],
)
def test_the_report_says(said, words):
    assert words in said


def test_the_peak_in_the_report_is_the_peak_in_the_table(said, rows):
    line = next(line for line in said.splitlines() if line.lstrip().startswith("peak"))
    peak = max(series(rows, "otto2021_iv", "esketamine").values())
    assert float(line.split()[1]) == pytest.approx(peak, rel=5e-3)


def test_a_spray_needs_no_weight_and_no_duration():
    result = simulate(SPRAY, until="1 h")
    assert result.exit_code == 0
    assert "3 devices 5 min apart" in result.output


def test_beyond_the_domain_is_drawn_with_a_caution():
    result = simulate(INFUSION, "--model", "otto2021_iv", weight="150 kg", until="1 h")
    assert result.exit_code == 0
    assert "weight 150 kg is outside what the model was made for" in result.output


# The other commands.


@pytest.mark.parametrize("model", [model.id for model in catalog.models()])
def test_every_model_is_listed(model):
    assert model in run("models").output


def test_the_list_says_that_the_extension_is_derived():
    assert "d1_arketamine (derived)" in run("models").output


@pytest.mark.parametrize("entry", [*catalog.models(), *catalog.extensions()], ids=lambda e: e.id)
def test_every_model_can_be_cited(entry):
    result = run("cite", entry.id)
    assert result.exit_code == 0
    keys = re.findall(r"^@(?:article|misc)\{(\w+),$", result.output, re.MULTILINE)
    assert keys == [entry.source, *entry.also]


def test_bibtex_alone_starts_with_an_entry_and_pairs_its_braces():
    said = run("cite", "simons2022", "--bibtex").output
    assert said.startswith("@article{simons2022,")
    assert said.count("{") == said.count("}")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_names_the_command(shell):
    result = run("completion", shell)
    assert result.exit_code == 0
    assert f"_KETHERAPY_COMPLETE={shell}_complete" in result.output


def test_the_completion_script_of_bash_is_bash():
    script = run("completion", "bash").output
    checked = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_half_typed_command_is_completed():
    asked = {
        "_KETHERAPY_COMPLETE": "bash_complete",
        "COMP_WORDS": "ketherapy si",
        "COMP_CWORD": "1",
    }
    assert in_a_shell(**asked).stdout == "plain,simulate\n"


@pytest.mark.parametrize("words", [[], ["simulate"], ["models"], ["cite"], ["completion"]])
def test_help_is_short_and_explains(words):
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.output


@pytest.mark.parametrize("words", [[], ["simulate"], ["cite"], ["completion"]])
def test_help_gives_an_example(words):
    assert "Example" in run(*words, "--help").output


def examples() -> list[list[str]]:
    """Return the options of each simulation that the help shows."""
    text = re.sub(r"\\\n\s*", "", run("simulate", "--help").output)
    return [
        shlex.split(line)[2:] for line in re.findall(r"^ *(ketherapy simulate -.*)$", text, re.M)
    ]


def test_every_simulation_in_the_help_can_be_read():
    assert len(examples()) == 4
    for words in examples():
        files = ("--plot", "--csv", "--netcdf")
        given = [p for p in zip(words[::2], words[1::2], strict=True) if p[0] not in files]
        models = [value for name, value in given if name == "--model"]
        typed = {name[2:].replace("-", "_"): value for name, value in given if name != "--model"}
        entries = {name: value for name, value in typed.items() if name not in FIELDS}
        assert isinstance(read_request(entries, models=models), SimulationRequest)
        asked = {name: value for name, value in typed.items() if name in FIELDS}
        assert isinstance(read_effects(asked), EffectsRequest)


def test_the_version_is_said():
    assert __version__ in run("--version").output


# Bad input: exit code 2, sentences on standard error, nothing written.

BAD = [
    pytest.param({"dose": ""}, "dose", id="no dose"),
    pytest.param({"dose": "0 mg"}, "dose", id="a dose of zero"),
    pytest.param({"dose": "-5 mg"}, "dose", id="a negative dose"),
    pytest.param({"dose": "1,5 mg"}, "dose", id="a comma"),
    pytest.param({"dose": ".5 mg/kg"}, "dose", id="a bare point"),
    pytest.param({"dose": "500 mg/kg"}, "dose", id="500 mg/kg"),
    pytest.param({"dose": "35 IU"}, "dose", id="an unknown unit"),
    pytest.param({"dose": "3" * 10_000}, "dose", id="10,000 characters"),
    pytest.param({"dose": "35 mg\0"}, "dose", id="a null byte"),
    pytest.param({"weight": ""}, "weight", id="a dose per kg without weight"),
    pytest.param({"weight": "0.4 kg"}, "weight", id="0.4 kg"),
    pytest.param({"weight": "4,000 kg"}, "weight", id="4,000 kg"),
    pytest.param({"over": "0 min"}, "over", id="an infusion of no duration"),
    pytest.param({"until": "1 year"}, "until", id="a year"),
    pytest.param({"age": "7 years"}, "age", id="a child"),
    pytest.param({"drug": "midazolam"}, "drug", id="another drug"),
    pytest.param({"route": "rectal"}, "route", id="a route not offered"),
    pytest.param({"model": "nobody2020"}, "model", id="an unknown model"),
    pytest.param({"model": "perezruixo2021"}, "models", id="a model of another route"),
]


@pytest.mark.parametrize(("changed", "what"), BAD)
def test_bad_input_ends_in_one_sentence_and_writes_nothing(tmp_path, changed, what):
    result = simulate(csv=str(tmp_path / "levels.csv"), **changed)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert re.match(rf"Error: {what}: expected .+, got .+\. .+\.$", line)
    assert not list(tmp_path.iterdir())


def test_every_fault_has_its_line():
    result = simulate(dose="1,5 mg", weight="71", over="0 min")
    assert len(result.stderr.splitlines()) == 3


@pytest.mark.parametrize("missing", ["--drug", "--route", "--dose"])
def test_a_missing_option_is_named(missing):
    given = {name: value for name, value in INFUSION.items() if name != missing}
    result = simulate(given)
    assert result.exit_code == 2
    assert missing in result.stderr


@pytest.mark.parametrize("name", ["plot", "csv", "netcdf"])
@pytest.mark.parametrize("file", ["no_such_folder/a.svg", "."], ids=["no folder", "a folder"])
def test_a_file_that_cannot_be_written_stops_all_before_any_is_written(tmp_path, name, file):
    other = "netcdf" if name == "csv" else "csv"
    result = simulate(**{other: str(tmp_path / "other"), name: str(tmp_path / file)})
    assert result.exit_code == 2
    assert "Error: " in result.stderr
    assert not list(tmp_path.iterdir())


def test_a_figure_of_unknown_format_stops_all_before_any_is_written(tmp_path):
    result = simulate(csv=str(tmp_path / "a.csv"), plot=str(tmp_path / "a.gif"))
    assert result.exit_code == 2
    assert ".svg, .png, .pdf" in result.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("model", ["nobody2020", "", "x" * 10_000, "\0"])
def test_an_unknown_model_cannot_be_cited(model):
    result = run("cite", model)
    assert result.exit_code == 2
    assert "otto2021_iv" in result.stderr
    assert len(result.stderr) < 300


def test_an_unknown_shell_is_refused():
    assert run("completion", "tcsh").exit_code == 2


def test_a_shell_sees_exit_code_2_and_the_sentence():
    ended = in_a_shell("cite", "nobody2020")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("Error: model: expected the id of a published model")


def test_a_shell_sees_no_traceback():
    ended = in_a_shell("simulate", *(word for pair in SPRAY.items() for word in pair), "--age", "7")
    assert "Traceback" not in ended.stderr
    assert ended.returncode == 2


# How far each model is trusted.


def test_the_list_says_which_model_is_drawn_for_which_use():
    said = run("models").output
    assert "low confidence" in said
    for use in catalog.uses():
        assert use.model in said
        assert use.text.split(",")[0].split(" ")[-1] in said


def test_low_confidence_is_said_in_the_text_the_file_and_the_figure(tmp_path):
    plot, file = tmp_path / "curve.svg", tmp_path / "levels.nc"
    words = {"--drug": "ketamine", "--route": "im", "--dose": "35 mg", "--weight": "71 kg"}
    result = simulate(words, plot=str(plot), netcdf=str(file), until="2 h")
    assert result.exit_code == 0, result.output
    assert "low confidence. Unvalidated" in result.stdout
    assert "LOW CONFIDENCE" in plot.read_text(encoding="utf-8")
    with xr.open_dataset(file, engine="h5netcdf") as data:
        assert "low confidence" in data.attrs["cautions"]
        assert data.attrs["status"] == "convention"
