"""What can be wrong with the words of a trial's file: names, sources, times, who was counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from ketherapy.errors import DataFileError
from ketherapy.evidence.conditions import conditions
from ketherapy.evidence.problems import (
    Problem,
    Severity,
    Table,
    arms,
    groups,
    named,
    number,
    words,
)
from ketherapy.evidence.trials import Control, Given
from ketherapy.evidence.windows import window_of
from ketherapy.sources import Status, bibliography

# The rating scales stand beside this room, which may not import them: their files are listed.
_INSTRUMENTS = Path(__file__).parents[1] / "instruments" / "data"
_ACTIVE = "midazolam"  # felt, and never pooled silently with what is not
_S_ALONE = ("esketamine", "s(+)-ketamine", "s-ketamine")


@lru_cache(maxsize=1)
def instrument_ids() -> tuple[str, ...]:
    """Return the ids of the rating scales there are."""
    return tuple(sorted(path.stem for path in _INSTRUMENTS.glob("*.toml")))


def unnamed(trial: Table) -> Iterator[Problem]:
    """Give a trial that no reader could name, and ids that stand twice."""
    if not (words(trial, "acronym") or words(trial, "first_author")):
        yield Problem(key="first_author", expected="an acronym or a first author", got=None,
                      remedy="Give one of them, as printed.")  # fmt: skip
    ids = [words(one, "id") for kind in ("outcomes", "contrasts") for _, one in named(trial, kind)]
    for one, times in Counter(ids).items():
        if one and times > 1:
            yield Problem(key=one, expected="an id of its own for each outcome and contrast",
                          got=f"{times} of them", remedy="Rename all but one.")  # fmt: skip


def unknown_arms(trial: Table) -> Iterator[Problem]:
    """Give the arms that results or contrasts name and the file does not describe."""
    known = arms(trial)
    for group in groups(trial):
        if group.arm not in known:
            yield _no_arm(group.key, group.arm, known)
    for key, contrast in named(trial, "contrasts"):
        for field in ("treated", "control"):
            arm = words(contrast, field)
            if arm and arm not in known:
                yield _no_arm(f"{key}.{field}", arm, known)


def _no_arm(key: str, arm: str, known: dict[str, Table]) -> Problem:
    return Problem(key=key, expected=f"an arm of the file: {', '.join(known) or 'it has none'}",
                   got=arm, remedy=f"Add [arms.{arm}], or mend the name.")  # fmt: skip


def wrong_drugs(trial: Table) -> Iterator[Problem]:
    """Give the arms whose role, drug and control do not go together."""
    control = words(trial, "control")
    for name, arm in arms(trial).items():
        role, drug = words(arm, "role"), words(arm, "drug").casefold()
        given = words(arm, "given")
        key = f"arms.{name}"
        if (role == "treated") != bool(given):
            yield Problem(key=f"{key}.given", expected="a drug for the treated, none for others",
                          got=given, remedy="Say which drug, or change the role.")  # fmt: skip
        is_s = any(word in drug for word in _S_ALONE)
        if given and (is_s, given) in ((True, Given.KETAMINE), (False, Given.ESKETAMINE)):
            yield Problem(key=f"{key}.given", expected=f"what was given: {drug}", got=given,
                          remedy="The racemate and S-ketamine are not the same drug.")  # fmt: skip
        if role == "control" and (_ACTIVE in drug) != (control == Control.MIDAZOLAM):
            yield Problem(key="control", expected=f"what the arm {name} was given: {drug}",
                          got=control, remedy="Midazolam is felt, the others are not: they are"
                          " kept apart.")  # fmt: skip


def unknown_sources(trial: Table) -> Iterator[Problem]:
    """Give the documents that the bibliography does not have."""
    for key, table in _cited(trial):
        source = words(table, "source")
        if source and source not in bibliography():
            yield Problem(key=f"{key}source", expected="an id of data/sources.toml", got=source,
                          remedy="Add the document there first, or mend the id.")  # fmt: skip


def _cited(trial: Table) -> Iterator[tuple[str, Table]]:
    yield "", trial
    for kind in ("outcomes", "contrasts"):
        yield from ((f"{key}.", one) for key, one in named(trial, kind))


def remembered(trial: Table) -> Iterator[Problem]:
    """Give what is known from memory only: no number here, but a gap."""
    tables = [*_cited(trial), *((f"{group.key}.", group.numbers) for group in groups(trial))]
    for key, table in tables:
        if words(table, "status").casefold().startswith("recalled"):
            yield Problem(key=f"{key}status", expected="a number that was read in a document",
                          got=words(table, "status"), remedy="Take it out and say under [[gaps]]"
                          " what is not known and why.")  # fmt: skip


def without_place(trial: Table) -> Iterator[Problem]:
    """Give what is called verified and names no place in its document."""
    for kind in ("outcomes", "contrasts"):
        for key, one in named(trial, kind):
            if words(one, "status") == Status.VERIFIED and not words(one, "locator"):
                yield Problem(key=f"{key}.locator", expected="where it is printed: a table, a page",
                              got=None, remedy="Verified means read there; say where.")  # fmt: skip


def unknown_names(trial: Table) -> Iterator[Problem]:
    """Give the condition and the rating scales that are none of ours."""
    known = [one.id for one in conditions()]
    condition = words(trial, "condition")
    if condition and condition not in known:
        yield Problem(key="condition", expected=f"one of {', '.join(known)}", got=condition,
                      remedy="Choose one of these, or add it to conditions.toml.")  # fmt: skip
    for kind in ("outcomes", "contrasts"):
        for key, one in named(trial, kind):
            instrument = words(one, "instrument")
            if instrument and instrument not in instrument_ids():
                yield Problem(key=f"{key}.instrument",
                              expected=f"one of {', '.join(instrument_ids())}", got=instrument,
                              remedy="Leave it out where the scale is none of these; scale says"
                              " it as printed.")  # fmt: skip


def unheld_times(trial: Table) -> Iterator[Problem]:
    """Give the times that no window holds, so that no question could find them."""
    for kind in ("outcomes", "contrasts"):
        for key, one in named(trial, kind):
            at, timepoint = number(one, "at"), words(one, "timepoint")
            if at is None and "at" in one:  # no number: said elsewhere
                continue
            try:
                window_of(at, timepoint)
            except DataFileError:
                yield Problem(key=f"{key}.{'timepoint' if at is None else 'at'}",
                              expected="a time that a window of windows.toml holds",
                              got=timepoint if at is None else at,
                              remedy="Give at in hours after the first dose, or add the words to"
                              " the window they belong to.")  # fmt: skip


def shared_people(trial: Table, others: tuple[Table, ...]) -> Iterator[Problem]:
    """Give the other trials of the same id, registry or paper: their people may be the same."""
    for other in others:
        name = words(other, "id")
        if name == words(trial, "id"):
            yield Problem(key="id", expected="an id that no other trial has", got=name,
                          remedy="Is it the same trial? Else choose another id.")  # fmt: skip
            continue
        registry, cohort = words(trial, "registry"), words(trial, "cohort")
        if registry and registry == words(other, "registry"):
            if not cohort or cohort != words(other, "cohort"):
                yield Problem(key="cohort", expected=f"the cohort that it shares with {name}",
                              got=cohort, remedy=f"Both are registered as {registry}: write"
                              f" cohort = \"{registry}\" in both files, so that no person counts"
                              " twice.")  # fmt: skip
        elif words(trial, "pmid") and words(trial, "pmid") == words(other, "pmid"):
            yield Problem(key="pmid", expected="a paper of its own", got=words(trial, "pmid"),
                          remedy=f"{name} names the same: do they share people?",
                          severity=Severity.WARNING)  # fmt: skip


WORDS = (
    unnamed, unknown_arms, wrong_drugs, unknown_sources, remembered, without_place, unknown_names,
    unheld_times,
)  # fmt: skip
