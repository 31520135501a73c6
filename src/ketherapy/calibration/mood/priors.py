"""What is believed of the mood model's numbers before the trials are seen."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.pharmacology.effects.structures import Mood
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

_FILE = Path(__file__).parent.parent / "data" / "mood_priors.toml"


@record(frozen=True, kw_only=True, config=RECORD)
class Prior:
    """The prior of one number."""

    form: Literal["log", "logit", "half_normal", "plain"]
    centre: Cited
    sd: float  # on the scale that the form names
    why: str


@record(frozen=True, kw_only=True, config=RECORD)
class Priors:
    """Every prior, and what is held fixed."""

    source: str
    status: Status
    numbers: dict[str, Prior]
    fixed: dict[str, Cited]


@lru_cache(maxsize=1)
def priors() -> Priors:
    """Return the priors of the mood model.

    Errors  DataFileError naming the key
    """
    return records.load(Priors, _FILE)


def centre(name: str) -> float:
    """Return the centre of a prior in the canonical unit of the structure.

    Units   that of the number
    """
    found = priors().numbers[name].centre
    return units.convert(found.value, found.unit, to=Mood.units.get(name, found.unit))
