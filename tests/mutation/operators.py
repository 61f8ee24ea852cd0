"""What a mutant is: one small mistake in one function of the law, by its syntax tree.

Changed are comparisons and their boundaries, arithmetic, ``and`` and ``or``,
conditions, whole numbers, truth values, ``min``/``max`` and ``any``/``all``, what is
returned, and statements that only call or raise. Wording is left alone.
"""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

Change: TypeAlias = tuple[str, ast.AST]

COMPARISONS: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
ARITHMETIC: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
NAMES: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}
LITTLE: Final = 50


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one mistake: where it is, what it was and what it became."""

    file: str
    function: str
    line: int
    column: int
    end: int
    operator: str
    before: str
    after: str
    tree: Callable[[], ast.Module]

    @property
    def name(self) -> str:
        """Name it by file, function, place and change, which only its like share."""
        change = f"{self.before} -> {self.after}"
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place} {self.function} [{self.operator}] {change}"


def mutants_of(file: str, source: str) -> Iterator[Mutant]:
    """Yield each mutant of the functions and methods of a module, in its order."""
    tree = ast.parse(source)
    for home, function in _functions(tree.body, ""):
        for parent, field, index, node in _places(function):
            for operator, instead in _changes(node, parent):
                yield Mutant(
                    file,
                    home,
                    node.lineno,
                    node.col_offset,
                    node.end_lineno or node.lineno,
                    operator,
                    _text(node),
                    _text(instead),
                    partial(_replaced, tree, (parent, field, index), instead),
                )


def _functions(
    body: list[ast.stmt], home: str
) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield functions and methods with their qualified names; none within another."""
    for node in body:
        if isinstance(node, ast.FunctionDef):
            yield home + node.name, node
        if isinstance(node, ast.ClassDef):
            yield from _functions(node.body, f"{home}{node.name}.")


def _places(
    node: ast.AST,
) -> Iterator[tuple[ast.AST, str, int | None, ast.expr | ast.stmt]]:
    """Yield what may be changed below a node: nothing of a signature."""
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns", "decorator_list", "args"} and (
            not isinstance(node, ast.Call)
        ):
            continue
        many = value if isinstance(value, list) else [value]
        for index, item in enumerate(many):
            if not isinstance(item, ast.AST):
                continue
            if isinstance(item, ast.expr | ast.stmt):
                place = index if isinstance(value, list) else None
                yield node, field, place, item
            yield from _places(item)


def _replaced(
    tree: ast.Module, place: tuple[ast.AST, str, int | None], instead: ast.AST
) -> ast.Module:
    """Copy a module with one node exchanged."""
    parent, field, index = place
    memo: dict[int, object] = {}
    copied = copy.deepcopy(tree, memo)
    twin = memo[id(parent)]
    if index is None:
        setattr(twin, field, instead)
    else:
        getattr(twin, field)[index] = instead
    return ast.fix_missing_locations(copied)


def _changes(node: ast.expr | ast.stmt, parent: ast.AST) -> Iterator[Change]:
    """Yield every mistake that can be made of a node."""
    for operator, instead in _mistakes(node, parent):
        yield operator, ast.copy_location(instead, node)


def _mistakes(node: ast.expr | ast.stmt, parent: ast.AST) -> Iterator[Change]:
    """Yield the mistakes by the kind of node."""
    match node:
        case ast.Compare():
            yield from _comparison(node)
        case ast.BinOp() if type(node.op) in ARITHMETIC:
            swapped = ARITHMETIC[type(node.op)]()
            yield "arithmetic", ast.BinOp(node.left, swapped, node.right)
        case ast.BoolOp():
            word = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield "and/or", ast.BoolOp(word, node.values)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield "unary", node.operand
        case ast.Constant(value=int(number)):
            yield from _constant(number)
        case ast.Name(id=name) if name in NAMES and isinstance(parent, ast.Call):
            yield "name", ast.Name(NAMES[name], ast.Load())
        case ast.stmt():
            yield from _statement(node)
    if isinstance(node, ast.expr) and _is_condition(node, parent):
        yield "condition", ast.UnaryOp(ast.Not(), node)


def _constant(number: int) -> Iterator[Change]:
    """Yield another truth value, the next whole number, and none at all."""
    if isinstance(number, bool):
        yield "truth", ast.Constant(not number)
        return
    yield "number", ast.Constant(number + 1)
    if number:
        yield "number", ast.Constant(0)


def _comparison(node: ast.Compare) -> Iterator[Change]:
    """Yield a comparison with each of its operators moved or turned round."""
    for index, operator in enumerate(node.ops):
        for other in COMPARISONS[type(operator)]:
            operators = [*node.ops[:index], other(), *node.ops[index + 1 :]]
            yield "comparison", ast.Compare(node.left, operators, node.comparators)


def _statement(node: ast.stmt) -> Iterator[Change]:
    """Yield what can go wrong with a whole statement."""
    match node:
        case ast.Return(value=ast.expr() as value):
            # For a constant that is as false, the type checker would object first.
            if not isinstance(value, ast.Constant) or value.value:
                yield "return", ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call()) | ast.Raise() | ast.AugAssign():
            yield "left out", ast.Pass()
        case ast.Continue():
            yield "loop", ast.Break()
        case ast.Break():
            yield "loop", ast.Continue()


def _is_condition(node: ast.AST, parent: ast.AST) -> bool:
    """Say whether a node decides and no other mistake turns the decision round."""
    if isinstance(node, ast.UnaryOp) or (
        isinstance(node, ast.Compare) and len(node.ops) == 1
    ):
        return False
    match parent:
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            return node is test
        case ast.comprehension(ifs=tests):
            return node in tests
    return False


def _text(node: ast.AST) -> str:
    """Write a node as code, cut short."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= LITTLE else f"{text[:LITTLE]}…"
