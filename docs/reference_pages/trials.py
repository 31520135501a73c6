"""The section of validation on whole trials: public ones beside what is predicted for them."""

from __future__ import annotations

from collections.abc import Iterator

from ketherapy.simulation.trial import public
from ketherapy.simulation.trial.public import Rate, Reproduced
from reference_pages.markdown import bullets, code, table, text

_HOW = """\
Each public trial whose design the printed effects describe well enough is simulated as it was run:
its arms, doses, numbers of people and visits, in the setting of the mood model that comes nearest.
**Typical** is the mean difference in change to the control with the numbers of the model taken as
true and trials as alike. The **interval** holds 95 % of trials of this size: people, ratings,
trials and the estimated numbers all differ. A difference counts as **near** where it lies within
2 √(SE² + 3.0²) points of the typical one, SE being its own standard error and 3.0 the standard
deviation between trials; without a standard error nothing is said. **In-sample** means that the
trial helped to make the model, which then had to agree.

The intervals are wide because trials of one design differ so much. That a printed difference lies
inside one proves little; that it lies outside would prove something. The printed differences are
of several kinds (least-squares means, raw changes), and the predicted ones are of an analysis of
covariance."""

_HEADS = ("design", "arm", "at", "people", "setting", "printed", "SE", "typical", "95 % of trials",
          "inside", "near", "in-sample", "rows")  # fmt: skip
_RATES = ("design", "arm", "at", "printed", "predicted", "95 % of trials", "control printed",
          "predicted", "95 % of trials", "in-sample")  # fmt: skip


def section() -> tuple[str, ...]:
    """Return the blocks of the section."""
    found = public.reproduced()
    return (
        "## Whole trials, printed and predicted",
        _HOW,
        bullets(_counts(found)),
        "### Difference to the control (points of the MADRS)",
        table(_HEADS, [_row(one) for one in found]),
        "### Responders",
        table(_RATES, [row for one in found for row in _rates(one)]),
        "### What each design takes for granted",
        bullets(
            f"{code(one.id)} ({one.source}, {one.status}): {text(' '.join(one.notes))}"
            for one in dict.fromkeys(each.design for each in found)
        ),
    )


def _counts(found: tuple[Reproduced, ...]) -> Iterator[str]:
    for is_in_sample, words in ((False, "Out-of-sample"), (True, "In-sample")):
        own = [one for one in found if one.is_in_sample == is_in_sample]
        judged = [one for one in own if one.is_accepted is not None]
        near = sum(one.is_accepted is True for one in judged)
        inside = sum(one.is_within_interval for one in own)
        yield (
            f"{words}: {near} of {len(judged)} differences with a standard error near the typical"
            f" one ({100 * public.wanted():g} % are wanted out-of-sample); {inside} of {len(own)}"
            " inside the interval."
        )
    far = [f"{one.design.id} ({one.arm}, {one.at})" for one in found if one.is_accepted is False]
    yield f"Not near: {', '.join(far) or 'none'}."


def _row(one: Reproduced) -> tuple[str, ...]:
    near = {True: "yes", False: "**no**", None: "not known"}[one.is_accepted]
    return (
        code(one.design.id),
        text(one.arm),
        one.at,
        f"{one.n[0]} / {one.n[1]}",
        code(one.design.setting),
        f"{one.printed:.1f}",
        "" if one.se is None else f"{one.se:.1f}",
        f"{one.typical:.1f}",
        f"{one.interval[0]:.1f} to {one.interval[1]:.1f}",
        "yes" if one.is_within_interval else "**no**",
        near,
        "in-sample" if one.is_in_sample else "",
        ", ".join(map(code, one.rows)),
    )


def _rates(one: Reproduced) -> Iterator[tuple[str, ...]]:
    if one.response is None or one.control_response is None:
        return
    yield (
        code(one.design.id),
        text(one.arm),
        one.at,
        *_rate(one.response),
        *_rate(one.control_response),
        "in-sample" if one.is_in_sample else "",
    )


def _rate(rate: Rate) -> tuple[str, str, str]:
    low, high = (100 * end for end in rate.interval)
    return (
        f"{100 * rate.printed:.0f} %",
        f"{100 * rate.predicted:.0f} %",
        f"{low:.0f} to {high:.0f} %",
    )
