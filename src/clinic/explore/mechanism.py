"""How ketamine and a reuptake inhibitor work, for the page: values in the units a screen shows.

Everything here is computed by ``ketherapy``. What may be asked is a few hundred questions, so that
answers are kept and a page that is open to everybody cannot keep the machine busy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import numpy as np

from clinic.explore.origins import Reference, reference
from clinic.explore.predictions import OFF_LABEL, Choice
from ketherapy import units
from ketherapy.instruments.instrument import instrument
from ketherapy.pharmacology.effects import catalog, conventional
from ketherapy.regimen import Drug, Route
from ketherapy.simulation.mechanism import report
from ketherapy.simulation.mechanism.comparison import Comparison, compare
from ketherapy.simulation.mechanism.course import Course, Edges, Extent, Kind, Lane
from ketherapy.simulation.mechanism.offered import Way, offered
from ketherapy.simulation.mechanism.question import read_question
from ketherapy.simulation.request import Problem, Refusal
from ketherapy.sources import source

FIELDS = ("route", "dose", "spray", "sessions", "setting")
_LONGEST = 40  # characters of a refused entry that are said again
_MIN = 60.0  # minutes in an hour
_KEPT = 128  # answers
_ONE = Lock()  # one answer is computed at a time

EXTENTS = {  # what an area around a line is, in the words of the page
    Extent.PEOPLE: "people differ",
    Extent.ESTIMATES: "numbers not sure",
    Extent.TRIALS: "trials differ",
    Extent.DRUGS: "drugs differ",
    Extent.INTERVAL: "95 % interval",
}

_HEADS = {  # the same at the head of a column
    Extent.PEOPLE: "of people, 5 to 95 %",
    Extent.ESTIMATES: "as known, 5 to 95 %",
    Extent.TRIALS: "of trials, 5 to 95 %",
    Extent.DRUGS: "of drugs measured",
    Extent.INTERVAL: "95 % interval",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Area:
    """What lies around a line."""

    key: str  # "estimates", "trials" ...
    name: str  # in a few words
    meaning: str  # in a sentence
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a strip, in the unit of the strip."""

    key: str
    name: str
    is_without_drug: bool
    values: tuple[float, ...]
    areas: tuple[Area, ...]  # the widest last
    status: str
    caveat: str  # what must stand wherever it is named; empty where nothing must
    sources: tuple[Reference, ...]
    short: tuple[str, ...]  # the same as "Stone 2022"


