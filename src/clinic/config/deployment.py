"""What a clinic's own server is told by its environment."""

from __future__ import annotations

import re
from collections.abc import Mapping

from clinic.config.errors import CannotStart

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


def allowed_hosts(environ: Mapping[str, str]) -> list[str]:
    """Return the names under which this server may be reached; it answers to no other."""
    named = environ.get("KETHERAPY_ALLOWED_HOSTS", "")
    hosts = [host.strip() for host in named.split(",")]
    if all(_HOST.fullmatch(host) for host in hosts):
        return hosts
    raise CannotStart(
        "KETHERAPY_ALLOWED_HOSTS",
        expected="host names in lower case, separated by commas",
        got=named,
        remedy="For instance KETHERAPY_ALLOWED_HOSTS=clinic.example.org.",
    )


def is_behind_tls_proxy(environ: Mapping[str, str]) -> bool:
    """Return whether a proxy in front ends TLS and sets X-Forwarded-Proto itself."""
    match environ.get("KETHERAPY_TLS_PROXY", "no"):
        case "yes":
            return True
        case "no" | "":
            return False
        case other:
            raise CannotStart(
                "KETHERAPY_TLS_PROXY",
                expected="yes or no",
                got=other,
                remedy="Say yes only if the proxy overwrites X-Forwarded-Proto.",
            )
