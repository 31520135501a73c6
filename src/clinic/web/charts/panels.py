"""Describe one small chart of several that share a scale, and the table that says the same."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.explore.infusion_courses import Course, Panel, reading_times
from clinic.explore.two_infusions import Strip
from clinic.web.charts.drawing import draw, swatch
from clinic.web.charts.frame import Frame
from clinic.web.charts.levels import STAMP, STRAY, caveat_words, span_of
from clinic.web.charts.markup import Markup
from clinic.web.charts.scene import Axis, Line, Note, Points, Scene, Span, Style
from clinic.web.charts.shapes import thinned
from clinic.web.charts.ticks import calendar_axis, time_axis
from clinic.web.charts.words import HOUR, duration, number

WIDE = Frame(
    name="panel-wide",
    width=620,
    height=290,
    left=50,
    right=92,
    top=46,
    bottom=50,
    stamp=60.4,
    leading=17,
    letters=52,
    letter=7.4,
    x_ticks=8,
    y_ticks=5,
    caveat_letters=12,
    caveat_right=104,
)
NARROW = Frame(
    name="panel-narrow",
    width=340,
    height=290,
    left=40,
    right=74,
    top=66,  # the stamp stands above the plot
    bottom=48,
    stamp=14,
    leading=15.5,
    letters=32,
    letter=7.2,
    x_ticks=6,
    y_ticks=5,
    caveat_letters=10,
    caveat_right=94,
)
_DAY = 24 * HOUR
_GONE = 0.005  # in any unit here: what is nearly gone is told as gone
_ROOM = 1.15  # above curves that fill the whole width, for what is said on the plot itself
_HUES = {"depression": 0, "pain": 1}  # an infusion keeps its colour and its sign on every chart
_GLYPHS = {"depression": "circle", "pain": "square"}
_SECOND = {"arterial", "midazolam", "all"}  # ends of the keys of the second line of a chart


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One value of a table."""

    value: float
    text: str
    span: str  # its band; empty where none is known


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """Every line of a chart at one time."""

    time: str
    cells: tuple[Cell, ...]


def charts(strip: Strip, panel: Panel) -> tuple[Markup, ...]:
    """Return the chart of one infusion on the scale of its strip, once for each width."""
    return tuple(draw(scene(strip, panel, frame), frame) for frame in (WIDE, NARROW))


def scene(strip: Strip, panel: Panel, frame: Frame) -> Scene:
    """Return what the chart holds: as high as the highest of the strip, as long as its own time."""
    first, *later = panel.given
    return Scene(
        name=f"{strip.title}, predicted, infusion for {panel.about}. The same values are in the "
        "tables.",
        stamp=(STAMP,),
        x_label="",
        y_label=strip.unit,
        x_high=panel.until,
        y_high=strip.highest * (1.0 if panel.until <= _DAY else _ROOM),
        span=_span(first, panel.until, len(panel.given)),
        again=tuple(Span(start=start, end=end, label="") for start, end in later),
        x_axis=_time_axis(panel.until, frame),
        lines=tuple(_line(strip, panel, course) for course in panel.courses),
    )


def _span(given: tuple[float, float], until: float, count: int) -> Span:
    """Return the first infusion, in words where the axis is short enough to see its length."""
    if until <= _DAY:
        return span_of(given)
    words = "infusions shaded" if count > 1 else "one infusion, at the start"
    return Span(start=given[0], end=given[1], label=words)


def _time_axis(until: float, frame: Frame) -> Axis:
    if until <= _DAY:
        return time_axis(until, most=frame.x_ticks, label=f"first {duration(until)} of the visit")
    return calendar_axis(until, most=frame.x_ticks, label="since the first visit")


def style(panel: Panel, course: Course) -> Style:
    """Return how a line is drawn: the infusion gives hue and sign, its place the dash."""
    is_second = course.key.rsplit("-", 1)[-1] in _SECOND
    hue = _HUES[panel.about] + (2 if is_second else 0)
    return Style(hue=hue, dash="long" if is_second else "solid", glyph=_GLYPHS[panel.about])


def key(panel: Panel) -> tuple[tuple[Markup, str], ...]:
    """Return a sample of each line with what it is, as a legend shows it."""
    return tuple((swatch(style(panel, course)), course.name) for course in panel.courses)


def _line(strip: Strip, panel: Panel, course: Course) -> Line:
    bands = ()
    if course.low is not None and course.high is not None:
        bands = ((_points(course, course.low), _points(course, course.high)),)
    heading, told = f"{course.name[:1].upper()}{course.name[1:]}", summary(strip, course)
    lines = (told, strip.band)
    return Line(
        key=course.key,
        tag=course.tag,
        caveat=caveat_words(strip.confidence),
        style=style(panel, course),
        points=_points(course, course.middle),
        bands=bands,
        note=Note(heading=heading, lines=lines, spoken=f"{heading}. {told}. {strip.band}"),
    )


def _points(course: Course, values: tuple[float, ...]) -> Points:
    every = tuple(zip(course.minutes, values, strict=True))
    return thinned(every, tolerance=STRAY * (max(values) or 1.0))


def summary(strip: Strip, course: Course) -> str:
    """Return what a line comes to: its highest value, or where it begins and ends."""
    if strip.id == "mood":
        places = (course.place(0.0), course.place(_DAY), course.place(course.minutes[-1]))
        start, day, end = (shown(strip, course.middle[n]) for n in places)
        return f"Predicted {start} at the start, {day} after a day, {end} after two weeks"
    return f"Predicted at its highest {peak(strip, course)} {_at(course.peak_at)}"


def _at(minutes: float) -> str:
    return f"at {moment(minutes)}" if minutes <= _DAY else f"on {moment(minutes)}"


def peak(strip: Strip, course: Course) -> str:
    """Return the highest value with its unit and its band."""
    place = course.middle.index(course.peak)
    unit = "%" if strip.unit.startswith("%") else strip.unit
    span = f" ({_band(strip, course, place)})" if _band(strip, course, place) else ""
    return f"{shown(strip, course.peak)} {unit}{span}"


def moment(minutes: float) -> str:
    """Return a time since the start: of the first day to the minute, later which day it is."""
    if minutes <= _DAY:
        return duration(round(minutes))
    return _day(minutes)


def _since(minutes: float) -> str:
    """Return a round time since the start as a table tells it."""
    if minutes < _DAY:
        return duration(round(minutes))
    days = round(minutes / _DAY)
    return f"{days} days" if days < 14 or days % 7 else f"{days // 7} weeks"


def _band(strip: Strip, course: Course, place: int) -> str:
    if course.low is None or course.high is None:
        return ""
    return f"{shown(strip, course.low[place])} to {shown(strip, course.high[place])}"


def shown(strip: Strip, value: float) -> str:
    """Return a value in words: a level to three figures, an effect, known less well, to two."""
    if abs(value) < _GONE:
        return "0"
    return number(value, digits=2 if strip.confidence else 3)


def readings(strip: Strip, panel: Panel) -> tuple[Reading, ...]:
    """Return the values at round times; where they come in spikes, at the end of each infusion."""
    spikes = strip.id == "course"
    ends = [end for _, end in panel.given]
    at = ends if spikes else sorted({*reading_times(panel.until), *ends[:1]})
    return tuple(
        _reading(strip, panel, f"end of visit {n}, {_day(t)}" if spikes else _since(t), t)
        for n, t in enumerate(at, 1)
    )


def _day(minutes: float) -> str:
    return f"day {int(minutes // _DAY) + 1}"


def _reading(strip: Strip, panel: Panel, time: str, minutes: float) -> Reading:
    return Reading(
        time=time,
        cells=tuple(_cell(strip, course, course.place(minutes)) for course in panel.courses),
    )


def _cell(strip: Strip, course: Course, place: int) -> Cell:
    value = course.middle[place]
    return Cell(value=value, text=shown(strip, value), span=_band(strip, course, place))
