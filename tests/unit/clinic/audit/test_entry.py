from __future__ import annotations

import hashlib
import json
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest

from clinic.audit.entry import Entry, fingerprint, hashed_fields, payload_text, utc_text
from ketherapy.errors import ContractError

ACT = uuid.UUID(int=7)
NOON = datetime(2026, 3, 1, 12, 0, 0, 5, tzinfo=UTC)


def fields(**changed: object) -> dict[str, str | int | None]:
    usual = {"act": ACT, "kind": "a.b", "happened_at": NOON, "device": "test"}
    made = Entry(**{**usual, **changed})
    return hashed_fields(made, sequence=1, recorded_at=NOON, previous_hash="0" * 64)


def test_a_payload_has_one_text():
    assert (
        payload_text({"b": 1.50, "a": ["é", None, True]}) == '{"a":["\\u00e9",null,true],"b":1.5}'
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), NOON, b"x", "a\0b", {"k\0": 1}])
def test_what_no_text_can_hold_is_refused(value):
    with pytest.raises(ContractError, match="event payload"):
        payload_text({"value": value})


def test_an_instant_is_spelt_in_utc():
    elsewhere = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert utc_text(elsewhere) == utc_text(NOON) == "2026-03-01T12:00:00.000005Z"


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ContractError, match="an instant with a time zone"):
        utc_text(NOON.replace(tzinfo=None))


def test_the_hash_is_the_sha256_of_the_documented_text():

    text = json.dumps(
        {**fields(), "format": "ketherapy-event-1"}, sort_keys=True, separators=(",", ":")
    )
    assert fingerprint(fields()) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    "changed",
    [
        {"act": uuid.UUID(int=8)},
        {"kind": "a.c"},
        {"happened_at": NOON + timedelta(microseconds=1)},
        {"device": "other"},
        {"clinic": "c"},
        {"reason": ""},
        {"payload": {"a": 1}},
        {"payload_version": 2},
    ],
)
def test_every_part_of_an_entry_is_hashed(changed):
    assert fingerprint(fields(**changed)) != fingerprint(fields())
