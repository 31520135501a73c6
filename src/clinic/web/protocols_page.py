"""One protocol in words: each number with its unit, where it is written, and its status."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from clinic.explore.names import DRUGS, ROUTES
from clinic.web.charts.due import DueAt, DueLine, due_drawings, due_table
from clinic.web.charts.twin import Twin
from clinic.web.charts.visits import Calendar, Going, calendars, visits_table
from ketherapy import units
from ketherapy.dosing.protocol import Protocol, least_stay
from ketherapy.dosing.protocol_parts import Advice, DueCheck, Limit, Phase, Remark
from ketherapy.dosing.thresholds import threshold_packs
from ketherapy.dosing.variant_parts import Direction
from ketherapy.sources import Cited, Status, cite, source

_DIGITS = 6  # of what a file says: never rounded to look like another number
_MIN = 60.0
NAMES: dict[str, dict[str, str]] = {
    "use": {"psychiatry": "Psychiatry", "pain": "Pain"},
    "drug": {drug.value: name for drug, name in DRUGS.items()},
    "jurisdiction": {
        "US": "Label or rule of the United States", "EU": "Label of the European Union",
        "consensus": "Consensus or trial", "clinic": "A clinic's own",
    },
}  # fmt: skip
DIRECTIONS = {
    Direction.LOOSER: ("▲ looser", "looser"),
    Direction.TIGHTER: ("▼ tighter", "tighter"),
    Direction.OTHER: ("other", "other"),
}
LIMITS = {
    "amount_per_visit_max": "Most in one visit",
    "amount_per_visit_per_kg_max": "Most in one visit, per kg",
    "bolus_per_kg_max": "Most at once, per kg",
    "rate_max": "Fastest rate",
    "rate_per_kg_max": "Fastest rate, per kg",
    "amount_per_week_max": "Most in a week",
    "amount_per_course_max": "Most in a course",
    "visits_per_week_max": "Most visits in a week",
    "visits_per_course_max": "Most visits in a course",
    "apart_min": "Least time between visits",
    "over_min": "Shortest time",
}
_ANCHORS = {"first_device": "first device", "start": "start", "end": "end"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Whose:
    """Where something is written, and how it was read."""

    citation: str
    address: str
    locator: str
    status: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One thing a protocol says, and whose it is."""

    title: str
    text: str
    whose: Whose


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One protocol as the list shows it."""

    protocol: Protocol
    drug: str
    dose: str
    whose: str
    is_stale: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A drawing with its table."""

    key: str
    charts: tuple[str, ...]
    table: Twin


def entry(found: Protocol, today: date) -> Entry:
    """Return one protocol as the list shows it."""
    return Entry(
        protocol=found, drug=f"{DRUGS[found.drug]}, {ROUTES[found.route].lower()}",
        dose=_dose(found.phase[0]), whose=NAMES["jurisdiction"][found.jurisdiction],
        is_stale=found.is_stale(today),
    )  # fmt: skip


def whole(found: Protocol, today: date) -> dict[str, object]:
    """Return everything that the page of one protocol shows."""
    return {
        "found": found,
        "entry": entry(found, today),
        "ages": _ages(found),
        "timeline": _timeline(found),
        "phases": [(one, _dose(one), list(_phase(found, one))) for one in found.phase],
        "limits": [_limit(found, *pair) for pair in found.limits.items()],
        "due": _due(found),
        "due_lines": [_due_line(found, one) for one in found.due],
        "thresholds": [(pack, pack.is_stale(today)) for pack in threshold_packs()],
        "parts": [(title, lines) for title, lines in _parts(found) if lines],
    }


def _parts(found: Protocol) -> Iterator[tuple[str, list[Line]]]:
    yield "Evidence", _remarks(found, found.evidence)
    yield "What a plan is told", [_advice(found, one) for one in found.advice]
    yield "Given or in place with it", _remarks(found, found.alongside)
    yield "Staff", _remarks(found, found.staff)
    yield "Equipment", _remarks(found, found.equipment)
    observed = found.leaving.observed_for
    text = f"{_number(observed)} from the {_ANCHORS[found.leaving.anchor]}, at the least"
    rules = f"Rules of leaving that hold too: {', '.join(found.leaving.rules)}"
    yield "Leaving", [_line(found, "Observed for", text, observed),
                      Line(title="", text=rules, whose=_whose(found, found.leaving))]  # fmt: skip
    yield "Follow-up", _remarks(found, found.follow_up)
    yield "Also", _remarks(found, found.remarks)


def _whose(found: Protocol, one: object) -> Whose:
    """Return whose one thing is: its own source, or that of the protocol."""
    key = str(getattr(one, "source", None) or found.source)
    status = getattr(one, "status", None) or found.status
    cited = source(key)
    address = f"https://doi.org/{cited.doi}" if cited.doi else cited.url
    return Whose(
        citation=cite(key).rstrip("."), address=address,
        locator=str(getattr(one, "locator", "")), status=Status(status).value,
    )  # fmt: skip


