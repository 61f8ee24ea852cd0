"""The supervisor's state file: what ``status`` shows and ``down`` acts on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from qppflow.local.errors import NotRunningError
from qppflow.local.files import read_json
from qppflow.local.processes import ProcessId, end, is_alive

SUPERVISOR: Final = "the supervisor"
STATE_FILE: Final = "supervisor.json"
STOP_SECONDS: Final = 60.0


@dataclass(frozen=True)
class ChildStatus:
    """One child as the state file tells it, checked against the living processes.

    ``since`` is when its last process was started, in seconds since 1970;
    ``last_exit`` is negative for a signal.
    """

    name: str
    state: str
    alive: bool
    pid: int | None
    since: float
    restarts: int
    last_exit: int | None
    log: Path
    process: ProcessId | None


@dataclass(frozen=True)
class SupervisorStatus:
    """The supervisor's process and its children, in starting order."""

    process: ProcessId
    alive: bool
    children: tuple[ChildStatus, ...]


def read_status(state: Path) -> SupervisorStatus | None:
    """Read the state folder's file; None if there is no supervisor's file in it."""
    match read_json(state / STATE_FILE):
        case {"pid": int(pid), "started": str(started), "children": list(children)}:
            process = ProcessId(pid, started)
            told = tuple(_child(child) for child in children)
            return SupervisorStatus(process, is_alive(process), told)
        case _:
            return None


def _child(told: dict[str, Any]) -> ChildStatus:
    """Check what the file tells of one child."""
    process = ProcessId(told["pid"], told["started"]) if told["pid"] else None
    return ChildStatus(
        name=told["name"],
        state=told["state"],
        alive=process is not None and is_alive(process),
        pid=told["pid"],
        since=told["since"],
        restarts=told["restarts"],
        last_exit=told["last_exit"],
        log=Path(told["log"]),
        process=process,
    )


def stop_supervisor(state: Path, seconds: float = STOP_SECONDS) -> bool:
    """Stop the detached supervisor of *state* and with it all its children.

    Returns False if it had to be killed; its children then end a little later.

    Raises:
        NotRunningError: None runs.
    """
    status = read_status(state)
    if status is None or not status.alive:
        raise NotRunningError(SUPERVISOR, state)
    return end(status.process, seconds)
