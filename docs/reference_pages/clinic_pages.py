"""The pages of the web application: who may do what, which addresses, which settings."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import django

from reference_pages.markdown import code, table, text
from reference_pages.markdown import page as whole

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.config.settings.test")
django.setup()

from django.conf import settings as configured  # noqa: E402  Django is set up first
from django.urls import URLPattern, URLResolver, get_resolver  # noqa: E402

import clinic  # noqa: E402
from clinic.accounts.gate import PUBLIC, declared  # noqa: E402
from clinic.accounts.roles import GRANTS, LABELS, Permission, Role  # noqa: E402
from clinic.config.headers import HEADERS  # noqa: E402

_SOURCE = Path(clinic.__file__).parent
_SHOWN = (
    "AXES_FAILURE_LIMIT",
    "AXES_COOLOFF_TIME",
    "AXES_LOCKOUT_PARAMETERS",
    "SESSION_IDLE_AGE",
    "SESSION_ABSOLUTE_AGE",
    "DATA_UPLOAD_MAX_MEMORY_SIZE",
)


def roles() -> str:
    """Return the page of roles and permissions."""
    heads = ("role", "id", *(code(permission.value) for permission in Permission))
    rows = [
        (
            LABELS[role],
            code(role.value),
            *("yes" if permission in GRANTS[role] else "no" for permission in Permission),
        )
        for role in Role
    ]
    return whole(
        "Roles and permissions",
        "Each member of staff holds one role in one clinic. A permission appears here when a page"
        " needs it. A role that does not hold it is refused, and the refusal is recorded.",
        table(heads, rows),
        "`public` pages need no sign-in; see [routes](routes.md).",
    )


def routes() -> str:
    """Return the page of addresses."""
    rows = [
        (code(address), code(route.name or ""), _who(route), _what(route))
        for address, route in _routes(get_resolver().url_patterns)
    ]
    return whole(
        "Routes",
        "Every address of the web application. An address that declares neither a permission nor"
        " `public` opens for nobody. Static files are served under `/static/`.",
        table(("address", "name", "who may use it", "what it answers"), rows),
    )


def _routes(
    patterns: Iterable[URLPattern | URLResolver], prefix: str = "/"
) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        address = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, address)
        else:
            yield address, pattern


def _who(route: URLPattern) -> str:
    permission = declared(route.callback)
    return "everybody" if permission == PUBLIC else f"signed in, with `{permission}`"


def _what(route: URLPattern) -> str:
    return text((route.callback.__doc__ or "").partition("\n")[0])


def settings() -> str:
    """Return the page of settings."""
    return whole(
        "Settings",
        "## Environment variables",
        "What a start of `python -m clinic` (and so `make run`) reads from its environment.",
        table(("variable", "read by", "what it does"), sorted(_variables())),
        "`DJANGO_SETTINGS_MODULE` is `clinic.config.settings.dev` (the practice clinic) unless it"
        " is set; `clinic.config.settings.prod` is a clinic's own server.",
        "## Fixed in the code",
        table(("setting", "value"), list(_fixed())),
        "## Headers of every response",
        table(("header", "value"), [(code(name), code(value)) for name, value in HEADERS.items()]),
    )


def _variables() -> Iterator[tuple[str, str, str]]:
    """Give each variable that a function of the clinic reads, and the sentence of that function."""
    for path in sorted(_SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            for name in sorted({*_read_in(function)}):
                place = path.relative_to(_SOURCE.parent).with_suffix("").as_posix()
                sentence = (ast.get_docstring(function) or "").partition("\n")[0]
                yield code(name), code(f"{place.replace('/', '.')}.{function.name}"), text(sentence)


def _read_in(function: ast.FunctionDef) -> Iterator[str]:
    for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
        is_read = ast.unparse(call.func) in ("environ.get", "os.environ.get")
        if is_read and call.args and isinstance(call.args[0], ast.Constant):
            yield str(call.args[0].value)


def _fixed() -> Iterator[tuple[str, str]]:
    for name in _SHOWN:
        value = getattr(configured, name)
        shown = f"{value.total_seconds() / 60:g} min" if isinstance(value, timedelta) else value
        yield code(name), text(str(shown))
    for validator in configured.AUTH_PASSWORD_VALIDATORS:
        options = ", ".join(f"{k} {v}" for k, v in validator.get("OPTIONS", {}).items())
        yield "password rule", text(f"{validator['NAME'].rpartition('.')[2]} {options}".strip())
