"""The report of a run: one page of HTML that needs nothing else, each figure with its table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from ketherapy.simulation.trial import figures
from ketherapy.simulation.trial.result import Share, Summary, summary
from ketherapy.simulation.trial.run_request import Chance
from ketherapy.simulation.trial.sample_size import SampleSize

if TYPE_CHECKING:
    import xarray as xr

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff; margin: 2rem auto;
       max-width: 52rem; padding: 0 1rem; overflow-wrap: anywhere }
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto }
th, td { border-bottom: 1px solid #ccc; padding: .3rem .8rem; text-align: right;
         overflow-wrap: normal }
th:first-child, td:first-child { text-align: left }
caption { text-align: left; font-weight: 600; padding: .3rem 0 }
svg { width: 100%; height: auto }
.notice { border-left: 4px solid #b3440a; padding: .5rem 1rem; background: #fdf3ec }
"""
_WHOLE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{title}</title>
<style>{style}</style></head>
<body>
{body}
</body></html>
"""
NOTICE = (
    "Predicted, not measured. The average of a kind of trial, not any person; a simulation, not a"
    " reason to treat anybody."
)
_DAY = 24.0  # [h]

_DIFFERENCE = "Difference to the control at the primary visit"

Row = Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Results:
    """What a report says: the run with sampling alone, that with all chance, and a size."""

    by_chance: dict[Chance, xr.Dataset]
    size: SampleSize | None = None

    @property
    def widest(self) -> xr.Dataset:
        """Return the run with the most chance in it."""
        return self.by_chance[max(self.by_chance, key=list(Chance).index)]

    def rows(self) -> Iterator[Row]:
        """Give the table of what each run comes to, by comparison and analysis.

        Beside an analysis that gives answers, one that never does is a row that says so.
        """
        for chance, data in self.by_chance.items():
            for arm in map(str, data["comparison"].values):
                yield _row(chance, summary(data, arm))
                if "mmrm_difference" not in data:
                    continue
                if np.isfinite(data["mmrm_difference"].sel(comparison=arm)).any():
                    yield _row(chance, summary(data, arm, analysis="mmrm"))
                else:
                    lost = str(data.sizes["replicate"])
                    yield (WHAT[chance], arm, "MMRM", *["not known"] * 4, lost)


def percent(share: Share) -> str:
    """Return a share of replicates with its Monte Carlo interval of 95 %, in per cent."""
    if share.interval is None:
        return f"{100.0 * share.value:.1f} % ({_UNKNOWN})"
    low, high = share.interval
    return f"{100.0 * share.value:.1f} % ({100.0 * low:.1f} to {100.0 * high:.1f})"


def _expected(found: Summary) -> str:
    if found.expected_error is None:
        return f"{found.expected:.2f} ({_UNKNOWN})"
    return f"{found.expected:.2f} ± {found.expected_error:.2f}"


_UNKNOWN = "Monte Carlo error not known"


WHAT = {Chance.SAMPLING: "typical trial (power)", Chance.ALL: "all that is not known (assurance)"}
SUMMARY_HEADS = ("what differs", "arm", "analysis", "difference [points]", "95 % of trials",
                 "positive trials", "significantly worse", "no answer")  # fmt: skip


def summary_rows(results: Results) -> list[Row]:
    """Return the table of what each run comes to.

    Units   points
    """
    return list(results.rows())


def _row(chance: Chance, found: Summary) -> Row:
    return (
        WHAT[chance],
        found.comparison,
        found.analysis.upper(),
        _expected(found),
        f"{found.interval[0]:.1f} to {found.interval[1]:.1f}",
        percent(found.positive),
        percent(found.harmful),
        str(found.lost),
    )


RATE_HEADS = ("arm", "left by the end", "rated", "change [points]", "responders", "95 % of trials",
              "remitters", "95 % of trials")  # fmt: skip


def rate_rows(data: xr.Dataset) -> list[Row]:
    """Return the table of the arms at the primary visit.

    Units   points, 1
    """
    found = []
    for arm in data["arm"].values:
        own = data.sel(arm=arm)
        rates = [cell for name in ("response_rate", "remission_rate") for cell in _rate(own[name])]
        rated, change = (float(own[name].mean()) for name in ("n_rated", "change"))
        left = f"{100.0 * float(own['left'].mean()):.1f} %"
        found.append((str(arm), left, f"{rated:.1f}", f"{change:.1f}", *rates))
    return found


def _rate(values: xr.DataArray) -> tuple[str, str]:
    low, high = np.nanquantile(values, [0.025, 0.975])
    return f"{100 * float(values.mean()):.0f} %", f"{100 * low:.0f} to {100 * high:.0f} %"


def size_sentence(found: SampleSize, chance: Chance) -> str:
    """Return the answer to how many people are needed, in one sentence."""
    what = "power" if chance is Chance.SAMPLING else "assurance"
    wanted = f"{100.0 * found.wanted:g} %"
    if found.n is None:
        most = found.tried[-1]
        return (
            f"No size up to {most.n} people gives {what} of {wanted}: there it is"
            f" {percent(most.power)}. What is not known is not made up for by more people."
        )
    found_there = (
        f"{found.n} people give {what} of {percent(found.power)} in replicates of their own"
    )
    return f"{found_there}, {wanted} being wanted. {_range(found, wanted)}"


def _range(found: SampleSize, wanted: str) -> str:
    """Return between which sizes chance in the simulation leaves the answer open."""
    short = "That is less than wanted, by more than chance: it takes more people. "
    if found.near is not None:
        low, high = found.near
        told = f"that of {low} has" if low == high else f"those from {low} to {high} have"
        return (
            f"{short if found.is_short else ''}Of the sizes tried {told} {wanted} within the Monte"
            " Carlo interval: chance leaves the answer open there, and more replicates narrow it."
        )
    if found.is_short:
        return short.strip()
    return f"Of the sizes tried {found.below or 'none'} was the largest that gave less."


def page(results: Results) -> str:
    """Return the report as HTML; figures are drawn where matplotlib is there.

    Errors  ContractError for a run none of whose replicates gave an answer
    """
    data = results.widest
    parts = [
        f"<h1>{escape(str(data.attrs['title']))}</h1>",
        f"<p class='notice'>{NOTICE}</p>",
        *_design(data),
        "<h2>What the trials found</h2>",
        _table(_DIFFERENCE, SUMMARY_HEADS, summary_rows(results)),
        _table("Arms at the primary visit", RATE_HEADS, rate_rows(data)),
        *_courses(data),
        *_differences(data),
        *_size(results),
        *_provenance(data),
    ]
    title = escape(str(data.attrs["title"]))
    return _WHOLE.format(title=title, style=_STYLE, body="\n".join(parts))


def _design(data: xr.Dataset) -> Iterable[str]:
    said = data.attrs
    told = [*str(said["arms"]).split("\n"), f"setting: {said['setting']}",
             f"people: {said['people']}", f"{said['replicates']:,} replicates, seed {said['seed']}",
             f"analysis: {said['analysis']}, two-sided {said['alpha']:g}"]  # fmt: skip
    yield _list(told)


def _courses(data: xr.Dataset) -> Iterable[str]:
    title = "Mean change, and the band that holds 90 % of trials"
    yield figures.svg(lambda axes: figures.courses(axes, data), title=title)
    rows = []
    for place, t in enumerate(data["visit"].values):
        own = data["course"].isel(visit=place)
        cells = [_course(own.sel(arm=arm).values) for arm in data["arm"].values]
        rows.append((f"{t / _DAY:.3g}", *cells))
    yield _table(title, ("day", *map(str, data["arm"].values)), rows)


def _course(values: np.ndarray) -> str:
    low, high = np.nanquantile(values, [0.05, 0.95])
    return f"{np.nanmean(values):.1f} ({low:.1f} to {high:.1f})"


def _differences(data: xr.Dataset) -> Iterable[str]:
    title = "Differences to the control that trials of this design find"
    yield figures.svg(lambda axes: figures.differences(axes, data), title=title)
    shares = (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)
    rows = [
        (str(arm), *(f"{v:.1f}" for v in np.nanquantile(data["difference"].sel(comparison=arm),
                                                        shares)))
        for arm in data["comparison"].values
    ]  # fmt: skip
    yield _table(f"{title} [points]", ("arm", *(f"{100 * share:g} %" for share in shares)), rows)


def _size(results: Results) -> Iterable[str]:
    found = results.size
    if found is None:
        return
    chance = next(iter(results.by_chance))
    yield f"<h2>How many people</h2><p>{escape(size_sentence(found, chance))}</p>"
    title = "Positive trials by the number of people, with its Monte Carlo interval of 95 %"
    yield figures.svg(lambda axes: figures.power(axes, found), title=title)
    yield _table(title, ("people", "positive trials"),
                 [(str(tried.n), percent(tried.power)) for tried in found.tried])  # fmt: skip


def _provenance(data: xr.Dataset) -> Iterable[str]:
    said = data.attrs
    yield "<h2>What to know before believing it</h2>"
    yield _list(
        [*lines(data, "notes"), *lines(data, "cautions"), f"{said['chance']}; {said['estimates']}"]
    )
    yield "<h2>Sources</h2>"
    yield _list(str(said["sources"]).split("\n"))
    yield f"<p>{escape(str(said['engine']))}</p>"


def lines(data: xr.Dataset, name: str) -> list[str]:
    """Return what a result says under ``name``, line by line; nothing is no line."""
    return [line for line in str(data.attrs[name]).split("\n") if line]


def _list(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"


def _table(caption: str, heads: Row, rows: Sequence[Row]) -> str:
    head = "".join(f"<th scope='col'>{escape(text)}</th>" for text in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(c)}</td>' for c in row)}</tr>" for row in rows)
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )
