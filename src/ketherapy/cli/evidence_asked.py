"""What ``ketherapy evidence pool`` and ``forest`` are asked: a question, or a published pool."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

import click

from ketherapy import units
from ketherapy.cli.options import Offering
from ketherapy.errors import ContractError

if TYPE_CHECKING:
    from ketherapy.evidence.analysis import Analysis
    from ketherapy.evidence.questions import Question
    from ketherapy.evidence.synthesis.pooled import Choices

Command = TypeVar("Command", bound=Callable[..., object])
Member = TypeVar("Member", bound=StrEnum)
_SHORT = {"modified": "HKSJ_MODIFIED", "k-2": "K_MINUS_2", "k-1": "K_MINUS_1"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """What was typed, as it was typed."""

    asked: str
    condition: tuple[str, ...]
    given: tuple[str, ...]
    route: tuple[str, ...]
    control: tuple[str, ...]
    kind: str
    about: str
    scale: tuple[str, ...]
    window: tuple[str, ...]
    part: str
    printed: str
    measure: str
    better: str
    tau2: str
    interval: str
    prediction: str
    level: str

    @property
    def filters(self) -> dict[str, object]:
        """Return what was typed of a question of one's own."""
        own = ("condition", "given", "route", "control", "kind", "about", "scale", "window",
               "part", "printed", "measure", "better")  # fmt: skip
        return {name: value for name in own if (value := getattr(self, name))}


def conditions() -> Sequence[str]:
    """Return the ids of the conditions."""
    from ketherapy.evidence.conditions import conditions as known

    return [one.id for one in known()]


def members(name: str) -> Callable[[], Sequence[str]]:
    """Return what gives the words of an enumeration of the trials."""

    def found() -> Sequence[str]:
        from ketherapy.evidence import trials

        return [one.value for one in getattr(trials, name)]

    return found


def _windows() -> Sequence[str]:
    from ketherapy.evidence.windows import windows

    return [one.id for one in windows()]


def _measures() -> Sequence[str]:
    return ["MD", "SMD", "ROM", "RR", "OR", "RD", "HR"]


def _estimators() -> Sequence[str]:
    from ketherapy.evidence.synthesis import Tau2

    return [one.name for one in Tau2]


def question_or_pool(command: Command) -> Command:
    """Return the command with the argument and the options that say what is asked."""
    shared = (
        click.argument("asked", metavar="[QUESTION|REVIEW/POOL]", default="", shell_complete=_ids),
        several_of("condition", conditions),
        several_of("given", members("Given")),
        click.option("--route", multiple=True, metavar="ROUTE", help="as printed, such as IV"),
        several_of("control", members("Control")),
        one_of("kind", members("Kind")),
        one_of("about", members("About")),
        click.option("--scale", multiple=True, metavar="SCALE", help="as printed, such as MADRS"),
        several_of("window", _windows),
        click.option("--part", default="", metavar="WORDS", help="of the people, such as 'women'"),
        one_of("printed", lambda: ["groups", "contrasts"],
               "what is pooled; contrasts: differences printed without groups; default groups: "),
        one_of("measure", _measures, "default RR of counts, MD of means: "),
        one_of("better", lambda: ["above", "below"], "side of no effect that is a benefit: "),
        one_of("tau2", _estimators, "default REML, or as published: "),
        one_of("interval", lambda: ["wald", "hksj", "modified"], 
               "default modified where three trials or more differ, else wald: "),
        one_of("prediction", lambda: ["none", "k-2", "k-1"], "degrees of freedom, default k-2: "),
        click.option("--level", default="95 %", show_default=True, metavar="SHARE",
                     help="of the intervals"),
    )  # fmt: skip
    for option in reversed(shared):
        command = option(command)
    return command


def one_of(
    name: str, offered: Callable[[], Sequence[str]], before: str = ""
) -> Callable[[Command], Command]:
    """Return the decorator that adds an option of one value; its help lists what there is."""
    return click.option(
        f"--{name}", default="", metavar=name.upper(), cls=Offering, offered=offered, before=before
    )


def several_of(name: str, offered: Callable[[], Sequence[str]]) -> Callable[[Command], Command]:
    """Return the decorator that adds an option of several values; its help lists what there is."""
    return click.option(
        f"--{name}", multiple=True, metavar=name.upper(), cls=Offering, offered=offered,
        before="repeat for several: ",
    )  # fmt: skip


