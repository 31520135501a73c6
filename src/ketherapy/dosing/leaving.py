"""Whether a person may leave: what the visit shows beside what the rules of discharge ask.

The rules of the stage *discharge* look at facts that somebody states. These look at readings: what
was not read does not let anybody go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from ketherapy import units
from ketherapy.dosing.findings import Finding, Severity, ordered
from ketherapy.dosing.monitoring import State, due_checks
from ketherapy.dosing.protocol import Protocol
from ketherapy.dosing.protocol_parts import Leaving
from ketherapy.dosing.thresholds import dangers
from ketherapy.dosing.visit import Reading, Visit, lasting, monitoring, signs
from ketherapy.sources import Cited, Status


def may_leave_from(protocol: Protocol, visit: Visit) -> datetime | None:
    """Return the earliest moment that the protocol's time allows; None while its clock is not on.

    Source  ketherapy
    """
    anchor = visit.anchor(protocol.leaving.anchor)
    return None if anchor is None else anchor + lasting(protocol.leaving.observed_for)


def leaving_checked(protocol: Protocol, visit: Visit, now: datetime) -> tuple[Finding, ...]:
    """Return what stands against leaving at ``now``; each is a hold or a block.

    Source  ketherapy
    """
    found = [
        *_time(protocol, visit, now), *_pressure(visit, now), *_saturation(visit, now),
        *_awake(visit, now), *_dissociated(visit), *_dangers(visit, now),
        *_checks(protocol, visit, now),
    ]  # fmt: skip
    return ordered(tuple(found))


def _time(protocol: Protocol, visit: Visit, now: datetime) -> Iterator[Finding]:
    rule: Leaving = protocol.leaving
    minutes = units.shown(units.convert(rule.observed_for.value, rule.observed_for.unit, to="min"))
    limit = f"at least {minutes} min from the {rule.anchor.replace('_', ' ')}"
    ready = may_leave_from(protocol, visit)
    if ready is None:
        yield _finding(
            "leaving.time", Severity.HOLD, says="Say when the clock of observation began.",
            observed=f"not known: the {rule.anchor.replace('_', ' ')}", limit=limit,
            resolves="Record it.", number=rule.observed_for, asks=(rule.anchor.value,),
            protocol=protocol,
        )  # fmt: skip
    elif now < ready:
        seen = int((now - (ready - lasting(rule.observed_for))) / timedelta(minutes=1))
        yield _finding(
            "leaving.time", Severity.BLOCK, says="Keep the person until the time is over.",
            observed=f"{seen} min", limit=limit, resolves=f"Ready from {ready:%H:%M %Z}.",
            number=rule.observed_for, protocol=protocol,
        )  # fmt: skip


def _pressure(visit: Visit, now: datetime) -> Iterator[Finding]:
    rules = monitoring()
    for sign, safe in (("sbp", rules.sbp_safe), ("dbp", rules.dbp_safe)):
        last, base = visit.fresh(sign, now), visit.baseline(sign)
        if last is None or last.value is None:
            yield _unread(sign)
            continue
        near = (
            0.0 if base is None else (base.value or 0.0) * (1.0 + rules.pressure_near.value / 100)
        )
        if last.value > max(safe.value, near):
            yield _finding(
                f"leaving.{sign}", Severity.HOLD,
                says="Keep the person until pressure is safe, or near what it was.",
                observed=_said(last),
                limit=f"{units.shown(safe.value)} mmHg or less, or within "
                f"{units.shown(rules.pressure_near.value)} % of the baseline",
                resolves="Wait, and measure again; a physician decides.", number=safe,
            )  # fmt: skip


def _saturation(visit: Visit, now: datetime) -> Iterator[Finding]:
    near = monitoring().saturation_near
    last, base = visit.fresh("spo2", now), visit.baseline("spo2")
    if last is None or last.value is None or base is None or base.value is None:
        yield _unread("spo2")
    elif last.value < base.value - near.value:
        yield _finding(
            "leaving.spo2", Severity.HOLD,
            says="Keep the person until saturation is what it was before the dose.",
            observed=f"{_said(last)}; before the dose {units.shown(base.value)} %",
            limit=f"not more than {units.shown(near.value)} points below the baseline",
            resolves="Wait, and measure again; a physician decides.", number=near,
        )  # fmt: skip


def _awake(visit: Visit, now: datetime) -> Iterator[Finding]:
    awake, last = monitoring().awake, visit.fresh("moaas", now)
    if last is None or last.value is None:
        yield _unread("moaas")
    elif last.value < awake.value:
        yield _finding(
            "leaving.moaas", Severity.BLOCK,
            says="Keep the person until the name is answered readily.", observed=_said(last),
            limit=f"MOAA/S {units.shown(awake.value)}", resolves="Wait, and look again.",
            number=awake,
        )  # fmt: skip


def _dissociated(visit: Visit) -> Iterator[Finding]:
    """Give a hold where dissociation was rated, and has not passed."""
    limit, last, base = monitoring().dissociated, visit.last("cadss"), visit.baseline("cadss")
    if last is None or last.value is None:
        return  # the last checks of the protocol ask for it
    before = 0.0 if base is None or base.value is None else base.value
    if last.value > max(limit.value, before):
        yield _finding(
            "leaving.cadss", Severity.HOLD, says="Keep the person until dissociation has passed.",
            observed=_said(last), limit=f"CADSS {units.shown(limit.value)}, or what it was before",
            resolves="Wait, and rate it again.", number=limit,
        )  # fmt: skip


def _dangers(visit: Visit, now: datetime) -> Iterator[Finding]:
    """Give every danger that stands: nobody leaves while one is only to be measured again."""
    for one in dangers(visit, now):
        yield replace(one.finding, severity=max(one.finding.severity, Severity.HOLD))


def _checks(protocol: Protocol, visit: Visit, now: datetime) -> Iterator[Finding]:
    for item in due_checks(protocol, visit, now):
        if item.check.when == "leaving" and item.state is not State.DONE:
            yield _finding(
                f"leaving.check.{item.check.check}", Severity.HOLD,
                says="Make the last check before the person leaves.",
                observed=f"not done: {item.check.check}",
                limit="a check of the protocol before leaving", resolves="Check it, and record it.",
                number=monitoring().leaving, asks=(item.check.check.value,),
            )  # fmt: skip


def _unread(sign: str) -> Finding:
    label = signs()[sign].label
    return _finding(
        f"leaving.{sign}", Severity.HOLD, says="Read what was not read: nobody leaves on a guess.",
        observed=f"not known: {label}", limit=f"{label}, before the dose and now",
        resolves="Measure it, and record it.", number=monitoring().leaving, asks=(sign,),
    )  # fmt: skip


def _said(one: Reading) -> str:
    sign = signs()[one.sign]
    return f"{sign.label} {units.shown(one.value or 0.0)} {sign.unit}".removesuffix(" 1")


def _finding(
    rule: str,
    severity: Severity,
    *,
    says: str,
    observed: str,
    limit: str,
    resolves: str,
    number: Cited,
    asks: tuple[str, ...] = (),
    protocol: Protocol | None = None,
) -> Finding:
    source, status = ("ketherapy", Status.CONVENTION) if protocol is None else (
        protocol.source, protocol.status,
    )  # fmt: skip
    return Finding(
        rule=rule, severity=severity, says=says, observed=observed, limit=limit,
        resolves=resolves, source=number.source or source, locator=number.locator,
        status=number.status or status,
        jurisdiction="clinic" if protocol is None else protocol.jurisdiction, asks=asks,
    )  # fmt: skip
