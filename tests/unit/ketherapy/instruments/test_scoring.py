from dataclasses import replace

import pytest

from ketherapy.errors import ContractError
from ketherapy.instruments.instrument import instrument
from ketherapy.instruments.scoring import (
    bounds,
    item_bounds,
    review,
    symptoms_met,
    total,
    unanswered,
)

PHQ9, QIDS, PCL5 = instrument("phq9"), instrument("qids_sr16"), instrument("pcl5")
AUDIT_C = instrument("audit_c")


def form(scale, *answers):
    """Return these answers in the order of the form."""
    return dict(zip(scale.items, answers, strict=True))


def even(scale, answer, **others):
    """Return a form with one answer everywhere but in ``others``, named by their numbers."""
    given = {f"{scale.id}_{name[1:]}": value for name, value in others.items()}
    return dict.fromkeys(scale.items, answer) | given


def test_a_sum_is_the_sum():
    assert total(PHQ9, form(PHQ9, 3, 2, 1, 0, 3, 2, 1, 0, 1)) == 13.0


def test_item_10_of_the_phq9_may_be_answered_and_is_never_counted():
    whole = form(PHQ9, 1, 1, 1, 1, 1, 1, 1, 1, 1)
    assert total(PHQ9, whole | {"phq9_10": 3}) == total(PHQ9, whole | {"phq9_10": None}) == 9.0


def test_a_refusal_names_everything_at_once_and_prorates_nothing():
    answers = even(PHQ9, 1) | {"phq9_02": None, "phq9_03": 4, "x": 1}
    with pytest.raises(ContractError) as refused:
        total(PHQ9, answers)
    assert str(refused.value) == (
        "phq9 answers: expected every item with a whole number in its range, got 3. Amiss:"
        " phq9_02 is unanswered; phq9_03 = 4 is no whole number from 0 to 3; x is no item of this"
        " form. Ask and correct: no score is prorated."
    )


def test_what_is_unanswered_stands_in_the_order_of_the_form():
    assert unanswered(PHQ9, {"phq9_05": 0, "phq9_02": None}) == (
        "phq9_01", "phq9_02", "phq9_03", "phq9_04", "phq9_06", "phq9_07", "phq9_08", "phq9_09",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param({"_01": 1, "_02": 3, "_03": 2, "_04": 0}, 3.0, id="sleep: the highest of 4"),
        pytest.param({"_06": 2, "_07": 0, "_08": 1, "_09": 0}, 2.0, id="appetite and weight"),
        pytest.param({"_15": 1, "_16": 3}, 3.0, id="psychomotor"),
        pytest.param(
            {"_05": 3, "_10": 2, "_11": 1, "_12": 1, "_13": 2, "_14": 3}, 12.0, id="alone"
        ),
        pytest.param({"_04": 3, "_09": 3, "_15": 3, "_05": 3}, 12.0, id="one of each domain"),
    ],
)
def test_qids_counts_the_highest_item_of_each_domain(answers, expected):
    named = {f"qids_sr16{name}": answer for name, answer in answers.items()}
    assert total(QIDS, dict.fromkeys(QIDS.items, 0) | named) == expected


def test_the_four_weighted_items_of_the_ymrs_reach_eight():
    ymrs = instrument("ymrs")
    assert {item for item in ymrs.items if ymrs.range_of(item) == (0, 8)} == {
        "ymrs_05", "ymrs_06", "ymrs_08", "ymrs_09",
    }  # fmt: skip


def test_the_short_items_of_the_hamilton_scale_reach_two():
    hamd = instrument("hamd17")
    short = {item[-2:] for item in hamd.items if hamd.range_of(item) == (0, 2)}
    assert short == {"04", "05", "06", "12", "13", "14", "16", "17"}


def test_peg_and_the_pain_inventory_are_means():
    assert total(instrument("peg"), form(instrument("peg"), 5, 6, 10)) == 7.0
    severity, interference = instrument("bpi_severity"), instrument("bpi_interference")
    whole = form(severity, 2, 4, 6, 8) | form(interference, 7, 0, 0, 0, 0, 0, 0)
    assert total(severity, whole) == 5.0
    assert total(interference, whole) == 1.0


def test_cadss_6_takes_six_items_of_the_whole_scale():
    cadss, six = instrument("cadss"), instrument("cadss6")
    whole = dict.fromkeys(cadss.items, 1) | {"cadss_15": 4, "cadss_16": 4}
    assert total(cadss, whole) == 29.0
    assert total(six, whole) == 9.0
    assert six.items == (
        "cadss_01", "cadss_02", "cadss_06", "cadss_07", "cadss_15", "cadss_22",
    )  # fmt: skip
    assert {*six.items, *six.unscored} == {*cadss.items}


def test_who_5_is_the_raw_score_times_four():
    who5 = instrument("who5")
    assert total(who5, form(who5, 1, 2, 3, 4, 5)) == 60.0


