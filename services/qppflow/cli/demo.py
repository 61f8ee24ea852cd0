"""`qppflow demo`: the whole stream on this computer, seen by a newcomer."""

import asyncio
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from secrets import token_hex
from typing import Annotated, Final

import typer

from qppflow.cli.documents import UnreadableError
from qppflow.cli.exits import Exit
from qppflow.cli.terminal import complain, err, out, print_json
from qppflow.demo.folder import documents_in
from qppflow.demo.live import View
from qppflow.demo.messages import Message
from qppflow.demo.play import Outcome, StalledError, play
from qppflow.demo.population import population
from qppflow.demo.report import show_outcome, summary
from qppflow.demo.years import years_to_play
from qppflow.local import stack_note
from qppflow.local.errors import LocalError
from qppflow.local.stack import Stack
from qppflow.local.stack_plan import StackConfig
from qppflow.local.status import read_status
from qppflow.runtime.clock import SystemClock
from qppflow.runtime.faults import BrokerError

DEFAULT_STATE: Final = Path(".qppflow/demo")
# What a folder must hold to be deleted: others have such a note, or such a folder.
NOTE: Final = ".gitignore"
IGNORE_ALL: Final = b"*\n"
MADE_BY_A_STACK: Final = frozenset({"kafka", stack_note.FILE})

Size = Annotated[
    int, typer.Option(min=1, metavar="N", help="How many reporting entities.")
]
Seed = Annotated[
    int, typer.Option(metavar="N", help="Another seed, another population.")
]
Input = Annotated[
    Path | None,
    typer.Option(
        "--input",
        metavar="DIR",
        help="Stream the documents of this folder instead of a generated population.",
        show_default=False,
    ),
]
Processes = Annotated[
    int, typer.Option(min=1, metavar="N", help="Over how many processes services run.")
]
State = Annotated[Path, typer.Option(metavar="DIR", help="Where Kafka keeps its data.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")]


def demo(  # noqa: PLR0913 - each argument is an option of the command
    *,
    size: Size = 2000,
    seed: Seed = 1,
    documents: Input = None,
    processes: Processes = 2,
    state: State = DEFAULT_STATE,
    as_json: AsJson = False,
) -> None:
    """Stream a population through a real Kafka and show what comes of it.

    Starts Kafka (or uses QPPFLOW_BOOTSTRAP_SERVERS), creates the topics, starts
    the ten services, streams submissions and CMS feeds with realistic mistakes,
    late corrections, resends and undecipherable bytes, and then counts, by
    reading the topics, that received = accepted + rejected + parked. Ends by
    itself.

    Examples:
      qppflow demo

      qppflow demo --input outbox/ --json
    """
    console = err()
    years = years_to_play()
    config = replace(StackConfig.of_environment(state), processes=processes)
    if config.bootstrap_servers and not config.topic_prefix:
        # Elsewhere's Kafka keeps its topics; each run has some of its own.
        config = replace(config, topic_prefix=f"demo-{token_hex(4)}-")
    try:
        messages = (
            population(size, seed, years)
            if documents is None
            else _of_folder(documents)
        )
        make_fresh(state)
        with Stack(config, lambda text: console.print(text, markup=False)) as stack:
            outcome = _played(stack.bootstrap_servers, messages, config.topic_prefix)
    except UnreadableError as error:
        complain(str(error))
        raise typer.Exit(Exit.USAGE) from None
    except (LocalError, BrokerError, StalledError) as error:
        complain(str(error))
        raise typer.Exit(Exit.UNREACHABLE) from None
    _tell(outcome, state, years, as_json=as_json)
    if not outcome.conservation.holds:
        raise typer.Exit(Exit.NOT_ACCEPTED)


def _of_folder(folder: Path) -> Iterator[Message]:
    """Read the first document at once: a wrong folder is told before Kafka starts."""
    found = documents_in(folder)
    return chain([next(found)], found)


def make_fresh(state: Path) -> None:
    """Forget the run before: what it sent would be taken for resends.

    Raises:
        LocalError: the folder is not one of ours, or its stream runs.
    """
    if not state.exists():
        return
    if not _is_ours(state):
        message = f"{state} is not a folder of this command; nothing was deleted"
        raise LocalError(message)
    status = read_status(state)
    if status is not None and status.alive:
        message = f"the stream of {state} runs: qppflow down --state {state}"
        raise LocalError(message)
    shutil.rmtree(state)


def _is_ours(state: Path) -> bool:
    """Say whether a folder is empty, or one that a stack has made.

    Its note to version control comes first; Kafka's data only with a Kafka of ours.
    """
    if not state.is_dir():
        return False
    found = {path.name for path in state.iterdir()}
    if not found:
        return True
    note = state / NOTE
    return (
        note.is_file()
        and note.read_bytes() == IGNORE_ALL
        and (found == {NOTE} or not found.isdisjoint(MADE_BY_A_STACK))
    )


def _played(
    bootstrap_servers: str, messages: Iterable[Message], prefix: str
) -> Outcome:
    """Play the messages and show how far they are."""
    with View(err()) as view:
        playing = play(bootstrap_servers, messages, SystemClock(), view.show, prefix)
        return asyncio.run(playing)


def _tell(
    outcome: Outcome, state: Path, years: Sequence[int], *, as_json: bool
) -> None:
    """Print what came of it, and how to go on."""
    if as_json:
        print_json(summary(outcome))
        return
    console = out()
    show_outcome(console, outcome)
    console.print("\nHow to go on:", style="bold")
    for line in (
        f"qppflow up --state {state}          keep the stream running",
        "qppflow submit FILE --source URI   send documents of your own",
        f"qppflow score FILE --explain       score a file ({years[0]}-{years[-1]})",
    ):
        console.print(f"  {line}", markup=False)
