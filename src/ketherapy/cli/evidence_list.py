"""``ketherapy evidence list`` and ``show``: which trials and reviews there are, and all of one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from ketherapy.cli.evidence_asked import conditions, member, members, one_of
from ketherapy.errors import ContractError

if TYPE_CHECKING:
    from ketherapy.evidence.trials import Contrast, Outcome, Trial


@click.command(name="list")
@one_of("condition", conditions)
@one_of("given", members("Given"))
@one_of("control", members("Control"))
@one_of("kind", members("Kind"))
@one_of("about", members("About"))
@click.option("--questions", is_flag=True, help="the standing questions instead")
@click.option("--reviews", is_flag=True, help="the published syntheses instead")
def list_evidence(
    condition: str, given: str, control: str, kind: str, about: str, questions: bool, reviews: bool
) -> None:
    """List the trials with their outcomes, the standing questions, or the published syntheses.

    \b
    Examples
      ketherapy evidence list --condition ptsd
      ketherapy evidence list --given esketamine --kind relapse
      ketherapy evidence list --reviews
    """  # noqa: D301
    from ketherapy.cli import evidence_shelves

    filters = {"condition": condition, "given": given, "control": control, "kind": kind,
               "about": about}  # fmt: skip
    typed = [name for name, value in filters.items() if value]
    if questions + reviews + bool(typed) > 1:
        raise ContractError(
            "list", expected="filters of trials, --questions or --reviews", got="several of them",
            remedy="Ask for one at a time.",
        )  # fmt: skip
    if questions:
        click.echo(evidence_shelves.questions())
    elif reviews:
        click.echo(evidence_shelves.reviews())
    else:
        click.echo(evidence_shelves.trials(tuple(_wanted(filters))))


def _wanted(filters: dict[str, str]) -> Iterator[tuple[Trial, tuple[Outcome | Contrast, ...]]]:
    """Give the trials that pass, each with its outcomes that do."""
    from ketherapy.evidence.conditions import condition as known
    from ketherapy.evidence.trials import About, Control, Given, Kind, trials

    condition = known(filters["condition"]).id if filters["condition"] else ""
    given = member(Given, filters["given"], "--given") if filters["given"] else None
    control = member(Control, filters["control"], "--control") if filters["control"] else None
    kind = member(Kind, filters["kind"], "--kind") if filters["kind"] else None
    about = member(About, filters["about"], "--about") if filters["about"] else None
    for found in trials():
        outcomes = tuple(
            outcome
            for outcome in (*found.outcomes, *found.contrasts)
            if kind in (None, outcome.kind) and about in (None, outcome.about)
        )
        is_wanted = (
            condition in ("", found.condition)
            and (given is None or any(arm.given is given for arm in found.arms.values()))
            and control in (None, found.control)
        )
        if is_wanted and (outcomes or (kind is None and about is None)):
            yield found, outcomes


@click.command()
@click.argument("name", metavar="TRIAL|REVIEW|REVIEW/POOL", shell_complete=lambda *a: _ids(a[2]))
def show(name: str) -> None:
    """Show everything of one trial, one review, or one published pool beside ours.

    \b
    Examples
      ketherapy evidence show murrough2013
      ketherapy evidence show ferraro2025
      ketherapy evidence show ferraro2025/1_1
    """  # noqa: D301
    from ketherapy.cli import evidence_shelves, evidence_trial
    from ketherapy.evidence.reviews import review, reviews
    from ketherapy.evidence.trials import trial

    of, is_pool, pool_id = name.partition("/")
    if is_pool:
        click.echo(evidence_shelves.pool(review(of), review(of).pool(pool_id)))
    elif name in {one.id for one in reviews()}:
        click.echo(evidence_shelves.review(review(name)))
    else:
        click.echo(evidence_trial.page(trial(name)))


def _ids(incomplete: str) -> list[str]:
    from ketherapy.evidence.reviews import reviews
    from ketherapy.evidence.trials import trials

    pools = [f"{one.id}/{pool.id}" for one in reviews() for pool in one.pools]
    every = [*(one.id for one in trials()), *(one.id for one in reviews()), *pools]
    return [one for one in every if one.startswith(incomplete)]
