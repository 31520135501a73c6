"""Who may do what: the one table to read when a clinic asks.

A permission appears here when something exists that needs it. A role that is not granted a
permission is refused, and the refusal is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Permission(StrEnum):
    """Something a member of staff may be allowed to do."""

    PREDICT = "predict"  # open the prediction page
    POPULATE = "populate"  # simulate a population, which keeps this machine busy for a while
    SCREEN = "screen"  # ask the rules about a person
    PLAN = "plan"  # plan a dose under a protocol; nothing is stored or ordered
    OVERRIDE = "override"  # pass a hold by name, with a reason


class Role(StrEnum):
    """What a member of staff is, in this clinic; one role each."""

    PRESCRIBER = "prescriber"
    NURSE = "nurse"
    CUSTODIAN = "custodian"
    FRONT_DESK = "front_desk"
    DIRECTOR = "director"
    RESEARCHER = "researcher"
    AUDITOR = "auditor"


LABELS: Mapping[Role, str] = MappingProxyType(
    {
        Role.PRESCRIBER: "Prescriber",
        Role.NURSE: "Nurse",
        Role.CUSTODIAN: "Drug custodian",
        Role.FRONT_DESK: "Front desk",
        Role.DIRECTOR: "Medical director",
        Role.RESEARCHER: "Researcher",
        Role.AUDITOR: "Auditor",
    }
)

GRANTS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.PRESCRIBER: frozenset(
            {
                Permission.PREDICT,
                Permission.POPULATE,
                Permission.SCREEN,
                Permission.OVERRIDE,
                Permission.PLAN,
            }
        ),
        Role.NURSE: frozenset({Permission.PREDICT, Permission.SCREEN, Permission.PLAN}),
        Role.CUSTODIAN: frozenset(),
        Role.FRONT_DESK: frozenset(),
        Role.DIRECTOR: frozenset(
            {
                Permission.PREDICT,
                Permission.POPULATE,
                Permission.SCREEN,
                Permission.OVERRIDE,
                Permission.PLAN,
            }
        ),
        Role.RESEARCHER: frozenset({Permission.PREDICT, Permission.POPULATE}),
        Role.AUDITOR: frozenset(),
    }
)
