"""What may be reached only through one door: libraries, the clock, chance."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.health.tree import modules

DOORS = {"pint": "ketherapy.units", "tomllib": "ketherapy.records"}
EDGES = (
    "ketherapy.__main__",
    "ketherapy.cli",
    "clinic.__main__",
    "clinic.api",
    "clinic.config",
    "clinic.jobs",
    "clinic.web",
)
CLOCKS = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.time",
    "time.time_ns",
    "timezone.localdate",
    "timezone.localtime",
    "timezone.now",
}
RANDOM = {"np.random", "numpy.random"}
SEEDED = {"Generator", "PCG64", "Philox", "SeedSequence", "default_rng"}  # these take a seed


def doors_passed_by(root: Path) -> list[str]:
    """Return the imports of a library elsewhere than behind its door."""
    return [
        f"{name}:{line}: expected {library} only in {DOORS[library]}, got it here."
        f" Call what {DOORS[library]} offers, or add it there."
        for name, tree in modules(root).items()
        for line, library in _imports(tree)
        if library in DOORS and name != DOORS[library]
    ]


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module.partition(".")[0]


def below_the_edge(name: str) -> bool:
    """Return whether a module must be given its time and its chance."""
    is_command = ".management.commands." in name or ".migrations." in name
    return not is_command and not any(name == edge or name.startswith(f"{edge}.") for edge in EDGES)


def hidden_inputs(root: Path) -> list[str]:
    """Return the calls below the edge that read the clock or global chance."""
    return [
        f"{name}:{line}: expected now and seed as arguments below the edge, got {call}."
        " Take it as an argument; the command line or the view passes it."
        for name, tree in modules(root).items()
        if below_the_edge(name)
        for line, call in [*_clocks(tree), *_chance(tree)]
    ]


def _clocks(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            call = ast.unparse(node.func)
            if ".".join(call.split(".")[-2:]) in CLOCKS:
                yield node.lineno, f"{call}()"


def _chance(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for line, library in _imports(tree):
        if library == "random":
            yield line, "import random"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in RANDOM:
            if node.attr not in SEEDED:
                yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Call) and _is_unseeded(node):
            yield node.lineno, "default_rng() without a seed"


def _is_unseeded(call: ast.Call) -> bool:
    name = ast.unparse(call.func).rpartition(".")[2]
    return name == "default_rng" and not call.args and not call.keywords
