"""The state of this machine's stream, for people and for programs."""

from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from qppflow.local.stack_status import (
    RUNNING,
    ServerStatus,
    ServiceStatus,
    StackStatus,
)

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


def status_json(status: StackStatus) -> dict[str, Any]:
    """Give everything that is known; ages in seconds, lags in records."""
    return {
        "ok": status.well,
        "running": status.running,
        "supervisor": {"pid": status.supervisor},
        "broker": _server(status.broker),
        "database": _server(status.database),
        "deadLetters": status.dead_letters,
        "services": [_service(one) for one in status.services],
    }


def _server(server: ServerStatus) -> dict[str, Any]:
    return {"at": server.at, "pid": server.pid, "alive": server.alive}


def _service(one: ServiceStatus) -> dict[str, Any]:
    return {
        "name": one.name,
        "process": one.process,
        "pid": one.pid,
        "restarts": one.restarts,
        "state": one.state,
        "reason": one.reason,
        "lag": one.lag,
        "handled": one.handled,
        "parked": one.parked,
        "aliveAge": _rounded(one.alive_age),
        "progressAge": _rounded(one.progress_age),
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


def show_status(console: Console, status: StackStatus) -> None:
    """Print the table of services, and the servers they need."""
    if not status.running and not status.services:
        console.print("Nothing runs. Start with qppflow up.")
        return
    table = Table(box=None, padding=(0, 1, 0, 0))
    table.add_column("Service", no_wrap=True)
    table.add_column("State", no_wrap=True)
    for name in ("Pid", "Deaths", "Lag", "Handled", "Parked", "Last"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in status.services:
        style = "green" if one.state == RUNNING else "red"
        table.add_row(
            one.name,
            f"[{style}]{escape(one.state)}[/]",
            str(one.pid or "-"),
            str(one.restarts),
            "?" if one.lag is None else f"{one.lag}",
            f"{one.handled}",
            f"{one.parked}",
            age(one.progress_age),
        )
    console.print(table)
    for one in status.services:
        if one.reason:
            console.print(f"{one.name}: {one.reason}", style="yellow", markup=False)
    letters = "?" if status.dead_letters is None else status.dead_letters
    console.print(f"Kafka         {_told(status.broker)}")
    console.print(f"Memories      {_told(status.database)}")
    console.print(f"Supervisor    {_pid(status.supervisor)}")
    console.print(f"Dead letters  {letters}")


def _told(server: ServerStatus) -> str:
    answers = "[green]answers[/]" if server.alive else "[red]does not answer[/]"
    own = f", pid {server.pid}" if server.pid is not None else ""
    return f"{escape(server.at)} {answers}{own}"


def _pid(pid: int | None) -> str:
    return f"[green]runs[/], pid {pid}" if pid is not None else "[red]does not run[/]"


def age(seconds: float | None) -> str:
    """Write an age short: ``8s``, ``5m``, ``3h``, ``2d``; a dash if there is none."""
    if seconds is None:
        return "-"
    for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "m")):
        if seconds >= size:
            return f"{seconds // size:.0f}{unit}"
    return f"{max(0.0, seconds):.0f}s"
