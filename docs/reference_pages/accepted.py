"""The page of accepted ranges: what a request may ask for."""

from __future__ import annotations

from collections.abc import Iterator

from ketherapy import units
from ketherapy.pharmacology import catalog
from ketherapy.regimen import Drug, Route
from ketherapy.simulation.accepted import accepted
from ketherapy.sources import Cited, Status
from reference_pages.markdown import bullets, code, table, text
from reference_pages.markdown import page as whole

_INTRODUCTION = """\
The command line and the predict page refuse what lies outside these ranges, because there a slip
is likelier than a wish. They are conventions of this project. They are **not limits of a
treatment**: such limits belong to a protocol, and none is applied here."""

_FIELDS = ("dose", "dose_per_kg", "weight", "age", "over", "until")


def page() -> str:
    """Return the page."""
    defaults = bullets(
        f"{drug.value} {route.value}: {', '.join(f'[{code(m)}](models.md#{m})' for m in models)}"
        for drug in Drug
        for route in Route
        if (models := catalog.defaults(drug, route))
    )
    heads = ("field", "what", "value", "unit", "reason or locator", "status")
    return whole(
        "Accepted ranges",
        _INTRODUCTION,
        table(heads, list(_rows())),
        "## Models drawn when none is asked for",
        defaults,
    )


def _rows() -> Iterator[tuple[str, ...]]:
    found = accepted()
    for field in _FIELDS:
        limits = getattr(found, field)
        for what in ("low", "high", "usual"):
            number = getattr(limits, what)
            if number is not None:
                yield _row(field, what, number, found.status)
    for what in ("amount", "most", "apart"):
        yield _row("device", what, getattr(found.device, what), found.status)


def _row(field: str, what: str, number: Cited, usual: Status) -> tuple[str, ...]:
    return (
        code(field),
        what,
        units.shown(number.value),
        number.unit,
        text(number.locator),
        (number.status or usual).value,
    )
