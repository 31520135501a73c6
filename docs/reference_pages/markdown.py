"""Markdown pieces: titles, tables, text that stays text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

NOTICE = "This page is generated from code and data by `docs/generate.py`; do not edit it by hand."


def page(title: str, *blocks: str) -> str:
    """Return a whole page: its title, the notice, then every block that is not empty."""
    return "\n\n".join([f"# {title}", f"*{NOTICE}*", *(b for b in blocks if b)]) + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, or nothing where there are no rows; columns that are empty are left out."""
    body = [list(row) for row in rows]
    if not body:
        return ""
    kept = [k for k in range(len(heads)) if any(row[k] for row in body)]
    lines = [_line([heads[k] for k in kept]), _line(["---"] * len(kept))]
    return "\n".join([*lines, *(_line([row[k] for k in kept]) for row in body)])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def bullets(lines: Iterable[str]) -> str:
    """Return a list with one line for each entry."""
    return "\n".join(f"- {line}" for line in lines)


def text(words: str) -> str:
    """Return words from a data file so that nothing in them is read as markup."""
    for sign in "\\`*[]":
        words = words.replace(sign, f"\\{sign}")
    words = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return words.replace("|", "\\|").replace("\n", " ")


def code(name: str) -> str:
    """Return a name as code; an empty one stays empty."""
    return f"`{name}`" if name else ""
