"""The time that processors spent, which others on the machine disturb less than a wall clock."""

from __future__ import annotations

import resource


def core_seconds() -> float:
    """Return what this process and its ended children have spent of all cores together.

    Units  s
    """
    asked = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, asked))
