"""What became of all documents of a run, for its last line and its exit code."""

from collections import Counter
from typing import Final

import typer
from rich.console import Console

from qppflow.cli.documents import UnreadableError
from qppflow.cli.exits import Exit
from qppflow.cli.terminal import complain
from qppflow.runtime.judging import ACCEPTED, PARKED, REJECTED

FATES: Final = (ACCEPTED, REJECTED, PARKED)


class Tally:
    """Counts fates, and paths that could not be read."""

    def __init__(self) -> None:
        self._fates: Counter[str] = Counter()
        self._unreadable = 0

    def add(self, fate: str) -> None:
        """Count a document."""
        self._fates[fate] += 1

    def unreadable(self, error: UnreadableError) -> None:
        """Tell of a path that cannot be read, and go on."""
        self._unreadable += 1
        complain(str(error))

    def sum_up(self, console: Console) -> None:
        """Print how many documents had which fate, where there were several."""
        number = self._fates.total()
        if number > 1:
            parts = [f"{self._fates[fate]} {fate}" for fate in FATES]
            unread = f"; {self._unreadable} unreadable" if self._unreadable else ""
            console.print(f"{number} documents: {', '.join(parts)}{unread}")

    def end(self) -> None:
        """End the command by what became of the documents.

        Raises:
            Exit: something was not accepted, or could not be read.
        """
        if self._unreadable:
            raise typer.Exit(Exit.USAGE)
        if set(self._fates) - {ACCEPTED}:
            raise typer.Exit(Exit.NOT_ACCEPTED)
