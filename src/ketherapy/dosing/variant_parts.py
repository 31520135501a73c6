"""In which parts two protocols differ, and which of the two is the tighter there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from ketherapy import units
from ketherapy.dosing.protocol import Protocol
from ketherapy.dosing.protocol_parts import (
    LEAST,
    LIMITS,
    DueCheck,
    Giving,
    Limit,
    Phase,
    Remark,
    Schedule,
)
from ketherapy.dosing.rulebook import Setting
from ketherapy.sources import Cited

_DIGITS = 6  # of what a file says: two numbers never look alike that are not
Number = Cited | Limit | None


class Direction(StrEnum):
    """Which way a difference goes."""

    LOOSER = "looser"  # lets more through, or cannot be shown not to
    TIGHTER = "tighter"
    OTHER = "other"  # neither


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One part in which two protocols differ."""

    path: str
    before: str  # empty: it was not there
    after: str  # empty: it is not there any more
    direction: Direction
    reason: str = ""  # why it is looser, as the variant says

    @property
    def order(self) -> tuple[int, str]:
        """Return its place in a list: the looser first."""
        return (list(Direction).index(self.direction), self.path)

    def because(self, reason: str) -> Difference:
        """Return the difference with the reason given for it."""
        return replace(self, reason=reason)


def differing(old: Protocol, new: Protocol) -> Iterator[Difference]:
    """Give every part in which two protocols differ."""
    yield from _heads(old, new)
    yield from _number("age_from", old.age_from, new.age_from, "year", fewer=False)
    yield from _number("age_below", old.age_below, new.age_below, "year", fewer=True)
    for name in sorted(old.limits.keys() | new.limits.keys()):
        yield from _limit(name, old.limits.get(name), new.limits.get(name))
    yield from _phases(old, new)
    yield from _due(old.due, new.due)
    yield from _leaving(old, new)
    for name in ("staff", "equipment", "alongside", "follow_up"):
        yield from _remarks(name, getattr(old, name), getattr(new, name))
    for name in ("evidence", "advice", "remarks"):
        if getattr(old, name) != getattr(new, name):
            yield _other(name, _texts(getattr(old, name)), _texts(getattr(new, name)))


def _one(path: str, before: str, after: str, *, is_tighter: bool) -> Difference:
    direction = Direction.TIGHTER if is_tighter else Direction.LOOSER
    return Difference(path=path, before=before, after=after, direction=direction)


def _other(path: str, before: object, after: object) -> Difference:
    return Difference(path=path, before=str(before), after=str(after), direction=Direction.OTHER)


