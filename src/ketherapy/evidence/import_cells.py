"""One row of an imported table: its cells read into words and numbers, each fault by its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.evidence import import_words
from ketherapy.evidence.questions import COUNTED
from ketherapy.evidence.trials import About, Design, Kind, Masking
from ketherapy.sources import bibliography

COLUMNS = (
    "trial_id", "first_author", "year", "nct", "pmid", "doi", "country", "design", "indication",
    "population", "arm", "drug", "route", "dose", "schedule", "control_type", "outcome", "scale",
    "definition", "timepoint", "n", "events", "mean", "sd", "source_url", "status", "notes",
)  # fmt: skip
OF_TRIAL = (
    "first_author", "year", "nct", "pmid", "country", "design", "indication", "population",
    "control_type",
)  # fmt: skip
_ID = re.compile(r"[a-z][a-z0-9_]{1,60}")
_PERCENT = "(percent only)"
_LONGEST = 1000  # characters of a cell

Read = TypeVar("Read")


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """What is said of one field of one row."""

    field: str
    sentence: str
    is_refusal: bool = True


@dataclass(kw_only=True, slots=True)
class Cells:
    """The cells of one row, and what was found wrong while they were read."""

    line: int
    text: Mapping[str, str]
    remarks: list[Remark] = field(default_factory=list)

    def refuse(self, name: str, sentence: str) -> None:
        """Refuse the row for one field."""
        self.remarks.append(Remark(field=name, sentence=sentence))

    def flag(self, name: str, sentence: str) -> None:
        """Ask for another look at one field."""
        self.remarks.append(Remark(field=name, sentence=sentence, is_refusal=False))

    @property
    def is_refused(self) -> bool:
        """Return whether something stands against the row."""
        return any(remark.is_refusal for remark in self.remarks)

    def tried(self, name: str, read: Callable[[], Read]) -> Read | None:
        """Return what a field reads as, or None after its fault is noted."""
        try:
            return read()
        except ContractError as error:
            is_column = error.what in COLUMNS
            sentence = str(error).removeprefix(f"{error.what}: ") if is_column else str(error)
            self.refuse(error.what if is_column else name, sentence)
            return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row whose words are known: a group of a trial in one outcome."""

    cells: Cells
    trial: str
    year: int
    design: Design
    masking: Masking
    condition: str
    control: str
    given: str  # the drug, or "control"
    kind: Kind
    about: About
    instrument: str
    at: float | None  # [h]
    source: str
    locator: str
    numbers: Mapping[str, int | float]

    def __getitem__(self, name: str) -> str:
        """Return a cell as it was printed."""
        return self.cells.text[name]


def row(cells: Cells) -> Row | None:
    """Return the row that cells make, or None where one of them cannot be read."""
    text = cells.text
    for name, sentence in _unreadable(text):
        cells.refuse(name, sentence)
    trial = cells.tried("trial_id", lambda: _trial_id(text["trial_id"]))
    year = cells.tried("year", lambda: _whole(text["year"], "year", "2019"))
    design = cells.tried("design", lambda: import_words.design(text["design"]))
    condition = cells.tried("indication", lambda: import_words.condition(text["indication"]))
    control = cells.tried("control_type", lambda: import_words.control(text["control_type"]))
    given = cells.tried("drug", lambda: import_words.given(text["drug"]))
    read_in = cells.tried("source_url", lambda: import_words.source(text["source_url"]))
    meant = cells.tried("outcome", lambda: import_words.meaning(text["outcome"], text["scale"]))
    numbers = None if meant is None else _numbers(cells, meant[0])
    if read_in is not None and text["doi"] not in ("", bibliography()[read_in[0]].doi):
        cells.flag("doi", "it is not kept: a DOI stands with its document in data/sources.toml.")
    if (
        trial is None or year is None or design is None or condition is None or control is None
        or given is None or read_in is None or meant is None or numbers is None
        or cells.is_refused
    ):  # fmt: skip
        return None
    return Row(
        cells=cells, trial=trial, year=year, design=design,
        masking=import_words.masking(text["design"]), condition=condition, control=control,
        given=given, kind=meant[0], about=meant[1], instrument=meant[2],
        at=import_words.hours(text["timepoint"]), source=read_in[0], locator=read_in[1],
        numbers=numbers,
    )  # fmt: skip


def _unreadable(text: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in COLUMNS:
        if len(text[name]) > _LONGEST:
            yield name, f"expected at most {_LONGEST} characters, got {len(text[name])}."
        elif not text[name].isprintable():
            yield name, "expected words on one line, got a character that cannot be printed."
    for name in ("trial_id", "arm", "drug", "outcome", "status"):
        if not text[name]:
            yield name, "expected something here, got nothing."


def _trial_id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise ContractError(
            "trial_id", expected="small letters, digits and underscores, such as smith2030",
            got=text, remedy="It names the file.",
        )  # fmt: skip
    return text


def _numbers(cells: Cells, kind: Kind) -> dict[str, int | float] | None:
    """Return the numbers of a row under the keys of a trial's file."""
    before = len(cells.remarks)
    found: dict[str, int | float] = {}
    for name in ("n", "events", "mean", "sd"):
        text = cells.text[name]
        if text:
            value = cells.tried(name, lambda name=name, text=text: _number(text, name))
            if value is not None:
                found[name] = value
    is_share = cells.text["outcome"].endswith(_PERCENT)
    for name, sentence in _misplaced(found, is_counted=kind in COUNTED, is_share=is_share):
        cells.refuse(name, sentence)
    if is_share and "mean" in found:
        found["percent"] = found.pop("mean")
    if not found:
        cells.refuse("n", "expected at least one number in n, events, mean or sd, got none.")
    return None if len(cells.remarks) > before else found


def _misplaced(
    found: Mapping[str, int | float], *, is_counted: bool, is_share: bool
) -> Iterator[tuple[str, str]]:
    if is_share and "sd" in found:
        yield "sd", "expected nothing beside a share, got a deviation. Leave it out."
    if is_counted and not is_share:
        for name in ("mean", "sd"):
            if name in found:
                yield name, (f"expected no {name} where people are counted, got one. Write the"
                             f" people in events, or '{_PERCENT}' behind the outcome.")  # fmt: skip
    if not is_counted and "events" in found:
        yield "events", "expected none where a score is measured, got some. Is the outcome right?"


def _number(text: str, name: str) -> int | float:
    if name in ("n", "events"):
        return _whole(text, name, "47")
    return units.read_number(text, what=name, example="11.7")


def _whole(text: str, name: str, example: str) -> int:
    found = units.read_number(text, what=name, example=example)
    if found != int(found) or abs(found) > 1e9:
        raise ContractError(
            name, expected=f"a whole number such as {example}", got=text,
            remedy="People are counted one by one.",
        )  # fmt: skip
    return int(found)
