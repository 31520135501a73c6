"""What browsers report about our content security policy: counted, never repeated."""

from __future__ import annotations

import json
import logging
import threading
from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from clinic.accounts.gate import public

LARGEST = 16 * 1024  # [bytes]
_DIRECTIVES = frozenset(
    {
        "base-uri",
        "child-src",
        "connect-src",
        "default-src",
        "font-src",
        "form-action",
        "frame-ancestors",
        "frame-src",
        "img-src",
        "manifest-src",
        "media-src",
        "object-src",
        "script-src",
        "script-src-attr",
        "script-src-elem",
        "style-src",
        "style-src-attr",
        "style-src-elem",
        "worker-src",
    }
)

log = logging.getLogger(__name__)
_counts: Counter[str] = Counter()
_counting = threading.Lock()


@public
@csrf_exempt
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Count one report; anybody can send it, so nothing of its text is kept."""
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        return HttpResponse(status=413)
    directive = reported_directive(body)
    if directive is None:
        return HttpResponse(status=400)
    with _counting:
        _counts[directive] += 1
        count = _counts[directive]
    if count & (count - 1) == 0:  # 1, 2, 4, 8 …: a flood of reports is no flood of lines
        log.warning("csp report %s count %d", directive, count)
    return HttpResponse(status=204)


def reported_directive(body: bytes) -> str | None:
    """Return which directive a report is about, "other" for one we do not know, None for none."""
    try:
        report = json.loads(body)["csp-report"]
        named = report.get("effective-directive") or report["violated-directive"]
        first = named.split()[0]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return None
    return first if first in _DIRECTIVES else "other"
