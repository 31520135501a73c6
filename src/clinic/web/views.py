"""The pages that everybody sees: the home page, health, reports of the browser."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinic.accounts.gate import public


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Return the home page."""
    return render(request, "web/home.html")


@public
@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """Return whether the server and its database answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"database": "unreachable"}, status=503)
    return JsonResponse({"database": "reachable"})
