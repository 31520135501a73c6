"""The page of validation: what is claimed, what shows it, and every comparison there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from ketherapy import units
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.observations import Observation, observations, regimen_of
from ketherapy.simulation import domain, validation
from ketherapy.simulation.validation import Comparison, Group
from reference_pages import trials
from reference_pages.claims import CLAIMS
from reference_pages.markdown import bullets, code, table, text
from reference_pages.markdown import page as whole

_HOW = """\
Each published measurement that says enough about what was given, to whom, and where blood was
drawn is laid beside every model that describes that drug, route, analyte and **sampling site**.
Arterial is never compared with venous: during a short infusion the two can differ by about a
factor of two, so a ratio between them would say nothing about a model. Clearance and
bioavailability do not depend on the site and are compared across sites. A weight that was not
printed is taken as 70 kg, and the row says so. Predictions are for the typical person."""

_WORTH = """\
**In-sample** means that the row helped to make the model: agreement there shows that the model
was put into code rightly, not that it predicts. **Self-reproduction** means that the printed
number was itself computed from the model; it proves even less.

What is out-of-sample proves little too. The rows are printed means or medians, some read off
figures by others; there are no data of individual people. Several rows often belong to one curve
of one trial, so that they are not independent of each other. The published people are mostly
healthy and young. Nothing here says how far one patient may lie from the curve, nothing tests
R-ketamine against an observed curve, and nothing tests a prediction of safety; of effects, the
difference between the arms of whole trials alone is tested, further below.
In `otto2021_iv` the typical values of S-ketamine come from another trial (Fanta 2015), so that its
S-ketamine rows count as out-of-sample; their trial did shape the model's variability."""


@lru_cache(maxsize=1)
def compared() -> tuple[Comparison, ...]:
    """Return every comparison; computed once, since it takes a while."""
    return validation.comparisons()


def levels() -> tuple[Comparison, ...]:
    """Return the comparisons of concentrations, self-reproduction apart."""
    is_level = ("concentration", "Cmax")
    return tuple(c for c in compared() if c.row.metric in is_level and c.row.use == "score")


def page() -> str:
    """Return the page."""
    return whole(
        "Validation",
        "## What is claimed, and what shows it",
        bullets(_claims()),
        "## Prediction beside measurement",
        _HOW,
        _WORTH,
        _out_of_sample(),
        "![Predicted against observed concentrations](../images/validation.svg)",
        *trials.section(),
        "## By group",
        "Ratio is the geometric mean of predicted over observed; 1 is agreement, below 1 the model"
        " is low. Error is the median of |predicted / observed - 1|.",
        _groups(),
        "## Every scored row",
        _rows([c for c in compared() if c.row.use == "score"]),
        "## Self-reproduction",
        "The printed numbers were computed by their authors from the same model.",
        _rows([c for c in compared() if c.row.use == "implementation"]),
        "## Marked for scoring, fitted by no model",
        _unfitted(),
        "## Kept apart because of the sampling site",
        "Rows that a model would describe but for the site: they are counted here and compared"
        " nowhere.",
        _kept_apart(),
        "## Rows that are not used, and why",
        _unused(),
    )


def _claims() -> Iterator[str]:
    for claim, source, tests in CLAIMS:
        yield f"**{claim}.** Against: {source}. Shown by {', '.join(map(code, tests))}."


def _out_of_sample() -> str:
    outside = [c for c in levels() if not c.is_in_sample]
    found: dict[tuple[str, str], Counter[str]] = {}
    for c in outside:
        found.setdefault((c.model.id, c.row.site), Counter())[c.row.source] += 1
    rows = [
        (
            code(model),
            site,
            str(counts.total()),
            ", ".join(f"{_source(key)} ({n})" for key, n in sorted(counts.items())),
        )
        for (model, site), counts in sorted(found.items())
    ]
    return "Out-of-sample concentrations, and where they come from:\n\n" + table(
        ("model", "site", "rows", "sources (rows)"), rows
    )


def _source(key: str) -> str:
    return f"[`{key}`](sources.md#{key})"


def _kind(is_in_sample: bool, row: Observation) -> str:
    if row.use == "implementation":
        return "self-reproduction"
    return "in-sample" if is_in_sample else ""


def _groups() -> str:
    heads = ("model", "site", "analyte", "quantity", "rows", "ratio", "error (%)", "in-sample")
    return table(heads, [_group(group) for group in validation.groups(compared())])


