"""The supervisor of a stack in the foreground, with a thread that keeps it at work."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from qppflow.local.backoff import Backoff
from qppflow.local.children import ChildPlan
from qppflow.local.supervisor import TICK_SECONDS, Supervisor

TICK_END_SECONDS: Final = 30.0


class Foreground:
    """Runs children while this process does other things."""

    def __init__(
        self, plans: Sequence[ChildPlan], state: Path, backoff: Backoff | None = None
    ) -> None:
        self._supervisor = Supervisor(plans, state, backoff)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Start every child, and see to those that die from now on.

        Raises:
            AlreadyRunningError: services of this state folder run.
        """
        self._supervisor.start()
        self._thread.start()

    def stop(self) -> bool:
        """Stop all; False if any had to be killed."""
        self._ending.set()
        # A tick that hangs in the system must not keep the others from being stopped.
        self._thread.join(TICK_END_SECONDS)
        return self._supervisor.stop()

    def _work(self) -> None:
        while not self._ending.wait(TICK_SECONDS):
            self._supervisor.tick()
