"""Which service stopped a process that needs an operator, and what it asks for."""

import json
from pathlib import Path
from typing import Final, NamedTuple

from qppflow.local.files import tail

# The services that end with it say so, too, and so do their clients.
LINES: Final = 500


class Stop(NamedTuple):
    """A service's last words: why it cannot go on, and what helps."""

    service: str
    reason: str
    remedy: str


def last_stop(log: Path) -> Stop | None:
    """Find in the end of a process's log which of its services stopped last."""
    for line in reversed(tail(log, LINES).splitlines()):
        try:
            told = json.loads(line)
        except ValueError:
            # The log takes what anything in the process writes.
            continue
        match told:
            case {
                "event": "stopped",
                "service": str(service),
                "reason": str(reason),
                "remedy": str(remedy),
            }:
                return Stop(service, reason, remedy)
    return None
