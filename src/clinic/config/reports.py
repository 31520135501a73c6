"""Reports that are too large to be reports: refused before anything of them is read."""

from __future__ import annotations

from asgiref.typing import (
    ASGI3Application,
    ASGIReceiveCallable,
    ASGISendCallable,
    HTTPScope,
    Scope,
)

from clinic.config.headers import CSP_REPORTS, HEADERS
from clinic.web.csp_reports import LARGEST


def small_reports(application: ASGI3Application) -> ASGI3Application:
    """Return the application without large reports: Django takes in a body before any view runs."""

    async def with_small_reports(
        scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        if scope["type"] == "http" and scope["path"] == CSP_REPORTS and _length(scope) > LARGEST:
            headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
            await send(
                {
                    "type": "http.response.start",
                    "status": 413,
                    "headers": [*headers, (b"Connection", b"close")],
                    "trailers": False,
                }
            )
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        await application(scope, receive, send)

    return with_small_reports


def _length(scope: HTTPScope) -> int:
    """Return how many bytes a request says it brings, or 0 where it does not say."""
    said = dict(scope["headers"]).get(b"content-length", b"")[:20]  # digits that int() will read
    return int(said) if said.isdigit() else 0
