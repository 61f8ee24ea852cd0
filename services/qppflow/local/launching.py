"""Starts programs: to their end, as children, or on their own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from qppflow.local.errors import StartError
from qppflow.local.files import open_log, tail
from qppflow.local.processes import ProcessId, identify
from qppflow.local.spawning import spawn

LAUNCH_SECONDS: Final = 30.0
# A server gets these variables and no others: none of our secrets, and none that
# would change the flags of a Java machine.
SERVER_VARIABLES: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")


@dataclass(frozen=True)
class Program:
    """What to start: the command, its folder, its log and who it runs as.

    ``owner`` is a user's and a group's number; only root can name another's.
    Without an environment it gets ours. Keep secrets out of one that is given here:
    like the command, it can be seen by other users for a moment.
    """

    argv: Sequence[str]
    folder: Path
    log: Path
    environment: Mapping[str, str] | None = None
    owner: tuple[int, int] | None = None


def helper_environment() -> dict[str, str]:
    """Give our environment for a helper of ours, which must find this very package."""
    root = str(Path(__file__).parents[2])
    others = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([root, others]) if others else root
    return {**os.environ, "PYTHONPATH": path}


def server_environment() -> dict[str, str]:
    """Give the few variables that a server needs."""
    return {name: os.environ[name] for name in SERVER_VARIABLES if name in os.environ}


def launch(
    program: Program, *, stdin: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """Start a child, its output added to its log."""
    with open_log(program.log) as log:
        return spawn(
            program.argv,
            streams=(stdin, log, log),
            environment=program.environment,
            folder=program.folder,
            owner=program.owner,
        )


def run(program: Program, seconds: float) -> int:
    """Run to the end and give the exit code; a program that takes longer is killed.

    Raises:
        StartError: It took more than *seconds*.
    """
    with launch(program) as process:
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            name = Path(program.argv[0]).name
            problem = f"took more than {seconds:.0f} s"
            raise StartError(name, problem, tail(program.log)) from None


def launch_alone(program: Program, plan: bytes = b"") -> ProcessId:
    """Start a process that outlives this one and that nobody here must wait for.

    A short-lived helper starts it and leaves, so the system adopts it. *plan* is what
    it reads on standard input; nothing of it is written to a file.

    Raises:
        StartError: The helper failed, or the process was gone at once.
    """
    order = {
        "argv": list(program.argv),
        "folder": str(program.folder),
        "log": str(program.log),
        "environment": program.environment,
        "owner": program.owner,
    }
    pipes = (subprocess.PIPE, subprocess.PIPE, subprocess.PIPE)
    argv = [sys.executable, "-m", "qppflow.local.detach", json.dumps(order)]
    with spawn(argv, streams=pipes, environment=helper_environment()) as helper:
        try:
            told, trouble = helper.communicate(plan, LAUNCH_SECONDS)
        except subprocess.TimeoutExpired:
            helper.kill()
            told, trouble = helper.communicate()
    text = told.decode().strip()
    process = identify(int(text)) if text.isdecimal() else None
    if process is None:
        reason = trouble.decode(errors="replace").strip() or tail(program.log)
        raise StartError(Path(program.argv[0]).name, "ended at once", reason)
    return process
