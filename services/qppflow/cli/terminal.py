"""Where the command writes: results to standard output, the rest to standard error."""

import os
import sys
from collections.abc import Mapping
from typing import Any, NoReturn

import orjson
import typer
from rich.console import Console

from qppflow.cli.exits import Exit
from qppflow.cli.names import visible


class _Console(Console):
    """A console to which a closed pipe (``| head``) is no error."""

    def on_broken_pipe(self) -> NoReturn:
        """End the command: nobody reads on."""
        _end_quietly()


def out() -> Console:
    """Give the console for results, as wide as the terminal or 80 columns."""
    return _console(stderr=False)


def err() -> Console:
    """Give the console for progress and errors."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else 80
    # Without emoji: a place such as "feeds.ndjson:100:" would lose its line number.
    return _Console(
        stderr=stderr, highlight=False, width=width, soft_wrap=False, emoji=False
    )


def print_json(value: Mapping[str, Any]) -> None:
    """Write one JSON object on a line of its own."""
    try:
        sys.stdout.write(orjson.dumps(value).decode() + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        _end_quietly()


def _end_quietly() -> NoReturn:
    """End well; what is still buffered goes nowhere instead of failing again."""
    drop_output()
    raise typer.Exit(Exit.OK)


def drop_output() -> None:
    """Let what is still buffered go nowhere; it would fail once more at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(message: str) -> None:
    """Say what went wrong, on standard error; a name in it is never broken."""
    text = visible(message, keep="\n")
    err().print(text, style="red", markup=False, soft_wrap=True)
