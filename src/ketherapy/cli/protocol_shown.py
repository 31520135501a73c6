"""What ``ketherapy protocol`` prints: tables for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ketherapy import units

if TYPE_CHECKING:
    from ketherapy.dosing.protocol import Protocol
    from ketherapy.dosing.protocol_parts import DueCheck, Limit, Phase, Remark
    from ketherapy.dosing.protocol_simulated import Simulated
    from ketherapy.dosing.variant_parts import Difference
    from ketherapy.sources import Cited

_LIST = ("id", "title", "jurisdiction", "use", "route", "dose", "dose_status", "marks")
_DIFFERENCES = ("path", "before", "after", "direction", "reason")
_MEASURES = ("name", "unit", "low", "median", "high", "model", "confidence")
_WIDE = 40
_DIGITS = 6  # of what a file says: never rounded to look like another number


def _written(rows: Sequence[Mapping[str, object]], heads: Sequence[str], form: str) -> str:
    """Return rows as a table, as JSON or as CSV."""
    if form == "json":
        return json.dumps(rows, indent=2, ensure_ascii=False)
    if form == "csv":
        return _csv(rows, heads)
    from tabulate import tabulate

    body = [[row[head] for head in heads] for row in rows]
    return tabulate(body, headers=list(heads), disable_numparse=True,
                    maxcolwidths=[None, *[_WIDE] * (len(heads) - 1)])  # fmt: skip


def _csv(rows: Sequence[Mapping[str, object]], heads: Sequence[str]) -> str:
    from ketherapy.evidence.shown import cell  # a clinic's file may come from anybody

    file = io.StringIO()
    table = csv.DictWriter(file, heads, extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    for row in rows:
        table.writerow({k: cell(v) if isinstance(v, str) else v for k, v in row.items()})
    return file.getvalue().rstrip("\n")


def listed(found: Iterable[Protocol], *, on: date, form: str) -> str:
    """Return the list of protocols, and in a table what is no protocol here."""
    from ketherapy.dosing.protocol import not_shipped

    rows = [_row(one, on) for one in found]
    table = _written(rows, _LIST, form)
    if form != "table":
        return table
    left = [f"  {row.id} {row.title}: {row.why} [{row.status}]" for row in not_shipped()]
    return "\n".join([table, "", "No protocol here", *left, "", _NOTICE])


_NOTICE = (
    "Nothing here allows a treatment: a clinic treats under a version that it has adopted."
    " Racemic ketamine for depression, anxiety, OCD, PTSD and lasting pain is off-label."
)


def _row(one: Protocol, on: date) -> dict[str, object]:
    return {
        "id": one.id,
        "title": one.title,
        "jurisdiction": one.jurisdiction.value,
        "use": one.use.value,
        "route": f"{one.drug.value} {one.route.value}",
        "dose": _dose(one.phase[0]),
        "dose_status": (one.dose.given.status or one.status).value,
        "marks": ", ".join(_marks(one, on)),
    }


def _marks(one: Protocol, on: date) -> Iterator[str]:
    if one.is_off_label:
        yield "off-label"
    if one.is_research:
        yield "research"
    if one.is_stale(on):
        yield "stale"
    if one.varies:
        yield f"varies {one.varies}"


def _dose(phase: Phase) -> str:
    dose = phase.dose
    low, high = dose.span
    ends = " or ".join(units.shown(c) for c in dose.choices) or units.shown(low)
    ends += f" to {units.shown(high)}" if not dose.choices and low < high else ""
    over = f" over {_number(dose.over)}" if dose.over else ""
    return f"{ends} {dose.given.unit}{over}"


def _number(number: Cited | Limit) -> str:
    return f"{units.shown(number.value, digits=_DIGITS)} {number.unit}".removesuffix(" 1")


def as_json(found: Protocol) -> str:
    """Return a protocol as JSON, with the hash of its file."""
    return json.dumps(asdict(found), indent=2, ensure_ascii=False, default=str)


def shown(found: Protocol) -> str:
    """Return everything of a protocol, for a reader."""
    lines = [
        f"{found.title}",
        f"{found.id}, since {found.since}, sha256 {found.sha256}",
        *_facts(found),
        *_section("Evidence", _remarks(found, found.evidence)),
        *(line for phase in found.phase for line in _phase(found, phase)),
        *_section("Limits", (_limit(found, *pair) for pair in found.limits.items())),
        *_section("A plan is told", (f"{a.says} {_from(found, a)}" for a in found.advice)),
        *_section("Beside it", _remarks(found, found.alongside)),
        *_section("Staff", _remarks(found, found.staff)),
        *_section("Equipment", _remarks(found, found.equipment)),
        *_section("Due", (_due(found, one) for one in found.due)),
        *_section("Acted on in a visit", _acted_on()),
        *_section("Leaving", _leaving(found)),
        *_section("Follow-up", _remarks(found, found.follow_up)),
        *_section("Remarks", _remarks(found, found.remarks)),
        *_section("Sources", _sources(found)),
    ]
    return "\n".join(lines)


def _section(title: str, lines: Iterable[str]) -> list[str]:
    inner = [f"  {line}" for line in lines]
    return ["", title, *inner] if inner else []


def _facts(found: Protocol) -> Iterator[str]:
    where = f"{found.jurisdiction.value}, rules of profile {found.profile}"
    yield f"{found.drug.value}, {found.route.value}, {found.setting.value}; {where}"
    yield f"for {found.indication}{_ages(found)}"
    yield f"clinical rows: {', '.join(found.rules)}"
    if found.varies:
        yield f"varies {found.varies}"
        for path, why in found.looser_because.items():
            yield f"looser in {path}: {why}"
    yield "OFF-LABEL: no label names this use." if found.is_off_label else "labelled for this use"
    if found.is_research:
        yield "RESEARCH: no guideline carries this protocol."
    stale = f"; check against {found.check_against}" if found.check_against else ""
    yield f"to be read again after {found.stale_after}{stale}"


def _ages(found: Protocol) -> str:
    low = f", from {_number(found.age_from)}" if found.age_from else ""
    return low + (f", under {_number(found.age_below)}" if found.age_below else "")


def _phase(found: Protocol, phase: Phase) -> list[str]:
    dose, course = phase.dose, phase.schedule
    days = ", ".join(map(str, course.days))
    lines = [f"gives {_dose(phase)}; usual {_cited(found, dose.given)}"]
    lines += [f"over {_cited(found, dose.over)}"] if dose.over else []
    lines += [f"first visit: {_listed(dose.first)} {dose.given.unit}"] if dose.first else []
    lines += [f"step {_cited(found, dose.step)}"] if dose.step else []
    lines += [f"bolus {_cited(found, dose.bolus)}"] if dose.bolus else []
    lines += _remarks(found, dose.titration)
    lines += [f"visits {_cited(found, course.visits)}" if course.visits else "visits open-ended"]
    lines += [f"days {days}: {_remark(found, course.days_from)}"]
    lines += [f"apart {_cited(found, course.apart)}"] if course.apart else []
    return _section(f"Phase {phase.id}: {phase.title}", [*lines, *_remarks(found, phase.review)])


def _listed(doses: Iterable[float]) -> str:
    return " or ".join(units.shown(one) for one in doses)


def _cited(found: Protocol, number: Cited) -> str:
    ends = [units.shown(end) for end in (number.low, number.high) if end is not None]
    span = f" ({' to '.join(ends)})" if ends else ""
    return f"{_number(number)}{span}: {number.locator} {_from(found, number)}"


def _from(found: Protocol, one: object) -> str:
    source = getattr(one, "source", None) or found.source
    status = getattr(one, "status", None) or found.status
    rule = getattr(one, "rule", "")
    return f"[{', '.join(part for part in (source, status.value, rule) if part)}]"


def _remarks(found: Protocol, some: Iterable[Remark]) -> list[str]:
    return [_remark(found, one) for one in some]


def _remark(found: Protocol, one: Remark) -> str:
    place = f" ({one.locator})" if one.locator else ""
    return f"{one.text}{place} {_from(found, one)}"


def _limit(found: Protocol, name: str, one: Limit) -> str:
    until = f", until {one.until}" if one.until else ""
    why = f" Looser because {one.looser_because}" if one.looser_because else ""
    since = f"since {one.since}{until}"
    return f"{name} {_number(one)}, {since}: {one.locator} {_from(found, one)}{why}"


def _due(found: Protocol, one: DueCheck) -> str:
    words = {
        "before": "before",
        "throughout": "throughout",
        "leaving": "before leaving",
        "at": f"at {_number(one.minutes) if one.minutes else ''} from {one.anchor.value}",
        "every": f"every {_number(one.minutes) if one.minutes else ''} from {one.anchor.value}",
    }
    place = f" ({one.locator})" if one.locator else ""
    return f"{one.check.value} {words[one.when]}{place} {_from(found, one)}"


def _acted_on() -> Iterator[str]:
    """Give each pack of thresholds, and until when it can be relied on."""
    from ketherapy.dosing.thresholds import threshold_packs

    for pack in threshold_packs():
        against = f"; check against {pack.check_against}" if pack.check_against else ""
        yield f"{pack.id}, to be read again after {pack.stale_after}{against}"


def _leaving(found: Protocol) -> list[str]:
    leaving = found.leaving
    observed = f"observed for {_cited(found, leaving.observed_for)} from {leaving.anchor.value}"
    return [observed, f"rules {', '.join(leaving.rules)}"]


def _sources(found: Protocol) -> list[str]:
    from ketherapy.sources import cite

    return [f"{key}: {cite(key)}" for key in sorted(_keys(asdict(found)))]


def _keys(entry: object) -> set[str]:
    """Return every source that is named anywhere in a protocol."""
    if isinstance(entry, dict):
        own = {v for k, v in entry.items() if k == "source" and isinstance(v, str)}
        return own.union(*(_keys(inner) for inner in entry.values()))
    if isinstance(entry, list | tuple):
        return set().union(*(_keys(inner) for inner in entry))
    return set()


def sound(path: Path) -> str:
    """Return what is said of a file without faults: its hash, and in what it differs."""
    from ketherapy.dosing.protocol import read_protocol
    from ketherapy.dosing.variants import read_variant

    found = read_protocol(path)
    lines = [f"{path.name}: no faults, sha256 {found.sha256}"]
    if found.varies:
        table = differences(read_variant(path).differences, form="table")
        lines += [f"beside {found.varies}", table]
    return "\n".join(lines)


def differences(found: Sequence[Difference], *, form: str) -> str:
    """Return in what two protocols differ."""
    rows = [{name: str(getattr(one, name)) for name in _DIFFERENCES} for one in found]
    return _written(rows, _DIFFERENCES, form)


def prediction(found: Simulated, *, form: str) -> str:
    """Return what a visit does in virtual people, and all that must be known of it."""
    rows = [asdict(one) for one in found.measures]
    if form == "json":
        said = asdict(found) | {"protocol": found.protocol.id, "sha256": found.protocol.sha256}
        return json.dumps(said, indent=2, ensure_ascii=False)
    if form == "csv":
        return _written(rows, _MEASURES, form)
    for row in rows:
        row |= {k: units.shown(row[k], digits=3) for k in ("low", "median", "high")}
    heads = {"name": "", "low": "5 %", "high": "95 %"}
    named = [{heads.get(k, k): v for k, v in row.items()} for row in rows]
    table = _written(named, [heads.get(name, name) for name in _MEASURES], form)
    return "\n".join([f"{found.protocol.title} ({found.protocol.id})", *_about(found), "", table,
                      *_section("Not predicted here", found.refused),
                      *_section("Not modelled", found.not_modelled),
                      *_section("Cautions", found.cautions),
                      *_section("Sources", found.sources)])  # fmt: skip


def _about(found: Simulated) -> list[str]:
    from ketherapy.cli.output import NOTICE

    people = f"{found.people} (source: {found.people_source}, {found.people_status})"
    return [f"first visit, usual dose; {found.n} {people}; seed {found.seed}", NOTICE]
