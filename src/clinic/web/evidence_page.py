"""What the pages of the evidence show: the form, the verdict in words, and every table."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from clinic.explore.evidence_answer import Answer, Way
from clinic.explore.evidence_method import FIELDS, Offered, written
from clinic.explore.evidence_more import FEWEST_FOR_ASYMMETRY, FEWEST_TO_LEAVE_ONE
from clinic.explore.evidence_open import Computed, Opened, Refusal
from clinic.explore.predictions import Choice
from clinic.web import evidence_plots as plots
from clinic.web import evidence_words as words
from clinic.web.evidence_dose_plot import dose_words
from clinic.web.evidence_verdict import verdict
from clinic.web.fields import ListField, TextField, echo, options

_LISTS = {
    "measure": "Measure", "tau2": "Variance between trials (tau²)", "interval": "Interval",
    "prediction": "Prediction interval",
}  # fmt: skip
_WAYS = {"control": "Against one control", "timepoint": "At one time", "scale": "By one scale"}
Entries = Mapping[str, str]


def form(offered: Offered, outcome: Computed | Refusal | None) -> dict[str, object]:
    """Return the form of the method as it was sent, each refusal beside its field."""
    errors: dict[str, str] = dict.fromkeys(FIELDS, "")
    if isinstance(outcome, Refusal):
        errors |= {problem.field: problem.sentence for problem in outcome.problems}
    chosen = offered.chosen
    lists: dict[str, tuple[Choice, ...]] = {
        "measure": offered.measures, "tau2": offered.tau2, "interval": offered.intervals,
        "prediction": offered.predictions,
    }  # fmt: skip
    return {
        "lists": [
            ListField(name=name, label=_LISTS[name], error=errors[name],
                      options=options(held, (chosen[name],)))
            for name, held in lists.items()
        ],
        "level": TextField(name="level", label="Level of intervals", hint="in %, such as 95",
                           value=echo((chosen["level"],)), error=errors["level"]),
        "beyond": TextField(name="beyond", label="Difference that matters",
                            hint=_beyond_hint(chosen["measure"]), value=echo((chosen["beyond"],)),
                            error=errors["beyond"]),
        "spread_field": TextField(name="spread", label="How far trials may differ",
                                  hint=_spread_hint(chosen["measure"]),
                                  value=echo((chosen["spread"],)), error=errors["spread"]),
        "errors": errors,
    }  # fmt: skip


def _beyond_hint(measure: str) -> str:
    is_ratio = measure in ("RR", "OR")
    return "a ratio, such as 1.25; optional" if is_ratio else "in units of the measure; optional"


def _spread_hint(measure: str) -> str:
    if measure in ("RR", "OR", "SMD"):
        return "scale of the prior; 0.5 where left empty"
    return "scale of the prior, in units of the measure"


def page(opened: Opened, filters: Entries, where: str) -> dict[str, object]:
    """Return everything that the page of one question shows."""
    held: dict[str, object] = {
        "opened": opened,
        "filters": [(name, value) for name, value in filters.items() if value],
        "where": where,
        "printed": opened.printed,
        "all_agree": all(one.is_match for one in opened.beside),
        "beside": [(one, _digits(one.printed, one.digits), _digits(one.ours, one.digits))
                   for one in opened.beside],
    }  # fmt: skip
    if opened.printed is not None:
        held["printed_text"] = words.pool(opened.printed.line)
        held["printed_share"] = _share(opened)
    if opened.offered is not None:
        held |= form(opened.offered, opened.outcome)
    match opened.outcome:
        case Refusal() as refusal:
            return held | {"problems": refusal.problems}
        case Computed() as computed:
            return held | answered(computed, filters, where)
        case None:
            return held


def _share(opened: Opened) -> str:
    """Return the printed share of one group, which stands only beside the missing control."""
    printed = opened.printed
    if printed is None or not printed.line.is_share or printed.line.estimate is None:
        return ""
    line = printed.line
    ends = "" if line.low is None or line.high is None else (
        f" ({100 * line.low:.0f} to {100 * line.high:.0f})"
    )  # fmt: skip
    return f"{100 * (line.estimate or 0.0):.0f} of 100{ends}"


def _digits(value: float, digits: int) -> str:
    text = f"{abs(value):.{digits}f}"
    return f"{words.MINUS}{text}" if value < 0.0 and float(text) else text


def answered(computed: Computed, filters: Entries, where: str) -> dict[str, object]:
    """Return the answer with its drawings and tables."""
    found, further = computed.answer, computed.more
    query = urlencode({k: v for k, v in filters.items() if v} | told_method(computed))
    told: dict[str, object] = {
        "found": found,
        "verdict": verdict(found),
        "drawings": plots.drawn(found, further),
        "studies": [(study, " v ".join(plots.cells(study))) for study in found.studies],
        "differences": [(one, words.difference(one)) for one in found.differences],
        "beside_pools": [(line, words.pool(line)) for line in found.beside],
        "detail": plots.detail(found),
        "ways": ways(found, filters),
        "query": query,
        "permalink": f"{where}?{query}",
        "method": method_words(computed),
        "extent": words.extent(found.together.extent) if found.together else "",
    }
    return told | doubt(computed) | belief(computed)


def doubt(computed: Computed) -> dict[str, object]:
    """Return what the answer owes to chance, to single trials, to doses and to missing ones."""
    further = computed.more
    return {
        "spread": spread(computed.answer),
        "doses": [
            (one, words.figures((one.treated,)), words.figures(one.control),
             words.extent(one.effect))
            for one in further.doses
        ],
        "dose_words": dose_words(further.line) if further.line else "",
        "fewest": FEWEST_FOR_ASYMMETRY,
        "says_little": further.says_little,
        "fewest_to_leave_one": FEWEST_TO_LEAVE_ONE,
        "asymmetry": words.chance(further.asymmetry.p) if further.asymmetry else "",
    }  # fmt: skip


def belief(computed: Computed) -> dict[str, object]:
    """Return what may be believed after the trials in words, or why nothing is said of it."""
    told, found = computed.more.belief, computed.answer
    if isinstance(told, str):
        return {"no_belief": told}
    sides = ("below", "above")
    rows = [
        ("Prior", told.prior),
        (f"{found.measure_name}, {words.level(found.level)} interval", words.extent(told.extent)),
        ("Effect of a further trial", words.span(*told.prediction)),
        (_for_whom(found), words.probability(_benefit(found, told.above))),
    ]
    if told.beyond is not None and told.p_beyond is not None and told.p_new_beyond is not None:
        limit = f"{sides[not told.is_below]} {words.effect(told.beyond)}"
        rows.append((f"Probability {limit}", words.probability(told.p_beyond)))
        rows.append((f"Probability {limit}, further trial", words.probability(told.p_new_beyond)))
    return {
        "belief": rows,
        "has_beyond": told.beyond is not None,
        "exact_belief": told,
    }  # fmt: skip


def _for_whom(found: Answer) -> str:
    if not found.favourable:
        return "Probability above “no difference”"
    return f"Probability that it favours {found.sides.treated}"


def _benefit(found: Answer, above: float) -> float:
    return 1.0 - above if found.favourable == "below" else above


def told_method(computed: Computed) -> dict[str, str]:
    """Return the method as an address holds it, so that a link gives the same numbers for ever."""
    return {name: value for name, value in written(computed.method).items() if value}


def ways(found: Answer, filters: Entries) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return how a refused question can be narrowed, kind by kind."""
    return [
        (name, [(way.label, _narrowed(way, filters)) for way in found.ways if way.field == field])
        for field, name in _WAYS.items()
        if any(way.field == field for way in found.ways)
    ]


