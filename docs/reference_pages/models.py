"""The page of published models: every printed number with its unit, place and status."""

from __future__ import annotations

from collections.abc import Iterator

from ketherapy import units
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.catalog import Extension, PublishedModel, Range
from ketherapy.pharmacology.covariates import Covariate, Factor, LinearAbove, Power
from ketherapy.pharmacology.variability import Variability
from ketherapy.simulation import domain
from ketherapy.sources import Cited, Status, cite
from reference_pages.markdown import bullets, code, table, text
from reference_pages.markdown import page as whole

_DIGITS = 6  # printed numbers are shown as printed

_INTRODUCTION = """\
A published model is a structure (equations, in code) and printed numbers (data). Each number is
shown as its source prints it, with its unit, where it stands there, and how well that is known:
*verified* (read in the source), *secondary* (read in another document that cites it), *derived*
(computed here from such numbers) or *convention* (our choice, without a source).

Outside its domain a model still computes, and every result then carries a caution that says so.
Amounts are mg of base."""


def page() -> str:
    """Return the page."""
    listed = bullets(
        f"[`{model.id}`](#{model.id}): {text(model.title)}"
        for model in (*catalog.models(), *catalog.extensions())
    )
    return whole(
        "Published models",
        _INTRODUCTION,
        listed,
        "## Which model for which use",
        "The model drawn when nobody asks for another, and what it is not good for there.",
        _uses(),
        *(block for model in catalog.models() for block in _model(model)),
        *(block for entry in catalog.extensions() for block in _extension(entry)),
    )


def _uses() -> str:
    heads = ("use", "drug", "route", "model", "why", "not good for", "confidence")
    return table(
        heads,
        [
            (
                text(use.text),
                ", ".join(drug.value for drug in use.drugs),
                ", ".join(route.value for route in use.routes),
                f"[`{use.model}`](#{use.model})",
                text(use.why),
                text(" ".join(use.not_for)),
                text(f"{use.confidence_level.value}: {use.confidence}"),
            )
            for use in catalog.uses()
        ],
    )


def _default_for(model: PublishedModel) -> str:
    named = [use.text for use in catalog.uses() if use.model == model.id]
    return text("; ".join(named) or "for no use: it is drawn only where it is named") + "."


def _model(model: PublishedModel) -> Iterator[str]:
    yield f"## {model.id}"
    yield f"{text(model.name)}: {text(model.title)}."
    structure = catalog.STRUCTURES[model.structure]
    size = f"{model.population.n} people; " if model.population.n else ""
    yield bullets(
        [
            f"**Describes** {domain.offer(model)}.",
            f"**Sampling** {text(model.site_text)}.",
            f"**Studied in** {size}{text(model.population.text)}{_at(model.population.locator)}.",
            f"**Analytes** {', '.join(model.analytes.values())}.",
            f"**Structure** `{model.structure}`: {text(_first_line(structure))}",
            f"**Status** of the file: {model.status.value}.",
            f"**Confidence** {model.confidence_level.value}. {text(model.confidence)}",
            f"**Drawn when nobody asks for another** {_default_for(model)}",
            "**Validation** [predictions beside measurements](validation.md).",
        ]
    )
    yield "**Not for**"
    yield bullets(map(text, model.not_for))
    if model.based_on:
        base = f"[`{model.based_on}`](#{model.based_on})"
        yield f"Inherits the disposition of {base}; those numbers name their own source below."
    yield "**Domain**"
    yield table(
        ("what", "from", "to", "unit", "locator", "status", "source"),
        list(_domain(model, model.status)),
    )
    yield "**Parameters as printed**"
    yield _parameters(model.printed, model.status, model.source)
    yield "**Covariates**"
    yield _covariates(model)
    yield "**Variability between people and occasions**"
    yield _variability(model)
    yield "**Residual error**"
    yield _residual(model)
    if model.notes:
        yield "**Notes**"
        yield bullets(map(text, model.notes))
    yield "**Sources**"
    yield bullets(_source(key) for key in dict.fromkeys((model.source, *model.also)))


def _extension(entry: Extension) -> Iterator[str]:
    yield f"## {entry.id}"
    yield f"{text(entry.name)}: {text(entry.title)}."
    names = ", ".join(f"{old} to {new}" for old, new in entry.analytes.items())
    yield bullets(
        [
            f"**Extends** {', '.join(map(code, entry.extends))}.",
            f"**Describes** {entry.drug.value}: {_routes(entry)}.",
            f"**Analytes** {names}.",
            f"**Status** {entry.status.value}.",
            f"**Confidence** {entry.confidence_level.value}. {text(entry.confidence)}",
            f"**Not for** {text(' '.join(entry.not_for))}",
        ]
    )
    yield "**Factors on the parameters of the extended model**"
    yield _parameters(entry.factors, entry.status, entry.source)
    yield "**Notes**"
    yield bullets(map(text, entry.notes))
    yield "**Sources**"
    yield bullets(_source(key) for key in dict.fromkeys((entry.source, *entry.also)))


