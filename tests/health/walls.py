"""How long a module and a function may be."""

from __future__ import annotations

from pathlib import Path

from tests.health.tree import files, functions, parsed

MODULE_LINES = 400
FUNCTION_LINES = 50


def walled(root: Path) -> list[Path]:
    """Return the Python files that have walls: all of src, and what helps the tests."""
    helpers = [path for path in files(root / "tests", "*.py") if not path.match("test_*.py")]
    return files(root / "src", "*.py") + helpers


def long_modules(root: Path) -> list[str]:
    """Return the modules past their wall."""
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in walled(root)}
    return [
        f"{path.relative_to(root)}: expected at most {MODULE_LINES} lines, got {length}."
        " Move one of its ideas into a module of its own."
        for path, length in lengths.items()
        if length > MODULE_LINES
    ]


def long_functions(root: Path) -> list[str]:
    """Return the functions past their wall."""
    return [
        f"{path.relative_to(root)}:{node.lineno} {node.name}: expected at most {FUNCTION_LINES}"
        f" lines, got {length}. Give one of its steps a name and a function of its own."
        for path in walled(root)
        for node in functions(parsed(path))
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]
