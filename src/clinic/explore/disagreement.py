"""How far models disagree: from the lowest to the highest of their lines for one analyte.

That is doubt about the models. How people differ is the band of one model and is another thing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clinic.explore.predictions import Curve


@dataclass(frozen=True, kw_only=True, slots=True)
class Disagreement:
    """What lies between two or more models of one analyte, sampled from one known site."""

    key: str  # unique on the page; letters, digits, _ and -
    analyte: str
    analyte_name: str
    group: str  # what a toggle shows or hides
    site: str
    members: tuple[str, ...]  # keys of the curves
    model_ids: tuple[str, ...]
    low: tuple[float, ...]  # lowest of the models [ng/mL] at Prediction.minutes
    high: tuple[float, ...]  # highest of them [ng/mL]

    @property
    def widest(self) -> int:
        """Return which of the minutes has the widest gap in ng/mL, the first of equals."""
        gaps = [high - low for low, high in zip(self.low, self.high, strict=True)]
        return gaps.index(max(gaps))


def disagreements(curves: Sequence[Curve]) -> tuple[Disagreement, ...]:
    """Return one for each analyte and site that two or more of the models describe.

    A curve whose sampling site is not known joins none: arterial and venous never share a band,
    and what is not known to be the same is not taken to be.
    """
    alike: dict[tuple[str, str], list[Curve]] = {}
    for curve in curves:
        if curve.is_site_known:
            alike.setdefault((curve.analyte, curve.site), []).append(curve)
    return tuple(_between(group) for group in alike.values() if len(group) > 1)


def _between(group: Sequence[Curve]) -> Disagreement:
    first = group[0]
    at_each_time = list(zip(*(curve.level for curve in group), strict=True))
    return Disagreement(
        key=f"between-{first.analyte}-{first.site.replace(' ', '-')}",
        analyte=first.analyte,
        analyte_name=first.analyte_name,
        group=first.group,
        site=first.site,
        members=tuple(curve.key for curve in group),
        model_ids=tuple(curve.model_id for curve in group),
        low=tuple(map(min, at_each_time)),
        high=tuple(map(max, at_each_time)),
    )
