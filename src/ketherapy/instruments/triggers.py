"""What must happen upon an answer or a score; what is not answered asks, and never passes."""

from __future__ import annotations

from dataclasses import dataclass

from ketherapy.instruments.change import measured
from ketherapy.instruments.instrument import Instrument
from ketherapy.instruments.rules import Adopted, Of, Trigger, holds, key
from ketherapy.instruments.scoring import Answered, bounds, item_bounds, unanswered


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """A trigger that is met, or that may be: then what is missing is asked for."""

    trigger: Trigger
    asks: tuple[str, ...] = ()  # what to ask for before one knows; empty: it is met

    @property
    def is_met(self) -> bool:
        """Return whether the trigger is met for certain."""
        return not self.asks


def triggers(
    scale: Instrument,
    answers: Answered,
    *,
    baseline: float | None = None,
    adopted: Adopted = frozenset(),
) -> tuple[Alert, ...]:
    """Return every trigger in use that these answers meet or leave open.

    An item triggers by itself, whatever the total and whether or not there is one. A threshold of
    the score is met as soon as the answers that are there reach it.

    Units   points
    Source  ketherapy
    Errors  ContractError naming every answer that does not fit, and for a baseline off the scale
    """
    found = [
        _alert(scale, t, answers, baseline) for t in scale.triggers
        if not t.rule.needs_adoption or key(scale.id, t.id) in adopted
    ]  # fmt: skip
    return tuple(alert for alert in found if alert is not None)


def _alert(
    scale: Instrument, trigger: Trigger, answers: Answered, baseline: float | None
) -> Alert | None:
    if trigger.item:
        is_met = holds(trigger.rule, item_bounds(scale, trigger.item, answers))
        missing = (trigger.item,)
    else:
        now = bounds(scale, answers)
        is_met = holds(trigger.rule, measured(scale, trigger.rule.of, now=now, baseline=baseline))
        missing = unanswered(scale, answers)
        if trigger.rule.of is not Of.SCORE and baseline is None:
            missing = ("baseline", *missing)
    if is_met is False:
        return None
    return Alert(trigger=trigger, asks=() if is_met else missing)
