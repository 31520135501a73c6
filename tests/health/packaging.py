"""What the dependency list, the lock files and the changelog must say."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from packaging.requirements import Requirement

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock")  # nested
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
LISTS = re.compile(r"^(dependencies|[\w-]+) = \[$")
RUN_EXTRAS = ("build", "plot", "clinic")  # what requirements.lock holds beside the science
BENCH_EXTRAS = ("bench",)  # what requirements-bench.lock alone holds


def project(root: Path) -> dict[str, object]:
    """Return the [project] table."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def named(requirement: str) -> str:
    """Return the distribution that a requirement asks for, in its one comparable spelling."""
    found = NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", found.group()).lower() if found else ""


def unexplained_dependencies(root: Path) -> list[str]:
    """Return the dependencies whose line does not say what they are for."""
    return [
        f"pyproject.toml:{number}: expected a comment that says what the dependency is for, got"
        " none. Write it behind the line in a few words."
        for number, line in _dependency_lines(root)
        if not re.search(r"#\s*\S", line)
    ]


def _dependency_lines(root: Path) -> Iterator[tuple[int, str]]:
    table, is_list = "", False
    lines = (root / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if line.startswith("["):
            table = line.strip("[]")
        elif found := LISTS.match(line):
            is_list = table == "project.optional-dependencies" or found[1] == "dependencies"
        elif line == "]":
            is_list = False
        elif is_list and line.strip().startswith(('"', "'")):
            yield number, line


def locked(path: Path) -> dict[str, str]:
    """Return each requirement of a lock file by name, with all its lines."""
    joined = path.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line and not line.lstrip().startswith("#")]
    return {named(line): line for line in lines}


def loose_locks(root: Path) -> list[str]:
    """Return the lines of the lock files that do not pin one version by its hash."""
    return [
        f"{lock}, {name or line}: expected name==version with --hash, got {line[:60]!r}."
        " Run make lock."
        for lock in LOCKS
        for name, line in locked(root / lock).items()
        if "==" not in line or "--hash=sha256:" not in line or "://" in line
    ]


def stale_locks(root: Path) -> list[str]:
    """Return the direct dependencies that a lock file lacks or pins out of range."""
    return [
        f"{lock}: expected {requirement!r} of pyproject.toml, got {version or 'nothing'}."
        " Run make lock."
        for lock, wanted in zip(LOCKS, _wanted(root), strict=True)
        for requirement in wanted
        if (version := _pinned(locked(root / lock).get(named(requirement), ""))) is None
        or version not in Requirement(requirement).specifier
    ]


def _pinned(line: str) -> str | None:
    found = re.search(r"==([^\s;]+)", line)
    return found[1] if found else None


def _wanted(root: Path) -> tuple[list[str], list[str], list[str]]:
    declared = project(root)
    science = [*_listed(declared.get("dependencies"))]
    extras = declared.get("optional-dependencies")
    by_extra = extras if isinstance(extras, dict) else {}
    run = science + [line for extra in RUN_EXTRAS for line in by_extra.get(extra, [])]
    dev = [line for extra in by_extra.keys() - {*BENCH_EXTRAS} for line in by_extra[extra]]
    bench = [line for lines in by_extra.values() for line in lines]
    return run, science + dev, science + bench


def _listed(entry: object) -> list[str]:
    return [str(item) for item in entry] if isinstance(entry, list) else []


def disagreeing_locks(root: Path) -> list[str]:
    """Return the distributions that a lock file pins otherwise than the one it contains."""
    pinned = {lock: locked(root / lock) for lock in LOCKS}
    return [
        f"{larger}: expected {line.split()[0]} as in {smaller}, got another. Run make lock."
        for smaller, larger in pairwise(LOCKS)
        for name, line in pinned[smaller].items()
        if pinned[larger].get(name, "").split()[:1] != line.split()[:1]
    ]


def unannounced_version(root: Path) -> list[str]:
    """Return a fault unless the changelog's newest heading is this version or Unreleased."""
    path = root / "CHANGELOG.md"
    words = path.read_text(encoding="utf-8") if path.exists() else ""
    headings = re.findall(r"^## +\[?v?([^\]\s]+)", words, flags=re.MULTILINE)
    version = project(root)["version"]
    if headings and headings[0] in {version, "Unreleased"}:
        return []
    return [
        f"CHANGELOG.md: expected '## Unreleased' or '## {version}' as its newest heading, got"
        f" {headings[0] if headings else 'none'}. Say there what changes for users."
    ]
