"""The database against the code: up to date, older or newer."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from clinic.config.errors import CannotStart


def is_behind() -> bool:
    """Return whether the database lacks a change that this code brings; refuse a newer one."""
    try:
        executor = MigrationExecutor(connection)
        connection.close()  # the start-up connection serves nobody else
    except DatabaseError as error:
        raise CannotStart(
            "the database",
            expected="one that can be opened",
            got=type(error).__name__,
            remedy="Check DATABASE_URL, or the database file in KETHERAPY_HOME.",
        ) from None
    _refuse_newer(executor.loader)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _refuse_newer(loader: MigrationLoader) -> None:
    """Refuse a database that a later version has changed: this one would not understand it."""
    replaced = {old for new in loader.disk_migrations.values() for old in new.replaces}
    unknown = sorted(set(loader.applied_migrations) - set(loader.disk_migrations) - replaced)
    if unknown:
        raise CannotStart(
            "the database",
            expected="one written by this version or an earlier one",
            got=f"the change {'.'.join(unknown[0])}",
            remedy="Start the newer version, or set KETHERAPY_HOME to another folder.",
        )
