"""What is known of a server that runs on its own: who it is and where it listens."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qppflow.local.files import read_json, write_json
from qppflow.local.processes import ProcessId, is_alive


@dataclass(frozen=True)
class ServerRecord:
    """The note in the state folder by which a later process finds the server."""

    process: ProcessId
    members: dict[str, Any]

    @property
    def alive(self) -> bool:
        """Say whether exactly the recorded process still runs."""
        return is_alive(self.process)

    def write(self, path: Path) -> None:
        """Keep the note, whole."""
        pid, started = self.process
        write_json(path, {"pid": pid, "started": started, **self.members})


def read_record(path: Path) -> ServerRecord | None:
    """Read the note; None if there is none or it is no such note."""
    match read_json(path):
        case {"pid": int(pid), "started": str(started), **others}:
            members = {str(name): value for name, value in others.items()}
            return ServerRecord(ProcessId(pid, started), members)
        case _:
            return None
