"""Ends its wards when the process that started it is gone, however it went.

Run as ``python -m qppflow.local.guard``. Standard input is the leash: one JSON line
adds or drops a ward, and the end of input, which even SIGKILL of the owner causes,
is the order to end those that are left. Works wherever pipes do.
"""

import json
import signal
import sys
from collections.abc import Iterable
from typing import Final

from qppflow.local.processes import ProcessId, end, is_alive, send, wait_until

GRACE_SECONDS: Final = 8.0


def wards_of(lines: Iterable[str]) -> dict[ProcessId, int]:
    """Follow the orders to the end of input; give who is left and the signal for it."""
    wards: dict[ProcessId, int] = {}
    for line in lines:
        order = json.loads(line)
        process = ProcessId(order["pid"], order["started"])
        if order["signal"] is None:
            wards.pop(process, None)
        else:
            wards[process] = order["signal"]
    return wards


def end_all(wards: dict[ProcessId, int], seconds: float = GRACE_SECONDS) -> None:
    """Ask all at once to end, and kill who still runs after *seconds*."""
    for process, number in wards.items():
        send(process, number)
    wait_until(lambda: not any(map(is_alive, wards)), seconds)
    for process in wards:
        end(process, 0, signal.SIGKILL)


def main() -> None:
    """Hold on through the terminal's signals, and act when the owner is gone."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    end_all(wards_of(sys.stdin))


if __name__ == "__main__":
    main()
