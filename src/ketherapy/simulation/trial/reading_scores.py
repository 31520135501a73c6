"""The scores of a design: its scale, who is let in, how well a rater reads."""

from __future__ import annotations

import math

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.instruments.instrument import Instrument, instrument, score
from ketherapy.pharmacology.effects.catalog import effect, setting
from ketherapy.simulation.trial.design import TrialDesign


def points(text: str, *, what: str) -> float:
    """Return the points written in ``text``, such as ``'28 points'``.

    Units   points
    Errors  ContractError for anything but a number of points
    """
    value, unit = units.split(text, what=what, example="28 points")
    if unit != "points" or not math.isfinite(value):
        raise ContractError(
            what, expected="points, as in '28 points'", got=text, remedy="Write the unit so."
        )
    return value


def scale(design: TrialDesign) -> Instrument:
    """Return the instrument.

    Errors  ContractError for one that is not known, or that the mood model does not predict
    """
    found = instrument(design.instrument)
    predicted = {output.instrument for output in effect("mood").outputs.values()}
    if found.id not in predicted:
        raise ContractError(
            "instrument", expected=" or ".join(sorted(predicted - {""})), got=found.id,
            remedy="The mood model predicts no other scale, and none is converted.",
        )  # fmt: skip
    return found


def baseline(design: TrialDesign) -> tuple[float, float | None, float]:
    """Return mean and SD of the baseline before the criterion, and the least score let in.

    The SD is None where the model's is meant.

    Units   points
    Errors  ContractError for scores that the scale does not have, or a criterion nobody meets
    """
    asked, found = design.population, scale(design)
    usual = setting(effect("mood"), design.setting).M0.meant
    mean = points(asked.baseline, what="baseline") if asked.baseline else usual
    score(found, mean, what="baseline")
    sd = points(asked.baseline_sd, what="SD of the baseline") if asked.baseline_sd else None
    if sd is not None and not 0.0 < sd <= _widest(found):
        raise ContractError(
            "SD of the baseline", expected=f"more than 0 to {_widest(found):g} points", got=sd,
            remedy="No scores on this scale spread wider.",
        )  # fmt: skip
    entry = score(found, points(asked.entry, what="entry"), what="least score at entry")
    # a criterion five standard deviations away lets in next to nobody
    spread = sd if sd is not None else _model_sd()
    if entry > mean + 5.0 * spread or entry >= found.score_range[1]:
        raise ContractError(
            "least score at entry", expected=f"one that people with a mean of {mean:g} points meet",
            got=asked.entry, remedy="Lower it, or raise the baseline.",
        )  # fmt: skip
    return mean, sd, entry


def _widest(found: Instrument) -> float:
    """Return half the range: the SD where one half has the least and one the highest score."""
    low, high = found.score_range
    return 0.5 * (high - low)


def _model_sd() -> float:
    return effect("mood").printed["M0_sd"].meant


def sigma(design: TrialDesign) -> float | None:
    """Return the SD of one rating, or None where the model's is meant.

    Units   points
    Errors  ContractError for anything but points from zero on
    """
    if not design.rater_sd:
        return None
    found = points(design.rater_sd, what="SD of one rating")
    widest = _widest(scale(design))
    if not 0.0 <= found <= widest:
        raise ContractError(
            "SD of one rating", expected=f"0 to {widest:g} points", got=found,
            remedy="No scores on this scale spread wider.",
        )  # fmt: skip
    return found
