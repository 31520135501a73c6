"""Figures: each kind of number comes from where it says, is rounded as printed, or is refused."""

import pytest

from ketherapy.errors import ContractError, DataFileError
from ketherapy.evidence.figures import figures, rounded
from ketherapy.evidence.numbers import (
    SHARE,
    AbstractNumber,
    Answered,
    Contrasted,
    Counted,
    Printed,
    Published,
    Reproduced,
    Subtracted,
)
from ketherapy.records import check
from ketherapy.sources import Status


def got(number, **others):
    """Return what one number is now."""
    return figures({"one": number, **others})["one"]


def counted(**changed):
    """Return a number of the groups of one trial, with some of its fields changed."""
    fields = {
        "kind": "outcome", "trial": "lii2023", "outcome": "response_madrs_day_1",
        "arms": ["ketamine"], "figure": "share",
    } | changed  # fmt: skip
    return check(Counted, fields, where="claims.toml")


def contrasted(trial, contrast, **how):
    """Return a printed difference between the groups of a trial."""
    return Contrasted(kind="contrast", trial=trial, contrast=contrast, **how)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        pytest.param(2.5, 0, "3", id="a half goes away from zero"),
        pytest.param(-2.5, 0, "-3", id="below zero too"),
        pytest.param(14.5 - 1e-12, 0, "15", id="a half that arithmetic missed"),
        pytest.param(14.49, 0, "14", id="below a half"),
        pytest.param(-0.002, 1, "0.0", id="never a minus zero"),
        pytest.param(10.1, 2, "10.10", id="trailing zeros, as printed"),
        pytest.param(9016.0, 0, "9016", id="thousands"),
    ],
)
def test_rounding(value, decimals, text):
    assert rounded(value, decimals) == text


def test_shares_events_and_people_are_those_of_the_trial():
    assert got(counted()).value == pytest.approx(60.0)
    assert got(counted(figure="events")).value == 12
    assert got(counted(figure="people")).value == 20
    assert got(counted(arms=["ketamine", "saline"], figure="people")).value == 40


def test_a_share_that_is_printed_without_its_count_is_that_share():
    number = counted(
        trial="oliver2022", outcome="response_phq_9_after_10_infusions_kaplan_meier"
    )  # fmt: skip
    assert (got(number).value, got(number).unit) == (72.0, SHARE)


def test_the_difference_of_two_groups_is_the_one_its_source_prints():
    trial = {"trial": "transform2", "outcome": "response_madrs_day_28", "arms": ["esketamine"]}
    found = got(counted(**trial, against=["placebo"], figure="difference"))
    printed = got(contrasted("transform2", "response_rd_esketamine_day_28"))
    assert found.value == pytest.approx(printed.value, abs=0.05)
    # Wald's interval is printed, Newcombe's computed: of groups of 100 they are near.
    assert (found.low, found.high) == pytest.approx((printed.low, printed.high), abs=1.0)
    assert found.status is Status.DERIVED


def test_a_reproduced_pool_is_the_published_one():
    names = {"review": "ferraro2025", "pool": "1_1", "figure": "estimate", "unit": "points of 100"}
    again = got(Reproduced(kind="reproduce", **names))
    printed = got(Published(kind="published", **names))
    assert (again.value, again.low, again.high) == pytest.approx(
        (printed.value, printed.low, printed.high), abs=1e-3
    )
    assert again.certainty == printed.certainty == "very low"
    assert again.status is Status.DERIVED


def test_a_turned_number_changes_its_ends_too():
    place = ("grunebaum2018", "suicidal_thoughts_change_ssi_day_1")
    found, turned = got(contrasted(*place)), got(contrasted(*place, turned=True))
    assert (turned.value, turned.low, turned.high) == (-found.value, -found.high, -found.low)
    assert turned.low < turned.value < turned.high


def test_a_difference_of_two_numbers_needs_both():
    one = {"kind": "printed", "unit": SHARE, "source": "lii2023", "locator": "table 4"}
    a, b = (Printed(**one, value=v, status=Status.VERIFIED) for v in (27.4, 8.8))
    less = Subtracted(kind="difference", of="a", less="b")
    found = got(less, a=a, b=b)
    assert found.value == pytest.approx(18.6)
    assert (found.unit, found.status) == (SHARE, Status.DERIVED)
    with pytest.raises(ContractError, match="two numbers of the same text"):
        got(less, a=a)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        pytest.param(counted(arms=["placebo"]), "expected lii2023", id="an arm it has not"),
        pytest.param(counted(outcome="response"), "outcome of lii2023", id="an outcome it has not"),
        pytest.param(counted(trial="lii2024"), "trial: expected", id="a trial that is not here"),
        pytest.param(counted(figure="mean"), "a printed mean", id="a mean of counts"),
        pytest.param(
            counted(outcome="score_madrs_day_1"), "counts of people", id="a share of a score"
        ),
        pytest.param(
            counted(outcome="score_madrs_day_1", figure="mean"), "a unit", id="a mean without unit"
        ),
        pytest.param(
            Reproduced(kind="reproduce", review="ferraro2025", pool="1_9", figure="treated"),
            "no counts of people",
            id="a share where nobody in a control group had the event",
        ),
        pytest.param(
            Published(kind="published", review="han2016", pool="resp24", figure="estimate"),
            "a unit for a proportion",
            id="a pooled share that does not say it is one",
        ),
        pytest.param(
            Published(kind="published", review="wilkinson2018", pool="range", figure="estimate"),
            "not printed",
            id="a range without an estimate",
        ),
        pytest.param(
            Answered(kind="answer", question="esketamine_change_month", figure="treated"),
            "no counts of people",
            id="a share of a mean difference",
        ),
        pytest.param(
            Answered(kind="answer", question="esketamine_change_month", figure="estimate"),
            "a unit for a MD",
            id="a mean difference without unit",
        ),
    ],
)
def test_what_the_data_do_not_hold_is_refused(number: AbstractNumber, said):
    with pytest.raises(ContractError, match=said):
        got(number)


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        pytest.param(Counted, {"figure": "difference"}, "against", id="against nobody"),
        pytest.param(Counted, {"against": ["saline"]}, "against", id="a share against others"),
        pytest.param(Counted, {"arms": []}, "arms", id="no group"),
        pytest.param(Counted, {"decimals": -1}, "decimals", id="decimals below none"),
        pytest.param(Counted, {"guess": 1}, "guess", id="a key it does not know"),
    ],
)
def test_a_number_that_cannot_be_meant_is_refused(kind, fields, said):
    with pytest.raises(DataFileError, match=said):
        counted(**fields)


def test_a_printed_number_needs_unit_and_locator():
    fields = {"kind": "printed", "value": 1.0, "source": "lii2023", "status": "verified"}
    for lacking in ({"unit": "", "locator": "table"}, {"unit": "h", "locator": ""}):
        with pytest.raises(DataFileError, match="unit and a locator"):
            check(Printed, fields | lacking, where="claims.toml")
