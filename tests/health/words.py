"""Words that do not belong in the repository.

The words are put together here from pieces, so that this file does not hold them either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.health.tree import files, text

INDEX_HOSTS = (
    "pypi" + ".org",
    "python" + "hosted.org",
    "registry." + "npmjs.org",
    "registry." + "yarnpkg.com",
    "deb." + "debian.org",
)
MACHINE_PATH = re.compile(
    r"(?<![\w.~})-])/(root|work|Users/[\w.-]+|home/[\w.-]+)/".replace("root|", "roo" + "t|")
)
LOOSE_END = re.compile("(TO" + "DO|FIX" + r"ME)(?!\(#\d+\))")
CODE = {".css", ".html", ".js", ".py", ".sh", ".svg", ".toml", ".yml"}
NOT_NAMES = {"common", "helpers", "manager", "managers", "misc", "util", "utils"}


def _lines(root: Path) -> Iterator[tuple[Path, str, str]]:
    for path in files(root):
        for number, line in enumerate((text(path) or "").splitlines(), start=1):
            yield path, f"{path.relative_to(root)}:{number}", line


def index_hosts(root: Path) -> list[str]:
    """Return the lines that name a package index: each machine knows its own."""
    return [
        f"{where}: expected no package index, got {host}. Leave the address to the machine's"
        " own settings."
        for _, where, line in _lines(root)
        for host in INDEX_HOSTS
        if host in line.lower()
    ]


def machine_paths(root: Path) -> list[str]:
    """Return the lines that name a folder of somebody's machine."""
    return [
        f"{where}: expected no path of one machine, got {found.group()!r}. Name it from the"
        " repository or the user's home."
        for _, where, line in _lines(root)
        if (found := MACHINE_PATH.search(line))
    ]


def loose_ends(root: Path) -> list[str]:
    """Return the lines of code that put something off without an issue number."""
    return [
        f"{where}: expected an issue number behind {found.group()}, got none. Do it now, or open"
        f" an issue and write {found.group()}(#12)."
        for path, where, line in _lines(root)
        if path.suffix in CODE and (found := LOOSE_END.search(line))
    ]


def empty_names(root: Path) -> list[str]:
    """Return the files and folders of src whose name says nothing."""
    named = {
        part
        for path in files(root / "src")
        for part in (path, *path.parents)
        if root in part.parents
    }
    return [
        f"{path.relative_to(root)}: expected a name that says what is inside, got {path.stem!r}."
        " Name it after the thing it holds, or move its pieces to where they belong."
        for path in sorted(named)
        if path.stem in NOT_NAMES
    ]
