"""The database's own refusal to change the log, on each engine.

Whoever owns the database can still remove these triggers; the hash chain is what shows it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.backends.base.base import BaseDatabaseWrapper

_REFUSAL = "audit events are never changed or removed"

# SQLite runs no DELETE trigger for the row that INSERT OR REPLACE pushes out, so replacing is
# refused by a trigger of its own.
_SQLITE = {
    "audit_event_no_update": f"""
        CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
    "audit_event_no_delete": f"""
        CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
    "audit_event_no_replace": f"""
        CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event
        WHEN EXISTS (
            SELECT 1 FROM audit_event
            WHERE sequence = NEW.sequence OR act = NEW.act
               OR hash = NEW.hash OR previous_hash = NEW.previous_hash)
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
}

# ENABLE ALWAYS: the triggers also fire for a connection that calls itself a replica.
_POSTGRESQL_FUNCTION = f"""
    CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
    END $$"""
_POSTGRESQL = {
    "audit_event_no_change": """
        CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE ON audit_event
        FOR EACH ROW EXECUTE FUNCTION audit_event_refuse()""",
    "audit_event_no_truncate": """
        CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event
        FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse()""",
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Create every guard of the log that this database lacks."""
    with connection.cursor() as cursor:
        for statement in _statements(connection):
            cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> tuple[str, ...]:
    """Return the names of the guards that this database lacks or has switched off."""
    there = _present(connection)
    return tuple(name for name in _guards(connection.vendor) if name not in there)


def _guards(vendor: str) -> dict[str, str]:
    match vendor:
        case "sqlite":
            return _SQLITE
        case "postgresql":
            return _POSTGRESQL
        case _:
            raise NotImplementedError(f"the event log does not know the database {vendor!r}")


def _statements(connection: BaseDatabaseWrapper) -> Iterable[str]:
    if connection.vendor == "postgresql":
        yield _POSTGRESQL_FUNCTION
    lacking = missing(connection)
    for name, statement in _guards(connection.vendor).items():
        if name not in lacking:
            continue
        if connection.vendor == "postgresql":
            yield f"DROP TRIGGER IF EXISTS {name} ON audit_event"
        yield statement
        if connection.vendor == "postgresql":
            yield f"ALTER TABLE audit_event ENABLE ALWAYS TRIGGER {name}"


def _present(connection: BaseDatabaseWrapper) -> set[str]:
    match connection.vendor:
        case "sqlite":
            sql = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
            key = "audit_event"
        case _:
            sql = "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'A'"
            key = "audit_event"
    with connection.cursor() as cursor:
        cursor.execute(sql, [key])
        return {name for (name,) in cursor.fetchall()}
