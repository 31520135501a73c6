"""Draw two groups of a hundred people side by side: the control and the treated, always both.

Three kinds of people differ by shape as well as by hue: a full figure, a figure cut out of a tile,
an outline. Where the treated fare worse, a fourth kind says so: an outline that is struck through.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from clinic.web.charts.hits import sentence, stacked
from clinic.web.charts.icon_people import ROW, Kinds, people, square
from clinic.web.charts.lettering import wrapped
from clinic.web.charts.markup import Markup, coordinate, element, joined
from clinic.web.charts.twin import Twin

PEOPLE = 100
_EDGE = 6.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """One group: what it was given, and the share to whom the event happened."""

    name: str  # "midazolam"
    percent: float  # [%]

    def __post_init__(self) -> None:
        """Refuse a group without name, and a share that is none."""
        if not (self.name and 0.0 <= self.percent <= float(PEOPLE)):
            raise ValueError(
                f"group '{self.name}': expected a name and a share from 0 to 100 %, got "
                f"{self.percent!r}. Give the share of the whole group."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Icons:
    """What two hundred people show; nothing of it may be left out."""

    control: Group
    treated: Group
    happened: str  # "improved": of how many people something is told
    not_happened: str  # "did not improve"
    outcome: str  # what that means: "MADRS at least halved"
    time: str  # "24 hours after one infusion"
    uncertainty: str  # of the difference, in words: "between 4 and 30 more"
    certainty: str  # of the evidence: "very low"

    def __post_init__(self) -> None:
        """Refuse a share that stands without time, scale, uncertainty or certainty."""
        parts = ("happened", "not_happened", "outcome", "time", "uncertainty", "certainty")
        missing = [part for part in parts if not getattr(self, part).strip()]
        if missing:
            raise ValueError(
                f"icons of '{self.treated.name}': expected every part, got no "
                f"{', '.join(missing)}. A share is never shown alone."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """A hundred treated people beside a hundred controls, in whole people."""

    control: int  # controls to whom it happened
    anyway: int  # treated to whom it happened, as it did to as many controls
    extra: int  # treated beyond those
    fewer: int  # treated to whom it did not happen, though it did to as many controls
    neither: int  # treated to whom it did not happen, as to the other controls

    @property
    def treated(self) -> int:
        """Return the treated people to whom it happened."""
        return self.anyway + self.extra


def parts(icons: Icons) -> Parts:
    """Return whole people: each group rounded by itself, so that its parts add up to 100."""
    control, treated = _whole(icons.control.percent), _whole(icons.treated.percent)
    return Parts(
        control=control,
        anyway=min(control, treated),
        extra=max(treated - control, 0),
        fewer=max(control - treated, 0),
        neither=PEOPLE - max(control, treated),
    )


def _whole(percent: float) -> int:
    """Return whole people of a hundred; a half is one more."""
    return math.floor(percent + 0.5)


def people_words(percent: float) -> str:
    """Return how many of a hundred in words; a rare event is never told as none."""
    if percent > 0.0 and _whole(percent) == 0:
        return "fewer than 1"
    if percent < PEOPLE and _whole(percent) == PEOPLE:
        return "more than 99"
    return f"{_whole(percent)}"


def difference_words(icons: Icons) -> str:
    """Return the difference between the two groups in whole people."""
    count = parts(icons)
    if count.extra or count.fewer:
        return f"{count.extra or count.fewer} {'more' if count.extra else 'fewer'} of 100"
    return "no difference in whole people of 100"


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """A sheet for two squares of people and the words beside or below them."""

    name: str
    width: float
    size: float
    leading: float
    cell: float  # side of the place of one person
    lefts: tuple[float, float]  # where the two squares begin
    words: float  # where the words begin
    is_beside: bool  # whether the words stand beside the squares

    @property
    def side(self) -> float:
        """Return the side of one square of people."""
        return self.cell * ROW

    @property
    def room(self) -> float:
        """Return the room for the words."""
        return self.width - self.words - _EDGE


WIDE = Layout(
    name="wide", width=860, size=14, leading=19, cell=25, lefts=(8, 296), words=588, is_beside=True
)
NARROW = Layout(
    name="narrow",
    width=360,
    size=13,
    leading=17,
    cell=16.4,
    lefts=(6, 190),
    words=6,
    is_beside=False,
)


def icon_arrays(icons: Icons) -> tuple[Markup, Markup]:
    """Return the drawing twice, for a wide and for a narrow sheet."""
    return drawn(icons, WIDE), drawn(icons, NARROW)


def drawn(icons: Icons, layout: Layout) -> Markup:
    """Return two groups of a hundred people on one sheet, and what they say in words."""
    heads = [_head(group, icons, layout) for group in (icons.control, icons.treated)]
    top = 8 + layout.leading * max(map(len, heads)) + 8
    bottom = top + layout.side
    first = 4 + layout.leading if layout.is_beside else bottom + layout.leading + 6
    words, below = _words(icons, layout, first)
    height = max(bottom, below) + 8
    return element(
        "svg",
        {
            "class": f"evidence evidence-{layout.name} icons",
            "viewBox": f"0 0 {coordinate(layout.width)} {coordinate(height)}",
            "role": "img",
            "aria-label": spoken(icons),
        },
        *(
            joined(
                stacked("icon-head", head, left, 4 + layout.leading, layout.leading),
                square(kinds, left, top, layout.cell),
            )
            for head, kinds, left in zip(heads, _kinds(icons), layout.lefts, strict=True)
        ),
        words,
    )


def _kinds(icons: Icons) -> tuple[Kinds, Kinds]:
    """Return who stands in the two squares; the same kind begins at the same place in both."""
    count = parts(icons)
    return (
        (("anyway", count.control), ("neither", PEOPLE - count.control)),
        (
            ("anyway", count.anyway),
            ("extra", count.extra),
            ("fewer", count.fewer),
            ("neither", count.neither),
        ),
    )


def _head(group: Group, icons: Icons, layout: Layout) -> tuple[str, ...]:
    room = layout.side / 1.12
    name = f"{group.name[:1].upper()}{group.name[1:]}"
    told = f"{people_words(group.percent)} of 100 {icons.happened}"
    return (*wrapped(name, room, layout.size), *wrapped(told, room, layout.size))


def legend(icons: Icons) -> tuple[tuple[str, str], ...]:
    """Return each kind of treated people that there is, and what it means."""
    count, control, treated = parts(icons), icons.control.name, icons.treated.name
    rest = PEOPLE - max(icons.control.percent, icons.treated.percent)
    every = (
        ("anyway", count.anyway, f"{count.anyway} {icons.happened}, as many as with {control}"),
        ("extra", count.extra, f"{count.extra} more {icons.happened} with {treated}"),
        (
            "fewer",
            count.fewer,
            f"{count.fewer} fewer {icons.happened} with {treated} than with {control}",
        ),
        ("neither", count.neither, f"{_rest_words(rest, count.neither)} {icons.not_happened}"),
    )
    return tuple((kind, words) for kind, count_of, words in every if count_of)


def _rest_words(percent: float, whole: int) -> str:
    """Return whom it did not happen to; not all of them where it happened to a few."""
    return "more than 99" if whole == PEOPLE and percent < PEOPLE else f"{whole}"


def _words(icons: Icons, layout: Layout, top: float) -> tuple[Markup, float]:
    """Return legend, difference and what belongs to it, and where they end."""
    pieces, y = [], top
    indent, step = layout.cell + 8, layout.leading
    for kind, told in legend(icons):
        lines = wrapped(told, layout.room - indent, layout.size)
        sample = [(layout.words, y - 0.5 * layout.cell - 0.35 * layout.size)]
        pieces.append(people(kind, sample, layout.cell))
        pieces.append(stacked("icon-text", lines, layout.words + indent, y, step))
        y += max(step * len(lines), layout.cell) + 4
    y += 8
    for kind, told in (("icon-difference", _difference(icons)), *_facts(icons)):
        lines = wrapped(told, layout.room / 1.12, layout.size)
        pieces.append(stacked(kind, lines, layout.words, y, step))
        y += step * len(lines) + 3
    return joined(*pieces), y - step - 3


def _difference(icons: Icons) -> str:
    return f"Difference: {difference_words(icons)}; {icons.uncertainty}."


def _facts(icons: Icons) -> tuple[tuple[str, str], ...]:
    """Return kind and words of what the shares are and how certain they are."""
    return (
        ("icon-fact", sentence(f"{icons.outcome}, {icons.time}")),
        ("strong", sentence(f"Certainty of the evidence: {icons.certainty}")),
    )


def spoken(icons: Icons) -> str:
    """Return everything the drawing says, for who listens."""
    told = (
        f"Of 100 people with {group.name}, {people_words(group.percent)} {icons.happened}"
        for group in (icons.control, icons.treated)
    )
    return sentence(*told, _difference(icons), *(words for _, words in _facts(icons)))


def icons_table(icons: Icons) -> Twin:
    """Return both groups and their difference as a table."""
    rows = [
        (group.name, people_words(group.percent), f"{group.percent:.1f} %")
        for group in (icons.control, icons.treated)
    ]
    return Twin(
        caption=f"{icons.outcome}, {icons.time}. Certainty of the evidence: {icons.certainty}",
        headers=("Group", f"Of 100 people, {icons.happened}", "Share"),
        rows=(*rows, ("difference", difference_words(icons), icons.uncertainty)),
    )
