"""``ketherapy screen``, ``check-dose`` and ``replay``: may this be given, and would it still be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ketherapy.cli.output import whole_file
from ketherapy.errors import ContractError, DataFileError

if TYPE_CHECKING:
    from ketherapy.dosing.decision import Decision, Override

_FORMAT = click.Choice(["text", "json"])
_NOT_ALLOWED = 1


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--stage", "stages", multiple=True, help="Ask the rules of this stage only.")
@click.option("--now", help="The moment to decide at, such as 2026-01-31T09:05:00Z.")
@click.option("--adopt", multiple=True, metavar="RULE", help="A convention the clinic adopted.")
@click.option("--facts", is_flag=True, help="List every fact that a file may hold, and stop.")
@click.option("--output", type=click.Path(path_type=Path), help="Keep the decision in this file.")
@click.option("--format", "shape", type=_FORMAT, default="text", show_default=True)
@click.pass_context
def screen(  # one parameter for each option, as click passes them
    ctx: click.Context,
    file: Path | None,
    stages: tuple[str, ...],
    now: str | None,
    adopt: tuple[str, ...],
    facts: bool,
    output: Path | None,
    shape: str,
) -> None:
    """Ask every rule about the person in FILE; exit with 1 where something stops it.

    \b
    Examples
      ketherapy screen --facts
      ketherapy screen patient.toml
      ketherapy screen patient.toml --stage pre_dose --output decision.json
    """  # noqa: D301
    if facts:
        return click.echo(_vocabulary())
    if file is None:
        raise ContractError(
            "FILE", expected="a file with a case, a profile and facts", got=None,
            remedy="Name one; `ketherapy screen --facts` lists what it may hold.",
        )  # fmt: skip
    entries = _entries(file, now)
    if stages:
        entries["stages"] = list(stages)
    if entries.get("stages") == []:
        raise ContractError(
            "stages", expected="at least one stage, such as eligibility or pre_dose", got=None,
            remedy="Name one, or leave the key out: then both are asked.",
        )  # fmt: skip
    entries["adopted"] = [*_list(entries.get("adopted")), *adopt]
    _tell(ctx, _decided(entries), output, shape)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--now", help="The moment to decide at, such as 2026-01-31T09:05:00Z.")
@click.option("--output", type=click.Path(path_type=Path), help="Keep the decision in this file.")
@click.option("--format", "shape", type=_FORMAT, default="text", show_default=True)
@click.pass_context
def check_dose(
    ctx: click.Context, file: Path, now: str | None, output: Path | None, shape: str
) -> None:
    """Climb the limit ladder for the dose in FILE; exit with 1 where something stops it.

    \b
    Examples
      ketherapy check-dose plan.toml
      ketherapy check-dose plan.toml --output decision.json
    """  # noqa: D301
    entries = _entries(file, now)
    if entries.get("dose") is None:
        raise ContractError(
            "dose", expected="a table [dose] with a protocol and a phase", got=None,
            remedy="Add it to the file, or use `ketherapy screen`.",
        )  # fmt: skip
    decision = _decided(entries)
    if shape == "text":
        click.echo(_ladder(decision))
    _tell(ctx, decision, output, shape)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def replay(ctx: click.Context, file: Path) -> None:
    """Make the decision in FILE again from its own record; exit with 1 where it differs.

    \b
    Example
      ketherapy replay decision.json
    """  # noqa: D301
    from ketherapy.dosing.decision import replay as made_again

    again = made_again(_read(file))
    if again.is_same:
        return click.echo(f"The same decision, byte for byte: {again.decision.verdict}.")
    click.echo(f"Another decision. Made again it is: {again.decision.verdict}.")
    ctx.exit(_NOT_ALLOWED)


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")  # as it is: line ends belong to a fingerprint
    except (OSError, UnicodeDecodeError) as error:
        raise ContractError(
            "FILE", expected="a text file that can be read", got=file.name,
            remedy="Look at its name, and whether it may be read.",
        ) from error  # fmt: skip


def _entries(file: Path, now: str | None) -> dict[str, object]:
    """Return what the file holds, with the moment to decide at: the option's, its own, or now."""
    from ketherapy import records

    text = _read(file)
    if file.suffix == ".json":
        try:
            entries = json.loads(text, object_pairs_hook=_once)
        except (ValueError, RecursionError) as error:
            raise ContractError(
                file.name, expected="readable JSON", got="other text", remedy=f"{error}."
            ) from error
        entries = entries if isinstance(entries, dict) else {}
    else:
        try:
            entries = records.read_table(file)
        except DataFileError as error:  # theirs to mend, not ours
            raise ContractError(
                file.name, expected=error.expected, got=error.got, remedy="Mend the file."
            ) from error
    found = entries.get("now") if now is None else now
    moment = datetime.now(UTC) if found is None else found
    entries["now"] = moment.isoformat() if isinstance(moment, datetime) else str(moment)
    return entries


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return a table of JSON, in which each key stands once, as TOML has it."""
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError(f"{max(keys, key=keys.count)} stands there twice")
    return dict(pairs)


def _list(entry: object) -> list[object]:
    return entry if isinstance(entry, list) else []


def _decided(entries: Mapping[str, object]) -> Decision:
    from ketherapy.dosing.decision import decide
    from ketherapy.dosing.question import read_question
    from ketherapy.dosing.rulebook import Stage

    asked = dict(entries)
    override = asked.pop("override", None)
    asked.setdefault("stages", [Stage.ELIGIBILITY, Stage.PRE_DOSE])
    return decide(read_question(asked), override=_override(override))


def _override(entry: object) -> Override | None:
    from ketherapy import records
    from ketherapy.dosing.decision import Override

    if entry is None:
        return None
    try:
        return records.check(Override, entry if isinstance(entry, dict) else {}, where="override")
    except DataFileError as error:
        raise ContractError(
            "override", expected="a name, a role, a reason, the rules and the time", got="other",
            remedy=str(error),
        ) from error  # fmt: skip


def _tell(ctx: click.Context, decision: Decision, output: Path | None, shape: str) -> None:
    from ketherapy.dosing.decision import decision_json

    text = decision_json(decision)
    click.echo(text if shape == "json" else _words(decision), nl=shape != "json")
    if output is not None:
        with whole_file(output) as place:
            place.write_text(text, encoding="utf-8", newline="\n")
    if not decision.allowed:
        ctx.exit(_NOT_ALLOWED)


def _words(decision: Decision) -> str:
    """Return a decision as a reader meets it: what stops first."""
    from ketherapy.sources import cite

    lines = [_heading(decision), ""]
    for one in decision.findings:
        where = f", extrapolated from {one.extrapolated_from}" if one.extrapolated_from else ""
        lines += [
            f"{one.severity.name}  {one.rule}  {one.says}",
            f"    seen      {one.observed}",
            f"    limit     {one.limit}",
            f"    resolves  {one.resolves}",
            f"    source    {one.jurisdiction}, {one.status}{where}: {cite(one.source)}",
        ]
    stale = [one for one in decision.used if one.is_stale]
    lines += [f"STALE  {one.id}: read it again. {one.check_against}".rstrip() for one in stale]
    if decision.switched_off:
        lines.append(f"OFF    not adopted by this clinic: {', '.join(decision.switched_off)}")
    lines += [f"NOT CHECKED  {one}" for one in decision.not_checked]
    return "\n".join(lines)


def _heading(decision: Decision) -> str:
    standing = len(decision.standing)
    if decision.allowed:
        return f"Nothing stops it ({decision.verdict}). A clinician decides; this decides nothing."
    return f"Stopped ({decision.verdict}): {standing} finding{'s' if standing > 1 else ''} stand."


def _ladder(decision: Decision) -> str:
    from ketherapy.dosing.dose_check import climbed
    from ketherapy.units import shown

    found = climbed(decision.question)
    lines = []
    for rung in found.rungs:
        left = "unset" if rung.left is None else "no cap" if rung.left == float("inf") else (
            f"{shown(rung.left)} mg"
        )  # fmt: skip
        mark = "binds" if rung in found.binding else ""
        lines.append(f"{left:>10}  {mark:<5}  {rung.step.title}: {rung.says}")
    return "\n".join(["The limit ladder (what each cap leaves for this visit)", *lines, ""])


def _vocabulary() -> str:
    from ketherapy.dosing.facts import FactKind, vocabulary

    words = vocabulary()
    lines: list[str] = []
    for group in words.groups:
        lines.append(f"{group.title}")
        for one in words.facts.values():
            if one.group != group.id:
                continue
            answer = {
                FactKind.NUMBER: f"{one.low:g} to {one.high:g} {one.unit}"
                if one.low is not None and one.high is not None
                else "",
                FactKind.FLAG: "yes or no",
                FactKind.CHOICE: ", ".join(one.choices),
                FactKind.INSTANT: "a time with its zone, or never",
                FactKind.LIST: "a list of names, or none",
            }[one.kind]
            lines.append(f"  {one.id}  [{answer}]  {one.asks}")
    return "\n".join(lines)
