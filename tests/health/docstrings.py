"""What the docstrings of the science must say; read from the text, nothing is imported.

A public function or class has one whose first line is a sentence. A public function whose
annotations carry arrays says its ``Units``. One of ``pharmacology`` that computes an array or a
parameter is an equation and names its ``Source``: ids of the bibliography, ``derived: how``, or
``the model's file`` where the equation is as printed for whichever model is used.
A unit in brackets, as in ``[1/h]``, counts as ``Units``; methods and properties share the words
of their class.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.health.tree import Definition, modules

ARRAYS = re.compile(r"\b(Float|Float64|Int|Bool|Num|Real|Shaped|Inexact|ndarray|NDArray|Array)\b")
EQUATIONS = re.compile(ARRAYS.pattern + r"|\bParam\b")
UNITS = re.compile(r"^ *Units  +\S|\[[^\]]*\]", re.MULTILINE)
SOURCE = re.compile(r"^ *Source  +(?P<what>\S.*)$", re.MULTILINE)
EXPLAINED = re.compile(r"(derived|convention): \S|the model's file\b")
ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.MatMult)
Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def public(tree: ast.Module) -> Iterator[Documented]:
    """Give the public functions and classes of a module, and the public methods of those."""
    for node in tree.body:
        if isinstance(node, Documented) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (
                    inner
                    for inner in node.body
                    if isinstance(inner, Definition) and not inner.name.startswith("_")
                )


def undocumented(root: Path) -> list[str]:
    """Return the public functions and classes whose docstring does not begin with a sentence."""
    return [
        f"{name}:{node.lineno} {node.name}: expected a docstring whose first line is one sentence"
        " with a full stop, got another. Say in it what is returned."
        for name, tree in modules(root).items()
        if name.partition(".")[0] == "ketherapy"
        for node in public(tree)
        if not _first_line(node).endswith(".")
    ]


def _first_line(node: Documented) -> str:
    return (ast.get_docstring(node) or "").partition("\n")[0].rstrip()


def without_units(root: Path) -> list[str]:
    """Return the functions on arrays in the numerical rooms that do not say their units."""
    return [
        f"{name}:{node.lineno} {node.name}: expected a line 'Units   ...' in the docstring, got"
        " none. Name the unit of every argument and of what is returned."
        for name, node in _numerical(root, "pharmacology", "simulation")
        if ARRAYS.search(_annotations(node)) and not UNITS.search(ast.get_docstring(node) or "")
    ]


def without_source(root: Path) -> list[str]:
    """Return the equations whose docstring names no source."""
    return [
        f"{name}:{node.lineno} {node.name}: expected a line 'Source  ...' in the docstring, got"
        " none. Name the id of a source, or write 'derived: how'."
        for name, node in _numerical(root, "pharmacology")
        if node.returns and EQUATIONS.search(ast.unparse(node.returns)) and _computes(node)
        if not SOURCE.search(ast.get_docstring(node) or "")
    ]


def _computes(node: Definition) -> bool:
    steps = (inner for line in node.body for inner in ast.walk(line))
    return any(isinstance(step, ast.BinOp) and isinstance(step.op, ARITHMETIC) for step in steps)


def _numerical(root: Path, *rooms: str) -> Iterator[tuple[str, Definition]]:
    for name, tree in modules(root).items():
        if name.startswith("ketherapy.") and name.split(".")[1] in rooms:
            for node in tree.body:
                if isinstance(node, Definition) and not node.name.startswith("_"):
                    yield name, node


def _annotations(node: Definition) -> str:
    every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    stated = [argument.annotation for argument in every] + [node.returns]
    return " ".join(ast.unparse(annotation) for annotation in stated if annotation)


def cited_in_docstrings(root: Path) -> dict[str, str]:
    """Return each source id that a ``Source`` line names, and where."""
    found: dict[str, str] = {}
    for name, tree in modules(root).items():
        for node in ast.walk(tree):
            if isinstance(node, Documented | ast.Module):
                for line in SOURCE.finditer(ast.get_docstring(node) or ""):
                    found |= dict.fromkeys(_ids(line["what"]), name)
    return found


def _ids(what: str) -> list[str]:
    """Return the ids of ``smith1990, jones2001: eq. 2``; a remark follows a colon or semicolon."""
    if EXPLAINED.match(what):
        return []
    return [key.strip(" .") for key in re.split("[:;]", what)[0].split(",")]
