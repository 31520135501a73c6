"""What is known of the risk of bias of a trial: as printed, as judged, and not assessed."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.explore.origins import Reference, reference
from ketherapy.evidence.bias import Domain, EarlierDomain
from ketherapy.evidence.trials import Trial

NOT_ASSESSED = "not assessed here"
NOT_READ = "not read"


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """One domain, how it was judged, and why where that is known."""

    domain: str
    judgement: str
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bias:
    """Everything known of the risk of bias; what nobody judged says so, and is never low."""

    remark: str  # what readers noted of its weaknesses, as printed
    domains: tuple[Judged, ...]  # RoB 2 of one outcome
    earlier: tuple[Judged, ...]  # by the tool before RoB 2, as a review printed it
    earlier_note: str
    earlier_source: Reference | None
    guesses: str  # what people guessed of their group
    guesses_source: Reference | None


def of_trial(found: Trial, outcome_id: str = "") -> Bias:
    """Return what is known of a trial, and of one of its outcomes where one is named."""
    earlier, guesses = found.earlier_risk_of_bias, found.guesses
    return Bias(
        remark=found.bias_printed,
        domains=_domains(found, outcome_id),
        earlier=() if earlier is None else _earlier(found),
        earlier_note=earlier.note if earlier else "",
        earlier_source=_cited(earlier.source, earlier.locator) if earlier else None,
        guesses=guesses.printed if guesses else "",
        guesses_source=_cited(guesses.source, guesses.locator) if guesses else None,
    )


def _cited(key: str, locator: str) -> Reference:
    found = reference(key)
    return Reference(words=f"{found.words} ({locator})", address=found.address)


def _domains(found: Trial, outcome_id: str) -> tuple[Judged, ...]:
    judged = found.risk_of_bias.get(outcome_id)
    if judged is None:
        return tuple(Judged(domain=one.value, judgement=NOT_ASSESSED) for one in Domain)
    return tuple(
        Judged(domain=domain.value, judgement=one.judgement.value, why=one.why)
        if one
        else Judged(domain=domain.value, judgement=NOT_ASSESSED)
        for domain, one in judged.domains.items()
    )


def _earlier(found: Trial) -> tuple[Judged, ...]:
    held = found.earlier_risk_of_bias
    domains = {} if held is None else held.domains
    return tuple(
        Judged(domain=one.value, judgement=domains.get(one, NOT_READ)) for one in EarlierDomain
    )
