"""Tells how far a long command is: a bar on a terminal, else lines of JSON."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console

from qppflow.cli.operations import tell_line
from qppflow.cli.submit_show import Steps, progress

EVERY: Final = 10_000


class JsonLines:
    """Progress for programs, on standard error: a line for each full ten thousand."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._done = 0

    def step(self, number: int = 1) -> None:
        """Count, and write a line where one is due."""
        before, self._done = self._done, self._done + number
        if before // EVERY != self._done // EVERY:
            tell_line({"progress": self._what, "done": self._done})


@contextmanager
def telling(console: Console, what: str) -> Iterator[Steps]:
    """Tell progress for the length of a block, as the console allows."""
    if not console.is_terminal:
        yield JsonLines(what)
        return
    with progress(console, what, None) as steps:
        yield steps
