"""The files of the repository, as the health checks see them.

Git is not asked, since a build machine may not have it: what tools make is left out by name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
MADE_BY_TOOLS = {
    ".git",
    ".hypothesis",
    ".import_linter_cache",
    ".pytest_cache",
    ".ruff_cache",
    "__pycache__",
    "build",
    "dist",
    "htmlcov",
    "node_modules",
}
Definition = ast.FunctionDef | ast.AsyncFunctionDef


def files(root: Path, pattern: str = "*") -> list[Path]:
    """Return the files under ``root`` that people wrote, in order."""
    return sorted(path for path in _walk(root) if path.match(pattern))


def _walk(folder: Path) -> Iterator[Path]:
    if not folder.is_dir() or (folder / "pyvenv.cfg").exists():
        return
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink() and path.name not in MADE_BY_TOOLS:
            yield from _walk(path)
        elif path.is_file():
            yield path


def text(path: Path) -> str | None:
    """Return what a text file says; nothing for a picture or another binary."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def parsed(path: Path) -> ast.Module:
    """Return a Python file as its syntax tree, without importing it."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def module_name(root: Path, path: Path) -> str:
    """Return the dotted name under ``root/src``: ``ketherapy.units``."""
    parts = path.relative_to(root / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules(root: Path) -> dict[str, ast.Module]:
    """Return every module under ``root/src`` by its dotted name."""
    return {module_name(root, path): parsed(path) for path in files(root / "src", "*.py")}


def functions(tree: ast.AST) -> list[Definition]:
    """Return every function and method of a module, nested ones too."""
    return [node for node in ast.walk(tree) if isinstance(node, Definition)]


def expect_none(faults: list[str]) -> None:
    """Fail with every fault in full, one to a line."""
    if faults:
        raise AssertionError("\n" + "\n".join(faults))
