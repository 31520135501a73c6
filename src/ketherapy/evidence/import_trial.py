"""The rows of one trial as the table of its file, and each fault led back to its row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite

from ketherapy.evidence.import_cells import OF_TRIAL, Row
from ketherapy.evidence.import_words import at_most, drop
from ketherapy.evidence.problems import Problem, Severity
from ketherapy.evidence.trials import Kind

_FIELDS = {  # keys of a trial's file and the columns they come from
    "percent": "mean", "at": "timepoint", "locator": "source_url", "source": "source_url",
    "given": "drug", "control": "control_type", "cohort": "nct", "registry": "nct",
    "condition": "indication", "id": "trial_id", "instrument": "scale", "role": "drug",
}  # fmt: skip
_LIMITED = (Kind.RESPONSE, Kind.REMISSION, Kind.ANY_TIME)


@dataclass(frozen=True, kw_only=True, slots=True)
class Assembled:
    """The table of a trial, and which rows each of its keys comes from."""

    table: dict[str, object]
    rows: dict[str, tuple[Row, ...]]  # by the beginning of a key

    def of(self, key: str) -> tuple[Row, ...]:
        """Return the rows that a key comes from: those of the longest beginning, else all."""
        fits = [start for start in self.rows if key == start or key.startswith(f"{start}.")]
        return self.rows[max(fits, key=len)] if fits else self.rows[""]


def assembled(rows: Sequence[Row]) -> Assembled:
    """Return the rows of one trial as the table of its file; rows that do not fit are refused."""
    first = rows[0]
    _refuse_other_trials(rows)
    arms = _arms(rows)
    outcomes, places = _outcomes(rows, arms)
    table: dict[str, object] = {
        "id": first.trial, "first_author": first["first_author"], "year": first.year,
        "source": first.source, "status": _status(first)[0], "registry": first["nct"],
        "pmid": first["pmid"], "country": first["country"], "design": first.design.value,
        "design_printed": first["design"], "masking": first.masking.value,
        "condition": first.condition, "condition_printed": first["indication"],
        "population": first["population"], "control": first.control,
        "control_printed": first["control_type"], "bias_printed": _bias(rows),
        "arms": {name: _arm(of[0]) for name, of in arms.items()}, "outcomes": outcomes,
    }  # fmt: skip
    named = {f"arms.{name}": of for name, of in arms.items()}
    return Assembled(
        table={key: value for key, value in table.items() if value != ""},
        rows={"": tuple(rows), **{key: tuple(of) for key, of in (named | places).items()}},
    )


def said(problem: Problem, found: Assembled) -> None:
    """Write a problem of the table to the rows it comes from."""
    parts = [part for part in problem.key.split(".") if part]
    column = _FIELDS.get(parts[-1], parts[-1]) if parts else "trial_id"
    for row in found.of(problem.key):
        if problem.severity is Severity.ERROR:
            row.cells.refuse(column, problem.told)
        else:
            row.cells.flag(column, problem.told)


def _refuse_other_trials(rows: Sequence[Row]) -> None:
    for row in rows[1:]:
        for name in OF_TRIAL:
            if row[name] != rows[0][name]:
                row.cells.refuse(
                    name, f"expected {rows[0][name]!r} as in line {rows[0].cells.line},"
                    f" got {row[name]!r}. It belongs to the whole trial.",
                )  # fmt: skip


def slug(text: str) -> str:
    """Return a text as a key: small letters, digits and underscores."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def _arms(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return the rows of each arm, by the key it gets."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        name = slug(row["arm"]) or "arm"
        others = found.setdefault(name, [])
        if others:
            _refuse_other_arm(row, others[0])
        others.append(row)
    return found


def _refuse_other_arm(row: Row, first: Row) -> None:
    for name in ("arm", "drug", "route"):
        if row[name] != first[name]:
            row.cells.refuse(
                name, f"expected {first[name]!r} as in line {first.cells.line}, got {row[name]!r}."
                " It belongs to the arm; arms need names that differ in letters or digits.",
            )  # fmt: skip


def _arm(row: Row) -> dict[str, object]:
    is_control = row.given == "control"
    found = {
        "label": row["arm"], "role": "control" if is_control else "treated",
        "given": "" if is_control else row.given, "drug": row["drug"], "route": row["route"],
        "dose": row["dose"], "schedule": row["schedule"],
    }  # fmt: skip
    return {key: value for key, value in found.items() if value}


