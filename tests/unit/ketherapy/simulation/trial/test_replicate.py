"""Replicates: drawn by their number, cut anywhere, and analysed as they are."""

from dataclasses import replace

import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.simulation.trial import replicate, scores
from ketherapy.simulation.trial.mmrm import mmrm
from ketherapy.simulation.trial.replicate import Outcome, outcome, run, together
from ketherapy.simulation.trial.run_request import Chance, tasks
from ketherapy.simulation.trial.world import world
from tests.trials import SMALL, changed, request

NEXT_DAY = {"primary": "1 day"}  # when most of the effect is there
LOSING = changed(missing={"by_end": "30 %", "worse_leave_more": 1.5, "skipped": "5 %"})


def same(one: Outcome, other: Outcome) -> None:
    assert one.found.keys() == other.found.keys()
    for name, values in one.found.items():
        np.testing.assert_array_equal(values, other.found[name], err_msg=name)


@pytest.mark.parametrize("chance", Chance)
def test_a_replicate_is_the_same_in_any_chunks(chance, monkeypatch):
    asked = request(LOSING, chance=chance)
    whole = run(asked)
    for size in (1, 7, 60):
        parts = [outcome(asked, task) for task in tasks(asked, size=size)]
        same(whole, together(asked, parts))
    monkeypatch.setattr(replicate, "_IN_CACHE", 1)  # one replicate at a time
    same(whole, run(asked))


def test_a_replicate_is_the_same_beside_more_of_them():
    # also where there are fewer replicates than draws of the estimates
    short, long = (
        run(request(replicates=count, chance=Chance.ALL, draws=32)) for count in (20, 60)
    )
    np.testing.assert_array_equal(short.found["difference"], long.found["difference"][:20])


def test_another_seed_gives_other_replicates():
    one, two = (run(request(changed(seed=seed))).found["difference"] for seed in (1, 2))
    assert not np.any(one == two)


def test_outcomes_are_put_together_in_order_or_not_at_all():
    asked = request()
    parts = [outcome(asked, task) for task in tasks(asked, size=20)]
    for wrong in (parts[::-1], parts[:2], [*parts, parts[-1]]):
        with pytest.raises(ContractError, match="in order"):
            together(asked, wrong)


def seen(design, *, count=400, chance=Chance.SAMPLING):
    asked = request(design, chance=chance)
    return scores.rated(asked, world(asked), first=0, count=count)


def test_people_meet_the_criterion_and_no_score_leaves_the_scale():
    found = seen(changed(population={"entry": "30 points", "baseline_sd": "9 points"}))
    assert found.baseline.min() >= 30.0
    assert found.baseline.max() <= 60.0
    assert found.score.min() >= 0.0
    assert found.score.max() <= 60.0


def test_baselines_have_the_mean_and_sd_that_were_asked_for():
    wide = {"entry": "0 points", "baseline": "30 points", "baseline_sd": "5 points"}
    baseline = seen(changed(population=wide)).baseline
    assert baseline.mean() == pytest.approx(30.0, abs=4.0 * 5.0 / np.sqrt(baseline.size))
    assert baseline.std() == pytest.approx(5.0, rel=0.03)


def test_the_control_improves_on_average_by_the_placebo_share_of_its_setting():
    found = seen(changed(rater_sd="0 points"), count=2000)
    control = found.score[:, :20, 0] / found.baseline[:, :20]
    setting = world(request()).trial.setting
    wanted = 1.0 - setting.p1.meant  # after a day of 0.05 it is whole; the slow part has begun
    slow = setting.p2.meant * (1.0 - np.exp(-1.0 / 16.8))
    error = control.mean(axis=1).std() / np.sqrt(len(control))
    assert control.mean() == pytest.approx(wanted - slow, abs=4.0 * error)


def test_the_drug_takes_its_mean_share_of_what_is_left():
    found = seen(changed(rater_sd="0 points"), count=2000)
    left = found.score / found.baseline[..., None]
    ratio = left[:, 20:, 0].mean() / left[:, :20, 0].mean()
    around = world(request())
    R = around.estimates.values["Dmax"][0] * around.courses["ketamine"][0, :, 0].mean()
    assert ratio == pytest.approx(1.0 - R, abs=0.02)


