from __future__ import annotations

from pathlib import Path

import pytest

from clinic.config.database import database_from, postgresql
from clinic.config.errors import CannotStart

HOME = Path("/somewhere")


def test_without_an_address_it_is_sqlite_that_loses_nothing():
    made = database_from({}, HOME)
    assert made["NAME"] == "/somewhere/ketherapy.sqlite3"
    assert made["OPTIONS"] == {
        "timeout": 5,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
    }


def test_an_address_names_everything():
    url = "postgresql://user%40x:p%3Aw%2F@db.example:5433/clinic?sslmode=verify-full"
    made = database_from({"DATABASE_URL": url}, HOME)
    assert made == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "clinic",
        "USER": "user@x",
        "PASSWORD": "p:w/",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "verify-full"},
    }


def test_an_address_may_name_a_unix_socket():
    made = postgresql("postgres://postgres:@/postgres?host=/run/pg")
    assert (made["HOST"], made["PORT"], made["OPTIONS"]) == ("/run/pg", "", {})


@pytest.mark.parametrize(
    ("url", "got"),
    [
        ("mysql://u:secret@h/n", "the scheme 'mysql'"),
        ("clinic", "no scheme"),
        ("postgres://u:secret@h", "no database name"),
        ("postgres://u:secret@h/", "no database name"),
        ("postgres://u:secret@h/a/b", "a name with a slash"),
        ("postgres://u:secret@h:port/n", "an address that cannot be read"),
        ("postgres://u:secret@h:70000/n", "an address that cannot be read"),
        ("postgres://u:secret@[h/n", "an address that cannot be read"),
        ("postgres://u:secret@h/n#x", "a '#'"),
        ("postgres://u:secret@h/n?sslmod=require", "the option 'sslmod'"),
        ("postgres://u:secret@h/n?sslmode=", "the option 'sslmode' without a value"),
        ("postgres://u:secret@h/n?sslmode=on", "sslmode=on"),
        ("postgres://u:secret@h/n?sslmode", "options that cannot be read"),
        ("postgres://u:secret@h/n?sslmode=allow&sslmode=require", "the same option twice"),
        ("postgres://u:secret@h/n?host=/run", "two hosts"),
    ],
)
def test_what_is_not_understood_is_refused_without_repeating_the_password(url, got):
    with pytest.raises(CannotStart) as refusal:
        postgresql(url)
    assert got in str(refusal.value).replace('"', "'")
    assert "secret" not in str(refusal.value)
