"""`qppflow up`: real Kafka and every service on this machine, with one command."""

from dataclasses import replace
from typing import Annotated

import typer

from qppflow.cli.exits import Exit
from qppflow.cli.operations import (
    DEFAULT_STATE,
    AsJson,
    StateFolder,
    remembered,
    teller,
)
from qppflow.cli.terminal import complain, out, print_json
from qppflow.local.errors import LocalError
from qppflow.local.stack import Stack
from qppflow.local.stack_note import Note, read_note
from qppflow.local.stack_plan import WORK
from qppflow.local.status import read_status

Processes = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=len(WORK),
        help="Over how many processes the services are spread; 2 at first, later what"
        " it was.",
        show_default=False,
    ),
]
Port = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=65_535,
        help="Where Kafka listens; else the last port, or a free one.",
        show_default=False,
    ),
]
Postgres = Annotated[
    bool | None,
    typer.Option(
        "--postgres/--sqlite",
        help="Keep the services' memories in PostgreSQL, or in files; files at first,"
        " later what it was.",
        show_default=False,
    ),
]


def up(
    *,
    processes: Processes = None,
    state: StateFolder = DEFAULT_STATE,
    port: Port = None,
    postgres: Postgres = None,
    as_json: AsJson = False,
) -> None:
    """Start Apache Kafka and all services here, and leave them running.

    Needs no Docker. The first start fetches Kafka's jars once. With
    QPPFLOW_BOOTSTRAP_SERVERS set, that cluster is used instead, and with
    QPPFLOW_STORE_URL that database. Keys are made in the state folder and stay there.
    A service that dies is started again. If all is up already, nothing happens.

    Examples:
      qppflow up

      qppflow up --processes 4 --port 9092 && qppflow status
    """
    known = remembered(state)
    config = replace(
        known,
        processes=processes or known.processes,
        port=port,
        postgres=known.postgres if postgres is None else postgres,
        detach=True,
    )
    told, note = read_status(state), read_note(state.absolute())
    already = told is not None and told.alive
    if already and note is not None and (other := note.differences(config)):
        named = ", ".join(name.replace("_", " ") for name in other)
        complain(f"Already up, but with another choice of {named}: qppflow down first.")
        raise typer.Exit(Exit.NOT_ACCEPTED)
    try:
        servers = Stack(config).start(teller())
    except LocalError as error:
        complain(str(error))
        raise typer.Exit(Exit.NEEDS_OPERATOR) from None
    if as_json:
        print_json({
            "ok": True,
            "alreadyUp": already,
            "bootstrapServers": servers,
            "store": Note.of(config, servers, ()).store,
            "processes": config.processes,
            "state": str(config.state.absolute()),
        })  # fmt: skip
        return
    console = out()
    console.print("Already up." if already else "Up.", style="green")
    console.print(f"  Kafka      {servers}", markup=False)
    console.print(f"  State      {config.state.absolute()}", markup=False)
    console.print("  Go on      qppflow status, qppflow down,")
    console.print("             qppflow submit FILE --source URI")
