"""The options that every command on a regimen shares: what is given, and to whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., object])
_LABELS = ("sex", "ancestry", "kidney", "liver")
ENTRIES = ("drug", "route", "dose", "over", "until", "weight", "age", *_LABELS, "drugs")


def regimen_and_person(*, until: str, whose: str = "") -> Callable[[Command], Command]:
    """Return the decorator that adds the options in ENTRIES before a command's own.

    ``until`` is the usual end in words; ``whose`` stands before what is said of the person.
    """
    shared = (
        click.option("--drug", required=True, metavar="DRUG", cls=Offering, offered=_drugs),
        click.option("--route", required=True, metavar="ROUTE", cls=Offering, offered=_routes),
        click.option("--dose", required=True, metavar="DOSE",
                     help="with its unit: '0.5 mg/kg', '35 mg'"),
        click.option("--over", default="", metavar="TIME", help="how long, or 'bolus'"),
        click.option("--until", default="", metavar="TIME", help=f"time shown; default {until}"),
        click.option("--weight", default="", metavar="WEIGHT", help=f"{whose}'71 kg' or '156 lb'"),
        click.option("--age", default="", metavar="AGE", help=f"{whose}'45 years'"),
        *(_labelled(name, whose) for name in _LABELS),
        click.option("--with-drug", "drugs", multiple=True, metavar="NAME", callback=_together,
                     cls=Offering, offered=_others, before="repeat for several: "),
    )  # fmt: skip

    def decorate(command: Command) -> Command:
        for option in reversed(shared):
            command = option(command)
        return command

    return decorate


class Offering(click.Option):
    """An option whose help lists what there is, read from the science when help is asked for."""

    def __init__(
        self,
        names: Sequence[str],
        *,
        offered: Callable[[], Sequence[str]],
        before: str = "",
        metavar: str,
        **rest: object,
    ) -> None:
        super().__init__(names, metavar=metavar, **rest)  # pyright: ignore[reportArgumentType]
        self._offered = offered
        self._before = before

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the line of help, with every value there is."""
        self.help = self._before + ", ".join(self._offered())
        return super().get_help_record(ctx)


def _labelled(name: str, whose: str) -> Callable[[Command], Command]:
    def members() -> Sequence[str]:
        from ketherapy.pharmacology.covariates import LABELLED

        return [member.value for member in LABELLED[name]]

    return click.option(
        f"--{name}", default="", metavar=name.upper(), cls=Offering, offered=members, before=whose
    )


def _drugs() -> Sequence[str]:
    from ketherapy.regimen import Drug

    return [drug.value for drug in Drug]


def _routes() -> Sequence[str]:
    from ketherapy.regimen import Route

    return [route.value for route in Route]


def _others() -> Sequence[str]:
    from ketherapy.pharmacology.interactions import interacting_drugs

    return interacting_drugs()


def _together(_ctx: click.Context, _option: click.Parameter, typed: tuple[str, ...]) -> str:
    return ",".join(typed)
