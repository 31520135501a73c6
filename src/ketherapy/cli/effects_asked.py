"""``--effects`` of ``ketherapy simulate``, and what belongs to it: what is asked, what comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

import click

from ketherapy.cli.output import Sentence

if TYPE_CHECKING:
    import xarray as xr

    from ketherapy.simulation.effects.entries import EffectsRequest
    from ketherapy.simulation.effects.together import Together
    from ketherapy.simulation.request import SimulationRequest

Command = TypeVar("Command", bound=Callable[..., object])

_BAND_POINTS = 64


def effects_asked(command: Command) -> Command:
    """Return ``command`` with the options on effects."""
    shared = (
        click.option("--effects", default="", metavar="WORDS",
                     help="'mood,sbp,cadss' ...; 'ketherapy effects' lists them"),
        click.option("--setting", default="", metavar="ID", help="kind of trial, for mood"),
        click.option("--madrs", default="", metavar="POINTS", help="score before, 0 to 60"),
        click.option("--nrs", default="", metavar="POINTS", help="pain before, 0 to 10"),
        click.option("--sbp", default="", metavar="PRESSURE", help="at rest: '120 mmHg'"),
        click.option("--dbp", default="", metavar="PRESSURE", help="at rest: '80 mmHg'"),
        click.option("--sbp-limit", default="", metavar="PRESSURE",
                     help="say how likely a reading is at or above it"),
        click.option("--leaving-level", default="", metavar="LEVEL",
                     help="say when the level stays at or below it: '50 ng/mL'"),
        click.option("--leaving-cadss", default="", metavar="POINTS",
                     help="say when the dissociation score stays at or below it"),
        click.option("--other-site", is_flag=True,
                     help="accept levels of another sampling site than an effect was fitted to"),
    )  # fmt: skip
    for option in reversed(shared):
        command = option(command)
    return command


def read(entries: Mapping[str, str]) -> EffectsRequest | None:
    """Return what is asked of effects, or None where nothing is.

    A page may hold fields of effects that are not ticked; what is typed here is meant.

    Errors  Sentence with every problem, among them an entry that no effect asked for uses
    """
    from ketherapy.simulation.effects.entries import read_effects, unused
    from ketherapy.simulation.request import Refusal

    typed = {name: text for name, text in entries.items() if text}
    if typed and "effects" not in typed:
        words = ", ".join(f"--{name.replace('_', '-')}" for name in typed)
        raise Sentence(f"effects: expected which of them, because of {words}, got none. Name them.")
    if not typed:
        return None
    found = read_effects(typed)
    if isinstance(found, Refusal):
        raise Sentence("\n".join(problem.sentence for problem in found.problems))
    if idle := unused(typed, found.effects):
        raise Sentence("\n".join(problem.sentence for problem in idle))
    return found


def predicted(request: SimulationRequest, wanted: EffectsRequest) -> Together:
    """Return every effect that was asked for, each under the model that drives it.

    Errors  Sentence with every effect that cannot be predicted, and why
    """
    from ketherapy.simulation.effects.together import together

    found = together(request, wanted)
    if found.refused:
        raise Sentence("\n".join(str(error) for error in found.refused.values()))
    return found


def bands(
    request: SimulationRequest, wanted: EffectsRequest, found: Together, *, seed: int
) -> dict[str, xr.Dataset]:
    """Return the bands of the effects, for a figure."""
    from ketherapy.simulation.effects.together import band_times, bands_together

    t = band_times(request, request.until, count=_BAND_POINTS)
    return bands_together(request, wanted, found, t, seed=seed)
