"""Keeps named processes running: starts, restarts, reports, and stops them in order."""

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

from qppflow.local.backoff import Backoff
from qppflow.local.block import Block
from qppflow.local.children import Child, ChildPlan
from qppflow.local.errors import AlreadyRunningError
from qppflow.local.files import locked, write_json
from qppflow.local.guarding import Guard
from qppflow.local.paths import open_state
from qppflow.local.processes import end, identify
from qppflow.local.status import STATE_FILE, SUPERVISOR, read_status

if TYPE_CHECKING:
    from qppflow.local.processes import ProcessId

TICK_SECONDS: Final = 0.1
LOCK_FILE: Final = "supervisor.lock"
ENDING_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True)
class Clocks:
    """The times a supervisor lives by, for tests to replace."""

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time


class Supervisor(Block):
    """The children of one state folder.

    In the foreground: :meth:`start`, then :meth:`tick` now and then, then :meth:`stop`;
    or :meth:`run`, which does all three until a signal comes. If this process dies, a
    guard ends the children.
    """

    def __init__(
        self,
        plans: Sequence[ChildPlan],
        state: Path,
        backoff: Backoff | None = None,
        clocks: Clocks | None = None,
        total_stop_seconds: float = 45.0,
    ) -> None:
        times = clocks or Clocks()
        self._clocks = times
        self._state = state.absolute()
        self._total_stop_seconds = total_stop_seconds
        self._guard = Guard()
        self._guarded: dict[str, ProcessId] = {}
        self._held = ExitStack()
        self._holding = False
        self._ending = threading.Event()
        self._hurry = threading.Event()
        self.children = [
            Child(plan, backoff or Backoff(), times.monotonic, times.wall)
            for plan in plans
        ]

    def start(self) -> None:
        """Start every child in the given order.

        Raises:
            AlreadyRunningError: Another supervisor holds the state folder.
        """
        open_state(self._state)
        try:
            self._held.enter_context(locked(self._state / LOCK_FILE))
        except BlockingIOError:
            raise AlreadyRunningError(SUPERVISOR, self._state) from None
        self._holding = True
        self._end_leftovers()
        for child in self.children:
            child.start()
            self._note(child)
        self._write()

    def tick(self) -> None:
        """Notice who died, start again who is due, and write down what changed."""
        changed = [child for child in self.children if child.tick()]
        for child in changed:
            self._note(child)
        if changed:
            self._write()

    def stop(self) -> bool:
        """Stop all, the last one first, within ``total_stop_seconds``.

        Returns False if any had to be killed. What was not started is stopped.
        """
        if not self._holding:
            return True
        deadline = self._clocks.monotonic() + self._total_stop_seconds
        in_order = True
        for child in reversed(self.children):
            left = max(0.0, deadline - self._clocks.monotonic())
            seconds = 0.0 if self._hurry.is_set() else left
            in_order &= child.stop(min(child.plan.stop_seconds, seconds))
            self._note(child)
            self._write()
        self._guard.close()
        self._holding = False
        self._held.close()
        return in_order

    def run(self, tick_seconds: float = TICK_SECONDS) -> bool:
        """Start, keep running until SIGTERM or SIGINT, and stop.

        A second signal while stopping means at once. Returns False if any child had
        to be killed. Only the main thread can call it.
        """
        before = {
            number: signal.signal(number, self._on_signal) for number in ENDING_SIGNALS
        }
        try:
            self.start()
            while not self._ending.wait(tick_seconds):
                self.tick()
        finally:
            in_order = self.stop()
            for number, handler in before.items():
                signal.signal(number, handler)
        return in_order

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        """End; asked again, hurry."""
        if self._ending.is_set():
            self._hurry.set()
        self._ending.set()

    def _end_leftovers(self) -> None:
        """End children of a killed supervisor that its guard has not ended yet."""
        told = read_status(self._state)
        for child in told.children if told else ():
            if child.process is not None and child.alive:
                end(child.process, 1.0)

    def _note(self, child: Child) -> None:
        """Tell the guard which process of the child is the living one."""
        name = child.plan.name
        old = self._guarded.pop(name, None)
        if old is not None and old != child.process:
            self._guard.drop(old)
        if child.process is not None:
            self._guarded[name] = child.process
            if child.process != old:
                self._guard.add(child.process, signal.SIGTERM)

    def _write(self) -> None:
        """Write the state file."""
        own = identify(os.getpid())
        members = {
            "pid": os.getpid(),
            "started": own.started if own else "",
            "children": [child.report() for child in self.children],
        }
        write_json(self._state / STATE_FILE, members)
