"""The studies of an answer as a CSV file that a spreadsheet can open without harm."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from clinic.explore.evidence_answer import Answer
from clinic.explore.evidence_studies import Figures, Study
from ketherapy.evidence.shown import cell

HEADERS: tuple[str, ...] = (
    "row", "trial", "label", "year", "people_treated", "people_control", "treated", "control",
    "measure", "estimate", "low", "high", "level", "weight", "yi", "sei", "scale", "definition",
    "timepoint", "design", "masking", "compared_with", "bias_as_printed", "status", "source",
    "locator", "why_not", "method",
)  # fmt: skip
Cell = str | int | float | None


def study_table(found: Answer, method: str) -> str:
    """Return every study, the pooled result and what was left out, by RFC 4180."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, HEADERS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in _rows(found, method):
        writer.writerow({name: safe(value) for name, value in row.items()})
    return out.getvalue()


def safe(value: Cell) -> str:
    """Return a cell; words that a spreadsheet would run are set off by an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, str):
        return cell(value)
    return repr(value)


def _rows(found: Answer, method: str) -> Iterator[dict[str, Cell]]:
    for study in found.studies:
        yield _study(found, study)
    if found.together is not None:
        extent = found.together.extent
        treated, control = (n or None for n in found.people)  # none are printed: an empty cell
        yield {
            "row": "pooled", "label": found.title, "measure": found.measure.value,
            "people_treated": treated, "people_control": control, "estimate": extent.estimate,
            "low": extent.low, "high": extent.high, "level": found.level, "yi": found.together.y,
            "method": method,
        }  # fmt: skip
    for why in found.refusals:
        yield {"row": "refused", "label": found.title, "why_not": why}
    for left in found.excluded:
        yield {"row": "excluded", "trial": left.trial, "label": left.label,
               "definition": left.outcome, "why_not": left.why}  # fmt: skip


def _study(found: Answer, study: Study) -> dict[str, Cell]:
    effect = study.effect
    treated, control = study.people
    return {
        "row": "study", "trial": study.trial, "label": study.label, "year": study.year,
        "people_treated": treated, "people_control": control, "treated": _groups(study.treated),
        "control": _groups(study.control), "measure": found.measure.value,
        "estimate": effect.estimate if effect else None, "low": effect.low if effect else None,
        "high": effect.high if effect else None, "level": found.level, "weight": study.weight,
        "yi": study.y, "sei": study.se, "scale": study.scale, "definition": study.definition,
        "timepoint": study.timepoint, "design": study.design, "masking": study.masking,
        "compared_with": study.control_words, "bias_as_printed": study.bias.remark,
        "status": study.status, "source": study.source.words, "locator": study.locator,
        "why_not": "" if effect else "nothing to compute an effect from",
    }  # fmt: skip


def _groups(groups: tuple[Figures, ...]) -> str:
    return "; ".join(_group(one) for one in groups)


def _group(one: Figures) -> str:
    if one.people is None:
        return f"{one.label}: not printed"
    if one.events is not None:
        return f"{one.label}: {one.events} of {one.people} ({one.counted})"
    spread = f", sd {one.sd:g}" if one.sd is not None else ""
    error = f", se {one.se:g}" if one.se is not None else ""
    mean = f", mean {one.mean:g}" if one.mean is not None else ""
    return f"{one.label}: n {one.people}{mean}{spread}{error}"
