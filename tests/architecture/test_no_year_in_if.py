"""No year stands in a condition: years differ in rule files, formulas have names."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
CODE: Final = [
    file for folder in ("qpp", "services") for file in (ROOT / folder).rglob("*.py")
]
YEARS: Final = range(2015, 2041)


def years(source: str) -> Iterator[str]:
    """Yield each year that *source* compares something with, or matches it against.

    A year as text counts as one, and so does one inside a date that is compared.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare | ast.MatchValue):
            for part in ast.walk(node):
                if isinstance(part, ast.Constant) and is_year(part.value):
                    yield f"line {part.lineno}: {part.value!r}"


def is_year(value: object) -> bool:
    """Say whether a constant is a performance or payment year, or its text."""
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    return isinstance(value, int) and value in YEARS


def test_no_condition_names_a_year() -> None:
    """A year is added by adding a folder of rules, so no code may ask which it is."""
    found = {
        str(file.relative_to(ROOT)): named
        for file in CODE
        if (named := list(years(file.read_text("utf-8"))))
    }

    assert len(CODE) > 50
    assert found == {}


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("if year >= 2025: pass", ["line 1: 2025"]),
        ("x = 1 if 2026 == year else 2", ["line 1: 2026"]),
        ("ok = year in (2024, 2025)", ["line 1: 2024", "line 1: 2025"]),
        ("ok = year == '2026'", ["line 1: '2026'"]),
        ("ok = start < date(2025, 1, 1)", ["line 1: 2025"]),
        ("match year:\n    case 2024 | 2025: pass", ["line 2: 2024", "line 2: 2025"]),
    ],
)
def test_a_year_in_a_condition_is_caught(source: str, named: list[str]) -> None:
    """Its twin: each way to ask for a year is seen."""
    assert list(years(source)) == named


@pytest.mark.parametrize(
    "source", ["if port > 9092: pass", "first = 2024", "if rules.cap: pass"]
)
def test_what_asks_for_no_year_passes(source: str) -> None:
    """Other numbers, and years that no condition reads, are none of its business."""
    assert list(years(source)) == []
