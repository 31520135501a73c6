"""The page of instruments: how each is scored, what scores mean, and what may be shown."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import ketherapy
from ketherapy import units
from ketherapy.instruments.conventions import conventions
from ketherapy.instruments.instrument import Instrument, instruments
from ketherapy.instruments.rules import Threshold, Trigger, key
from ketherapy.instruments.schedule import Schedule, schedules
from ketherapy.instruments.screener import Screener, screeners
from ketherapy.sources import Cited
from reference_pages.markdown import bullets, code, table, text
from reference_pages.markdown import page as whole

_INTRODUCTION = """\
A score is formed from a whole form and never prorated. An instrument may hold several definitions
of response, remission and the like, each with its source; one of each kind is the default, and the
models of trials say which they use. An item that asks for suicide triggers by itself, whatever the
total.

What nobody has read in a source is a convention: it is *off* until a clinic adopts it by its key.
The words of an item stand here only where a licence was read that allows it, or where they are our
own; elsewhere items are numbers, and the form comes from whoever may give it out."""


def page() -> str:
    """Return the page."""
    return whole(
        "Instruments",
        _INTRODUCTION,
        bullets(f"[`{s.id}`](#{s.id}): {text(s.name)}" for s in (*instruments(), *screeners())),
        *(block for scale in instruments() for block in _scale(scale)),
        *(block for asked in screeners() for block in _screener(asked)),
        "## Schedules",
        "What is due around a course. Each is off until a clinic adopts it.",
        *(block for one in schedules() for block in _schedule(one)),
        "## What waits for adoption",
        table(("key", "what it says", "what is known"),
              [(code(c.key), text(c.text), text(c.note)) for c in conventions()]),
        "## Not shipped",
        table(("instrument", "why", "source"), _left_out()),
    )  # fmt: skip


def _scale(scale: Instrument) -> Iterator[str]:
    yield f"## {scale.id}"
    yield f"{text(scale.name)}."
    yield bullets(_facts(scale))
    if scale.texts:
        yield table(
            ("item", "words", "answers, from the lowest"),
            [(code(i), text(scale.texts.get(i, "")), _answers(scale, i))
             for i in (*scale.items, *scale.unscored)],
        )  # fmt: skip
    if scale.bands is not None:
        yield table(("band", "up to"), [(b.name, units.shown(b.up_to)) for b in scale.bands.bands])
        yield f"Bands: {_whence(scale.bands.locator, scale.bands.status.value, scale.bands.source)}"
    yield table(
        ("key", "kind", "definition", "use", "locator and note", "status", "source"),
        [
            (code(key(scale.id, d.id)), d.kind.value, text(d.text),
             ", ".join(["default"] * d.is_default + ["models of trials"] * d.in_trials),
             *_rule(scale, d.rule))
            for d in scale.definitions
        ],
    )  # fmt: skip
    yield table(
        ("key", "when", "weight", "what must happen", "locator and note", "status", "source"),
        [
            (code(key(scale.id, t.id)),
             _when(t), t.weight.value, text(t.act), *_rule(scale, t.rule))
            for t in scale.triggers
        ],
    )  # fmt: skip


def _facts(scale: Instrument) -> Iterator[str]:
    yield f"**Rated by** {scale.rater}; about {text(scale.recall)}."
    low, high = map(units.shown, scale.score_range)
    yield f"**Score** {_scoring(scale)}, {low} to {high}; higher is {scale.higher_is}."
    yield f"**Items** {_items(scale)}."
    if scale.symptom_rule is not None:
        least = scale.symptom_rule.item_at_least
        needs = "; ".join(
            f"{c.name}: {c.at_least} of {len(c.items)}" for c in scale.symptom_rule.clusters
        )
        where = _whence(least.locator, str(least.status), least.source or "")
        yield f"**Symptom rule** items at {units.shown(least.value)} or more in {needs} {where}"
    if scale.review is not None:
        yield f"**Review** {text(scale.review.text)}"
    for codes in scale.codes:
        named = ", ".join(f"{name} {value}" for name, value in codes.codes.items())
        where = _whence(codes.locator, codes.status.value, codes.source)
        yield f"**{codes.system}** {named} {where}"
    of = scale.licence
    where = _whence(of.locator, of.status.value, of.source)
    yield f"**Text shipped** {of.shipped.value}. {text(of.text)} {where}"
    if scale.note:
        yield f"**Note** {text(scale.note)}"
    also = ", ".join(map(code, (scale.source, *scale.also)))
    yield f"**Source** {text(scale.locator)} ({scale.status.value}, {also})."


def _scoring(scale: Instrument) -> str:
    if scale.domains:
        return "the sum, in which the highest item of each domain counts alone"
    said = {"sum": "the sum of the items", "mean": "the mean of the items"}[scale.scoring]
    return said if scale.times is None else f"{said} times {units.shown(scale.times.value)}"


def _items(scale: Instrument) -> str:
    low, high = scale.item_range
    parts = [f"{len(scale.items)} of {low} to {high}"]
    parts += [f"{code(i)} of {a} to {b}" for i, (a, b) in scale.item_ranges.items()]
    parts += [f"{code(i)} turned round" for i in scale.reversed]
    if scale.unscored:
        parts.append(f"{len(scale.unscored)} more that are not counted")
    return ", ".join(parts)


def _when(trigger: Trigger) -> str:
    of, rule = trigger.item or trigger.rule.of.value, trigger.rule
    return f"{of} {text(rule.must_be.value)} {units.shown(rule.value)}"


def _answers(scale: Instrument, item: str) -> str:
    return text("; ".join(scale.answers.get(item, scale.answers.get("every", ()))))


def _rule(scale: Instrument, rule: Threshold) -> tuple[str, str, str]:
    off = ["Off until adopted."] * rule.needs_adoption
    said = " ".join([f"{rule.locator}."] * bool(rule.locator) + off + [rule.note] * bool(rule.note))
    status = rule.status or scale.status
    return text(said), status.value, code(rule.source or scale.source)


def _whence(locator: str, status: str, source: str) -> str:
    return f"({', '.join(part for part in (text(locator), status, code(source)) if part)})"


def _screener(asked: Screener) -> Iterator[str]:
    yield f"## {asked.id}"
    yield f"{text(asked.name)}."
    skips = (
        f"**After a no** to {code(s.after_no)}: {', '.join(map(code, s.not_asked))} not asked."
        for s in asked.skips
    )
    yield bullets([
        f"**Rated by** {asked.rater}; about {text(asked.recall)}.", *skips,
        f"**Text shipped** {asked.licence.shipped.value}. {text(asked.licence.text)}",
        f"**Note** {text(asked.note)}", f"**Source** ({asked.status.value}, {code(asked.source)}).",
    ])  # fmt: skip
    yield table(
        ("level", "a yes to any of", "weight", "what must happen", "locator"),
        [(v.name, ", ".join(map(code, v.any_of)), v.weight.value, text(v.act), text(v.locator))
         for v in asked.levels],
    )  # fmt: skip


def _schedule(one: Schedule) -> Iterator[str]:
    yield f"### {one.id}"
    yield f"{text(one.title)}. {text(one.note)}"
    yield table(
        ("entry", "instrument", "around", "opens", "closes", "why", "that it is due", "source"),
        [
            (code(e.id), code(e.instrument), e.anchor.value, _time(e.opens), _time(e.closes),
             text(e.why), f"{e.status.value} {text(e.locator)}".strip(), code(e.source))
            for e in one.entries
        ],
    )  # fmt: skip


def _time(time: Cited) -> str:
    return f"{units.shown(time.value)} {time.unit}"


def _left_out() -> Iterator[tuple[str, str, str]]:
    path = Path(ketherapy.__file__).parent / "instruments" / "data" / "not_shipped.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield text(row["name"]), text(row["why"]), code(row["source"])
