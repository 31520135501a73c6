"""Every small change of a module that its tests ought to notice.

The changes are those of mutmut, made everywhere and not in plain functions alone: a rule's numbers
and names also stand in class bodies, in properties and at the top of a module. Four are our own,
because a rule turns on them: a condition is turned round, the least becomes the greatest, a
severity becomes another, and a call for its effect alone is left out.

Of each text there is one change and not three. A sentence is put in capitals, which any test that
reads one of its words notices; a name has letters put around it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators, operator_string

OTHER_NAME = {
    **{"min": "max", "max": "min", "any": "all", "all": "any"},
    **{"floor": "ceil", "ceil": "floor", "ROUND_FLOOR": "ROUND_CEILING", "ROUND_DOWN": "ROUND_UP"},
    **{"INFO": "CAUTION", "CAUTION": "HOLD", "HOLD": "BLOCK", "BLOCK": "HOLD"},
}
TURNED_BY_MUTMUT = (cst.Equal, cst.NotEqual, cst.In, cst.NotIn, cst.Is, cst.IsNot)
LEFT_ALONE = (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom)  # no behaviour of ours
CALLS_LEFT_ALONE = {"len", "isinstance"}  # as in mutmut: their arguments change nothing but types


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One change of one module."""

    module: str  # such as ketherapy.dosing.rounding
    where: str  # the function or class, or nothing at the top of the module
    line: str  # of the source, as it stands
    was: str
    becomes: str
    nth: int  # among the changes that read the same
    lines: range  # of the statement, down to the change
    node: cst.CSTNode = field(repr=False, compare=False)
    other: cst.CSTNode = field(repr=False, compare=False)

    @property
    def name(self) -> tuple[str, str, str, str, str, int]:
        """Return what this change is known by, also when lines above it move."""
        return (self.module, self.where, self.line, self.was, self.becomes, self.nth)

    def __str__(self) -> str:
        was, becomes = _differing(self.was, self.becomes)
        return f"{self.module}:{self.lines[-1]} {self.where or '-'}: {was} -> {becomes}"


@dataclass(frozen=True)
class Mutants:
    """All changes of one module, and the module to make them in."""

    tree: cst.Module
    found: tuple[Mutant, ...]

    def source(self, mutant: Mutant) -> bytes:
        """Return the text of the module with this one change made."""
        return self.tree.deep_replace(mutant.node, mutant.other).bytes  # type: ignore[union-attr]


def mutants(module: str, path: Path) -> Mutants:
    """Return every change of the module at ``path``, from top to bottom."""
    source = path.read_text(encoding="utf-8")
    wrapper = MetadataWrapper(cst.parse_module(source))
    visitor = _Visitor(module, source.splitlines(), wrapper.module)
    wrapper.visit(visitor)
    return Mutants(wrapper.module, tuple(visitor.found))


class _Visitor(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, module: str, text: list[str], tree: cst.Module) -> None:
        super().__init__()
        self.found: list[Mutant] = []
        self._module, self._text, self._tree = module, text, tree
        self._rooms: list[str] = []
        self._statements: list[int] = [1]
        self._names: set[cst.CSTNode] = set()  # that only say what something is called
        self._seen: Counter[tuple[str, ...]] = Counter()

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, LEFT_ALONE) or node in self._names or _is_left_alone(node):
            return False
        if isinstance(node, cst.BaseCompoundStatement | cst.SimpleStatementLine):
            self._statements.append(self._range(node).start.line)
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._rooms.append(node.name.value)
        self._names.update(_called(node))
        for changed, other in _changes(node):
            self._keep(changed, other)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if _is_left_alone(original_node):
            return
        if isinstance(original_node, cst.BaseCompoundStatement | cst.SimpleStatementLine):
            self._statements.pop()
        if isinstance(original_node, cst.FunctionDef | cst.ClassDef):
            self._rooms.pop()

    def _range(self, node: cst.CSTNode) -> CodeRange:
        return self.get_metadata(PositionProvider, node)  # type: ignore[return-value]

    def _keep(self, node: cst.CSTNode, other: cst.CSTNode) -> None:
        at = self._range(node)
        was, becomes = (_one_line(self._tree.code_for_node(n)) for n in (node, other))
        name = (".".join(self._rooms), self._text[at.start.line - 1].strip(), was, becomes)
        self._seen[name] += 1
        self.found.append(
            Mutant(
                module=self._module,
                **dict(zip(("where", "line", "was", "becomes"), name, strict=True)),
                nth=self._seen[name],
                lines=range(self._statements[-1], at.start.line + 1),
                node=node,
                other=other,
            )
        )


def _differing(was: str, becomes: str) -> tuple[str, str]:
    """Return the words in which the two differ, with one word around them."""
    one, two = was.split(), becomes.split()
    start = _shared(one, two)
    end = _shared(one[start:][::-1], two[start:][::-1])
    return tuple(" ".join(w[max(start - 1, 0) : len(w) - end + 1]) for w in (one, two))


def _shared(one: list[str], two: list[str]) -> int:
    """Return how many words the two have in common at their beginning."""
    both = zip(one, two, strict=False)
    return next((n for n, (a, b) in enumerate(both) if a != b), min(len(one), len(two)))


def _one_line(code: str) -> str:
    return " ".join(code.split())


def _is_left_alone(node: cst.CSTNode) -> bool:
    """Return whether nothing inside may change: a docstring, or what only a type checker reads."""
    if isinstance(node, cst.Expr):
        return isinstance(node.value, cst.BaseString)
    if isinstance(node, cst.If):
        return isinstance(node.test, cst.Name) and node.test.value == "TYPE_CHECKING"
    return (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Name)
        and node.func.value in CALLS_LEFT_ALONE
    )


def _called(node: cst.CSTNode) -> list[cst.CSTNode]:
    """Return the child that only names something: a change there is no change of behaviour."""
    match node:
        case cst.FunctionDef() | cst.ClassDef() | cst.Param():
            return [node.name]
        case cst.Arg() if node.keyword is not None:
            return [node.keyword]
        case cst.AssignTarget() | cst.AnnAssign() if isinstance(node.target, cst.Name):
            return [node.target]
        case _:
            return []


def _changes(node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    """Give each part of the node that may change, and what stands there instead."""
    for kind, operator in mutation_operators:
        if isinstance(node, kind):
            others = list(operator(node))
            for other in _of_text(node, others) if operator is operator_string else others:
                yield node, other
    match node:
        case cst.If() | cst.While() | cst.CompIf() if not _is_turned_by_mutmut(node.test):
            yield node.test, _turned(node.test)
        case cst.Name() if node.value in OTHER_NAME:
            yield node, node.with_changes(value=OTHER_NAME[node.value])
        case cst.Expr(value=cst.Call()):
            yield node, cst.Pass()
        case _:
            pass


def _of_text(node: cst.CSTNode, others: list[cst.CSTNode]) -> list[cst.CSTNode]:
    is_sentence = isinstance(node, cst.SimpleString) and " " in node.value
    return others[-1:] if is_sentence else others[:1]


def _is_turned_by_mutmut(test: cst.BaseExpression) -> bool:
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        return isinstance(test.comparisons[0].operator, TURNED_BY_MUTMUT)
    return isinstance(test, cst.UnaryOperation)


def _turned(test: cst.BaseExpression) -> cst.BaseExpression:
    inner = test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return cst.UnaryOperation(operator=cst.Not(), expression=inner)
