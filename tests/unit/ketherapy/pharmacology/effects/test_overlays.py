"""Overlays of other conditions: printed sizes of effect, those that found nothing among them."""

import dataclasses

import pytest

from ketherapy.errors import ContractError, DataFileError
from ketherapy.pharmacology.effects import observed
from ketherapy.pharmacology.effects.overlays import (
    MARK,
    Condition,
    EffectSize,
    Finding,
    effect_sizes,
    overlay,
    overlays,
)
from ketherapy.records import check

NULLS = {"SI-08", "SI-10", "SI-11", "SI-12", "PTSD-03", "PTSD-05", "OCD-02", "BD-04", "BD-05"}


def entries(row: EffectSize, **changed) -> dict[str, object]:
    every = {f.name: getattr(row, f.name) for f in dataclasses.fields(EffectSize)}
    return {name: value for name, value in (every | changed).items() if value not in (None, "")}


@pytest.mark.parametrize("condition", Condition)
def test_each_condition_has_its_overlays_and_each_says_that_nothing_moves(condition):
    found = overlays(condition)
    assert found
    assert all(row.mark == MARK == "effect size, no dynamics" for row in found)


def test_what_found_nothing_is_there_too():
    assert {row.id for row in effect_sizes() if row.is_null} == NULLS


def test_ids_are_unique():
    assert len({row.id for row in effect_sizes()}) == len(effect_sizes())


def test_an_interval_that_holds_no_difference_is_never_called_an_effect():
    none = {"odds ratio": 1.0}
    for row in effect_sizes():
        if row.low is not None and row.low <= none.get(row.measure, 0.0) <= row.high:
            assert row.finding is Finding.NONE, row.id


def test_an_effect_points_the_way_that_is_better():
    none = {"odds ratio": 1.0}
    for row in effect_sizes():
        if row.finding is Finding.EFFECT and row.estimate is not None:
            above = row.estimate > none.get(row.measure, 0.0)
            assert above == (row.better == "higher"), row.id


@pytest.mark.parametrize(
    ("overlay_id", "row"),
    [("SI-02", "P257"), ("SI-03", "P258"), ("SI-04", "P259"), ("SI-05", "P260"),
     ("PTSD-01", "P261"), ("PTSD-04", "P263"), ("BD-01", "P138"), ("BD-02", "P139")],
)  # fmt: skip
def test_estimates_are_those_of_the_observed_effects(overlay_id, row):
    assert overlay(overlay_id).estimate == observed.row(row).mean


@pytest.mark.parametrize(
    ("overlay_id", "drug", "control"),
    [("OCD-01", "P264", "P265"), ("BD-03", "P140", "P141")],
)
def test_shares_are_those_of_the_observed_effects(overlay_id, drug, control):
    found = overlay(overlay_id)
    assert found.drug_share == observed.row(drug).mean
    assert found.control_share == observed.row(control).mean


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"control_share": None}, id="a lone share"),
        pytest.param({"unit": ""}, id="a number without a unit"),
        pytest.param({"time_unit": ""}, id="a time without a unit"),
        pytest.param({"low": 1.0}, id="half an interval"),
        pytest.param({"low": 2.0, "high": 1.0, "interval": "95 % interval"}, id="turned round"),
        pytest.param({"low": 1.0, "high": 2.0}, id="an interval of what"),
        pytest.param({"status": "recalled"}, id="a status that does not ship"),
        pytest.param({"condition": "depression"}, id="that has a model"),
    ],
)
def test_a_row_that_misleads_is_refused(changed):
    with pytest.raises(DataFileError):
        check(EffectSize, entries(overlay("SI-07"), **changed), where="here")


def test_an_effect_without_a_number_is_refused():
    bare = entries(overlay("SI-07"), drug_share=None, control_share=None, unit="")
    with pytest.raises(DataFileError, match="an effect has a number"):
        check(EffectSize, bare, where="here")


def test_an_unknown_id_is_refused():
    with pytest.raises(ContractError, match="SI-01"):
        overlay("SI-99")
