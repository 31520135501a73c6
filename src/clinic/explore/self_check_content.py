"""What the self-check asks and says, read from its data: conditions, questions, single facts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.evidence.questions import Words
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

_DATA = Path(__file__).parent / "data"
_FILE = _DATA / "self_check.toml"
_HEALTH = _DATA / "self_check_health.csv"
_FACTS = _DATA / "self_check_facts.csv"

YES, NO, UNKNOWN = "yes", "no", "unknown"
AGE_GROUP = "age"  # rows that are answers to one question, how old somebody is
CHILD = "age_child"  # the answer of somebody whom no trial here was made for
BETWEEN = "age_between"  # the answer to it that is no row


@record(frozen=True, kw_only=True, config=RECORD)
class Row:
    """What a row of either table must say of where it is from."""

    id: str
    rule: str = ""  # ids of the clinical rules it tells, with a space between
    source: str
    also: str = ""
    locator: str
    status: Status

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the sources it was read in."""
        return (self.source, *((self.also,) if self.also else ()))


@record(frozen=True, kw_only=True, config=RECORD)
class Health(Row):
    """One question about health, and why a clinician has to know the answer."""

    group: str
    question: str
    short: str  # the same in a list
    why: str

    def __post_init__(self) -> None:
        """Refuse a question that rests on no rule."""
        if not self.rule:
            raise ValueError("a question about health tells a rule, by its id")


@record(frozen=True, kw_only=True, config=RECORD)
class Fact(Row):
    """One sentence, about one condition, one treatment or one way of giving the drug."""

    topic: str
    text: str


@record(frozen=True, kw_only=True, config=RECORD)
class Group:
    """Questions that stand together."""

    id: str
    title: str


@record(frozen=True, kw_only=True, config=RECORD)
class Pool:
    """A published pool of trials, and how a lay reader is told of it."""

    review: str
    pool: str
    title: str
    treated: str
    control: str
    outcome: str
    time: str
    happened: str = ""
    not_happened: str = ""

    @property
    def words(self) -> Words:
        """Return the words in the form that a standing question has."""
        return Words(
            treated=self.treated, control=self.control, outcome=self.outcome, time=self.time,
            happened=self.happened, not_happened=self.not_happened,
        )  # fmt: skip


@record(frozen=True, kw_only=True, config=RECORD)
class Condition:
    """What somebody may suffer from, and what is told of it."""

    id: str
    label: str
    questions: tuple[str, ...] = ()  # standing questions of the trials
    pools: tuple[Pool, ...] = ()
    course: tuple[str, ...] = ()  # ways of giving the drug
    missing: str = ""

    def __post_init__(self) -> None:
        """Refuse a condition that says neither what was found nor that nothing was."""
        if not (self.questions or self.pools or self.missing):
            raise ValueError("a condition has findings, or says that there are none")


@record(frozen=True, kw_only=True, config=RECORD)
class Option:
    """One answer to a question that is no yes or no."""

    answer: str
    label: str
    ask: str


@record(frozen=True, kw_only=True, config=RECORD)
class Tried:
    """One question about earlier treatments."""

    id: str
    question: str
    short: str
    ask: str = ""  # said where the answer is yes
    options: tuple[Option, ...] = ()
    questions: tuple[str, ...] = ()  # standing questions that a yes adds


@record(frozen=True, kw_only=True, config=RECORD)
class Age:
    """The question of age; its answers that raise something are rows of the table."""

    question: str
    short: str
    between: str  # the answer that raises nothing


@record(frozen=True, kw_only=True, config=RECORD)
class _File:
    """The file of the self-check."""

    source: str
    status: Status
    longest_told: Cited
    ask: tuple[str, ...]
    cannot_tell: tuple[str, ...]
    age: Age
    groups: tuple[Group, ...]
    conditions: tuple[Condition, ...]
    tried: tuple[Tried, ...]
    named: dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """Everything the self-check asks and says."""

    longest_told: int  # characters of the free text
    ask: tuple[str, ...]
    cannot_tell: tuple[str, ...]
    age: Age
    groups: tuple[Group, ...]
    conditions: tuple[Condition, ...]
    tried: tuple[Tried, ...]
    health: tuple[Health, ...]  # without those of age
    ages: tuple[Health, ...]
    facts: tuple[Fact, ...]
    named: dict[str, str]  # what a source is, where its address does not say it, by its key

    def of(self, group: Group) -> tuple[Health, ...]:
        """Return the questions of one group."""
        return tuple(row for row in self.health if row.group == group.id)

    def about(self, topic: str) -> tuple[Fact, ...]:
        """Return what is said of one topic."""
        return tuple(fact for fact in self.facts if fact.topic == topic)


@lru_cache(maxsize=1)
def content() -> Content:
    """Return what the self-check asks and says.

    Errors  DataFileError where a file is wrong, named by path and key
    """
    file = records.load(_File, _FILE)
    rows = records.load_rows(Health, _HEALTH)
    return Content(
        longest_told=int(file.longest_told.value),
        ask=file.ask,
        cannot_tell=file.cannot_tell,
        age=file.age,
        groups=file.groups,
        conditions=file.conditions,
        tried=file.tried,
        health=tuple(row for row in rows if row.group != AGE_GROUP),
        ages=tuple(row for row in rows if row.group == AGE_GROUP),
        facts=records.load_rows(Fact, _FACTS),
        named=file.named,
    )
