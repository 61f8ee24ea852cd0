"""`qppflow status`: who lives, what is left to do, and what was parked."""

import typer

from qppflow.cli.exits import Exit
from qppflow.cli.operations import DEFAULT_STATE, AsJson, StateFolder
from qppflow.cli.operations_status import show_status, status_json
from qppflow.cli.terminal import out, print_json
from qppflow.local.stack import Stack
from qppflow.local.stack_plan import StackConfig

EPILOG = "Exit codes: 0 all is well; 1 something is not; 2 wrong usage; 4 nothing runs."


def status(state: StateFolder = DEFAULT_STATE, *, as_json: AsJson = False) -> None:
    """Show each service: process, records left, handled, parked, last progress.

    Lag counts the records that a service has not done yet. Handled and parked count
    since the process started. Last is how long ago it finished a record. The logs
    are in the state folder.

    Examples:
      qppflow status

      qppflow status --json | jq '.services[] | {name, lag}'
    """
    found = Stack(StackConfig.of_environment(state)).status()
    if as_json:
        print_json(status_json(found))
    else:
        show_status(out(), found)
    if not found.running:
        raise typer.Exit(Exit.UNREACHABLE)
    if not found.well:
        raise typer.Exit(Exit.NOT_ACCEPTED)
