"""A supervisor of its own, for services that go on when the command has ended.

:func:`start_detached` runs ``python -m qppflow.local.supervise STATE`` and gives it
the plans on standard input, so that no variable of theirs lies in a file.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from qppflow.local.backoff import Backoff
from qppflow.local.children import ChildPlan
from qppflow.local.errors import AlreadyRunningError, StartError
from qppflow.local.files import make_folder, shorten, tail
from qppflow.local.launching import Program, launch_alone
from qppflow.local.paths import open_state
from qppflow.local.processes import ProcessId, wait_until
from qppflow.local.status import SUPERVISOR, SupervisorStatus, read_status
from qppflow.local.supervisor import Supervisor

START_SECONDS: Final = 30.0


def start_detached(
    plans: Sequence[ChildPlan], state: Path, backoff: Backoff | None = None
) -> SupervisorStatus:
    """Start a supervisor that outlives this process; wait until it started all.

    Its log is ``logs/supervisor.log`` in the state folder.

    Raises:
        AlreadyRunningError: Services of this state folder run.
        StartError: It did not start; with its log's end.
    """
    root = open_state(state)
    before = read_status(root)
    if before is not None and before.alive:
        raise AlreadyRunningError(SUPERVISOR, state)
    log = make_folder(root / "logs") / "supervisor.log"
    shorten(log)
    argv = [sys.executable, "-m", "qppflow.local.supervise", str(root)]
    program = Program(argv, Path.cwd(), log)
    process = launch_alone(program, plan_text(plans, backoff or Backoff()))
    told: list[SupervisorStatus] = []

    def started() -> bool:
        told[:] = [status] if (status := _status_of(root, process)) else []
        return bool(told)

    if not wait_until(started, START_SECONDS):
        raise StartError(SUPERVISOR, "did not start", tail(log))
    return told[0]


def _status_of(state: Path, process: ProcessId) -> SupervisorStatus | None:
    """Give the state file's content once it is that supervisor's own."""
    status = read_status(state)
    return status if status is not None and status.process == process else None


def plan_text(plans: Sequence[ChildPlan], backoff: Backoff) -> bytes:
    """Write the plans as the detached supervisor reads them."""
    children = [{**asdict(plan), "log": str(plan.log)} for plan in plans]
    return json.dumps({"children": children, "backoff": asdict(backoff)}).encode()


def read_plan(text: bytes) -> tuple[list[ChildPlan], Backoff]:
    """Read what :func:`plan_text` wrote."""
    members = json.loads(text)
    plans = [
        ChildPlan(**{**child, "argv": tuple(child["argv"]), "log": Path(child["log"])})
        for child in members["children"]
    ]
    return plans, Backoff(**members["backoff"])


def main(arguments: Sequence[str]) -> int:
    """Run the plans of standard input until a signal; 1 if a child had to be killed."""
    plans, backoff = read_plan(sys.stdin.buffer.read())
    return 0 if Supervisor(plans, Path(arguments[0]), backoff).run() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
