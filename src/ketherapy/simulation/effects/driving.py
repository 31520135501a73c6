"""Which model of levels drives an effect, where several are drawn."""

from __future__ import annotations

from collections.abc import Sequence

from ketherapy.errors import ContractError
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.effects.catalog import Effect
from ketherapy.regimen import Regimen
from ketherapy.simulation.effects import scope
from ketherapy.simulation.effects.entries import EffectsRequest


def driver(
    effect: Effect, models: Sequence[PublishedModel], regimen: Regimen, *, asked: EffectsRequest
) -> PublishedModel:
    """Return the first model that ``effect`` fits.

    One of the sampling site that the effect was calibrated on comes before any other that is
    accepted, where that site is known; beside that the order of ``models`` decides.

    Errors  ContractError where it fits none of them, with the reason of the first
    """
    question = asked.asked(effect)
    reasons = [scope.refusal(effect, model, regimen, question) for model in models]
    fitting = [model for model, why in zip(models, reasons, strict=True) if why is None]
    if fitting:
        # two sites that nobody stated are not the same site
        is_known = effect.site != "not stated"
        same = [model for model in fitting if is_known and model.site == effect.site]
        return (same or fitting)[0]
    for why in reasons:
        if why is not None:
            raise why
    raise ContractError(
        effect.name, expected="a model of levels to drive it", got="none", remedy="Draw one."
    )
