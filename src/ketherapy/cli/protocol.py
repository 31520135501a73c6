"""``ketherapy protocol``: what is shipped, all of one, a clinic's file checked, two compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from ketherapy.cli.options import Offering
from ketherapy.errors import ContractError

if TYPE_CHECKING:
    from ketherapy.dosing.protocol import Protocol

Command = TypeVar("Command", bound=Callable[..., object])
_PATH = click.Path(path_type=Path)
_FORMATS = click.Choice(["table", "json", "csv"])


@click.group()
def protocol() -> None:
    """List, show, check, compare and simulate treatment protocols.

    Nothing here allows a treatment: a clinic treats under a version that it has adopted.

    \b
    Examples
      ketherapy protocol list --use pain
      ketherapy protocol show iv_crps_2026_01
      ketherapy protocol diff iv_depression_2026_01 iv_bipolar_2026_01
    """  # noqa: D301


def _with_files(command: Command) -> Command:
    """Return ``command`` with the option that names a clinic's own files."""
    return click.option(
        "--file", "files", type=_PATH, multiple=True, metavar="PLACE",
        help="a clinic's own protocol, or a folder of them; repeat for several",
    )(command)  # fmt: skip


@protocol.command(name="list")
@click.option("--jurisdiction", default="", metavar="NAME", cls=Offering,
              offered=lambda: _members("Jurisdiction"))  # fmt: skip
@click.option("--use", default="", metavar="NAME", cls=Offering, offered=lambda: _members("Use"))
@click.option("--stale", is_flag=True, help="only those to be read again before they are relied on")
@click.option("--on", default="", metavar="DATE", help="of staleness; default: today")
@click.option("--format", "form", type=_FORMATS, default="table")
@_with_files
def list_protocols(
    jurisdiction: str, use: str, stale: bool, on: str, form: str, files: tuple[Path, ...]
) -> None:
    """List the protocols; behind the table, what is no protocol here and why.

    \b
    Examples
      ketherapy protocol list
      ketherapy protocol list --jurisdiction US --stale
      ketherapy protocol list --use pain --format csv
    """  # noqa: D301
    from ketherapy.cli import protocol_shown

    _member("Jurisdiction", jurisdiction, "--jurisdiction")
    _member("Use", use, "--use")
    day = _date(on) if on else datetime.now(UTC).date()
    wanted = [
        one for one in _known(files).values()
        if jurisdiction in ("", one.jurisdiction) and use in ("", one.use)
        and (one.is_stale(day) or not stale)
    ]  # fmt: skip
    click.echo(protocol_shown.listed(wanted, on=day, form=form))


@protocol.command()
@click.argument("name", metavar="ID", shell_complete=lambda *a: _ids(a[2]))
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@_with_files
def show(name: str, form: str, files: tuple[Path, ...]) -> None:
    """Show everything of one protocol, each number with its source.

    \b
    Example
      ketherapy protocol show esketamine_trd_us_2026_01
    """  # noqa: D301
    from ketherapy.cli import protocol_shown

    found = _one(name, _known(files))
    click.echo(protocol_shown.as_json(found) if form == "json" else protocol_shown.shown(found))


@protocol.command()
@click.argument("files", nargs=-1, required=True, type=_PATH, metavar="FILE...")
def check(files: tuple[Path, ...]) -> None:
    """Check protocols of a clinic and say everything that is wrong, by file and key.

    A variant (varies = "ID") may be tighter than its base; what is looser needs a reason. Exit
    status 1 where anything is wrong.

    \b
    Example
      ketherapy protocol check our_depression_2026_01.toml
    """  # noqa: D301
    from ketherapy.cli import protocol_shown
    from ketherapy.dosing import variants

    count = 0
    for path in files:
        wrong = variants.faults(path)
        count += len(wrong)
        for line in wrong:
            click.echo(f"{path.name}, {line}")
        if not wrong:
            click.echo(protocol_shown.sound(path))
    click.echo(f"{len(files)} files, {count} faults.")
    if count:
        raise click.exceptions.Exit(1)


