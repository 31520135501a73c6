import numpy as np
import pytest

from ketherapy.calibration.mood.evidence import evidence, regimen_times
from ketherapy.calibration.mood.trials import trials
from ketherapy.pharmacology import catalog as pk
from ketherapy.pharmacology.effects import catalog, observed

HELD_OUT = {"synapse_2", "singh2016", "diazgranados2010", "fava2018", "han2016"}


def rows():
    for study in evidence().studies.values():
        for arm in study.arms.values():
            yield from (observed.row(key) for key in arm.rows)
        yield from (observed.row(one.row) for one in study.contrasts)


def test_no_row_counts_twice():
    ids = [row.id for row in rows()]
    assert len(ids) == len(set(ids))


def test_what_is_held_out_is_not_fitted():
    assert {row.trial for row in rows()} & HELD_OUT == set()
    assert not any("response" in row.endpoint or "remission" in row.endpoint for row in rows())


def test_a_row_belongs_to_the_trial_that_names_it():
    for key, study in evidence().studies.items():
        for arm in study.arms.values():
            assert {observed.row(row).trial for row in arm.rows} == {key}


def test_every_setting_and_model_and_regimen_exists():
    found = evidence()
    for study in found.studies.values():
        assert {study.setting, study.p1_setting} <= set(catalog.effect("mood").settings)
        assert {a.regimen for a in study.arms.values()} - {""} <= set(found.regimens)
    assert {one.model for one in found.regimens.values()} <= {m.id for m in pk.models()}
    assert set(regimen_times(found)) == set(found.regimens)


def test_an_sd_from_the_standard_error_of_a_difference():
    persevere = next(trial for trial in trials() if trial.id == "persevere")
    sd = next(one.sd for one in persevere.differences if not one.is_fitted)
    assert sd * np.sqrt(1 / 35 + 1 / 31) == pytest.approx(2.85)


def test_adjusted_arms_share_the_mean_baseline_of_all():
    synapse = next(trial for trial in trials() if trial.id == "synapse_1")
    # 33, 11, 11 and 12 people at 35.0, 31.3, 33.2 and 35.0
    assert synapse.common == pytest.approx((45 * 35.0 + 11 * (31.3 + 33.2)) / 67)
