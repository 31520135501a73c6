"""The drawings of an answer: its forest, its hundred people, its funnel, its steps, its doses."""

from __future__ import annotations

from dataclasses import dataclass, replace

from clinic.explore.evidence_answer import Answer
from clinic.explore.evidence_doses import DoseLine
from clinic.explore.evidence_more import More, Step
from clinic.explore.evidence_studies import Extent, Study
from clinic.explore.evidence_words import OF_COUNTS, happened
from clinic.web import evidence_words as words
from clinic.web.charts.bubble import bubble_table, bubbles
from clinic.web.charts.forest import forests
from clinic.web.charts.forest_rows import Effect, Forest, Group, Prediction, Row, Total
from clinic.web.charts.forest_words import forest_table
from clinic.web.charts.funnel import Funnel, funnel_table, funnels
from clinic.web.charts.funnel import Study as FunnelStudy
from clinic.web.charts.icons import Group as People
from clinic.web.charts.icons import Icons, difference_words, icon_arrays, icons_table
from clinic.web.charts.markup import Markup
from clinic.web.charts.twin import Twin
from clinic.web.evidence_dose_plot import dose_plot

FUNNEL_SAYS_LITTLE = (
    "Fewer than 10 studies: the shape says little, and no test of asymmetry is made."
)
_PRINTED_HEADS = ("As printed",)
_COUNTED_HEADS, _MEASURED_HEADS = ("Treated", "Control"), ("Treated, mean", "Control, mean")


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """One chart for a wide and a narrow sheet, with the table that says the same."""

    key: str
    charts: tuple[Markup, Markup]
    table: Twin


def forest(found: Answer) -> Forest | None:
    """Return the forest plot of an answer; None where nothing can be drawn."""
    if found.together is None:
        return None
    left, right = words.better(found)
    return Forest(
        name=f"Forest plot. {found.title}",
        measure=found.measure_name,
        interval=f"{words.level(found.level)} interval",
        is_log=found.measure.is_ratio,
        null=found.measure.null,
        groups=(Group(heading="", rows=tuple(row(study) for study in found.studies)),),
        totals=() if found.is_single else (total(found),),
        left=left,
        right=right,
        columns=heads(found),
    )


def heads(found: Answer) -> tuple[str, ...]:
    """Return what the columns of printed numbers are called."""
    if any(study.printed for study in found.studies):
        return _PRINTED_HEADS
    is_counted = found.measure in OF_COUNTS
    return _COUNTED_HEADS if is_counted else _MEASURED_HEADS


def row(study: Study) -> Row:
    """Return one study as a row of a forest plot."""
    return Row(
        label=study.label,
        sublabel=words.people(study.people),
        effect=_effect(study.effect) if study.effect else None,
        missing="" if study.effect else "no effect: nobody had the event in any group",
        weight=study.weight,
        cells=cells(study),
        notes=notes(study),
    )


def cells(study: Study) -> tuple[str, ...]:
    """Return the printed numbers of a study: of both groups, or of their difference."""
    if study.printed is not None:
        return (words.difference(study.printed),)
    return words.figures(study.treated), words.figures(study.control)


def notes(study: Study) -> tuple[str, ...]:
    """Return where the numbers of a study were read, and what was said of its weaknesses."""
    remarks = [
        f"{one.label}: {', '.join(one.remarks)}"
        for one in (*study.treated, *study.control)
        if one.remarks
    ]
    told = (
        f"{study.scale} {study.definition}, {study.timepoint}".strip(", "),
        f"Source: {study.source.words} ({study.locator})",
        f"The numbers were {study.status}" if study.status.startswith("read") else study.status,
        *remarks,
        f"Risk of bias, as printed: {study.bias.remark}" if study.bias.remark else "",
    )
    return tuple(one for one in told if one)


def _effect(found: Extent) -> Effect:
    return Effect(estimate=found.estimate, low=found.low, high=found.high, text=words.extent(found))


def total(found: Answer) -> Total:
    """Return the pooled result as the diamond of a forest plot."""
    together = found.together
    if together is None:
        raise TypeError("a refused answer has no diamond")
    predicted = together.prediction
    return Total(
        label="Together",
        effect=_effect(together.extent),
        detail=detail(found),
        prediction=None
        if predicted is None
        else Prediction(low=predicted[0], high=predicted[1], text=words.span(*predicted)),
    )


def detail(found: Answer) -> str:
    """Return how much the studies differ, in a line."""
    together = found.together
    if together is None or found.is_single:
        return ""
    spread = together.spread
    parts = (
        f"I² {spread.I2:.0f} %" if spread.I2 is not None else "",
        f"tau² {words.figure(float(f'{spread.tau2:.3g}'))}" if spread.tau2 is not None else "",
        f"{sum(study.effect is not None for study in found.studies)} trials",
    )
    return ", ".join(part for part in parts if part)