def _routes(entry: Extension) -> str:
    return "; ".join(
        f"{', '.join(route.value for route in routes)} on {code(base)}"
        for base, routes in entry.extends.items()
    )


def _first_line(structure: type) -> str:
    return (structure.__doc__ or "").partition("\n")[0]


def _at(locator: str) -> str:
    return f" ({text(locator)})" if locator else ""


def _source(key: str) -> str:
    return f"[`{key}`](sources.md#{key}) {text(cite(key))}"


def _domain(model: PublishedModel, usual: Status) -> Iterator[tuple[str, ...]]:
    limits = model.domain
    named = [
        ("age", limits.age),
        ("weight", limits.weight),
        ("time after the start", limits.horizon),
        ("level of the parent", limits.level),
    ]
    for route, given in limits.routes.items():
        named += [
            (f"{route.value}: amount", given.amount),
            (f"{route.value}: duration", given.over),
        ]
    for what, extent in named:
        yield _range(what, extent, usual, model.source)


def _range(what: str, extent: Range | None, usual: Status, source: str) -> tuple[str, ...]:
    if extent is None:
        return (what, "not stated", "", "", "", "", "")
    return (
        what,
        units.shown(extent.low, digits=_DIGITS),
        units.shown(extent.high, digits=_DIGITS),
        extent.unit,
        text(extent.locator),
        (extent.status or usual).value,
        code(extent.source or source),
    )


def _parameters(printed: dict[str, Cited], usual: Status, source: str) -> str:
    heads = ("symbol", "value", "unit", "printed as", "standard error", "locator", "status",
             "source", "note")  # fmt: skip
    return table(
        heads,
        [
            (
                code(name),
                units.shown(number.value, digits=_DIGITS),
                text(number.unit),
                text(number.printed_as),
                text(number.se),
                text(number.locator),
                (number.status or usual).value,
                code(number.source or source),
                _note(number),
            )
            for name, number in printed.items()
        ],
    )


def _note(number: Cited) -> str:
    if number.low is not None and number.high is not None:
        low, high = (units.shown(end, digits=_DIGITS) for end in (number.low, number.high))
        return text("; ".join(part for part in (f"range {low} to {high}", number.note) if part))
    if number.corrected is None:
        return text(number.note)
    meant = f"read as {units.shown(number.corrected, digits=_DIGITS)}: {number.why}"
    return text("; ".join(part for part in (meant, number.note) if part))


def _covariates(model: PublishedModel) -> str:
    rows = [
        (", ".join(map(code, c.parameters)), *_covariate(c, model.status)) for c in model.covariates
    ]
    return table(("parameters", "how", "locator", "status"), rows) or "None."


def _covariate(covariate: Covariate, usual: Status) -> tuple[str, str, str]:
    match covariate:
        case Power():
            number = covariate.exponent
            how = (
                f"times ({covariate.of} / {_value(covariate.reference)})"
                f" to the power {_value(number)}"
            )
        case LinearAbove():
            number = covariate.slope
            how = f"plus {_value(number)} above {covariate.of} {_value(covariate.reference)}"
        case Factor():
            number = covariate.factor
            how = f"times {_value(number)} where {covariate.of} is {' or '.join(covariate.in_)}"
    return text(how), text(number.locator), (number.status or usual).value


def _value(number: Cited) -> str:
    unit = "" if number.unit == "1" else f" {number.unit}"
    return f"{units.shown(number.value, digits=_DIGITS)}{unit}"


def _variability(model: PublishedModel) -> str:
    rows = [
        (
            ", ".join(map(code, block.parameters)),
            f"{block.level.value}, {block.scale.value} scale",
            _spread(block),
            text(block.locator),
            (block.status or model.status).value,
            text(block.note),
        )
        for block in model.variability
    ]
    heads = ("parameters", "between", "printed", "locator", "status", "note")
    return table(heads, rows) or "Not known for this model: no band is drawn."


def _spread(block: Variability) -> str:
    if block.cv is not None:
        return f"CV {units.shown(block.cv, digits=_DIGITS)} %"
    rows = block.covariance or ()
    if len(rows) == 1:
        return f"variance {units.shown(rows[0][0], digits=_DIGITS)}"
    body = "; ".join(" ".join(units.shown(v, digits=_DIGITS) for v in row) for row in rows)
    return f"covariance ({body})"


def _residual(model: PublishedModel) -> str:
    rows = [
        (
            model.analytes[role],
            kind,
            _value(number),
            text(number.locator),
            (number.status or model.status).value,
            text(number.note),
        )
        for role, residual in model.residual.items()
        for kind, number in (
            ("proportional", residual.proportional),
            ("additive", residual.additive),
            ("log", residual.log),
        )
        if number is not None
    ]
    heads = ("analyte", "kind (standard deviation)", "value", "locator", "status", "note")
    return table(heads, rows) or "Not known for this model."
