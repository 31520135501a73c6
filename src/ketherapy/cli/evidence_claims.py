"""``ketherapy evidence claims``: what is said about ketamine, and what the trials say of it."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill
from typing import TYPE_CHECKING

import click

from ketherapy.cli.evidence_tables import NOTICE, grid, listed

if TYPE_CHECKING:
    from ketherapy.evidence.claims import Stated
    from ketherapy.evidence.figures import Figure

_WIDE = 96  # characters of a line


@click.command()
@click.argument("claim_id", metavar="[ID]", default="", shell_complete=lambda *a: _ids(a[2]))
@click.option("--plain", is_flag=True, help="in plain words, for everybody")
def claims(claim_id: str, plain: bool) -> None:
    """Say what the trials make of twelve claims about ketamine, or all of one.

    The numbers in a text are computed when it is asked for. Where they are no longer those of the
    day the verdict was given, it is shown as under review.

    \b
    Examples
      ketherapy evidence claims
      ketherapy evidence claims 6 --plain
    """  # noqa: D301
    from ketherapy.evidence.claims import claim, stated
    from ketherapy.evidence.claims import claims as known

    if claim_id:
        click.echo(_page(stated(claim(claim_id)), is_plain=plain))
        return
    every = [stated(one) for one in known()]
    click.echo(_plain(every) if plain else _table(every))


def _ids(incomplete: str) -> list[str]:
    from ketherapy.evidence.claims import claims as known

    return [one.id for one in known() if one.id.startswith(incomplete)]


def _table(every: list[Stated]) -> str:
    rows = [(one.claim.id, one.claim.claim, _verdict(one), one.claim.in_short) for one in every]
    table = grid(rows, ("claim", "what is said", "verdict", "in short"), {1: 44, 2: 24, 3: 44})
    return f"{table}\n\n'ketherapy evidence claims ID' says all of one.\n\n{NOTICE}"


def _plain(every: list[Stated]) -> str:
    blocks = [
        "\n".join([f"{one.claim.id}. “{one.claim.claim}”", f"Verdict: {_verdict(one)}",
                   fill(one.plain, _WIDE)])
        for one in every
    ]  # fmt: skip
    return "\n\n".join([*blocks, NOTICE])


def _verdict(one: Stated) -> str:
    return f"{one.claim.verdict.value} ({one.notice})" if one.notice else one.claim.verdict.value


def _page(one: Stated, *, is_plain: bool) -> str:
    found = one.claim
    head = [
        f"{found.id}. “{found.claim}”",
        f"Verdict: {_verdict(one)}, given on {found.reviewed_on.isoformat()}",
        f"In short: {found.in_short}",
    ]
    blocks = [
        "\n".join(fill(line, _WIDE) for line in head),
        fill(one.plain if is_plain else one.clinician, _WIDE),
        "" if is_plain else _numbers(one),
        fill(f"What would change the verdict: {found.would_change}", _WIDE),
        listed("Sources", one.sources),
        NOTICE,
    ]
    return "\n\n".join(block for block in blocks if block)


def _numbers(one: Stated) -> str:
    if not one.numbers:
        return ""
    rows = [(name, *_number(number)) for name, number in one.numbers.items()]
    heads = ("number", "value", "interval", "how", "certainty", "status")
    return grid(rows, heads, {3: 44, 4: 24})


def _number(number: Figure) -> Iterator[str]:
    value, low, high = number.shown(decimals=number.decimals)
    yield value if number.unit == "1" else f"{value} {number.unit}".strip()
    yield f"{low} to {high}" if low and high else ""
    yield number.how
    yield f"{number.certainty} ({number.certainty_by})" if number.certainty else ""
    yield number.status.value
