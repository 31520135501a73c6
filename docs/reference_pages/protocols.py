"""The page of protocols: what each gives, within which limits, watched how, on what ground."""

from __future__ import annotations

from collections.abc import Iterator

from ketherapy import units
from ketherapy.dosing.protocol import Protocol, not_shipped, protocols
from ketherapy.dosing.protocol_parts import DueCheck, Limit, Phase, Remark
from ketherapy.sources import Cited, Status
from reference_pages.markdown import bullets, code, table, text
from reference_pages.markdown import page as whole

_HOW = """\
One file a version, under `src/ketherapy/dosing/data/protocols`, known by the hash of its bytes and
never changed: another version is another file. **Nothing here allows a treatment**: a clinic treats
under a version that it has adopted. Racemic ketamine for depression, anxiety, PTSD, OCD and
lasting pain is off-label. A *convention* is printed by nobody; it is ours, to be argued with, and a
clinic that adopts the protocol adopts it too. Where a source prints a range and no usual dose, the
lowest stands. *Stale* means: to be read again, against what is named, before it is relied on.
`ketherapy protocol show ID` shows everything, each remark with its source."""
_HEADS = ("protocol", "for", "drug and route", "given", "whose", "dose read", "marks")


def page() -> str:
    """Return the page."""
    every = protocols()
    return whole(
        "Protocols",
        _HOW,
        table(_HEADS, [_row(one) for one in every]),
        "## No protocol here, and why",
        bullets(f"{row.id}, {text(row.title)}: {text(row.why)} ({_source(row)})"
                for row in not_shipped()),
        *(block for one in every for block in _of(one)),
    )  # fmt: skip


def _row(one: Protocol) -> tuple[str, ...]:
    return (
        f"[{code(one.id)}](#{one.id})",
        text(one.indication),
        f"{one.drug.value}, {one.route.value}",
        _given(one.phase[0]),
        one.jurisdiction.value,
        (one.dose.given.status or one.status).value,
        ", ".join(_marks(one)),
    )


def _marks(one: Protocol) -> Iterator[str]:
    if one.is_off_label:
        yield "off-label"
    if one.is_research:
        yield "research"
    if one.check_against:
        yield "stale"


def _given(phase: Phase) -> str:
    dose = phase.dose
    low, high = dose.span
    ends = " or ".join(map(_shown, dose.choices)) or _shown(low)
    ends += f" to {_shown(high)}" if not dose.choices and low < high else ""
    return f"{ends} {dose.given.unit}" + (f" over {_number(dose.over)}" if dose.over else "")


def _shown(number: float) -> str:
    return units.shown(number, digits=6)


def _number(one: Cited | Limit) -> str:
    return f"{_shown(one.value)} {one.unit}".removesuffix(" 1")


def _source(one: object, file: Protocol | None = None) -> str:
    """Return whose something is and how well that is known; of ``file`` where it does not say."""
    key = getattr(one, "source", None) or (file.source if file else "")
    status = getattr(one, "status", None) or (file.status if file else Status.CONVENTION)
    return f"{code(key)}, {status.value}"


def _of(one: Protocol) -> Iterator[str]:
    yield f"## {text(one.title)} {{#{one.id}}}"
    yield bullets(_facts(one))
    yield table(("phase", "gives", "first", "visits", "apart"), [_phase(p) for p in one.phase])
    yield table(("limit", "value", "where printed", "source"),
                [_limit(one, name, limit) for name, limit in one.limits.items()])  # fmt: skip
    yield table(("due", "when", "source"), [_due(one, check) for check in one.due])
    for title, some in (("Beside it", one.alongside), ("Evidence", one.evidence),
                        ("Remarks", one.remarks)):  # fmt: skip
        yield f"{title}:"
        yield bullets(_remark(one, remark) for remark in some)
    if one.advice:
        yield "A plan is told, and not stopped:"
        yield bullets(f"{text(advice.says)} ({_source(advice)})" for advice in one.advice)


def _facts(one: Protocol) -> Iterator[str]:
    yield f"{code(one.id)}, since {one.since}, SHA-256 {code(one.sha256[:16])}"
    yield f"clinical rows {', '.join(one.rules)}; {one.setting.value}; rules of {one.profile}"
    if one.is_off_label:
        yield "**off-label**: no label names this use"
    if one.is_research:
        yield "**research**: no guideline carries it"
    if one.age_from:
        yield f"for people from {_number(one.age_from)}"
    if one.age_below:
        yield f"for people under {_number(one.age_below)}"
    against = f"; check against {text(one.check_against)}" if one.check_against else ""
    yield f"to be read again after {one.stale_after}{against}"
    leaving = one.leaving
    yield (f"nobody leaves before {_number(leaving.observed_for)} from"
           f" {leaving.anchor.value.replace('_', ' ')} ({_source(leaving.observed_for, one)}) and"
           f" {', '.join(leaving.rules)}")  # fmt: skip


def _phase(phase: Phase) -> tuple[str, ...]:
    course, first = phase.schedule, phase.dose.first
    apart = course.apart
    ends = (apart.low, apart.high) if apart else ()
    span = " to ".join(_shown(end) for end in ends if end is not None)
    return (
        text(phase.title),
        _given(phase),
        f"{' or '.join(map(_shown, first))} {phase.dose.given.unit}" if first else "",
        _number(course.visits) if course.visits else "open",
        f"{_number(apart)}{f' ({span})' if span else ''}" if apart else "",
    )


def _limit(file: Protocol, name: str, one: Limit) -> tuple[str, ...]:
    return (code(name), _number(one), text(one.locator), _source(one, file))


def _due(file: Protocol, one: DueCheck) -> tuple[str, ...]:
    start = one.anchor.value.replace("_", " ")
    minutes = f" {_number(one.minutes)} from {start}" if one.minutes else ""
    return (one.check.value, f"{one.when}{minutes}", _source(one, file))


def _remark(file: Protocol, one: Remark) -> str:
    return f"{text(one.text)} ({_source(one, file)})"
