"""Which database: SQLite in KETHERAPY_HOME, or PostgreSQL by DATABASE_URL."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from clinic.config.errors import CannotStart

_BUSY_S = 5  # how long a writer waits for another one
_FILE = "ketherapy.sqlite3"
_SCHEMES = ("postgres", "postgresql")
_OPTIONS = ("host", "sslmode", "sslrootcert")
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_FORM = "postgresql://user:password@host:port/name?sslmode=verify-full"


def database_from(environ: Mapping[str, str], home: Path) -> dict[str, object]:
    """Return Django's settings of the database."""
    url = environ.get("DATABASE_URL")
    return postgresql(url) if url else sqlite(home / _FILE)


def require_there(environ: Mapping[str, str], home: Path) -> None:
    """Refuse a folder without a database, for commands that would only make an empty one."""
    file = home / _FILE
    is_there = os.path.isfile(file)  # false, too, where this user may not look
    if database_from(environ, home) == sqlite(file) and not is_there:
        raise CannotStart(
            "KETHERAPY_HOME",
            expected=f"a folder with {_FILE} in it",
            got=str(home),
            remedy="Set it to the folder that the server names when it starts.",
        )


def sqlite(path: Path) -> dict[str, object]:
    """Return the settings of an SQLite file that loses nothing it has acknowledged."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "timeout": _BUSY_S,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
        },
    }


def postgresql(url: str) -> dict[str, object]:
    """Return the settings that a PostgreSQL address names; what is not understood is refused."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _unreadable("an address that cannot be read") from None
    if parts.scheme not in _SCHEMES:
        raise _unreadable(f"the scheme {parts.scheme!r}" if parts.scheme else "no scheme")
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in name:
        raise _unreadable("no database name" if not name else "a name with a slash")
    if parts.fragment:
        raise _unreadable("a '#'; write it as %23")
    options = _options(parts)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(port) if port is not None else "",
        "OPTIONS": options,
    }


def _options(parts: SplitResult) -> dict[str, str]:
    """Return the options behind the question mark, each known, filled and given once."""
    try:
        pairs = parse_qsl(
            parts.query, keep_blank_values=True, strict_parsing=bool(parts.query), errors="strict"
        )
    except ValueError:
        raise _unreadable("options that cannot be read") from None
    options = dict(pairs)
    if len(options) != len(pairs):
        raise _unreadable("the same option twice")
    for key, value in options.items():
        if key not in _OPTIONS:
            raise _unreadable(f"the option {key!r}")
        if not value:
            raise _unreadable(f"the option {key!r} without a value")
    if options.get("sslmode", "prefer") not in _SSL_MODES:
        raise _unreadable(f"sslmode={options['sslmode']}")
    if "host" in options and parts.hostname:
        raise _unreadable("two hosts")
    return options


def _unreadable(got: str) -> CannotStart:
    """Return the refusal of an address, without repeating it: it may hold a password."""
    return CannotStart(
        "DATABASE_URL",
        expected=_FORM,
        got=got,
        remedy=f"Options known: {', '.join(_OPTIONS)}. Unset it to use SQLite.",
    )
