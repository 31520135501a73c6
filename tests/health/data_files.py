"""What the data files must say of each number: its unit, where it stands, how well it is known."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.health.docstrings import cited_in_docstrings
from tests.health.tree import files

STATUSES = {"verified", "secondary", "derived", "convention"}
BIBLIOGRAPHY = Path("src/ketherapy/data/sources.toml")
Table = Mapping[str, object]


def data_files(root: Path) -> dict[Path, Table]:
    """Return every TOML data file, of the science and of the clinic, the bibliography apart."""
    found = [path for path in files(root / "src", "*.toml") if "data" in path.parts]
    return {
        path: tomllib.loads(path.read_text(encoding="utf-8"))
        for path in found
        if path != root / BIBLIOGRAPHY
    }


def tables(entry: object, key: str = "") -> Iterator[tuple[str, Table]]:
    """Give every table inside ``entry`` with its key, ``printed.V1``."""
    if isinstance(entry, Mapping):
        yield key, entry
        for name, inner in entry.items():
            yield from tables(inner, f"{key}.{name}".strip("."))
    elif isinstance(entry, list):
        for place, inner in enumerate(entry):
            yield from tables(inner, f"{key}[{place}]")


def bare_numbers(root: Path) -> list[str]:
    """Return the numbers that lack a unit, a locator or a status."""
    return [
        f"{path.relative_to(root)}, {key}.{lack}: expected one, got none."
        " Copy it from where the number is printed."
        for path, data in data_files(root).items()
        for key, table in tables(data)
        if "value" in table
        for lack in _lacks(table, data)
    ]


def _lacks(table: Table, data: Table) -> Iterator[str]:
    yield from (field for field in ("unit", "locator") if field not in table)
    status = table.get("status", data.get("status"))
    if status is None:
        yield "status"
    if "source" not in table and "source" not in data:
        yield "source"
    if status == "verified" and not table.get("locator") and not data.get("locator"):
        yield "locator"  # verified means: read at a place that can be named


def unknown_statuses(root: Path) -> list[str]:
    """Return the statuses that are not among the four."""
    return [
        f"{path.relative_to(root)}, {key or 'file'}.status: expected one of"
        f" {', '.join(sorted(STATUSES))}, got {table['status']!r}. Say how the number is known."
        for path, data in data_files(root).items()
        for key, table in tables(data)
        if "status" in table and table["status"] not in STATUSES
    ]


def sources(root: Path) -> set[str]:
    """Return the ids in the bibliography."""
    path = root / BIBLIOGRAPHY
    return set(tomllib.loads(path.read_text(encoding="utf-8"))) if path.exists() else set()


def cited(root: Path) -> dict[str, str]:
    """Return each source id that data or a docstring names, and one place that does."""
    found = dict(cited_in_docstrings(root))
    for path, data in data_files(root).items():
        for _, table in tables(data):
            named = [
                table.get("source"),
                *_listed(table.get("also")),
                *_listed(table.get("sources")),
            ]
            found |= {key: str(path.relative_to(root)) for key in named if isinstance(key, str)}
    for path in [*files(root / "src", "*.csv"), *files(root / "tests" / "reference", "*.csv")]:
        with path.open(newline="", encoding="utf-8") as rows:
            keys = {row.get(k) or "" for row in csv.DictReader(rows) for k in ("source", "also")}
        found |= dict.fromkeys(keys - {""}, str(path.relative_to(root)))
    return found


def _listed(entry: object) -> list[object]:
    return entry if isinstance(entry, list) else []


def cited_but_absent(root: Path) -> list[str]:
    """Return the citations that no entry of the bibliography answers."""
    return [
        f"{where}: expected a source of {BIBLIOGRAPHY}, got {key!r}. Add the entry, or mend the id."
        for key, where in cited(root).items()
        if key not in sources(root)
    ]


def present_but_uncited(root: Path) -> list[str]:
    """Return the entries of the bibliography that nothing cites."""
    return [
        f"{BIBLIOGRAPHY}, {key}: expected something that cites it, got nothing."
        " Cite it where its number stands, or take the entry out."
        for key in sorted(sources(root) - set(cited(root)))
    ]
