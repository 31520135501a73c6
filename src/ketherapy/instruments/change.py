"""What a score means: its band, how far it has changed, and which definitions it meets."""

from __future__ import annotations

from dataclasses import dataclass

from ketherapy.errors import ContractError
from ketherapy.instruments.instrument import Instrument, score
from ketherapy.instruments.rules import (
    Adopted,
    Bounds,
    Definition,
    Kind,
    Of,
    Sex,
    Threshold,
    agreed,
    holds,
    key,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """Whether one definition is met; None: that cannot be known from what is there."""

    definition: Definition
    is_met: bool | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """From one score to a later one; what needs a score that is missing is None."""

    points: float | None  # now less baseline
    share: float | None  # of the baseline that is gone; more than nothing is better [1]
    verdicts: tuple[Verdict, ...]  # of every definition in use


def band(scale: Instrument, value: float) -> str | None:
    """Return the name of the band of a score, None where the scale has no bands.

    Units   points
    Source  ketherapy
    Errors  ContractError for a score that is off the scale
    """
    score(scale, value)
    if scale.bands is None:
        return None
    return next(one.name for one in scale.bands.bands if value <= one.up_to)


def change(
    scale: Instrument, *, baseline: float | None, now: float | None, adopted: Adopted = frozenset()
) -> Change:
    """Return how far a score has come and what that means by every definition in use.

    Units   points
    Source  ketherapy
    Errors  ContractError for a score that is off the scale
    """
    points = None if baseline is None or now is None else now - baseline
    share = measured(scale, Of.SHARE, now=_one(now), baseline=baseline)
    return Change(
        points=points,
        share=None if share is None else min(share),
        verdicts=tuple(
            Verdict(definition=d, is_met=_holds(scale, d.rule, baseline, now))
            for d in definitions(scale, adopted=adopted)
        ),
    )


def definitions(scale: Instrument, *, adopted: Adopted = frozenset()) -> tuple[Definition, ...]:
    """Return the definitions of a scale that are in use."""
    return tuple(
        d for d in scale.definitions if not d.rule.needs_adoption or key(scale.id, d.id) in adopted
    )


def meets(
    scale: Instrument,
    kind: Kind,
    *,
    now: float | None,
    baseline: float | None = None,
    sex: Sex | None = None,
    adopted: Adopted = frozenset(),
) -> bool | None:
    """Return whether the default definition of this kind is met, None where that is not known.

    Where it differs by sex and the sex is unknown, both must agree.

    Units   points
    Source  ketherapy
    Errors  ContractError for a score that is off the scale, and where no definition is in use
    """
    asked = [
        d for d in definitions(scale, adopted=adopted)
        if d.kind is kind and d.is_default and (sex is None or d.sex in (None, sex))
    ]  # fmt: skip
    if not asked:
        raise ContractError(
            f"{kind.value} on the {scale.id}", expected="a definition in use", got=None,
            remedy="Adopt one of its file, or use another instrument.",
        )  # fmt: skip
    return agreed([_holds(scale, d.rule, baseline, now) for d in asked])


def measured(
    scale: Instrument, of: Of, *, now: Bounds | None, baseline: float | None
) -> Bounds | None:
    """Return what a rule speaks of, between its ends; None where a score for it is missing.

    Units   points, and 1 for a share
    Source  ketherapy
    Errors  ContractError for a score that is off the scale
    """
    for end in now or ():
        score(scale, end)
    if now is None or of is Of.SCORE:
        return now
    if baseline is None:
        return None
    sign = -1.0 if scale.higher_is == "better" else 1.0
    least, most = sorted(sign * (score(scale, baseline, what="baseline") - end) for end in now)
    if of is Of.IMPROVEMENT:
        return least, most
    if of is Of.WORSENING:
        return -most, -least
    if baseline <= scale.score_range[0]:  # where nothing can improve, there is no share
        return None
    return least / baseline, most / baseline


def _holds(
    scale: Instrument, rule: Threshold, baseline: float | None, now: float | None
) -> bool | None:
    return holds(rule, measured(scale, rule.of, now=_one(now), baseline=baseline))


def _one(value: float | None) -> Bounds | None:
    return None if value is None else (value, value)
