"""The tables that every decision rests on beside its packs, each known by the hash of its bytes.

They have no versions of their own: another word of the vocabulary, another name of a medicine or
another rung of the ladder may be another decision, so a decision names them all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

_DATA = Path(__file__).parent / "data"
_TABLES = (
    "contradictions.toml",
    "facts.toml",
    "ladder.toml",
    "medicines.csv",
    "products.toml",
    "profiles.toml",
    "slips.toml",
)


@lru_cache(maxsize=1)
def tables() -> Mapping[str, str]:
    """Return the hash of each table by its name."""
    return MappingProxyType({name: _hash(_DATA / name) for name in _TABLES})


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
