"""What replicates come to: labelled, summed up, and written for other tools."""

import csv
import os
import re
import subprocess
import sys
import warnings
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from ketherapy.errors import ContractError
from ketherapy.pharmacology.effects import catalog
from ketherapy.simulation.trial import export, report
from ketherapy.simulation.trial import sample_size as sizes
from ketherapy.simulation.trial.planned import shared_out
from ketherapy.simulation.trial.replicate import run
from ketherapy.simulation.trial.report import Results
from ketherapy.simulation.trial.result import (
    Share,
    dataset,
    monte_carlo_error,
    provenance,
    summary,
)
from ketherapy.simulation.trial.run_request import Chance
from ketherapy.simulation.trial.sample_size import sample_size
from ketherapy.sources import Status, cite
from tests.trials import CONTROL, KETAMINE, changed, request

NEXT_DAY = changed(analysis={"primary": "1 day"})  # when most of the effect is there


@pytest.fixture(scope="module")
def runs():
    found = {}
    for chance in Chance:
        asked = request(NEXT_DAY, chance=chance, with_mmrm=True)
        found[chance] = dataset(asked, run(asked))
    return found


def test_every_quantity_says_its_unit_and_what_it_is(runs):
    for data in runs.values():
        for name, values in data.data_vars.items():
            assert values.attrs["units"] in ("points", "1"), name
            assert values.attrs["long_name"], name
        assert data.sizes["replicate"] == 60
        assert list(data["arm"].values) == ["control", "ketamine"]
        assert "Not this person" in data.attrs["cautions"]
        assert data.attrs["sources"]


def test_a_summary_is_that_of_its_replicates(runs):
    data = runs[Chance.ALL]
    found = summary(data, "ketamine")
    difference = data["difference"].values[:, 0]
    p = data["p"].values[:, 0]
    assert found.expected == pytest.approx(difference.mean())
    assert found.positive.value == pytest.approx(np.mean((p < 0.05) & (difference < 0)))
    assert found.lost == 0
    with pytest.raises(ContractError, match="one that was run"):
        summary(data.drop_vars("mmrm_difference"), "ketamine", analysis="mmrm")


def test_replicates_of_one_draw_are_not_counted_as_if_they_were_apart():
    rng = np.random.default_rng(7)
    draws, replicates = 50, 5000
    of_draw = rng.normal(0.0, 1.0, draws)
    alike = of_draw[np.arange(replicates) % draws]
    assert monte_carlo_error(alike, draws) == pytest.approx(of_draw.std(ddof=1) / np.sqrt(draws))
    apart = rng.normal(0.0, 1.0, replicates)
    assert monte_carlo_error(apart, draws) == pytest.approx(1.0 / np.sqrt(replicates), rel=0.4)
    assert monte_carlo_error(apart, 1) == pytest.approx(apart.std(ddof=1) / np.sqrt(replicates))


@pytest.mark.parametrize("did", [0.0, 1.0])
def test_a_share_of_none_or_all_is_not_known_exactly(did):
    # Wilson's interval of 0 of 20 ends at z^2 / (20 + z^2), 16.1 %
    low, high = Share.of(np.full(20, did), 1).interval or (0.0, 0.0)
    ends = (0.0, 0.161) if did == 0.0 else (0.839, 1.0)
    assert (low, high) == pytest.approx(ends, abs=5e-4)
    # many replicates of the same few draws tell no more than these draws
    wide = Share.of(np.full(2000, did), 20).interval or (0.0, 0.0)
    assert wide == pytest.approx(ends, abs=5e-4)


def test_a_share_of_replicates_that_are_alike_within_a_draw_is_worth_its_draws():
    of_draw = np.random.default_rng(3).random(50) < 0.5
    alike = of_draw[np.arange(5000) % 50].astype(float)
    few, many = (Share.of(x, d).interval for x, d in ((of_draw.astype(float), 1), (alike, 50)))
    assert many == pytest.approx(few, abs=0.005)


def test_from_one_replicate_no_error_is_known():
    assert monte_carlo_error(np.array([1.0]), 1) is None
    assert monte_carlo_error(np.array([1.0, np.nan]), 1) is None
    share = Share.of(np.array([1.0]), 1)
    assert share.interval is None
    assert report.percent(share) == "100.0 % (Monte Carlo error not known)"


