"""What else can be asked of a synthesis: one out, one after another, after Bayes, drawn again."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
import numpy as np
from tabulate import tabulate

from ketherapy.cli.evidence_tables import figure, interval
from ketherapy.errors import ContractError

if TYPE_CHECKING:
    from ketherapy.evidence.analysis import Analysis
    from ketherapy.evidence.effects import Effects
    from ketherapy.evidence.synthesis import Pooled


def effects_of(analysis: Analysis) -> Effects:
    """Return the effects of an analysis.

    Errors  ContractError where it is refused
    """
    if analysis.effects is None:
        raise ContractError(
            analysis.id, expected="a synthesis", got=None, remedy=" ".join(analysis.refusals)
        )
    return analysis.effects


def one_out(analysis: Analysis) -> str:
    """Return the table of the synthesis without each study in turn."""
    from ketherapy.evidence.synthesis import leave_one_out

    effects, how = effects_of(analysis), analysis.choices
    found = leave_one_out(
        effects, tau2=how.tau2, interval=how.interval, prediction=how.prediction, level=how.level
    )
    return _table("without", effects.labels, found)


def one_after_another(analysis: Analysis) -> str:
    """Return the table of the synthesis as it stood after each year."""
    from ketherapy.evidence.synthesis import cumulative

    effects, how = effects_of(analysis), analysis.choices
    years = {study.label: study.trial.year for study in analysis.studies}
    order = sorted(range(effects.k), key=lambda place: years[effects.labels[place]])
    found = cumulative(
        effects, order, tau2=how.tau2, interval=how.interval, prediction=how.prediction,
        level=how.level,
    )  # fmt: skip
    labels = [f"{effects.labels[place]} ({years[effects.labels[place]]})" for place in order]
    return _table("and after", labels, found)


def _table(head: str, labels: Sequence[str], found: Pooled) -> str:
    shown = found.printed
    columns = (shown.estimate, shown.low, shown.high, found.tau2, found.I2)
    rows = [
        (label, figure(estimate), interval(low, high), figure(tau2), figure(I2))
        for label, estimate, low, high, tau2, I2 in zip(
            labels, *(np.asarray(column) for column in columns), strict=True
        )
    ]
    heads = (head, found.measure.value, f"{100.0 * found.level:g} %", "tau2", "I2 (%)")
    return tabulate(rows, headers=heads, disable_numparse=True)


def after_bayes(analysis: Analysis, *, mcid: float | None, tau_scale: float | None) -> str:
    """Return what is believed after the studies, with the prior it began with."""
    from ketherapy.evidence.synthesis import bayes, default_prior

    effects = effects_of(analysis)
    prior = default_prior(effects.measure, scale=tau_scale)
    found = bayes(effects, prior=prior, mcid=mcid, level=analysis.choices.level)
    shown = effects.measure.shown
    low, high, ahead_low, ahead_high = (
        shown(x) for x in (found.low, found.high, found.prediction_low, found.prediction_high)
    )
    percent = f"{100.0 * found.level:g} %"
    rows = [
        ("after Bayes", f"{effects.measure} {figure(shown(found.estimate))}"
                        f" ({percent} {interval(low, high)})"),
        ("a further trial", f"{percent} {interval(ahead_low, ahead_high)}"),
        ("tau", f"{figure(found.tau)} ({interval(found.tau_low, found.tau_high)})"),
        (f"chance of more than {_null(effects)}", _chance(found.p_above_null)),
    ]  # fmt: skip
    if mcid is not None:
        beyond = f"chance of an effect beyond {mcid:g}"
        rows += [(beyond, _chance(found.p_beyond_mcid)),
                 ("the same in a further trial", _chance(found.p_new_beyond_mcid))]  # fmt: skip
    table = tabulate(rows, tablefmt="plain", disable_numparse=True)
    return "\n".join([table, *found.notes])


def drawn_again(analysis: Analysis, *, draws: int, seed: int) -> str:
    """Return how far the synthesis moves when the effects of its studies are drawn again."""
    from ketherapy.evidence.synthesis import bootstrap

    effects, how = effects_of(analysis), analysis.choices
    with click.progressbar(
        length=draws, label="drawing again", file=sys.stderr, show_eta=True, show_pos=True
    ) as bar:
        found = bootstrap(
            effects, seed=seed, draws=draws, tau2=how.tau2, level=how.level,
            progress=lambda done, _: bar.update(done - bar.pos),
        )  # fmt: skip
    low, high = (effects.measure.shown(x) for x in (found.low, found.high))
    percent = f"{100.0 * found.level:g} %"
    rows = [
        (f"{draws:,} draws", f"{percent} of the pooled {effects.measure}: {interval(low, high)}"),
        ("tau2", f"{percent}: {interval(found.tau2_low, found.tau2_high)}"),
        ("drawn", f"{found.redraw.value} of the same trials, seed {found.seed}"),
    ]
    return tabulate(rows, tablefmt="plain", disable_numparse=True)


def _null(effects: Effects) -> str:
    null = effects.measure.null
    return "none" if null is None else f"{null:g}"


def _chance(p: object) -> str:
    value = 100.0 * float(np.asarray(p))
    if value < 0.1:
        return "less than 0.1 %"
    return "more than 99.9 %" if value > 99.9 else f"{value:.1f} %"