def _line(found: Protocol, title: str, text: str, one: object) -> Line:
    return Line(title=title, text=text, whose=_whose(found, one))


def _remarks(found: Protocol, some: Iterable[Remark]) -> list[Line]:
    return [_line(found, "", one.text, one) for one in some]


def _advice(found: Protocol, one: Advice) -> Line:
    return _line(found, "", one.says, one)


def _number(one: Cited | Limit) -> str:
    return f"{units.shown(one.value, digits=_DIGITS)} {one.unit}".removesuffix(" 1")


def _span(one: Cited) -> str:
    ends = [units.shown(end, digits=_DIGITS) for end in (one.low, one.high) if end is not None]
    return _number(one) + (f" (range {' to '.join(ends)})" if ends else "")


def _dose(phase: Phase) -> str:
    dose = phase.dose
    low, high = dose.span
    ends = " or ".join(units.shown(c) for c in dose.choices) or units.shown(low)
    ends += f" to {units.shown(high)}" if not dose.choices and low < high else ""
    over = f" over {_number(dose.over)}" if dose.over else ""
    return f"{ends} {dose.given.unit}{over}"


def _ages(found: Protocol) -> str:
    low = f"from {_years(found.age_from)} of age" if found.age_from else ""
    high = f"under {_years(found.age_below)} of age" if found.age_below else ""
    return ", ".join(part for part in (low, high) if part)


def _years(one: Cited) -> str:
    years = units.convert(one.value, one.unit, to="year")
    return f"{units.shown(years, digits=_DIGITS)} years"


def _phase(found: Protocol, phase: Phase) -> Iterator[Line]:
    dose, course = phase.dose, phase.schedule
    yield _line(found, "Usual dose", _span(dose.given), dose.given)
    numbers = (
        ("Given over", dose.over), ("Furthest step", dose.step), ("At once, before", dose.bolus),
        ("Visits", course.visits), ("Usually apart", course.apart),
    )  # fmt: skip
    for title, one in numbers:
        if one is not None:
            yield _line(found, title, _span(one).removesuffix(" 1"), one)
    if dose.first:
        doses = " or ".join(units.shown(one) for one in dose.first)
        yield _line(found, "At the first visit", f"{doses} {dose.given.unit}", dose.given)
    days = ", ".join(str(day + 1) for day in course.days)
    words = f"Days {days}{'' if course.visits else ', and so on: open-ended'}"
    yield _line(found, words, course.days_from.text, course.days_from)
    yield from _remarks(found, (*dose.titration, *phase.review))


def _limit(found: Protocol, name: str, one: Limit) -> Line:
    until = f", until {one.until}" if one.until else ""
    return _line(found, LIMITS[name], f"{_number(one)} (since {one.since}{until})", one)


def _timeline(found: Protocol) -> Picture:
    rows = tuple(
        Going(name=one.title, weeks=_weeks(one), note=_dose(one)) for one in found.phase
    )  # fmt: skip
    calendar = Calendar(title="Visits week by week, each phase from its own first", rows=rows)
    return Picture(key="timeline", charts=calendars(calendar), table=visits_table(calendar))


def _weeks(phase: Phase) -> tuple[int, ...]:
    days = phase.schedule.days
    found = [0] * (days[-1] // 7 + 1)
    for day in days:
        found[day // 7] += 1
    return tuple(found)


def _due(found: Protocol) -> Picture | None:
    """Return the checks of a visit on one axis of time; none where none is due."""
    if not found.due:
        return None
    over = 0.0 if found.dose.over is None else _minutes(found.dose.over)
    line = DueLine(
        title="When each check of a visit is due",
        over=over,
        until=_MIN * least_stay(found),
        rows=tuple(_due_at(one, over) for one in found.due),
    )
    return Picture(key="due", charts=due_drawings(line), table=due_table(line))


def _minutes(one: Cited) -> float:
    return _MIN * units.convert(one.value, one.unit, to="h")


def _due_at(one: DueCheck, over: float) -> DueAt:
    begins = over if one.anchor == "end" else 0.0
    minutes = 0.0 if one.minutes is None else _minutes(one.minutes)
    ends = over if one.when == "every" and one.anchor != "end" and over > 0.0 else None
    return DueAt(
        name=one.check.value.capitalize(), when=one.when, words=_when(one), begins=begins,
        minutes=minutes, ends=ends,
    )  # fmt: skip


def _when(one: DueCheck) -> str:
    anchor = _ANCHORS[one.anchor]
    every = "" if one.minutes is None else _number(one.minutes)
    return {
        "before": "before the dose",
        "throughout": "throughout",
        "leaving": "before leaving",
        "at": f"{every} after the {anchor}",
        "every": f"every {every} from the {anchor}",
    }[one.when]


def _due_line(found: Protocol, one: DueCheck) -> Line:
    text = _when(one) + (f". {one.note}" if one.note else "")
    return _line(found, one.check.value.capitalize(), text, one)