def test_a_no_at_item_3_of_the_dast_has_the_point():
    dast = instrument("dast10")
    assert total(dast, even(dast, 0, _03=1)) == 0.0
    assert total(dast, even(dast, 0)) == 1.0
    assert total(dast, even(dast, 1, _03=0)) == 10.0


def test_aldrete_counts_five_items_of_two():
    aldrete = instrument("aldrete")
    assert total(aldrete, form(aldrete, 2, 2, 1, 2, 2)) == 9.0


def test_bounds_are_what_is_still_possible():
    assert bounds(PHQ9, even(PHQ9, 1, _02=None)) == (8.0, 11.0)
    assert bounds(QIDS, even(QIDS, 0, _01=2, _02=None)) == (2.0, 3.0)
    dast = instrument("dast10")
    assert bounds(dast, even(dast, 0, _03=None)) == (0.0, 1.0)


def test_bounds_refuse_what_does_not_fit():
    with pytest.raises(ContractError, match="phq9_02 = 9 is no whole number from 0 to 3"):
        bounds(PHQ9, {"phq9_02": 9})


def test_an_item_has_its_points_or_its_whole_range():
    dast = instrument("dast10")
    assert item_bounds(PHQ9, "phq9_09", {"phq9_09": 2}) == (2.0, 2.0)
    assert item_bounds(PHQ9, "phq9_09", {}) == (0.0, 3.0)
    assert item_bounds(dast, "dast10_03", {"dast10_03": 1}) == (0.0, 0.0)
    with pytest.raises(ContractError, match="phq9_01 = 7"):
        item_bounds(PHQ9, "phq9_09", {"phq9_01": 7})


# One item of B (1-5), one of C (6, 7), two of D (8-14), two of E (15-20), each at 2 or more.
JUST = {"_01": 2, "_06": 2, "_08": 2, "_09": 2, "_15": 2, "_16": 2}


@pytest.mark.parametrize(
    ("others", "is_met"),
    [
        pytest.param({}, True, id="just enough"),
        pytest.param({"_01": 4, "_20": 4}, True, id="more than enough"),
        pytest.param({"_01": 1}, False, id="no item of B is high enough"),
        pytest.param({"_06": 1}, False, id="nor of C"),
        pytest.param({"_09": 1}, False, id="only one of D"),
        pytest.param({"_16": 0}, False, id="only one of E"),
        pytest.param({"_01": 1, "_05": 2}, True, id="the last of B counts"),
        pytest.param({"_06": 0, "_07": 3}, True, id="the last of C counts"),
        pytest.param({"_09": 0, "_14": 2}, True, id="the last of D counts"),
        pytest.param({"_16": 0, "_20": 2}, True, id="the last of E counts"),
        pytest.param({"_01": None}, None, id="the item that decides is missing"),
        pytest.param({"_01": None, "_02": 3}, True, id="missing, and met without it"),
        pytest.param({"_08": None, "_09": 1}, False, id="missing, and out of reach"),
        pytest.param({"_08": None, "_09": None}, None, id="both missing"),
        pytest.param({"_01": None, "_06": 0}, False, id="one open, one not met"),
    ],
)
def test_pcl_5_counts_items_in_each_cluster(others, is_met):
    named = {f"pcl5{name}": answer for name, answer in (JUST | others).items()}
    assert symptoms_met(PCL5, dict.fromkeys(PCL5.items, 0) | named) is is_met


def test_without_a_symptom_rule_there_is_no_answer():
    with pytest.raises(ContractError) as refused:
        symptoms_met(PHQ9, {})
    assert str(refused.value) == (
        "symptom rule of the phq9: expected one in its file, got nothing."
        " Use the total, or another instrument."
    )


def test_the_symptom_rule_refuses_what_does_not_fit():
    with pytest.raises(ContractError, match="pcl5_01 = 5"):
        symptoms_met(PCL5, {"pcl5_01": 5})


@pytest.mark.parametrize(
    ("answers", "asks"),
    [
        pytest.param((4, 0, 0), True, id="all from how often"),
        pytest.param((3, 1, 0), False, id="not all"),
        pytest.param((0, 0, 0), False, id="no points at all"),
    ],
)
def test_audit_c_asks_for_a_review_where_all_points_come_from_item_1(answers, asks):
    found = review(AUDIT_C, form(AUDIT_C, *answers))
    assert found.startswith("All points come from how often") is asks
    assert bool(found) is asks


def test_a_review_needs_a_whole_form():
    with pytest.raises(ContractError, match="audit_c_03 is unanswered"):
        review(AUDIT_C, {"audit_c_01": 4, "audit_c_02": 0})


def test_most_scales_ask_for_no_review():
    assert review(PHQ9, even(PHQ9, 0, _01=3)) == ""


def test_a_factor_is_that_of_the_file():
    who5 = instrument("who5")
    assert who5.times is not None
    raw = replace(who5, times=None)
    assert total(raw, form(raw, 1, 2, 3, 4, 5)) == 15.0
