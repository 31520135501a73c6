"""The page of sources: every entry of the bibliography and what rests on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from ketherapy.evidence.claims import claims, stated
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.observations import observations
from ketherapy.sources import Source, bibliography
from reference_pages.markdown import code, text
from reference_pages.markdown import page as whole

_INTRODUCTION = """\
Authors and titles are given as far as they were read; what was not read is left out. `ketherapy
cite MODEL` prints the entries of one model, with BibTeX."""


def page() -> str:
    """Return the page."""
    return whole(
        "Sources", _INTRODUCTION, *(block for s in bibliography().values() for block in _source(s))
    )


def _source(source: Source) -> Iterator[str]:
    yield f"## {source.id}"
    where = f"{source.container} {source.year or ''}".strip()
    if source.volume:
        where += f";{source.volume}" + (f":{source.pages}" if source.pages else "")
    parts = [part.rstrip(".") for part in (source.authors, source.title, where) if part]
    yield " ".join([f"{text('. '.join(parts))}." if parts else "", _link(source)]).strip()
    if source.note:
        yield text(source.note)
    used = ", ".join(_uses(source.id)) or "other data files and equations"
    yield f"Kind: {source.kind}. Used by: {used}."


def _link(source: Source) -> str:
    if source.doi:
        return f"[doi:{source.doi}](https://doi.org/{source.doi})"
    return f"<{source.url}>" if source.url else ""


def _uses(key: str) -> Iterator[str]:
    for entry in (*catalog.models(), *catalog.extensions()):
        if key in (entry.source, *entry.also):
            yield f"[{code(entry.id)}](models.md#{entry.id})"
    rows = Counter(row.source for row in observations())[key]
    if rows:
        yield f"{rows} published measurement{'s' if rows > 1 else ''}"
    for claim_id, cited in _claims():
        if key in cited:
            yield f"[claim {claim_id}](claims.md#claim-{claim_id})"


@lru_cache(maxsize=1)
def _claims() -> tuple[tuple[str, frozenset[str]], ...]:
    """Give each claim with the sources behind it."""
    return tuple((one.id, frozenset(stated(one).cited)) for one in claims())