def _narrowed(way: Way, filters: Entries) -> str:
    return urlencode({k: v for k, v in filters.items() if v} | {way.field: way.value})


def method_words(computed: Computed) -> str:
    """Return how it was computed, in one sentence."""
    choices, found = computed.method.choices, computed.answer
    level = words.level(choices.level)
    if found.is_single:
        return f"{found.measure_name} of one trial with its {level} normal interval."
    return (
        f"{found.measure_name}, inverse-variance weights; tau² by {choices.tau2.value};"
        f" {level} {choices.interval.value} interval; prediction interval:"
        f" {choices.prediction.value}."
    )


def spread(found: Answer) -> tuple[tuple[str, str, str], ...]:
    """Return how much the trials differ: name, number, and what it means."""
    together = found.together
    if together is None or found.is_single:
        return ()
    rows = (
        ("I²", _one(together.spread.I2, " %"), "of the spread that chance does not explain"),
        ("tau²", _with_ends(found), "variance of the true effects, on the scale of the analysis"),
        ("Q", _one(together.spread.Q, ""), f"p {_one(together.spread.p_Q, '')}"),
        ("Prediction interval", _predicted(found), "where the effect of a further trial may lie"),
    )
    return tuple(row for row in rows if row[1])


def _one(value: float | None, unit: str) -> str:
    return "" if value is None else f"{words.figure(float(f'{value:.3g}'))}{unit}"


def _with_ends(found: Answer) -> str:
    spread = found.together.spread if found.together else None
    if spread is None or spread.tau2 is None:
        return ""
    if spread.tau2_low is None or spread.tau2_high is None:
        return _one(spread.tau2, "")
    return f"{_one(spread.tau2, '')} ({_one(spread.tau2_low, '')} to {_one(spread.tau2_high, '')})"


def _predicted(found: Answer) -> str:
    predicted = found.together.prediction if found.together else None
    return "" if predicted is None else words.span(*predicted)
