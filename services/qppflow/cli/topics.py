"""`qppflow topics`: create what the contracts promise, and check what is there."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Final

import typer
from rich.table import Table

from qppflow.cli.connection import find_stream, reaching
from qppflow.cli.exits import EPILOG, Exit
from qppflow.cli.operations import DEFAULT_STATE, AsJson, StateFolder
from qppflow.cli.terminal import complain, out, print_json
from qppflow.runtime import topics
from qppflow.runtime.faults import BrokerError
from qppflow.runtime.topics import TopicReport, TopicState

app: Final = typer.Typer(
    help="Create the topics of the stream, and check that they are as agreed.",
    no_args_is_help=True,
)

STYLES: Final = {
    TopicState.CREATED: "green",
    TopicState.AGREED: "green",
    TopicState.DIFFERENT: "red",
    TopicState.MISSING: "red",
    TopicState.REFUSED: "red",
}


@app.command(epilog=EPILOG)
def create(state: StateFolder = DEFAULT_STATE, *, as_json: AsJson = False) -> None:
    """Create every topic that is missing, with the partitions and settings agreed.

    Goes to QPPFLOW_BOOTSTRAP_SERVERS, or else to the broker of the state folder;
    QPPFLOW_TOPIC_PREFIX goes before each name. A topic that is there is never
    altered: if it differs, that is said, and the exit code is 1.

    Example: QPPFLOW_BOOTSTRAP_SERVERS=kafka:9092 qppflow topics create
    """
    _run(topics.ensure, state, as_json=as_json)


@app.command(epilog=EPILOG)
def check(state: StateFolder = DEFAULT_STATE, *, as_json: AsJson = False) -> None:
    """Compare every topic with the contracts; changes nothing.

    Exit code 0 means that all are there, with the partitions and settings agreed.

    Examples:
      qppflow topics check

      qppflow topics check --json | jq '.topics[] | select(.state != "agreed")'
    """
    _run(topics.inspect, state, as_json=as_json)


def _run(
    work: Callable[[str, str], Coroutine[None, None, list[TopicReport]]],
    state: Path,
    *,
    as_json: bool,
) -> None:
    """Do the work on the stream's brokers, and tell what came of it."""
    with reaching():
        stream = find_stream(state=state)
        servers = stream.bootstrap_servers
        try:
            reports = asyncio.run(work(servers, stream.prefix))
        except BrokerError as error:
            complain(f"Kafka on {servers} did not answer ({error}).")
            raise typer.Exit(Exit.UNREACHABLE) from None
    _tell(servers, reports, as_json=as_json)


def _tell(servers: str, reports: Sequence[TopicReport], *, as_json: bool) -> None:
    """Print the reports, and end with code 1 unless all are good."""
    good = all(one.good for one in reports)
    if as_json:
        written = [_json(one) for one in reports]
        print_json({"ok": good, "bootstrapServers": servers, "topics": written})
    else:
        _show(reports)
    if not good:
        raise typer.Exit(Exit.NOT_ACCEPTED)


def _json(report: TopicReport) -> dict[str, Any]:
    return {
        "name": report.name,
        "state": report.state.value,
        "reason": report.reason,
        "differences": [one._asdict() for one in report.differences],
    }


def _show(reports: Sequence[TopicReport]) -> None:
    table = Table(box=None, padding=(0, 1))
    table.add_column("Topic", no_wrap=True)
    table.add_column("State", no_wrap=True)
    table.add_column("What", overflow="fold")
    for one in reports:
        told = [f"{d.setting} is {d.found}, agreed {d.agreed}" for d in one.differences]
        style = STYLES[one.state]
        what = "; ".join([*told, one.reason] if one.reason else told)
        table.add_row(one.name, f"[{style}]{one.state}[/]", what)
    out().print(table)