@protocol.command()
@click.argument("before", metavar="A", shell_complete=lambda *a: _ids(a[2]))
@click.argument("after", metavar="B", shell_complete=lambda *a: _ids(a[2]))
@click.option("--format", "form", type=_FORMATS, default="table")
@_with_files
def diff(before: str, after: str, form: str, files: tuple[Path, ...]) -> None:
    """Say in what B differs from A, and whether it is tighter, looser or neither.

    What cannot be shown to be as tight counts as looser.

    \b
    Example
      ketherapy protocol diff iv_depression_2026_01 iv_depression_titration_2026_01
    """  # noqa: D301
    from ketherapy.cli import protocol_shown
    from ketherapy.dosing.variants import differences

    known = _known(files)
    found = differences(_one(before, known), _one(after, known))
    click.echo(protocol_shown.differences(found, form=form))


@protocol.command()
@click.argument("name", metavar="ID", shell_complete=lambda *a: _ids(a[2]))
@click.option("--population", "people", required=True, metavar="NAME", cls=Offering,
              offered=lambda: _populations())  # fmt: skip
@click.option("--n", type=int, default=200, metavar="PEOPLE", show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--format", "form", type=_FORMATS, default="table")
@_with_files
def simulate(name: str, people: str, n: int, seed: int, form: str, files: tuple[Path, ...]) -> None:
    """Predict what the first visit of a protocol does in virtual people.

    Highest level, level where an effect arises, rise of pressure, dissociation and time in the
    chair: median and 5 to 95 % over people. A route without a model whose peak can be relied on is
    refused.

    \b
    Example
      ketherapy protocol simulate iv_crps_2026_01 --population invented_adults --n 100
    """  # noqa: D301
    from ketherapy.cli import protocol_shown
    from ketherapy.dosing.protocol_simulated import simulated
    from ketherapy.simulation.people import population

    found = simulated(_one(name, _known(files)), people=population(people), n=n, seed=seed)
    click.echo(protocol_shown.prediction(found, form=form))


def _known(files: tuple[Path, ...]) -> Mapping[str, Protocol]:
    """Return every protocol by its id: those shipped, and a clinic's own behind them."""
    from ketherapy.dosing.protocol import protocols

    known = {one.id: one for one in protocols()}
    for path in (one for place in files for one in _within(place)):
        own = _own(path)
        if own.id in known:
            raise ContractError(
                path.name, expected="an id that no other protocol has", got=own.id,
                remedy="A protocol is never replaced: give the clinic's own another id.",
            )  # fmt: skip
        known[own.id] = own
    return known


def _within(place: Path) -> tuple[Path, ...]:
    return tuple(sorted(place.glob("*.toml"))) if place.is_dir() else (place,)


def _own(path: Path) -> Protocol:
    """Return the clinic's protocol in a file, refused where anything is wrong with it."""
    from ketherapy.dosing import variants
    from ketherapy.dosing.protocol import read_protocol

    if wrong := variants.faults(path):
        raise ContractError(
            path.name, expected="a protocol without faults", got=f"{len(wrong)} faults",
            remedy=f"`ketherapy protocol check` lists them: {wrong[0]}",
        )  # fmt: skip
    return read_protocol(path)


def _one(name: str, known: Mapping[str, Protocol]) -> Protocol:
    if name not in known:
        raise ContractError(
            "protocol", expected=f"one of {', '.join(known)}", got=name,
            remedy="Name one of these with its version.",
        )  # fmt: skip
    return known[name]


def _date(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise ContractError(
            "--on", expected="a date such as 2026-01-31", got=typed, remedy="Correct it."
        ) from error


def _members(kind: str) -> tuple[str, ...]:
    from ketherapy.dosing import rulebook

    return tuple(member.value for member in getattr(rulebook, kind))


def _member(kind: str, typed: str, option: str) -> None:
    offered = _members(kind)
    if typed and typed not in offered:
        raise ContractError(
            option, expected=f"one of {', '.join(offered)}", got=typed, remedy="Choose one."
        )


def _populations() -> tuple[str, ...]:
    from ketherapy.simulation.people import populations

    return tuple(one.id for one in populations())


def _ids(incomplete: str) -> list[str]:
    from ketherapy.dosing.protocol import protocols

    return [one.id for one in protocols() if one.id.startswith(incomplete)]
