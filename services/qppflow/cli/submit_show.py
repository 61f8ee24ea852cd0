"""What `qppflow submit` says: one answer a document, progress, and a sum at the end."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from qpp.findings import Finding
from qppflow.cli.masking import findings_of
from qppflow.cli.receipts import Receipt
from qppflow.cli.show_findings import show_fate
from qppflow.cli.submit_send import ALREADY_SENT, REFUSED, SENT, Told
from qppflow.cli.submit_wait import Fate
from qppflow.cli.terminal import print_json

LINE_EVERY: Final = 1000
OPEN: Final = "open"
ACCEPTED: Final = "accepted"
REJECTED: Final = "rejected"


class Steps(Protocol):
    """Where progress is told, one document at a time."""

    def step(self, number: int = 1) -> None:
        """Count documents that are done."""
        ...


class Lines:
    """Progress where nobody watches: a line for every thousand documents."""

    def __init__(self, console: Console, what: str, total: int | None) -> None:
        self._console = console
        self._what = what
        self._total = total
        self._done = 0

    def step(self, number: int = 1) -> None:
        """Count, and write a line for each full thousand."""
        before, self._done = self._done, self._done + number
        if before // LINE_EVERY != self._done // LINE_EVERY:
            of = "" if self._total is None else f" of {self._total}"
            self._console.print(f"{self._what} {self._done}{of}", markup=False)


class Bar:
    """Progress on a terminal."""

    def __init__(self, progress: Progress, what: str, total: int | None) -> None:
        self._progress = progress
        self._task = progress.add_task(what, total=total)

    def step(self, number: int = 1) -> None:
        """Move the bar."""
        self._progress.advance(self._task, number)


@contextmanager
def progress(console: Console, what: str, total: int | None) -> Iterator[Steps]:
    """Tell progress for the length of a block, as the console allows."""
    if not console.is_terminal:
        yield Lines(console, what, total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    shown = Progress(
        *columns,
        console=console,
        transient=True,
        # Else results that go to a file would end up on the terminal.
        redirect_stdout=sys.stdout.isatty(),
    )
    with shown:
        yield Bar(shown, what, total)


class Teller:
    """Tells each document's end once, for people or as JSON, and keeps count.

    Only refused, rejected and parked documents are told to people one by one.
    """

    def __init__(self, console: Console, *, as_json: bool, waits: bool) -> None:
        self._console = console
        self._as_json = as_json
        self._waits = waits
        self.states: Counter[str] = Counter()
        self.fates: Counter[str] = Counter()

    @property
    def good(self) -> bool:
        """Say whether nothing was refused, and all accepted that was waited for."""
        fates_good = set(self.fates) <= {ACCEPTED}
        return not self.states[REFUSED] and fates_good

    def told(self, told: Told) -> None:
        """Tell what became of a document on its way to the broker."""
        self.states[told.state] += 1
        if self._as_json and (not self._waits or told.receipt is None):
            receipt = {} if told.receipt is None else told.receipt._asdict()
            found = [finding.as_json() for finding in told.findings]
            line = {"document": told.document, "state": told.state, **receipt}
            print_json({**line, "findings": found})
        elif told.state == REFUSED:
            self._show(told.document, REJECTED, told.findings)

    def fate(self, fate: Fate) -> None:
        """Tell the fate of a submission."""
        self.fates[fate.fate] += 1
        if self._as_json:
            found: dict[str, object] = {
                "fate": fate.fate,
                "effect": fate.effect,
                "findings": list(fate.findings),
                "deadLetter": fate.dead_letter,
                "reason": fate.reason,
            }
            print_json({**fate.receipt._asdict(), **found})
        elif fate.fate != ACCEPTED or fate.findings:
            name = fate.receipt.document
            self._show(name, fate.fate, findings_of(fate.findings))
            if fate.dead_letter is not None:
                self._say(f"  {fate.reason}: qppflow dlq show {fate.dead_letter}")

    def open(self, receipt: Receipt) -> None:
        """Tell of a submission that has no answer yet."""
        self.fates[OPEN] += 1
        if self._as_json:
            print_json({**receipt._asdict(), "fate": OPEN})
        else:
            self._say(f"open      {receipt.document}")

    def sum_up(self, receipts: Path) -> None:
        """Tell people how many had which end, and where the receipts are."""
        if self._as_json:
            return
        named = ((SENT, "sent"), (ALREADY_SENT, "sent before"), (REFUSED, "refused"))
        parts = [f"{self.states[state]} {word}" for state, word in named]
        self._say(f"{', '.join(parts)}; receipts in {receipts}")
        if self._waits:
            order = (ACCEPTED, REJECTED, "parked", OPEN)
            self._say(", ".join(f"{self.fates[fate]} {fate}" for fate in order))

    def _show(self, name: str, fate: str, findings: tuple[Finding, ...]) -> None:
        show_fate(self._console, name, fate, findings)

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, soft_wrap=True)
