"""Draw shares of control and treated at several times as pairs of bars, with their intervals."""

from __future__ import annotations

from dataclasses import dataclass, replace

from clinic.web.charts import field as fields
from clinic.web.charts.hits import Box, Sheet, hit, sentence, stacked, tick_words
from clinic.web.charts.lettering import bold, widest, wrapped
from clinic.web.charts.markup import Markup, element, joined
from clinic.web.charts.pieces import rule, text
from clinic.web.charts.scene import Note
from clinic.web.charts.twin import Twin

_FULL = 100.0  # [%]
_EDGE, _GUTTER, _BAR, _CAP = 6.0, 10.0, 15.0, 4.0
_MOST = {fields.WIDE.width: 170.0, fields.NARROW.width: 104.0}  # room for names and for numbers
_BOLD = 1.12  # by how much the numbers are wider for being bold
_QUARTERS, _HALVES = (0.0, 25.0, 50.0, 75.0, 100.0), (0.0, 50.0, 100.0)
_ROOMY = 190.0  # the length of an axis that has room for the words of quarters


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """A share of one group, with its interval where that is known."""

    percent: float
    text: str  # "37 % (22 to 54)"
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        """Refuse what is no share, and half an interval."""
        ends = (self.low, self.high)
        low, high = (self.percent if end is None else end for end in ends)
        if (self.low is None) != (
            self.high is None
        ) or not 0.0 <= low <= self.percent <= high <= _FULL:
            raise ValueError(
                f"share '{self.text}': expected 0 <= low <= share <= high <= 100 %, got "
                f"{self.low!r}, {self.percent!r}, {self.high!r}. Give both ends or none."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """Both groups at one time."""

    time: str  # "24 hours"
    control: Share
    treated: Share
    difference: str  # "17 points more (4 to 30)"
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse two shares without their difference."""
        if not (self.time.strip() and self.difference.strip()):
            raise ValueError(
                f"shares at '{self.time}': expected a time and a difference, got "
                f"{self.difference!r}. Say how sure the difference is, or that it is not known."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Shares:
    """Pairs of shares over time."""

    name: str
    outcome: str  # "MADRS at least halved"
    control: str  # "midazolam"
    treated: str
    certainty: str
    moments: tuple[Moment, ...]
    told: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse shares whose meaning or certainty is not said."""
        parts = ("outcome", "control", "treated", "certainty", "moments")
        missing = [part for part in parts if not getattr(self, part)]
        if missing:
            raise ValueError(
                f"shares '{self.name}': expected every part, got no {', '.join(missing)}. "
                "A share is never shown alone."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Track:
    """Where bars begin and end, and how much room stands on either side of them."""

    left: float
    right: float
    names: float
    numbers: float

    def x(self, percent: float) -> float:
        return self.left + percent / _FULL * (self.right - self.left)


def share_bars(shares: Shares) -> tuple[Markup, Markup]:
    """Return the bars twice, for a wide and for a narrow sheet."""
    return drawn(shares, fields.WIDE), drawn(shares, fields.NARROW)


def drawn(shares: Shares, sheet: Sheet) -> Markup:
    """Return the bars on one sheet."""
    track, top = _track(shares, sheet), 4.0
    pieces: list[Markup] = []
    boxes: list[Box] = []
    for moment in shares.moments:
        piece, bottom = _moment(shares, moment, (sheet, track), top)
        boxes.append(Box(left=1.5, top=top, width=sheet.width - 3, height=bottom - top))
        pieces.append(piece)
        top = bottom
    meaning, end = fields.captions(sheet, _meaning(shares), top + 28, "strong")
    told, end = fields.captions(sheet, (*_about_lines(shares), *shares.told), end)
    axis = _axis(sheet, track, top)
    sheet = replace(sheet, height=end + 10)
    notes = [_note(shares, moment) for moment in shares.moments]
    return fields.chart(
        "shares",
        sheet,
        shares.name,
        fields.hidden(*pieces, axis, meaning, told),
        *(hit(sheet, box, note) for box, note in zip(boxes, notes, strict=True)),
    )


def _track(shares: Shares, sheet: Sheet) -> _Track:
    most = _MOST[sheet.width]
    texts = [share.text for one in shares.moments for share in (one.control, one.treated)]
    names = (line for name in _names(shares) for line in wrapped(name, most, sheet.size))
    numbers = (line for one in texts for line in wrapped(one, most, sheet.size))
    left, right = widest(tuple(names), sheet.size), _BOLD * widest(tuple(numbers), sheet.size)
    return _Track(
        left=_EDGE + left + _GUTTER,
        right=sheet.width - _EDGE - right - _GUTTER,
        names=most,
        numbers=most,
    )


def _names(shares: Shares) -> tuple[str, str]:
    return shares.control, shares.treated


def _moment(
    shares: Shares, moment: Moment, on: tuple[Sheet, _Track], top: float
) -> tuple[Markup, float]:
    """Return one time with its two bars, and where it ends."""
    sheet, _ = on
    head, y = _head(moment, sheet, top)
    pieces = [head]
    rows = zip(
        ("control", "treated"), _names(shares), (moment.control, moment.treated), strict=True
    )
    for kind, name, share in rows:
        piece, y = _bar((kind, name), share, on, y)
        pieces.append(piece)
    return joined(*pieces, rule("row-rule", _EDGE, y + 6, sheet.width - _EDGE, y + 6)), y + 6


def _head(moment: Moment, sheet: Sheet, top: float) -> tuple[Markup, float]:
    """Return time and difference, side by side where there is room."""
    room, base = sheet.width - 2 * _EDGE, top + sheet.leading + 3
    difference = f"Difference: {moment.difference}"
    if bold(moment.time, sheet.size) + bold(difference, sheet.size) + _GUTTER <= room:
        right = text("value", sheet.width - _EDGE, base, difference, "end")
        return joined(text("row-label", _EDGE, base, moment.time), right), base + 8
    times = wrapped(moment.time, room / 1.12, sheet.size)
    told = wrapped(difference, room / 1.12, sheet.size)
    after = base + sheet.leading * len(times)
    drawn = joined(
        stacked("row-label", times, _EDGE, base, sheet.leading),
        stacked("value", told, _EDGE, after, sheet.leading),
    )
    return drawn, after + sheet.leading * (len(told) - 1) + 8


def _bar(
    named: tuple[str, str], share: Share, on: tuple[Sheet, _Track], top: float
) -> tuple[Markup, float]:
    """Return one bar between its name and its number, and where it ends."""
    (kind, name), (sheet, track) = named, on
    names = wrapped(name, track.names, sheet.size)
    numbers = wrapped(share.text, track.numbers, sheet.size)
    height = max(sheet.leading * max(len(names), len(numbers)), _BAR + 4)
    middle = top + height / 2
    place = {"y": middle - _BAR / 2, "height": _BAR}
    full, length = track.right - track.left, track.x(share.percent) - track.left
    drawn = joined(
        element("rect", {"class": "share-all", "x": track.left, "width": full, **place}),
        element(
            "rect", {"class": f"share share-{kind}", "x": track.left, "width": length, **place}
        ),
        _whisker(track, share, middle),
        _centred("label", names, track.left - _GUTTER, middle, sheet),
        _centred("value", numbers, sheet.width - _EDGE, middle, sheet),
    )
    return drawn, top + height + 3


def _centred(kind: str, lines: tuple[str, ...], x: float, middle: float, sheet: Sheet) -> Markup:
    first = middle + 4.5 - sheet.leading * (len(lines) - 1) / 2
    return stacked(kind, lines, x, first, sheet.leading, "end")


def _whisker(track: _Track, share: Share, y: float) -> Markup:
    if share.low is None or share.high is None:
        return Markup()
    low, high = track.x(share.low), track.x(share.high)
    caps = (rule("interval", x, y - _CAP, x, y + _CAP) for x in (low, high))
    return joined(rule("interval", low, y, high, y), *caps)


def _axis(sheet: Sheet, track: _Track, y: float) -> Markup:
    pieces = []
    for at in _QUARTERS if track.right - track.left > _ROOMY else _HALVES:
        x = track.x(at)
        pieces.append(rule("notch", x, y, x, y + 5))
        pieces.append(tick_words(sheet, x, y + 20, f"{at:.0f}" + (" %" if at == _FULL else "")))
    return joined(*pieces)


def _meaning(shares: Shares) -> tuple[str, ...]:
    """Return what the shares are of and how certain they are."""
    return (
        sentence(shares.outcome),
        sentence(f"Certainty of the evidence: {shares.certainty}"),
    )


def _about_lines(shares: Shares) -> tuple[str, ...]:
    every = (share for one in shares.moments for share in (one.control, one.treated))
    known = any(share.low is not None for share in every)
    return ("A line on a bar is the interval of that share.",) if known else ()


def _note(shares: Shares, moment: Moment) -> Note:
    told = (
        f"{shares.control} {moment.control.text}",
        f"{shares.treated} {moment.treated.text}",
        f"Difference: {moment.difference}",
    )
    spoken = sentence(moment.time, *told, *_meaning(shares), *moment.notes)
    return Note(heading=moment.time, lines=moment.notes, spoken=spoken)


def shares_table(shares: Shares) -> Twin:
    """Return both shares and their difference at every time."""
    return Twin(
        caption=sentence(shares.name, *_meaning(shares), *shares.told),
        headers=("Time", shares.control, shares.treated, "Difference", "Remarks"),
        rows=tuple(
            (one.time, one.control.text, one.treated.text, one.difference, sentence(*one.notes))
            for one in shares.moments
        ),
    )