def test_what_the_design_says_of_itself_reaches_the_result(runs):
    own = changed(notes=("Nobody weighs this.", "Nor that."), source="my protocol",
                  status=Status.CONVENTION)  # fmt: skip
    said = provenance(request(own))
    assert said["notes"] == "Nobody weighs this.\nNor that."
    assert said["design_status"] == "convention"
    assert "my protocol (as the design says)" in str(said["sources"])
    assert cite("daly2018") in str(provenance(request(changed(source="daly2018")))["sources"])
    noted = runs[Chance.ALL].assign_attrs(notes="Nobody weighs this.")
    page = report.page(Results(by_chance={Chance.ALL: noted}))
    assert page.index("Nobody weighs this.") < page.index("Not this person")


def test_the_receptor_model_is_cited_where_something_is_given():
    block = catalog.effect("nmda_block")
    for key in (block.source, *block.also):
        assert cite(key) in str(provenance(request())["sources"])


def test_a_trial_without_an_answer_is_not_a_positive_one(runs):
    data = runs[Chance.SAMPLING].copy(deep=True)
    positive = summary(data, "ketamine").positive.value
    first = int(np.argmin(data["p"].values[:, 0]))
    data["p"][first], data["difference"][first] = np.nan, np.nan
    found = summary(data, "ketamine")
    assert found.lost == 1
    assert found.positive.value == pytest.approx(positive - 1.0 / 60.0)


def test_a_repeated_measures_model_that_never_answers_takes_nothing_else_away(runs):
    data = runs[Chance.SAMPLING].copy(deep=True)
    data["mmrm_difference"][:], data["mmrm_p"][:] = np.nan, np.nan
    ancova, mmrm = report.summary_rows(Results(by_chance={Chance.SAMPLING: data}))
    assert ancova[2] == "ANCOVA"
    assert ancova[-1] == "0"
    assert mmrm[2:] == ("MMRM", *["not known"] * 4, "60")