@dataclass(frozen=True, kw_only=True, slots=True)
class Strip:
    """One thing against time: a level, a target, mood."""

    key: str  # "ketamine-level" ...
    kind: str  # "level", "target", "mood"
    unit: str  # ng/mL, %, points
    scale: str  # "MADRS", "HAMD-17"; empty where none
    scale_most: float  # the highest score of that scale
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One value of a table, or the two ends of a range."""

    key: str
    parts: tuple[tuple[float, str], ...]  # exactly and as printed; two for a range


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """All values of one lane at one time, printed."""

    time: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LaneView:
    """One drug: its strips and its table."""

    key: str  # "ketamine" or "reuptake"
    name: str
    strips: tuple[Strip, ...]
    heads: tuple[str, ...]
    meanings: tuple[tuple[str, str], ...]  # of those heads that name an area
    rows: tuple[Row, ...]
    limits: tuple[str, ...]
    sources: tuple[Reference, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Caution:
    """What to mind about one model."""

    about: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """Everything the page draws for one question."""

    text: str  # what is given
    setting: str  # the kind of trial, in words
    control: str  # what those without the drug were given, in a word
    given: str  # the same in a sentence
    baseline: str  # mean score at the start
    minutes: tuple[float, ...]
    ends: tuple[float, ...]  # [min] where each stretch of the axis ends
    sessions: tuple[float, ...]  # [min] when each starts
    lanes: tuple[LaneView, ...]
    day: Mapping[str, str]  # by key of a line, its value a day after the first session
    difference: str  # of the other lane, with its interval
    occupied: str
    comparator: str
    cautions: tuple[Caution, ...]
    off_label: str  # empty where it is not

    def lane(self, key: str) -> LaneView:
        """Return the lane with this key."""
        return next(lane for lane in self.lanes if lane.key == key)


@dataclass(frozen=True, kw_only=True, slots=True)
class Slider:
    """A control that moves between two ends."""

    low: float
    high: float
    step: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """What the form offers, and what it opens with."""

    routes: tuple[Choice, ...]
    dose: Slider  # [mg/kg]
    sprays: tuple[Choice, ...]
    sessions: Slider
    settings: tuple[Choice, ...]
    usual: Mapping[str, str]
    weight: str  # of the person of the example


def choices() -> Choices:
    """Return what the form offers, from the data of the comparison."""
    ways, mood = offered().ways, catalog.effect("mood")
    vein, spray = ways[Route.IV], ways[Route.INTRANASAL]
    return Choices(
        routes=tuple(Choice(value=r.value, label=way.name) for r, way in ways.items()),
        dose=Slider(low=vein.lowest.value, high=vein.highest.value, step=vein.step.value),
        sprays=tuple(
            Choice(value=units.shown(mg), label=f"{units.shown(mg)} mg") for mg in spray.amounts
        ),
        sessions=Slider(low=1, high=offered().most, step=1),
        settings=(
            Choice(value="", label="Usual for this way of giving"),
            *(Choice(value=key, label=one.text) for key, one in mood.settings.items()),
        ),
        usual={
            "route": Route.IV.value,
            "dose": units.shown(vein.amount.value),
            "spray": units.shown(spray.amount.value),
            "sessions": "1",
            "setting": "",
        },
        weight=_quantity(vein.weight.value, vein.weight.unit),
    )


def _quantity(value: float, unit: str) -> str:
    return f"{units.shown(value)} {unit}"


def mechanism(entries: Mapping[str, str]) -> Picture | Refusal:
    """Return the picture for the form's entries, or every reason why there is none.

    ``entries`` maps FIELDS to what was submitted: "dose" in mg/kg and "spray" in mg without their
    unit, as a slider and a list send them. What is absent is as on the first visit.
    """
    usual = choices().usual
    typed = {f: (entries.get(f) or usual[f]).strip(" ")[: _LONGEST + 1] for f in FIELDS}
    route = _known_route(typed["route"])
    field = "spray" if route is Route.INTRANASAL else "dose"
    way = offered().ways[route or Route.IV]
    question = read_question(_asked(typed, typed[field], way))
    problems = _by_field(question, field) if isinstance(question, Refusal) else {}
    if route is not None and typed[field] not in _amounts(way):
        problems.setdefault(field, _not_offered(typed[field], way))
    if problems:
        return Refusal(problems=tuple(Problem(field=f, sentence=s) for f, s in problems.items()))
    return _kept(typed["route"], typed[field], typed["sessions"], typed["setting"])


def _asked(typed: Mapping[str, str], amount: str, way: Way) -> dict[str, str]:
    """Return the entries of the page as the comparison reads them, with their units."""
    given = {"dose": f"{amount} {way.amount.unit}", "weight": _quantity(way.weight.value, "kg")}
    return given | {field: typed[field] for field in ("route", "sessions", "setting")}


@lru_cache(maxsize=_KEPT)
def _kept(route: str, amount: str, sessions: str, setting: str) -> Picture:
    """Return a picture for what was accepted: only of that is anything kept."""
    typed = {"route": route, "sessions": sessions, "setting": setting}
    question = read_question(_asked(typed, amount, offered().ways[Route(route)]))
    assert not isinstance(question, Refusal)
    with _ONE:
        return _picture(compare(question))


def _known_route(typed: str) -> Route | None:
    return next((route for route in offered().ways if route.value == typed), None)


def _by_field(refusal: Refusal, dose_field: str) -> dict[str, str]:
    """Return the problems by the field of the page that each one belongs to."""
    return {dose_field if p.field == "dose" else p.field: p.sentence for p in refusal.problems}


def _amounts(way: Way) -> tuple[str, ...]:
    return tuple(units.shown(amount) for amount in way.amounts)


def _not_offered(amount: str, way: Way) -> str:
    listed = ", ".join(_amounts(way))
    return f"dose: expected one of {listed} {way.amount.unit}, got '{amount}'. Choose one of these."


def warm() -> None:
    """Compute the picture that the page opens with, so that the first visit is quick."""
    mechanism({})


_GIVEN = {  # to those without the drug, by the word of the setting
    "saline": "saline",
    "midazolam": "midazolam",
    "placebo spray": "a placebo spray",
    "anaesthesia": "saline under anaesthesia",
    "open": "nothing",
}
_LANES = {Lane.KETAMINE: "ketamine", Lane.REUPTAKE: "reuptake"}


def _picture(found: Comparison) -> Picture:
    question = found.question
    trial = catalog.setting(catalog.effect("mood"), question.setting)
    number = conventional.conventional().score.difference
    held = conventional.conventional().occupancy.at_minimum_dose
    day = int(np.argmin(np.abs(found.t - 24.0)))
    return Picture(
        text=question.text,
        setting=found.setting_text,
        control=trial.control,
        given=_GIVEN[trial.control],
        baseline=units.shown(found.baseline),
        minutes=tuple((found.t * _MIN).tolist()),
        ends=tuple(end * _MIN for end in offered().ends),
        sessions=tuple(n * offered().apart * _MIN for n in range(question.sessions)),
        lanes=tuple(_lane(found, lane) for lane in Lane),
        day={c.key: report.printed(c, float(c.values[day])) for c in found.courses},
        difference=f"{number.value:g} points ({number.low:g} to {number.high:g})",
        occupied=f"{100 * held.value:g} %",
        comparator=found.comparator.name,
        cautions=_cautions(found.cautions),
        off_label=OFF_LABEL if question.session.regimen.drug is Drug.KETAMINE else "",
    )


def _cautions(sentences: tuple[str, ...]) -> tuple[Caution, ...]:
    """Return the cautions by the model that each one names first."""
    found: dict[str, list[str]] = {}
    for sentence in sentences:
        about, _, rest = sentence.partition(": ")
        found.setdefault(about, []).append(rest[:1].upper() + rest[1:])
    return tuple(Caution(about=a, sentences=tuple(said)) for a, said in found.items())


def _lane(found: Comparison, lane: Lane) -> LaneView:
    courses = found.lane(lane)
    name = found.question.session.regimen.drug.value.capitalize()
    return LaneView(
        key=_LANES[lane],
        name=name if lane is Lane.KETAMINE else f"Reuptake inhibitor ({found.comparator.name})",
        strips=tuple(
            _strip(lane, kind, [course for course in courses if course.kind is kind])
            for kind in Kind
            if any(course.kind is kind for course in courses)
        ),
        heads=tuple(head for course in courses for head in _heads(course)),
        meanings=tuple(
            (_HEADS[extent], extent.value)
            for extent in dict.fromkeys(extent for course in courses for extent in course.edges)
        ),
        rows=tuple(
            Row(
                time=report.spoken(float(found.t[place])),
                cells=tuple(cell for course in courses for cell in _cells(course, place)),
            )
            for place in report.places(found)
        ),
        limits=found.limits[lane],
        sources=tuple(map(reference, found.sources(lane))),
    )


def _strip(lane: Lane, kind: Kind, courses: list[Course]) -> Strip:
    first = courses[0]
    scale = report.short_scale(first) if kind is Kind.MOOD else ""
    most = instrument(first.key).score_range[1] if kind is Kind.MOOD else 0.0
    return Strip(
        key=f"{_LANES[lane]}-{kind.value}",
        kind=kind.value,
        unit=first.unit,
        scale=scale,
        scale_most=most,
        lines=tuple(map(_line, courses)),
    )


def _line(course: Course) -> Line:
    return Line(
        key=course.key,
        name=course.name,
        is_without_drug=course.is_without_drug,
        values=tuple(course.values.tolist()),
        areas=tuple(_area(extent, edges) for extent, edges in course.edges.items()),
        status=course.status,
        caveat=course.caveat,
        sources=tuple(map(reference, course.sources)),
        short=tuple(map(_short, course.sources)),
    )


def _short(key: str) -> str:
    """Return a source as "Stone 2022"; by its title where it names nobody."""
    found = source(key)
    who = found.authors.partition(" ")[0] or found.title.partition(" (")[0].partition(",")[0]
    return f"{who.rstrip(',')} {found.year}" if found.year else who


def _area(extent: Extent, edges: Edges) -> Area:
    return Area(
        key=extent.name.lower(),
        name=EXTENTS[extent],
        meaning=extent.value,
        low=tuple(edges.low.tolist()),
        high=tuple(edges.high.tolist()),
    )


def _heads(course: Course) -> list[str]:
    unit = f"{report.short_scale(course)} points" if course.kind is Kind.MOOD else course.unit
    first = f"{course.name} ({', '.join(filter(None, (unit, course.caveat)))})"
    return [first, *(_HEADS[extent] for extent in course.edges)]


def _cells(course: Course, place: int) -> list[Cell]:
    def part(values: np.ndarray) -> tuple[float, str]:
        value = float(values[place])
        return value, report.printed(course, value)

    ranges = [
        Cell(key=f"{course.key}-{extent.name.lower()}", parts=(part(edges.low), part(edges.high)))
        for extent, edges in course.edges.items()
    ]
    return [Cell(key=course.key, parts=(part(course.values),)), *ranges]
