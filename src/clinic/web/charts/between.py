"""The words for a disagreement between models, as legend and tables say them."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.explore.disagreement import Disagreement, disagreements
from clinic.explore.predictions import Prediction
from clinic.web.charts.drawing import gap_swatch
from clinic.web.charts.levels import Letters, span_words
from clinic.web.charts.markup import Markup
from clinic.web.charts.words import duration, listed, number


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """One disagreement in the legend and at the head of its column."""

    key: str
    swatch: Markup
    letters: str  # "A and C"
    name: str  # "S + R ketamine, venous plasma"
    widest: str  # "widest at 40 min: 120 to 161 ng/mL (1.34 times)"


def doubts(prediction: Prediction, named: Letters) -> tuple[Doubt, ...]:
    """Return every disagreement that is drawn, with its words."""
    return tuple(
        Doubt(
            key=found.key,
            swatch=gap_swatch(n),
            letters=listed([named[model_id] for model_id in found.model_ids]),
            name=f"{found.analyte_name}, {found.site}",
            widest=_widest(prediction, found),
        )
        for n, found in enumerate(disagreements(prediction.curves))
    )


def _widest(prediction: Prediction, found: Disagreement) -> str:
    """Return where the models are farthest apart, in levels and, where it can be said, in times."""
    low, high = found.low[found.widest], found.high[found.widest]
    words = f"widest at {duration(prediction.minutes[found.widest])}"
    words += f": {span_words(low, high)} ng/mL"
    return f"{words} ({number(high / low)} times)" if low > 0.01 * high else words