def people(found: Answer) -> Icons | None:
    """Return two groups of a hundred people; None where people were not counted."""
    absolute, sure = found.absolute, found.sure
    if absolute is None or sure is None:
        return None
    yes, no = happened(found.kind)
    return Icons(
        control=People(name=found.sides.control, percent=absolute.control),
        treated=People(name=found.sides.treated, percent=absolute.treated),
        happened=yes,
        not_happened=no,
        outcome=" ".join(part for part in (outcome(found), *found.definitions) if part),
        time=words.when(found),
        uncertainty=uncertainty(found),
        certainty=sure.level,
    )


def outcome(found: Answer) -> str:
    """Return what was counted, and by which scale."""
    by = words.by(found)
    kind = found.kind.value.capitalize()
    return f"{kind} ({by})" if by else kind


def uncertainty(found: Answer) -> str:
    """Return the interval of the difference in people of a hundred."""
    absolute = found.absolute
    if absolute is None:
        return ""
    return f"{words.level(found.level)} interval {ends(found)}"


def ends(found: Answer) -> str:
    """Return the two ends of the interval of the difference, in people of a hundred."""
    absolute = found.absolute
    if absolute is None:
        return ""
    low, high = sorted((absolute.low, absolute.high))
    is_same_side = low * high > 0.0 and round(low) != 0 and round(high) != 0
    first = _more(low).split()[0] if is_same_side else _more(low)
    return f"{first} to {_more(high)}"


def _more(points: float) -> str:
    whole = round(abs(points))
    if whole == 0:
        return "no difference"
    return f"{whole} {'more' if points > 0 else 'fewer'}"


def headline(icons: Icons) -> str:
    """Return the difference in whole people."""
    return difference_words(icons)


def drawn(found: Answer, further: More) -> dict[str, Drawing | None]:
    """Return every drawing of an answer."""
    plot, icons = forest(found), people(found)
    return {
        "forest": _drawing("forest", forests(plot), forest_table(_brief(plot))) if plot else None,
        "icons": _drawing("icons", icon_arrays(icons), icons_table(icons)) if icons else None,
        "by_year": _steps(found, further.by_year, "by-year", "As it stood after each trial"),
        "one_out": _steps(found, further.one_out, "one-out", "Without each trial in turn"),
        "funnel": _funnel(found, further),
        "doses": _by_dose(found, further.line),
    }  # fmt: skip


def _brief(plot: Forest) -> Forest:
    """Return a plot for its table: where each number was read stands further down the page."""
    groups = (
        replace(group, rows=tuple(replace(row, notes=()) for row in group.rows))
        for group in plot.groups
    )
    return replace(plot, groups=tuple(groups))


def _drawing(key: str, charts: tuple[Markup, Markup], table: Twin) -> Drawing:
    return Drawing(key=key, charts=charts, table=table)


def _steps(found: Answer, steps: tuple[Step, ...], key: str, name: str) -> Drawing | None:
    if not steps:
        return None
    left, right = words.better(found)
    rows = tuple(
        Row(
            label=step.label,
            sublabel="people not printed" if step.people is None else f"{step.people} people",
            effect=_effect(step.extent),
            is_pooled=True,
        )
        for step in steps
    )
    plot = Forest(
        name=f"{name}. {found.title}",
        measure=found.measure_name,
        interval=f"{words.level(found.level)} interval",
        is_log=found.measure.is_ratio,
        null=found.measure.null,
        groups=(Group(heading="", rows=rows),),
        left=left,
        right=right,
    )
    return _drawing(key, forests(plot), forest_table(plot))


def _funnel(found: Answer, further: More) -> Drawing | None:
    together, null = found.together, found.measure.null
    if together is None or null is None or len(further.funnel) < 2:
        return None
    plot = Funnel(
        name=f"Funnel plot. {found.title}",
        measure=found.measure_name,
        is_log=found.measure.is_ratio,
        null=null,
        pooled=together.extent.estimate,
        pooled_text=f"pooled {words.extent(together.extent)}",
        studies=tuple(
            FunnelStudy(
                label=point.label,
                estimate=point.estimate,
                se=point.se,
                text=words.effect(point.estimate),
            )
            for point in further.funnel
        ),
        told=(FUNNEL_SAYS_LITTLE,) if further.says_little else (),
    )
    return _drawing("funnel", funnels(plot), funnel_table(plot))


def _by_dose(found: Answer, line: DoseLine | None) -> Drawing | None:
    plot = None if line is None else dose_plot(found, line)
    return None if plot is None else _drawing("by-dose", bubbles(plot), bubble_table(plot))
