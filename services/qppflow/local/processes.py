"""Processes told apart by more than their number, which the system uses again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from qppflow.local.spawning import spawn

POLL_SECONDS: Final = 0.02
KILL_SECONDS: Final = 10.0
# Fields of /proc/<pid>/stat, counted from behind the command's closing bracket.
STATE_FIELD: Final = 0
THREADS_FIELD: Final = 17
START_FIELD: Final = 19
DEAD_STATES: Final = ("Z", "X")
BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


class ProcessId(NamedTuple):
    """A process number and when it started, as the system writes it.

    Both together name one process for ever: a number is used again, the pair is not.
    """

    pid: int
    started: str


def identify(pid: int) -> ProcessId | None:
    """Give the living process of that number; None if it ended or never was."""
    started = _started_linux(pid) if sys.platform == "linux" else started_by_ps(pid)
    return ProcessId(pid, started) if started else None


def _started_linux(pid: int) -> str | None:
    """Read boot and start tick, which no change of the clock moves."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        boot = BOOT_ID.read_text(encoding="utf-8").strip()
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    # A program of many threads looks dead while the last ones still hold its files
    # and ports: it is gone when one thread is left.
    if fields[STATE_FIELD] in DEAD_STATES and int(fields[THREADS_FIELD]) <= 1:
        return None
    return f"{boot}/{fields[START_FIELD]}"


def started_by_ps(pid: int) -> str | None:
    """Ask ``ps`` for the start, to the second; for systems without ``/proc``."""
    streams = (subprocess.DEVNULL, subprocess.PIPE, subprocess.DEVNULL)
    argv = ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)]
    with spawn(argv, streams=streams, environment={"LC_ALL": "C"}) as asked:
        answer, _ = asked.communicate()
    state, _, started = answer.decode().strip().partition(" ")
    if not state or state[0] in DEAD_STATES:
        return None
    return "-".join(started.split())


def is_alive(process: ProcessId) -> bool:
    """Say whether exactly this process still runs."""
    return identify(process.pid) == process


def send(process: ProcessId, number: int) -> None:
    """Send a signal to exactly this process; a process that is gone gets none."""
    if is_alive(process):
        with suppress(ProcessLookupError):
            os.kill(process.pid, number)


def wait_until(
    condition: Callable[[], bool], seconds: float, poll: float = POLL_SECONDS
) -> bool:
    """Wait at most *seconds* for *condition*; say whether it came."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(poll)
    return True


def end(process: ProcessId, seconds: float, number: int = signal.SIGTERM) -> bool:
    """End a process: ask, wait at most *seconds*, then kill.

    Returns False if it had to be killed.
    """
    send(process, number)
    if wait_until(lambda: not is_alive(process), seconds):
        return True
    send(process, signal.SIGKILL)
    wait_until(lambda: not is_alive(process), KILL_SECONDS)
    return False
