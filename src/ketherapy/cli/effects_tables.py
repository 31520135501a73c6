"""What ``ketherapy simulate --effects`` prints: tables, what to mind, and answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tabulate import tabulate

from ketherapy import units

if TYPE_CHECKING:
    import xarray as xr

    from ketherapy.simulation.effects.entries import EffectsRequest
    from ketherapy.simulation.effects.together import Together
    from ketherapy.simulation.request import SimulationRequest

# Rows of the printed table, as far as the simulation goes.
_MINUTES = (0, 15, 30, 40, 60, 90, 120, 180, 240, 480, 1440, 2880, 5760, 10080, 20160, 40320)
_LEAST = 0.001  # a chance that is printed as a number


def report(
    request: SimulationRequest, wanted: EffectsRequest, together: Together, *, seed: int
) -> str:
    """Return the table of each effect, what to mind of it, and the answers asked for."""
    lines = [_of_effect(name, data) for name, data in together.found.items()]
    answers = [
        *_pressure(request, wanted, together, seed=seed),
        *_leaving(request, wanted, together),
    ]
    return "\n".join([*lines, "", *answers] if answers else lines)


def _of_effect(name: str, data: xr.Dataset) -> str:
    attrs = {key: str(text) for key, text in data.attrs.items()}
    natures = dict.fromkeys(str(v.attrs["nature"]) for v in data.values() if "nature" in v.attrs)
    lines = [
        "",
        f"effect {name}, driven by {attrs['model']} ({attrs['sampling_site']})",
        *(f"nature:  {line}" for line in natures),
        *(f"caution: {line}" for line in attrs["cautions"].splitlines()),
        *(f"limit:   {line}" for line in attrs["limits"].splitlines()),
        "",
        _table(data),
    ]
    return "\n".join(lines)


def _table(data: xr.Dataset) -> str:
    """Return each output where it is farthest from its beginning, and at a few times."""
    minutes = data["time"].values * 60.0
    each = list(data.values())
    most = [int(abs(v.values - v.values[0]).argmax()) for v in each]
    shown = [m for m in _MINUTES if m <= minutes[-1] + 1e-6]
    rows = [
        ["strongest", *(_cell(v, k) for v, k in zip(each, most, strict=True))],
        ["at (min)", *(units.shown(minutes[k]) for k in most)],
        [""] * (len(each) + 1),
        *([str(m), *(_cell(v, int(abs(minutes - m).argmin())) for v in each)] for m in shown),
    ]
    heads = ["min", *(f"{name}\n({_unit(values)})" for name, values in data.items())]
    return tabulate(rows, headers=heads, disable_numparse=True, colalign=["right"] * len(heads))


def _unit(values: xr.DataArray) -> str:
    unit = str(values.attrs["units"])
    return "%" if unit == "1" else unit


def _cell(values: xr.DataArray, place: int) -> str:
    factor = 100.0 if _unit(values) == "%" else 1.0
    return units.shown(float(values.values[place]) * factor)


def _pressure(
    request: SimulationRequest, wanted: EffectsRequest, together: Together, *, seed: int
) -> Iterator[str]:
    from ketherapy.simulation.effects.readouts import sbp_chance

    if "pressure" not in together.drivers:
        return
    found = sbp_chance(
        together.drivers["pressure"], request.regimen, asked=wanted, seed=seed,
        person=request.person,
    )  # fmt: skip
    if found is None:
        return
    times = ", ".join(units.shown(hours * 60.0) for hours in found.readings)
    c = found.chance
    least, most, without = map(_percent, (c.least, c.most, c.without))
    yield (
        f"Systolic pressure at or above {units.shown(wanted.sbp_limit or 0.0)} mmHg at one of"
        f" the readings of session {found.session} of {found.sessions} (at {times} min after its"
        " start):"
        f" between {least} and {most}; without the drug {without}."
    )


def _leaving(
    request: SimulationRequest, wanted: EffectsRequest, together: Together
) -> Iterator[str]:
    from ketherapy.simulation.effects.readouts import (
        effect_course,
        horizon_times,
        level_course,
        settled,
    )

    if (limit := wanted.leaving_level) is not None:
        words = f"{request.regimen.drug.value} at or below {_level(limit)}"
        for model in request.models:
            t = horizon_times(model, request.regimen, request.person)
            at = settled(level_course(request, model), t, limit=limit)
            yield f"{words} {_from(at)} in a typical person ({model.id})."
    if (limit := wanted.leaving_cadss) is not None and "dissociation" in together.drivers:
        model = together.drivers["dissociation"]
        asked = wanted.asked(*(e for e in wanted.effects if e.id == "dissociation"))
        t = horizon_times(model, request.regimen, request.person)
        at = settled(effect_course(request, model, asked, output="cadss"), t, limit=limit)
        words = f"dissociation score at or below {units.shown(limit)} points"
        yield f"{words} {_from(at)} in a typical person ({model.id})."


def _percent(share: float) -> str:
    """Return a share as a percentage; below a tenth of one no figure could be trusted."""
    return "less than 0.1 %" if share < _LEAST else f"{units.shown(100.0 * share, digits=2)} %"


def _level(limit: float) -> str:
    return f"{units.shown(units.convert(limit, 'mg/L', to='ng/mL'))} ng/mL"


def _from(at: float | None) -> str:
    from ketherapy.simulation.effects.conventions import horizon

    if at is None:
        return f"not within {units.shown(horizon())} h of the last input"
    return "all the time" if at == 0.0 else f"from {units.shown(at * 60.0)} min on"
