"""The law opens no file: `qpp/library.py` is the one place that reads packaged data."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

LAW: Final = Path(__file__).parents[2] / "qpp"
DOOR: Final = "library.py"
MODULES: Final = frozenset({"importlib", "os", "pathlib", "shutil", "tempfile"})
FUNCTIONS: Final = frozenset({"open", "eval", "exec", "input", "print"})


def impurities(source: str) -> Iterator[str]:
    """Name what a module does that reaches outside: imports and calls."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            names = [node.func.id] if node.func.id in FUNCTIONS else []
            yield from names
            continue
        else:
            continue
        yield from (name for name in names if name.partition(".")[0] in MODULES)


def test_only_the_library_opens_files() -> None:
    """Every other module of the law is a function of what it is given."""
    found = {
        str(path.relative_to(LAW)): names
        for path in LAW.rglob("*.py")
        if path.name != DOOR and (names := list(impurities(path.read_text("utf-8"))))
    }

    assert found == {}


def test_the_check_sees_what_it_looks_for() -> None:
    """Its twin: a module that reads a file, prints and asks."""
    bad = "import os\nfrom pathlib import Path\nprint(open('x'), input())\nimport re\n"

    assert sorted(impurities(bad)) == ["input", "open", "os", "pathlib", "print"]
