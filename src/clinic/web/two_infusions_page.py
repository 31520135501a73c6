"""What the page of two infusions shows: facts row by row, charts pair by pair, what was found."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.explore.measured_pressure import UNDER, measured_pressure
from clinic.explore.names import DRUGS, ROUTES
from clinic.explore.two_infusions import Finding, Infusion, Panel, Quote, Strip, TwoInfusions
from clinic.web.charts import panels
from clinic.web.charts.levels import caveat_words
from clinic.web.charts.markup import Markup
from clinic.web.charts.panels import Reading
from clinic.web.charts.rates import rate_bars
from clinic.web.charts.words import duration, number

EXTRAPOLATED = "extrapolated"
_NOT_MEASURED = (
    "No measured rise at this dose is recorded here: what was measured beside it is of 0.5 mg/kg."
)
_HOUR, _DAY = 60.0, 1440.0  # [min]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One row: what is told, and of either infusion the main words and smaller ones."""

    title: str
    cells: tuple[tuple[str, tuple[str, ...]], tuple[str, tuple[str, ...]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """One chart with its legend and its table, or the reason why there is none."""

    panel: Panel
    charts: tuple[Markup, ...]
    key: tuple[tuple[Markup, str, str], ...]  # a sample, what the line is, what it comes to
    readings: tuple[Reading, ...]
    caption: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One strip with what is drawn of it."""

    strip: Strip
    caveat: str
    drawings: tuple[Drawing, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FindingRow:
    """One finding in words, with its bars where two rates can be drawn."""

    finding: Finding
    bars: Markup | None
    groups: str  # both groups in words; empty where only the comparison is printed
    comparison: str
    quote: Quote


def drawn(found: TwoInfusions) -> dict[str, object]:
    """Return everything the templates of the page show."""
    return {
        "found": found,
        "weight": number(found.weight),
        "facts": [*_given(found), _measured(found), *_predicted(found), _hoped(found)],
        "quoted": [
            (title, [getattr(one, name) for one in found.infusions]) for title, name in _SAID
        ],
        "session": [_row(strip) for strip in found.session],
        "course": _row(found.course),
        "aims": [_row(strip) for strip in found.aims],
        "findings": [(one, [_finding(f, q) for f, q in one.found]) for one in found.infusions],
        "responders": rate_bars(
            "People whose pain responded, in the trial the curve rests on",
            (("S-ketamine", found.responders[0]), ("placebo", found.responders[1])),
        ),
        "origins": [("", one) for one in found.origins],
        "tables": [_row(strip) for strip in (*found.session, found.course, *found.aims)],
    }


def _both(found: TwoInfusions, title: str, words: tuple[tuple[str, tuple[str, ...]], ...]) -> Fact:
    left, right = words
    return Fact(title=title, cells=(left, right))


def _given(found: TwoInfusions) -> list[Fact]:
    each = {
        "For": _indication, "Approved for it?": _approval, "What is given": _drug,
        "One visit": _visit, "How fast": _rate, "How often": _visits, "Whole course": _course,
    }  # fmt: skip
    return [
        _both(found, title, tuple(say(one, found.weight) for one in found.infusions))
        for title, say in each.items()
    ]


Words = tuple[str, tuple[str, ...]]


def _indication(one: Infusion, _weight: float) -> Words:
    text = one.protocol.indication
    return text[:1].upper() + text[1:], ()


def _approval(one: Infusion, _weight: float) -> Words:
    if one.protocol.is_off_label:
        return "No: off-label use", ()
    return "Yes", ()


def _drug(one: Infusion, _weight: float) -> Words:
    return f"{DRUGS[one.protocol.drug]}, {ROUTES[one.protocol.route].lower()}", ()


def _visit(one: Infusion, _weight: float) -> Words:
    """Return what one visit gives as its protocol says it: no mg of anybody."""
    asked = one.protocol.dose.given
    over = duration(one.given.over * _HOUR)
    return f"{number(asked.value)} {asked.unit} over {over}", one.given.limits


def _rate(one: Infusion, _weight: float) -> Words:
    asked, over = one.protocol.dose.given, one.given.over
    hourly = asked.value if one.protocol.dose.is_rate else asked.value / over
    return f"{number(hourly)} mg/kg in an hour", one.given.limits


def _visits(one: Infusion, _weight: float) -> Words:
    days = one.given.days
    visits = one.protocol.course.number
    span = f"{one.given.visits} visits in {days[-1] + 1} days"
    usual = ()
    if visits.low is not None and visits.high is not None:
        usual = (f"{number(visits.low)} to {number(visits.high)} are usual",)
    return span, (*usual, one.protocol.course.days_from.text)


def _course(one: Infusion, weight: float) -> Words:
    each = one.given.total / weight
    return f"{number(each)} mg/kg in all", one.given.limits


def _measured(found: TwoInfusions) -> Fact:
    """Return the rise of pressure that was measured: it stands before the predicted one."""
    protocol = found.infusions[0].protocol
    rises = measured_pressure(protocol.drug, protocol.route)
    lines = tuple(f"{one.text} {one.citation} ({one.status})" for one in rises)
    return Fact(
        title="Rise of blood pressure, measured",
        cells=((lines[0], (*lines[1:], UNDER)), ("", (_NOT_MEASURED,))),
    )


def _predicted(found: TwoInfusions) -> list[Fact]:
    """Return the highest predicted values of one visit, with their bands."""
    return [
        _both(found, f"{strip.title}, highest ({_predicted_words(strip)})", tuple(
            _highest(strip, panel) for panel in strip.panels
        ))
        for strip in found.session
    ]  # fmt: skip


def _predicted_words(strip: Strip) -> str:
    return ", ".join(word for word in ("predicted", caveat_words(strip.confidence)) if word)


def _highest(strip: Strip, panel: Panel) -> Words:
    if panel.refusal:
        return "not predicted", (panel.refusal,)
    told = [f"{panels.peak(strip, course)}{_where(course.tag)}" for course in panel.courses]
    beyond = (EXTRAPOLATED,) if panel.beyond else ()
    return told[0], (*told[1:], *beyond)


def _where(tag: str) -> str:
    return f", {tag}" if tag in ("vein", "artery") else ""


_SAID = (
    ("The protocol", "itself"),
    ("How sure guidelines are", "evidence"),
    ("How people were watched", "watched"),
    ("Also in the protocol", "remarks"),
)


def _hoped(found: TwoInfusions) -> Fact:
    mood, pain = found.aims
    return _both(
        found,
        "What is hoped for (predicted mean, low confidence)",
        (_mood(mood.panels[0]), _relief(pain, pain.panels[0], found.responders)),
    )


def _mood(panel: Panel) -> Words:
    if panel.refusal:
        return "not predicted", (panel.refusal,)
    control, treated = panel.courses
    day, last = treated.place(_DAY), treated.place(panel.until)
    gaps = [_points(control.middle[n] - treated.middle[n]) for n in (day, last)]
    return (
        f"{gaps[0]} MADRS points below {control.tag} after a day",
        (
            f"{gaps[1]} points below it after two weeks, if nothing more is given",
            "trials differ by several points; one found no difference",
        ),
    )


def _points(gap: float) -> str:
    """Return a mean difference as finely as any trial tells one: in tenths of a point."""
    return "less than 0.1" if abs(gap) < 0.05 else f"{gap:.1f}"


def _relief(strip: Strip, panel: Panel, responders: tuple[float, float]) -> Words:
    if panel.refusal:
        return "not predicted", (panel.refusal,)
    mean, (treated, placebo) = panel.courses[-1], responders
    return (
        f"{panels.peak(strip, mean)} less pain on {panels.moment(mean.peak_at)}, mean of all",
        (
            f"{panels.shown(strip, mean.middle[-1])} % less after twelve weeks",
            f"{number(treated)} of 100 respond to S-ketamine, {number(placebo)} to placebo",
            *((EXTRAPOLATED,) if panel.beyond else ()),
        ),
    )


def _row(strip: Strip) -> Row:
    return Row(
        strip=strip,
        caveat=caveat_words(strip.confidence),
        drawings=tuple(_drawing(strip, panel) for panel in strip.panels),
    )


def _drawing(strip: Strip, panel: Panel) -> Drawing:
    samples = zip(panels.key(panel), panel.courses, strict=True)
    return Drawing(
        panel=panel,
        charts=() if panel.refusal else panels.charts(strip, panel),
        key=tuple((sign, name, panels.summary(strip, c)) for (sign, name), c in samples),
        readings=() if panel.refusal else panels.readings(strip, panel),
        caption=f"{strip.title} ({strip.unit}), infusion for {panel.about}",
    )


def _finding(finding: Finding, quote: Quote) -> FindingRow:
    return FindingRow(
        finding=finding,
        bars=_bars(finding),
        groups=_groups(finding),
        comparison=_comparison(finding),
        quote=quote,
    )


def _bars(finding: Finding) -> Markup | None:
    if finding.unit != "%" or finding.treated is None or finding.control is None:
        return None
    groups = ((finding.treated_name, finding.treated), (finding.control_name, finding.control))
    return rate_bars(f"{finding.finding}, {finding.time}", groups)


def _groups(finding: Finding) -> str:
    if finding.treated is None or finding.control is None:
        return ""
    unit = {"%": " %", "points": " points", "counted": "", None: ""}[finding.unit]
    return (
        f"{finding.treated_name} {_signed(finding.treated)}{unit}{_of(finding.treated_n)}, "
        f"{finding.control_name} {_signed(finding.control)}{unit}{_of(finding.control_n)}"
    )


def _of(people: int | None) -> str:
    return "" if people is None else f" (of {people} people)"


def _comparison(finding: Finding) -> str:
    if finding.difference is None or finding.low is None or finding.high is None:
        return ""
    low, high = _signed(finding.low), _signed(finding.high)
    measure = finding.measure[:1].upper() + finding.measure[1:]
    return f"{measure} {_signed(finding.difference)} (95 % interval {low} to {high})"


def _signed(value: float) -> str:
    """Return a number with a true minus sign."""
    return number(value).replace("-", "\u2212")
