"""What ``ketherapy instrument list`` and ``show`` say of rating scales and screeners."""

from __future__ import annotations

from collections.abc import Iterator

from tabulate import tabulate

from ketherapy import sources, units
from ketherapy.instruments import conventions as waiting
from ketherapy.instruments.instrument import Instrument, instruments
from ketherapy.instruments.rules import Threshold, key
from ketherapy.instruments.screener import Screener, screeners


def table() -> str:
    """Return every rating scale and screener, one to a row."""
    rows = [
        (s.id, s.name, s.rater, len(s.items), _range(s), s.licence.shipped.value, s.status.value)
        for s in (*instruments(), *screeners())
    ]
    heads = ("instrument", "name", "rater", "items", "score", "text", "status")
    return tabulate(rows, headers=heads, maxcolwidths=[None, 40])


def conventions() -> str:
    """Return everything that waits for adoption, one to a row."""
    rows = [(one.key, one.text, one.note) for one in waiting.conventions()]
    return tabulate(rows, headers=("key", "what it says", "what is known"),
                    maxcolwidths=[None, 40, 40])  # fmt: skip


def whole(found: Instrument | Screener) -> Iterator[str]:
    """Give everything in a file, as lines."""
    yield f"{found.id}: {found.name}"
    yield f"  rated by:  {found.rater}; about {found.recall}; score: {_range(found)}"
    yield f"  licence:   {found.licence.text} ({found.licence.status.value})"
    if found.note:
        yield f"  note:      {found.note}"
    yield from _of_screener(found) if isinstance(found, Screener) else _of_scale(found)
    yield f"  source:    {sources.cite(found.source)} ({found.status.value})"


def _of_scale(scale: Instrument) -> Iterator[str]:
    for item in scale.items:
        low, high = scale.range_of(item)
        yield f"  item:      {item} ({low} to {high}) {scale.texts.get(item, '')}".rstrip()
    if scale.bands is not None:
        names = ", ".join(f"{b.name} up to {units.shown(b.up_to)}" for b in scale.bands.bands)
        yield f"  bands:     {names} ({scale.bands.status.value}, {scale.bands.source})"
    for d in scale.definitions:
        default = ", default" if d.is_default else ""
        trials = ", used by the models of trials" if d.in_trials else ""
        yield f"  meaning:   {d.kind.value}: {d.text}{default}{trials} {_from(scale, d.id, d.rule)}"
    for t in scale.triggers:
        of = t.item or t.rule.of.value
        yield (
            f"  trigger:   {of} {t.rule.must_be.value} {units.shown(t.rule.value)}:"
            f" {t.weight.value}: {t.act} {_from(scale, t.id, t.rule)}"
        )


def _of_screener(asked: Screener) -> Iterator[str]:
    for skip in asked.skips:
        yield f"  skip:      after a no to {skip.after_no}: {', '.join(skip.not_asked)}"
    for level in asked.levels:
        yield f"  level:     {level.name}: yes to {' or '.join(level.any_of)}: {level.act}"


def _from(scale: Instrument, rule_id: str, rule: Threshold) -> str:
    if rule.needs_adoption:
        return f"(off until a clinic adopts {key(scale.id, rule_id)})"
    return f"({(rule.status or scale.status).value}, {rule.source or scale.source})"


def _range(found: Instrument | Screener) -> str:
    if isinstance(found, Screener):
        return "levels"
    return " to ".join(map(units.shown, found.score_range))
