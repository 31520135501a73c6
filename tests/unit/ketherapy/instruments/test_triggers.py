import pytest

from ketherapy.errors import ContractError
from ketherapy.instruments.instrument import instrument
from ketherapy.instruments.rules import Weight
from ketherapy.instruments.triggers import triggers

PHQ9, YMRS = instrument("phq9"), instrument("ymrs")


def said(scale, answers, **more):
    """Return what each alert asks for, by the id of its trigger."""
    return {alert.trigger.id: alert.asks for alert in triggers(scale, answers, **more)}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(0, {}, id="not at all"),
        pytest.param(1, {"item_9": ()}, id="several days"),
        pytest.param(3, {"item_9": ()}, id="nearly every day"),
        pytest.param(None, {"item_9": ("phq9_09",)}, id="not answered: it asks"),
    ],
)
def test_item_9_counts_also_where_no_total_can_be_formed(answer, expected):
    assert said(PHQ9, {"phq9_09": answer}) == expected
    assert said(PHQ9, dict.fromkeys(PHQ9.items, 0) | {"phq9_09": answer}) == expected


def test_item_9_asks_for_a_screen_the_same_day_and_holds():
    (alert,) = triggers(PHQ9, {"phq9_09": 1})
    assert alert.is_met is True
    assert alert.trigger.weight is Weight.HOLD
    assert alert.trigger.act.startswith("Screen for suicide risk today")


def test_what_is_only_possible_is_not_met():
    (alert,) = triggers(PHQ9, {})
    assert alert.is_met is False


def test_item_10_of_the_madrs_alarms_at_two_and_urgently_at_four():
    madrs = instrument("madrs")
    assert [said(madrs, {"madrs_10": k}) for k in (1, 2, 3, 4)] == [
        {}, {"item_10": ()}, {"item_10": ()}, {"item_10": (), "item_10_urgent": ()},
    ]  # fmt: skip


def test_a_total_is_reached_as_soon_as_its_answers_reach_it():
    three = {"ymrs_05": 4, "ymrs_06": 4, "ymrs_08": 4}
    assert said(YMRS, three) == {"mania": ()}
    two = {"ymrs_05": 4, "ymrs_06": 4}
    assert said(YMRS, two) == {"mania": tuple(i for i in YMRS.items if i not in two)}
    calm = dict.fromkeys(YMRS.items, 1)
    assert said(YMRS, calm) == {}
    assert said(YMRS, calm | {"ymrs_01": None}) == {"mania": ("ymrs_01",)}


def test_a_rise_is_off_until_adopted_and_then_asks_for_the_baseline():
    risen = dict.fromkeys(YMRS.items, 0) | {"ymrs_05": 8, "ymrs_01": 3}
    assert said(YMRS, risen, baseline=3.0) == {}
    adopted = {"ymrs.rise"}
    assert said(YMRS, risen, baseline=3.0, adopted=adopted) == {"rise": ()}
    assert said(YMRS, risen, baseline=4.0, adopted=adopted) == {}
    assert said(YMRS, risen, adopted=adopted) == {"rise": ("baseline",)}
    assert said(YMRS, risen | {"ymrs_02": None}, adopted=adopted) == {
        "mania": ("ymrs_02",), "rise": ("baseline", "ymrs_02"),
    }  # fmt: skip
    assert said(YMRS, risen | {"ymrs_02": None}, baseline=4.0, adopted=adopted) == {
        "mania": ("ymrs_02",), "rise": ("ymrs_02",),
    }  # fmt: skip


def test_a_threshold_of_the_score_asks_for_no_baseline():
    assert said(YMRS, {"ymrs_05": 1})["mania"][0] == "ymrs_01"


def test_sedation_below_five_is_told_and_what_to_do_waits_for_adoption():
    moaas = instrument("moaas")
    assert said(moaas, {"moaas_01": 5}) == {}
    assert said(moaas, {"moaas_01": 1}) == {"sedated": ()}
    adopted = {"moaas.over_sedated", "moaas.unresponsive"}
    assert said(moaas, {"moaas_01": 3}, adopted=adopted) == {"sedated": (), "over_sedated": ()}
    assert said(moaas, {"moaas_01": 1}, adopted=adopted) == {
        "sedated": (), "over_sedated": (), "unresponsive": (),
    }  # fmt: skip


def test_a_baseline_off_the_scale_is_refused():
    with pytest.raises(ContractError, match="baseline on the ymrs"):
        triggers(YMRS, dict.fromkeys(YMRS.items, 0), baseline=61.0, adopted={"ymrs.rise"})


def test_what_does_not_fit_is_refused_and_not_passed_over():
    with pytest.raises(ContractError, match="phq9_01 = 9"):
        triggers(PHQ9, {"phq9_01": 9, "phq9_09": 0})
