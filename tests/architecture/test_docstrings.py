"""Every public definition of the law says what it does, and nearly all others do."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
OF_ALL: Final = 0.9


def undocumented(source: str) -> Iterator[tuple[str, bool]]:
    """Yield each public definition's name and line, and whether it lacks a docstring.

    The module counts as one. A function inside a function is public by its name, too.
    """
    tree = ast.parse(source)
    yield "line 1: module", bool(tree.body) and ast.get_docstring(tree) is None
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and node.name[0] != "_"
        ):
            missing = ast.get_docstring(node) is None
            yield f"line {node.lineno}: {node.name}", missing


def of(folder: str) -> dict[str, bool]:
    """Give each public definition below a folder, and whether it lacks a docstring."""
    return {
        f"{file.relative_to(ROOT)} {name}": missing
        for file in (ROOT / folder).rglob("*.py")
        for name, missing in undocumented(file.read_text("utf-8"))
    }


def test_everything_public_in_the_law_is_documented() -> None:
    """Who imports the law reads it without its tests beside it."""
    found = of("qpp")

    assert len(found) > 100
    assert [name for name, missing in found.items() if missing] == []


def test_nine_tenths_of_everything_public_are_documented() -> None:
    """In the services a short inner function may speak for itself."""
    found = of("qpp") | of("services")
    missing = [name for name, lacks in found.items() if lacks]

    assert len(missing) <= (1 - OF_ALL) * len(found), missing


def test_a_missing_docstring_is_caught() -> None:
    """Its twin: module, class, method and function without one; private is free."""
    source = '''
class Score:
    """Say something."""
    def points(self): ...
async def read(): ...
def _inner(): ...
'''

    found = [name for name, missing in undocumented(source) if missing]

    assert found == ["line 1: module", "line 5: read", "line 4: points"]
