"""What trials found, with the reasons for doubt in words for anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from clinic.explore.findings import Finding
from ketherapy import records
from ketherapy.records import RECORD

_WORDS = Path(__file__).parent / "data" / "lay_words.toml"


@record(frozen=True, kw_only=True, config=RECORD)
class _Words:
    """Phrases of the rules of certainty, each with the same in plain words."""

    phrases: Mapping[str, str]


def in_lay_words(found: Finding) -> Finding:
    """Return a finding whose reasons, warnings and rater are named in plain words."""
    return replace(
        found,
        reasons=tuple(map(lay, found.reasons)),
        warnings=tuple(map(lay, found.warnings)),
        certainty_by=lay(found.certainty_by),
    )


def lay(text: str) -> str:
    """Return a text with the phrases of the field in plain words; other words stay."""
    for said, plain in phrases().items():
        text = text.replace(said, plain)
    return text


@lru_cache(maxsize=1)
def phrases() -> Mapping[str, str]:
    """Return every phrase with its plain words.

    Errors  DataFileError where the file is wrong
    """
    return records.load(_Words, _WORDS).phrases