def test_arviz_reads_the_runs_as_it_names_them(runs, tmp_path):
    path = tmp_path / "trial.nc"
    export.write_netcdf(runs, path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # it announces its next version once a day
        import arviz as az
    found = az.from_netcdf(str(path), engine="h5netcdf")
    read = found["posterior_predictive"]["difference"]
    assert read.dims == ("chain", "draw", "comparison")
    np.testing.assert_array_equal(read.values[0], runs[Chance.ALL]["difference"].values)
    assert "predictions" in found.groups()


def test_what_arviz_announces_once_a_day_stops_nobody(tmp_path):
    asked = "from ketherapy.simulation.trial import export; export.inference_data({})"
    command = [sys.executable, "-W", "error::FutureWarning", "-c", asked]
    fresh = os.environ | {"XDG_CACHE_HOME": str(tmp_path)}
    found = subprocess.run(command, env=fresh, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr


def test_without_arviz_it_is_plain_netcdf(runs, tmp_path, monkeypatch):
    monkeypatch.setattr(export, "find_spec", lambda name: None)
    path = tmp_path / "trial.nc"
    export.write_netcdf(runs, path)
    with xr.open_datatree(path, engine="h5netcdf") as tree:
        np.testing.assert_array_equal(
            tree["all"]["difference"].values, runs[Chance.ALL]["difference"].values
        )
    with pytest.raises(ContractError, match="ArviZ"):
        export.inference_data(runs)


def test_the_table_has_a_row_for_each_number(runs, tmp_path):
    path = tmp_path / "trial.csv"
    with path.open("w", newline="") as file:
        export.write_csv(runs, file)
    rows = list(csv.DictReader(path.read_text().splitlines()))
    own = [r for r in rows if r["quantity"] == "difference" and r["chance"] == "all"]
    assert [float(r["value"]) for r in own] == runs[Chance.ALL]["difference"].values[:, 0].tolist()
    assert {r["unit"] for r in own} == {"points"}


def test_the_report_needs_nothing_else_and_has_a_table_for_each_figure(runs):
    size = sample_size(request(replicates=40), "ketamine", power=0.5)
    page = report.page(Results(by_chance=runs, size=size))
    # sources are named by their address; nothing is fetched from anywhere
    assert not re.search(r"""(src|href)=["']http""", page)
    assert "@import" not in page
    assert page.count("<svg") == 3
    assert page.count("<table") == 2 + 3
    assert "<script" not in page
    assert "Predicted, not measured" in page


def test_a_size_is_found_and_its_neighbours_agree():
    found = sample_size(request(changed(n=200), replicates=400), "ketamine", power=0.6)
    assert found.n is not None
    assert found.below is not None
    assert found.below < found.n
    assert not found.is_short
    assert next(t.power.value for t in found.tried if t.n == found.below) < 0.6
    assert found.power.interval is not None
    low, high = found.power.interval
    assert 0.0 < high - low < 0.2
    assert found.near is not None
    assert found.near[0] <= found.n
    assert found.near[1] >= found.below


def test_the_power_told_comes_from_replicates_that_did_not_choose_the_size(monkeypatch):
    asked, seeds = request(changed(n=200), replicates=100), []
    find = sizes._power

    def seen(wanted, *rest):
        seeds.append(wanted.design.seed)
        return find(wanted, *rest)

    monkeypatch.setattr(sizes, "_power", seen)
    found = sizes.sample_size(asked, "ketamine", power=0.5)
    assert found.n is not None
    assert set(seeds[:-1]) == {asked.design.seed}
    assert seeds[-1] != asked.design.seed
    assert f"{found.n} people give power of" in report.size_sentence(found, Chance.SAMPLING)


def sized(*tried, n=200, below=180):
    shares = {size: sizes.Share(value=v, interval=ends) for size, v, ends in tried}
    each = tuple(sizes.Tried(n=size, power=share) for size, share in shares.items())
    return sizes.SampleSize(wanted=0.8, n=n, below=below, tried=each)


def test_sizes_that_chance_does_not_tell_apart_are_named():
    found = sized(
        (160, 0.70, (0.67, 0.73)), (180, 0.79, (0.76, 0.82)), (200, 0.81, (0.78, 0.84)),
        (240, 0.90, (0.88, 0.92)),
    )  # fmt: skip
    assert found.near == (180, 200)
    said = report.size_sentence(found, Chance.SAMPLING)
    assert "from 180 to 200 have 80 % within" in said
    assert "with 180 it is less" not in said


def test_an_answer_that_does_not_hold_a_second_time_is_said():
    found = sized((180, 0.70, (0.67, 0.73)), (200, 0.76, (0.73, 0.79)))
    assert found.is_short
    assert "it takes more people" in report.size_sentence(found, Chance.ALL)


def test_a_power_that_no_size_gives_is_said(monkeypatch):
    monkeypatch.setattr(sizes, "LARGEST", 100)
    weak = changed(analysis={"alpha": "0.01 %"})
    found = sizes.sample_size(request(weak, replicates=40), "ketamine", power=0.99)
    assert found.n is None
    assert "No size up to" in report.size_sentence(found, Chance.SAMPLING)


@pytest.mark.parametrize("ratios", [(20, 1), (113, 4), (3, 1), (40, 5, 1), (1, 1), (6, 6, 2)])
def test_the_smallest_size_looked_at_and_all_beyond_it_leave_nobody_alone(ratios):
    arms = tuple(replace(KETAMINE, id=f"arm {k}", ratio=r) for k, r in enumerate(ratios[1:]))
    uneven = changed(n=400, arms=(replace(CONTROL, ratio=ratios[0]), *arms))
    step = sizes._step(ratios)
    least = sizes._least(request(uneven), step)
    beyond = range(least, least + 40 * step, step)
    assert all(min(shared_out(n, ratios)) >= 2 for n in beyond)
    enough = max(4 * len(ratios), step)
    assert least - step < enough or min(shared_out(least - step, ratios)) < 2


def test_a_size_is_found_where_the_arms_are_of_very_unequal_size():
    strong = changed(n=66, arms=(replace(KETAMINE, ratio=10), CONTROL), analysis={"alpha": "45 %"})
    found = sample_size(request(strong, replicates=40), "ketamine", power=0.2)
    assert min(shared_out(found.tried[0].n, (10, 1))) >= 2


@pytest.mark.parametrize("power", [0.0, 1.0, 1.1, -0.2])
def test_a_power_that_cannot_be_is_refused(power):
    with pytest.raises(ContractError, match="power"):
        sample_size(request(), "ketamine", power=power)


def test_an_arm_that_is_not_compared_is_refused():
    with pytest.raises(ContractError, match="comparison"):
        sample_size(request(), "control", power=0.8)
