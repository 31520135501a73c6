"""The guide for anybody: its contents, its seven pages, and all of it on one page for paper."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinic.accounts.gate import public
from clinic.explore import crisis, guide
from clinic.web.guide_page import shown


@public
@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """Answer with the titles of the pages and the short answer of each."""
    return render(request, "web/guide.html", {"pages": guide.pages(), **_frame()})


@public
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with one page, its drawings and its sources."""
    pages = guide.pages()
    for n, one in enumerate(pages):
        if one.slug == slug:
            beside = {
                "before": pages[n - 1] if n else None,
                "after": pages[n + 1] if n + 1 < len(pages) else None,
            }
            return render(
                request, "web/guide_page.html", {"shown": shown(one), **beside, **_frame()}
            )
    raise Http404("no such page of the guide")


@public
@require_safe
def whole(request: HttpRequest) -> HttpResponse:
    """Answer with every page on one, as it is printed."""
    every = tuple(shown(one) for one in guide.pages())
    return render(request, "web/guide_print.html", {"every": every, **_frame()})


def _frame() -> dict[str, object]:
    """Return what every page of the guide shows: how many there are, and whom to call."""
    return {
        "count": len(guide.pages()),
        "crisis": crisis.lines(timezone.now().date()),
    }
