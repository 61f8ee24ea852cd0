"""What a checker is told to overlook is rare, named and has a reason beside it."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
CODE: Final = [
    file for folder in ("qpp", "services") for file in (ROOT / folder).rglob("*.py")
]
EVERYTHING: Final = CODE + [
    file
    for folder in ("tests", "benchmarks", "deploy", "examples")
    for file in (ROOT / folder).rglob("*.py")
]
PER_THOUSAND: Final = 1.5
# Where decisions meet whatever comes, any fault costs one record, not the stream.
BROAD: Final = {"services/qppflow/runtime/guard.py": 1}
LATER: Final = ("TO" + "DO", "FIX" + "ME")

ANY: Final = re.compile(r"\b(?:noqa|type:\s*ignore|pragma:\s*no\s*(?:cover|branch))\b")
WHOLE_FILE: Final = re.compile(r"#\s*(?:ruff:\s*noqa|flake8:|mypy:)")
REASON: Final = r"[\s#:-]*\w\S*(?:\s+\S+)+"
GOOD: Final = re.compile(
    r"(?:noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*"
    r"|type: ignore\[[a-z-]+(?:, ?[a-z-]+)*\]"
    r"|pragma: no (?:cover|branch))(?!\w)" + REASON
)


def comments(source: str) -> Iterator[tuple[int, str]]:
    """Yield the comments of a module with their lines; text in strings is none."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def suppressions(source: str) -> Iterator[tuple[int, str]]:
    """Yield each suppression with its line, from its own first word on."""
    for line, text in comments(source):
        for found in ANY.finditer(text):
            yield line, text[found.start() :]


def unexplained(source: str) -> list[str]:
    """List suppressions without a code or a reason, and those of whole files."""
    found = [
        f"line {line}: {text}"
        for line, text in suppressions(source)
        if GOOD.match(text) is None
    ]
    whole = (
        f"line {line}: {text}"
        for line, text in comments(source)
        if WHOLE_FILE.match(text)
    )
    return [*found, *whole]


def broad(source: str) -> list[int]:
    """List the lines that catch or suppress any exception, or make a name global."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Global):
            found.append(node.lineno)
        elif isinstance(node, ast.ExceptHandler):
            if node.type is None or names(node.type) & {"Exception", "BaseException"}:
                found.append(node.lineno)
        elif isinstance(node, ast.Call) and "suppress" in names(node.func):
            given = {name for argument in node.args for name in names(argument)}
            if given & {"Exception", "BaseException"}:
                found.append(node.lineno)
    return sorted(found)


def names(node: ast.expr) -> set[str]:
    """Give the names in an expression, the last part of dotted ones too."""
    return {
        part.attr if isinstance(part, ast.Attribute) else part.id
        for part in ast.walk(node)
        if isinstance(part, ast.Attribute | ast.Name)
    }


def postponed(source: str) -> list[int]:
    """List the lines that put work off instead of filing an issue."""
    words = re.compile(rf"\b(?:{'|'.join(LATER)})\b")
    return [
        number
        for number, line in enumerate(source.splitlines(), 1)
        if words.search(line)
    ]


def test_every_suppression_has_code_and_reason() -> None:
    """Who meets one can judge, years later, whether it is still right."""
    found = {
        str(file.relative_to(ROOT)): bad
        for file in EVERYTHING
        if (bad := unexplained(file.read_text("utf-8")))
    }

    assert found == {}


def test_suppressions_are_rare() -> None:
    """At most 1.5 in a thousand lines of what is shipped."""
    sources = [file.read_text("utf-8") for file in CODE]
    lines = sum(len(source.splitlines()) for source in sources)
    count = sum(len(list(suppressions(source))) for source in sources)

    assert lines > 10_000
    assert count <= PER_THOUSAND * lines / 1000, f"{count} in {lines} lines"


def test_any_exception_is_caught_only_where_it_must_be() -> None:
    """Elsewhere a fault that nobody thought of shows itself."""
    found = {
        file.relative_to(ROOT).as_posix(): len(lines)
        for file in CODE
        if (lines := broad(file.read_text("utf-8")))
    }

    assert found == BROAD


def test_no_work_is_put_off_in_a_comment() -> None:
    """What is left to do is an issue, where somebody reads it."""
    found = {
        str(file.relative_to(ROOT)): lines
        for file in EVERYTHING
        if (lines := postponed(file.read_text("utf-8")))
    }

    assert found == {}


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "# noqa: S603",
        "# noqa: S603 because",
        "# noqa it is fine here",
        "# type: ignore",
        "# type: ignore[misc]",
        "# type: ignore  # no types there",
        "# pragma: no cover",
        "# ruff: noqa",
        "# mypy: ignore-errors",
    ],
)
def test_a_suppression_without_code_or_reason_is_caught(comment: str) -> None:
    """Its twin: each half that may be missing."""
    assert len(unexplained(f"x = 1  {comment}\n")) >= 1


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa: S603 a command of our own",
        "# noqa: S603, S607 - a command of our own",
        "# type: ignore[misc]  # it ships no types",
        "# pragma: no cover - only on another system",
        "# an ordinary remark",
    ],
)
def test_a_suppression_with_code_and_reason_passes(comment: str) -> None:
    """Both ways to set the reason apart are in use."""
    assert unexplained(f"x = 1  {comment}\n") == []


def test_a_broad_catch_is_caught() -> None:
    """Its twin: bare, by name, in a tuple, by suppress; and a global name."""
    source = """
try: pass
except: pass
try: pass
except Exception: pass
try: pass
except (OSError, builtins.BaseException): pass
with contextlib.suppress(Exception): pass
def f():
    global x
try: pass
except OSError: pass
"""

    assert broad(source) == [3, 5, 7, 8, 10]


def test_postponed_work_is_caught() -> None:
    """Its twin: the word alone counts, not a longer one that holds it."""
    assert postponed(f"x = 1\n# {LATER[0]}: later\n# {LATER[1]}S are many\n") == [2]
