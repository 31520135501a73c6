"""Verify the event log: ``python -m clinic manage audit_verify``."""

from __future__ import annotations

import re
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from clinic.audit import guards
from clinic.audit.models import Event
from clinic.audit.queries import events
from clinic.audit.verification import Head, verify


class Command(BaseCommand):
    """Walk the chain of events; exit 1 and say where it breaks."""

    help = "Walk the chain of events; exit 1 and say where it breaks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the optional head that was noted outside."""
        parser.add_argument(
            "--anchor",
            metavar="NUMBER:HASH",
            help="the end of the log as noted earlier, to show that nothing was cut off since",
        )

    def handle(self, *_args: str, anchor: str | None, **_options: object) -> None:
        """Print the end of a sound log, or every break of a broken one."""
        _require_log()
        found = verify(events(), anchor=head_of(anchor) if anchor else None)
        for one in found.breaks:
            self.stderr.write(f"event {one.sequence}: {one.what}")
        lacking = guards.missing(connections[DEFAULT_DB_ALIAS])
        for name in lacking:
            self.stderr.write(f"trigger {name} is missing: the log could be changed")
        if found.breaks:
            raise CommandError(f"the log breaks at event {found.breaks[0].sequence}")
        if lacking:
            raise CommandError("the log is whole, but the database does not protect it")
        self.stdout.write(
            f"{found.events} events, unbroken. Head {found.head.sequence}:{found.head.hash}"
        )


def _require_log() -> None:
    """Refuse a database that has no log to verify."""
    connection = connections[DEFAULT_DB_ALIAS]
    try:
        is_there = Event._meta.db_table in connection.introspection.table_names()
    except DatabaseError as error:
        raise _no_log(f"one that cannot be opened ({type(error).__name__})") from None
    if not is_there:
        raise _no_log("one without")


def _no_log(got: str) -> CommandError:
    return CommandError(
        f"the database: expected one with an event log, got {got}."
        " Check KETHERAPY_HOME or DATABASE_URL, or start the server once to make the log."
    )


def head_of(text: str) -> Head:
    """Return the head that ``NUMBER:HASH`` names."""
    match = re.fullmatch(r"([0-9]{1,18}):([0-9a-f]{64})", text)
    if match is None:
        raise CommandError("--anchor: expected NUMBER:HASH as audit_verify prints it")
    return Head(sequence=int(match[1]), hash=match[2])
