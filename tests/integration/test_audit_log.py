from __future__ import annotations

import io
import uuid
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import (
    DEFAULT_DB_ALIAS,
    DatabaseError,
    IntegrityError,
    connection,
    connections,
    transaction,
)

from clinic.audit import guards, queries
from clinic.audit.entry import NO_HASH, Actor
from clinic.audit.models import Event
from clinic.audit.services import ActConflictError, append
from clinic.audit.verification import Head, verify
from tests.integration.conftest import NOW, entry, remove_guards

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def write(count: int) -> list[Event]:
    return [append(entry(payload={"number": n}), now=NOW) for n in range(1, count + 1)]


def raw(sql: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def broken_at() -> list[int]:
    return [one.sequence for one in verify(queries.events()).breaks]


def test_each_event_continues_the_one_before():
    first, second = write(2)
    assert (first.sequence, first.previous_hash) == (1, NO_HASH)
    assert (second.sequence, second.previous_hash) == (2, first.hash)


def test_an_event_says_who_where_when_and_why():
    actor = Actor(id="7", role="nurse")
    made = append(
        entry(clinic="c1", actor=actor, reason="late", payload={"b": [1, None], "a": 0.1}),
        now=NOW + timedelta(seconds=3),
    )
    read = Event.objects.get(pk=made.pk)
    assert (read.clinic, read.actor, read.actor_role, read.reason) == ("c1", "7", "nurse", "late")
    assert read.recorded_at - read.happened_at == timedelta(seconds=3)
    assert read.content == {"a": 0.1, "b": [1, None]}


def test_the_same_act_again_is_the_same_event():
    once = entry(payload={"dose": 35.5})
    first = append(once, now=NOW)
    again = append(once, now=NOW + timedelta(minutes=5))
    assert again == first
    assert Event.objects.count() == 1


def test_the_same_act_with_another_content_is_refused():
    act = uuid.uuid4()
    append(entry(act=act, payload={"dose": 35.5}), now=NOW)
    with pytest.raises(ActConflictError, match="another content"):
        append(entry(act=act, payload={"dose": 355}), now=NOW)
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_event SET reason = 'changed' WHERE sequence = 2",
        "DELETE FROM audit_event WHERE sequence = 2",
        "DELETE FROM audit_event",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_event(sql):
    write(3)
    with pytest.raises(IntegrityError, match="never changed or removed"):
        raw(sql)
    assert broken_at() == []


def test_the_database_refuses_to_empty_the_log():
    write(1)
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="never changed or removed"):
            raw("TRUNCATE audit_event")
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.all().delete()
    assert Event.objects.count() == 1


def test_the_database_refuses_to_replace_an_event():
    write(2)
    columns = ", ".join(f.column for f in Event._meta.concrete_fields if f.name != "reason")
    if connection.vendor == "sqlite":
        sql = f"INSERT OR REPLACE INTO audit_event ({columns}, reason) SELECT {columns}, 'x'"
        ending = " FROM audit_event WHERE sequence = 2"
    else:
        sql = f"INSERT INTO audit_event ({columns}, reason) SELECT {columns}, 'x'"
        ending = (
            " FROM audit_event WHERE sequence = 2 ON CONFLICT (sequence) DO UPDATE SET reason = 'x'"
        )
    with pytest.raises(IntegrityError, match="never changed or removed"):
        raw(sql + ending)


@pytest.mark.parametrize(
    "change",
    [
        "act = '00000000000000000000000000000001'",
        "clinic = 'another'",
        "actor = 'somebody', actor_role = 'nurse'",
        "kind = 'test.did_not_happen'",
        "happened_at = '2020-01-01 00:00:00+00:00'",
        "recorded_at = '2020-01-01 00:00:00+00:00'",
        "device = 'elsewhere'",
        "reason = 'because'",
        """payload = '{"number":33}'""",
        """payload = '{"number": 3}'""",
        "payload_version = 2",
        "hash = '" + "f" * 64 + "'",
    ],
)
def test_a_changed_event_is_found_where_it_is(change):
    write(5)
    remove_guards()
    raw(f"UPDATE audit_event SET {change} WHERE sequence = 3")
    assert broken_at()[0] == 3


def test_a_row_that_no_longer_has_the_form_of_an_event_is_found_where_it_is():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps the form of a column itself")
    write(5)
    remove_guards()
    raw("UPDATE audit_event SET act = 'no uuid', happened_at = 'no time' WHERE sequence = 3")
    assert broken_at()[0] == 3


@pytest.mark.parametrize(("gone", "shown_at"), [(1, 2), (3, 4)])
def test_a_removed_event_is_found_at_its_successor(gone, shown_at):
    write(5)
    remove_guards()
    raw("DELETE FROM audit_event WHERE sequence = %s", gone)
    assert broken_at()[0] == shown_at


def test_two_events_in_the_wrong_order_are_found():
    write(5)
    remove_guards()
    for old, new in ((2, 99), (3, 2), (99, 3)):
        raw("UPDATE audit_event SET sequence = %s WHERE sequence = %s", new, old)
    assert broken_at()[0] == 2


def test_a_cut_off_end_shows_only_against_a_head_noted_outside():
    events = write(5)
    noted = Head(sequence=5, hash=events[-1].hash)
    assert verify(queries.events(), anchor=noted).breaks == ()
    remove_guards()
    raw("DELETE FROM audit_event WHERE sequence = 5")
    assert broken_at() == []
    assert [one.sequence for one in verify(queries.events(), anchor=noted).breaks] == [5]


def test_the_command_prints_the_head_of_a_sound_log():
    last = write(3)[-1]
    said = io.StringIO()
    call_command("audit_verify", stdout=said)
    assert f"3 events, unbroken. Head 3:{last.hash}" in said.getvalue()
    call_command("audit_verify", "--anchor", f"3:{last.hash}", stdout=said)


def test_the_command_says_where_a_broken_log_breaks():
    write(3)
    remove_guards()
    raw("UPDATE audit_event SET reason = 'x' WHERE sequence = 2")
    guards.install(connections[DEFAULT_DB_ALIAS])
    said = io.StringIO()
    with pytest.raises(CommandError, match="breaks at event 2"):
        call_command("audit_verify", stderr=said)
    assert "event 2: its content is not what was written" in said.getvalue()


def test_the_command_notices_that_the_guards_are_gone():
    write(1)
    remove_guards()
    with pytest.raises(CommandError, match="does not protect it"):
        call_command("audit_verify", stderr=io.StringIO())


def test_the_guards_are_there_and_installing_them_again_changes_nothing():
    guards.install(connections[DEFAULT_DB_ALIAS])
    assert guards.missing(connections[DEFAULT_DB_ALIAS]) == ()


def test_an_act_that_is_rolled_back_leaves_no_event():
    with transaction.atomic():
        append(entry(), now=NOW)
        transaction.set_rollback(True)
    assert Event.objects.count() == 0
