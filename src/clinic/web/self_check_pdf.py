"""The result of the self-check on one A4 sheet, made in memory: nothing of it is stored.

The type is as large as one sheet allows. The font comes with the library and travels in the file,
so that every sign we write is there on any machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape
from io import BytesIO
from itertools import groupby

from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from clinic.explore.crisis import Line
from clinic.explore.origins import Reference, reference
from clinic.explore.self_check import Raised, Result
from clinic.explore.self_check_content import content
from clinic.web.finding_lines import line

PAGE_TITLE = "Ketamine or esketamine: what to raise with a clinic"
NOT_STORED = "Made from one person’s answers and not stored anywhere but on this sheet."
NO_VERDICT = "It says nothing about whether a treatment is right or safe: a clinician judges that."
OWN_LETTERS = "What you wrote has letters that this sheet cannot print. They are on the page."
_TEXT, _BOLD = "Vera", "VeraBd"
_MARGIN, _GAP = 26.0, 12.0  # [pt] around the sheet and between its columns
_SIZES = (9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0, 5.5)  # [pt] of the text, the largest that fits
_SMALLER = 0.86  # of the text: sources and the last lines
_FOOT = 22.0  # [pt] kept for the last lines


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One paragraph: a heading, a line of text, one of a list, or a source."""

    kind: str
    words: str


class Sources:
    """The sources of a sheet, numbered as they are first named."""

    def __init__(self) -> None:
        self._numbers: dict[Reference, int] = {}

    def marks(self, named: Sequence[Reference]) -> str:
        """Return the numbers of some sources as they stand behind a sentence."""
        found = [one for one in named if one.address]  # what is our own choice has none
        numbers = sorted({self._numbers.setdefault(one, len(self._numbers) + 1) for one in found})
        return f"\N{NO-BREAK SPACE}[{', '.join(_runs(numbers))}]" if numbers else ""

    def listed(self) -> str:
        """Return every source with its number."""
        return "  ".join(
            f"[{n}]\N{NO-BREAK SPACE}{described(one)}" for one, n in self._numbers.items()
        )


def _runs(numbers: list[int]) -> Iterator[str]:
    """Give numbers, those in a row of three or more by the first and the last."""
    for _, row in groupby(enumerate(numbers), key=lambda one: one[1] - one[0]):
        run = [number for _, number in row]
        yield from [f"{run[0]}–{run[-1]}"] if len(run) > 2 else map(str, run)


def described(source: Reference) -> str:
    """Return what a source is and its address; the address alone where that says it."""
    name = _names_of_sources().get(source)
    return f"{name}: {short(source)}" if name else short(source)


@lru_cache(maxsize=1)
def _names_of_sources() -> Mapping[Reference, str]:
    return {reference(key): name for key, name in content().named.items()}


def short(source: Reference) -> str:
    """Return the address of a source as short as it can be typed."""
    address = source.address.removeprefix("https://").removeprefix("http://")
    return address.removeprefix("www.").rstrip("/")


def sheet(outcome: Result, today: date, *, crisis: Sequence[Line]) -> bytes:
    """Return the sheet as a PDF; whom to call stands first, whatever was answered."""
    _letters()
    top, body = [*_top(today), *_crisis(crisis)], list(_body(outcome))
    for size in _SIZES:
        made = _drawn(top, body, size)
        if made is not None:
            return made
    raise LookupError("the sheet is too full: shorten what the self-check says on it")


def _top(today: date) -> Iterator[Piece]:
    yield Piece(kind="title", words=PAGE_TITLE)
    yield Piece(kind="text", words=f"{today:%-d %B %Y}. {NO_VERDICT}")


def _crisis(lines: Sequence[Line]) -> Iterator[Piece]:
    yield Piece(kind="heading", words="If you think of ending your life: talk to somebody now")
    told = [f"{one.place}: {_unbroken(one.number)}{_by_text(one)}" for one in lines]
    anywhere = "Anywhere else, or in danger right now: your local emergency services."
    yield Piece(kind="text", words=" · ".join([*told, anywhere]))


def _by_text(line: Line) -> str:
    """Return how a line is reached by text message, where it is."""
    if not line.text_number:
        return ""
    is_same = line.text_number == line.number
    return " (call or text)" if is_same else f", or text {_unbroken(line.text_number)}"


def _unbroken(number: str) -> str:
    """Return a telephone number that stays on one line."""
    return number.replace(" ", "\N{NO-BREAK SPACE}")


def _body(outcome: Result) -> Iterator[Piece]:
    named = Sources()
    first = [f"{said.text}{named.marks(said.sources)}" for said in outcome.first]
    yield from _list("You are under 18", first)
    yield from _found(outcome, named)
    yield from _to_raise(outcome, named)
    if outcome.tried:
        yield from _list("What you have tried", outcome.tried)
    course = [f"{said.text}{named.marks(said.sources)}" for said in outcome.course]
    yield from _list("What a course involves", course)
    yield from _list("Questions to ask a clinic", outcome.ask)
    yield from _list("What this sheet cannot tell", outcome.cannot_tell)
    if outcome.own_words:
        yield Piece(kind="heading", words="In your own words")
        yield Piece(kind="text", words=_printable(outcome.own_words))
    yield Piece(kind="heading", words="Sources")
    yield Piece(kind="source", words=named.listed())


