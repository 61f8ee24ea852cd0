"""One child process of the supervisor: kept running, and its history kept in view."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from qppflow.local.backoff import Backoff
from qppflow.local.files import make_folder, shorten
from qppflow.local.launching import Program, launch
from qppflow.local.processes import KILL_SECONDS, ProcessId, identify


@dataclass(frozen=True)
class ChildPlan:
    """What to keep running: a name, a command, variables added to ours, and a log."""

    name: str
    argv: tuple[str, ...]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_seconds: float = 10.0


class ChildState(StrEnum):
    """Where a child stands."""

    RUNNING = "running"
    WAITING = "waiting"
    STOPPED = "stopped"


class Child:
    """One process after another for one plan. Times are seconds of the clocks given."""

    def __init__(
        self,
        plan: ChildPlan,
        backoff: Backoff,
        monotonic: Callable[[], float],
        wall: Callable[[], float],
    ) -> None:
        self.plan = plan
        self.state = ChildState.STOPPED
        self.restarts = 0
        self.last_exit: int | None = None
        self.process: ProcessId | None = None
        self._backoff = backoff
        self._monotonic = monotonic
        self._wall = wall
        self._popen: subprocess.Popen[bytes] | None = None
        self._deaths = 0
        self._started = 0.0
        self._since = 0.0
        self._due = 0.0

    def start(self) -> None:
        """Start a process; one that cannot be started counts as a death."""
        make_folder(self.plan.log.parent)
        shorten(self.plan.log)
        environment = {**os.environ, **self.plan.environment}
        program = Program(self.plan.argv, Path.cwd(), self.plan.log, environment)
        self._started = self._monotonic()
        self._since = self._wall()
        try:
            self._popen = launch(program)
        except OSError as error:
            self._died(-(error.errno or 1))
            return
        self.process = identify(self._popen.pid)
        self.state = ChildState.RUNNING

    def tick(self) -> bool:
        """Notice a death, or start again when it is time; say whether that happened."""
        if self.state is ChildState.RUNNING and self._popen is not None:
            code = self._popen.poll()
            if code is None:
                return False
            self._died(code)
            return True
        if self.state is ChildState.WAITING and self._monotonic() >= self._due:
            self.restarts += 1
            self.start()
            return True
        return False

    def stop(self, seconds: float) -> bool:
        """Ask the process to end, and kill it after *seconds*; then start no other.

        Returns False if it had to be killed.
        """
        popen, self._popen = self._popen, None
        self.state = ChildState.STOPPED
        if popen is None:
            return True
        in_order = True
        popen.send_signal(signal.SIGTERM)
        try:
            popen.wait(seconds)
        except subprocess.TimeoutExpired:
            in_order = False
            # It leads a group of its own: what it started goes with it.
            with suppress(ProcessLookupError):
                os.killpg(popen.pid, signal.SIGKILL)
            # One that waits for a dead disk ends later, and nobody waits for that.
            with suppress(subprocess.TimeoutExpired):
                popen.wait(KILL_SECONDS)
        self.last_exit = popen.returncode
        self.process = None
        return in_order

    def report(self) -> dict[str, object]:
        """Give what the state file says of this child."""
        process = self.process or ProcessId(0, "")
        return {
            "name": self.plan.name,
            "state": self.state.value,
            "pid": process.pid or None,
            "started": process.started or None,
            "since": round(self._since, 3),
            "restarts": self.restarts,
            "last_exit": self.last_exit,
            "log": str(self.plan.log),
        }

    def _died(self, code: int) -> None:
        """Note the death and when the next process is due."""
        now = self._monotonic()
        steady = now - self._started >= self._backoff.steady
        self._deaths = 1 if steady else self._deaths + 1
        self._due = now + self._backoff.wait(self._deaths)
        self._popen = None
        self.process = None
        self.last_exit = code
        self.state = ChildState.WAITING