def _group(group: Group) -> tuple[str, ...]:
    return (
        f"[{code(group.model.id)}](models.md#{group.model.id})",
        group.site,
        group.analyte,
        group.quantity,
        str(len(group.members)),
        units.shown(group.GMR),
        units.shown(group.median_error),
        _kind(group.is_in_sample, group.members[0].row),
    )


def _rows(found: list[Comparison]) -> str:
    heads = ("id", "given", "population", "analyte", "site", "statistic", "unit", "observed",
             "model", "predicted", "ratio", "in-sample", "source", "note")  # fmt: skip
    return table(heads, [_row(c) for c in found])


def _row(c: Comparison) -> tuple[str, ...]:
    row = c.row
    return (
        code(row.id),
        _given(row),
        text(row.population),
        row.analyte,
        row.site,
        text(row.statistic),
        text(row.unit),
        units.shown(c.observed, digits=4),
        code(c.model.id),
        units.shown(c.predicted),
        units.shown(c.ratio),
        _kind(c.is_in_sample, row),
        _place(row),
        text(_note(c)),
    )


def _note(c: Comparison) -> str:
    uses = [getattr(covariate, "of", "") for covariate in c.model.covariates]
    is_per_kg = any("/kg" in number.unit for number in c.model.printed.values())
    matters = "weight" in uses or is_per_kg or "/kg" in c.row.regimen + c.row.unit
    is_taken = c.row.weight_kg is None and matters and "70 kg" not in c.row.note
    parts = (c.row.note, "weight not printed: 70 kg taken" if is_taken else "")
    return "; ".join(part for part in parts if part)


def _given(row: Observation) -> str:
    drug = row.drug.value if row.drug else ""
    return text(f"{drug} {row.given}".strip())


def _place(row: Observation) -> str:
    return f"{_source(row.source)} {text(row.locator)} ({row.status.value})"


def _unfitted() -> str:
    fitted = {c.row.id for c in compared()}
    rows = [
        (code(row.id), _given(row), row.analyte, row.site, text(row.statistic), _why(row),
         _place(row))
        for row in observations()
        if row.use != "no" and row.id not in fitted
    ]  # fmt: skip
    heads = ("id", "given", "analyte", "site", "statistic", "why", "source")
    return table(heads, rows) or "None: every row marked for scoring has at least one model."


def _why(row: Observation) -> str:
    if row.value is None:
        return "no central value is printed"
    others = sorted({m.site for m in catalog.models() if _but_for_site(row, m)})
    if others:
        return f"measured {row.site}; the models that describe it are {' or '.join(others)}"
    return "no shipped model describes this drug, route and analyte"


def _but_for_site(row: Observation, model: PublishedModel) -> bool:
    """Return whether only the sampling site keeps ``row`` from ``model``."""
    if row.use != "score" or row.metric in ("CL", "F") or row.site == model.site:
        return False
    if row.drug is None or row.route is None or not row.regimen:
        return False
    routes = regimen_of(row).routes
    drugs = all(domain.fits(model, row.drug, route) for route in routes)
    return drugs and row.analyte in _analytes(row, model)


def _analytes(row: Observation, model: PublishedModel) -> set[str]:
    if row.drug is None or row.drug is model.drug:
        return set(model.analytes.values())
    entry = domain.extension_used(model, row.drug)
    if entry is None:
        return set()
    both = set(model.analytes.values()) | set(entry.analytes.values())
    return both | {"ketamine", "norketamine"}


def _kept_apart() -> str:
    found = Counter(
        (model.id, model.site, row.site, row.analyte)
        for row in observations()
        for model in catalog.models()
        if _but_for_site(row, model)
    )
    rows = [(code(m), ours, theirs, analyte, str(n)) for (m, ours, theirs, analyte), n in
            sorted(found.items())]  # fmt: skip
    heads = ("model", "its site", "site of the rows", "analyte", "rows")
    return table(heads, rows) or "None."


def _unused() -> str:
    heads = ("id", "given", "population", "analyte", "site", "statistic", "printed", "why not",
             "source")  # fmt: skip
    return table(heads, [_unused_row(row) for row in observations() if row.use == "no"])


def _unused_row(row: Observation) -> tuple[str, ...]:
    return (
        code(row.id),
        _given(row),
        text(row.population),
        row.analyte,
        row.site,
        text(row.statistic),
        text(_printed(row)),
        text(row.reason),
        _place(row),
    )


def _printed(row: Observation) -> str:
    parts = [] if row.value is None else [units.shown(row.value, digits=4)]
    if row.low is not None and row.high is not None:
        parts.append(f"({units.shown(row.low, digits=4)} to {units.shown(row.high, digits=4)})")
    return " ".join([*parts, row.unit])
