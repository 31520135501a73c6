"""Events of controlled drugs: whole micro-litres, instants with a zone, nothing left blank."""

from dataclasses import replace
from datetime import datetime

import pytest

from ketherapy.dosing.custody_events import (
    BusinessMoment,
    Count,
    Counted,
    Destroyed,
    Discrepancy,
    EnteredInError,
    Loss,
    LossKind,
    Waste,
)
from ketherapy.errors import ContractError
from tests.custody import NOON, draw, give, receipt


def loss(kind: LossKind = LossKind.THEFT, **more: str) -> Loss:
    return Loss(id="L", at=NOON, by="ann", vial="v", microlitres=1, kind_of_loss=kind, **more)


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ContractError, match=r"^draw\.at: expected an instant with its zone.*UTC"):
        replace(draw(), at=datetime(2026, 3, 2))  # noqa: DTZ001  that it is refused is the point


@pytest.mark.parametrize("microlitres", [0, -1, True])
def test_a_volume_is_a_whole_number_of_micro_litres(microlitres):
    with pytest.raises(ContractError, match=r"^draw\.microlitres: expected whole micro-litres, 1"):
        draw(microlitres=microlitres)
    assert draw(microlitres=1).microlitres == 1


def test_what_nobody_knows_is_not_zero():
    assert give(microlitres=None).microlitres is None
    with pytest.raises(ContractError, match=r"1 or more.*nothing is rounded"):
        give(microlitres=0)


@pytest.mark.parametrize("blank", ["", "  "])
@pytest.mark.parametrize("key", ["id", "by", "vial", "patient", "replaces"])
def test_nothing_is_left_blank(key, blank):
    with pytest.raises(ContractError, match=rf"^draw\.{key}: expected a text.*Fill it in"):
        replace(draw(), **{key: blank})


@pytest.mark.parametrize("names", [("",), ("bob", " ")])
def test_nobody_is_no_witness(names):
    with pytest.raises(ContractError, match=r"^waste\.witnesses: expected a text"):
        Waste(id="W", at=NOON, by="ann", vial="v", microlitres=1, witnesses=names)


@pytest.mark.parametrize("difference", [0, True])
def test_a_discrepancy_is_a_difference(difference):
    with pytest.raises(ContractError, match=r"more or fewer than the book has.*nothing to enter"):
        Discrepancy(id="X", at=NOON, by="ann", vial="v", difference=difference)


def test_what_is_missing_is_what_was_not_counted():
    assert Discrepancy(id="X", at=NOON, by="ann", vial="v", difference=-30).missing == 30
    assert Discrepancy(id="X", at=NOON, by="ann", vial="v", difference=5).missing == -5


@pytest.mark.parametrize("kind", LossKind)
def test_only_a_loss_judged_not_significant_is_not_notified(kind):
    assert loss(kind).is_notifiable is (kind is not LossKind.NOT_SIGNIFICANT)


def test_a_loss_is_of_one_thing():
    assert loss(draw="D").draw == "D"
    with pytest.raises(ContractError, match=r"a draw or a discrepancy.*both.*a loss for each"):
        loss(draw="D", discrepancy="X")
    with pytest.raises(ContractError, match=r"loss\.draw"):
        loss(draw=" ")


def test_a_vial_is_counted_once_and_may_be_empty():
    seen = Counted(vial="v", found=0)
    count = {"id": "C", "at": NOON, "by": "ann", "location": "safe", "moment": None}
    assert Count(counted=(seen,), **count).counted == (seen,)
    with pytest.raises(ContractError, match=r"each vial once.*Count the vial again"):
        Count(counted=(seen, Counted(vial="v", found=7)), **count)
    with pytest.raises(ContractError, match=r"count\.location"):
        Count(counted=(), **count | {"location": ""})
    with pytest.raises(ContractError, match=r"counted\.found: .*0 or more"):
        Counted(vial="v", found=-1)
    with pytest.raises(ContractError, match=r"counted\.vial"):
        Counted(vial="", found=1)


def test_an_event_knows_its_name_in_data_files():
    assert [one.kind for one in (receipt(), draw(), give(), loss())] == [
        "receipt", "draw", "give", "loss",
    ]  # fmt: skip
    error = EnteredInError(id="E", at=NOON, by="ann", replaces="D", reason="wrong vial")
    assert error.kind == "enteredinerror"
    assert Waste(id="W", at=NOON, by="ann", vial="v", microlitres=1).kind == "waste"


def test_the_words_that_stand_in_a_log_stay_as_they_are():
    assert [str(one) for one in LossKind] == [
        "theft", "significant loss", "loss that is not significant",
        "loss that nobody has judged yet",
    ]  # fmt: skip
    assert [str(one) for one in BusinessMoment] == ["opening of business", "close of business"]


def test_what_an_event_leaves_out_is_nothing():
    event = {"at": NOON, "by": "ann", "vial": "v", "microlitres": 1}
    for one in (Waste(id="W", **event), loss()):
        assert (one.replaces, one.draw) == (None, None)
    assert Waste(id="W", **event).witnesses == Destroyed(id="X", **event).witnesses == ()
    assert loss().discrepancy is None
    assert not Counted(vial="v", found=0).is_estimated


def test_a_refusal_says_what_was_entered():
    said = {
        "'2026-03-02T00:00:00'": {"at": datetime(2026, 3, 2)},  # noqa: DTZ001
        "got '  '": {"patient": "  "},
        "got -5": {"microlitres": -5},
    }
    for got, wrong in said.items():
        with pytest.raises(ContractError, match=got):
            replace(draw(), **wrong)
