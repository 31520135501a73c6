"""Laws of the book of controlled drugs, for any stream of events, true or not."""

from dataclasses import replace
from datetime import date, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from ketherapy.dosing.custody import Bucket, book
from ketherapy.dosing.custody_events import (
    Count,
    Counted,
    Destroyed,
    Discrepancy,
    Draw,
    EnteredInError,
    Give,
    Loss,
    LossKind,
    Move,
    Receipt,
    Resolved,
    Return,
    Transfer,
    Waste,
)
from tests.custody import CALENDAR, minutes, receipt

people = st.sampled_from(["ann", "bob"])
vials = st.sampled_from(["v1", "v2"])
places = st.sampled_from(["safe", "room"])
ids = st.sampled_from([f"e{k}" for k in range(12)])
volumes = st.sampled_from([1, 100, 400, 500, 600, 1000])
seen = st.tuples(people) | st.just(())
named = {"vial": vials, "by": people}
part = {**named, "microlitres": volumes}
kinds = st.one_of(
    st.builds(
        dict, kind=st.just(Receipt), product=st.just("p"), lot=st.just("l"), location=places,
        expires_on=st.just(date(2026, 3, 2)), **part,
    ),
    st.builds(dict, kind=st.just(Move), to=places, **named),
    st.builds(dict, kind=st.just(Draw), location=places, patient=people, **part),
    st.builds(dict, kind=st.just(Give), draw=ids, patient=people, **named,
              microlitres=st.none() | volumes),
    st.builds(dict, kind=st.just(Return), draw=ids, **named),
    st.builds(dict, kind=st.just(Waste), draw=st.none() | ids, witnesses=seen, **part),
    st.builds(dict, kind=st.just(Transfer), to=st.just("other"), **part),
    st.builds(dict, kind=st.just(Destroyed), witnesses=seen, **part),
    st.builds(dict, kind=st.just(Discrepancy), difference=st.sampled_from([-600, -1, 1, 50]),
              **named),
    st.builds(dict, kind=st.just(Resolved), discrepancy=ids, **named),
    st.builds(dict, kind=st.just(Loss), kind_of_loss=st.sampled_from(LossKind),
              draw=st.none() | ids, **part),
    st.builds(dict, kind=st.just(Loss), kind_of_loss=st.sampled_from(LossKind), discrepancy=ids,
              **part),
    st.builds(dict, kind=st.just(EnteredInError), by=people, reason=st.just("slip")),
    st.builds(dict, kind=st.just(Count), by=people, location=places, moment=st.none(),
              counted=st.tuples(st.builds(Counted, vial=vials, found=volumes))),
)  # fmt: skip


@st.composite
def streams(draw, *, corrected=True):
    """Give events of two vials, each correction behind what it corrects, so in no circle."""
    made = [replace(receipt(f"R{k}"), vial=f"v{k}") for k in (1, 2)]
    for k, entries in enumerate(draw(st.lists(kinds, min_size=1, max_size=12))):
        at = minutes(draw(st.integers(0, 5) | st.just(k)))
        older = [one.id for one in made]
        replaces = draw(st.none() | st.sampled_from(older)) if corrected else None
        more = {key: one for key, one in entries.items() if key != "kind"}
        made.append(entries["kind"](id=f"e{k}", at=at, replaces=replaces, **more))
    return made


def kept(events):
    return book(events, now=minutes(4.5), calendar=CALENDAR, witnesses={"waste": 1})


@given(events=streams())
def test_what_was_received_is_the_sum_of_all_that_became_of_it(events):
    for vial in kept(events).vials.values():
        assert sum(vial.amounts.values()) == vial.receipt.microlitres
        assert all(
            part >= 0 for bucket, part in vial.amounts.items() if bucket is not Bucket.DISCREPANCY
        )
        left = sum(one.left for one in vial.syringes.values())
        assert vial.amounts[Bucket.DRAWN] == left
        assert vial.amounts[Bucket.UNKNOWN] == sum(one.unknown for one in vial.syringes.values())
        assert vial.amounts[Bucket.DISCREPANCY] == sum(vial.open.values())


@given(events=streams(), data=st.data())
def test_the_order_and_repetition_of_events_change_nothing(events, data):
    again = data.draw(st.lists(st.sampled_from(events), max_size=4))
    shuffled = data.draw(st.permutations([*events, *again]))
    assert kept(shuffled) == kept(events)


@given(events=streams(corrected=False))
def test_what_cannot_be_true_leaves_the_book_as_it_was_and_is_named(events):
    found = kept(events)
    refused = {one.event for one in found.findings if not one.is_entered}
    assert {one.id for one in events if one.at > minutes(4.5)} <= refused
    assert kept([one for one in events if one.id not in refused]).vials == found.vials


@given(events=streams(), hours=st.integers(-14, 14))
def test_only_the_instant_counts_not_how_its_zone_is_written(events, hours):
    zone = timezone(timedelta(hours=hours))
    moved = [replace(one, at=one.at.astimezone(zone)) for one in events]
    assert kept(moved).vials == kept(events).vials
