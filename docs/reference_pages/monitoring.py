"""The page of monitoring: what is acted on in a visit, how late is late, and what leaving asks."""

from __future__ import annotations

from collections.abc import Iterator

from ketherapy.dosing.thresholds import Threshold, ThresholdPack, threshold_packs
from ketherapy.dosing.visit import monitoring
from ketherapy.sources import Cited
from ketherapy.units import shown
from reference_pages.markdown import code, table, text
from reference_pages.markdown import page as whole

_INTRODUCTION = """\
A visit is folded from its events and from now; nothing ticks. Ketherapy reminds, charts and
predicts: the bedside monitor alarms. No label prints what is to be done at a number during a visit;
what stands here is what one clinic does, what a ward score colours red, and conventions, each with
its source.

A danger that was read stands until a later reading says otherwise. Where something must last, the
first reading asks for another one, and where nobody measured again in time it has lasted. A symptom
outranks every number and waits for none. What a monitor sends for “no reading” is none."""

_ALARMS = """\
What holds or blocks interrupts somebody; so does a check that is overdue, and so does silence, on a
path that looks at nothing but whether anything was read. Each cause is a channel of its own: to
acknowledge one silences no other, and two checks of one kind are two channels. One that was
acknowledged speaks again after a while, and at once where it got worse: a further limit is crossed,
or a sign is a whole step worse than what was seen (“worse by”, below: our conventions, each more
than two readings of one state differ by chance). In the middle of ordinary visits of virtual people
there are at most two (`tests/properties/test_alarm_budget.py`; a thousand visits of each kind in
`make soak`)."""

_LEAVING = """\
Beside the rules of discharge, a visit itself must show: the time of the protocol is over, to the
second; pressure is safe or near what it was; saturation is what it was; the name is answered
readily; the last checks are made; nothing above stands. What was not read asks."""


def page() -> str:
    """Return the page."""
    return whole(
        "Monitoring, alarms and leaving",
        _INTRODUCTION,
        "## What is acted on",
        *(_pack(pack) for pack in threshold_packs()),
        "## Alarms",
        _ALARMS,
        "## Before the person leaves",
        _LEAVING,
        "## How late is late",
        table(("number", "value", "what it is", "status"), list(_numbers())),
        "## What can be read",
        table(
            ("sign", "what", "unit", "taken for a reading", "worse by"),
            [
                (
                    code(one.id),
                    one.label,
                    one.unit,
                    f"{shown(one.low)} to {shown(one.high)}",
                    "" if one.step is None else shown(one.step),
                )
                for one in monitoring().sign
            ],
        ),
    )


def _pack(pack: ThresholdPack) -> str:
    against = f"; check against {pack.check_against}" if pack.check_against else ""
    version = f"Version {code(pack.id)}, to be read again after {pack.stale_after}{text(against)}."
    heads = ("row", "what", "as written", "what follows", "at first", "status", "source", "note")
    rows = table(heads, [_row(pack, one) for one in pack.threshold])
    return f"{version}\n\n{rows}"


def _row(pack: ThresholdPack, one: Threshold) -> tuple[str, ...]:
    return (
        code(one.id),
        text(one.title),
        text(one.written),
        text(f"{one.action}: {one.says}"),
        text(one.first),
        (one.status or pack.status).value,
        code(one.source or pack.source),
        text(f"{one.locator}. {one.note}".rstrip(". ")),
    )


def _numbers() -> Iterator[tuple[str, ...]]:
    rules = monitoring()
    for name in (
        "early", "shown", "escalated", "throughout", "leaving", "silence", "again",
        "pressure_near", "saturation_near", "awake", "sbp_safe", "dbp_safe",
    ):  # fmt: skip
        number: Cited = getattr(rules, name)
        unit = "" if number.unit == "1" else f" {number.unit}"
        status = number.status or rules.status
        yield code(name), f"{shown(number.value)}{unit}", text(number.locator), status.value
