"""The part of the predict page about effects: its fields, and what comes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import QueryDict

from clinic.explore import effects, predictions
from clinic.explore.effects import EffectsPicture
from clinic.explore.predictions import Problem, Refusal
from clinic.web.charts import strip_tables, strips
from clinic.web.charts.drawing import draw_strip
from clinic.web.charts.frame import STRIP_NARROW, STRIP_WIDE
from clinic.web.fields import ListField, TextField, echo, options

Entries = Mapping[str, Sequence[str]]

INLINE = "inline"  # sent by forms without JavaScript: effects come with the page, not after it

# What the page opens with. The numbers belong to nobody; limits are left to who asks.
WORKED_EXAMPLE: Entries = {
    "effects": ("pressure", "dissociation", "sedation", "acute_pain", "mood"),
    "setting": ("midazolam",),
    "madrs": (),
    "sbp": ("120 mmHg",),
    "dbp": ("80 mmHg",),
    "sbp_limit": (),
    "nrs": (),
    "leaving_level": (),
    "leaving_cadss": (),
    "other_site": (),
    "driver": (),
}
TEXT_FIELDS = (
    ("sbp", "Systolic", "at rest, 120 mmHg"),
    ("dbp", "Diastolic", "at rest, 80 mmHg"),
    ("sbp_limit", "Systolic limit", "as 180 mmHg"),
    ("nrs", "Pain score (NRS)", "0 to 10"),
    ("madrs", "MADRS before", "0 to 60"),
    ("leaving_level", "Leaving level", "as 50 ng/mL"),
    ("leaving_cadss", "Leaving CADSS", "0 to 92"),
)


def form(entries: Entries, errors: Mapping[str, str]) -> dict[str, object]:
    """Return the fields about effects as they were sent, each refusal beside its field."""
    offered = effects.choices()
    return {
        "effects": options(offered.effects, entries["effects"]),
        "effect_texts": [
            TextField(name=n, label=label, hint=hint, value=echo(entries[n]), error=errors[n])
            for n, label, hint in TEXT_FIELDS
        ],
        "setting": ListField(
            name="setting",
            label="Mood: average of which kind of trial",
            options=options(offered.settings, entries["setting"]),
            error=errors["setting"],
        ),
        "driver": ListField(
            name="driver",
            label="Levels behind the effects",
            options=options(offered.drivers, entries["driver"]),
            error=errors["driver"],
        ),
        "is_site_waived": "yes" in entries["other_site"],
        "is_effect_told": any(
            any(entries[n]) or errors[n] for n in WORKED_EXAMPLE if n not in ("effects", "setting")
        ),
    }


def problems(entries: Entries, of_levels: Entries) -> tuple[Problem, ...]:
    """Return what is wrong with the entries about effects."""
    wanted = effects.read(_own(entries))
    found = wanted.problems if isinstance(wanted, Refusal) else ()
    request = predictions.read(of_levels)
    if isinstance(request, Refusal) or not entries["effects"]:
        return found
    drivers = effects.driving(request, echo(entries["driver"]))
    return (*found, *(drivers.problems if isinstance(drivers, Refusal) else ()))


def _own(entries: Entries) -> Entries:
    return {name: entries[name] for name in WORKED_EXAMPLE}


def part(entries: Entries, of_levels: Entries, *, is_inline: bool) -> dict[str, object]:
    """Return the effects, or what a page needs to ask for them later."""
    if not is_inline:
        query = QueryDict(mutable=True)
        for name, values in entries.items():
            query.setlist(name, list(values))
        return {"effects_query": query.urlencode(), "inline": INLINE}
    request, wanted = predictions.read(of_levels), effects.read(_own(entries))
    if isinstance(request, Refusal) or isinstance(wanted, Refusal):
        faults = [one for one in (request, wanted) if isinstance(one, Refusal)]
        return {"effects_problems": [p for fault in faults for p in fault.problems]}
    drivers = effects.driving(request, echo(entries["driver"]))
    if isinstance(drivers, Refusal):
        return {"effects_problems": drivers.problems}
    return {"picture": drawn(effects.picture(request, wanted, drivers))}


def drawn(picture: EffectsPicture) -> dict[str, object]:
    """Return the strips with their words, the answers, and the tables."""
    about = {one.effect: one for one in picture.abouts}
    shown = [
        {
            "strip": strip,
            "about": about[strip.effect],
            "charts": [
                draw_strip(strips.strip_scene(strip, picture.dosing), frame)
                for frame in (STRIP_WIDE, STRIP_NARROW)
            ],
            "heads": strip_tables.heads(strip),
            "rows": strip_tables.rows(strip, picture.dosing[1]),
        }
        for strip in picture.strips
    ]
    numbers_only = [
        one for one in picture.abouts if one.effect not in {s.effect for s in picture.strips}
    ]
    return {
        "strips": shown,
        "refused": picture.refused,
        "numbers_only": numbers_only,
        "answers": strip_tables.answers(picture.answers),
        "asks_nothing": picture.answers.crossing is None and not picture.answers.leaving,
        "reading_times": strip_tables.reading_words(picture.answers),
    }
