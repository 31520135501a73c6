"""The guide "What is it, and can it help me?": seven short pages for anybody, filled with numbers.

Its words are data; its numbers are computed from trials, or looked up with their source. Nothing
here knows who reads it, and nothing here can tell whether it is right for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from clinic.explore import guide_drawings
from clinic.explore.findings import Finding, finding
from clinic.explore.guide_drawings import DaysDrawn, PairsDrawn, UseRow, VisitsDrawn
from clinic.explore.guide_figures import Ground, filled, finding_grounds, ground, once
from clinic.explore.guide_records import Block, PageFile
from ketherapy import records
from ketherapy.errors import ContractError
from ketherapy.evidence.claims import claim, stated

_DATA = Path(__file__).parent / "data" / "guide"


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One block as it is read: words, or what is drawn."""

    kind: str  # "said", "ours" or "unknown"
    says: str = ""
    points: tuple[str, ...] = ()
    grounds: tuple[Ground, ...] = ()
    people: Finding | None = None
    pairs: PairsDrawn | None = None
    days: DaysDrawn | None = None
    visits: VisitsDrawn | None = None
    uses: tuple[UseRow, ...] = ()
    is_under_review: bool = False  # a claim it rests on has other numbers than when it was read


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One question of a page with its answer."""

    title: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One page, filled."""

    number: int  # from one
    slug: str
    title: str
    short: str
    answer: Piece
    parts: tuple[Part, ...]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Return everything on the page in its order."""
        return (self.answer, *(piece for part in self.parts for piece in part.pieces))

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """Return where everything on the page is from, each once, in the order of the page."""
        return once(*(piece.grounds for piece in self.pieces))


def pages() -> tuple[Page, ...]:
    """Return every page in its order."""
    return tuple(_page(n, file) for n, file in enumerate(_files(), start=1))


def page(slug: str) -> Page:
    """Return the page with this slug.

    Errors  ContractError where there is none
    """
    for n, file in enumerate(_files(), start=1):
        if file.slug == slug:
            return _page(n, file)
    raise ContractError(
        "page of the guide", expected=f"one of {', '.join(file.slug for file in _files())}",
        got=slug, remedy="Follow a link of the contents.",
    )  # fmt: skip


@lru_cache(maxsize=1)
def _files() -> tuple[PageFile, ...]:
    return tuple(records.load(PageFile, path) for path in sorted(_DATA.glob("*.toml")))


@lru_cache(maxsize=16)
def _page(number: int, file: PageFile) -> Page:
    return Page(
        number=number,
        slug=file.slug,
        title=file.title,
        short=file.short,
        answer=_piece(file.answer),
        parts=tuple(
            Part(title=section.title, pieces=tuple(map(_piece, section.blocks)))
            for section in file.sections
        ),
    )


def _piece(block: Block) -> Piece:
    if block.texts:
        return _words(block)
    if block.people:
        found = finding(block.people)
        return Piece(kind="said", people=found, grounds=finding_grounds(block.people))
    if block.pairs is not None:
        pairs = guide_drawings.pairs(block.pairs)
        return Piece(kind="said", pairs=pairs, grounds=once(*(row.grounds for row in pairs.rows)))
    if block.days is not None:
        days = guide_drawings.days(block.days)
        return Piece(kind="said", days=days, grounds=days.grounds)
    if block.visits is not None:
        visits = guide_drawings.visits(block.visits)
        return Piece(
            kind="said", visits=visits, grounds=once(*(row.grounds for row in visits.rows))
        )  # fmt: skip
    return Piece(kind="said", uses=tuple(map(guide_drawings.use, block.uses)))


def _words(block: Block) -> Piece:
    says, points = filled(block.says), tuple(map(filled, block.points))
    named = [ground(one.source, one.locator, one.status) for one in block.grounds]
    return Piece(
        kind=block.kind,
        says=says.text,
        points=tuple(point.text for point in points),
        grounds=once(says.grounds, *(point.grounds for point in points), named),
        is_under_review=any(stated(claim(one)).is_stale for one in block.claims),
    )
