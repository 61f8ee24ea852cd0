"""Where the command writes: results to standard output, the rest to standard error."""

import sys
from collections.abc import Mapping
from typing import Any

import orjson
from rich.console import Console


def out() -> Console:
    """Give the console for results, as wide as the terminal or 80 columns."""
    return _console(stderr=False)


def err() -> Console:
    """Give the console for progress and errors."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else 80
    return Console(stderr=stderr, highlight=False, width=width, soft_wrap=False)


def print_json(value: Mapping[str, Any]) -> None:
    """Write one JSON object on a line of its own."""
    sys.stdout.write(orjson.dumps(value).decode() + "\n")


def complain(message: str) -> None:
    """Say what went wrong, on standard error."""
    err().print(message, style="red", markup=False)
