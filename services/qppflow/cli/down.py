"""`qppflow down`: stop what `qppflow up` left running."""

import typer

from qppflow.cli.exits import Exit
from qppflow.cli.operations import DEFAULT_STATE, AsJson, StateFolder
from qppflow.cli.terminal import complain, out, print_json
from qppflow.local.errors import NotRunningError
from qppflow.local.stack import Stack
from qppflow.local.stack_plan import StackConfig


def down(state: StateFolder = DEFAULT_STATE, *, as_json: AsJson = False) -> None:
    """Stop the services, then database and Kafka. All data stay for the next up.

    Services finish the batch at hand first. Where nothing runs, nothing happens.
    Exit code 1 means that something had to be killed.

    Example: qppflow down
    """
    ran, in_order = True, True
    try:
        in_order = Stack(StackConfig(state, detach=True)).stop()
    except NotRunningError:
        ran = False
    if as_json:
        print_json({"ok": in_order, "ran": ran})
    elif not in_order:
        complain("Down, but something did not end in time and was killed.")
    else:
        out().print("Down." if ran else "Nothing runs.", style="green")
    if not in_order:
        raise typer.Exit(Exit.NOT_ACCEPTED)
