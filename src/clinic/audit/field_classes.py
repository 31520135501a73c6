"""What a stored field may reveal: every model classifies each of its fields."""

from __future__ import annotations

from enum import StrEnum


class FieldClass(StrEnum):
    """How a field must be treated in exports, logs and erasures."""

    IDENTIFYING = "identifying"  # names a person, or leads to one outside this system
    CLINICAL = "clinical"  # says something about somebody's health or care
    OPERATIONAL = "operational"  # keeps the clinic's software running, nothing more
