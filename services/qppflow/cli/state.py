"""`qppflow state`: the memories of services, made anew from the log."""

import asyncio
import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from pydantic import ValidationError

from qppflow.cli.exits import EPILOG, Exit
from qppflow.cli.operations import (
    DEFAULT_STATE,
    AsJson,
    StateFolder,
    remembered,
    teller,
)
from qppflow.cli.operations_meter import Meter
from qppflow.cli.terminal import complain, out, print_json
from qppflow.local.errors import LocalError
from qppflow.local.stack import Stack
from qppflow.local.stack_note import read_note
from qppflow.local.stack_plan import PREFIX, service_variables, services_of
from qppflow.local.status import read_status
from qppflow.runtime.faults import RuleBookMissingError, StopServiceError, WorldError
from qppflow.runtime.headers import timestamp

if TYPE_CHECKING:
    from qppflow.cli.operations_rebuild import Rebuilt

app: Final = typer.Typer(
    help="The memories of the services that have one.", no_args_is_help=True
)

MEMORIES: Final = ("entities", "final_scores", "payments")
KEY_VARIABLE: Final = "QPPFLOW_TOKEN_KEY"

Partial = Annotated[
    bool,
    typer.Option(
        "--partial",
        help="Go ahead though the topic's beginning is deleted: forget what was there.",
    ),
]
Name = Annotated[
    str, typer.Argument(metavar="SERVICE", help=f"One of {', '.join(MEMORIES)}.")
]


@app.callback()
def options() -> None:
    """Make `state` a group, whose commands have names of their own."""


@app.command("rebuild", epilog=EPILOG)
def rebuild(
    service: Name,
    state: StateFolder = DEFAULT_STATE,
    *,
    partial: Partial = False,
    as_json: AsJson = False,
) -> None:
    """Forget what a service remembers, and make it anew from its topic.

    For a store that was lost, or that does not belong to this cluster. Reads up to
    what the service has committed, and sends nothing. The service must not run: here
    that means qppflow down first, and the broker is started for as long as needed.
    With QPPFLOW_TOKEN_KEY set, all settings come from the environment, as in a
    container.

    Where retention has deleted the topic's beginning, nothing happens, for a memory
    made from the rest would lack what stood there. With --partial it is made all the
    same, and the report says from when it remembers.

    Example: qppflow down && qppflow state rebuild entities && qppflow up
    """
    if service not in MEMORIES:
        named = ", ".join(MEMORIES)
        complain(f"No service {service!r} has a memory. There are {named}.")
        raise typer.Exit(Exit.USAGE)
    try:
        rebuilt = _rebuild(service, state, partial=partial)
    except ValidationError as error:
        missing = (f"{PREFIX}{e['loc'][0]}".upper() for e in error.errors())
        complain(f"Missing or wrong: {', '.join(missing)}")
        raise typer.Exit(Exit.USAGE) from None
    except (LocalError, StopServiceError) as error:
        complain(f"Nothing was changed: {error}.")
        raise typer.Exit(Exit.NEEDS_OPERATOR) from None
    except RuleBookMissingError as error:
        complain(f"{error} ({error.rule_book}): use a build that has it.")
        raise typer.Exit(Exit.NEEDS_OPERATOR) from None
    except WorldError as error:
        complain(f"Broker or database did not answer ({error}). Run this again.")
        raise typer.Exit(Exit.UNREACHABLE) from None
    _tell(rebuilt, as_json=as_json)


def _rebuild(service: str, state: Path, *, partial: bool) -> "Rebuilt":
    """Find settings and servers, and rebuild."""
    from qppflow.cli.operations_rebuild import (  # noqa: PLC0415 - loads FastStream, slow
        rebuild_service,
        remembering,
    )
    from qppflow.runtime.logs import configure  # noqa: PLC0415 - loads structlog, slow

    with ExitStack() as held:
        one = remembering(service, _values(service, state, held))
        # What parks is logged again; unconfigured, that would go among our output.
        configure(f"rebuild {service}")
        meter = held.enter_context(Meter(f"rebuilding {service}"))
        return asyncio.run(rebuild_service(one, meter, partial=partial))


def _values(service: str, state: Path, held: ExitStack) -> dict[str, Any]:
    """Give the settings of this machine's stream; none where the environment rules.

    Raises:
        StopServiceError: the service runs here.
        LocalError: the broker could not be started.
    """
    if KEY_VARIABLE in os.environ:
        return {}
    told = read_status(state)
    for child in told.children if told is not None and told.alive else ():
        if service in services_of(child.name):
            msg = f"{service} runs here"
            raise StopServiceError(msg, "qppflow down first")
    config = remembered(state)
    if config.bootstrap_servers is None and read_note(state.absolute()) is None:
        msg = f"no stream was ever started in {state}"
        raise StopServiceError(msg, "qppflow up first")
    servers = held.enter_context(Stack(config, teller()).serving())
    variables = service_variables(config, *servers)
    return {
        name.removeprefix(PREFIX).lower(): value for name, value in variables.items()
    }


def _tell(rebuilt: "Rebuilt", *, as_json: bool) -> None:
    since = {
        f"{place.topic}/{place.partition}": None if time is None else timestamp(time)
        for place, time in sorted(rebuilt.cut.items())
    }
    if as_json:
        print_json({
            "ok": True,
            "service": rebuilt.service,
            "records": rebuilt.records,
            "states": rebuilt.states,
            "partitions": {
                f"{place.topic}/{place.partition}": one.records
                for place, one in sorted(rebuilt.read.items())
            },
            "remembersSince": since,
        })  # fmt: skip
        return
    states, records = rebuilt.states, rebuilt.records
    out().print(
        f"Rebuilt {rebuilt.service}: {states} states of {records} records.",
        style="green",
    )
    for place, time in since.items():
        told = "nothing" if time is None else f"since {time}"
        out().print(f"{place} remembers {told}", style="yellow", markup=False)
    if since:
        out().print("What came before is deleted, and forgotten.", style="yellow")