def _outcomes(
    rows: Sequence[Row], arms: dict[str, list[Row]]
) -> tuple[list[dict[str, object]], dict[str, list[Row]]]:
    """Return the outcomes of a trial, and the rows of each of their keys."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        key = tuple(row[name] for name in ("outcome", "scale", "definition", "timepoint"))
        groups.setdefault(key, []).append(row)
    found, places, ids = [], {}, set()
    for of in groups.values():
        name = _outcome_id(of[0], ids)
        ids.add(name)
        found.append(_outcome(name, of, arms))
        places[f"outcomes.{name}"] = of
        places |= {f"outcomes.{name}.results.{slug(row['arm']) or 'arm'}": [row] for row in of}
    return found, places


def _outcome_id(row: Row, taken: set[str]) -> str:
    short = slug(f"{row['outcome']} {row['scale']} {row['timepoint']}") or "outcome"
    longer = slug(f"{short} {row['definition']}")
    numbered = (f"{longer}_{count}" for count in range(2, len(taken) + 3))
    return next(name for name in (short, longer, *numbered) if name not in taken)


def _outcome(name: str, rows: Sequence[Row], arms: dict[str, list[Row]]) -> dict[str, object]:
    first = rows[0]
    status, _ = _status(first)
    found: dict[str, object] = {
        "id": name, "kind": first.kind.value, "about": first.about.value,
        "outcome": first["outcome"], "scale": first["scale"], "instrument": first.instrument,
        "definition": first["definition"], "drop": drop(first["definition"]),
        "at_most": at_most(first["definition"]), "timepoint": first["timepoint"], "at": first.at,
        "source": first.source, "locator": first.locator, "status": status,
    }  # fmt: skip
    if first.kind in _LIMITED and found["drop"] is None and found["at_most"] is None:
        for row in rows:
            row.cells.flag("definition", "no limit such as '>=50% reduction' or '<=12' was read:"
                           " it will not be pooled with trials that have one.")  # fmt: skip
    results: dict[str, object] = {}
    for row in rows:
        _refuse_other_group(row, first, results)
        results[slug(row["arm"]) or "arm"] = _result(row, status, arms)
    kept = {key: value for key, value in found.items() if value is not None}
    needed = ("id", "outcome", "source", "locator", "status")
    return {
        **{key: value for key, value in kept.items() if value != "" or key in needed},
        "results": results,
    }


def _refuse_other_group(row: Row, first: Row, results: dict[str, object]) -> None:
    if (slug(row["arm"]) or "arm") in results:
        row.cells.refuse("arm", "expected each arm once in an outcome, got it twice.")
    if (row.source, row.locator) != (first.source, first.locator):
        row.cells.refuse(
            "source_url", f"expected the place that line {first.cells.line} names, got another."
            " The groups of one outcome are read in one place.",
        )  # fmt: skip


def _result(row: Row, status: str, arms: dict[str, list[Row]]) -> dict[str, object]:
    first = arms[slug(row["arm"]) or "arm"][0]
    own, how = _status(row)
    other = {name: row[name] for name in ("dose", "schedule") if row[name] != first[name]}
    note = row["notes"].partition("RoB: ")[0].strip("; ")
    found = {**row.numbers, "status": "" if own == status else own, "how": how, **other,
             "note": note}  # fmt: skip
    return {key: value for key, value in found.items() if value != ""}


def _status(row: Row) -> tuple[str, str]:
    """Return the status of a row, and how its number came about where brackets say it."""
    status, _, how = row["status"].partition(" (")
    return status.strip(), how.removesuffix(")").strip()


def _bias(rows: Sequence[Row]) -> str:
    found = (row["notes"].partition("RoB: ")[2].strip() for row in rows)
    return "; ".join(one for one in dict.fromkeys(found) if one)


def toml(table: dict[str, object]) -> str:
    """Return the table of a trial as the text of its file."""
    plain = {key: value for key, value in table.items() if key not in ("arms", "outcomes")}
    lines = [*_pairs(plain)]
    arms, outcomes = table["arms"], table["outcomes"]
    if isinstance(arms, dict):
        for name, arm in arms.items():
            lines += ["", f"[arms.{name}]", *_pairs(arm)]
    for outcome in outcomes if isinstance(outcomes, list) else []:
        lines += ["", "[[outcomes]]", *_pairs({k: v for k, v in outcome.items() if k != "results"})]
        lines += [
            f"results.{arm} = {{ {', '.join(_pairs(result))} }}"
            for arm, result in outcome["results"].items()
        ]
    return "\n".join(lines) + "\n"


def _pairs(table: dict[str, object]) -> Iterator[str]:
    yield from (f"{key} = {_value(value)}" for key, value in table.items())


def _value(value: object) -> str:
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'  # cells hold nothing that cannot be printed
    if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
        return repr(value)
    raise TypeError(f"a trial's file cannot hold {type(value).__name__}")
