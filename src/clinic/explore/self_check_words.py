"""Whether a text may speak of suicide; where that is not sure, it does.

A list of words understands nothing: it overlooks much, and it can only be asked to show help once
too often. The form therefore asks the question itself as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.records import RECORD
from ketherapy.sources import Status

_FILE = Path(__file__).parent / "data" / "self_check_words.toml"

LONGEST_READ = 5000  # characters; the form takes a tenth of it

_LETTERS = str.maketrans("013457@$!|", "oieastasii")  # what is written for a letter: "su1c1de"
_TOKEN = re.compile(r"[a-z0-9@$!|]+")
_DISGUISED = re.compile(r"[a-z][0-9@$!|]+[a-z]")
_SPELT = re.compile(r"\b(?:\w[^\w\n]{1,2}){3,}\w\b")  # "s u i c i d e", "s.u.i.c.i.d.e"
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")  # "dieeee"
_GAP = re.compile(r"[\W_]+")
_BETWEEN = r" ?(?:\w{1,30} ){0,2}?"  # up to two other words


@record(frozen=True, kw_only=True, config=RECORD)
class _Words:
    """The file of words."""

    source: str
    status: Status
    beginnings: tuple[str, ...]
    words: tuple[str, ...]
    phrases: tuple[str, ...]
    spellings: dict[str, tuple[str, ...]]  # others of a word that stands in a phrase


def speaks_of_suicide(text: str) -> bool:
    """Return whether a text holds a word or a phrase on which help is shown.

    A text too long to be meant for us is not read: it may hold anything, so it does.
    """
    return len(text) > LONGEST_READ or any(_pattern().search(reading) for reading in readings(text))


def readings(text: str) -> tuple[str, ...]:
    """Return a text in small plain letters, as it stands and with what hides a word undone."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    shown = (c for c in decomposed if not unicodedata.combining(c) and _is_seen(c))
    plain = re.sub(r"['’ʼ`´]", "", "".join(shown))
    undone = re.sub(r"(?<=\w)\*+(?=\w)", "", plain)
    undone = _TOKEN.sub(lambda found: _undisguised(found.group()), undone)
    undone = _SPELT.sub(lambda found: re.sub(r"\W", "", found.group()), undone)
    return _GAP.sub(" ", plain), _GAP.sub(" ", _DRAWN_OUT.sub(r"\1", undone))


def _undisguised(token: str) -> str:
    return token.translate(_LETTERS) if _DISGUISED.search(token) else token


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) != "Cf"  # such as a space without width


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    words = records.load(_Words, _FILE)
    ways = [
        *(rf"{one}\w*" for one in words.beginnings),
        *(rf"{one}\b" for one in words.words),
        *(rf"{_phrase(one.split(), words.spellings)}\b" for one in words.phrases),
    ]
    return re.compile(rf"\b(?:{'|'.join(ways)})")


def _phrase(words: list[str], spellings: Mapping[str, tuple[str, ...]]) -> str:
    spelt = (f"(?:{'|'.join((word, *spellings.get(word, ())))})" for word in words)
    return (_BETWEEN if len(words) > 2 else " ?").join(spelt)
