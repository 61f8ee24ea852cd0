"""What the operator's commands share: options, addresses, and telling how far it is."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import orjson
import typer

from qppflow.cli.terminal import err
from qppflow.local.paths import STATE_FOLDER
from qppflow.local.say import Say
from qppflow.local.stack_note import SERVER, read_note
from qppflow.local.stack_plan import StackConfig

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON for programs.")]
StateFolder = Annotated[
    Path,
    typer.Option(
        "--state",
        metavar="DIR",
        envvar="QPPFLOW_STATE_FOLDER",
        file_okay=False,
        help="Where this machine's stream keeps data, keys and logs.",
    ),
]
DEFAULT_STATE = STATE_FOLDER


def teller() -> Say:
    """Give what tells how far a long step is: words for people, else JSON lines."""
    console = err()
    if console.is_terminal:
        return lambda text: console.print(text, style="dim", markup=False)
    return lambda text: tell_line({"progress": text})


def tell_line(value: dict[str, object]) -> None:
    """Write one JSON line on standard error."""
    sys.stderr.write(orjson.dumps(value).decode() + "\n")
    sys.stderr.flush()


def remembered(state: Path) -> StackConfig:
    """Give the choices of the state folder's last start; the environment wins."""
    config = StackConfig.of_environment(state)
    note = read_note(state.absolute())
    if note is None:
        return config
    return replace(
        config,
        processes=note.processes,
        postgres=note.store == SERVER and config.store_url is None,
        topic_prefix=config.topic_prefix or note.topic_prefix,
    )
