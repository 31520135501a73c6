"""The page of effect models: every printed number, how far it may move, and the known failures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ketherapy import units
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.catalog import Effect, Reference, Setting, Spread
from ketherapy.sources import Cited, Status, cite
from reference_pages.markdown import bullets, code, table, text
from reference_pages.markdown import page as whole

_DIGITS = 6  # printed numbers are shown as printed
_LEVELS = {
    "estimate": "how well it is known",
    "trial": "between trials",
    "person": "between people",
    "visit": "between readings",
}

_INTRODUCTION = """\
An effect model is a structure (equations, in code) and printed numbers (data), driven by predicted
levels. Each number is shown with its unit, where it stands and how well that is known: *verified*
(read in the source), *secondary* (read in another document that cites it), *derived* (computed
here from such numbers) or *convention* (our choice, without a source).

The limits of a model are not small print. They stand in every result beside the curve. How the
models work together: [from level to life](../explanation/from-level-to-life.md)."""


def page() -> str:
    """Return the page."""
    return whole(
        "Effect models",
        _INTRODUCTION,
        bullets(f"[`{e.id}`](#{e.id}): {text(e.title)}" for e in catalog.effects()),
        *(block for effect in catalog.effects() for block in _effect(effect)),
    )


def _effect(effect: Effect) -> Iterator[str]:
    yield f"## {effect.id}"
    yield f"{text(effect.name)}: {text(effect.title)}."
    structure = catalog.STRUCTURES[effect.structure]
    first_line = (structure.__doc__ or "").partition("\n")[0]
    yield bullets(
        [
            f"**Asked for as** {', '.join(map(code, effect.asked))}.",
            f"**Drugs** {', '.join(drug.value for drug in effect.drugs)}.",
            f"**Levels it was calibrated on** {text(effect.site)}{_studied(effect)}.",
            f"**Structure** `{effect.structure}`: {text(first_line)}",
            f"**Status** of the file: {effect.status.value}.",
            f"**Confidence** {effect.confidence_level.value}. {text(effect.confidence)}",
            *_reference(effect.reference),
        ]
    )
    yield "**Known failures and limits**"
    yield bullets(map(text, effect.limits))
    yield "**Not for**"
    yield bullets(map(text, effect.not_for))
    yield "**Predicts**"
    yield table(
        ("variable", "what", "unit", "instrument"),
        [(code(k), text(o.name), text(o.unit), o.instrument) for k, o in effect.outputs.items()],
    )
    yield "**Parameters as printed**"
    yield _numbers(effect.printed, effect.status, effect.source)
    yield "**How far they may move**"
    yield _spreads(effect)
    if effect.not_drawn:
        yield "**In no band**"
        yield bullets(f"{code(name)}: {text(why)}" for name, why in effect.not_drawn.items())
    for key, setting in effect.settings.items():
        yield from _setting(key, setting, effect)
    yield "**Sources**"
    yield bullets(_source(key) for key in dict.fromkeys((effect.source, *effect.also)))


def _studied(effect: Effect) -> str:
    if effect.level is None:
        return ""
    high = units.shown(effect.level.high, digits=_DIGITS)
    beyond = "refused" if effect.beyond == "refused" else "said to be extrapolated"
    return f", S-ketamine up to {high} {text(effect.level.unit)}; beyond that it is {beyond}"


def _reference(reference: Reference | None) -> Iterator[str]:
    if reference is not None:
        yield (
            f"**One session** is what {_value(reference.amount)} of {reference.drug.value} over"
            f" {_value(reference.over)} by {reference.route.value} does in the same model."
        )


def _value(number: Cited) -> str:
    unit = "" if number.unit == "1" else f" {number.unit}"
    return f"{units.shown(number.value, digits=_DIGITS)}{unit}"


def _numbers(numbers: Mapping[str, Cited], usual: Status, source: str) -> str:
    heads = ("symbol", "value", "unit", "range", "standard error", "locator", "status", "source",
             "note")  # fmt: skip
    return table(
        heads,
        [
            (
                code(name),
                units.shown(number.value, digits=_DIGITS),
                text(number.unit),
                _range(number),
                text(number.se),
                text(number.locator),
                (number.status or usual).value,
                code(number.source or source),
                text(number.note),
            )
            for name, number in numbers.items()
        ],
    )


def _range(number: Cited) -> str:
    if number.low is None or number.high is None:
        return ""
    return " to ".join(units.shown(end, digits=_DIGITS) for end in (number.low, number.high))


def _spreads(effect: Effect) -> str:
    heads = ("parameters", "why", "scale", "standard deviation", "locator", "status", "source")
    rows = [_spread(spread, effect) for spread in effect.spread]
    joint = "" if not effect.posterior else f"Joint draws of the estimates: `{effect.posterior}`."
    return "\n\n".join(filter(None, (table(heads, rows), joint))) or "Not known."


def _spread(spread: Spread, effect: Effect) -> tuple[str, ...]:
    unit = "" if spread.unit == "1" else f" {spread.unit}"
    return (
        ", ".join(map(code, spread.parameters)),
        _LEVELS[spread.level.value],
        spread.scale.value,
        f"{units.shown(spread.value, digits=_DIGITS)}{text(unit)}",
        text(spread.locator),
        (spread.status or effect.status).value,
        code(spread.source or effect.source),
    )


def _setting(key: str, setting: Setting, effect: Effect) -> Iterator[str]:
    yield f"**Setting** `{key}`: {text(setting.text)} (trials: {', '.join(setting.trials)})."
    given = "; ".join(text(found.text) for found in setting.studied)
    yield f"Given in one session: {given}. Anything else is said to be outside what was studied."
    if setting.caution:
        yield f"Said with every curve: {text(setting.caution)}"
    named = {
        "p1": setting.p1,
        "p2": setting.p2,
        "M0": setting.M0,
        "overshoot": setting.overshoot,
        "overshoot_tau": setting.overshoot_tau,
    }
    yield _numbers({k: n for k, n in named.items() if n is not None}, effect.status, effect.source)


def _source(key: str) -> str:
    return f"[`{key}`](sources.md#{key}) {text(cite(key))}"
