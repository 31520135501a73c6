"""What ``ketherapy evidence pool`` prints: studies, the pooled effect, how sure it is, sources."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, SupportsFloat

if TYPE_CHECKING:
    from ketherapy.evidence.analysis import Absolute, Analysis
    from ketherapy.evidence.matches import Match
    from ketherapy.evidence.reviews import PublishedPool
    from ketherapy.evidence.shown import Side
    from ketherapy.evidence.synthesis import Pooled

NOTICE = "Averages of the people who took part in trials: no prediction for a person, no advice."
_WIDE = 96  # characters of a line of words


def report(analysis: Analysis, match: Match | None = None) -> str:
    """Return everything a reader is told of an analysis, published beside ours where it is."""
    blocks = (
        _head(analysis), _studies(analysis), _pooled(analysis), _published(match),
        _certainty(analysis), flagged(analysis), _excluded(analysis),
        listed("Sources", analysis.sources), NOTICE,
    )  # fmt: skip
    return "\n\n".join(block for block in blocks if block)


def figure(x: SupportsFloat | None) -> str:
    """Return a number of an effect: two decimals, more where it is small, none where large."""
    value = math.nan if x is None else float(x)
    if not math.isfinite(value):
        return "not known"
    if value and abs(value) < 0.1:
        return f"{value:.2g}" if abs(value) >= 1e-4 else f"{value:.1e}"
    return f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.2f}"


def interval(low: SupportsFloat | None, high: SupportsFloat | None) -> str:
    """Return two ends of an interval, in words where they are not known."""
    return f"{figure(low)} to {figure(high)}"


def grid(
    rows: Iterable[Sequence[str]],
    heads: Sequence[str] = (),
    widths: Mapping[int, int] | None = None,
) -> str:
    """Return a table of words; columns named by their place are wrapped to a width."""
    from tabulate import tabulate

    # Wrapped here: tabulate takes "2,665" for a number when it wraps.
    wide = widths or {}
    body = [
        [
            "\n".join(wrap(cell, wide[k]) or [""]) if k in wide else cell
            for k, cell in enumerate(row)
        ]
        for row in rows
    ]
    if not heads:
        return tabulate(body, tablefmt="plain", disable_numparse=True)
    return tabulate(body, headers=heads, disable_numparse=True)


def listed(title: str, lines: tuple[str, ...] | list[str]) -> str:
    """Return lines under a title, or nothing where there are none."""
    return "\n".join([title, *(f"  {line}" for line in lines)]) if lines else ""


def _head(analysis: Analysis) -> str:
    treated, control = analysis.people
    people = f"{treated} people treated, {control} control"
    if not treated + control:
        whole = analysis.persons
        people = "how many people is not printed" if whole is None else f"{whole} people"
    elif analysis.persons not in (None, treated + control):
        people += f": {analysis.persons} different people"
    k = len(analysis.studies)
    lines = [
        f"{analysis.id}: {analysis.title}",
        f"{k} {'trial' if k == 1 else 'trials'}, {people}",
    ]
    if analysis.refusals:
        lines += ["", "Nothing is pooled:", *(f"  {line}" for line in analysis.refusals)]
    return "\n".join(lines)


def _studies(analysis: Analysis) -> str:
    from ketherapy.evidence.shown import shown

    if not analysis.studies:
        return ""
    percent = f"{100.0 * analysis.choices.level:g} %"
    rows = [
        (
            one.study.label, one.study.outcome.timepoint, one.study.outcome.scale,
            side(one.treated), side(one.control), one.study.trial.control.value,
            "" if one.estimate is None else figure(one.estimate),
            "" if one.estimate is None else interval(one.low, one.high),
            "" if one.weight is None else f"{one.weight:.1f} %", one.study.status.value,
        )
        for one in shown(analysis)
    ]  # fmt: skip
    heads = ("trial", "time", "scale", "treated", "control", "given to control",
             analysis.measure.value, percent, "weight", "status")  # fmt: skip
    return grid(rows, heads)


def side(one: Side | None) -> str:
    """Return one side of a study: counts with their share, or mean and deviation."""
    if one is None:
        return "not printed"
    if one.events is not None:
        return f"{one.events}/{one.n} ({one.share:.0f} %)"
    return f"{figure(one.mean)}, SD {figure(one.sd)}, n {one.n}"


def _pooled(analysis: Analysis) -> str:
    pooled = analysis.pooled
    if pooled is None:
        return ""
    rows = [*_effect(analysis, pooled), *_heterogeneity(pooled)]
    rows.append(("computed by", _method(pooled)))
    if analysis.other is not None:
        ends = analysis.other.printed
        said = f"{interval(ends.low, ends.high)} ({analysis.other.interval.value})"
        rows.append(("the other interval", said))
    if analysis.absolute is not None:
        rows.append(("of 100 people", absolute(analysis.absolute)))
    return grid(rows)


def _effect(analysis: Analysis, pooled: Pooled) -> Iterator[tuple[str, str]]:
    found, percent = pooled.printed, f"{100.0 * pooled.level:g} %"
    what = "pooled" if int(pooled.k) > 1 else "one trial"
    yield (f"{what} {pooled.measure}",
           f"{figure(found.estimate)} ({percent} interval {interval(found.low, found.high)},"
           f" p {p_value(pooled.p)})")  # fmt: skip
    if math.isfinite(float(pooled.prediction_low)):
        ends = interval(found.prediction_low, found.prediction_high)
        yield ("a further trial", f"{ends} ({percent} prediction interval, {pooled.prediction})")
    if analysis.favourable and pooled.measure.null is not None:
        yield ("speaks for treatment", f"{analysis.favourable} {pooled.measure.null:g}")


def _heterogeneity(pooled: Pooled) -> Iterator[tuple[str, str]]:
    if int(pooled.k) < 2:
        return
    tau2 = f"tau2 {figure(pooled.tau2)}"
    if math.isfinite(float(pooled.tau2_high)):
        tau2 += f" ({interval(pooled.tau2_low, pooled.tau2_high)})"
    yield ("how trials differ",
           f"{tau2}, I2 {float(pooled.I2):.0f} %, Q {figure(pooled.Q)}"
           f" (p {p_value(pooled.p_Q)})")  # fmt: skip


def p_value(p: SupportsFloat) -> str:
    """Return a p value as journals print it."""
    value = float(p)
    if not math.isfinite(value):
        return "not known"
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _method(pooled: Pooled) -> str:
    if int(pooled.k) < 2:
        return "its own variance"
    return f"{pooled.method.value}; {pooled.interval.value} interval"


def absolute(found: Absolute) -> str:
    """Return the shares of a hundred people, never one without the other."""
    more = "more" if found.difference >= 0.0 else "fewer"
    low, high = (f"{end:+.0f}" for end in (found.low, found.high))
    return (
        f"{found.control:.0f} of the control, {found.treated:.0f} of the treated:"
        f" {abs(found.difference):.0f} {more} ({low} to {high})"
    )


def _published(match: Match | None) -> str:
    if match is None:
        return ""
    pool = match.pool
    said = match.verdict.value
    if match.differing:
        said += f": {', '.join(match.differing)}"
    rows = [("published", published(pool) or "not published"), ("beside ours", said)]
    for name, words in (("model printed", pool.model_printed), ("gap", pool.gap),
                        ("note", pool.note)):  # fmt: skip
        rows += [(name, words)] if words else []
    return grid(rows, widths={1: _WIDE})


def published(pool: PublishedPool) -> str:
    """Return a pooled result with the digits it was printed with, or nothing."""
    if pool.estimate is None and pool.low is None:
        return ""
    said = "" if pool.estimate is None else f"{pool.estimate:.10g}"
    if pool.low is not None and pool.high is not None:
        said = f"{said} ({pool.low:.10g} to {pool.high:.10g})".strip()
    return f"{pool.measure_printed} {said}"


def _certainty(analysis: Analysis) -> str:
    graded = analysis.certainty
    if graded is None:
        return ""
    said = f"Certainty: {graded.level} ({graded.by})"
    return "\n".join([said, *(f"  {reason}" for reason in graded.reasons)])


def flagged(analysis: Analysis) -> str:
    """Return what a reader must know beside the result."""
    said = (analysis.note,) if analysis.note else ()
    beside = [
        f"{beside_words(named)} (ketherapy evidence show {named})" for named in analysis.beside
    ]
    blocks = (listed("Mind", (*said, *analysis.warnings)), listed("Beside it", beside))
    return "\n\n".join(block for block in blocks if block)


def beside_words(named: str) -> str:
    """Return a published pool that belongs beside an analysis, in one line."""
    from ketherapy.evidence.reviews import review

    of, _, which = named.partition("/")
    pool = review(of).pool(which)
    shown = f"{pool.measure_printed} {figure(pool.estimate)} ({interval(pool.low, pool.high)})"
    return f"{pool.comparison}, {pool.outcome}: {shown}"


def _excluded(analysis: Analysis) -> str:
    lines = [
        f"{one.trial.name}, {one.outcome.outcome}"
        f"{f', {one.outcome.timepoint}' if one.outcome.timepoint else ''}: {one.why}"
        for one in analysis.excluded
    ]
    return listed("Looked at and left out", lines)
