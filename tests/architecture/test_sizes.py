"""Modules, wirings and decisions stay small enough to read in one go."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
CODE: Final = [
    file for folder in ("qpp", "services") for file in (ROOT / folder).rglob("*.py")
]
MODULE: Final = 250
APP: Final = 60
HANDLER: Final = 30
# Over the limit: a module, or a module's function, with the length it may have and the
# reason. What has become short enough must leave the list.
LONGER: Final[dict[str, tuple[int, str]]] = {}


def too_long(path: str, source: str) -> Iterator[str]:
    """Yield what is longer than it may be in a module: itself, and its decisions."""
    lines = len(source.splitlines())
    name = Path(path).name
    limit, _ = LONGER.get(path, (APP if name == "app.py" else MODULE, ""))
    if lines > limit:
        yield f"{path} has {lines} lines, {limit} are allowed"
    if name == "handlers.py":
        for function, length in functions(source):
            limit, _ = LONGER.get(f"{path} {function}", (HANDLER, ""))
            if length > limit:
                yield f"{path} {function} has {length} lines, {limit} are allowed"


def functions(source: str) -> Iterator[tuple[str, int]]:
    """Yield each function and method with its lines, decorators not counted."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_nothing_is_longer_than_it_may_be() -> None:
    """A module has at most 250 lines, an app.py 60, a function of handlers.py 30."""
    found = [
        problem
        for file in CODE
        for problem in too_long(
            file.relative_to(ROOT).as_posix(), file.read_text("utf-8")
        )
    ]

    assert len(CODE) > 50
    assert found == []


def test_every_exception_is_still_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception that nobody needs would let the code grow back unseen."""
    reasons = [reason for _, reason in LONGER.values()]
    listed = sorted(LONGER)
    files = {place.split()[0] for place in LONGER}
    monkeypatch.setattr(sys.modules[__name__], "LONGER", {})

    found = [
        problem.partition(" has ")[0]
        for path in files
        for problem in too_long(path, (ROOT / path).read_text("utf-8"))
    ]

    assert sorted(found) == listed
    assert all(reasons)


def test_what_is_too_long_is_caught() -> None:
    """Its twin: one line too many in a module, a wiring and a decision."""
    decision = "def decide():\n" + "    pass\n" * HANDLER

    assert list(too_long("qpp/a.py", "x = 1\n" * 250)) == []
    assert list(too_long("qpp/a.py", "x = 1\n" * 251)) == [
        "qpp/a.py has 251 lines, 250 are allowed"
    ]
    assert list(too_long("services/qppflow/a/app.py", "x = 1\n" * 61)) == [
        "services/qppflow/a/app.py has 61 lines, 60 are allowed"
    ]
    assert list(too_long("services/qppflow/a/handlers.py", decision)) == [
        "services/qppflow/a/handlers.py decide has 31 lines, 30 are allowed"
    ]
