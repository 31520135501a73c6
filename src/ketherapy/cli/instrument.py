"""``ketherapy instrument``: the rating scales, what is in one, and what answers mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from ketherapy.errors import ContractError

if TYPE_CHECKING:
    from ketherapy.instruments.instrument import Instrument
    from ketherapy.instruments.screener import Screener

_WHOLE = re.compile("[+-]?[0-9]{1,3}")
_REPLIES = {"yes": True, "no": False, "-": None}


@click.group()
def instrument() -> None:
    """Rating scales and screeners: their rules, their sources, and what answers mean.

    \b
    Examples
      ketherapy instrument list
      ketherapy instrument show phq9
      ketherapy instrument score phq9 1 1 1 2 2 3 3 3 0
    """  # noqa: D301


@instrument.command(name="list")
@click.option("--conventions", is_flag=True, help="what waits until a clinic adopts it, instead")
def list_instruments(conventions: bool) -> None:
    """List the rating scales and screeners.

    \b
    Example
      ketherapy instrument list --conventions
    """  # noqa: D301
    from ketherapy.cli import instrument_shown

    click.echo(instrument_shown.conventions() if conventions else instrument_shown.table())


@instrument.command()
@click.argument("name", metavar="INSTRUMENT")
def show(name: str) -> None:
    """Show the items, definitions, triggers, licence and sources of an INSTRUMENT.

    \b
    Example
      ketherapy instrument show madrs
    """  # noqa: D301
    from ketherapy.cli import instrument_shown

    click.echo("\n".join(instrument_shown.whole(_named(name))))


@instrument.command(context_settings={"ignore_unknown_options": True})  # an answer may be -3
@click.argument("name", metavar="INSTRUMENT")
@click.argument("answers", nargs=-1)
@click.option("--baseline", type=float, metavar="SCORE", help="an earlier score of this person")
@click.option("--sex", type=click.Choice(["female", "male"]), help="where a cut differs by sex")
@click.option("--adopt", multiple=True, metavar="KEY", help="a convention; repeat for several")
def score(
    name: str, answers: tuple[str, ...], baseline: float | None, sex: str | None,
    adopt: tuple[str, ...],
) -> None:  # fmt: skip
    """Score the ANSWERS to an INSTRUMENT, in the order of its items; '-' is not answered.

    What must happen upon an answer is said also where no score can be formed.

    \b
    Examples
      ketherapy instrument score phq9 1 1 1 2 2 3 3 3 0 --baseline 20
      ketherapy instrument score cssrs no no - - - no -
    """  # noqa: D301
    from ketherapy.cli import instrument_scored
    from ketherapy.instruments.conventions import adopting
    from ketherapy.instruments.screener import Screener

    found = _named(name)
    if len(answers) != len(found.items):
        raise ContractError(
            "answers", expected=f"{len(found.items)}, one for each item of {found.id}",
            got=len(answers), remedy="Write '-' for an item that is not answered.",
        )  # fmt: skip
    given = dict(zip(found.items, answers, strict=True))
    if isinstance(found, Screener):
        replies = {item: _reply(item, text) for item, text in given.items()}
        lines = instrument_scored.screened(found, replies)
    else:
        numbers = {item: _number(item, text) for item, text in given.items()}
        lines = instrument_scored.scored(found, numbers, baseline, sex, adopting(*adopt))
    click.echo("\n".join(lines))


def _named(name: str) -> Instrument | Screener:
    from ketherapy.instruments.instrument import instruments
    from ketherapy.instruments.screener import screeners

    every = (*instruments(), *screeners())
    for found in every:
        if found.id == name:
            return found
    raise ContractError(
        "instrument", expected=f"one of {', '.join(one.id for one in every)}", got=name,
        remedy="ketherapy instrument list describes them.",
    )  # fmt: skip


def _number(item: str, text: str) -> int | None:
    if text == "-":
        return None
    if not _WHOLE.fullmatch(text):
        raise ContractError(
            item, expected="a whole number", got=text, remedy="Write '-' where it is not answered."
        )
    return int(text)


def _reply(item: str, text: str) -> bool | None:
    if text not in _REPLIES:
        raise ContractError(
            item, expected="yes or no", got=text, remedy="Write '-' where it is not answered."
        )
    return _REPLIES[text]
