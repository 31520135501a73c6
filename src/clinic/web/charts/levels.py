"""Describe a predicted plasma level as a scene: what is drawn, how it is told apart."""

from __future__ import annotations

import textwrap
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from clinic.explore.disagreement import Disagreement, disagreements
from clinic.explore.predictions import Curve, Measured, Prediction
from clinic.web.charts.scene import Gap, Line, Mark, Note, Points, Scene, Span, Style
from clinic.web.charts.shapes import GLYPHS, thinned
from clinic.web.charts.words import duration, level

Letters = Mapping[str, str]  # of each model by its id

MEASURED = "measured"  # the tick box for published measurements
TOTAL = "total"  # the tick box for the drug itself, both enantiomers together
HUES = 5  # colour families in the style sheet
PERCENTILES = "5th to 95th percentile"  # what a range behind a predicted level is
STAMP = "predicted, not measured"
STRAY = 0.0003  # of its own highest value that a drawn line may stray: nothing an eye can see
LOW_CONFIDENCE = "low confidence"
BOXED = 150  # letters of a source that fit into the box beside a curve

# How each analyte is drawn and what stands at the end of its line.
_DASHES = {
    "ketamine": ("solid", "S + R"),
    "esketamine": ("long", "S"),
    "arketamine": ("short", "R"),
    "norketamine": ("dash-dot", "NK"),
    "esnorketamine": ("dash-dot", "S-NK"),
    "arnorketamine": ("dash-dot-dot", "R-NK"),
    "hydroxynorketamine": ("dotted", "HNK"),
    "eshydroxynorketamine": ("dotted", "S-HNK"),
    "arhydroxynorketamine": ("sparse", "R-HNK"),
}


def visible(prediction: Prediction, groups: Collection[str]) -> Prediction:
    """Return the prediction with only the ticked kinds of curves and measurements."""
    wanted = set(groups)
    if TOTAL in wanted and not any(curve.group == TOTAL for curve in prediction.curves):
        wanted |= {curve.group for curve in prediction.curves if curve.analyte in _ENANTIOMERS}
    curves = tuple(curve for curve in prediction.curves if curve.group in wanted)
    measured = prediction.measured if MEASURED in groups else ()
    within = (point for point in measured if point.minutes <= prediction.minutes[-1])
    return replace(
        prediction,
        curves=curves,
        measured=tuple(point for point in within if point.group in wanted),
    )


_ENANTIOMERS = ("esketamine", "arketamine")


def letters(catalogue: Iterable[str]) -> Letters:
    """Return a letter for each model, A, B, C ...: its own, whichever others are drawn."""
    return {model_id: chr(ord("A") + n) for n, model_id in enumerate(catalogue)}