def _heads(old: Protocol, new: Protocol) -> Iterator[Difference]:
    for name in ("id", "title", "rules", "since", "varies", "jurisdiction", "profile",
                 "indication", "source", "status"):  # fmt: skip
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield _other(name, _said(before), _said(after))
    for name in ("drug", "route", "use"):  # another drug is not known to be safer
        before, after = getattr(old, name), getattr(new, name)
        if before is not after:
            yield _one(name, before.value, after.value, is_tighter=False)
    if old.setting is not new.setting:
        is_tighter = new.setting is Setting.INPATIENT
        yield _one("setting", old.setting.value, new.setting.value, is_tighter=is_tighter)
    for name in ("is_off_label", "is_research"):  # what is no longer said is looser
        before, after = getattr(old, name), getattr(new, name)
        if before is not after:
            yield _one(name, _yes(before), _yes(after), is_tighter=after)
    if old.stale_after != new.stale_after:
        is_tighter = new.stale_after < old.stale_after
        yield _one("stale_after", str(old.stale_after), str(new.stale_after), is_tighter=is_tighter)
    if old.check_against != new.check_against:
        is_tighter = old.check_against == ""
        yield _one("check_against", old.check_against, new.check_against, is_tighter=is_tighter)


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _said(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _shown(number: Number) -> str:
    if number is None:
        return ""
    return f"{units.shown(number.value, digits=_DIGITS)} {number.unit}".removesuffix(" 1")


def _number(
    path: str, before: Number, after: Number, unit: str, *, fewer: bool
) -> Iterator[Difference]:
    """Give how a bound moved: an upper one (``fewer`` is tighter) or a lower one."""
    if before is None or after is None:
        if before is not after:
            yield _one(path, _shown(before), _shown(after), is_tighter=before is None)
    elif not (units.same_kind(before.unit, unit) and units.same_kind(after.unit, unit)):
        if _shown(before) != _shown(after):
            yield _one(path, _shown(before), _shown(after), is_tighter=False)
    else:
        was, now = (units.convert(one.value, one.unit, to=unit) for one in (before, after))
        if was != now:
            yield _one(path, _shown(before), _shown(after), is_tighter=(now < was) == fewer)


def _limit(name: str, before: Limit | None, after: Limit | None) -> Iterator[Difference]:
    path = f"limits.{name}"
    yield from _number(path, before, after, LIMITS[name], fewer=name not in LEAST)
    if before is not None and after is not None and before.until != after.until:
        ends = [str(one.until or "") for one in (before, after)]
        is_tighter = after.until is None or (
            before.until is not None and after.until > before.until
        )
        yield _one(path, *(f"until {end}" if end else "" for end in ends), is_tighter=is_tighter)


def _phases(old: Protocol, new: Protocol) -> Iterator[Difference]:
    before, after = ({one.id: one for one in p.phase} for p in (old, new))
    for name in before | after:
        path = f"phase.{name}"
        if name not in after or name not in before:
            titles = (_title(before.get(name)), _title(after.get(name)))
            yield _one(path, *titles, is_tighter=False)
            continue
        yield from _giving(f"{path}.dose", before[name].dose, after[name].dose)
        yield from _schedule(f"{path}.schedule", before[name].schedule, after[name].schedule)
        if before[name].review != after[name].review:
            yield _other(f"{path}.review", *(_texts(p[name].review) for p in (before, after)))
    if [one for one in before if one in after] != [one for one in after if one in before]:
        yield _one("phase", ", ".join(before), ", ".join(after), is_tighter=False)


def _title(phase: Phase | None) -> str:
    return phase.title if phase else ""


def _giving(path: str, old: Giving, new: Giving) -> Iterator[Difference]:
    if not units.same_kind(old.given.unit, new.given.unit):
        yield _one(f"{path}.given", _shown(old.given), _shown(new.given), is_tighter=False)
        return
    unit = old.given.unit
    yield from _span(path, old, new, units.factor(new.given.unit, unit))
    yield from _over(path, old.over, new.over)
    yield from _number(f"{path}.step", old.step, new.step, unit, fewer=True)
    if old.bolus is None and new.bolus is not None:
        yield _one(f"{path}.bolus", "", _shown(new.bolus), is_tighter=False)
    elif old.bolus is not None and new.bolus is None:
        yield _one(f"{path}.bolus", _shown(old.bolus), "", is_tighter=True)
    elif old.bolus is not None and new.bolus is not None:
        tops = [b if b.high is None else replace(b, value=b.high) for b in (old.bolus, new.bolus)]
        yield from _number(f"{path}.bolus", tops[0], tops[1], "mg/kg", fewer=True)


def _span(path: str, old: Giving, new: Giving, factor: float) -> Iterator[Difference]:
    """Give how the usual dose and those allowed moved; a dose outside those allowed is looser."""
    low, high = (factor * end for end in new.span)
    if factor * new.given.value != old.given.value:
        yield _other(f"{path}.given", _shown(old.given), _shown(new.given))
    if (low, high) != old.span or {factor * one for one in new.choices} != set(old.choices):
        is_tighter = old.span[0] <= low and high <= old.span[1] and _chosen(old, new, factor)
        yield _one(f"{path}.allowed", _allowed(old), _allowed(new), is_tighter=is_tighter)
    if old.first != tuple(factor * one for one in new.first):
        is_tighter = not old.first or (
            bool(new.first) and {factor * one for one in new.first} <= set(old.first)
        )
        firsts = (_listed(one.first, one.given.unit) for one in (old, new))
        yield _one(f"{path}.first", *firsts, is_tighter=is_tighter)


def _chosen(old: Giving, new: Giving, factor: float) -> bool:
    """Return whether nothing can be chosen now that could not be before."""
    if not old.choices:
        return True
    return bool(new.choices) and {factor * one for one in new.choices} <= set(old.choices)


def _allowed(giving: Giving) -> str:
    unit = giving.given.unit
    low, high = (units.shown(end, digits=_DIGITS) for end in giving.span)
    return _listed(giving.choices, unit) or f"{low} to {high} {unit}"


def _listed(doses: Iterable[float], unit: str) -> str:
    words = ", ".join(units.shown(one, digits=_DIGITS) for one in doses)
    return f"{words} {unit}" if words else ""


def _over(path: str, old: Cited | None, new: Cited | None) -> Iterator[Difference]:
    """Give how the time moved over which it is given: faster is looser, and so is at once."""
    if old is not None and new is not None:
        yield from _number(f"{path}.over", _lowest(old), _lowest(new), "h", fewer=False)
    elif old is not new:
        yield _one(f"{path}.over", _shown(old), _shown(new), is_tighter=new is not None)


def _lowest(number: Cited) -> Cited:
    return number if number.low is None else replace(number, value=number.low)


def _schedule(path: str, old: Schedule, new: Schedule) -> Iterator[Difference]:
    visits = (_highest(old.visits), _highest(new.visits))
    yield from _number(f"{path}.visits", visits[0], visits[1], "1", fewer=True)
    apart = [None if one.apart is None else _lowest(one.apart) for one in (old, new)]
    yield from _number(f"{path}.apart", apart[0], apart[1], "h", fewer=False)
    if old.days != new.days:
        yield _other(f"{path}.days", *(", ".join(map(str, one.days)) for one in (old, new)))


def _highest(number: Cited | None) -> Cited | None:
    return number if number is None or number.high is None else replace(number, value=number.high)


def _due(old: tuple[DueCheck, ...], new: tuple[DueCheck, ...]) -> Iterator[Difference]:
    before, after = _by_key(old), _by_key(new)
    for path in sorted(before.keys() | after.keys()):
        was, now = before.get(path), after.get(path)
        if was is None or now is None:
            yield _one(path, _due_said(was), _due_said(now), is_tighter=was is None)
        else:
            yield from _number(path, was.minutes, now.minutes, "h", fewer=True)


def _by_key(due: tuple[DueCheck, ...]) -> Mapping[str, DueCheck]:
    return {_key(one): one for one in due}


def _key(one: DueCheck) -> str:
    """Return what a check is known by; one at another time is another check."""
    at = f".{_shown(one.minutes)}" if one.when == "at" else ""
    return f"due.{one.check}.{one.when}.{one.anchor}{at}"


def _due_said(one: DueCheck | None) -> str:
    if one is None:
        return ""
    return f"{one.when} {_shown(one.minutes)}".strip()


def _leaving(old: Protocol, new: Protocol) -> Iterator[Difference]:
    was, now = old.leaving, new.leaving
    yield from _number("leaving.observed_for", was.observed_for, now.observed_for, "h", fewer=False)
    if was.anchor is not now.anchor:
        yield _one("leaving.anchor", was.anchor.value, now.anchor.value, is_tighter=False)
    for rule in sorted(set(was.rules) ^ set(now.rules)):
        is_added = rule in now.rules
        texts = ("", rule) if is_added else (rule, "")
        yield _one("leaving.rules", *texts, is_tighter=is_added)


def _remarks(name: str, old: tuple[Remark, ...], new: tuple[Remark, ...]) -> Iterator[Difference]:
    before, after = _texts(old), _texts(new)
    for text in (text for text in before if text not in after):
        yield _one(name, text, "", is_tighter=False)
    for text in (text for text in after if text not in before):
        yield _one(name, "", text, is_tighter=True)


def _texts(some: Iterable[object]) -> tuple[str, ...]:
    return tuple(str(getattr(one, "text", None) or getattr(one, "says", "")) for one in some)
