"""Draw the limit ladder: how many mg each cap leaves, which one binds, and the dose asked for.

A cap that binds has a heavy outline, a pointer and the word; one that is not set has a dashed
edge and says so. Nothing here is told by colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from clinic.web.charts.hits import sentence, stacked
from clinic.web.charts.lettering import wrapped
from clinic.web.charts.markup import Markup, coordinate, element, joined
from clinic.web.charts.pieces import rule, text
from clinic.web.charts.twin import Twin
from clinic.web.charts.words import number

NOT_SET = "not set: no dose can be planned"
NOT_KNOWN = "not known: no dose can be planned"
NO_CAP = "no cap in mg"
BINDS = "binds"
_BAR = 16.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Cap:
    """One rung as it is drawn."""

    title: str
    left: float | None  # [mg]; None: not set or not known; infinite: no cap in mg
    says: str
    owner: str
    source: str
    changed_by: str
    is_binding: bool
    is_set: bool = True  # whether its owner has set it, where nothing is left of it

    @property
    def leaves(self) -> str:
        """Return what it leaves, in words."""
        if self.left is None:
            return NOT_KNOWN if self.is_set else NOT_SET
        return NO_CAP if self.left == float("inf") else f"{number(self.left, digits=4)} mg"


@dataclass(frozen=True, kw_only=True, slots=True)
class CapLadder:
    """Every rung, and the dose that was asked for."""

    caps: tuple[Cap, ...]
    asked: float | None  # [mg]

    @property
    def highest(self) -> float:
        """Return where the axis ends [mg]."""
        known = [c.left for c in self.caps if c.left is not None and c.left != float("inf")]
        return 1.15 * max([*known, self.asked or 0.0, 1.0])


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sheet:
    name: str
    width: float
    size: float
    leading: float
    left: float
    right: float


_WIDE = _Sheet(name="wide", width=860, size=14, leading=19, left=330, right=130)
_NARROW = _Sheet(name="narrow", width=360, size=13, leading=17, left=6, right=110)


def ladder_drawings(ladder: CapLadder) -> tuple[Markup, Markup]:
    """Return the drawing twice, for a wide and for a narrow sheet."""
    return _drawn(ladder, _WIDE), _drawn(ladder, _NARROW)


def _drawn(ladder: CapLadder, sheet: _Sheet) -> Markup:
    pieces, y = [], 34.0
    for cap in ladder.caps:
        piece, y = _row(ladder, cap, sheet, y)
        pieces.append(piece)
    return element(
        "svg",
        {
            "class": f"evidence evidence-{sheet.name} cap-ladder",
            "viewBox": f"0 0 {coordinate(sheet.width)} {coordinate(y + 4)}",
            "role": "img",
            "aria-label": spoken(ladder),
        },
        *pieces,
        _asked(ladder, sheet, y),
    )


def _row(ladder: CapLadder, cap: Cap, sheet: _Sheet, top: float) -> tuple[Markup, float]:
    """Return one rung, and where the next begins."""
    beside = sheet is _WIDE
    room = sheet.left - 30 if beside else sheet.width - 12
    kind = "strong" if cap.is_binding else "label"
    lines = wrapped(cap.title, room / (1.12 if cap.is_binding else 1.0), sheet.size)
    words = stacked(kind, lines, 6, top + sheet.leading - 5, sheet.leading)
    bar = top + 2 if beside else top + sheet.leading * len(lines) + 2
    end = max(top + sheet.leading * len(lines), bar + _BAR)
    return joined(words, _bar(ladder, cap, sheet, bar)), end + 9


def _bar(ladder: CapLadder, cap: Cap, sheet: _Sheet, top: float) -> Markup:
    full = sheet.width - sheet.left - sheet.right
    place = {"x": sheet.left, "y": top, "height": _BAR}
    mark = f"◀ {BINDS}" if cap.is_binding else ""
    if cap.left is None:
        words = "not known" if cap.is_set else "not set"
        box = element("rect", {"class": "cap-unset", **place, "width": full, "rx": 2.0})
        said = text("strong", sheet.left + full + 7, top + _BAR - 3, f"{words} {mark}".strip())
        return joined(box, said)
    if cap.left == float("inf"):
        middle = top + _BAR / 2
        line = rule("cap-none", sheet.left, middle, sheet.left + full, middle)
        return joined(line, text("soft", sheet.left + full + 7, top + _BAR - 3, NO_CAP))
    length = max(full * cap.left / ladder.highest, 1.5)
    kind = "cap-binding" if cap.is_binding else "cap-bar"
    words = " ".join(part for part in (cap.leaves, mark) if part)
    return joined(
        element("rect", {"class": kind, **place, "width": length, "rx": 2.0}),
        text("strong" if mark else "value", sheet.left + length + 7, top + _BAR - 3, words),
    )


def _asked(ladder: CapLadder, sheet: _Sheet, bottom: float) -> Markup:
    if ladder.asked is None:
        return text("soft", sheet.left, 20, "no dose is asked for yet")
    full = sheet.width - sheet.left - sheet.right
    x = sheet.left + full * ladder.asked / ladder.highest
    words = f"asked: {number(ladder.asked, digits=4)} mg"
    anchor = "end" if x > sheet.left + full / 2 else "start"
    return joined(
        rule("cap-asked", x, 26, x, bottom - 4),
        text("strong", x, 20, words, anchor),
    )


def spoken(ladder: CapLadder) -> str:
    """Return everything the drawing says, for who listens."""
    asked = "" if ladder.asked is None else f"Asked for: {number(ladder.asked, digits=4)} mg"
    rows = (
        f"{cap.title}: {cap.leaves}{f', {BINDS}' if cap.is_binding else ''}" for cap in ladder.caps
    )
    return sentence("The limit ladder, mg left for this visit by each cap", asked, *rows)


def ladder_table(ladder: CapLadder) -> Twin:
    """Return the same numbers as a table."""
    return Twin(
        caption="The limit ladder: what each cap leaves for this visit. The lowest binds.",
        headers=("Cap", "Leaves", "Binds?", "It says", "Whose", "Source", "Who may change it"),
        rows=tuple(
            (
                cap.title, cap.leaves, BINDS if cap.is_binding else "", cap.says, cap.owner,
                cap.source, cap.changed_by,
            )
            for cap in ladder.caps
        ),
    )  # fmt: skip
