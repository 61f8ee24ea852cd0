"""Numbers of the regulation live in rule files; Python knows 0, 1 and 100 only.

Numbers that are none of the regulation's, such as the form of an id, stand in
``FORMATS`` line by line, each with its reason. A number in disguise, as the length of
a text or a sum of other numbers, counts as a number.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

ROOT = Path(__file__).parents[2]
LAW = sorted((ROOT / "qpp").rglob("*.py"))
ALLOWED = (0, 1, 100)
CONVERTERS = ("Decimal", "int", "float")
COUNTERS = ("len", "sum", "ord")
# File by file the lines with a number that no rule file could give, and why.
FORMATS = {
    "qpp/advanced_apm/rules.py": {
        "book = f\"{name}@{digest(files)[: len('0123456789ab')]}\"": (
            "how much of a hash names a rule book: the form of an id"
        ),
    },
    "qpp/catalog_format.py": {
        "return f\"{name}@{digest(facts)[: len('0123456789ab')]}\"": (
            "how much of a hash names a catalogue: the form of an id"
        ),
    },
    "qpp/checks/periods.py": {
        '_WRITTEN_LIKE: Final = str.maketrans("0123456789", "9" * len("0123456789"))': (
            "a 9 for each digit there is: both texts are of one length"
        ),
    },
    "qpp/identifiers.py": {
        "LONGEST_SHOWN: Final = 48": "how long a text may be that a finding repeats",
    },
    "qpp/mips/rules.py": {
        "book = f\"{name}@{digest(files)[: len('0123456789ab')]}\"": (
            "how much of a hash names a rule book: the form of an id"
        ),
    },
    "qpp/numbers.py": {
        "CONTEXT: Final = Context(prec=28, rounding=ROUND_HALF_EVEN)": (
            "digits kept between two steps; what is rounded is rounded by a rule"
        ),
        "CACHED: Final = 10_000": "how many texts are kept ready; no result changes",
    },
    "qpp/parts.py": {
        "POINT_DECIMALS: Final = 4": "a promise of the wire, in contracts/events/",
    },
}


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
        if is_disguised(node):
            yield f"line {node.lineno}: {ast.unparse(node)}"


def is_disguised(node: ast.AST) -> TypeGuard[ast.expr]:
    """Say whether something written out is counted, or numbers make another one."""
    if isinstance(node, ast.Call) and name_of(node.func) in COUNTERS:
        return any(is_written_out(item) for item in node.args)
    if isinstance(node, ast.BinOp):
        return is_written_out(node.left) and is_written_out(node.right)
    return False


def is_written_out(part: ast.expr) -> bool:
    """Say whether a part of the source is a literal, or made of literals alone."""
    try:
        ast.literal_eval(part)
    except ValueError:
        return isinstance(part, ast.BinOp) and is_disguised(part)
    return True


def beyond(file: str, source: str) -> list[str]:
    """List the numbers of a file that are not on lines which it may have."""
    lines = source.splitlines()
    allowed = FORMATS.get(file, {})
    return [
        found
        for found in numbers(source)
        if lines[int(found.split()[1].rstrip(":")) - 1].strip() not in allowed
    ]


def unused(file: str, source: str) -> list[str]:
    """List the lines that a file may have and has not, or that hold no number."""
    return [
        line
        for line in FORMATS[file]
        if line not in map(str.strip, source.splitlines())
        or not list(numbers(f"def lines():\n    {line}"))
    ]


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
    found = beyond(file.relative_to(ROOT).as_posix(), file.read_text("utf-8"))

    assert found == []


@pytest.mark.parametrize("file", FORMATS)
def test_every_allowed_line_is_still_there_and_needs_to_be_allowed(file: str) -> None:
    """A line that is gone must not wait here for a number to come."""
    assert unused(file, (ROOT / file).read_text("utf-8")) == []


def test_an_allowed_line_allows_nothing_else() -> None:
    """Its twins: another value, another file, and a line that is not there."""
    line = "POINT_DECIMALS: Final = 4"

    assert beyond("qpp/parts.py", line) == []
    assert beyond("qpp/parts.py", "POINT_DECIMALS: Final = 5") == ["line 1: 5"]
    assert beyond("qpp/trace.py", line) == ["line 1: 4"]
    assert unused("qpp/parts.py", "POINT_DECIMALS: Final = 5") == [line]


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
        ("places = len('0000')", ["line 1: len('0000')"]),
        ("places = len((0, 0, 1))", ["line 1: len((0, 0, 1))"]),
        ("many = sum([1, 1])", ["line 1: sum([1, 1])"]),
        ("many = 100 * 100", ["line 1: 100 * 100"]),
        ("many = x + 100 * 100", ["line 1: 100 * 100"]),
        ("cap = 1 + 1 + 1", ["line 1: 1 + 1 + 1", "line 1: 1 + 1"]),
    ],
)
def test_a_number_in_the_law_is_caught(source: str, found: list[str]) -> None:
    """The check sees numbers as such, and numbers in text that is converted."""
    assert list(numbers(source)) == found


@pytest.mark.parametrize(
    "source",
    [
        "last = -1",
        "whole = 100",
        "yes = True",
        "digits = 'of 9'",
        "int(text)",
        "len(text)",
        "sum(points)",
        "100 * share",
        "count + 1",
        "len(rows) - 1",
    ],
)
def test_what_is_no_number_of_the_regulation_passes(source: str) -> None:
    """Zero, one, a hundred, truth values and plain text are everybody's."""
    assert list(numbers(source)) == []