def _found(outcome: Result, named: Sources) -> Iterator[Piece]:
    yield Piece(kind="heading", words="What trials found, in groups of people")
    if not outcome.found:
        yield Piece(kind="text", words="You named nothing that you seek help for.")
    told: set[str] = set()
    for one in outcome.found:
        yield Piece(kind="label", words=one.label)
        for found in one.findings:
            yield Piece(kind="item", words=f"{line(found)} ({', '.join(found.trials)})")
        if one.as_before:
            yield Piece(kind="item", words=f"See above: {'; '.join(one.as_before)}.")
        for said in (fact for fact in one.facts if fact.text not in told):
            told.add(said.text)  # what belongs to several conditions stands with the first
            yield Piece(kind="item", words=f"{said.text}{named.marks(said.sources)}")
        if one.missing:
            yield Piece(kind="item", words=one.missing)


def _to_raise(outcome: Result, named: Sources) -> Iterator[Piece]:
    for title, raised in (
        ("Tell the clinic: I said yes to", outcome.told_yes),
        ("Find out: I do not know about", outcome.told_unknown),
    ):
        if raised:
            yield Piece(kind="heading", words=title)
            yield Piece(kind="text", words=_names(raised, named))
    if outcome.unanswered:
        yield Piece(kind="heading", words="Not answered: ask about")
        yield Piece(kind="text", words=f"{'; '.join(outcome.unanswered)}.")


def _names(raised: Sequence[Raised], named: Sources) -> str:
    return f"{'; '.join(f'{one.short}{named.marks(one.sources)}' for one in raised)}."


def _list(title: str, rows: Sequence[str]) -> Iterator[Piece]:
    if rows:
        yield Piece(kind="heading", words=title)
        yield from (Piece(kind="item", words=row) for row in rows)


def _printable(words: str) -> str:
    """Return somebody's own words, or that the font lacks a letter of them; never a part."""
    plain = " ".join(words.split())
    return plain if all(ord(sign) in _letters() for sign in plain) else OWN_LETTERS


@lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    """Register the fonts; return the signs that the one of the text has."""
    for name in (_TEXT, _BOLD):
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
    return frozenset(TTFont(_TEXT, f"{_TEXT}.ttf").face.charToGlyph)


def _drawn(top: list[Piece], body: list[Piece], size: float) -> bytes | None:
    """Return the sheet with text of one size, or None where it does not fit."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, lang="en-GB", invariant=1)
    canvas.setTitle(PAGE_TITLE)
    canvas.setSubject("What trials found, and what to raise with a clinician")
    width, height = A4
    below = _column(canvas, top, size, (_MARGIN, height - _MARGIN, width - 2 * _MARGIN))
    across = (width - 2 * _MARGIN - _GAP) / 2
    rest = below[0]
    for left in (_MARGIN, _MARGIN + across + _GAP):
        body = _column(canvas, body, size, (left, rest - 4, across))[1]
    if body:
        return None
    _foot(canvas, size)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _column(
    canvas: Canvas, pieces: list[Piece], size: float, place: tuple[float, float, float]
) -> tuple[float, list[Piece]]:
    """Draw as many pieces as a column holds; return where they end, and the others."""
    left, y, width = place
    for number, piece in enumerate(pieces):
        style = _style(piece.kind, size)
        paragraph = Paragraph(_marked(piece), style)
        _, tall = paragraph.wrap(width, y)
        needed = tall + style.spaceBefore + _kept_with(pieces[number + 1 : number + 2], piece, size)
        if y - needed < _MARGIN + _FOOT:
            return y, pieces[number:]
        y -= style.spaceBefore + tall
        paragraph.drawOn(canvas, left, y)
    return y, []


def _kept_with(follows: list[Piece], piece: Piece, size: float) -> float:
    """Return the room that a heading keeps for two lines of what it heads."""
    return 2.5 * size if follows and piece.kind in {"heading", "label"} else 0.0


def _marked(piece: Piece) -> str:
    """Return the words as markup; nothing that was typed can be any."""
    return f"– {escape(piece.words)}" if piece.kind == "item" else escape(piece.words)


def _style(kind: str, size: float) -> ParagraphStyle:
    scale = {"title": 1.5, "heading": 1.12, "source": _SMALLER}.get(kind, 1.0)
    font = _BOLD if kind in {"title", "heading", "label"} else _TEXT
    before = {"heading": 0.55, "label": 0.25, "item": 0.08}.get(kind, 0.1)
    indent = 0.9 * size if kind == "item" else 0.0
    return ParagraphStyle(
        kind, fontName=font, fontSize=scale * size, leading=1.17 * scale * size, textColor=black,
        spaceBefore=before * size, leftIndent=indent, firstLineIndent=-indent, splitLongWords=1,
    )  # fmt: skip


def _foot(canvas: Canvas, size: float) -> None:
    small = max(_SMALLER * size, 6.0)
    canvas.setFont(_TEXT, small)
    canvas.setFillColor(black)
    canvas.line(_MARGIN, _MARGIN + _FOOT - 4, A4[0] - _MARGIN, _MARGIN + _FOOT - 4)
    canvas.drawString(_MARGIN, _MARGIN + 10, f"{NOT_STORED} Ketherapy, self-check.")
    canvas.drawString(_MARGIN, _MARGIN, "Not cleared, certified or clinically validated.")