def style(curve: Curve, letter: str) -> Style:
    """Return how a curve is drawn: the model gives hue and sign, the analyte the dash.

    Two models of one hue have two signs, so that the first 25 letters all differ.
    """
    n = ord(letter) - ord("A")
    glyph = GLYPHS[(n + n // HUES) % len(GLYPHS)]
    return Style(hue=n % HUES, dash=dash(curve.analyte)[0], glyph=glyph)


def rise_words(curve: Curve, last: float) -> str:
    """Return what the highest level is: a peak, or only the end of the time shown."""
    return "still rising at the end:" if curve.peak > 0 and curve.peak_at >= last else "peak"


def peak_span(prediction: Prediction, curve: Curve) -> str:
    """Return the 5th to 95th percentile where the curve is highest; nothing without a band."""
    if curve.low is None or curve.high is None:
        return ""
    top = bisect_left(prediction.minutes, curve.peak_at)
    return span_words(curve.low[top], curve.high[top])


def span_words(low: float, high: float) -> str:
    """Return two levels as a range, to stand in brackets behind a level."""
    return f"{level(low)} to {level(high)}".replace(" ng/mL", "")


def dash(analyte: str) -> tuple[str, str]:
    """Return the dash of an analyte and its abbreviation."""
    return _DASHES.get(analyte, ("sparse", analyte))


def caveat(curve: Curve) -> str:
    """Return what must stand wherever the curve is named; empty where nothing must."""
    return caveat_words(curve.confidence_level)


def caveat_words(confidence_level: str) -> str:
    """Return what must stand wherever something of this confidence is named."""
    return LOW_CONFIDENCE if confidence_level == "low" else ""


def sites(prediction: Prediction) -> tuple[str, ...]:
    """Return the sampling sites that are on the plot, each once."""
    drawn = (*prediction.curves, *prediction.measured)
    return tuple(dict.fromkeys(thing.site for thing in drawn))


def other_sites(prediction: Prediction) -> tuple[str, ...]:
    """Return the sites that only measurements come from."""
    predicted = {curve.site for curve in prediction.curves}
    return tuple(site for site in sites(prediction) if site not in predicted)


def levels_scene(prediction: Prediction, named: Letters) -> Scene:
    """Return the scene of a prediction: levels against the time since the start."""
    return Scene(
        name=f"Predicted plasma levels, {prediction.regimen}. The same values are in the tables.",
        stamp=_stamps(prediction),
        x_label="time since the start",
        y_label="plasma level (ng/mL)",
        x_high=prediction.minutes[-1],
        y_high=_highest(prediction),
        span=span_of(prediction.dosing),
        lines=tuple(_line(curve, prediction, named[curve.model_id]) for curve in prediction.curves),
        marks=tuple(_mark(point, n) for n, point in enumerate(prediction.measured)),
        gaps=tuple(
            _gap(prediction, found, n) for n, found in enumerate(disagreements(prediction.curves))
        ),
    )


def _stamps(prediction: Prediction) -> tuple[str, ...]:
    lines = [f"lines: {STAMP}"]
    if disagreements(prediction.curves):
        lines.append("hatched: models disagree")
    if prediction.measured:
        lines.append("crosses, bars: measured (published)")
    if len(sites(prediction)) > 1:
        lines.append("sites differ: do not compare levels")
    return tuple(lines)


def _highest(prediction: Prediction) -> float:
    tops = [max(curve.level if curve.high is None else curve.high) for curve in prediction.curves]
    measured = [(point.level, point.high) for point in prediction.measured]
    return max(*tops, *(value for pair in measured for value in pair if value is not None), 0.0)


def span_of(dosing: tuple[float, float]) -> Span:
    """Return the stretch of the axis [min] during which the drug is given."""
    start, end = dosing
    begun = "0" if start == 0 else duration(start)
    words = f"{begun} to {duration(end)}" if end > start else f"at {duration(start)}"
    return Span(start=start, end=end, label=f"given {words}")


def _line(curve: Curve, prediction: Prediction, letter: str) -> Line:
    bands = ()
    if curve.low is not None and curve.high is not None:
        bands = ((_points(prediction, curve.low), _points(prediction, curve.high)),)
    return Line(
        key=curve.key,
        tag=f"{letter} {dash(curve.analyte)[1]}",
        caveat=caveat(curve),
        style=style(curve, letter),
        points=_points(prediction, curve.level),
        bands=bands,
        note=_curve_note(prediction, curve, letter),
    )


def _gap(prediction: Prediction, found: Disagreement, n: int) -> Gap:
    edges = (_points(prediction, found.low), _points(prediction, found.high))
    return Gap(key=found.key, slant=n, edges=edges)


def _points(prediction: Prediction, values: tuple[float, ...]) -> Points:
    """Return the points that the eye needs: those between lie on the line through these."""
    every = tuple(zip(prediction.minutes, values, strict=True))
    return thinned(every, tolerance=STRAY * max(values))


def _curve_note(prediction: Prediction, curve: Curve, letter: str) -> Note:
    heading = f"{letter} · {curve.analyte_name}, {curve.site}"
    heading += f" · {caveat(curve)}" if caveat(curve) else ""
    first = (
        _peak_sentence(prediction, curve),
        f"Model: {curve.model_title}",
        f"Studied in: {curve.population}",
    )
    source = f"Source ({curve.status}): {curve.source}"
    return Note(
        heading=heading,
        lines=(*first, _shortened(source)),
        spoken=_spoken(heading, *first, source, curve.spread),
    )


def _peak_sentence(prediction: Prediction, curve: Curve) -> str:
    lead, span = rise_words(curve, prediction.minutes[-1]), peak_span(prediction, curve)
    words = f"Predicted {lead} {level(curve.peak)}"
    words += f" ({span})" if span else ""
    words += f" at {duration(curve.peak_at)}"
    return f"{words}; in brackets: {PERCENTILES}" if span else words


def _shortened(text: str) -> str:
    """Return as much as a box can hold; the legend and the table hold all of it."""
    return textwrap.shorten(text, BOXED, placeholder=" …")


def _spoken(*sentences: str) -> str:
    return " ".join(f"{sentence.rstrip('.')}." for sentence in sentences if sentence)


def sign(point: Measured) -> str:
    """Return the sign of a measurement: a range, the drug itself, or what the body made of it."""
    if point.level is None:
        return "bar"
    return "cross" if point.analyte in ("ketamine", *_ENANTIOMERS) else "plus"


def measured_words(point: Measured) -> str:
    """Return what was measured, with its unit and its range."""
    if point.low is None or point.high is None:
        return "no value published" if point.level is None else level(point.level)
    span = f"{level(point.low).removesuffix(' ng/mL')} to {level(point.high)}"
    return span if point.level is None else f"{level(point.level)} ({span})"


def _mark(point: Measured, n: int) -> Mark:
    heading = f"Measured (published) · {point.analyte_name}, {point.site}"
    first = (
        f"{measured_words(point)} at {duration(point.minutes)}, {point.statistic}",
        f"Measured in: {point.population}",
    )
    source = f"Source ({point.status}): {point.source}"
    return Mark(
        key=f"measured-{n}",
        x=point.minutes,
        y=point.level,
        low=point.low,
        high=point.high,
        sign=sign(point),
        note=Note(
            heading=heading,
            lines=(*first, _shortened(source)),
            spoken=_spoken(heading, *first, source, point.note),
        ),
    )
