"""The drawing of effects beside doses, and the words that say how little it tells."""

from __future__ import annotations

from clinic.explore.evidence_answer import Answer
from clinic.explore.evidence_doses import DoseLine, DosePoint
from clinic.web import evidence_words as words
from clinic.web.charts.bubble import Bubble, Fitted, Point
from clinic.web.charts.forest_rows import Effect
from clinic.web.charts.words import number

_FROM_CONTROL = (
    "The line is made to start at no effect without the drug: it can rise even where the higher "
    "dose does no better than the lower."
)
_DRAWN = "It is drawn only between the doses that were given."
_SHARED = "Doses of one trial share its control group; the line reckons with that."
_WEIGHT = "Weight: by the variance of each dose's own effect."


def dose_plot(found: Answer, line: DoseLine) -> Bubble | None:
    """Return the effects beside their doses with the line; None for a measure without a null."""
    null = found.measure.null
    if null is None:
        return None
    return Bubble(
        name=f"Effect by dose. {found.title}",
        dose_label="dose",
        unit="mg",
        measure=found.measure_name,
        is_log=found.measure.is_ratio,
        null=null,
        points=tuple(_point(found, one) for one in line.points),
        fit=tuple(
            Fitted(dose=mg, estimate=at.estimate, low=at.low, high=at.high) for mg, at in line.fit
        ),
        told=(_line(found, line), _FROM_CONTROL, _DRAWN, _SHARED, _WEIGHT),
    )


def _point(found: Answer, one: DosePoint) -> Point:
    told = words.extent(one.effect)
    return Point(
        label=f"{one.label}, {number(one.dose)} mg",
        sublabel=words.people(one.people),
        dose=one.dose,
        effect=Effect(
            estimate=one.effect.estimate, low=one.effect.low, high=one.effect.high, text=told
        ),
        weight=one.weight,
    )


def _line(found: Answer, line: DoseLine) -> str:
    return f"Intervals and band: {words.level(found.level)}; line fitted to {trials(line)}."


def trials(line: DoseLine) -> str:
    """Return how many trials, and how many doses they gave."""
    given = len({point.dose for point in line.points})
    return f"{line.k} {'trial' if line.k == 1 else 'trials'} with {given} doses (k = {line.k})"


def dose_words(line: DoseLine) -> str:
    """Return what such a line can tell, in words."""
    given = len({point.dose for point in line.points})
    if line.k == 1 and given == 2:
        return (
            "One trial with two doses (k = 1) tells little about dose: a line through two doses "
            f"cannot show a bend. {_FROM_CONTROL}"
        )
    return (
        f"A line fitted to {trials(line)}. It was not tried whether another shape "
        f"would fit better. {_FROM_CONTROL}"
    )
