"""The page of what is known without a model: old drugs, relapse, other conditions, frequencies."""

from __future__ import annotations

from collections.abc import Iterator

from ketherapy import units
from ketherapy.pharmacology.effects import conventional, frequencies, overlays, relapse
from ketherapy.pharmacology.effects.overlays import EffectSize
from ketherapy.simulation import cumulative
from ketherapy.sources import Cited
from reference_pages.markdown import bullets, code, table, text
from reference_pages.markdown import page as whole

_INTRODUCTION = """\
Printed numbers that no model of ours moves: they are shown as they stand, with the comparison that
belongs to them. None is a probability for a person."""

_HEADS = ("what", "value", "unit", "locator", "status", "source")


def page() -> str:
    """Return the page."""
    return whole(
        "Effects without a model",
        _INTRODUCTION,
        *_old(),
        *_relapse(),
        *_other(),
        *_events(),
        *_long(),
    )


def _number(what: str, number: Cited, *, status: str, source: str) -> tuple[str, ...]:
    value = units.shown(number.meant)
    if number.low is not None and number.high is not None:
        value += f" ({units.shown(number.low)} to {units.shown(number.high)})"
    unit = "" if number.unit == "1" else number.unit
    said = number.status.value if number.status else status
    return (text(what), value, unit, text(number.locator), said, code(number.source or source))


def _old() -> Iterator[str]:
    known = conventional.conventional()
    yield "## The conventional antidepressants"
    yield bullets(text(line) for line in known.limits)
    score, held = known.score, known.occupancy
    own = {"status": known.status.value, "source": known.source}
    rows = [
        _number("improvement on placebo by then [points of the HAMD-17]", score.placebo, **own),
        _number("further improvement on the drug", score.difference, **own),
        _number("counted at", score.at, **own),
        _number("time constant on placebo", score.tau_placebo, **own),
        _number("time constant of the difference", score.tau_difference, **own),
        _number("most of the serotonin transporter that is occupied", held.maximum, **own),
        _number("occupied at the smallest therapeutic dose", held.at_minimum_dose, **own),
        _number("half-life of the rise of occupancy", held.t_half_rise, **own),
    ]
    rows += [
        _number(f"remission at step {place}", number, status=known.steps.status.value,
                source=known.steps.source)
        for place, number in enumerate(known.steps.remission, start=1)
    ]  # fmt: skip
    yield table(_HEADS, rows)
    for entry in conventional.comparators():
        yield f"### {text(entry.name)}"
        yield text(f"{entry.title}. {entry.not_known}")
        yield table(
            _HEADS,
            [
                _number(fact.text, fact.number, status=entry.status.value, source=entry.source)
                for fact in entry.facts
            ],
        )


def _relapse() -> Iterator[str]:
    known = relapse.relapse()
    yield "## Relapse, by setting"
    yield bullets(text(line) for line in known.limits)
    for key, found in known.settings.items():
        own = {"status": found.status.value, "source": found.source}
        yield f"### {key}"
        yield text(f"{found.text} {found.not_known}".strip())
        named = {
            "rate of relapse off treatment": found.hazard,
            "median time to relapse off treatment": found.median,
            "hazard ratio, treatment continued": found.ratio,
        }
        rows = [_number(what, n, **own) for what, n in named.items() if n is not None]
        rows += [_number(each.text, each.number, **own) for each in found.observed]
        yield table(_HEADS, rows)


def _other() -> Iterator[str]:
    yield "## Other conditions: sizes of effect, no dynamics"
    yield table(
        ("condition", "outcome", "drug against", "when", "found", "says", "n", "status", "source"),
        [
            (
                row.condition.value, text(f"{row.outcome} ({row.measure})"),
                text(f"{row.drug.value} against {row.comparator}"), _when(row), _found(row),
                row.finding.value, str(row.n or ""), row.status.value, code(row.source),
            )
            for row in overlays.effect_sizes()
        ],
    )  # fmt: skip


def _when(row: EffectSize) -> str:
    if row.time is None:
        return ""
    until = f" to {units.shown(row.time_to)}" if row.time_to is not None else ""
    return f"{units.shown(row.time)}{until} {row.time_unit}"


def _found(row: EffectSize) -> str:
    if row.drug_share is not None and row.control_share is not None:
        return f"{units.shown(row.drug_share)} % against {units.shown(row.control_share)} %"
    if row.estimate is None:
        return ""
    said = units.shown(row.estimate)
    if row.low is not None and row.high is not None:
        said += f" ({units.shown(row.low)} to {units.shown(row.high)})"
    return said


def _events() -> Iterator[str]:
    yield "## How often unwanted effects were counted"
    for group in frequencies.Group:
        rows = frequencies.table(group)
        if rows:
            yield f"### {group.value.capitalize()}"
            yield table(
                ("what", "frequency", "who and when", "status", "source"),
                [
                    (
                        text(row.event), text(row.said), text(f"{row.population}; {row.period}"),
                        row.status.value, code(row.source),
                    )
                    for row in rows
                ],
            )  # fmt: skip


def _long() -> Iterator[str]:
    yield "## Long and repeated exposure"
    yield (
        "Milligrams and sessions are counted; no source turns a count into a probability, so "
        "nothing here does."
    )
    for topic in cumulative.Topic:
        found = cumulative.facts(topic)
        if found:
            yield f"### {topic.value.capitalize()}"
            yield bullets(text(_fact(fact)) for fact in found)


def _fact(fact: cumulative.CumulativeFact) -> str:
    if fact.number is None:
        return fact.text
    unit = "" if fact.number.unit == "1" else f" {fact.number.unit}"
    return (
        f"{units.shown(fact.number.value)}{unit} {fact.text} ({fact.number.source or fact.source})"
    )
