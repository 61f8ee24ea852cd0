"""Numbers of the regulation live in rule files; Python knows 0, 1 and 100 only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAW = sorted((ROOT / "qpp").rglob("*.py"))
ALLOWED = (0, 1, 100)
CONVERTERS = ("Decimal", "int", "float")


def numbers(source: str) -> Iterator[str]:
    """Yield each number in *source* that belongs into a rule file, with its line.

    A number put into text and converted back counts too. A minus sign is a node of
    its own, so that -1 is as allowed as 1.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and is_number(node.value):
            yield f"line {node.lineno}: {node.value!r}"
        if isinstance(node, ast.Call) and name_of(node.func) in CONVERTERS:
            for text in node.args:
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    yield f"line {node.lineno}: {text.value!r}"


def is_number(value: object) -> bool:
    """Say whether a constant is a number that Python must not know."""
    if isinstance(value, bool) or not isinstance(value, int | float | complex):
        return False
    return not isinstance(value, int) or value not in ALLOWED


def name_of(called: ast.expr) -> str:
    """Give the last name of what is called: ``Decimal`` of ``decimal.Decimal``."""
    return (
        called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    )


def test_there_is_law_to_read() -> None:
    """A search through nothing would find no number."""
    assert len(LAW) > 5


@pytest.mark.parametrize("file", LAW, ids=lambda file: str(file.relative_to(ROOT)))
def test_the_law_holds_no_number(file: Path) -> None:
    """Whoever changes a number changes a rule file, not Python."""
    found = list(numbers(file.read_text()))

    assert found == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("minimum = 75", ["line 1: 75"]),
        ("share = 0.5", ["line 1: 0.5"]),
        ("share = 1.0", ["line 1: 1.0"]),
        ("\nif year >= 2025:\n    cap = -7", ["line 2: 2025", "line 3: 7"]),
        ("cap = Decimal('7')", ["line 1: '7'"]),
        ("cap = decimal.Decimal('7')", ["line 1: '7'"]),
        ("days = int('180')", ["line 1: '180'"]),
    ],
)
def test_a_number_in_the_law_is_caught(source: str, found: list[str]) -> None:
    """The check sees numbers as such, and numbers in text that is converted."""
    assert list(numbers(source)) == found


@pytest.mark.parametrize(
    "source", ["last = -1", "whole = 100", "yes = True", "digits = 'of 9'", "int(text)"]
)
def test_what_is_no_number_of_the_regulation_passes(source: str) -> None:
    """Zero, one, a hundred, truth values and plain text are everybody's."""
    assert list(numbers(source)) == []