def _ids(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    from ketherapy.evidence.questions import questions
    from ketherapy.evidence.reviews import reviews

    pools = [f"{one.id}/{pool.id}" for one in reviews() for pool in one.pools if pool.method]
    return [one for one in (*(q.id for q in questions()), *pools) if one.startswith(incomplete)]


def analysed(typed: Typed) -> Analysis:
    """Return the analysis of what was asked.

    Errors  ContractError for what is not known, nothing asked, or two things
    """
    if bool(typed.asked) == bool(typed.filters):
        raise ContractError(
            "question", expected="a question, a REVIEW/POOL, or options such as --condition",
            got="both" if typed.asked else None,
            remedy="'ketherapy evidence list --questions' and '--reviews' show them.",
        )  # fmt: skip
    level(typed.level)  # refused before anything is computed
    ask = _pool(typed.asked) if "/" in typed.asked else _question(typed)
    found = ask(None)
    wanted = _choices(typed, found.choices)
    return found if wanted == found.choices else ask(wanted)


def _pool(asked: str) -> Callable[[Choices | None], Analysis]:
    from ketherapy.evidence.analysis import reproduce
    from ketherapy.evidence.reviews import review

    of, _, pool_id = asked.partition("/")
    found = review(of)
    published = found.pool(pool_id)
    return lambda choices: reproduce(found, published, choices)


def _question(typed: Typed) -> Callable[[Choices | None], Analysis]:
    from ketherapy.evidence.analysis import answer
    from ketherapy.evidence.questions import question

    found = question(typed.asked) if typed.asked else _own(typed)
    return lambda choices: answer(found, choices)


def _own(typed: Typed) -> Question:
    """Return the question that the options put."""
    from ketherapy import records
    from ketherapy.evidence.conditions import condition
    from ketherapy.evidence.effects import Measure
    from ketherapy.evidence.questions import COUNTED, Question
    from ketherapy.evidence.trials import About, Control, Given, Kind
    from ketherapy.evidence.windows import window

    read = _all_of({
        "conditions": lambda: tuple(condition(one).id for one in typed.condition),
        "given": lambda: tuple(member(Given, one, "--given") for one in typed.given),
        "controls": lambda: tuple(member(Control, one, "--control") for one in typed.control),
        "windows": lambda: tuple(window(one).id for one in typed.window),
        "kind": lambda: member(Kind, typed.kind, "--kind"),
        "about": lambda: member(About, typed.about, "--about"),
    })  # fmt: skip
    kind, about = Kind(str(read["kind"])), About(str(read["about"]))
    _refuse_no_effect(kind)
    usual = "RR" if kind in COUNTED else "MD"
    entries: dict[str, object] = {
        "id": "asked", "title": _title(typed), "routes": typed.route, "scales": typed.scale,
        "part": typed.part, "printed": typed.printed or "groups", **read,
        "measure": member(Measure, typed.measure or usual, "--measure"),
        "favourable": _better(typed, kind, about),
    }  # fmt: skip
    for fault in records.faults(Question, entries):
        raise ContractError(
            fault.key or "question", expected=fault.expected.removeprefix("Value error, "),
            got=None if isinstance(fault.got, Mapping) else fault.got, remedy="Ask another way.",
        )  # fmt: skip
    return records.check(Question, entries, where="question")


def _all_of(readers: Mapping[str, Callable[[], object]]) -> dict[str, object]:
    """Return what each option says; where several cannot be read, every reason at once."""
    found: dict[str, object] = {}
    refused: list[ContractError] = []
    for name, read in readers.items():
        try:
            found[name] = read()
        except ContractError as error:
            refused.append(error)
    if len(refused) == 1:
        raise refused[0]
    if refused:
        raise ContractError(
            "options", expected="options that can all be read", got=f"{len(refused)} that cannot",
            remedy=" ".join(str(one) for one in refused),
        )  # fmt: skip
    return found


def _refuse_no_effect(kind: StrEnum) -> None:
    from ketherapy.evidence.trials import Kind

    if kind in (Kind.BASELINE, Kind.SIZE):
        raise ContractError(
            "--kind", expected="something that treatment could change", got=kind.value,
            remedy="Before treatment groups differ by chance alone; 'evidence show' has the"
            " numbers.",
        )  # fmt: skip


def _better(typed: Typed, kind: StrEnum, about: StrEnum) -> str:
    from ketherapy.evidence.trials import About, Kind, better_side

    if typed.better in ("above", "below"):
        return typed.better
    side = better_side(Kind(kind), About(about))
    if typed.better or side is None:
        raise ContractError(
            "--better", expected="above or below", got=typed.better,
            remedy="Say on which side of no effect the treated are better off.",
        )  # fmt: skip
    return side


def _title(typed: Typed) -> str:
    given = ", ".join(typed.given) or "any of the drugs"
    control = ", ".join(typed.control) or "any control"
    people = f" in {', '.join(typed.condition)}" if typed.condition else ""
    when = f", {', '.join(typed.window)}" if typed.window else ""
    return f"{given} against {control}{people}: {typed.kind} of {typed.about}{when}"


def member(kind: type[Member], typed: str, what: str) -> Member:
    """Return the member of an enumeration that was typed by its word or its name.

    Errors  ContractError listing what there is
    """
    wanted = typed.casefold()
    for one in kind:
        if wanted in (one.value.casefold(), one.name.casefold()):
            return one
    raise ContractError(
        what, expected=f"one of {', '.join(one.value for one in kind)}", got=typed,
        remedy="Choose one of these.",
    )  # fmt: skip


def _choices(typed: Typed, usual: Choices) -> Choices:
    from ketherapy.evidence.synthesis import Interval, Prediction, Tau2

    found = replace(usual, level=level(typed.level))
    if typed.tau2:
        found = replace(found, tau2=member(Tau2, typed.tau2, "--tau2"))
    if typed.interval:
        found = replace(found, interval=member(Interval, _long(typed.interval), "--interval"))
    if typed.prediction:
        named = member(Prediction, _long(typed.prediction), "--prediction")
        found = replace(found, prediction=named)
    return found


def _long(typed: str) -> str:
    return _SHORT.get(typed.casefold(), typed)


def level(typed: str) -> float:
    """Return the level of intervals that was typed, as a fraction.

    Units   1
    Errors  ContractError where it is no share between 50 % and 100 %
    """
    found = units.read(typed, what="level", to="1", example="95 %")
    if not 0.5 <= found < 1.0:
        raise ContractError(
            "level", expected="a share from 50 % to below 100 %", got=typed,
            remedy="95 % is usual.",
        )  # fmt: skip
    return round(found, 12)  # 95 % is 0.95 to the last digit, so that it is known as the usual one
