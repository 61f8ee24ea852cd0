"""Every test is found by pytest, and says in a sentence what it proves."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
TESTS: Final = sorted((ROOT / "tests").rglob("*.py"))
WORDS: Final = 4
Function = ast.FunctionDef | ast.AsyncFunctionDef


def within(body: list[ast.stmt], home: str) -> Iterator[tuple[str, Function]]:
    """Yield each test function with the class around it, if there is one."""
    for node in body:
        if isinstance(node, Function) and node.name.startswith("test"):
            yield home, node
        if isinstance(node, ast.ClassDef):
            yield from within(node.body, node.name)


def problems(name: str, source: str) -> Iterator[str]:
    """Yield why a test of this file would not run, or says nothing.

    A class without ``Test`` in front is fine if a class of the same file that has it
    takes the tests over.
    """
    tree = ast.parse(source)
    found = list(within(tree.body, ""))
    taken_over = {
        base.id
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test")
        for base in node.bases
        if isinstance(base, ast.Name)
    }
    if found and not name.startswith("test_"):
        yield f"{name} holds tests, but pytest collects test_*.py only"
    if name.startswith("test_") and not found and not assigned_tests(tree):
        yield f"{name} holds no test"
    for home, test in found:
        if home and not home.startswith("Test") and home not in taken_over:
            yield f"{name} {test.name} is in {home}, which pytest passes over"
        words = [word for word in test.name.split("_")[1:] if word]
        if len(words) < WORDS and not ast.get_docstring(test):
            yield f"{name} {test.name} is no sentence"


def assigned_tests(tree: ast.Module) -> bool:
    """Say whether a test is made by assignment, as hypothesis's machines are."""
    return any(
        isinstance(target, ast.Name) and target.id.startswith("Test")
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
    )


def test_every_test_is_collected_and_is_a_sentence() -> None:
    """A test that never runs, or that nobody understands, protects nothing."""
    found = [
        problem
        for file in TESTS
        for problem in problems(file.name, file.read_text("utf-8"))
    ]

    assert len(TESTS) > 50
    assert found == []


def test_nothing_is_left_out_of_collection() -> None:
    """No setting and no conftest.py takes tests away from a plain run of pytest."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    options = settings["tool"]["pytest"]["ini_options"]
    hiding = [
        file
        for file in TESTS
        if file.name == "conftest.py" and "collect_ignore" in file.read_text("utf-8")
    ]

    assert options["testpaths"] == ["tests"]
    assert set(options) & {"python_files", "python_functions", "norecursedirs"} == set()
    assert hiding == []


@pytest.mark.parametrize(
    ("name", "source", "problem"),
    [
        (
            "checks.py",
            "def test_a_fact_is_seen_here(): ...",
            "checks.py holds tests, but pytest collects test_*.py only",
        ),
        ("test_a.py", "def check(): ...", "test_a.py holds no test"),
        ("test_a.py", "async def test_it(): ...", "test_a.py test_it is no sentence"),
        (
            "test_a.py",
            "class Base:\n    def test_a_fact_is_seen_here(self): ...",
            "test_a.py test_a_fact_is_seen_here is in Base, which pytest passes over",
        ),
    ],
)
def test_a_test_that_does_not_count_is_caught(
    name: str, source: str, problem: str
) -> None:
    """Its twin: wrong file name, empty file, no sentence, class that is passed over."""
    assert list(problems(name, source)) == [problem]


@pytest.mark.parametrize(
    "source",
    [
        "def test_short():\n    'Say what it proves.'",
        "TestModel = Model.TestCase",
        """
class Same:
    def test_a_fact_is_seen_here(self): ...
class TestHere(Same): ...
""",
    ],
)
def test_a_test_that_counts_passes(source: str) -> None:
    """A docstring is a sentence too; machines and inherited suites are collected."""
    assert list(problems("test_a.py", source)) == []
