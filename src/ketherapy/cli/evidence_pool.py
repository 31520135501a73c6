"""``ketherapy evidence pool`` and ``forest``: trials pooled, and drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ketherapy.cli.evidence_asked import Typed, analysed, question_or_pool
from ketherapy.cli.output import refuse_places, whole_file
from ketherapy.errors import ContractError

if TYPE_CHECKING:
    from ketherapy.evidence.analysis import Analysis
    from ketherapy.evidence.matches import Match

_FILE = click.Path(path_type=Path)


@click.command()
@question_or_pool
@click.option("--leave-one-out", is_flag=True, help="the same without each trial in turn")
@click.option("--cumulative", is_flag=True, help="as it stood after each trial, by year")
@click.option("--bayes", is_flag=True, help="the posterior, with its prior")
@click.option("--mcid", type=float, metavar="EFFECT",
              help="of --bayes: the chance of an effect beyond this")  # fmt: skip
@click.option("--tau-scale", type=float, metavar="SCALE",
              help="of --bayes: how far trials may differ; needed for MD and RD")  # fmt: skip
@click.option("--bootstrap", type=int, metavar="DRAWS", help="draw the effects again")
@click.option("--seed", type=int, help="of --bootstrap: the same seed, the same digits")
@click.option("--csv", "csv_path", type=_FILE, help="write a tidy table")
def pool(csv_path: Path | None, **typed: object) -> None:
    """Pool the trials that answer a question, or compute a published pool again.

    Says trials, weights, the pooled effect with its intervals, how trials differ, how sure it is
    and why, what was left out and why, and the sources. What would mislead is refused: midazolam
    with saline, mixed limits, times or scales, people counted twice. Exit status 1 where nothing
    is pooled.

    \b
    Examples
      ketherapy evidence pool esketamine_response_month
      ketherapy evidence pool ferraro2025/1_1 --tau2 REML --leave-one-out
      ketherapy evidence pool --condition resistant_depression --given esketamine \\
                --control "placebo spray" --kind change --about depression --window month
    """  # noqa: D301
    from ketherapy.cli.evidence_csv import write_csv
    from ketherapy.cli.evidence_tables import report

    names = [field.name for field in fields(_More)]
    more = _More(**{name: typed.pop(name) for name in names})  # pyright: ignore[reportArgumentType]
    _refuse_loose(more)
    refuse_places(None, csv_path)
    asked = Typed(**typed)  # pyright: ignore[reportArgumentType]
    found = analysed(asked)
    blocks = [report(found, _match(asked.asked))]
    if found.effects is not None:
        blocks += _further(found, more)
    if csv_path:
        write_csv(found, csv_path)
    click.echo("\n\n".join(blocks))
    _end(found)


@dataclass(frozen=True, kw_only=True, slots=True)
class _More:
    """What was typed of further looks at a synthesis."""

    leave_one_out: bool
    cumulative: bool
    bayes: bool
    mcid: float | None
    tau_scale: float | None
    bootstrap: int | None
    seed: int | None


def _refuse_loose(more: _More) -> None:
    """Refuse an option without the one it belongs to, and draws without a seed."""
    loose = (
        ("--mcid", more.mcid, "--bayes", more.bayes),
        ("--tau-scale", more.tau_scale, "--bayes", more.bayes),
        ("--seed", more.seed, "--bootstrap", more.bootstrap is not None),
    )
    for name, value, other, is_there in loose:
        if value is not None and not is_there:
            raise ContractError(
                name, expected=f"{other} beside it", got=value, remedy=f"Leave it out, or add"
                f" {other}.",
            )  # fmt: skip
    if more.bootstrap is not None and (more.seed is None or more.seed < 0):
        raise ContractError(
            "--seed", expected="a whole number from 0 on", got=more.seed,
            remedy="Draws are told apart by it: --seed 1 is as good as any.",
        )  # fmt: skip


def _further(found: Analysis, more: _More) -> Iterator[str]:
    from ketherapy.cli import evidence_more

    if more.leave_one_out:
        yield evidence_more.one_out(found)
    if more.cumulative:
        yield evidence_more.one_after_another(found)
    if more.bayes:
        yield evidence_more.after_bayes(found, mcid=more.mcid, tau_scale=more.tau_scale)
    if more.bootstrap is not None and more.seed is not None:
        yield evidence_more.drawn_again(found, draws=more.bootstrap, seed=more.seed)


@click.command()
@question_or_pool
@click.option("--plot", type=_FILE, help="write it: .svg, .png, .pdf")
def forest(plot: Path | None, **typed: object) -> None:
    """Draw the trials that answer a question: in the terminal, or to a file.

    \b
    Examples
      ketherapy evidence forest esketamine_change_month
      ketherapy evidence forest ferraro2025/1_1 --plot forest.svg
    """  # noqa: D301
    from ketherapy.cli import evidence_forest
    from ketherapy.cli.evidence_tables import NOTICE, flagged

    refuse_places(plot)
    found = analysed(Typed(**typed))  # pyright: ignore[reportArgumentType]
    if plot and found.pooled is not None:
        from ketherapy.evidence import forest_figure

        with whole_file(plot) as part:
            forest_figure.draw(found, part)
    blocks = (evidence_forest.forest(found), flagged(found), NOTICE)
    click.echo("\n\n".join(block for block in blocks if block))
    _end(found)


def _match(asked: str) -> Match | None:
    from ketherapy.evidence.matches import match
    from ketherapy.evidence.reviews import review

    of, is_pool, pool_id = asked.partition("/")
    return match(review(of), review(of).pool(pool_id)) if is_pool else None


def _end(found: Analysis) -> None:
    if found.pooled is None:
        raise click.exceptions.Exit(1)
