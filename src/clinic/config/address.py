"""Where the server listens: HOST and PORT."""

from __future__ import annotations

import socket
from collections.abc import Mapping

from clinic.config.errors import CannotStart

_PORT = 8000
_LAST_PORT = 65535
_LOOPBACK = {"localhost": "127.0.0.1", "127.0.0.1": "127.0.0.1", "::1": "::1"}


def host_from(environ: Mapping[str, str], *, practice: bool) -> str:
    """Return the interface to listen on; the practice server stays on this machine."""
    named = environ.get("HOST") or "127.0.0.1"
    if practice and named not in _LOOPBACK:
        raise CannotStart(
            "HOST",
            expected="127.0.0.1, ::1 or localhost",
            got=named,
            remedy="The practice server is for this machine alone; leave HOST unset.",
        )
    return _LOOPBACK.get(named, named)


def port_from(environ: Mapping[str, str]) -> int:
    """Return the port to listen on."""
    named = environ.get("PORT") or str(_PORT)
    if named.isascii() and named.isdigit() and len(named) <= 5 and 1 <= int(named) <= _LAST_PORT:
        return int(named)
    raise CannotStart(
        "PORT",
        expected=f"a whole number from 1 to {_LAST_PORT}",
        got=named,
        remedy=f"For instance PORT={_PORT}.",
    )


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that already listens, so that nobody can take the port meanwhile."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen()
    except OSError as error:
        taken.close()
        raise CannotStart(
            f"PORT {port}",
            expected=f"a free port on {host}",
            got=error.strerror or str(error),
            remedy="Stop what uses it, or choose another one: PORT=8001.",
        ) from None
    return taken
