"""The guide as its files hold it: pages of short sections, each of a few blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic.dataclasses import dataclass as record

from clinic.explore.guide_figures import typed_numbers
from ketherapy.records import RECORD
from ketherapy.sources import Status


@record(frozen=True, kw_only=True, config=RECORD)
class From:
    """Where words without a number are from."""

    source: str
    locator: str
    status: Status


@record(frozen=True, kw_only=True, config=RECORD)
class Row:
    """One pair of bars: a number of the treated and one of the others."""

    name: str
    finding: str = ""  # a standing question,
    frequency: str = ""  # or a row of the unwanted effects,
    treated: str = ""  # or two places of the guide's numbers
    control: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        ways = (bool(self.finding), bool(self.frequency), bool(self.treated and self.control))
        if sum(ways) != 1 or bool(self.treated) != bool(self.control):
            raise ValueError("a finding, a frequency, or a treated and a control number is needed")


@record(frozen=True, kw_only=True, config=RECORD)
class Pairs:
    """Bars of two groups, row by row, out of the same whole."""

    title: str
    treated: str  # what one group was given
    control: str
    highest: float = 100.0  # where the bars end; a hundred people, or the top of a scale
    unit: str = "of 100 people"
    rows: tuple[Row, ...] = ()
    counted: str = ""  # or a standing question: a pair for each of its trials that counted people

    def __post_init__(self) -> None:
        if bool(self.rows) == bool(self.counted):
            raise ValueError("rows, or a question whose trials counted people")


@record(frozen=True, kw_only=True, config=RECORD)
class Days:
    """The scores of both groups of one trial, day by day."""

    title: str
    trial: str
    outcomes: tuple[str, ...]
    treated: str  # arm
    control: str
    treated_name: str
    control_name: str
    scale: str
    highest: float  # of the scale


@record(frozen=True, kw_only=True, config=RECORD)
class Course:
    """How often one goes for one kind of treatment: by a protocol, or in spells of weeks."""

    name: str
    protocol: str = ""
    spells: tuple[tuple[str, str], ...] = ()  # visits a week, and for how many weeks
    note: str = ""

    def __post_init__(self) -> None:
        if bool(self.protocol) == bool(self.spells):
            raise ValueError("a protocol or spells of weeks are needed, not both")


@record(frozen=True, kw_only=True, config=RECORD)
class Visits:
    """The visits of several courses, week by week."""

    title: str
    courses: tuple[Course, ...]


@record(frozen=True, kw_only=True, config=RECORD)
class Use:
    """What a condition is called here, and whether a drug is approved for it."""

    group: str  # of the conditions of the trials
    name: str
    approved: str


@record(frozen=True, kw_only=True, config=RECORD)
class Block:
    """A few sentences, a list, or one drawing."""

    says: str = ""
    points: tuple[str, ...] = ()  # a list below
    kind: Literal["said", "ours", "unknown"] = "said"  # ours: advice of ours; unknown: said to be
    grounds: tuple[From, ...] = ()
    claims: tuple[str, ...] = ()  # what of the twelve claims it rests on
    people: str = ""  # a standing question, drawn as two hundred people
    pairs: Pairs | None = None
    days: Days | None = None
    visits: Visits | None = None
    uses: tuple[Use, ...] = ()

    def __post_init__(self) -> None:
        drawings = (self.people, self.pairs, self.days, self.visits, self.uses)
        if sum(map(bool, (self.says or self.points, *drawings))) != 1:
            raise ValueError("a block holds words, or one drawing")
        if typed := [text for text in self.texts if typed_numbers(text)]:
            raise ValueError(f"a number is typed in {typed[0]!r}: give it a place with a source")
        has_ground = self.grounds or self.claims or any("{" in text for text in self.texts)
        if self.texts and self.kind == "said" and not has_ground:
            raise ValueError(f"nothing says where this is from: {self.texts[0]!r}")

    @property
    def texts(self) -> tuple[str, ...]:
        """Return every text a reader reads in words."""
        return tuple(filter(None, (self.says, *self.points)))


@record(frozen=True, kw_only=True, config=RECORD)
class Section:
    """One question and its answer."""

    title: str
    blocks: tuple[Block, ...]


@record(frozen=True, kw_only=True, config=RECORD)
class PageFile:
    """One page."""

    slug: str
    title: str
    short: str  # one line for the contents
    answer: Block  # the first thing a reader reads
    sections: tuple[Section, ...]

    def blocks(self) -> Iterator[Block]:
        """Give every block with words or a drawing, in the order of the page."""
        yield self.answer
        for section in self.sections:
            yield from section.blocks