def test_a_person_stays_what_he_is():
    # without rating errors the order of two visits that the drug hardly changes is the same
    found = seen(changed(rater_sd="0 points"), count=200)
    share = found.score[:, :20] / found.baseline[:, :20, None]
    assert np.corrcoef(share[..., 1].ravel(), share[..., 2].ravel())[0, 1] > 0.999


@pytest.mark.parametrize(("by_end", "skipped"), [("20 %", "0 %"), ("0 %", "10 %")])
def test_as_many_are_missing_as_were_asked_for(by_end, skipped):
    found = seen(changed(missing={"by_end": by_end, "skipped": skipped}), count=1000)
    wanted = 1.0 - float(by_end.split()[0]) / 100.0 - float(skipped.split()[0]) / 100.0
    error = np.sqrt(wanted * (1.0 - wanted) / found.baseline.size)
    assert found.is_rated[..., -1].mean() == pytest.approx(wanted, abs=4.0 * error)


@pytest.mark.parametrize("worse", [0.5, 1.0, 1.3, 3.0])
@pytest.mark.parametrize("ratio", [1, 4])
def test_as_many_leave_by_the_end_as_the_design_says_whoever_leaves_more(worse, ratio):
    losing = {"by_end": "20 %", "worse_leave_more": worse, "skipped": "5 %"}
    arms = (replace(SMALL.arms[0], ratio=ratio), SMALL.arms[1])
    asked = request(changed(arms=arms, missing=losing, n=100), replicates=600)
    sizes = np.array([arm.n for arm in world(asked).trial.arms])
    left = run(asked).found["left"] @ sizes / 100.0  # of all people, in each replicate
    assert left.mean() == pytest.approx(0.2, abs=4.0 * left.std() / np.sqrt(600) + 0.002)


def test_who_leaves_is_not_decided_by_how_many_replicates_or_people_there_are():
    losing = {"by_end": "20 %", "worse_leave_more": 2.0}
    hazards = {
        world(request(changed(missing=losing, n=n), replicates=r, chance=c)).trial.leaving.hazard
        for n, r, c in ((40, 60, Chance.ALL), (40, 2, Chance.SAMPLING), (90, 60, Chance.ALL))
    }
    assert len(hazards) == 1


def test_a_hazard_that_is_written_is_taken_as_it_is():
    losing = changed(missing={"hazard": "1 %/week", "worse_leave_more": 2.0})
    assert world(request(losing)).trial.leaving.hazard == pytest.approx(0.01 / 168.0)


def test_risks_that_no_hazard_can_serve_are_refused_with_a_way_out():
    losing = changed(missing={"by_end": "20 %", "worse_leave_more": 1e300})
    with pytest.raises(ContractError, match="Write a hazard in place of by_end"):
        run(request(losing))


def test_who_has_left_does_not_come_back():
    found = seen(changed(missing={"by_end": "40 %"}))
    assert np.all(np.diff(found.is_rated.astype(int), axis=-1) <= 0)


def test_those_who_are_worse_leave_more():
    found = seen(changed(missing={"by_end": "40 %", "worse_leave_more": 2.0}), count=1000)
    change = found.score[..., 0] - found.baseline
    stays = found.is_rated[..., -1]
    was_there = found.is_rated[..., 0]
    assert change[was_there & ~stays].mean() > change[was_there & stays].mean() + 1.0


def test_who_leaves_by_chance_leaves_the_mean_as_it_is():
    whole, losing = SMALL, changed(missing={"by_end": "30 %"})
    one, two = (run(request(d, replicates=1500)).found["difference"] for d in (whole, losing))
    apart = two - one  # the same people, some of them gone
    error = apart.std() / np.sqrt(len(apart))
    assert apart.mean() == pytest.approx(0.0, abs=4.0 * error)


