"""Who a model is from: whom it was studied in, where it holds, how sure it is, where to read it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from clinic.explore.names import ROUTES
from ketherapy import units
from ketherapy.pharmacology.catalog import PublishedModel, Range, published
from ketherapy.regimen import Route
from ketherapy.sources import Status, cite, source

STATUS_WORDS = {
    Status.VERIFIED: "read in the source itself",
    Status.SECONDARY: "read in another document that cites the source",
    Status.DERIVED: "computed here from such numbers",
    Status.CONVENTION: "a choice of ours, without a source",
}
NOT_STATED = "not stated"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """One document a reader can look up."""

    words: str
    address: str  # "" where there is none


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Everything a reader should know of one model before believing its curve."""

    model_id: str
    name: str
    title: str
    studied: str  # who was studied
    n: int | None  # how many people; None: not known
    site: str
    built_on: str  # the name of the model whose numbers it inherits; "" where there is none
    status: str  # "secondary: read in another document that cites the source"
    confidence_level: str  # "good", "moderate" or "low"
    confidence: str  # a sentence
    made_for: tuple[tuple[str, str], ...]  # "age": "18 to 40 year" ...
    not_for: tuple[str, ...]
    sources: tuple[Reference, ...]
    notes: tuple[str, ...]


def origin(model: PublishedModel, routes: Collection[Route]) -> Origin:
    """Return what is known of a model, with its limits by the routes that are given."""
    return Origin(
        model_id=model.id,
        name=model.name,
        title=model.title,
        studied=model.population.text,
        n=model.population.n,
        site=model.site_text,
        built_on=published(model.based_on).name if model.based_on else "",
        status=f"{model.status.value}: {STATUS_WORDS[model.status]}",
        confidence_level=str(model.confidence_level),
        confidence=model.confidence,
        made_for=tuple(_made_for(model, routes)),
        not_for=model.not_for,
        sources=tuple(reference(key) for key in (model.source, *model.also)),
        notes=model.notes,
    )


def _made_for(model: PublishedModel, routes: Collection[Route]) -> Iterator[tuple[str, str]]:
    domain = model.domain
    yield "Age", _extent(domain.age)
    yield "Weight", _extent(domain.weight)
    for route in sorted(set(routes) & set(domain.routes)):
        limits = domain.routes[route]
        yield f"Dose of {model.drug.value}, {ROUTES[route].lower()}", _extent(limits.amount)
        if limits.over is not None:
            yield "Given over", _extent(limits.over)
    yield "Time after the start", _extent(domain.horizon)
    if domain.level is not None:
        yield "Levels", _extent(domain.level)


def _extent(limits: Range | None) -> str:
    """Return a range in words; one that is our own reading says so."""
    if limits is None:
        return NOT_STATED
    low, high = units.shown(limits.low), units.shown(limits.high)
    words = f"{low} to {high}" if limits.low != limits.high else low
    ours = " (our convention)" if limits.status is Status.CONVENTION else ""
    return f"{words} {limits.unit}{ours}"


def reference(key: str) -> Reference:
    """Return a source of the bibliography as a reader can look it up."""
    entry = source(key)
    address = f"https://doi.org/{entry.doi}" if entry.doi else entry.url
    return Reference(words=cite(key), address=address)
