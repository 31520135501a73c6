"""What ``ketherapy instrument score`` says of answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ketherapy import units
from ketherapy.instruments.change import Verdict, band, change
from ketherapy.instruments.scoring import review, symptoms_met, total, unanswered
from ketherapy.instruments.screener import screen
from ketherapy.instruments.triggers import Alert, triggers

if TYPE_CHECKING:
    from ketherapy.instruments.instrument import Instrument
    from ketherapy.instruments.rules import Adopted
    from ketherapy.instruments.screener import Screener

NOTICE = "A score supports a clinician's judgement and makes no diagnosis."
_SAID = {True: "yes", False: "no", None: "cannot be known from what is here"}


def scored(
    scale: Instrument,
    answers: Mapping[str, int | None],
    baseline: float | None,
    sex: str | None,
    adopted: Adopted,
) -> Iterator[str]:
    """Give the lines on these answers: what must happen first, then the score and its meaning."""
    for alert in triggers(scale, answers, baseline=baseline, adopted=adopted):
        yield _alert(alert)
    missing = unanswered(scale, answers)
    now = None if missing else total(scale, answers)
    yield _score(scale, now, missing)
    if scale.symptom_rule is not None:
        yield f"symptoms in every cluster: {_SAID[symptoms_met(scale, answers)]}"
    if now is not None and (look := review(scale, answers)):
        yield f"look first: {look}"
    found = change(scale, baseline=baseline, now=now, adopted=adopted)
    if found.points is not None:
        yield f"change: {found.points:+.4g} points{_share(found.share)}"
    yield from (
        _verdict(v) for v in found.verdicts if v.definition.sex in (None, sex or v.definition.sex)
    )
    yield NOTICE


def screened(asked: Screener, answers: Mapping[str, bool | None]) -> Iterator[str]:
    """Give the lines on these replies: the level reached for certain, and what is to be asked."""
    found = screen(asked, answers)
    if found.level is not None:
        yield f"{found.level.weight.value.upper()}: {found.level.act}"
    reached = "none so far" if found.to_ask else "none"
    yield f"level: {found.level.name if found.level else reached}"
    if found.to_ask:
        yield f"to ask, since it could raise the level: {', '.join(found.to_ask)}"
    yield NOTICE


def _alert(alert: Alert) -> str:
    if alert.is_met:
        return f"{alert.trigger.weight.value.upper()}: {alert.trigger.act}"
    return f"ask {', '.join(alert.asks)}: it decides on '{alert.trigger.act}'"


def _score(scale: Instrument, now: float | None, missing: tuple[str, ...]) -> str:
    if now is None:
        return f"score: none, {', '.join(missing)} unanswered; a score is never prorated"
    low, high = map(units.shown, scale.score_range)
    name = band(scale, now)
    return f"score: {now:.4g} of {low} to {high}{f', {name}' if name else ''}"


def _share(share: float | None) -> str:
    if share is None:
        return ""
    return f", {abs(100.0 * share):.3g} % {'worse' if share < 0.0 else 'better'} than the baseline"


def _verdict(verdict: Verdict) -> str:
    known = verdict.definition
    default = " (default)" if known.is_default else ""
    return f"{known.kind.value}, {known.text}{default}: {_SAID[verdict.is_met]}"
