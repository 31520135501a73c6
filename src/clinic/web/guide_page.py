"""One page of the guide as a template takes it: words, drawings with their tables, sources."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.explore.findings import Finding
from clinic.explore.guide import Page, Piece
from clinic.explore.guide_drawings import DaysDrawn, PairsDrawn, VisitsDrawn
from clinic.explore.guide_figures import Ground
from clinic.explore.lay_words import in_lay_words
from clinic.web.charts.days import TwoGroups, day_marks, days_table
from clinic.web.charts.icons import icon_arrays, icons_table
from clinic.web.charts.markup import Markup
from clinic.web.charts.pairs import Pair, PairedBars, paired_bars, pairs_table
from clinic.web.charts.twin import Twin
from clinic.web.charts.visits import Calendar, Going, calendars, visits_table
from clinic.web.finding_lines import doubt, icons

# Where a page leads to beyond the guide: the name of a route, and what is said of it.
_FURTHER = {
    "how-it-works": (("web:how_it_works", "See both ways to treat a depression on one clock"),),
    "where-to-go": (("web:self_check", "Make your own sheet of questions (one page)"),),
    "depression-or-pain": (
        ("web:two_infusions", "See both drips side by side, with what they are predicted to do"),
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One drawing with its title, its table, and what has to be said beside it."""

    title: str
    charts: tuple[Markup, ...]
    twin: Twin
    finding: Finding | None  # what the trials found, where it is theirs
    doubt: str = ""  # why its difference is not sure


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One block: its words or its figure, and the numbers of its sources."""

    piece: Piece
    figure: Figure | None
    refs: tuple[int, ...]  # into the sources of the page, from one


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """One document that a page rests on, and every place in it."""

    number: int  # from one, in the order of the page
    words: str
    address: str
    places: tuple[Ground, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownPart:
    """One question of the page."""

    key: str
    title: str
    blocks: tuple[Shown, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownPage:
    """One page with everything on it."""

    page: Page
    answer: Shown
    parts: tuple[ShownPart, ...]
    sources: tuple[Document, ...]
    further: tuple[tuple[str, str], ...]


def shown(page: Page) -> ShownPage:
    """Return a page as its template takes it."""
    documents = _documents(page.grounds)
    numbers = {place: one.number for one in documents for place in one.places}
    return ShownPage(
        page=page,
        answer=_shown(page.answer, numbers),
        parts=tuple(
            ShownPart(
                key=f"{page.slug}-{n}",
                title=part.title,
                blocks=tuple(_shown(piece, numbers) for piece in part.pieces),
            )
            for n, part in enumerate(page.parts, start=1)
        ),
        sources=documents,
        further=_FURTHER.get(page.slug, ()),
    )


def _documents(grounds: tuple[Ground, ...]) -> tuple[Document, ...]:
    """Return the documents of a page in its order, each with its places."""
    places: dict[str, list[Ground]] = {}
    for ground in grounds:
        places.setdefault(ground.words, []).append(ground)
    return tuple(
        Document(number=n, words=words, address=of[0].address, places=tuple(of))
        for n, (words, of) in enumerate(places.items(), start=1)
    )


def _shown(piece: Piece, numbers: dict[Ground, int]) -> Shown:
    return Shown(
        piece=piece,
        figure=_figure(piece),
        refs=tuple(sorted({numbers[ground] for ground in piece.grounds})),
    )


def _figure(piece: Piece) -> Figure | None:
    if piece.people is not None:
        return _people(piece.people)
    if piece.pairs is not None:
        return _pairs(piece.pairs)
    if piece.days is not None:
        return _days(piece.days)
    return None if piece.visits is None else _visits(piece.visits)


def _people(found: Finding) -> Figure:
    people = icons(found)
    return Figure(
        title=found.plain,
        charts=icon_arrays(people),
        twin=icons_table(people),
        finding=in_lay_words(found),
        doubt=doubt(found),
    )


def _pairs(drawn: PairsDrawn) -> Figure:
    pairs = PairedBars(
        title=drawn.title,
        control=drawn.control,
        treated=drawn.treated,
        highest=drawn.highest,
        unit=drawn.unit,
        rows=tuple(
            Pair(name=row.name, control=row.control, treated=row.treated, note=row.note)
            for row in drawn.rows
        ),
    )
    return Figure(
        title=f"{drawn.title}, {drawn.unit}",
        charts=paired_bars(pairs),
        twin=pairs_table(pairs),
        finding=None,
    )


def _days(drawn: DaysDrawn) -> Figure:
    groups = TwoGroups(
        title=drawn.title,
        scale=drawn.scale,
        highest=drawn.highest,
        control=drawn.control.name,
        treated=drawn.treated.name,
        controls=drawn.control.points,
        treateds=drawn.treated.points,
    )
    return Figure(
        title=drawn.title, charts=day_marks(groups), twin=days_table(groups), finding=None
    )  # fmt: skip


def _visits(drawn: VisitsDrawn) -> Figure:
    calendar = Calendar(
        title=drawn.title,
        rows=tuple(Going(name=row.name, weeks=row.weeks, note=row.note) for row in drawn.rows),
    )
    return Figure(
        title=drawn.title, charts=calendars(calendar), twin=visits_table(calendar), finding=None
    )  # fmt: skip
