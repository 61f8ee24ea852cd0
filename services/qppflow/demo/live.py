"""The stream while it runs: a table on a terminal, JSON lines elsewhere."""

import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

import orjson
from rich.console import Console
from rich.live import Live
from rich.table import Table

from qppflow.demo.stages import Stage

# Elsewhere than on a terminal a line is enough every few seconds.
LINE_SECONDS: Final = 2.0


class View:
    """Shows how far each stage is; use it as a context manager."""

    def __init__(self, console: Console) -> None:
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._terminal = console.is_terminal
        self._last_line = -LINE_SECONDS

    def __enter__(self) -> Self:
        """Take the terminal, if there is one."""
        if self._terminal:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the terminal back."""
        if self._terminal:
            self._live.stop()

    def show(self, stages: Sequence[Stage], seconds: float) -> None:
        """Show the stages *seconds* after the first message was sent."""
        if self._terminal:
            self._live.update(table(stages, seconds), refresh=True)
        elif seconds - self._last_line >= LINE_SECONDS:
            self._last_line = seconds
            sys.stderr.write(line(stages, seconds) + "\n")
            sys.stderr.flush()


def table(stages: Sequence[Stage], seconds: float) -> Table:
    """Lay out the stages for people."""
    found = Table(title=f"{seconds:.0f} s", box=None, padding=(0, 2))
    found.add_column("Stage")
    found.add_column("Records", justify="right")
    found.add_column("Waiting", justify="right")
    for stage in stages:
        waiting = str(stage.waiting) if stage.waiting else ""
        found.add_row(stage.title, f"{stage.records:,}", waiting)
    return found


def line(stages: Sequence[Stage], seconds: float) -> str:
    """Write the stages as one JSON line."""
    written = {
        "progress": {stage.topic: stage.records for stage in stages},
        "waiting": sum(stage.waiting for stage in stages),
        "seconds": round(seconds, 1),
    }
    return orjson.dumps(written).decode()
