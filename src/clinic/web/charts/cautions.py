"""Cautions in groups: what holds for every curve first, then model by model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clinic.explore.predictions import Prediction
from clinic.web.charts.levels import Letters, other_sites

EVERY_CURVE = "For every curve"


@dataclass(frozen=True, kw_only=True, slots=True)
class CautionGroup:
    """What to mind about one thing."""

    about: str
    sentences: tuple[str, ...]


def cautions(prediction: Prediction, named: Letters) -> tuple[CautionGroup, ...]:
    """Return the cautions of a prediction, those of one model under its letter and name."""
    heads = {one.name: f"{named[one.model_id]} {one.name}" for one in prediction.origins}
    found: dict[str, list[str]] = {EVERY_CURVE: _of_the_picture(prediction)}
    found |= {head: [] for head in heads.values()}
    for sentence in prediction.cautions:
        about, rest = _split(sentence, heads)
        if rest not in found[about]:
            found[about].append(rest)
    return _filled(found)


def of_one_model(sentences: Sequence[str], name: str) -> tuple[CautionGroup, ...]:
    """Return the cautions of a page that rests on one model alone."""
    found: dict[str, list[str]] = {EVERY_CURVE: [], name: []}
    for sentence in sentences:
        about, rest = _split(sentence, {name: name})
        found[about].append(rest)
    return _filled(found)


def _of_the_picture(prediction: Prediction) -> list[str]:
    sites = other_sites(prediction)
    if not sites:
        return []
    return [
        f"Some measured points come from elsewhere than the curves ({'; '.join(sites)}): do not "
        "read one against the other."
    ]


def _split(sentence: str, heads: Mapping[str, str]) -> tuple[str, str]:
    """Return whom a caution is about, and the rest of it as a sentence of its own."""
    for name, head in heads.items():
        if sentence.startswith(f"{name}: "):
            rest = sentence.removeprefix(f"{name}: ")
            return head, rest[:1].upper() + rest[1:]
    return EVERY_CURVE, sentence


def _filled(found: Mapping[str, Sequence[str]]) -> tuple[CautionGroup, ...]:
    return tuple(
        CautionGroup(about=about, sentences=tuple(sentences))
        for about, sentences in found.items()
        if sentences
    )