def test_trials_differ_only_where_that_is_asked_for():
    large = changed(n=2000, analysis=NEXT_DAY)
    alike, apart = (
        run(request(large, chance=chance, replicates=60, draws=60)).found["difference"]
        for chance in Chance
    )
    assert apart.std() > 2.0 * alike.std()


def test_a_drug_that_does_nothing_is_found_to_work_as_often_as_alpha_says():
    asked = request(LOSING, replicates=4000, with_mmrm=True)
    around = world(asked)
    idle = replace(around, courses={"ketamine": np.zeros_like(around.courses["ketamine"])})
    blocks = [replicate._block(asked, idle, first, 200) for first in range(0, 4000, 200)]
    for p in ("p", "mmrm_p"):
        rate = np.mean(np.concatenate([block[p] for block in blocks]) < 0.05)
        assert rate == pytest.approx(0.05, abs=4.0 * np.sqrt(0.05 * 0.95 / 4000)), p


def test_a_bigger_trial_is_positive_more_often():
    def positive(n):
        found = run(request(changed(n=n, analysis=NEXT_DAY), replicates=600)).found
        return np.mean((found["p"] < 0.05) & (found["difference"] < 0.0))

    small, middle, large = (positive(n) for n in (20, 60, 200))
    assert small + 0.1 < middle
    assert middle + 0.1 < large


def test_two_arms_that_are_given_the_same_do_not_differ_on_average():
    active = replace(SMALL.arms[0], id="same", control="active")
    found = run(request(changed(arms=(SMALL.arms[0], active)), replicates=1500)).found
    difference = found["difference"][:, 0]
    assert difference.mean() == pytest.approx(0.0, abs=4.0 * difference.std() / np.sqrt(1500))


def test_what_was_rated_corrects_for_those_who_left_because_they_were_worse():
    # much is lost, and lost for a reason that was rated: observed cases alone look too well
    lossy = changed(n=200, missing={"by_end": "60 %", "worse_leave_more": 2.5})
    asked = request(lossy, replicates=100)
    seen = scores.rated(asked, world(asked), first=0, count=100)
    change = seen.score - seen.baseline[..., None]
    starts = world(asked).trial.starts
    fit = mmrm(change, seen.baseline, seen.is_rated, starts=starts, at=2, alpha=0.05)
    true = change[:, :100, 2].mean(axis=1)
    rated = np.where(seen.is_rated, change, np.nan)[:, :100, 2]
    observed = np.nanmean(rated, axis=1) - true
    modelled = fit.beta[:, 0, 2] - true  # at the mean baseline of the trial
    assert observed.mean() < -1.0
    assert abs(modelled.mean()) < 0.3 * abs(observed.mean())


def test_unequal_arms_find_the_same_difference_less_surely():
    arms = (replace(SMALL.arms[0], ratio=4), SMALL.arms[1])
    even, uneven = (
        run(request(design, replicates=1500)).found
        for design in (changed(n=100), changed(n=100, arms=arms))
    )
    assert uneven["se"].mean() > 1.1 * even["se"].mean()
    error = np.hypot(even["difference"].std(), uneven["difference"].std()) / np.sqrt(1500)
    assert uneven["difference"].mean() == pytest.approx(even["difference"].mean(), abs=4 * error)


def test_response_and_remission_are_those_of_the_scale():
    asked = request(replicates=30)
    found = scores.rated(asked, world(asked), first=0, count=30)
    now = found.score[..., -1]
    rates = run(asked).found
    expected = {"response_rate": now <= 0.5 * found.baseline, "remission_rate": now <= 12.0}
    for name, did in expected.items():
        by_arm = np.stack([did[:, :20].mean(axis=1), did[:, 20:].mean(axis=1)], axis=1)
        np.testing.assert_allclose(rates[name], by_arm, atol=1e-12)


def test_more_visits_than_people_are_refused_also_beside_the_covariance_analysis():
    daily = changed(n=12, visits={"at": (), "daily_until": "14 day"})
    with pytest.raises(ContractError, match="fewer visits than the 9 people"):
        run(request(daily, with_mmrm=True))
