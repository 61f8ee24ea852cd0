"""How far a long operation is: a bar on a terminal, JSON lines elsewhere."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from qppflow.cli.operations import tell_line
from qppflow.cli.terminal import err

LINE_SECONDS: Final = 2.0


class Meter:
    """Shows records done of records in all; use it as a context manager."""

    def __init__(
        self, title: str, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        console = err()
        self._title = title
        self._monotonic = monotonic
        self._last = monotonic() - LINE_SECONDS
        self._bar: Progress | None = None
        if console.is_terminal:
            columns = (TextColumn(title), BarColumn(), MofNCompleteColumn())
            self._bar = Progress(*columns, console=console, transient=True)
            self._task = self._bar.add_task(title, total=None)

    def __enter__(self) -> Self:
        """Take the terminal, if there is one."""
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the terminal back."""
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        """Show that *done* of *total* records are done."""
        if self._bar is not None:
            self._bar.update(self._task, completed=done, total=total)
            return
        now = self._monotonic()
        if now - self._last >= LINE_SECONDS or done == total:
            self._last = now
            tell_line({"progress": self._title, "done": done, "total": total})
