"""What other medicines do to ketamine, by drug and route, as findings.

A medicine that is not known holds until a named person has checked it by hand. One that is known
and has no row here is said to have none: that is not the same as safe.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from ketherapy.dosing.facts import fact
from ketherapy.dosing.findings import Finding, Severity
from ketherapy.dosing.medicines import Medicine, Recognised, recognised
from ketherapy.dosing.question import Checked, Question
from ketherapy.dosing.rulebook import SEVERITIES, Action, Applies, Stage, profile
from ketherapy.dosing.version import AbstractVersion, Jurisdiction, read_version, used
from ketherapy.records import RECORD
from ketherapy.sources import Status

_PACKS = Path(__file__).parent / "data" / "interactions"
_ASKED_AT = frozenset({Stage.ELIGIBILITY, Stage.PRE_DOSE})
_FACT = "medicines"


@record(frozen=True, kw_only=True, config=RECORD)
class Interaction:
    """One row: which medicines, with which drug by which route, and what follows."""

    id: str  # the row of the table, and a letter where it became several
    title: str
    says: str
    written: str  # what was found, as the source words it
    resolves: str  # what to do
    action: Action
    applies: Applies = Applies()
    locator: str
    source: str
    status: Status
    also: tuple[str, ...] = ()
    extrapolated_from: str = ""
    note: str = ""

    @property
    def row(self) -> str:
        """Return the id of the table's row."""
        return self.id[:7]


@record(frozen=True, kw_only=True, config=RECORD)
class InteractionPack(AbstractVersion):
    """One version of one file of interactions."""

    interaction: tuple[Interaction, ...]


@lru_cache(maxsize=1)
def interaction_packs() -> Mapping[str, InteractionPack]:
    """Return every pack of interactions by its id."""
    return {
        path.stem: read_version(InteractionPack, path) for path in sorted(_PACKS.glob("*.toml"))
    }


def interactions_checked(question: Question) -> Checked:
    """Return what the listed medicines find, before a course and before a dose."""
    if _ASKED_AT.isdisjoint(question.stages):
        return Checked()
    rests_on = tuple(used(pack, question.now) for pack, _ in _packs(question))
    seen = question.facts.get(_FACT)
    if seen is None:
        return Checked(findings=(_unlisted(),), used=rests_on)
    listed = [recognised(name) for name in sorted(set(_names(seen.value)))]
    known = [(one.typed, medicine) for one in listed for medicine in one.medicines]
    return Checked(
        findings=(*_found(question, known), *_strangers(listed), *_without(question, listed)),
        used=rests_on,
        not_checked=tuple(one.typed for one in listed if not one.medicines),
    )


def _names(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _packs(question: Question) -> Iterator[tuple[InteractionPack, bool]]:
    """Give the packs of the profile, and whether each is borrowed from elsewhere."""
    for pack_id in profile(question.profile).interactions:
        pack = interaction_packs()[pack_id]
        own = (profile(question.profile).jurisdiction, Jurisdiction.CONSENSUS)
        yield pack, pack.jurisdiction not in own


def _found(question: Question, known: Iterable[tuple[str, Medicine]]) -> Iterator[Finding]:
    pairs = tuple(known)
    for pack, is_borrowed in _packs(question):
        for one in pack.interaction:
            taken = [pair for pair in pairs if pair[1].is_in(one.row)]
            if taken and one.applies.to(question.case):
                yield _finding(pack, one, taken, is_borrowed=is_borrowed)


def _finding(
    pack: InteractionPack,
    one: Interaction,
    taken: list[tuple[str, Medicine]],
    *,
    is_borrowed: bool,
) -> Finding:
    borrowed = f"the {pack.jurisdiction} label" if is_borrowed else ""
    return Finding(
        rule=one.id,
        severity=SEVERITIES[one.action],
        says=one.says,
        observed="; ".join(dict.fromkeys(_said(typed, medicine) for typed, medicine in taken)),
        limit=one.written,
        resolves=one.resolves,
        source=one.source,
        locator=one.locator,
        status=one.status,
        jurisdiction=pack.jurisdiction,
        extrapolated_from=one.extrapolated_from or borrowed,
    )


_BASIS = {
    "extrapolated": ", which was not itself measured: taken to act as those that were",
    "suggested": ", which the row does not name: added because it is of the kind",
}


def _said(typed: str, medicine: Medicine) -> str:
    name = typed if medicine.ingredient.casefold() in typed.casefold() else (
        f"{typed} ({medicine.ingredient})"
    )  # fmt: skip
    return f"{name}: {medicine.group}{_BASIS.get(medicine.basis, '')}"


def _unlisted() -> Finding:
    asked = fact(_FACT)
    return _own(
        "INT-list", Severity.HOLD, asks=(_FACT,),
        says="Ask which medicines the person takes; an empty list must be said to be empty.",
        observed=f"not known: {asked.label}", limit="a list of all medicines, or none",
        resolves="List them, with what is bought without a prescription, or say there are none.",
    )  # fmt: skip


def _strangers(listed: Iterable[Recognised]) -> Iterator[Finding]:
    unknown = [one.typed for one in listed if not one.medicines]
    if unknown:
        yield _own(
            "INT-unknown", Severity.HOLD,
            says="Check by hand what is not known here: nothing was checked for it.",
            observed=f"not known here: {', '.join(unknown)}",
            limit="every medicine is checked, here or by a person",
            resolves="Correct the spelling, write the ingredient, or let a prescriber or a "
            "pharmacist check it and say so.",
        )  # fmt: skip


def _without(question: Question, listed: Iterable[Recognised]) -> Iterator[Finding]:
    rows = {one.row for pack, _ in _packs(question) for one in pack.interaction
            if one.applies.to(question.case)}  # fmt: skip
    known = [(one.typed, medicine) for one in listed for medicine in one.medicines]
    silent = [typed for typed, medicine in known if rows.isdisjoint(medicine.rows.split())]
    if silent:
        yield _own(
            "INT-norow", Severity.INFO,
            says="No row here is about these with this drug by this route. That is not the same "
            "as safe.",
            observed=", ".join(dict.fromkeys(silent)), limit="the rows of the interaction table",
            resolves="Nothing is asked; look elsewhere where it matters.",
        )  # fmt: skip


def _own(
    rule: str,
    severity: Severity,
    *,
    says: str,
    observed: str,
    limit: str,
    resolves: str,
    asks: tuple[str, ...] = (),
) -> Finding:
    return Finding(
        rule=rule, severity=severity, says=says, observed=observed, limit=limit,
        resolves=resolves, source="ketherapy", locator="how unknown medicines are treated here",
        status=Status.CONVENTION, jurisdiction=Jurisdiction.CONSENSUS, asks=asks,
    )  # fmt: skip
