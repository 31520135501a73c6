"""One trial as its page shows it: design, groups, every outcome, printed differences, gaps."""

from __future__ import annotations

import re
from dataclasses import dataclass

from clinic.explore import evidence_words as words
from clinic.explore.evidence_bias import Bias, of_trial
from clinic.explore.evidence_pools import who
from clinic.explore.evidence_search import people_of
from clinic.explore.evidence_studies import Difference, Figures, design_words, difference, figures
from clinic.explore.origins import STATUS_WORDS, Reference, reference
from ketherapy.errors import ContractError
from ketherapy.evidence.reviews import reviews
from ketherapy.evidence.trials import (
    Control,
    Masking,
    Outcome,
    Trial,
    condition_of,
    trial,
)

_REGISTRY = "https://clinicaltrials.gov/study/"
_REGISTERED = re.compile(r"NCT[0-9]{8}")
_MASKING = {
    Masking.TRIPLE: "triple: people, treating staff and assessors",
    Masking.DOUBLE: "double",
    Masking.ASSESSOR: "of the assessors only",
    Masking.OPEN: "none: everybody knew",
    Masking.UNKNOWN: "not read",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ArmLine:
    """What one group was given."""

    label: str
    role: str
    drug: str
    route: str
    dose: str
    schedule: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OutcomeBlock:
    """One outcome with the numbers of all its groups."""

    id: str
    heading: str
    definition: str
    scale: str
    timepoint: str
    part: str
    rows: tuple[Figures, ...]
    has_control: bool  # whether numbers of a control group stand beside
    is_controlled: bool  # whether the trial had one
    status: str
    source: Reference
    locator: str
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GapLine:
    """One thing that was looked for and is not here."""

    what: str
    where: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TrialPage:
    """Everything known of one trial."""

    id: str
    name: str
    author: str
    year: int
    condition: str
    condition_printed: str
    population: str
    country: str
    design: str
    design_printed: str
    masking: str
    control: str
    control_printed: str
    people: int | None
    registry: str
    registry_address: str  # "" where it is not one we know how to look up
    pmid: str
    cohort: str
    bias: Bias
    note: str
    status: str
    arms: tuple[ArmLine, ...]
    outcomes: tuple[OutcomeBlock, ...]
    differences: tuple[Difference, ...]
    gaps: tuple[GapLine, ...]
    sources: tuple[Reference, ...]
    pools: tuple[tuple[str, str, str], ...]  # review, pool and words of what it was used in


def find(trial_id: str) -> TrialPage | None:
    """Return the page of a trial, or None where there is no such trial."""
    try:
        found = trial(trial_id)
    except ContractError:
        return None
    return _page(found)


def _page(found: Trial) -> TrialPage:
    one = condition_of(found)
    is_known = _REGISTERED.fullmatch(found.registry) is not None
    return TrialPage(
        id=found.id, name=found.name, author=found.first_author, year=found.year,
        condition=one.name, condition_printed=found.condition_printed,
        population=found.population, country=found.country, design=design_words(found),
        design_printed=found.design_printed, masking=_MASKING[found.masking],
        control=words.CONTROLS[found.control], control_printed=found.control_printed,
        people=people_of(found), registry=found.registry,
        registry_address=f"{_REGISTRY}{found.registry}" if is_known else "",
        pmid=found.pmid, cohort=found.cohort, bias=of_trial(found), note=found.note,
        status=STATUS_WORDS[found.status], arms=_arms(found),
        outcomes=tuple(_block(found, outcome) for outcome in found.outcomes),
        differences=tuple(difference(found, contrast) for contrast in found.contrasts),
        gaps=tuple(GapLine(what=gap.what, where=gap.where, why=gap.why) for gap in found.gaps),
        sources=_sources(found), pools=_pools(found),
    )  # fmt: skip


def _arms(found: Trial) -> tuple[ArmLine, ...]:
    return tuple(
        ArmLine(
            label=arm.label, role=arm.role, drug=arm.drug,
            route=words.ROUTES.get(arm.route, arm.route), dose=arm.dose, schedule=arm.schedule,
        )
        for arm in found.arms.values()
    )  # fmt: skip


def _block(found: Trial, outcome: Outcome) -> OutcomeBlock:
    roles = {found.arms[arm].role for arm in outcome.results}
    return OutcomeBlock(
        id=outcome.id,
        heading=outcome.outcome,
        definition=outcome.definition,
        scale=outcome.scale,
        timepoint=outcome.timepoint,
        part=outcome.part,
        rows=tuple(figures(found, outcome, arm) for arm in outcome.results),
        has_control=bool(roles & {"control", "both"}),
        is_controlled=found.control is not Control.NONE,
        status=STATUS_WORDS[outcome.status],
        source=reference(outcome.source),
        locator=outcome.locator,
        note=outcome.note,
    )


def _sources(found: Trial) -> tuple[Reference, ...]:
    keys = [found.source, *(one.source for one in (*found.outcomes, *found.contrasts))]
    return tuple(reference(key) for key in dict.fromkeys(keys))


def _pools(found: Trial) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (one.id, pool.id, f"{who(one.source)}: {pool.comparison}, {pool.outcome}")
        for one in reviews()
        for pool in one.pools
        if any(used.trial == found.id for used in pool.inputs)
    )
