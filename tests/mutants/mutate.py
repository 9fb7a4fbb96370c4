"""The mutants of a Python file: each differs from it in one small, mechanical way."""

import ast
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

# Each comparison's neighbours.
COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
OTHER = "another text"
STRINGS = ("string emptied", "string replaced")


@dataclass(frozen=True)
class Mutant:
    """One change: what was done, the line, what stood there in short, and the whole file's text with it.

    `function` is the qualified name of the function whose body is changed; "" if it is the file's own statements.
    """

    operator: str
    line: int
    what: str
    text: str
    function: str

    @property
    def name(self) -> str:
        """What identifies it in a list, also when lines move."""
        return f"{self.operator}: {self.what}"


def mutants(text: str, left_out: Callable[[ast.AST], set[ast.AST]] = lambda _: set()) -> Iterator[Mutant]:
    """All mutants of a file's text, but for nodes that are left out.

    Comments are lost, so its tests have to pass without them.
    """
    tree = ast.parse(text)
    skipped = docstrings(tree) | left_out(tree)
    inside = functions(tree)
    for index, node in enumerate(ast.walk(tree)):
        if node in skipped:
            continue
        for operator, part, change in changes(node):
            if part in skipped:
                continue
            changed = ast.parse(text)
            if change(next(itertools.islice(ast.walk(changed), index, None))) is False:
                continue
            ast.fix_missing_locations(changed)
            yield Mutant(operator, getattr(part, "lineno", 0), short(part), ast.unparse(changed), inside[part])


def plain(text: str) -> str:
    """The text as each mutant of it is written, without a change."""
    return ast.unparse(ast.parse(text))


def short(node: ast.AST) -> str:
    """A node in one short line."""
    return " ".join(ast.unparse(node).split())[:90]


def functions(tree: ast.AST) -> dict[ast.AST, str]:
    """The qualified name of the function whose body has a node, for each node; "" if it is in none."""
    found: dict[ast.AST, str] = {}

    def visit(node: ast.AST, function: str, prefix: str) -> None:
        found[node] = function
        body = set(node.body) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else set()
        for child in ast.iter_child_nodes(node):
            if child not in body:
                visit(child, function, prefix)
            elif isinstance(node, ast.ClassDef):
                visit(child, function, f"{prefix}{node.name}.")
            else:
                visit(child, f"{prefix}{node.name}", f"{prefix}{node.name}.<locals>.")

    visit(tree, "", "")
    return found


def docstrings(tree: ast.AST) -> set[ast.AST]:
    """The nodes of docstrings: a change of them is no change of what the code does."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found |= {node, node.value}
    return found


Change = Callable[[ast.AST], object]  # changes a node in place; False if there is nothing to change


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST, Change]]:
    """The changes that a node allows, each with the name of its operator and the part of the node that it changes."""
    for name in ("body", "orelse", "finalbody"):
        for index, statement in enumerate(getattr(node, name, []) if isinstance(node, STATEMENTS) else []):
            if not isinstance(statement, ast.Pass):
                yield "statement removed", statement, removal(name, index)
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        yield "condition negated", node.test, negation("test")
    if isinstance(node, ast.comprehension):
        for index in range(len(node.ifs)):
            yield "condition negated", node.ifs[index], negated_filter(index)
    if isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            for other in COMPARED[type(operator)]:
                yield "comparison replaced", node, comparison(index, other)
    if isinstance(node, ast.Constant):
        yield from ((operator, node, change) for operator, change in constants(node))
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        for index, decorator in enumerate(node.decorator_list):
            yield "decorator removed", decorator, deletion("decorator_list", index)
    if isinstance(node, ast.Call):
        for index, keyword in enumerate(node.keywords):
            yield "keyword removed", keyword, deletion("keywords", index)
    if isinstance(node, ast.Return) and node.value is not None and ast.unparse(node.value) != "None":
        yield "return without value", node, assignment("value", None)


STATEMENTS = (
    ast.Module
    | ast.FunctionDef
    | ast.AsyncFunctionDef
    | ast.ClassDef
    | ast.If
    | ast.For
    | ast.While
    | ast.With
    | ast.Try
    | ast.ExceptHandler
)


def constants(node: ast.Constant) -> Iterator[tuple[str, Change]]:
    """The changes of a number or a string."""
    value = node.value
    if isinstance(value, str):
        if value:
            yield "string emptied", assignment("value", "")
        if value != OTHER:
            yield "string replaced", assignment("value", OTHER)
    elif isinstance(value, bytes):
        if value:
            yield "string emptied", assignment("value", b"")
        yield "string replaced", assignment("value", OTHER.encode())
    elif isinstance(value, bool):
        yield "constant negated", assignment("value", not value)
    elif isinstance(value, int | float):
        if value:
            yield "number made 0", assignment("value", 0)
        yield "number plus 1", assignment("value", value + 1)


def removal(name: str, index: int) -> Change:
    """Puts `pass` in a statement's place."""

    def change(node: ast.AST) -> object:
        statements = getattr(node, name)
        if isinstance(statements[index], ast.Expr) and isinstance(statements[index].value, ast.Constant):
            return False
        statements[index] = ast.Pass()
        return True

    return change


def negation(name: str) -> Change:
    """Negates a condition."""
    return lambda node: setattr(node, name, ast.UnaryOp(ast.Not(), getattr(node, name)))


def negated_filter(index: int) -> Change:
    """Negates a condition of a comprehension."""

    def change(node: ast.AST) -> None:
        assert isinstance(node, ast.comprehension)
        node.ifs[index] = ast.UnaryOp(ast.Not(), node.ifs[index])

    return change


def comparison(index: int, other: type[ast.cmpop]) -> Change:
    """Replaces a comparison's operator."""

    def change(node: ast.AST) -> None:
        assert isinstance(node, ast.Compare)
        node.ops[index] = other()

    return change


def deletion(name: str, index: int) -> Change:
    """Removes a decorator or a keyword argument."""

    def change(node: ast.AST) -> None:
        del getattr(node, name)[index]

    return change


def assignment(name: str, value: object) -> Change:
    """Gives a node another value."""
    return lambda node: setattr(node, name, value)
