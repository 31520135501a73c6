"""Medicines by their names: ingredient, brand or RxNorm code, and nothing that only resembles one.

A name that is not in ``data/medicines.csv`` is not known. Spellings near it may be offered as a
question; they are never taken for an answer.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.records import RECORD
from ketherapy.sources import Status

_MEDICINES = Path(__file__).parent / "data" / "medicines.csv"
_CODE = re.compile(r"(?:rxcui|rxnorm)[ :]*([0-9]{1,8})")
# what may follow a name: a strength, and how it is made or taken
_STRENGTH = re.compile(
    r"[0-9]+(?:\.[0-9]+)? ?(?:mcg|µg|ug|mg|g|ml|%|units)(?:/(?:[0-9]* ?ml|h|day))?"
)
_FORM = re.compile(
    r"tablets?|capsules?|spray|patch|solution|syrup|injection|inhaler|drops"
    r"|[exs]r|cr|la|xl|ir|dr|odt|daily|nightly|weekly|once|twice|three times|a day"
    r"|in the morning|at night|as needed|by mouth"
)
_NEAR = 3


@record(frozen=True, kw_only=True, config=RECORD)
class Medicine:
    """One ingredient, its names, and the rows of the interaction table that it belongs to."""

    ingredient: str
    group: str
    basis: Literal["named", "class", "extrapolated", "suggested", "none"]  # of its rows
    source: str
    locator: str
    status: Status
    rxcui: str = ""
    rows: str = ""  # ids of the table's rows, a space between
    names: str = ""  # brands and synonyms, a semicolon between
    also: str = ""
    note: str = ""

    @property
    def all_names(self) -> tuple[str, ...]:
        """Return every name it goes by, and its code."""
        brands = [name for name in self.names.split("; ") if name]
        return (self.ingredient, *brands, *([f"rxcui {self.rxcui}"] if self.rxcui else []))

    def is_in(self, row: str) -> bool:
        """Return whether it belongs to this row of the interaction table."""
        return row in self.rows.split()


@dataclass(frozen=True, kw_only=True, slots=True)
class Recognised:
    """What was typed, and the ingredients that it names: several for a combination."""

    typed: str
    medicines: tuple[Medicine, ...]  # empty: not known


@lru_cache(maxsize=1)
def medicines() -> tuple[Medicine, ...]:
    """Return every medicine that is known here."""
    return records.load_rows(Medicine, _MEDICINES)


@lru_cache(maxsize=1)
def _by_name() -> Mapping[str, tuple[Medicine, ...]]:
    found: dict[str, tuple[Medicine, ...]] = {}
    for one in medicines():
        for name in one.all_names:
            found[name.casefold()] = (*found.get(name.casefold(), ()), one)
    return MappingProxyType(found)


def recognised(typed: str) -> Recognised:
    """Return what ``typed`` names: an ingredient, a brand, a code, or several with / or + between.

    Source  rxnorm_prescribable_2025
    """
    parts = [_part(part) for part in re.split(r" ?[/+] ?", _plain(typed))]
    whole = _part(_plain(typed))  # "mg/ml" and some brands have a stroke of their own
    found = whole or tuple(one for part in parts for one in part if all(parts))
    return Recognised(typed=typed, medicines=tuple(dict.fromkeys(found)))


def near(typed: str) -> tuple[str, ...]:
    """Return names that are spelled nearly like ``typed``: to be asked about, never assumed.

    Source  ketherapy
    """
    return tuple(difflib.get_close_matches(_plain(typed), _by_name(), n=_NEAR, cutoff=0.75))


def _plain(text: str) -> str:
    # a micro sign casefolds to a Greek letter: both are the same unit
    return " ".join(text.casefold().replace("’", "'").replace("μ", "µ").split())


def _part(text: str) -> tuple[Medicine, ...]:
    """Return the medicines that ``text`` names, whose tail is a strength or a form alone."""
    code = _CODE.fullmatch(text)
    if code is not None:
        return _by_name().get(f"rxcui {code[1]}", ())
    words = text.split(" ")
    for end in range(len(words), 0, -1):
        found = _by_name().get(" ".join(words[:end]))
        if found is not None:
            return found if _is_tail(" ".join(words[end:])) else ()
    return ()


def _is_tail(text: str) -> bool:
    """Return whether ``text`` says how strong a medicine is or how it is taken, and no more."""
    left = text
    while left:
        match = _STRENGTH.match(left) or _FORM.match(left)
        if match is None or (match.end() < len(left) and left[match.end()] not in " ,/"):
            return False
        left = left[match.end() :].lstrip(" ,/")
    return True
